"""Documents of both systems summed by month, status and currency, and what explains the difference.

The sums are taken over all documents of either side. What explains them is told apart, document by
document, from what each run found; what both leave over is unexplained, and must be nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from recon import money
from recon.shapes import Side

NAMES: Mapping[str, str] = {"invoice": "invoices", "supplier_cost": "costs"}
ZERO = Decimal()


@dataclass(frozen=True, slots=True)
class Sum:
    """So many documents, and what they come to: net in their own currency, VAT in the company's."""

    count: int = 0
    net: Decimal = ZERO
    vat: Decimal = ZERO

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.count + other.count, self.net + other.net, self.vat + other.vat)

    def __sub__(self, other: Sum) -> Sum:
        return Sum(self.count - other.count, self.net - other.net, self.vat - other.vat)


NOTHING = Sum()


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a document is summed."""

    month: str
    status: str
    currency: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of one side: where it is summed, and what it comes to."""

    side: Side
    key: str
    place: Place
    sum: Sum


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as a person knows it: its numbers in both systems, its customer or supplier, and
    its net amounts there (None where it is not)."""

    entity: str
    key: str
    side: Side
    severa_number: str = ""
    global_number: str = ""
    party: str = ""
    severa_net: Decimal | None = None
    global_net: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """What one document adds to the difference (Severa less Global), why, and what to do."""

    place: Place
    cause: str
    sum: Sum
    paper: Paper
    words: str
    todo: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One month, status and currency: both sides, and what explains their difference."""

    place: Place
    severa: Sum
    global_: Sum
    causes: Mapping[str, Sum] = field(default_factory=dict)

    @property
    def difference(self) -> Sum:
        return self.severa - self.global_

    @property
    def unexplained(self) -> Sum:
        """What is left of the difference once all that is named is taken off."""
        return self.difference - sum(self.causes.values(), NOTHING)


@dataclass(frozen=True, slots=True)
class Stage:
    """How far the money is: so many documents have come to this stage, in company currency with
    VAT."""

    name: str
    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Kind:
    """The documents of one entity."""

    entity: str
    groups: tuple[Group, ...]
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Documents:
    """All documents of a company, and how far their money is; `earlier` are the ledger lines that
    the cut-off of costs leaves out."""

    kinds: tuple[Kind, ...] = ()
    stages: tuple[Stage, ...] = ()
    currency: str = ""
    earlier: Sum = NOTHING

    @property
    def unexplained(self) -> dict[str, Decimal]:
        """What is unexplained by currency. Groups do not settle each other: sizes are added."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for group in (group for kind in self.kinds for group in kind.groups):
            found[group.place.currency] += abs(group.unexplained.net)
        return dict(sorted(found.items()))

    @property
    def unexplained_vat(self) -> Decimal:
        """The same for VAT, which is in company currency throughout."""
        groups = (group for kind in self.kinds for group in kind.groups)
        return sum((abs(group.unexplained.vat) for group in groups), ZERO)

    @property
    def adds_up(self) -> bool:
        """Whether nothing is unexplained: neither amounts nor how many there are."""
        groups = (group for kind in self.kinds for group in kind.groups)
        return all(group.unexplained == NOTHING for group in groups)

    def to_look_at(self, most: int) -> list[Cause]:
        """One cause per document that needs a person, those with most money first."""
        found: dict[tuple[str, str], Cause] = {}
        for cause in (cause for kind in self.kinds for cause in kind.causes if cause.person):
            found.setdefault((cause.paper.entity, cause.paper.key), cause)
        return sorted(found.values(), key=_money, reverse=True)[:most]


NO_DOCUMENTS = Documents()


def _money(cause: Cause) -> Decimal:
    paper = cause.paper
    return max(abs(paper.severa_net or ZERO), abs(paper.global_net or ZERO), abs(cause.sum.net))


def grouped(entity: str, entries: Iterable[Entry], causes: Sequence[Cause]) -> Kind:
    """Entries summed by side, causes by their name, each where it belongs."""
    sums: dict[Place, dict[Side, Sum]] = defaultdict(dict)
    for entry in entries:
        sides = sums[entry.place]
        sides[entry.side] = sides.get(entry.side, NOTHING) + entry.sum
    named: dict[Place, dict[str, Sum]] = defaultdict(dict)
    for cause in causes:
        found = named[cause.place]
        found[cause.cause] = found.get(cause.cause, NOTHING) + cause.sum
    groups = (
        Group(
            place,
            sums[place].get("severa", NOTHING),
            sums[place].get("global", NOTHING),
            named[place],
        )
        for place in sorted({*sums, *named})
    )
    return Kind(entity, tuple(groups), tuple(sorted(causes, key=_order)))


def _order(cause: Cause) -> tuple[Any, ...]:
    return (cause.place, cause.cause, -abs(cause.sum.net), cause.paper.key)


# --- for programs ---------------------------------------------------------------------------------


def block(found: Documents) -> dict[str, Any]:
    """The part `documents` of the JSON document: amounts as text with their currency's digits."""
    kinds = {kind.entity: kind for kind in found.kinds}
    return {
        **{
            name: [_group(entity, group, found.currency) for group in kinds[entity].groups]
            if entity in kinds
            else []
            for entity, name in NAMES.items()
        },
        "unexplained": {name: text(net, name) for name, net in found.unexplained.items()},
        "unexplained_vat": text(found.unexplained_vat, found.currency),
        "flow": [
            {"stage": s.name, "count": s.count, "amount": text(s.amount, found.currency)}
            for s in found.stages
        ],
        "costs_before_cut_off": {
            "count": found.earlier.count,
            "net": text(found.earlier.net, found.currency),
        },
        "currency": found.currency,
    }


def _group(entity: str, group: Group, home: str) -> dict[str, Any]:
    """Costs have neither status nor VAT."""
    place, whole = group.place, entity == "invoice"

    def said(sum_: Sum) -> dict[str, Any]:
        vat = {"vat": text(sum_.vat, home)} if whole else {}
        return {"count": sum_.count, "net": text(sum_.net, place.currency), **vat}

    return {
        "month": place.month,
        **({"status": place.status} if whole else {}),
        "currency": place.currency,
        "severa": said(group.severa),
        "global": said(group.global_),
        "difference": said(group.difference),
        "causes": [{"cause": name, **said(sum_)} for name, sum_ in group.causes.items()],
        "unexplained": text(group.unexplained.net, place.currency),
    }


def text(amount: Decimal, currency: str) -> str:
    """An amount with its currency's digits; more where it has more, for nothing is hidden."""
    places = money.digits(currency)
    exact = money.rounded(amount, places)
    return format(exact if exact == amount else amount, "f")
