"""Nothing that users do between syncs is lost, goes to and fro, or is made twice (seed 2)."""

from __future__ import annotations

import pytest

from tests.props.stories import check

pytestmark = pytest.mark.long


def test_no_change_is_lost_sent_back_or_made_twice():
    """A bad story is printed with its fewest acts: tell it with tests.props.story.tell."""
    assert check(number=2, stories=10) >= 800
