"""Counts: outcomes that must add up to the records read, and where both systems stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from recon.report.words import STANDINGS, STATES, standing_of
from recon.shapes import SIDES, Facts, Side, State


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of one entity's records on one side."""

    entity: str
    side: Side
    read: int
    states: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def verdict(self) -> str:
        """`yes` if the outcomes add up to the records read, else `no:` and by how much."""
        gap = self.read - self.total
        if not gap:
            return "yes"
        return f"no: {abs(gap)} {'missing' if gap > 0 else 'too many'}"


def tallies(facts: Facts) -> tuple[Tally, ...]:
    """One per entity and side that was read or has outcomes, in the order of the run."""
    counts: dict[tuple[str, Side], Counter[str]] = {}
    for outcome in facts.outcomes:
        counts.setdefault((outcome.entity, outcome.side), Counter())[outcome.state] += 1
    entities = dict.fromkeys([*facts.read, *(entity for entity, _ in counts)])
    return tuple(
        Tally(entity, side, facts.read.get(entity, {}).get(side, 0), counts.get((entity, side), {}))
        for entity in entities
        for side in SIDES
        if side in facts.read.get(entity, {}) or (entity, side) in counts
    )


def closed(facts: Facts) -> bool:
    """Whether every entity and side adds up."""
    return facts.balanced and all(tally.verdict == "yes" for tally in tallies(facts))


def standing(sides: Mapping[Side, Mapping[str, int]], command: str) -> dict[str, int]:
    """Counts per word of `STANDINGS` from states per side, after a run of this command.

    Both records of a linked pair end in the same state, so that the side with more of them tells
    the pairs; a record that was created had no partner to be read, and counts by itself.
    """
    here, there = (_groups(sides.get(side, {}), command) for side in SIDES)
    both = {name: max(here[name], there[name]) for name in ("equal", "differing", "unlinked")}
    counts = (
        here["new"] + there["new"] + both["equal"],
        both["differing"],
        both["unlinked"],
        here["only"],
        there["only"],
        here["outside"] + there["outside"],
        here["unsettled"] + there["unsettled"],
    )
    return dict(zip(STANDINGS, counts, strict=True))


def _groups(states: Mapping[str, int], command: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for state, count in states.items():
        found[standing_of(cast(State, state), command)] += count
    return found


def standings(facts: Facts) -> dict[str, dict[str, int]]:
    """Where both systems stand, per entity."""
    found: dict[str, dict[Side, Mapping[str, int]]] = {}
    for tally in tallies(facts):
        found.setdefault(tally.entity, {})[tally.side] = tally.states
    return {entity: standing(sides, facts.command) for entity, sides in found.items()}


def document_standing(document: Mapping[str, Any]) -> dict[str, int]:
    """Where both systems stood after an earlier run, all entities together.

    `document` is what `--json` printed: `command` and `entities` {name: {side: {outcome: n}}}.
    """
    total: Counter[str] = Counter(dict.fromkeys(STANDINGS, 0))
    command = str(document.get("command", ""))
    for sides in (document.get("entities") or {}).values():
        total.update(standing({side: _counts(sides.get(side)) for side in SIDES}, command))
    return dict(total)


def _counts(side: Mapping[str, int] | None) -> dict[str, int]:
    return {name: count for name, count in (side or {}).items() if name != "read"}


def states_seen(found: Iterable[Tally]) -> tuple[State, ...]:
    """The states that occur, in the order in which the states are explained."""
    seen = {state for tally in found for state in tally.states}
    return tuple(state for state in STATES if state in seen)
