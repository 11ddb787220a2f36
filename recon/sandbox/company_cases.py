"""Which customers there are, on which side, and what is wrong with them.

A case is one situation that integrations meet; `SHARES` says how many per thousand customers
of one side it makes up. What no case takes is filled with customers that do not transfer.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from recon.sandbox.company_dirt import blurred, misspelt, untidy, wrong_number
from recon.sandbox.company_guids import Guids
from recon.sandbox.nordic import Firm, Register

Stage = Literal["won", "billing", "lead"]
COMPANIES, PUBLIC, PRIVATE, GROUP, ONCE = 1, 2, 3, 4, 5
TRANSFERRING = (COMPANIES, PUBLIC)
OWN_NAME = "Prøvefjord Rådgivning AS"


@dataclass(frozen=True, slots=True)
class GlobalCustomer:
    """A customer as Global holds it; `linked` if its contacts and addresses carry guids, too."""

    firm: Firm
    number: int
    guid: str = ""
    type_no: int = COMPANIES
    active: bool = True
    locked: bool = False
    blocked: bool = False
    merged_to: int = 0
    linked: bool = False


@dataclass(frozen=True, slots=True)
class SeveraCustomer:
    """A customer as Severa holds it; `stage` says what projects it has."""

    firm: Firm
    guid: str
    number: int | None
    stage: Stage = "lead"
    active: bool = True
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """The truth: this Global record and this Severa record are the same thing, as in `case`."""

    entity: str
    global_key: str
    severa_guid: str
    case: str


class Cast:
    """Collects the customers of both sides and deals out their numbers."""

    def __init__(self, register: Register, rng: random.Random, guids: Guids, base: int) -> None:
        self.register, self.rng, self.guids, self.base = register, rng, guids, base
        self.global_side: list[GlobalCustomer] = []
        self.severa_side: list[SeveraCustomer] = []
        self.pairs: list[Pair] = []
        self.conversions: list[tuple[str, str]] = []
        self._last_global, self._last_severa = base, base * 5
        self._outside = base * 5

    def global_number(self) -> int:
        """The next number of Global's series, with gaps."""
        self._last_global += self._gap()
        return self._last_global

    def severa_number(self) -> int:
        """The next number of Severa's range, with gaps."""
        self._last_severa += self._gap()
        return self._last_severa

    def outside_number(self) -> int:
        """A free number at the far end of Global's range."""
        self._outside -= 1
        return self._outside

    def in_global(self, firm: Firm, number: int | None = None, **more: Any) -> int:
        """Put a customer into Global; its number comes back."""
        customer = GlobalCustomer(firm, number or self.global_number(), **more)
        self.global_side.append(customer)
        return customer.number

    def in_severa(self, firm: Firm, number: int | None, **more: Any) -> str:
        """Put a customer into Severa; its guid comes back."""
        guid = self.guids.new(f"customer/{len(self.severa_side)}")
        self.severa_side.append(SeveraCustomer(firm, guid, number, **more))
        return guid

    def pair(self, case: str, number: int, guid: str) -> None:
        """Note that both are the same customer."""
        self.pairs.append(Pair("customer", str(number), guid, case))

    def stage(self) -> Stage:
        """A customer that both systems have: a fifth of them have a won project."""
        return "won" if self.rng.random() < 0.2 else "lead"

    def views(self) -> tuple[Firm, Firm]:
        """A new firm as Global and as Severa hold it: mostly alike, sometimes not."""
        firm = self.register.firm()
        drawn = self.rng.random()
        if drawn < 0.18:
            return blurred(firm, self.rng), firm
        return (firm, blurred(firm, self.rng)) if drawn < 0.34 else (firm, firm)

    def _gap(self) -> int:
        return self.rng.choices((1, 2, 3, 7), (85, 6, 5, 4))[0]


# --- in both systems --------------------------------------------------------------------------


def equal(cast: Cast) -> None:
    """Number and name agree."""
    ours, theirs = cast.views()
    active = cast.rng.random() > 0.05
    number = cast.in_global(ours, active=active)
    cast.pair("equal", number, cast.in_severa(theirs, number, stage=cast.stage(), active=active))


