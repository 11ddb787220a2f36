"""A document's way through both systems, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

KindName = Literal["invoice", "order", "cost"]
Place = Literal["Severa", "Visma Global", "recon"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: when (a day, or a moment in UTC), where, what, by which run."""

    at: str
    place: Place
    what: str
    amount: Decimal | None = None
    currency: str = ""
    run: str = ""
    rank: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Trace:
    """One document: what it is called in both systems, how it stands, its steps, and what is
    expected next; `why` says what keeps it, since when and for how many runs."""

    entity: str
    key: str
    title: str
    severa: str
    visma_global: str
    party: str
    stands: str
    next: str
    steps: tuple[Step, ...] = ()
    why: str = ""
    since: str = ""
    runs: int = 0


def ordered(steps: list[Step]) -> tuple[Step, ...]:
    """By day, and within a day in the order in which such things happen."""
    return tuple(sorted(steps, key=lambda step: (step.at[:10], step.rank, step.at)))
