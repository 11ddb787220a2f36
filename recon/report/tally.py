"""Counts: outcomes that must add up to the records read, and where both systems stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recon.report.words import STANDINGS, STATES, standing_of
from recon.shapes import SIDES, WRITES, Facts, Side, State


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of one entity's records on one side: by state, and by where they stand now."""

    entity: str
    side: Side
    read: int
    states: Mapping[str, int]
    stands: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def verdict(self) -> str:
        """`yes` if the outcomes add up to the records read, else `no:` and by how much."""
        gap = self.read - self.total
        if not gap:
            return "yes"
        return f"no: {abs(gap):,} {'missing' if gap > 0 else 'too many'}"


def tallies(facts: Facts) -> tuple[Tally, ...]:
    """One per entity and side that was read or has outcomes, in the order of the run."""
    states: dict[tuple[str, Side], Counter[str]] = {}
    stands: dict[tuple[str, Side], Counter[str]] = {}
    wrote = facts.command in WRITES
    for outcome in facts.outcomes:
        spot = (outcome.entity, outcome.side)
        states.setdefault(spot, Counter())[outcome.state] += 1
        stands.setdefault(spot, Counter())[standing_of(outcome, wrote)] += 1
    entities = dict.fromkeys([*facts.read, *(entity for entity, _ in states)])
    return tuple(
        Tally(
            entity,
            side,
            facts.read.get(entity, {}).get(side, 0),
            states.get((entity, side), {}),
            stands.get((entity, side), {}),
        )
        for entity in entities
        for side in SIDES
        if facts.read.get(entity, {}).get(side) or (entity, side) in states
    )


def closed(facts: Facts, found: Iterable[Tally]) -> bool:
    """Whether every entity and side adds up."""
    return facts.balanced and all(tally.verdict == "yes" for tally in found)


def standing(here: Mapping[str, int], there: Mapping[str, int]) -> dict[str, int]:
    """Counts per word of `STANDINGS` from where the records of Global and of Severa stand.

    Both records of a linked pair stand alike, so that the side with more of them tells the pairs;
    a record that was created had no partner to be read, and counts by itself.
    """
    both = {
        name: max(here.get(name, 0), there.get(name, 0))
        for name in ("equal", "differing", "unlinked")
    }
    counts = (
        here.get("new", 0) + there.get("new", 0) + both["equal"],
        both["differing"],
        both["unlinked"],
        here.get("only", 0),
        there.get("only", 0),
        here.get("outside", 0) + there.get("outside", 0),
        here.get("unsettled", 0) + there.get("unsettled", 0),
    )
    return dict(zip(STANDINGS, counts, strict=True))


def standings(found: Iterable[Tally]) -> dict[str, dict[str, int]]:
    """Where both systems stand, per entity."""
    sides: dict[str, dict[Side, Mapping[str, int]]] = {}
    for tally in found:
        sides.setdefault(tally.entity, {})[tally.side] = tally.stands
    return {
        entity: standing(found.get("global", {}), found.get("severa", {}))
        for entity, found in sides.items()
    }


def states_seen(found: Iterable[Tally]) -> tuple[State, ...]:
    """The states that occur, in the order in which the states are explained."""
    seen = {state for tally in found for state in tally.states}
    return tuple(state for state in STATES if state in seen)
