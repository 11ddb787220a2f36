"""What a person is told of how records ended."""

from __future__ import annotations

from recon.outcomes import needs_person
from recon.shapes import Outcome


def test_what_is_held_for_its_cost_is_to_approve_not_to_correct() -> None:
    ended = [
        Outcome("staff", "global", "1", "A", "held", costs="licence of type Employee"),
        Outcome("staff", "global", "2", "B", "held", costs="licence of type Employee"),
        Outcome("staff", "global", "3", "C", "held"),
        Outcome("staff", "global", "4", "D", "refused", costs="licence of type Employee"),
        Outcome("staff", "global", "5", "E", "created", costs="licence of type Employee"),
    ]
    assert needs_person(ended, held_conflicts=False) == (
        "staff: 1 in Visma Global held until you decide or correct them",
        "staff: 1 in Visma Global refused",
        "2 × licence of type Employee to approve with --licences 2",
    )
