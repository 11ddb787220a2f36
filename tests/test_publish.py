"""When a run leaves a report, and from which runs the trend is drawn."""

from __future__ import annotations

import json
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from recon import store as memory
from recon.document import document
from recon.publish import MOST_POINTS, trend
from recon.shapes import Facts
from tests.engine import store


def run(name: str, **more: Any) -> Facts:
    return Facts(name, "sync", "AS", False, "2026-11-24T08:00:00+00:00", 1.0, 0, {}, **more)


def bench(rows: Iterable[dict[str, Any]]) -> Any:
    made = store()
    with made.write("runs") as writer:
        writer.put(memory.run, list(rows), ("run",))
    return SimpleNamespace(store=made)


def row(facts: Facts, **more: Any) -> dict[str, Any]:
    known = {
        "run": facts.run,
        "command": facts.command,
        "who": "",
        "started": facts.started,
        "ended": "",
        "exit_code": 0,
        "document": json.dumps(document(facts)),
    }
    return {**known, **more}


def days(count: int, each: int) -> list[dict[str, Any]]:
    return [
        row(
            run(f"{day:03}-{at:03}"),
            started=f"2026-{day // 28 + 1:02}-{day % 28 + 1:02}T{at:02}:00",
        )
        for day in range(count)
        for at in range(each)
    ]


@pytest.mark.parametrize(
    ("rows", "first", "last", "count"),
    [
        (days(3, 10), "000-000", "002-009", 30),
        (days(3, 20), "001-000", "002-019", MOST_POINTS),
        (days(60, 4), "020-003", "059-003", MOST_POINTS),
        (days(12, 20), "000-019", "011-019", 12),
    ],
)
def test_a_trend_is_drawn_from_the_last_runs_or_the_last_of_each_day(
    rows: list[dict[str, Any]], first: str, last: str, count: int
) -> None:
    found = [one["run"] for one in trend(bench(rows))]
    assert (found[0], found[-1], len(found)) == (first, last, count)


def test_a_run_that_could_not_be_done_is_no_point() -> None:
    rows = [row(run("r1")), row(run("r2"), exit_code=3)]
    assert [one["run"] for one in trend(bench(rows))] == ["r1"]
