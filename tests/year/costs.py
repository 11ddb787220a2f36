"""The judge of a year's supplier lines: which must have a project fee in Severa, and what it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.year.held import Held


@dataclass
class Costs:
    """What is wrong with the costs, and the outcome of each line."""

    faults: list[str] = field(default_factory=list)
    outcomes: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    totals: dict[tuple[str, str, str], Any] = field(default_factory=dict)


def judge(known: Held) -> Costs:
    """Judge the supplier lines, where the company transfers them."""
    return Costs()
