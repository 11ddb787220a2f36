"""All that a plan is made from: what both systems hold, what is linked, decided, parked, held."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from recon.links import Links
from recon.mirror import Mirror
from recon.rulings import Ruling
from recon.rulings import Spot as Ruled
from recon.settings import Profile
from recon.shapes import Decision, Record, Side, Spot
from recon.spec import Context, Entity


@dataclass(frozen=True, slots=True)
class Situation:
    """The input of a plan; nothing here is changed by planning.

    `converted` translates guids of the older API (None: points to nothing). `verdicts` are
    persons' decisions by entity and pair, `decisions` the same with who, when and why, `rulings`
    what they said of initial differences. `parked` and `absent` (full reads in which
    a linked record was missing) are by (entity, side, key). `unknown` are creates whose outcome
    is not known yet. `shown` says that a person is shown this plan before it is applied; `licences`
    is how many new records that cost something he has approved. `length` is how many characters a
    column of Global takes (table, column; None: no limit known).
    """

    profile: Profile
    entities: tuple[Entity, ...]
    mirror: Mirror
    links: Links
    context: Context
    run: str
    shown: bool
    converted: Mapping[str, str | None] = field(default_factory=dict)
    verdicts: Mapping[str, Mapping[tuple[str, str], str]] = field(default_factory=dict)
    decisions: Mapping[tuple[str, str, str], Decision] = field(default_factory=dict)
    rulings: Mapping[Ruled, Ruling] = field(default_factory=dict)
    parked: Mapping[Spot, Any] = field(default_factory=dict)
    absent: Mapping[Spot, int] = field(default_factory=dict)
    unknown: Mapping[Spot, str] = field(default_factory=dict)
    licences: int = 0
    length: Callable[[str, str], int | None] = lambda _table, _column: None

    def records(self, entity: Entity, side: Side) -> dict[str, Record]:
        """The mirror's records of an entity on a side."""
        return self.mirror.records(entity.name, side)
