"""In which state every record really ended: the plan's outcomes after what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from recon.apply import Result
from recon.desk import NAMED
from recon.failures import masked
from recon.shapes import Failure, Operation, Outcome, Plan, Side, Spot, State, other

WORST = ("refused", "unknown", "changed", "waiting", "not done")
ENDS: Mapping[str, State] = {
    "refused": "refused",
    "unknown": "unknown",
    "changed": "waiting",
    "waiting": "waiting",
    "not done": "waiting",
}
PERSON: Mapping[State, str] = {
    "refused": "refused",
    "unknown": "of which nobody knows whether they were written",
    "parked": "parked after failing too often",
    "held": "held until you decide or correct them",
    "unreadable": "that cannot be read",
}
CONFLICT = "changed in both systems and held"


def final(plan: Plan, results: Mapping[str, Result]) -> tuple[Outcome, ...]:
    """The plan's outcomes, corrected by the results of its operations."""
    return tuple(_final(outcome, results) for outcome in plan.outcomes)


def _final(outcome: Outcome, results: Mapping[str, Result]) -> Outcome:
    if not outcome.operations:
        return outcome
    stopped = Result("not done", "the run ended before it came to this")
    found = [results.get(name, stopped) for name in outcome.operations]
    worst = next((state for state in WORST if any(r.state == state for r in found)), None)
    if worst is None:
        return outcome
    detail = next(r.detail for r in found if r.state == worst)
    return replace(outcome, state=ENDS[worst], detail=detail)


def merged(first: Sequence[Outcome], second: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Outcomes of a run that planned twice: the second word counts where the first was open."""
    later = {(o.entity, o.side, o.key): o for o in second}
    return tuple(
        later.get((o.entity, o.side, o.key), o) if o.state in ("waiting", "unknown") else o
        for o in first
    )


def balanced(outcomes: Iterable[Outcome], read: Mapping[str, Mapping[Side, int]]) -> bool:
    """Whether every record read has exactly one outcome, per entity and side."""
    counts = Counter((o.entity, o.side) for o in outcomes)
    expected = {(name, side): n for name, sides in read.items() for side, n in sides.items() if n}
    return dict(counts) == expected


def half_settled(outcomes: Iterable[Outcome]) -> list[Spot]:
    """Pairs that were written and about which there is more to tell: only another look says what
    of that stands."""
    written: tuple[State, ...] = ("updated", "conflict")
    return [
        (o.entity, o.side, o.key)
        for o in outcomes
        if o.state in written and o.operations and o.detail and o.side == "global"
    ]


def failures(plan: Plan, results: Mapping[str, Result]) -> list[Failure]:
    """The operations that were refused, as failures of the record that they came from."""
    names = {(o.entity, o.side, o.key): o.name for o in plan.outcomes}
    return [
        _failure(operation, results[operation.id], names)
        for operation in plan.operations
        if operation.id in results and results[operation.id].state == "refused"
    ]


def origin(operation: Operation) -> Spot:
    """The record that an operation is about: a create's source, else the Global record."""
    if operation.kind == "code":
        return operation.entity, operation.system, operation.guid or ""
    side: Side = other(operation.system) if operation.kind == "create" else "global"
    return operation.entity, side, operation.key


def _failure(operation: Operation, result: Result, names: Mapping[Spot, str]) -> Failure:
    spot = origin(operation)
    return Failure(
        entity=spot[0],
        side=spot[1],
        key=spot[2],
        name=names.get(spot, spot[2]),
        reason=result.detail,
        remedy=result.remedy or "Correct the record; it is tried again in the next run",
        count=1,
        parked=False,
        payload=masked(operation.after),
    )


def needs_person(outcomes: Iterable[Outcome], *, held_conflicts: bool) -> tuple[str, ...]:
    """What a person has to look at, one sentence per entity and state, and what to approve."""
    found = list(outcomes)
    asked = Counter(o.costs for o in found if _asks(o))
    wanted: dict[State, str] = dict(PERSON)
    if held_conflicts:
        wanted["conflict"] = CONFLICT
    counts: dict[tuple[str, State], Counter[Side]] = {}
    for o in found:
        if o.state in wanted and not _asks(o):
            counts.setdefault((o.entity, o.state), Counter())[o.side] += 1
    left = [
        f"{entity.replace('_', ' ')}: {_places(sides)} {wanted[state]}"
        for (entity, state), sides in sorted(counts.items())
    ]
    costs = [f"{n} × {cost} to approve with --licences {n}" for cost, n in sorted(asked.items())]
    return (*left, *costs)


def _asks(outcome: Outcome) -> bool:
    """Whether a record is held for what it would cost."""
    return bool(outcome.costs) and outcome.state == "held"


def _places(found: Mapping[Side, int]) -> str:
    words = [f"{count} in {NAMED[side]}" for side, count in sorted(found.items()) if count]
    return " and ".join(words)
