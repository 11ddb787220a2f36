"""A plan in the making: what planning has brought so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from recon.links import Links
from recon.shapes import Difference, Link, Operation, Outcome, Proposal, Record, Side, State
from recon.situation import Situation, Spot

NAMED: dict[Side, str] = {"global": "Visma Global", "severa": "Severa"}


@dataclass(slots=True)
class Desk:
    """What planning has brought so far."""

    now: Situation
    links: Links
    operations: list[Operation] = field(default_factory=list)
    outcomes: dict[Spot, Outcome] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    rebased: list[Link] = field(default_factory=list)
    creating: dict[Spot, str] = field(default_factory=dict)

    def end(self, record: Record, state: State, detail: str = "", *operations: str) -> None:
        """The state in which a record would end the run."""
        spot = (record.entity, record.side, record.key)
        since = self.now.held_since.get(spot)
        if since and state == "held":
            detail = f"{detail} (held since {since[:10]})"
        name = record.name
        self.outcomes[spot] = Outcome(*spot, name, state, detail, operations)

    def state(self, spot: Spot) -> State | None:
        """The state that a record has got so far."""
        outcome = self.outcomes.get(spot)
        return outcome.state if outcome else None
