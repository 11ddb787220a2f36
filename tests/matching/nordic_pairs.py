"""A made-up Nordic company register twice over, with what goes wrong in two systems, and the truth.

The world has what makes matching hard: one name in several towns, chains with departments,
companies of one owner at one address with neighbouring organisation numbers, office hotels,
accountants whose e-mail and telephone stand at all their clients. What happens to a record on the
way into a system is drawn by `Rates`; names alone do not tell the pairs apart.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from recon.sandbox.nordic_lands import DENMARK, FINLAND, NORWAY, SWEDEN, Land
from recon.text import valid_organisation_number

Row = dict[str, str | None]
LANDS = (NORWAY, SWEDEN, DENMARK, FINLAND)
SHARES = (60, 20, 12, 8)
STARTS = (
    "Ha Be Jo Ni Ol Kri Lar Pe An So Hal Berg Lund Mo Dahl Hau Ei Stran Nor Vest Sol Åk Bjør Sjø"
    " Grøn Hol Ly Ravn Tor Ul Vik Øst Skog Elv Fjell Hav Kal Mel Ras Sand Tveit Var Ånes"
).split()
ENDS = (
    "nsen rgsen hansson lsen stad by vik heim dal lund berg gren ström qvist nes rud mo holm gård"
    " haug nen la lainen inen sson land set moen li bakk"
).split()
GROUPS = ("Holding", "Eiendom", "Invest", "Drift", "Service", "Montasje", "Utleie")
BRANDS = (
    "Maxi Byggo Fri Nordi Elka Rema Spar Kiwa Joka Bunn Bilte Clas Power Jula Plant Møb".split(),
    "pris x mart land hus torget varehuset".split(),
)
ALIASES = {"Rør": "Rørleggeri", "Bygg": "Byggservice", "Data": "IT", "Regnskap": "Økonomi"}


@dataclass(frozen=True)
class Rates:
    """How often each thing happens to a record on its way into a system (0 to 1)."""

    form: float = 0.25
    spelling: float = 0.15
    typing: float = 0.08
    shortened: float = 0.08
    turned: float = 0.03
    department: float = 0.06
    glued: float = 0.03
    renamed: float = 0.01
    moved: float = 0.08
    no_organisation: float = 0.3
    wrong_digit: float = 0.02
    no_phone: float = 0.3
    other_phone: float = 0.12
    no_email: float = 0.35
    other_email: float = 0.15
    no_address: float = 0.1


TUNING = Rates()
TEST = Rates(
    form=0.35,
    spelling=0.25,
    typing=0.06,
    shortened=0.05,
    turned=0.05,
    department=0.1,
    glued=0.06,
    renamed=0.008,
    moved=0.1,
    no_organisation=0.25,
    wrong_digit=0.03,
    no_phone=0.35,
    other_phone=0.1,
    no_email=0.3,
    other_email=0.2,
    no_address=0.12,
)


HARD = Rates(
    form=0.35,
    spelling=0.2,
    typing=0.1,
    shortened=0.06,
    turned=0.05,
    department=0.08,
    glued=0.04,
    renamed=0.015,
    moved=0.1,
    no_organisation=0.35,
    wrong_digit=0.03,
    no_phone=0.25,
    other_phone=0.15,
    no_email=0.3,
    other_email=0.2,
    no_address=0.08,
)
"""The first test rates, nearly all above the tuning ones; TEST took their place."""


@dataclass(frozen=True)
class Firm:
    """A company as it really is."""

    core: str
    form: str
    land: Land
    organisation: tuple[int, int]
    domain: str
    mailbox: str
    phone: str
    street: str
    place: tuple[str, str]


@dataclass(frozen=True)
class Pairs:
    """Two tables and which rows are the same company."""

    left: list[Row]
    right: list[Row]
    truth: set[tuple[str, str]]


def make(seed: int, size: int, rates: Rates, overlap: float = 0.4) -> Pairs:
    """Two systems of `size` companies of which `overlap` are in both."""
    rng = random.Random(seed)
    both = round(size * overlap)
    firms = _world(rng, 2 * size - both)
    rng.shuffle(firms)
    ours, theirs = firms[:size], firms[size - both :]
    first = [_row(rng, firm, rates, f"L{at}") for at, firm in enumerate(ours)]
    second = [_row(rng, firm, rates, f"R{at}") for at, firm in enumerate(theirs)]
    truth = {(f"L{size - both + at}", f"R{at}") for at in range(both)}
    for at in range(both):
        if rng.random() < 0.25:
            second[at]["number"] = first[size - both + at]["number"]
    rng.shuffle(first)
    rng.shuffle(second)
    return Pairs(first, second, truth)


# --- the world --------------------------------------------------------------------------------


def _world(rng: random.Random, size: int) -> list[Firm]:
    firms: list[Firm] = []
    makers: tuple[tuple[Callable[[random.Random, list[Firm]], list[Firm]], int], ...] = (
        (_alone, 66),
        (_chain, 3),
        (_group, 5),
        (_namesake, 8),
        (_neighbour, 8),
        (_client, 5),
    )
    names, weights = zip(*makers, strict=True)
    known: set[tuple[str, str]] = set()
    while len(firms) < size:
        for firm in rng.choices(names, weights)[0](rng, firms):
            spot = (firm.core, firm.place[1])
            if spot not in known:  # a register takes no name twice in one town
                known.add(spot)
                firms.append(firm)
    return firms[:size]


def _alone(rng: random.Random, _firms: list[Firm]) -> list[Firm]:
    return [_firm(rng)]


def _firm(rng: random.Random, land: Land | None = None) -> Firm:
    land = land or rng.choices(LANDS, SHARES)[0]
    place, family, trade = rng.choice(land.places), _family(rng), rng.choice(land.trades)
    core = rng.choices(
        (f"{family} {trade}", f"{family} & {_family(rng)} {trade}", f"{place[1].title()} {trade}")
        + (f"{family}", f"{rng.choice(STARTS)}{trade.lower()}", f"{family} og Sønn"),
        (45, 12, 10, 12, 15, 6),
    )[0]
    forms, weights = zip(*land.forms, strict=True)
    return Firm(
        core,
        rng.choices(forms, weights)[0],
        land,
        (rng.randrange(10**6, 10**7), 0),
        _domain(rng, core, land),
        rng.choice(("post", "firmapost", "info", "faktura", "kontakt")),
        _phone(rng, land),
        f"{rng.choice(land.streets)} {rng.randrange(1, 90)}{rng.choice(('', '', '', 'A', 'B'))}",
        place,
    )


def _family(rng: random.Random) -> str:
    return rng.choice(STARTS) + rng.choice(ENDS)


def _domain(rng: random.Random, core: str, land: Land) -> str:
    plain = core.lower().translate(str.maketrans("æøåä", "aoaa"))
    bare = re.sub(r"[^a-z0-9]", "", plain.replace("ö", "o"))
    return f"{bare}{rng.randrange(1000)}.{land.code.lower()}"


def _phone(rng: random.Random, land: Land) -> str:
    return land.phone.split(" ")[0] + f"{rng.randrange(10**7, 10**8)}"


def _chain(rng: random.Random, _firms: list[Firm]) -> list[Firm]:
    """Departments of one brand: one domain, organisation numbers side by side, own places."""
    head = _firm(rng)
    names = "".join(rng.choice(part) for part in BRANDS), _family(rng)
    brand = rng.choice((*names, f"{names[1]} {rng.choice(head.land.trades)}"))
    head = replace(head, core=brand, domain=_domain(rng, brand, head.land))
    found = []
    towns = list({town: (code, town) for code, town in head.land.places}.values())
    for at, place in enumerate(rng.sample(towns, rng.randrange(3, 9))):
        here, town = replace(_firm(rng, head.land), place=place), place[1].title()
        core = f"{brand} {rng.choice((town, town, f'avd {town}', f'avd {100 + at}'))}"
        mailbox = rng.choice((head.mailbox, town.lower().replace(" ", "")))
        one = replace(here, core=core, form=head.form, organisation=(head.organisation[0], at))
        found.append(replace(one, domain=head.domain, mailbox=mailbox))
    return found


def _group(rng: random.Random, _firms: list[Firm]) -> list[Firm]:
    """Companies of one owner: one address, often one telephone and mailbox."""
    head = _firm(rng)
    family = head.core.split(" ")[0]
    cores = [f"{family} {word}" for word in rng.sample(GROUPS, rng.randrange(2, 4))]
    found = [replace(head, core=core, organisation=(head.organisation[0], at))
             for at, core in enumerate((head.core, *cores))]  # fmt: skip
    return [one if rng.random() < 0.6 else replace(one, phone=_phone(rng, head.land))
            for one in found]  # fmt: skip


def _namesake(rng: random.Random, firms: list[Firm]) -> list[Firm]:
    """Another company of the same name in another town."""
    if not firms:
        return []
    like = rng.choice(firms)
    other = _firm(rng, like.land)
    return [replace(other, core=like.core, form=like.form)]


def _neighbour(rng: random.Random, firms: list[Firm]) -> list[Firm]:
    """Another company in the same house."""
    here = _firm(rng)
    there = [firm for firm in rng.sample(firms, min(20, len(firms))) if firm.land is here.land]
    return [replace(here, street=there[0].street, place=there[0].place) if there else here]


def _client(rng: random.Random, firms: list[Firm]) -> list[Firm]:
    """A company that gives its accountant's telephone and mailbox."""
    here = _firm(rng)
    if not firms:
        return [here]
    office = rng.choice(firms)
    return [replace(here, domain=office.domain, mailbox=office.mailbox, phone=office.phone)]


