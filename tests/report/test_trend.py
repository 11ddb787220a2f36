"""The trend: earlier runs over the same entities, this run last, each a point of its own."""

from __future__ import annotations

from dataclasses import replace

from recon.report import data, trend
from recon.shapes import Facts
from tests.report.test_data import TREND, sheet


def test_the_trend_ends_with_this_run_once(facts: Facts) -> None:
    again = [*TREND, {**TREND[0], "run": facts.run}]
    rows = sheet(data.reconciliation(facts, again), "Trend").rows
    assert [row[0] for row in rows] == [
        "2026-11-24 09:30",
        "2026-11-12 07:00",
        "2026-11-11 07:00",
        "2026-11-10 07:00",
    ]
    assert [row[4] for row in rows] == [3, 3, 4, 5]


def test_a_run_over_other_entities_or_that_read_nothing_is_no_point(facts: Facts) -> None:
    narrowed = {**TREND[0], "linked": {"customer": 3}}
    failed = {"run": "r9", "entities": {}, "linked": {}}
    assert len(trend.points(facts, [narrowed, failed, *TREND])) == 4


def test_a_point_counts_links_differences_held_and_failures(facts: Facts) -> None:
    (point,) = trend.points(facts, [])
    assert trend.measured(point) == {
        "Linked": 5,
        "Differing": 2,
        "Held": 3,
        "Waiting": 1,
        "Failures": 1,
    }


def test_two_runs_of_one_minute_are_two_points(facts: Facts) -> None:
    twice = [{**TREND[0], "run": "ra"}, {**TREND[0], "run": "rb"}]
    chart = trend.chart(trend.points(facts, twice), "")
    labels = list(dict.fromkeys(row[0] for row in chart.rows))
    assert labels == ["2026-11-10 06:00 UTC", "2026-11-10 06:00 UTC (2)", "2026-11-24 08:30 UTC"]


def test_the_picture_shows_the_last_runs(facts: Facts) -> None:
    many = [{**TREND[0], "run": f"r{at}"} for at in range(100)]
    chart = trend.chart(trend.points(facts, many), "")
    assert len({row[0] for row in chart.rows}) == trend.MOST_POINTS


def test_runs_say_what_they_wrote_and_what_needs_a_person(facts: Facts) -> None:
    from recon.document import document

    looked = replace(facts, command="plan")
    rows = trend.runs([document(facts), document(looked)], "").rows
    assert rows[0][3:6] == (1, 1, 0)
    assert rows[1][3:6] == (0, 0, 0)
    assert rows[0][-2:] == ("needs a person", "1 proposal holds 2 records; 1 record was refused")
