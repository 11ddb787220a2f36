"""Sheets of initial differences that a person fills in: pair by pair, and for a whole field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recon.report.naming import Words
from recon.report.shapes import Column, Row, Sheet
from recon.report.sheets import ENTITY, NAME, NUMBER
from recon.report.words import system
from recon.rulings import Right
from recon.shapes import Difference, Facts

SHEET, FIELDS = "Differences", "Whole fields"
RIGHT, WHY = "Which is right", "Why"
WORDS = ("Visma Global", "Visma Severa", "leave")
VERDICTS: Mapping[str, Right] = {
    "visma global": "global",
    "visma severa": "severa",
    "leave": "leave",
}
Seen = Mapping[tuple[str, ...], str]
HIDDEN = ("Kind", "Field name", "Global key", "Severa guid", "As seen")
HIDDEN_FIELDS = ("Kind", "Field name", "As seen")
EXAMPLES = 3
NOTE = (
    "Fields that already differed when the records were connected. Choose which system is right, or"
    " 'leave' to keep both as they are, and give your reason under Why; an empty cell leaves it"
    " open. The value is written by the next onboarding, after its plan was shown. Rows may be"
    " sorted and filtered; leave the hidden columns as they are."
)
NOTE_FIELDS = (
    "One word for every pair that differs in a field, also for pairs that are connected later; a"
    " word about one pair counts before it. What is empty in the system that is"
    " right is filled from the other."
)


def sheets(facts: Facts, said: Words, seen: Seen) -> tuple[Sheet, ...]:
    """Both sheets, if anything differs; `seen` tells by spot what was seen when it was written."""
    if not facts.initials:
        return ()
    return (_pairs(facts, said, seen), _fields(facts, said, seen))


def _pairs(facts: Facts, said: Words, seen: Seen) -> Sheet:
    columns = (
        ENTITY,
        Column("Field", 16),
        NUMBER,
        NAME,
        Column("In Visma Global", 28),
        Column("In Visma Severa", 28),
        Column("Owner", 14),
        Column("What the onboarding does", 44),
        Column(RIGHT, 14, choices=WORDS),
        Column(WHY, 30),
        *(Column(title, 0, detail=True) for title in HIDDEN),
    )
    rows = tuple(_row(facts, one, said, seen) for one in facts.initials)
    return Sheet(SHEET, "Initial differences", NOTE, columns, rows)


def _row(facts: Facts, d: Difference, said: Words, seen: Seen) -> Row:
    spot = (d.entity, d.field, d.global_key, d.guid)
    number = said.number(d.entity, "global", d.global_key)
    values = (said.value(d.entity, d.field, v) for v in (d.global_value, d.severa_value))
    which = (said.entity(d.entity), said.field(d.entity, d.field), number, d.name, *values)
    return (*which, _owner(facts, d), d.text, None, None, *spot, seen.get(spot))


def _owner(facts: Facts, d: Difference) -> str:
    return system(facts.masters.get(f"{d.entity}.{d.field}", ""))


def _fields(facts: Facts, said: Words, seen: Seen) -> Sheet:
    columns = (
        ENTITY,
        Column("Field", 16),
        Column("Differ", 9),
        Column("For example", 60),
        Column("Owner", 14),
        Column(RIGHT, 14, choices=WORDS),
        Column(WHY, 30),
        *(Column(title, 0, detail=True) for title in HIDDEN_FIELDS),
    )
    groups: dict[tuple[str, str], list[Difference]] = {}
    for one in facts.initials:
        groups.setdefault((one.entity, one.field), []).append(one)
    rows = tuple(_field_row(facts, found, said, seen) for found in groups.values())
    return Sheet(FIELDS, "Initial differences by field", NOTE_FIELDS, columns, rows)


def _field_row(facts: Facts, found: Sequence[Difference], said: Words, seen: Seen) -> Row:
    d = found[0]
    spot = (d.entity, d.field, "", "")
    examples = "; ".join(_example(one, said) for one in found[:EXAMPLES])
    place = (said.entity(d.entity), said.field(d.entity, d.field), len(found), examples)
    return (*place, _owner(facts, d), None, None, d.entity, d.field, seen.get(spot))


def _example(d: Difference, said: Words) -> str:
    both = (said.phrase(d.entity, d.field, v) for v in (d.global_value, d.severa_value))
    return f"{d.name}: {' ≠ '.join(both)}"
