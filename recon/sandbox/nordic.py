"""Names, addresses and numbers of a Nordic business register that does not exist.

Everything is drawn from one seeded `random.Random`; the same seed gives the same register in
every process. Family and first names come from Faker, once, into pools.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from recon.sandbox.nordic_lands import (
    ABROAD_FAMILIES,
    ABROAD_FIRST,
    LANDS,
    NATURE,
    NORWAY,
    OFFICES,
    TITLES,
    TOWNS,
    Land,
)
from recon.sandbox.nordic_numbers import organisation, phone

if TYPE_CHECKING:
    from faker import Faker

POOL = 400
FOLDS = str.maketrans({"æ": "ae", "ø": "o", "ß": "ss", "&": " og "})
LONG = re.compile(r"aa|ae|oe|ue")


@dataclass(frozen=True, slots=True)
class Person:
    """A contact person; `label` tells two people of one company apart."""

    label: str
    first: str
    last: str
    title: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    active: bool = True

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip()


@dataclass(frozen=True, slots=True)
class Place:
    """A postal place; `lines` are street, box or c/o lines; `country` an ISO code."""

    lines: tuple[str, ...]
    postcode: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Firm:
    """A customer as it truly is; `days` is the payment term, `organisation` without prefix."""

    name: str
    land: Land = field(repr=False)
    organisation: str
    currency: str
    days: int
    postal: Place
    billing: Place | None = None
    visit: Place | None = None
    email: str = ""
    website: str = ""
    phone: str = ""
    e_address: str = ""
    e_operator: str = ""
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Pools:
    """Family and first names by country code."""

    families: dict[str, tuple[str, ...]]
    firsts: dict[str, tuple[str, ...]]


def pools(seed: int) -> Pools:
    """Pools of names for all lands, the same for the same seed."""
    families: dict[str, tuple[str, ...]] = {
        land.code: ABROAD_FAMILIES for land in LANDS if not land.locale
    }
    firsts: dict[str, tuple[str, ...]] = {
        land.code: ABROAD_FIRST for land in LANDS if not land.locale
    }
    for land in LANDS:
        if land.locale:
            faker = _faker(land, seed)
            families[land.code] = _distinct(faker.last_name() for _ in range(POOL))
            firsts[land.code] = _distinct(faker.first_name() for _ in range(POOL))
    return Pools(families, firsts)


def _faker(land: Land, seed: int) -> Faker:
    from faker import Faker

    faker = Faker(land.locale)
    faker.seed_instance(seed)
    return faker


def _distinct(names: Iterator[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


def slug(name: str) -> str:
    """A name as part of an e-mail address or a domain: a-z, digits and hyphens."""
    return _key(name)[:36].strip("-") or "firma"


def _same(name: str) -> str:
    """Equal for names that a person would take for the same: 'Aas' and 'Ås'."""
    return LONG.sub(lambda found: found[0][0], _key(name))


def _key(name: str) -> str:
    folded = name.lower().translate(FOLDS)
    plain = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


class Register:
    """Draws firms, people and places; no two firms share a name."""

    def __init__(self, names: Pools, rng: random.Random) -> None:
        self.names, self.rng = names, rng
        self._taken: set[str] = set()

    def firm(self, land: Land | None = None) -> Firm:
        """A company of a land, or of one drawn by the lands' shares."""
        rng = self.rng
        land = land or rng.choices(LANDS, [each.share for each in LANDS])[0]
        name = f"{self._new(lambda: self._stem(land))} {self._form(land)}".strip()
        return self._complete(Firm(name, land, "", land.currency, 30, self.place(land)))

    def town(self) -> Firm:
        """A public body of a municipality that does not exist."""
        offices = ("kommune", "havnevesen", "kommunale bygg KF", "vann og avløp IKS", "skolekontor")
        name = self._new(lambda: f"{self.rng.choice(TOWNS)} {self.rng.choice(offices)}")
        return self._complete(Firm(name, NORWAY, "", "NOK", 30, self.place(NORWAY)))

    def private(self) -> Firm:
        """A private person as a customer: no organisation number, no contacts."""
        name = self._new(lambda: f"{self._first(NORWAY)} {self._family(NORWAY)}")
        email = f"{slug(name)}@privat.example" if self.rng.random() < 0.6 else ""
        return Firm(name, NORWAY, "", "NOK", 14, self.place(NORWAY), email=email)

    def sister(self, own: str) -> Firm:
        """A company of our own group."""
        stem = own.removesuffix(" AS")
        kinds = ("Holding", "Eiendom", "Drift", "Sverige", "Danmark", "Utvikling", "Nord", "Sør")
        name = self._new(lambda: f"{stem} {self.rng.choice(kinds)} AS")
        return self._complete(Firm(name, NORWAY, "", "NOK", 30, self.place(NORWAY)))

    def person(self, land: Land, domain: str, label: str) -> Person:
        """A contact; some are an office with a name of one word, some lack e-mail or title."""
        rng = self.rng
        first, last = self._first(land), self._family(land)
        if rng.random() < 0.06:
            first, last = rng.choice(OFFICES), ""
        email = f"{slug(first)}.{slug(last)}@{domain}" if last else f"{slug(first)}@{domain}"
        return Person(
            label,
            first,
            last,
            rng.choice(TITLES) if last and rng.random() < 0.7 else "",
            self._contact_email(email, domain),
            phone(land.phone, rng) if rng.random() < 0.12 else "",
            phone(land.mobile, rng) if rng.random() < 0.25 else "",
            rng.random() > 0.05,
        )

    def own_name(self) -> tuple[str, str]:
        """First and last name of one of our own people."""
        return self._first(NORWAY), self._family(NORWAY)

    def place(self, land: Land) -> Place:
        """An address of a land, in one or two lines."""
        rng = self.rng
        postcode, city = rng.choice(land.places)
        street = f"{rng.choice(land.streets)} {rng.randint(1, 180)}{rng.choice(' ' * 9 + 'ABC')}"
        lines = [street.strip()]
        if rng.random() < 0.08:
            lines.insert(0, f"c/o {self._family(land)}")
        return Place(tuple(lines), postcode, city, land.code)

    def box(self, land: Land) -> Place:
        """A post-office box, as invoice addresses often are."""
        postcode, city = self.rng.choice(land.places)
        return Place((f"Postboks {self.rng.randint(10, 4990)}",), postcode, city, land.code)

    def _complete(self, firm: Firm) -> Firm:
        rng, land = self.rng, firm.land
        domain = f"{slug(firm.name)}.example"
        number = self._organisation(land)
        electronic = land.code == "NO" and rng.random() < 0.3
        return Firm(
            firm.name,
            land,
            number,
            self._currency(land),
            rng.choice((10, 14, 14, 20, 30, 30, 30, 30, 45, 60)),
            firm.postal,
            billing=self.box(land) if rng.random() < 0.1 else None,
            visit=self.place(land) if rng.random() < 0.1 else None,
            email=f"{rng.choice(('post', 'firmapost', 'faktura', 'info'))}@{domain}",
            website=f"www.{domain}" if rng.random() < 0.4 else "",
            phone=phone(land.phone, rng) if rng.random() < 0.8 else "",
            e_address=f"0192:{number}" if electronic else "",
            e_operator="PEPPOL" if electronic else "",
            people=self._people(land, domain),
        )

    def _people(self, land: Land, domain: str) -> tuple[Person, ...]:
        count = self.rng.choices((0, 1, 2, 3), (20, 42, 28, 10))[0]
        people = (self.person(land, domain, str(at)) for at in range(count))
        return tuple({person.name: person for person in people}.values())

    def _contact_email(self, email: str, domain: str) -> str:
        return self.rng.choices((email, f"post@{domain}", ""), (82, 6, 12))[0]

    def _currency(self, land: Land) -> str:
        return self.rng.choices((land.currency, "NOK", "USD"), (90, 8, 2))[0]

    def _form(self, land: Land) -> str:
        names, shares = zip(*land.forms, strict=True)
        return str(self.rng.choices(names, shares)[0])

    def _stem(self, land: Land) -> str:
        """A company name without its legal form: two companies differ by more than that."""
        rng = self.rng
        trade, family = rng.choice(land.trades), self._family(land)
        city = rng.choice(land.places)[1].title()
        stems = (
            f"{family} {trade}",
            f"{city} {trade}",
            f"{family} & {self._family(land)} {trade}",
            f"{self._first(land)} {family} {trade}",
            f"{rng.choice(NATURE)} {trade}" if land.locale else f"{family} {city}",
            f"Brødrene {family}" if land.code == "NO" else f"{family} Group",
        )
        return rng.choices(stems, (34, 16, 18, 12, 12, 8))[0]

    def _organisation(self, land: Land) -> str:
        return self._new(lambda: organisation(land, self.rng))

    def _new(self, draw: Callable[[], str]) -> str:
        """What nobody else has: drawn again while it is taken, then made longer."""
        drawn = draw()
        for _ in range(20):
            if _same(drawn) not in self._taken:
                break
            drawn = draw()
        while _same(drawn) in self._taken:
            drawn = f"{self._family(NORWAY)} {drawn}"
        self._taken.add(_same(drawn))
        return drawn

    def _family(self, land: Land) -> str:
        return self.rng.choice(self.names.families[land.code])

    def _first(self, land: Land) -> str:
        return self.rng.choice(self.names.firsts[land.code])