# --- what happens on the way into a system ----------------------------------------------------


def _row(rng: random.Random, firm: Firm, rates: Rates, key: str) -> Row:
    def hit(rate: float) -> bool:
        return rng.random() < rate

    if hit(rates.moved):
        other = _firm(rng, firm.land)
        near = rng.random() < 0.5
        firm = replace(firm, street=other.street, place=firm.place if near else other.place)
    street, place = (None, (None, None)) if hit(rates.no_address) else (firm.street, firm.place)
    name = _name(rng, firm, rates)
    if street and hit(rates.glued):
        name = f"{name}{rng.choice((', ', ' '))}{street}{rng.choice((', ', ' '))}{' '.join(place)}"  # type: ignore[arg-type]
        street, place = None, (None, None)
    return {
        "id": key,
        "name": name,
        "number": str(rng.randrange(10000, 99999)),
        "organisation_number": None if hit(rates.no_organisation) else _number(rng, firm, rates),
        "email": None if hit(rates.no_email) else _email(rng, firm, rates),
        "phone": None if hit(rates.no_phone) else _called(rng, firm, rates),
        "street": _street(rng, street),
        "postcode": place[0],
        "city": place[1],
        "country": firm.land.code if hit(0.9) else None,
    }


def _name(rng: random.Random, firm: Firm, rates: Rates) -> str:
    core, form = firm.core, firm.form
    if rng.random() < rates.renamed:
        core = f"{_family(rng)} {rng.choice(firm.land.trades)}"
    words = core.split(" ")
    if rng.random() < rates.turned and len(words) > 1:
        words = words[1:] + words[:1]
    if rng.random() < rates.shortened:
        at = rng.randrange(len(words))
        words[at] = f"{words[at][: rng.randrange(3, 6)]}." if len(words[at]) > 6 else words[at]
    elif rng.random() < rates.shortened / 2:
        words = [ALIASES.get(word, word) for word in words]
    if rng.random() < rates.typing:
        words = typed(rng, " ".join(words)).split(" ")
    name = " ".join(words)
    if rng.random() < rates.spelling:
        name = spelled(rng, name)
    if rng.random() < rates.form:
        form = rng.choice(("", "", form.lower(), ".".join(form) + "." if form else ""))
    if rng.random() < rates.department:
        form += rng.choice((" avd prosjekt", " - Faktura", " v/regnskap", " Region Nord"))
    return f"{name} {form}".strip()


