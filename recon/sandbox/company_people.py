"""Who works for the seeded company, in which system, and what is wrong with them there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from recon.sandbox.company_guids import Guids
from recon.sandbox.nordic import Person, Register, slug

DOMAIN = "provefjord.example"
MARRIED = "Solvik"


@dataclass(frozen=True, slots=True)
class Case:
    """One of our people: in which systems, whether active, with which code in Severa ('=' for the
    employee number, None for none), in which department in Global ('' for the usual one), and
    whether Global's SeveraGUID is 'right', 'stale' or empty."""

    label: str
    side: Literal["both", "global", "severa"] = "both"
    code: str | None = "="
    unit: str = ""
    guid: str = ""
    active: bool = True

    @property
    def in_global(self) -> bool:
        return self.side != "severa"

    @property
    def in_severa(self) -> bool:
        return self.side != "global"

    def code_of(self, at: int, person: Person) -> str | None:
        """The user's code; the person at place n is employee n + 1."""
        if self.label == "initials":
            return f"{person.first[:1]}{person.last[:2]}".upper()
        return str(at + 1) if self.code == "=" else self.code

    def global_name(self, person: Person) -> str:
        """The name as Global holds it."""
        dressed = {"turned": f"{person.last}, {person.first}", "loud": person.name.upper()}
        first_alone = self.label == "extension" and " " not in person.first
        return person.first if first_alone else dressed.get(self.label, person.name)

    def severa_name(self, person: Person) -> tuple[str, str]:
        """First and last name as Severa holds them."""
        if self.label == "married":
            return person.first, MARRIED
        return person.first.replace("Lukasz", "Łukasz"), person.last

    def global_email(self, person: Person) -> str:
        """The e-mail address as Global holds it."""
        written = {
            "no_email": "",
            "shared_email": f"lager@{DOMAIN}",
            "wrong_email": person.email.replace("@", "(at)"),
        }
        return written.get(self.label, person.email)


CASES = (
    Case("leader"),
    Case("plain"),
    Case("turned"),
    Case("zeros", code="0004"),
    Case("uncoded", code=None),
    Case("married"),
    Case("linked", guid="right"),
    Case("no_email"),
    Case("extension"),
    Case("renumbered", code="109"),
    Case("initials"),
    Case("leaver", active=False),
    Case("loud"),
    Case("polish"),
    Case("closed_department", unit="warehouse"),
    Case("new", "global"),
    Case("new", "global"),
    Case("one_word", "global"),
    Case("shared_email", "global"),
    Case("shared_email", "global"),
    Case("wrong_email", "global"),
    Case("no_email", "global"),
    Case("leaver", "global", active=False),
    Case("hired_again", "global", active=False),
    Case("stale_guid", "global", guid="stale"),
    Case("new", "severa", code="901"),
    Case("uncoded", "severa", code=None),
    Case("outside", "severa", code="45"),
    Case("leaver", "severa", code="903", active=False),
)
STAFF = sum(case.side == "both" for case in CASES)
TITLED = STAFF + 2


def draw(register: Register, guids: Guids) -> tuple[Person, ...]:
    """All of them, in the order of CASES; those after the first few by dice of their own, so that
    the customers stay who they are."""
    own = Register(register.names, guids.dice("more staff"))
    people = [_person(register if at < TITLED else own, at) for at in range(len(CASES))]
    for at, case in enumerate(CASES):
        people[at] = _cast(case, people[at], people)
    return tuple(people)


def _person(register: Register, at: int) -> Person:
    """Someone with both names and an e-mail address of the company."""
    first, last = register.own_name()
    title = ("Daglig leder", "Økonomisjef", "Rådgiver", "Seniorrådgiver", "Utvikler")[at % 5]
    return _reachable(Person(str(at), first, last, title, mobile=f"+47 10 00 20 {at:02d}"))


def _reachable(person: Person) -> Person:
    email = ".".join(slug(part) for part in (person.first, person.last) if part)
    return replace(person, email=f"{email}@{DOMAIN}")


def _cast(case: Case, person: Person, people: list[Person]) -> Person:
    """The person as the case wants."""
    if case.label == "hired_again":
        earlier = people[[each.label for each in CASES].index("turned")]
        return replace(earlier, label=person.label)
    if case.label == "one_word":
        return _reachable(replace(person, first="Vaktsentralen", last="", title=""))
    if case.label == "polish":
        return _reachable(replace(person, first="Lukasz"))
    return person
