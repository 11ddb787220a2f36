"""Pictures: the data as given, drawn without a network."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from recon.report import charts, data
from recon.report.shapes import Chart
from recon.report.trend import SERIES
from recon.report.words import STANDINGS, STATES
from recon.shapes import Facts
from tests.report.conftest import CANARIES
from tests.report.test_data import TREND


def drawn(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(charts.svg(chart))  # noqa: S314 (our own picture)


def test_outcomes_are_bars_per_entity_and_side(facts: Facts) -> None:
    (chart,) = data.run(facts).charts
    words = {(node.text or "").strip() for node in drawn(chart).iter()}
    assert {"Customer · Visma Global (5)", "Customer · Visma Severa (4)", "held", "drift"} <= words


def test_standing_and_trend_are_drawn(facts: Facts) -> None:
    for chart, word in zip(
        data.reconciliation(facts, TREND).charts, ("Only in Severa", "Failures"), strict=True
    ):
        words = {(node.text or "").strip() for node in drawn(chart).iter()}
        assert word in words


def test_one_run_alone_is_no_trend(facts: Facts) -> None:
    assert data.reconciliation(facts).charts[1].rows == ()


def test_every_word_has_a_colour_of_its_own() -> None:
    for colours, words in (
        (charts.STATE_COLOURS, STATES),
        (charts.STANDING_COLOURS, STANDINGS),
        (charts.TREND_COLOURS, SERIES),
    ):
        assert set(colours) == set(words)
        assert len(set(colours.values())) == len(colours)


def test_hostile_names_are_only_words() -> None:
    rows = tuple((f"{text}\x00", "held", 1) for text in CANARIES)
    picture = drawn(Chart("outcomes", "t", "n", rows))
    tags = {node.tag.rpartition("}")[2] for node in picture.iter()}
    assert not {"script", "a", "image", "foreignObject"} & tags


@pytest.mark.parametrize("kind", ["outcomes", "standing", "trend"])
def test_no_rows_make_no_picture(kind: str) -> None:
    chart = Chart(kind, "t", "n", ())  # type: ignore[arg-type]
    assert charts.svg(chart) == ""
    assert charts.png(chart) == b""


def test_pictures_follow_the_ink_of_the_page_and_are_dark_on_paper(facts: Facts) -> None:
    (chart,) = data.run(facts).charts
    assert charts.INK in charts.svg(chart)
    assert charts.INK not in charts.on_paper(charts.svg(chart))
    assert charts.png(chart).startswith(b"\x89PNG")


def test_counts_stand_in_the_pieces_and_small_ones_are_still_visible() -> None:
    rows = (("Customers", "held", 1), ("Customers", "unchanged", 99_999))
    (pieces,) = [list(charts._pieces(list(rows), charts.STATE_COLOURS))]
    assert [piece["said"] for piece in pieces] == ["", "99 999"]
    assert pieces[0]["end"] - pieces[0]["start"] > 0.003
    assert pieces[-1]["end"] == pytest.approx(1)
    assert pieces[0]["group"] == "Customers (100 000)"
