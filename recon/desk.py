"""A plan in the making: what planning has brought so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from recon.links import Links
from recon.shapes import (
    Decision,
    Difference,
    Link,
    Operation,
    Outcome,
    Proposal,
    Record,
    Side,
    Spot,
    State,
    other,
)
from recon.situation import Situation
from recon.spec import Field

NAMED: dict[Side, str] = {"global": "Visma Global", "severa": "Severa"}


@dataclass(slots=True)
class Desk:
    """What planning has brought so far; `creating` names, by record, the operation that gives it
    its counterpart in this plan (a create, or a new link): what rests on the record needs it."""

    now: Situation
    links: Links
    operations: list[Operation] = field(default_factory=list)
    outcomes: dict[Spot, Outcome] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    initial: list[Difference] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    rebased: list[Link] = field(default_factory=list)
    coming: dict[Spot, str] = field(default_factory=dict)
    _apart: dict[Spot, list[Decision]] | None = None

    def said_apart(self, record: Record) -> list[Decision]:
        """The decisions that this record and another one are different."""
        if self._apart is None:
            self._apart = {}
            for one in self.now.decisions.values():
                if one.verdict == "different":
                    for side, key in (("global", one.global_key), ("severa", one.severa_guid)):
                        spot: Spot = (one.entity, side, key)  # type: ignore[assignment]
                        self._apart.setdefault(spot, []).append(one)
        return self._apart.get((record.entity, record.side, record.key), [])

    def end(self, record: Record, state: State, detail: str = "", *operations: str) -> None:
        """The state in which a record would end the run."""
        spot = (record.entity, record.side, record.key)
        own = (record.number or "", record.parent or "", self._partner(record))
        self.outcomes[spot] = Outcome(*spot, record.name, state, detail, operations, *own)

    def _partner(self, record: Record) -> str:
        key = self.links.counterpart(record.entity, record.side, record.key) or ""
        found = self.now.mirror.records(record.entity, other(record.side))
        return key if key in found else ""

    def waits_for(self, one: Field, side: Side, key: str) -> str:
        """In words, which record a reference waits for, and in which state that one is."""
        outcome = self.outcomes.get((one.refers, side, key))
        if outcome is None:
            return f"waits for its {one.title.lower()} {key}, which is not linked yet"
        return f"waits for its {one.title.lower()} {outcome.name}, which is {outcome.state}"

    def state(self, spot: Spot) -> State | None:
        """The state that a record has got so far."""
        outcome = self.outcomes.get(spot)
        return outcome.state if outcome else None
