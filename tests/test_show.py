"""What notebooks show: plain tables that are cut and escaped, pictures in two forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from recon import displays, show
from recon.document import document
from recon.report.documents import Documents, Kind, Stage
from recon.report.shapes import Column, Sheet
from recon.shapes import Facts, Finding
from tests.report.conftest import (  # noqa: F401 (fixtures)
    empty,
    facts,
    hostile,
    plan,
)
from tests.report.test_data import TREND
from tests.report.test_html import Page


@dataclass(frozen=True)
class Verdict:
    ok: str
    name: str
    text: str
    todo: str = ""


OF_FACTS = (
    show.checklist,
    show.findings,
    show.proposals,
    show.outcomes,
    show.summary,
    show.person,
    show.differences,
    show.held,
    show.failures,
    show.calls,
    show.written,
    show.plan,
    show.licences,
    show.to_decide,
    show.changes,
    show.codes,
    show.creations,
    show.links,
    show.standing,
    show.check,
    show.by_field,
    show.out_of_scope,
    show.run,
    show.moved,
)
OF_PICTURES = (show.picture, show.standing_picture)


def markup(shown: Any) -> str:
    return str(shown._repr_html_())


@pytest.mark.parametrize("make", OF_FACTS)
def test_hostile_texts_are_only_words(
    make: Callable[[Facts], Any],
    hostile: Facts,  # noqa: F811
) -> None:
    page = Page(markup(make(hostile)))
    assert not {"script", "img", "a"} & set(page.tags)


@pytest.mark.parametrize("make", OF_FACTS)
def test_an_empty_run_can_be_shown(
    make: Callable[[Facts], Any],
    empty: Facts,  # noqa: F811
) -> None:
    assert Page(markup(make(empty))).words


def test_long_tables_are_cut_and_say_where_the_rest_is(facts: Facts) -> None:  # noqa: F811
    many = tuple(
        Finding("email_invalid", "customer", "warning", "global", str(at), "no @")
        for at in range(100)
    )
    text = markup(show.findings(replace(facts, findings=many)))
    assert text.count("<tr>") == displays.MOST_ROWS + 1
    assert "The first 25 of 100" in text and "recon report" in text


def test_verdicts_show_first_what_is_wrong() -> None:
    found = [
        Verdict("ok", "Global", "answers"),
        Verdict("warning", "Clock", "ahead", "Set it"),
        Verdict("failed", "Severa", "refused", "Ask"),
    ]
    words = Page(markup(show.verdicts(found))).words
    assert [w for w in words if w in ("Severa", "Clock", "Global")] == ["Severa", "Clock", "Global"]
    assert [w for w in words if w in ("no", "warning", "yes")] == ["no", "warning", "yes"]
    assert "Ask" in words


@pytest.mark.parametrize("make", OF_PICTURES)
def test_pictures_have_a_form_for_every_viewer(
    make: Callable[[Facts], Any],
    facts: Facts,  # noqa: F811
    empty: Facts,  # noqa: F811
) -> None:
    bundle = make(facts)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/svg+xml", "image/png"}
    assert set(make(empty)._repr_mimebundle_()) == {"text/plain"}


def test_the_trend_ends_with_this_run(facts: Facts) -> None:  # noqa: F811
    groups = [row[0] for row in show.trend(facts, TREND).chart.rows]
    assert list(dict.fromkeys(groups))[-1] == "2026-11-24 09:30"


def test_the_last_runs_are_shown_as_given_and_lost_documents_left_out(
    facts: Facts,  # noqa: F811
) -> None:
    rows = show.runs(facts, [{"document": document(facts)}, {"document": {}}]).sheet.rows
    assert [row[1] for row in rows] == ["Sync"]


def test_a_plan_is_shown_by_what_it_does(plan: Facts) -> None:  # noqa: F811
    assert show.plan(plan).sheet.rows[-1][-1] == 5
    assert [table.sheet.count for table in show.creations(plan).tables] == [1]
    assert show.changes(plan).sheet.count == 2
    assert show.codes(plan).sheet.count == 1
    assert show.links(plan).sheet.count == 1
    empty_plan = replace(plan, operations=())
    assert "Nothing." in markup(show.creations(empty_plan))


def test_guids_and_empty_columns_are_not_shown(plan: Facts) -> None:  # noqa: F811
    text = markup(show.links(plan)) + markup(show.differences(plan)) + markup(show.written(plan))
    assert "00000000-0000" not in text
    assert "Belongs to" not in markup(show.links(plan))


def test_a_cut_table_still_shows_its_totals(facts: Facts) -> None:  # noqa: F811
    outside = facts.outcomes[6]
    words = "abcdefghijklmnopqrstuvwxyzæøå"
    many = tuple(replace(outside, key=word, detail=f"rule {word}") for word in words)
    text = markup(show.out_of_scope(replace(facts, outcomes=many)))
    assert f"The first 25 of {len(words)}" in text
    assert text.rindex("All") > text.rindex("rule ")


def test_differences_can_be_narrowed(facts: Facts) -> None:  # noqa: F811
    shown = show.differences(facts, "drift")
    assert isinstance(shown, displays.Table)
    assert {row[0] for row in shown.sheet.rows} == {"drift"}


@pytest.mark.parametrize(
    "make",
    [
        show.outcomes,
        show.picture,
        show.summary,
        show.person,
        show.written,
        show.differences,
        show.failures,
        show.calls,
    ],
)
def test_what_was_not_approved_was_not_written(make: Callable[[None], Any]) -> None:
    assert "not been approved" in markup(make(None))


def test_a_sandbox_is_said_to_be_one(facts: Facts) -> None:  # noqa: F811
    assert "SANDBOX" in show.run(facts).text
    assert "SANDBOX" not in show.run(replace(facts, sandbox=False)).text


def test_reports_are_named_with_their_folder() -> None:
    words = Page(markup(show.files([Path("reports") / "run.html"]))).words
    assert {"run.html", "reports"} <= set(words)


def test_documents_are_shown_once_they_run(facts: Facts) -> None:  # noqa: F811
    none = Documents()
    for shown in (show.money(none), show.documents(none, facts)):
        assert "names no date" in shown._repr_html_()  # type: ignore[union-attr]
    stages = (Stage("Drafted", 1, Decimal(1250)), Stage("Paid", 1, Decimal(500)))
    found = Documents((Kind("invoice", (), ()),), stages, "NOK")
    picture = show.money(found)
    assert isinstance(picture, displays.Picture)
    assert "<svg" in picture._repr_mimebundle_()["image/svg+xml"]
    assert "Documents by month" in show.documents(found, facts)._repr_html_()  # type: ignore[union-attr]


def test_pairs_of_columns_are_joined_line_by_line_to_save_room() -> None:
    titles = ("Number", "Name", "Where", "Since")
    sheet = Sheet("A", "A", "", tuple(map(Column, titles)), (("1\n2", "A\nB\nand 3 more", 5, 6),))
    found = displays.narrowed(sheet, {Column("Record"): ("Number", "Name")}, ("Since",))
    assert [column.title for column in found.columns] == ["Record", "Where"]
    assert found.rows == (("1 A; 2 B; and 3 more", 5),)
