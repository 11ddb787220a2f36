"""What notebooks show: plain tables that are cut and escaped, pictures in two forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from recon import show
from recon.shapes import Facts, Finding, Plan
from tests.report.conftest import (  # noqa: F401 (fixtures)
    empty,
    facts,
    hostile,
    plan,
)
from tests.report.test_html import Page


@dataclass(frozen=True)
class Verdict:
    ok: bool
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
    show.standing,
    show.run,
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
    assert text.count("<tr>") == show.MOST_ROWS + 1
    assert "The first 25 of 100" in text and "recon report" in text


def test_verdicts_show_first_what_is_wrong() -> None:
    found = [Verdict(True, "Global", "answers"), Verdict(False, "Severa", "refused", "Ask")]
    words = Page(markup(show.verdicts(found))).words
    assert words.index("Severa") < words.index("Global")
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


def test_the_trend_takes_the_newest_run_first(facts: Facts) -> None:  # noqa: F811
    entities = {"customer": {"global": {"held": 2}}}
    runs = [{"document": {"run": f"r{at}", "entities": entities}} for at in (2, 1)]
    groups = [row[0] for row in show.trend(facts, runs).chart.rows]
    assert list(dict.fromkeys(groups)) == ["r1", "r2", "2026-11-24 08:30:15"]


def test_a_plan_shows_what_it_changes_before_what_it_connects(plan: Plan) -> None:  # noqa: F811
    kinds = [row[2] for row in show.changes(plan).sheet.rows]
    assert kinds == sorted(kinds, key=lambda kind: kind == "link")
    assert show.changes(replace(plan, operations=())).sheet.rows == ()
    assert [row[-1] for row in show.plan(plan).sheet.rows][-1] == 3


def test_differences_can_be_narrowed(facts: Facts) -> None:  # noqa: F811
    shown = show.differences(facts, "drift")
    assert isinstance(shown, show.Table)
    assert {row[0] for row in shown.sheet.rows} == {"drift"}


@pytest.mark.parametrize(
    "make", [show.outcomes, show.picture, show.summary, show.person, show.failures, show.calls]
)
def test_what_was_not_approved_was_not_written(make: Callable[[None], Any]) -> None:
    assert "not been approved" in markup(make(None))


def test_a_sandbox_is_said_to_be_one(facts: Facts) -> None:  # noqa: F811
    assert "SANDBOX" in show.run(facts).text
    assert "SANDBOX" not in show.run(replace(facts, sandbox=False)).text


def test_reports_are_named_with_their_folder() -> None:
    words = Page(markup(show.files([Path("reports") / "run.html"]))).words
    assert {"run.html", "reports"} <= set(words)
