"""Nothing that users do between syncs is lost, goes to and fro, or is made twice (seed 1)."""

from __future__ import annotations

import pytest

from tests.props import stories
from tests.props.stories import check
from tests.props.story import Ended

pytestmark = pytest.mark.long


def test_no_change_is_lost_sent_back_or_made_twice():
    """A bad story is printed with its fewest acts: tell it with tests.props.story.tell."""
    assert check(number=1, stories=10) >= 1200


def test_a_bad_story_shrinks_to_the_act_that_matters(monkeypatch):
    def tell(rounds):
        acts = [step for one in rounds for step in one.steps]
        bad = [step.act for step in acts if step.act == "merge customers" and step.which > 3]
        return Ended(len(acts), 0, bad[:1])

    monkeypatch.setattr(stories, "tell", tell)
    with pytest.raises(AssertionError) as raised:
        stories.check(number=1, stories=7)
    shown = "\n".join(raised.value.__notes__)
    assert shown.count("Step(") == 1 and "Step('merge customers', 4, 0)" in shown