def untidy_name(cast: Cast) -> None:
    """The number agrees, the name does once it is tidied up."""
    ours, theirs = cast.views()
    if cast.rng.random() < 0.5:
        ours = replace(ours, name=untidy(ours.name, cast.rng))
    else:
        theirs = replace(theirs, name=untidy(theirs.name, cast.rng))
    number = cast.in_global(ours)
    cast.pair("untidy_name", number, cast.in_severa(theirs, number, stage=cast.stage()))


def guid_right(cast: Cast) -> None:
    """Global's SeveraGUID points to it; number and name agree."""
    _known(cast, "guid_right")


def guid_renumbered(cast: Cast) -> None:
    """Global's SeveraGUID points to it; Severa's number was changed afterwards."""
    _known(cast, "guid_renumbered")


def guid_old(cast: Cast) -> None:
    """Global's SeveraGUID is one of the older API."""
    _known(cast, "guid_old")


def _known(cast: Cast, case: str) -> None:
    ours, theirs = cast.views()
    number = cast.global_number()
    other = cast.severa_number() if case == "guid_renumbered" else number
    guid = cast.in_severa(theirs, other, stage=cast.stage())
    held = cast.guids.new(f"old/{guid}") if case == "guid_old" else guid
    if held != guid:
        cast.conversions.append((held, guid))
    cast.in_global(ours, number, guid=held)
    cast.pair(case, number, guid)


def misspelt_name(cast: Cast) -> None:
    """The number agrees, the name is spelled differently."""
    ours, theirs = cast.views()
    number = cast.in_global(replace(ours, name=misspelt(ours.name, cast.rng)))
    cast.pair("misspelt_name", number, cast.in_severa(theirs, number, stage=cast.stage()))


def other_number(cast: Cast) -> None:
    """The name agrees, Severa gave a number of its own."""
    ours, theirs = cast.views()
    number = cast.in_global(ours)
    guid = cast.in_severa(theirs, cast.severa_number(), stage=cast.stage())
    cast.pair("other_number", number, guid)


def misspelt_and_renumbered(cast: Cast) -> None:
    """Neither name nor number agree; organisation number or e-mail may."""
    ours, theirs = cast.views()
    number = cast.in_global(ours)
    theirs = replace(theirs, name=misspelt(theirs.name, cast.rng))
    guid = cast.in_severa(theirs, cast.severa_number(), stage=cast.stage())
    cast.pair("misspelt_and_renumbered", number, guid)


def merged(cast: Cast) -> None:
    """Global merged the linked customer into another one."""
    ours, theirs = cast.views()
    kept = cast.in_global(ours)
    guid = cast.in_severa(theirs, cast.severa_number(), stage=cast.stage())
    old = replace(ours, name=misspelt(ours.name, cast.rng), people=())
    cast.in_global(old, guid=guid, active=False, merged_to=kept)
    cast.pair("merged", kept, guid)


def guid_twice(cast: Cast) -> None:
    """Two Global rows carry one SeveraGUID."""
    ours, theirs = cast.views()
    number = cast.global_number()
    guid = cast.in_severa(theirs, number, stage=cast.stage())
    cast.in_global(ours, number, guid=guid)
    cast.in_global(replace(cast.register.firm(), people=()), guid=guid)
    cast.pair("guid_twice", number, guid)


def twice_in_global(cast: Cast) -> None:
    """Registered twice in Global."""
    ours, theirs = cast.views()
    number = cast.in_global(ours)
    cast.in_global(replace(ours, people=ours.people[:1], billing=None, visit=None))
    cast.pair("twice_in_global", number, cast.in_severa(theirs, number, stage=cast.stage()))


def twice_in_severa(cast: Cast) -> None:
    """Registered twice in Severa."""
    ours, theirs = cast.views()
    number = cast.in_global(ours)
    cast.pair("twice_in_severa", number, cast.in_severa(theirs, number, stage=cast.stage()))
    cast.in_severa(replace(theirs, people=()), cast.severa_number())


# --- in one system ----------------------------------------------------------------------------


def number_clash(cast: Cast) -> None:
    """Two truly different companies with one number."""
    number = cast.in_global(cast.register.firm())
    cast.in_severa(cast.register.firm(), number, stage=cast.stage())


def guid_stale(cast: Cast) -> None:
    """Global's SeveraGUID points to nothing."""
    cast.in_global(cast.register.firm(), guid=cast.guids.new(f"stale/{len(cast.global_side)}"))


