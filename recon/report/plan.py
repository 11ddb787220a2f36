"""The plan as a document: what would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from recon.report import sheets
from recon.report.shapes import Column, Document, Line, Names, Row, Sheet
from recon.report.words import NO_NAMES, STATES, Words, legend, system, words
from recon.shapes import Operation, OperationKind, Plan

KINDS: tuple[OperationKind, ...] = ("create", "update", "link")


def plan(plan: Plan, names: Names = NO_NAMES, *, sandbox: bool = False) -> Document:
    """What would change, field by field, per entity and system, with totals and the checksum."""
    said = words(plan.outcomes, names)
    groups = _groups(plan.operations)
    kinds = Counter(operation.kind for operation in plan.operations)
    summary = (
        Line("Company", plan.company),
        Line("Plan of run", plan.run),
        Line("Records to create", kinds["create"]),
        Line("Records to update", kinds["update"]),
        Line("Records to link", kinds["link"]),
        Line("Fields that differ", len(plan.differences)),
        Line("Checksum", plan.checksum),
    )
    return Document(
        "plan",
        "Plan: what would change",
        plan.company,
        sandbox,
        summary,
        (_totals(groups, said), *_plan_sheets(plan, groups, said)),
        legend=legend((*KINDS, "because", *(o.state for o in plan.outcomes if _left(o.state)))),
    )


def _groups(operations: Iterable[Operation]) -> dict[tuple[str, str], list[Operation]]:
    found: dict[tuple[str, str], list[Operation]] = {}
    for operation in operations:
        found.setdefault((operation.entity, operation.system), []).append(operation)
    return found


def _totals(groups: Mapping[tuple[str, str], Sequence[Operation]], said: Words) -> Sheet:
    columns = (
        Column("Entity", 24),
        Column("Written in", 16),
        *(Column(f"To {kind}", 12) for kind in KINDS),
        Column("All", 10),
    )
    rows: list[Row] = [
        (said.entity(entity), system(side), *_kinds(found), len(found))
        for (entity, side), found in groups.items()
    ]
    everything = [operation for found in groups.values() for operation in found]
    if rows:
        rows.append(("All", "", *_kinds(everything), len(everything)))
    note = "How many records the plan touches. Nothing has been written yet."
    return Sheet("Totals", "Totals", note, columns, tuple(rows))


def _kinds(operations: Sequence[Operation]) -> tuple[int, ...]:
    counts = Counter(operation.kind for operation in operations)
    return tuple(counts[kind] for kind in KINDS)


def _plan_sheets(
    plan: Plan, groups: Mapping[tuple[str, str], Sequence[Operation]], said: Words
) -> Iterable[Sheet]:
    yield from (sheets.planned(found, said) for found in groups.values())
    note = "Linked records whose fields differ: what each system holds, and what becomes of it."
    yield sheets.differences(plan.differences, said, "Differences", note)
    left = tuple(state for state in STATES if _left(state))
    note = "Records that the plan does not create, and why."
    yield sheets.records(plan.outcomes, said, left, "Not transferred", note)


def _left(state: str) -> bool:
    return state in ("held", "waiting", "out of scope", "refused", "parked", "unknown")
