"""The sheets that the reports are put together from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from recon.report.shapes import Cell, Column, Row, Sheet
from recon.report.tally import Tally, states_seen
from recon.report.words import Words, phrase, readable, system, value
from recon.shapes import Difference, Failure, Finding, Operation, Outcome, Proposal, State

ENTITY = Column("Entity", 16)
SYSTEM = Column("System", 14)
NAME = Column("Name", 30)
KEY = Column("Number or key", 18)
GLOBAL_KEY = Column("Global number", 16)
GUID = Column("Severa guid", 22)

Operations = Sequence[tuple[Operation, str, str]]


def outcomes(found: Sequence[Tally], words: Words) -> Sheet:
    """One row per entity and system: read, every state that occurs, and whether they add up."""
    states = states_seen(found)
    columns = (
        ENTITY,
        SYSTEM,
        Column("Read", 9),
        *(Column(readable(state), 11) for state in states),
        Column("Sum", 9),
        Column("Adds up", 14, toned=True),
    )
    rows = [_outcome_row(tally, states, words) for tally in found]
    note = (
        "Every record that was read ends in exactly one state, so that the states of a row add up"
        " to the records read. A row that does not add up makes the run red."
    )
    return Sheet("Outcomes", "What became of the records", note, columns, tuple(rows))


def _outcome_row(tally: Tally, states: Iterable[State], words: Words) -> Row:
    counts = [tally.states.get(state, 0) for state in states]
    place = (words.entity(tally.entity), system(tally.side))
    return (*place, tally.read, *counts, tally.total, tally.verdict)


def records(
    outcomes: Iterable[Outcome], words: Words, states: Sequence[State], title: str, note: str
) -> Sheet:
    """The records that ended in one of the states, grouped by state, entity and system."""
    columns = (
        Column("State", 14, toned=True),
        ENTITY,
        SYSTEM,
        KEY,
        NAME,
        Column("Why", 60),
    )
    kept = sorted((o for o in outcomes if o.state in states), key=lambda o: states.index(o.state))
    rows = [
        (o.state, words.entity(o.entity), system(o.side), o.key, o.name, o.detail) for o in kept
    ]
    return Sheet(title, title, note, columns, tuple(rows))


def differences(
    found: Iterable[Difference], words: Words, title: str, note: str, *kinds: str
) -> Sheet:
    """The differing fields of these kinds, both values side by side; all kinds if none is given."""
    columns = (
        Column("Kind", 16, toned=True),
        ENTITY,
        NAME,
        GLOBAL_KEY,
        Column("Field", 20),
        Column("In Visma Global", 30),
        Column("In Visma Severa", 30),
        Column("What it means", 50),
        GUID,
    )
    rows = [_difference_row(d, words) for d in found if not kinds or d.kind in kinds]
    return Sheet(title, title, note, columns, tuple(rows))


def _difference_row(d: Difference, words: Words) -> Row:
    both = (value(d.global_value), value(d.severa_value))
    where = (words.entity(d.entity), d.name, d.global_key)
    return (d.kind, *where, words.field(d.entity, d.field), *both, d.text, d.guid)


def pending(found: Iterable[tuple[Operation, str]], words: Words) -> Sheet:
    """Edits that have not been carried over, field by field."""
    columns = (
        ENTITY,
        NAME,
        GLOBAL_KEY,
        Column("Field", 20),
        Column("To be written in", 16),
        Column("There now", 30),
        Column("Will be", 30),
        Column("Because", 40),
    )
    rows = [_pending_row(operation, name, words) for operation, name in found]
    note = "Edited in the system that owns the field; the next run carries them over."
    return Sheet("Edits to carry over", "Edits to carry over", note, columns, tuple(rows))


def _pending_row(o: Operation, name: str, words: Words) -> Row:
    head = (words.entity(o.entity), words.target(o), o.key, words.field(o.entity, name))
    now, then = value(o.before.get(name)), value(o.after[name])
    return (*head, system(o.system), now, then, o.because)


def failures(found: Iterable[Failure], words: Words) -> Sheet:
    """What could not be written, why, and what to do."""
    columns = (
        ENTITY,
        SYSTEM,
        NAME,
        KEY,
        Column("What happened", 45),
        Column("What to do", 45),
        Column("Tries", 8),
        Column("State", 12, toned=True),
        Column("What was tried", 50),
    )
    note = (
        "One record that fails never stops the others. A refused record is tried again in the next"
        " run; a parked one after 'recon failures' has released it."
    )
    rows = [_failure_row(failure, words) for failure in found]
    return Sheet("Failures", "What failed, why, and what to do", note, columns, tuple(rows))


def _failure_row(f: Failure, words: Words) -> Row:
    tried = "; ".join(
        f"{words.field(f.entity, name)}: {phrase(given)}" for name, given in f.payload.items()
    )
    where = (words.entity(f.entity), system(f.side), f.name, f.key)
    return (*where, f.reason, f.remedy, f.count, "parked" if f.parked else "refused", tried)


def unknowns(found: Iterable[Operation], words: Words) -> Sheet:
    """Operations whose answer was lost."""
    columns = (
        ENTITY,
        Column("Written in", 14),
        Column("Kind", 10),
        NAME,
        KEY,
        Column("What was sent", 60),
    )
    note = (
        "The answer to these was lost. The next run looks whether they happened before anything is"
        " sent again; 'recon unknowns' shows and settles them."
    )
    rows = [(*_operation_head(o, words), changes(o, words)) for o in found]
    return Sheet("Unknown", "Answers that were lost", note, columns, tuple(rows))


def operations(found: Operations, words: Words) -> Sheet:
    """What was written, operation by operation."""
    columns = (
        ENTITY,
        Column("Written in", 14),
        Column("Kind", 10),
        NAME,
        KEY,
        Column("Result", 12, toned=True),
        Column("Detail", 30),
        Column("Change", 60),
        Column("Because", 40),
    )
    rows = [
        (*_operation_head(o, words), state, detail, changes(o, words), o.because)
        for o, state, detail in found
    ]
    note = "Every write of this run, in its order. The journal keeps the same for good."
    return Sheet("Written", "What was written", note, columns, tuple(rows))


def _operation_head(o: Operation, words: Words) -> Row:
    return (words.entity(o.entity), system(o.system), o.kind, words.target(o), o.key)


def changes(operation: Operation, words: Words) -> str:
    """What an operation changes, in one text: `Name: old → new`."""
    return "; ".join(
        f"{words.field(operation.entity, name)}: {_step(operation, name, given)}"
        for name, given in words.given(operation).items()
    )


def _step(operation: Operation, name: str, after: object) -> str:
    if operation.kind == "create":
        return phrase(after)
    return f"{phrase(operation.before.get(name))} → {phrase(after)}"


def planned(found: Sequence[Operation], words: Words) -> Sheet:
    """The operations of one entity in one system, one row per field."""
    entity, where = words.entity(found[0].entity), system(found[0].system)
    columns = (
        Column("No.", 7),
        Column("Kind", 10),
        NAME,
        KEY,
        Column("Field", 20),
        Column("Now", 30),
        Column("Will be", 30),
        Column("Because", 40),
    )
    rows = [row for at, o in enumerate(found, 1) for row in _planned_rows(at, o, words)]
    title = f"{entity} in {where}"
    return Sheet(title, title, _planned_note(found), columns, tuple(rows))


def _planned_note(found: Sequence[Operation]) -> str:
    kinds = [operation.kind for operation in found]
    parts = [f"{kinds.count(kind)} to {kind}" for kind in ("create", "update", "link")]
    return f"{', '.join(parts)}. Each numbered record shows one row per field."


def _planned_rows(at: int, o: Operation, words: Words) -> Iterable[Row]:
    head = (at, o.kind, words.target(o), o.key)
    if o.kind == "link":
        yield (*head, "Connected with", None, _partner(o, words), o.because)
        return
    for name, after in words.given(o).items():
        field = words.field(o.entity, name)
        yield (*head, field, value(o.before.get(name)), value(after), o.because)


def _partner(o: Operation, words: Words) -> str:
    if o.guid is None:
        return "the record that is created for it in Visma Severa"
    return f"{words.record(o.entity, 'severa', o.guid)} ({o.guid})".strip()


def findings(found: Sequence[Finding], words: Words) -> Sheet:
    """The rows of one check; `found` must not be empty."""
    columns = (
        Column("Severity", 12, toned=True),
        ENTITY,
        SYSTEM,
        KEY,
        NAME,
        Column("What is wrong", 70),
        Column("Where to fix it", 40),
    )
    rows = [_finding_row(finding, words) for finding in found]
    title = words.check(found[0].entity, found[0].check)
    return Sheet(readable(found[0].check), title, "", columns, tuple(rows))


def _finding_row(f: Finding, words: Words) -> Row:
    name = words.record(f.entity, f.system, f.key)
    place = (words.entity(f.entity), system(f.system), f.key, name)
    return (f.severity, *place, f.text, f.where_to_fix)


def proposals(found: Iterable[Proposal], words: Words) -> Sheet:
    """Suggested links with their evidence and empty columns for a person's decision."""
    columns = (
        Column("Band", 10, toned=True),
        Column("Score", 8),
        Column("Entity", 14),
        Column("Global number", 12),
        Column("Name in Global", 30),
        Column("Name in Severa", 30),
        Column("Evidence", 40),
        Column("Also possible", 20),
        Column("Holds creation", 10),
        GUID,
        Column("Decision", 12, choices=("same", "different", "later")),
        Column("Who", 14),
        Column("Why", 30),
    )
    note = (
        "Each row suggests that a Global and a Severa record are the same thing. Write 'same',"
        " 'different' or 'later' under Decision, and your name and reason beside it."
    )
    rows = [_proposal_row(proposal, words) for proposal in found]
    return Sheet("Proposals", "Match proposals", note, columns, tuple(rows))


def _proposal_row(p: Proposal, words: Words) -> Row:
    names: tuple[Cell, Cell] = (
        words.record(p.entity, "global", p.global_key),
        words.record(p.entity, "severa", p.severa_guid),
    )
    evidence, rivals = "; ".join(p.evidence), ", ".join(p.rivals)
    holds = "yes" if p.holds else "no"
    score = value(_score(p.score))
    head = (p.band, score, words.entity(p.entity), p.global_key, *names)
    return (*head, evidence, rivals, holds, p.severa_guid, None, None, None)


def _score(score: float) -> object:
    from decimal import Decimal

    return Decimal(str(score)).quantize(Decimal("0.01"))
