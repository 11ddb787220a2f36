"""Two processes that sync one company at the same moment: a few times here, 50 times in
`make kills`, where the time until the second is turned away is measured, too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kills import checker, two
from tests.kills.companies import Phase, Start, prepare

TIMES = 3

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def starts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Phase, Start]]:
    yield prepare(tmp_path_factory.mktemp("two") / "starts", ["sync"])


def test_one_runs_and_the_other_is_turned_away(starts: dict[Phase, Start], tmp_path: Path) -> None:
    pairs, problems = two.at_once(starts["sync"].folder, tmp_path / "at-once", TIMES)
    assert [pair.problems() for pair in pairs] == [[]] * TIMES
    assert problems == []


def test_the_one_turned_away_writes_nothing(starts: dict[Phase, Start], tmp_path: Path) -> None:
    """Both ends are as after the uninterrupted run, though a second one was there."""
    start = starts["sync"]
    two.at_once(start.folder, tmp_path / "once", 0)
    assert checker.compare(start.end, checker.read(tmp_path / "once"), start.before) == []
