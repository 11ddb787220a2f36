"""Whatever stands in the data, a page has the same elements and a workbook only plain cells."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recon import show
from recon.cli.show import Screen
from recon.report import data, excel, html
from recon.report.shapes import Document
from recon.report.words import TONES
from recon.shapes import Facts
from tests.report.conftest import (
    CANARIES,
    DIFFERENCES,
    FAILURES,
    FINDINGS,
    OUTCOMES,
    PROPOSALS,
    operation,
)
from tests.report.test_html import Page

pytestmark = pytest.mark.slow

MAKES = (data.run, data.checklist, data.proposals, data.reconciliation)
SHOWN = (show.findings, show.proposals, show.person, show.differences, show.held, show.failures)
DANGEROUS = (
    *CANARIES,
    "=1+1",
    "=cmd|' /C calc'!A0",
    "\n=1+1",
    " =1+1",
    "'=1+1",
    "{=1+1}",
    "|calc",
    "%0A=1",
    "＝1+1",
    "<svg onload=alert(1)>",
    "</td><script>1</script>",
    "</style><b>",
    "<!--",
    "]]>",
    "' onmouseover='x",
    '" onmouseover="x',
    "data:text/html,<script>1</script>",
    "\\\\server\\share",
    "file:///etc/passwd",
    "[a](javascript:alert(1))",
    "$$x$$",
    "&lt;b&gt;&amp;#61;",
    "&#x3c;script&#x3e;",
    "_x000D_=1",
    "\x00=1",
    "\x1b[2J\x1b]0;x\x07",
    "\u202e=1\u202c",
    "\u2066a\u2069",
    "\u200f+1",
    "\ufeff=1",
    "\ud800",
    "\uffff",
    "x" * 40_000,
    "=" + "A" * 40_000,
)
HOSTILE = st.one_of(
    st.sampled_from(DANGEROUS),
    st.text(max_size=40),
    st.tuples(st.sampled_from(DANGEROUS), st.text(max_size=8)).map("".join),
    st.tuples(st.text(max_size=8), st.sampled_from(DANGEROUS)).map("".join),
)
PATIENT = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def filled(facts: Facts, text: str) -> Facts:
    """The run with one text wherever data can stand."""
    outcomes = (replace(o, key=text, name=text, detail=text) for o in OUTCOMES)
    differences = (
        replace(d, name=text, global_value=text, severa_value=text, text=text) for d in DIFFERENCES
    )
    return replace(
        facts,
        company=text,
        outcomes=tuple(outcomes),
        differences=tuple(differences),
        findings=tuple(replace(f, key=text, text=text, where_to_fix=text) for f in FINDINGS),
        proposals=tuple(
            replace(p, global_key=text, severa_guid=text, evidence=(text,), rivals=(text,))
            for p in PROPOSALS
        ),
        failures=tuple(
            replace(f, name=text, reason=text, remedy=text, payload={text or "a": text})
            for f in FAILURES
        ),
        operations=((operation(1, text=text), "done", text),),
        needs_person=(text,),
        error=text,
    )


def skeleton(markup: str) -> list[Any]:
    """The elements of a page and their attributes, in order."""
    page = Page(markup)
    return [page.tags, page.attributes]


def tame(text: str) -> bool:
    """A word of ours has its own colour, and an empty text leaves something out."""
    return text.split(":")[0] not in TONES and bool(text.strip())


@pytest.mark.parametrize("make", MAKES)
@PATIENT
@given(text=HOSTILE)
@example(text=DANGEROUS[0])
def test_a_page_has_the_same_elements_whatever_the_data(
    make: Callable[[Facts], Document], facts: Facts, text: str
) -> None:
    if tame(text):
        made = skeleton(html.render(make(filled(facts, text))))
        assert made == skeleton(html.render(make(filled(facts, "plain"))))


@pytest.mark.parametrize("make", SHOWN)
@PATIENT
@given(text=HOSTILE)
def test_a_notebook_has_the_same_elements_whatever_the_data(
    make: Callable[[Facts], Any], facts: Facts, text: str
) -> None:
    if tame(text):
        made = make(filled(facts, text))
        assert skeleton(made._repr_html_()) == skeleton(make(filled(facts, "a"))._repr_html_())
        assert text not in repr(made) or len(text) < 3


@pytest.mark.parametrize("make", MAKES)
@PATIENT
@given(text=HOSTILE)
def test_a_workbook_has_only_plain_cells_whatever_the_data(
    make: Callable[[Facts], Document], facts: Facts, text: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = excel.write(make(filled(facts, text)), Path(folder) / "book.xlsx")
        inert(path)


def inert(path: Path) -> int:
    """Fail for anything live in a workbook; gives the number of cells that hold text."""
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert not list(book.defined_names)
    with ZipFile(path) as parts:
        names = parts.namelist()
        assert not [n for n in names if re.search(r"externalLink|vba|connections|embeddings", n)]
        for name in names:
            text = parts.read(name)
            assert not re.search(rb"<f[ >]|<hyperlink|TargetMode|<dde|<oleLink", text), name
    texts = [cell for cell in cells if isinstance(cell.value, str)]
    risky = [cell for cell in texts if str(cell.value)[:1] in tuple("=+-@\t\r\n|%")]
    assert all(cell.quotePrefix for cell in risky)
    return len(texts)


def test_a_formula_in_a_workbook_is_noticed(tmp_path: Path) -> None:
    """The control."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "bad.xlsx")) as book:
        book.add_worksheet().write(0, 0, "=1+1")
    with pytest.raises(AssertionError):
        inert(tmp_path / "bad.xlsx")


@PATIENT
@given(text=HOSTILE)
def test_a_plan_is_as_safe(plan: Facts, text: str) -> None:
    outcomes = tuple(replace(o, key=text, name=text, detail=text) for o in plan.outcomes)
    changed = tuple(
        (replace(o, key=text, before={"name": text}), state, text)
        for o, state, _ in plan.operations
    )
    made = data.plan(replace(plan, outcomes=outcomes, operations=changed, company=text))
    with tempfile.TemporaryDirectory() as folder:
        inert(excel.write(made, Path(folder) / "book.xlsx"))
    page = Page(html.render(made))
    assert not {"script", "img", "iframe", "object", "form"} & set(page.tags)
    assert all(link.startswith("#") for link in page.values("href", "src", "action"))


@pytest.mark.parametrize("terminal", [False, True])
@PATIENT
@given(text=HOSTILE)
def test_a_terminal_gets_no_signs_that_it_would_obey(
    terminal: bool, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = Screen()
    draw = screen._drawn if terminal else screen._plain
    draw("Records", ("name", "text"), [[text[:500], f"[bold]{text[:500]}[/bold]"]])
    screen.say(text[:500])
    told = capsys.readouterr().err
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", told)
    assert "[bold]" in told
    assert terminal or told.count("\n") == 3