def spelled(rng: random.Random, text: str) -> str:
    """Another way of writing the same: capitals, æøå spelled out or lost, the word for 'and'."""
    way = rng.randrange(4)
    if way == 0:
        return text.upper()
    if way == 1:
        spelt = {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "Ø": "Oe", "Å": "Aa"}
        return "".join(spelt.get(letter, letter) for letter in text)
    if way == 2:
        return text.translate(str.maketrans("æøåäöØÅÄÖ", "aoaaoOAAO"))
    return text.replace("&", "og") if "&" in text else text.replace(" og ", " & ")


def typed(rng: random.Random, text: str) -> str:
    """One slip of the finger: a letter dropped, doubled, replaced or swapped with the next."""
    at = rng.randrange(1, max(2, len(text) - 1))
    way = rng.randrange(4)
    if way == 0:
        return text[:at] + text[at + 1 :]
    if way == 1:
        return text[:at] + text[at] + text[at:]
    if way == 2:
        return text[:at] + rng.choice("aeiorstnl") + text[at + 1 :]
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _number(rng: random.Random, firm: Firm, rates: Rates) -> str:
    bare = _valid(*firm.organisation, firm.land.code)
    if rng.random() < rates.wrong_digit:
        at = rng.randrange(len(bare) - 1)
        bare = bare[:at] + bare[at : at + 2][::-1] + bare[at + 2 :]
    if firm.land.code == "NO":
        return rng.choice((bare, f"{bare[:3]} {bare[3:6]} {bare[6:]}", f"NO{bare}MVA"))
    return bare


@cache
def _valid(start: int, at: int, land: str) -> str:
    """The `at`th number with a right check digit from a start on."""
    length = {"NO": 8, "SE": 9, "DK": 7, "FI": 7}[land]
    numbers = (
        bare + digit
        for base in range(start, start + 100)
        for digit in "0123456789"
        if valid_organisation_number((bare := str(base).rjust(length, "9")) + digit, land)
    )
    return next(islice(numbers, at, None))


def _email(rng: random.Random, firm: Firm, rates: Rates) -> str:
    if rng.random() < rates.other_email:
        person = f"{rng.choice(STARTS)}.{rng.choice(ENDS)}".lower()
        return f"{person}@{rng.choice((firm.domain, firm.domain, 'gmail.com', 'online.no'))}"
    return f"{firm.mailbox}@{firm.domain}"


def _called(rng: random.Random, firm: Firm, rates: Rates) -> str:
    number = _phone(rng, firm.land) if rng.random() < rates.other_phone else firm.phone
    bare = number.lstrip("+")[2:] if firm.land.code == "NO" else number
    return rng.choice((number, bare, " ".join(re.findall("..?", bare))))


def _street(rng: random.Random, street: str | None) -> str | None:
    if street is None or rng.random() > 0.25:
        return street
    short = (("gata", "gt."), ("gata", "gaten"), ("veien", "vn."), ("veien", "vegen"))
    old, new = rng.choice((*short, ("gatan", "g."), ("vägen", "v.")))
    return street.replace(old, new)
