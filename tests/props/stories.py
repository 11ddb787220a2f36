"""Stories by Hypothesis, which shrinks a bad one to the few acts that matter."""

from __future__ import annotations

import sys
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st

from tests.props.acts import EDITS, MOVES, NEW, ODD, Step
from tests.props.story import Ended, Round, tell

PLAIN = tuple(name for name in EDITS if not name.startswith("silently"))
SILENT = tuple(name for name in EDITS if name.startswith("silently"))
# By how often each is drawn.
GROUPS = (PLAIN, PLAIN, PLAIN, PLAIN, tuple(NEW), tuple(MOVES), SILENT, tuple(ODD))
MOST, TOGETHER = 39, 5
NUMBERS = st.integers(0, MOST)
STEP = st.one_of(
    st.none(), *(st.builds(Step, st.sampled_from(group), NUMBERS, NUMBERS) for group in GROUPS)
)
# Lists of Hypothesis are short: acts come in handfuls, so that a round has about 25.
HANDFUL = st.lists(STEP, min_size=TOGETHER, max_size=TOGETHER)
ACTS = st.lists(HANDFUL, max_size=10)


@st.composite
def _rounds(draw: st.DrawFn) -> Round:
    steps = tuple(step for handful in draw(ACTS) for step in handful if step)
    return Round(steps, whole=draw(st.booleans()), later=draw(st.booleans()))


STORY = st.lists(_rounds(), min_size=1, max_size=12)


def check(
    number: int,
    stories: int,
    phases: tuple[Phase, ...] = (Phase.generate, Phase.shrink),
    heard: Callable[[Ended], object] = lambda ended: None,
) -> int:
    """Check so many stories (the first one is empty) from a seed; the number of acts judged.

    `heard` is told of each story; a bad one is shrunk and shown by Hypothesis.
    """
    done = 0

    @seed(number)
    @settings(
        max_examples=stories,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    @given(STORY)
    def judged(rounds: list[Round]) -> None:
        nonlocal done
        ended = tell(rounds)
        done += ended.acts
        heard(ended)
        if ended.problems:  # Hypothesis says less where a story is bad only now and then.
            print(rounds, *ended.problems, sep="\n", file=sys.stderr, flush=True)
        for one in filter(lambda one: one.steps, rounds):
            note(str(one))
        assert not ended.problems, "\n".join(ended.problems)

    judged()
    return done
