"""The sheets that a person works through before go-live beside findings: counts and duplicates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recon.report.naming import Words
from recon.report.shapes import Column, Row, Sheet
from recon.report.sheets import ENTITY, KEY, NAME, NUMBER, SYSTEM
from recon.report.words import system
from recon.shapes import Facts
from recon.worklists import Count, Duplicate, Twin

COUNTS = (
    "Do you want to transfer all departments, employees, products, customers and projects? Say so"
    " with 'recon transfer' or in the panel of notebook 1; the answers are written under [transfer]"
    " in the profile. They decide which records are created in the other system; what is linked"
    " stays linked, and nothing is made inactive for it."
)
DUPLICATES = (
    "Records of one system that may be one and the same, the surest first; those of a group stand"
    " one below the other. They are never merged by us: merge or deactivate one in its system, then"
    " check again. What is not the same: recon duplicates --apart ENTITY/SYSTEM/KEY,KEY --why TEXT."
)


def counts(facts: Facts, said: Words) -> Sheet:
    """How many records there are of each type, and whether they transfer today."""
    columns = (
        ENTITY,
        SYSTEM,
        Column("By", 20),
        Column("Type", 9),
        NAME,
        Column("Active", 9),
        Column("Inactive", 9),
        Column("Linked", 9),
        Column("To be created", 9),
        Column("Transfers", 10),
    )
    rows = tuple(_count(one, said) for one in facts.counts)
    return Sheet("Types", "Counts per type", COUNTS, columns, rows)


def _count(one: Count, said: Words) -> Row:
    place = (said.entity(one.entity), system(one.side), one.by)
    numbers = (one.active, one.inactive, one.linked, one.to_create)
    return (*place, one.key if one.setting else "", one.name, *numbers, _yes(one.transfers))


def _yes(fact: object) -> str:
    return "yes" if fact else "no"


def duplicates(facts: Facts, said: Words) -> Sheet:
    """Groups of records that may be the same, one row per record."""
    columns = (
        Column("Group", 8),
        Column("Band", 10, toned=True),
        ENTITY,
        SYSTEM,
        NUMBER,
        NAME,
        Column("Organisation number", 16),
        Column("E-mail", 26),
        Column("Place", 30),
        Column("What hangs on it", 26),
        Column("Linked", 9),
        Column("Why they may be the same", 40),
        Column("Where to merge or deactivate", 50),
        KEY,
    )
    rows = tuple(row for at, one in enumerate(facts.duplicates, 1) for row in _group(at, one, said))
    return Sheet("Duplicates", "Duplicates inside one system", DUPLICATES, columns, rows)


def _group(at: int, one: Duplicate, said: Words) -> Iterator[Row]:
    head = (at, one.band, said.entity(one.entity), system(one.side))
    for twin in one.records:
        told = (_hanging([twin]), "yes" if twin.linked else "no")
        yield (*head, *_own(twin), *told, "; ".join(one.reasons), one.where_to_fix, twin.key)


def _own(twin: Twin) -> Row:
    return (twin.number, twin.name, twin.organisation_number, twin.email, twin.place)


def _hanging(twins: Iterable[Twin]) -> str:
    return "; ".join(
        f"{title}: {count}" for twin in twins for title, count in sorted(twin.hangs.items())
    )
