"""Sheets of fields that differ: one by one, counted by field, and those that are to be decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from recon.report.naming import Words
from recon.report.shapes import Column, Row, Sheet
from recon.report.sheets import ENTITY, GUID, NAME, NUMBER, OWNER, totalled
from recon.report.words import system
from recon.shapes import Difference, Facts, Operation, Side, Value, other

KINDS = ("conflict", "drift", "initial difference")
TITLES = {"conflict": "Conflicts", "drift": "Drift", "initial difference": "Initial differences"}
NOTES: Mapping[str, str] = {
    "conflict": (
        "Edited differently in both systems. The owner's value is carried over, unless the profile"
        " holds conflicts for a person; the other value is lost and is shown here."
    ),
    "drift": (
        "Edited in the system that does not own the field. Never carried over: put it right there,"
        " or make the same edit in the owner."
    ),
    "initial difference": (
        "Already different when the records were connected. Decided by a person or by the owner,"
        " and only in a plan that was shown."
    ),
}
LEFT = "only reports"
TO_DECIDE = (
    "There are four ways to decide.\n"
    "1. On the review board (notebook 3, Differences) or in the workbook of 'recon propose': pair"
    " by pair, or for a whole field. The next onboarding shows, then writes, what was decided.\n"
    '2. Let the owner decide everywhere: set initial = "master" under [master] in the profile. The'
    " next onboarding shows, and then writes, the owner's value.\n"
    "3. Give one field another owner: add its line to [master.field] in the profile, beside"
    ' initial = "master". That system then owns later edits of the field too.\n'
    "4. Correct the value in the system where it is wrong. What is equal in both is settled by the"
    " next run."
)


def differences(facts: Facts, words: Words, *kinds: str) -> Sheet:
    """The differing fields of one kind, or of all, with both values side by side."""
    one = kinds[0] if len(kinds) == 1 else ""
    columns = (
        Column("Kind", 16, toned=True, detail=bool(one)),
        ENTITY,
        NUMBER,
        NAME,
        OWNER,
        Column("Field", 18),
        Column("In Visma Global", 32),
        Column("In Visma Severa", 32),
        Column("Owner", 14),
        Column("What it means", 46, detail=one != "conflict"),
        Column("Number in Severa", 14, detail=True),
        GUID,
    )
    kept = [d for d in facts.differences if not kinds or d.kind in kinds]
    rows = tuple(_difference_row(facts, d, words) for d in _ordered(kept))
    title = TITLES.get(one, "Fields that differ")
    return Sheet(title, title, NOTES.get(one, ""), columns, rows)


def _ordered(found: Sequence[Difference]) -> list[Difference]:
    """By kind, the gravest first, then by field, so that what is decided alike stands together."""
    places = {spot: at for at, spot in enumerate(dict.fromkeys((d.entity, d.field) for d in found))}
    entities = {name: at for at, name in enumerate(dict.fromkeys(d.entity for d in found))}
    return sorted(
        found,
        key=lambda d: (KINDS.index(d.kind), entities[d.entity], places[d.entity, d.field]),
    )


def _difference_row(facts: Facts, d: Difference, words: Words) -> Row:
    values = (d.global_value, d.severa_value)
    both = (words.value(d.entity, d.field, value) for value in values)
    spot = (d.entity, "global", d.global_key)
    where = (words.entity(d.entity), words.number(*spot), d.name, words.owner(*spot))
    there = words.number(d.entity, "severa", d.guid)
    which = (words.field(d.entity, d.field), *both, _owner(facts, d.entity, d.field))
    return (d.kind, *where, *which, d.text, there, d.guid)


def by_field(facts: Facts, words: Words) -> Sheet:
    """How many values of each field differ, by kind, and who owns the field."""
    columns = (
        ENTITY,
        Column("Field", 24),
        Column("Owner", 14),
        *(Column(title, 12) for title in TITLES.values()),
        Column("All", 9),
    )
    counts: dict[tuple[str, str], Counter[str]] = {}
    for d in facts.differences:
        counts.setdefault((d.entity, d.field), Counter())[d.kind] += 1
    rows = [_field_row(facts, spot, kinds, words) for spot, kinds in counts.items()]
    note = (
        "The owner is the system whose edits of a field are carried over ([master] in the profile)."
    )
    title = "Differences by field"
    return Sheet(title, title, note, columns, totalled(rows, 3), totalled=bool(rows))


def _field_row(facts: Facts, spot: tuple[str, str], kinds: Counter[str], words: Words) -> Row:
    entity, name = spot
    place = (words.entity(entity), words.field(entity, name), _owner(facts, entity, name))
    return (*place, *(kinds[kind] for kind in KINDS), kinds.total())


def _owner(facts: Facts, entity: str, name: str) -> str:
    owner = facts.masters.get(f"{entity}.{name}")
    return system(owner) if owner else ""


# --- initial differences to decide --------------------------------------------------------------


def to_decide(facts: Facts, words: Words) -> Sheet:
    """Initial differences by entity and field: how many, who owns the field, what the onboarding
    does as the profile stands, and the line that gives the field another owner."""
    columns = (
        ENTITY,
        Column("Field", 22),
        Column("Differ", 9),
        Column("Empty on one side", 12),
        Column("Filled on both", 12),
        Column("Owner", 14),
        Column("What the onboarding does as the profile stands", 44),
        Column("Line for [master.field] to let the other system own it", 36),
    )
    groups: dict[tuple[str, str], list[Difference]] = {}
    for d in facts.differences:
        if d.kind == "initial difference":
            groups.setdefault((d.entity, d.field), []).append(d)
    rows = [_decide_row(facts, found, words) for found in groups.values()]
    title = "Initial differences to decide"
    return Sheet("To decide", title, TO_DECIDE, columns, tuple(rows))


def _decide_row(facts: Facts, found: Sequence[Difference], words: Words) -> Row:
    entity, name = found[0].entity, found[0].field
    empty = sum(_empty_side(d) is not None for d in found)
    place = (words.entity(entity), words.field(entity, name))
    counts = (len(found), empty, len(found) - empty)
    deed = _deed(facts, found, words.names.get(f"direction:{entity}.{name}", "both"))
    return (*place, *counts, _owner(facts, entity, name), deed, _line(facts, entity, name, words))


def _empty_side(d: Difference) -> Side | None:
    values: tuple[tuple[Side, Value], ...] = (
        ("global", d.global_value),
        ("severa", d.severa_value),
    )
    return next((side for side, value in values if value in (None, "")), None)


def _deed(facts: Facts, found: Sequence[Difference], direction: str) -> str:
    """What an onboarding would do with differences of one field."""
    if direction == "compare":
        return "nothing: the field is only compared; correct it by hand where it is wrong"
    done: Counter[str] = Counter(_done(facts, d, direction) for d in found)
    return "; ".join(f"{what}: {count:,}" for what, count in done.items())


def _done(facts: Facts, d: Difference, direction: str) -> str:
    if d.by:
        return "as decided"
    empty, owner = _empty_side(d), facts.masters.get(f"{d.entity}.{d.field}")
    target = empty or (other(owner) if owner and facts.initial == "master" else None)
    if target is None or direction not in ("both", f"to_{target}"):
        return LEFT
    return f"{'fills' if empty else 'overwrites'} {system(target)}"


def undecided(facts: Facts, words: Words) -> list[Difference]:
    """The initial differences that an onboarding would leave as they are until a person decides."""
    return [
        d
        for d in facts.differences
        if d.kind == "initial difference"
        and (direction := words.names.get(f"direction:{d.entity}.{d.field}", "both")) != "compare"
        and _done(facts, d, direction) == LEFT
    ]


def _line(facts: Facts, entity: str, name: str, words: Words) -> str:
    owner = facts.masters.get(f"{entity}.{name}")
    if owner is None or words.names.get(f"direction:{entity}.{name}") == "compare":
        return ""
    return f'"{entity}.{name}" = "{other(owner)}"'


# --- edits that are still to be carried over ----------------------------------------------------


def undone(facts: Facts) -> list[tuple[Operation, str]]:
    """The edited fields that have not been carried over."""
    return [
        (operation, name)
        for operation, state, _ in facts.operations
        if operation.kind == "update" and state != "done"
        for name in operation.after
    ]


def pending(facts: Facts, words: Words) -> Sheet:
    """Edits that have not been carried over, field by field."""
    note = "Edited in the system that owns the field; the next run carries them over."
    title = "Edits to carry over"
    return updates(undone(facts), words, title, note)


def updates(found: Iterable[tuple[Operation, str]], words: Words, title: str, note: str) -> Sheet:
    """Fields that are to be written, one per row: what is there now, and what will be."""
    columns = (
        ENTITY,
        NUMBER,
        NAME,
        OWNER,
        Column("Written in", 14),
        Column("Field", 20),
        Column("There now", 32),
        Column("Will be", 32),
        Column("Because", 36),
        GUID,
    )
    rows = [_update_row(operation, name, words) for operation, name in found]
    return Sheet(title, title, note, columns, tuple(rows))


def _update_row(o: Operation, name: str, words: Words) -> Row:
    which = (words.target_number(o), words.target(o), words.target_owner(o))
    now = words.phrase(o.entity, name, o.before.get(name))
    then = words.value(o.entity, name, o.after[name])
    field = words.field(o.entity, name)
    why = o.reasons.get(name, o.because)
    return (words.entity(o.entity), *which, system(o.system), field, now, then, why, o.guid)
