"""The plan as a document: what would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from recon.report import differences, sheets, waiting
from recon.report.naming import Words, words
from recon.report.shapes import Column, Document, Line, Names, Row, Sheet
from recon.report.sheets import ENTITY, GUID, NAME, OWNER, kind_of, totalled
from recon.report.words import NO_NAMES, STATES, head, legend, system
from recon.shapes import Facts, Operation, State

KINDS: Mapping[str, str] = {
    "create": "To create",
    "update": "To change",
    "link": "To link",
    "code": "Numbers to write",
    "note": "Notes of new records",
}
LEFT: tuple[State, ...] = ("held", "waiting", "out of scope", "refused", "parked", "unknown")
MOST_FIELDS = 6
Groups = Mapping[tuple[str, str], Sequence[Operation]]


def plan(facts: Facts, names: Names = NO_NAMES) -> Document:
    """What would change, per entity and system, with totals and the checksum."""
    said, planned = words(facts, names), [operation for operation, _, _ in facts.operations]
    states = {outcome.state for outcome in facts.outcomes}
    left = (state for state in STATES if state in LEFT and state in states)
    kinds = {kind_of(operation): None for operation in planned}
    return Document(
        "plan",
        "Plan: what would change",
        facts.company,
        facts.sandbox,
        head(facts),
        tuple(_lines(facts, planned)),
        tuple(_sheets(facts, planned, said)),
        legend=legend((*(kind for kind in KINDS if kind in kinds), "because", "owner", *left)),
    )


def _lines(facts: Facts, planned: Sequence[Operation]) -> Iterable[Line]:
    kinds = Counter(kind_of(operation) for operation in planned)
    yield Line("Records to create", kinds["create"])
    yield Line("Records to change", kinds["update"])
    yield Line("Records to link", kinds["link"])
    if kinds["code"]:
        yield Line("Numbers to write into empty places", kinds["code"])
    to_decide = sum(d.kind == "initial difference" for d in facts.differences)
    yield Line("Initial differences to decide", to_decide, "warn" if to_decide else "good")
    held = [outcome for outcome in facts.outcomes if outcome.state == "held"]
    yield Line("Records held", len(held), "warn" if held else "good")
    for state, text in (("created", "New licences, approved"), ("held", "Licences to approve")):
        found = [o for o in facts.outcomes if o.costs and o.state == state]
        if found:
            yield Line(text, waiting.costs(found), "warn" if state == "held" else "")
    yield Line("Checksum", facts.checksum)


def _sheets(facts: Facts, planned: Sequence[Operation], said: Words) -> Iterable[Sheet]:
    yield totals(planned, said)
    yield waiting.licences(facts, said)
    yield differences.to_decide(facts, said)
    yield differences.differences(facts, said, "initial difference")
    yield changes(planned, said)
    yield codes(planned, said)
    for kind in ("conflict", "drift"):
        yield differences.differences(facts, said, kind)
    for found in groups(planned, "create").values():
        yield creations(found, said)
    yield links(planned, said)
    yield waiting.held(facts, said)
    note = (
        "Records that wait for another one and follow it, or are left alone until somebody looks."
    )
    yield sheets.records(facts.outcomes, said, LEFT[1:2] + LEFT[3:], "Waiting", note)
    note = "Records that do not transfer, counted by the rule that keeps them out."
    title = "Out of scope, by reason"
    yield waiting.reasons(facts, said, ("out of scope",), title, note)


def groups(planned: Iterable[Operation], *kinds: str) -> Groups:
    """Operations by entity and system, all or those of the kinds named."""
    found: dict[tuple[str, str], list[Operation]] = {}
    for operation in planned:
        if not kinds or operation.kind in kinds:
            found.setdefault((operation.entity, operation.system), []).append(operation)
    return found


def totals(planned: Iterable[Operation], said: Words) -> Sheet:
    """How many operations of each kind a plan holds, per entity and system."""
    columns = (
        Column("Entity", 28),
        Column("Written in", 16),
        *(Column(title, 12) for title in KINDS.values()),
        Column("All", 10),
    )
    rows: list[Row] = []
    for (entity, side), found in groups(planned).items():
        counts = Counter(kind_of(operation) for operation in found)
        place = (said.entity(entity), system(side))
        rows.append((*place, *(counts[kind] for kind in KINDS), counts.total()))
    note = "Everything that the plan would write. Nothing has been written yet."
    return Sheet("Totals", "Totals", note, columns, totalled(rows, 2), totalled=bool(rows))


def changes(planned: Iterable[Operation], said: Words) -> Sheet:
    """The fields of existing records that would be overwritten, one per row."""
    found = [(o, name) for o in planned if o.kind == "update" for name in o.after]
    note = "Fields of records that exist: what is there now, and what would be written."
    return differences.updates(found, said, "Changes", note)


def codes(planned: Iterable[Operation], said: Words) -> Sheet:
    """The numbers and codes that would be written into empty places."""
    columns = (
        ENTITY,
        NAME,
        Column("Written in", 14),
        Column("There now", 14),
        Column("Will be", 20),
        Column("Because", 50),
        GUID,
    )
    rows = [
        (
            said.entity(o.entity),
            said.target(o),
            system(o.system),
            said.phrase(o.entity, name, o.before.get(name)),
            said.value(o.entity, name, given),
            o.because,
            o.guid,
        )
        for o in planned
        if o.kind == "code"
        for name, given in o.after.items()
    ]
    note = "Written only where the place is empty; a number that is there is never overwritten."
    title = "Numbers and codes to write"
    return Sheet("Numbers to write", title, note, columns, tuple(rows))


def creations(found: Sequence[Operation], said: Words) -> Sheet:
    """The new records of one entity in one system, a column per field; `found` is not empty."""
    entity = found[0].entity
    names = _fields(found, said)
    known = ("@number", "@parent", "name")
    others = [name for name in names if name not in known]
    shown = {name: at < MOST_FIELDS for at, name in enumerate(others)}
    columns = (
        Column("No.", 6),
        Column("New number", 14),
        NAME,
        OWNER,
        *(Column(said.field(entity, name), 22, detail=not shown[name]) for name in others),
        Column("Because", 30, detail=True),
        Column("Guid in Severa", 38, detail=True),
    )
    rows = tuple(
        (at, *_creation_head(o, said), *_values(o, others, said), o.because, o.guid)
        for at, o in enumerate(found, 1)
    )
    title = f"New {_lowered(said.entity(entity))} in {system(found[0].system)}"
    note = "A row per record. An empty number is given by the system when the record is made."
    if len(others) > MOST_FIELDS:
        note += f" Further fields stand in the workbook: {_further(entity, others, said)}."
    return Sheet(title, title, note, columns, rows)


def _further(entity: str, names: Sequence[str], said: Words) -> str:
    return ", ".join(said.field(entity, name) for name in names[MOST_FIELDS:])


def _lowered(title: str) -> str:
    return title[:1].lower() + title[1:]


def _fields(found: Sequence[Operation], said: Words) -> list[str]:
    """The fields that any of the new records fills, in the entity's order; flags that all share
    last."""
    places = {spot: at for at, spot in enumerate(said.names)}
    entity = found[0].entity
    seen: dict[str, set[object]] = {}
    for operation in found:
        for name, value in operation.after.items():
            if value not in (None, ""):
                seen.setdefault(name, set()).add(value)
    ordered = sorted(seen, key=lambda name: places.get(f"{entity}.{name}", len(places)))
    return sorted(ordered, key=lambda name: seen[name] <= {True})


def _creation_head(o: Operation, said: Words) -> Row:
    number = said.value(o.entity, "@number", o.after.get("@number"))
    parent = o.after.get("@parent")
    owner = said.value(o.entity, "@parent", parent) if parent else ""
    return (number, said.target(o), owner)


def _values(o: Operation, names: Iterable[str], said: Words) -> Row:
    return tuple(said.value(o.entity, name, o.after.get(name)) for name in names)


def links(planned: Iterable[Operation], said: Words) -> Sheet:
    """The pairs that would be connected, both records side by side."""
    columns = (
        ENTITY,
        Column("Global number", 16),
        Column("Name in Visma Global", 32),
        OWNER,
        Column("Severa number", 16),
        Column("Name in Visma Severa", 32),
        Column("Because", 40),
        GUID,
    )
    rows = [_link_row(o, said) for o in planned if kind_of(o) == "link"]
    note = "Records that are in both systems. Connecting them changes no field of theirs."
    return Sheet("To link", "Records to link", note, columns, tuple(rows))


def _link_row(o: Operation, said: Words) -> Row:
    here = (said.target_number(o), said.target(o), said.target_owner(o))
    there = (said.number(o.entity, "severa", o.guid), said.record(o.entity, "severa", o.guid))
    return (said.entity(o.entity), *here, *there, o.because, o.guid)