def locked(cast: Cast) -> None:
    """Locked or credit-blocked in Global."""
    is_locked = cast.rng.random() < 0.5
    cast.in_global(cast.register.firm(), locked=is_locked, blocked=not is_locked)


def only_global(cast: Cast) -> None:
    """Active and of a type that transfers; some with a wrong organisation number."""
    if cast.rng.random() < 0.15:
        cast.in_global(cast.register.town(), type_no=PUBLIC)
        return
    firm = cast.register.firm()
    cast.in_global(wrong_number(firm, cast.rng) if cast.rng.random() < 0.04 else firm)


def only_severa_won(cast: Cast) -> None:
    """Has a won project; numbered by Severa."""
    cast.in_severa(cast.register.firm(), cast.severa_number(), stage="won")


def won_in_our_range(cast: Cast) -> None:
    """Has a won project, but a number inside Global's range."""
    cast.in_severa(cast.register.firm(), cast.outside_number(), stage="won")


def won_without_number(cast: Cast) -> None:
    """Has a won project, but no number."""
    cast.in_severa(cast.register.firm(), None, stage="won")


def only_billed(cast: Cast) -> None:
    """Billing customer of somebody else's won project."""
    cast.in_severa(cast.register.firm(), cast.severa_number(), stage="billing")


def unmoved(cast: Cast) -> None:
    """In Global and not to transfer: inactive, private, of our own group, or bought once."""
    kind = cast.rng.choices((COMPANIES, PRIVATE, GROUP, ONCE), (30, 50, 5, 15))[0]
    register = cast.register
    if kind == COMPANIES:
        cast.in_global(register.firm(), active=False)
    elif kind == ONCE:
        cast.in_global(replace(register.firm(), people=()), type_no=ONCE)
    else:
        firm = register.private() if kind == PRIVATE else register.sister(OWN_NAME)
        cast.in_global(firm, type_no=kind)


def lead(cast: Cast) -> None:
    """In Severa without a won project; the first of them stands for the company itself."""
    internal = not any(customer.internal for customer in cast.severa_side)
    active, firm = cast.rng.random() > 0.12 or internal, cast.register.firm()
    firm = replace(firm, name=OWN_NAME, organisation="") if internal else firm
    cast.in_severa(firm, cast.severa_number(), active=active, internal=internal)


# Per thousand customers of one side: the case, its share, rows in Global, rows in Severa.
SHARES: tuple[tuple[Callable[[Cast], None], int, int, int], ...] = (
    (equal, 165, 1, 1),
    (untidy_name, 30, 1, 1),
    (guid_right, 35, 1, 1),
    (guid_renumbered, 8, 1, 1),
    (guid_old, 3, 1, 1),
    (misspelt_name, 24, 1, 1),
    (other_number, 24, 1, 1),
    (misspelt_and_renumbered, 20, 1, 1),
    (merged, 6, 2, 1),
    (guid_twice, 3, 2, 1),
    (twice_in_global, 6, 2, 1),
    (twice_in_severa, 6, 1, 2),
    (number_clash, 9, 1, 1),
    (guid_stale, 6, 1, 0),
    (locked, 6, 1, 0),
    (only_global, 150, 1, 0),
    (only_severa_won, 100, 0, 1),
    (won_in_our_range, 9, 0, 1),
    (won_without_number, 3, 0, 1),
    (only_billed, 15, 0, 1),
)
SMALLEST_FULL = 60


def play(cast: Cast, size: int) -> None:
    """Let every case happen in mixed order until both sides hold `size` customers."""
    scenes = [case for case, count in counts(size) for _ in range(count)]
    cast.rng.shuffle(scenes)
    for scene in scenes:
        scene(cast)


def counts(size: int) -> list[tuple[Callable[[Cast], None], int]]:
    """How often each case happens; from `SMALLEST_FULL` on each at least once."""
    least = 1 if size >= SMALLEST_FULL else 0
    rows = [(case, max(least, round(size * share / 1000)), g, s) for case, share, g, s in SHARES]
    ours = size - sum(count * g for _, count, g, _ in rows)
    theirs = size - sum(count * s for _, count, _, s in rows)
    return [(case, count) for case, count, _, _ in rows] + [(unmoved, ours), (lead, theirs)]
