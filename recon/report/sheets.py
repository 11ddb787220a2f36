"""The sheets that several reports are put together from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from recon.report.naming import Words
from recon.report.shapes import Cell, Column, Row, Sheet
from recon.report.tally import Tally, states_seen
from recon.report.words import readable, system
from recon.shapes import Facts, Failure, Operation, Outcome, State

ENTITY = Column("Entity", 22)
SYSTEM = Column("System", 14)
NAME = Column("Name", 30)
NUMBER = Column("Number", 14)
OWNER = Column("Belongs to", 26)
KEY = Column("Key in its system", 38, detail=True)
GUID = Column("Guid in Severa", 38, detail=True)
WRITTEN_IN = Column("Written in", 14)

Operations = Sequence[tuple[Operation, str, str]]


def outcomes(found: Sequence[Tally], words: Words) -> Sheet:
    """One row per entity and system: read, every state that occurs, and whether they add up."""
    states = states_seen(found)
    columns = (
        ENTITY,
        SYSTEM,
        *(Column(readable(state), 11) for state in states),
        Column("Sum", 9),
        Column("Read", 9),
        Column("Adds up", 14, toned=True),
    )
    rows = [_outcome_row(tally, states, words) for tally in found]
    note = (
        "Every record that was read ends in exactly one state, so that the states of a row add up"
        " to the records read. A row that does not add up makes the run red."
    )
    title = "What became of the records"
    return Sheet("Outcomes", title, note, columns, totalled(rows, 2), totalled=bool(rows))


def _outcome_row(tally: Tally, states: Iterable[State], words: Words) -> Row:
    counts = [tally.states.get(state, 0) for state in states]
    place = (words.entity(tally.entity), system(tally.side))
    return (*place, *counts, tally.total, tally.read, tally.verdict)


def totalled(rows: Sequence[Row], first: int) -> tuple[Row, ...]:
    """The rows and one of their totals: what is no count, or stands before `first`, is left out;
    a last column of verdicts says yes only if all do."""
    if not rows:
        return ()
    columns = list(zip(*rows, strict=True))
    total = [_total(column) for column in columns[first:]]
    return (*rows, ("All", *[""] * (first - 1), *total))


def _total(column: Sequence[Cell]) -> Cell:
    if all(isinstance(cell, int) for cell in column):
        return sum(cell for cell in column if isinstance(cell, int))
    verdicts = {str(cell).split(":")[0] for cell in column}
    return ("yes" if verdicts == {"yes"} else "no") if verdicts <= {"yes", "no"} else ""


def records(
    outcomes: Iterable[Outcome], words: Words, states: Sequence[State], title: str, note: str
) -> Sheet:
    """The records that ended in one of the states, grouped by state, entity and system."""
    columns = (
        Column("State", 14, toned=True),
        ENTITY,
        SYSTEM,
        NUMBER,
        NAME,
        OWNER,
        Column("Why", 60),
        KEY,
    )
    ranks = {state: at for at, state in enumerate(states)}
    kept = sorted((o for o in outcomes if o.state in ranks), key=lambda o: ranks[o.state])
    rows = [(o.state, *record_head(o, words), o.detail, o.key) for o in kept]
    return Sheet(title, title, note, columns, tuple(rows))


def record_head(o: Outcome, words: Words) -> Row:
    """Entity, system, number, name and owner of a record."""
    spot = (o.entity, o.side, o.key)
    which = (words.number(*spot), words.record(*spot), words.owner(*spot))
    return (words.entity(o.entity), system(o.side), *which)


def failures(found: Iterable[Failure], words: Words) -> Sheet:
    """What could not be written, why, and what to do."""
    columns = (
        ENTITY,
        SYSTEM,
        NUMBER,
        NAME,
        Column("What happened", 45),
        Column("What to do", 45),
        Column("Tries", 8),
        Column("State", 12, toned=True),
        Column("What was tried", 50),
        KEY,
    )
    note = (
        "One record that fails never stops the others. A refused record is tried again in the next"
        " run; a parked one after 'recon failures' has released it."
    )
    rows = [_failure_row(failure, words) for failure in found]
    return Sheet("Failures", "What failed, why, and what to do", note, columns, tuple(rows))


def _failure_row(f: Failure, words: Words) -> Row:
    tried = "; ".join(
        f"{words.field(f.entity, name)}: {words.phrase(f.entity, name, given)}"
        for name, given in f.payload.items()
    )
    where = (words.entity(f.entity), system(f.side), words.number(f.entity, f.side, f.key), f.name)
    state = "parked" if f.parked else "refused"
    return (*where, f.reason, f.remedy, f.count, state, tried, f.key)


def unknowns(found: Iterable[Operation], words: Words) -> Sheet:
    """Operations whose answer was lost."""
    columns = (
        ENTITY,
        WRITTEN_IN,
        Column("Kind", 10),
        NUMBER,
        NAME,
        OWNER,
        Column("What was sent", 60),
    )
    note = (
        "The answer to these was lost. The next run looks whether they happened before anything is"
        " sent again; 'recon unknowns' shows and settles them."
    )
    rows = [(*operation_head(o, words), changes(o, words)) for o in found]
    return Sheet("Unknown", "Answers that were lost", note, columns, tuple(rows))


def operations(found: Operations, words: Words) -> Sheet:
    """What was written, operation by operation."""
    columns = (
        ENTITY,
        WRITTEN_IN,
        Column("Kind", 10),
        NUMBER,
        NAME,
        OWNER,
        Column("Result", 12, toned=True),
        Column("Detail", 30),
        Column("Change", 60),
        Column("Because", 36),
        GUID,
    )
    rows = [
        (*operation_head(o, words), state, detail, changes(o, words), o.because, o.guid)
        for o, state, detail in found
    ]
    note = "Every write of this run, in its order. The journal keeps the same for good."
    return Sheet("Written", "What was written", note, columns, tuple(rows))


def kind_of(operation: Operation) -> str:
    """Its kind in a word; a link to a record that this plan creates is only a note of it."""
    return "note" if operation.kind == "link" and operation.guid is None else operation.kind


def operation_head(o: Operation, words: Words) -> Row:
    """Entity, system, kind, number, name and owner of what an operation is about."""
    which = (words.target_number(o), words.target(o), words.target_owner(o))
    return (words.entity(o.entity), system(o.system), kind_of(o), *which)


def changes(operation: Operation, words: Words) -> str:
    """What an operation changes, in one text: `Name: old → new`."""
    if operation.kind == "link":
        return f"connected with {partner(operation, words)}"
    return "; ".join(
        f"{words.field(operation.entity, name)}: {_step(operation, name, given, words)}"
        for name, given in words.given(operation).items()
    )


def _step(operation: Operation, name: str, after: object, words: Words) -> str:
    then = words.phrase(operation.entity, name, after)
    if operation.kind == "create":
        return then
    return f"{words.phrase(operation.entity, name, operation.before.get(name))} → {then}"


def partner(operation: Operation, words: Words) -> str:
    """The Severa record that an operation connects with."""
    if operation.guid is None:
        return "the record that is made for it in Visma Severa"
    name = words.record(operation.entity, "severa", operation.guid)
    number = words.number(operation.entity, "severa", operation.guid)
    return f"{name or 'a record of Visma Severa'}{f' ({number})' if number else ''}"


def to_do(facts: Facts) -> Sheet:
    """What needs a person, sentence by sentence."""
    texts = [text for text in (facts.error, *facts.needs_person) if text]
    rows = tuple((at, text) for at, text in enumerate(texts, 1))
    columns = (Column("No.", 7), Column("What needs a person", 110))
    return Sheet("To do", "What needs a person", "", columns, rows)
