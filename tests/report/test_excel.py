"""Workbooks as Excel reads them: typed cells, nothing live, fit for paper."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook.workbook import Workbook

from recon.errors import NotDone
from recon.report import data, excel
from recon.report.clean import MARK, MOST_CHARACTERS, cell_text, legal, sheet_names
from recon.report.shapes import Column, Document, Sheet
from recon.shapes import Facts, Outcome
from tests.report.conftest import CANARIES


def open_again(document: Document, folder: Path) -> Workbook:
    return openpyxl.load_workbook(excel.write(document, folder / "report.xlsx"))


def cells(book: Workbook) -> Iterator[Cell]:
    for page in book.worksheets:
        for row in page.iter_rows():
            yield from (cell for cell in row if isinstance(cell, Cell))


def table(*rows: Any, names: tuple[str, ...] = ("Table",)) -> Document:
    columns = tuple(Column(f"C{at}") for at in range(len(rows[0])))
    sheets = tuple(Sheet(name, name, "", columns, rows) for name in names)
    return Document("t", "T", "Company", False, (), (), sheets)


def texts(book: Workbook) -> str:
    lines = []
    for page in book.worksheets:
        lines += [f"== {page.title}", f"   frozen {page.freeze_panes}, {page.auto_filter.ref}"]
        for row in page.iter_rows(values_only=True):
            lines.append(" | ".join("" if value is None else str(value) for value in row))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", ["plan", "run"])
def test_workbooks_look_as_they_looked(
    name: str, facts: Facts, plan: Facts, tmp_path: Path, golden: Callable[[str, str], None]
) -> None:
    document = data.plan(plan) if name == "plan" else data.run(facts)
    golden(f"{name}.xlsx.txt", texts(open_again(document, tmp_path)))


@pytest.mark.parametrize("make", [data.run, data.checklist, data.proposals, data.reconciliation])
def test_no_data_becomes_a_formula_or_a_link(
    make: Callable[[Facts], Document], hostile: Facts, tmp_path: Path
) -> None:
    book = open_again(make(hostile), tmp_path)
    found = list(cells(book))
    assert {cell.data_type for cell in found} <= {"s", "n", "d"}
    assert not any(cell.hyperlink for cell in found)
    assert any(cell.value == CANARIES[0] for cell in found)
    with ZipFile(tmp_path / "report.xlsx") as parts:
        assert not any("externalLink" in name or "vba" in name for name in parts.namelist())
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


def test_hostile_texts_are_kept_as_texts_that_stay_texts(tmp_path: Path) -> None:
    page = open_again(table(*((text,) for text in CANARIES)), tmp_path)["Table"]
    read = [page.cell(5 + at, 1) for at in range(len(CANARIES))]
    assert [cell.value for cell in read] == [text.replace("\r", "\n") for text in CANARIES]
    assert {cell.data_type for cell in read} == {"s"}
    assert all(cell.quotePrefix and cell.number_format == "@" for cell in read)


def test_values_keep_their_type(tmp_path: Path) -> None:
    row = (
        7,
        Decimal("1234.50"),
        date(2026, 1, 31),
        True,
        None,
        10**16,
        Decimal("1.2345678901234567"),
    )
    page = open_again(table(row), tmp_path)["Table"]
    read = [page.cell(5, at + 1) for at in range(len(row))]
    assert [cell.data_type for cell in read] == ["n", "n", "d", "s", "n", "s", "s"]
    assert read[1].number_format == "#,##0.00"
    assert [cell.value for cell in read[3:]] == ["yes", None, str(10**16), "1.2345678901234567"]


def test_a_date_before_excels_calendar_is_text(tmp_path: Path) -> None:
    page = open_again(table((date(1753, 1, 1),)), tmp_path)["Table"]
    assert page.cell(5, 1).value == "1753-01-01"


def test_sheets_are_fit_to_read_and_to_print(facts: Facts, tmp_path: Path) -> None:
    book = open_again(data.run(facts), tmp_path)
    for page in book.worksheets:
        assert page.page_setup.orientation == "landscape"
        assert page.sheet_properties.pageSetUpPr and page.sheet_properties.pageSetUpPr.fitToPage
        assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
    for page in book.worksheets[1:]:
        assert page.freeze_panes == "A5"
        assert page.auto_filter.ref and page.auto_filter.ref.startswith("A4:")
        assert page.print_title_rows == "$4:$4"
        assert page.cell(5, 1).alignment.wrap_text


def test_the_sandbox_is_named_on_the_first_sheet_and_on_paper(facts: Facts, tmp_path: Path) -> None:
    book = open_again(data.run(facts), tmp_path)
    assert book.worksheets[0]["A2"].value == excel.BANNER
    assert all("SANDBOX" in str(page.oddFooter) for page in book.worksheets)
    real = open_again(data.run(replace(facts, sandbox=False)), tmp_path)
    assert "SANDBOX" not in texts(real)


def test_the_proposals_offer_the_words_of_a_decision(facts: Facts, tmp_path: Path) -> None:
    page = open_again(data.proposals(facts), tmp_path)["Proposals"]
    rules = page.data_validations.dataValidation
    assert [(str(rule.sqref), rule.formula1) for rule in rules] == [
        ("K5:K6", '"same,different,later"')
    ]


def test_sheet_names_are_legal_and_unique() -> None:
    given = ["a/b:c", "A b c", "x" * 40, "x" * 41, "'q'", "History", "", "[]", "Ærlig*?"]
    names = sheet_names(given)
    assert len({name.casefold() for name in names}) == len(given)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert names[:4] == ["a b c", "A b c 2", "x" * 31, "x" * 29 + " 2"]


def test_odd_sheet_names_make_a_workbook(tmp_path: Path) -> None:
    book = open_again(table((1,), names=("a:b", "A/B", "SUMMARY", "x" * 50, "'")), tmp_path)
    assert len(book.worksheets) == 6


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1b", "\ufffe", "\ud800", "\x85"])
def test_what_xml_forbids_is_left_out(bad: str, tmp_path: Path) -> None:
    page = open_again(table((f"a{bad}b",)), tmp_path)["Table"]
    assert page.cell(5, 1).value in ("ab", "a\x85b")
    assert legal("a\r\nb\tc") == "a\nb\tc"


@pytest.mark.parametrize("letter", ["x", "ø", "😀"])
def test_a_long_text_is_cut_with_a_mark(letter: str, tmp_path: Path) -> None:
    page = open_again(table((letter * 40_000,)), tmp_path)["Table"]
    read = str(page.cell(5, 1).value)
    assert read.endswith(MARK)
    assert len(read.encode("utf-16-le")) // 2 <= MOST_CHARACTERS
    assert cell_text("x" * MOST_CHARACTERS) == "x" * MOST_CHARACTERS


def test_an_empty_run_is_a_readable_workbook(empty: Facts, tmp_path: Path) -> None:
    book = open_again(data.run(empty), tmp_path)
    assert book.sheetnames == ["Summary"]
    assert "Failures | What failed, why, and what to do: nothing" in texts(book)


def test_a_file_in_the_way_is_one_clear_sentence(facts: Facts, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("not a folder", encoding="utf-8")
    (tmp_path / "run.xlsx").mkdir()
    with pytest.raises(NotDone, match="cannot be written"):
        excel.write(data.run(facts), tmp_path / "run.xlsx")
    with pytest.raises(NotDone, match="cannot be written"):
        excel.write(data.run(facts), tmp_path / "taken" / "run.xlsx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.xlsx", "taken"]


@pytest.mark.slow
def test_twenty_thousand_rows_are_all_there(facts: Facts, tmp_path: Path) -> None:
    many = tuple(
        Outcome("customer", "global", str(at), f"Kunde {at} AS", "held", "waits")
        for at in range(20_000)
    )
    begun = time.monotonic()
    path = excel.write(data.run(replace(facts, outcomes=many)), tmp_path / "run.xlsx")
    assert time.monotonic() - begun < 60
    book = openpyxl.load_workbook(path, read_only=True)
    assert sum(1 for _ in book["Held"].iter_rows(min_row=5)) == 20_000
    book.close()


@pytest.mark.slow
def test_a_large_workbook_takes_little_memory(facts: Facts, tmp_path: Path) -> None:
    """Rows go to the disk one by one: the writing itself holds a small part of them."""
    many = tuple(
        Outcome("customer", "global", str(at), f"Kunde {at} AS", "held", "waits " * 20)
        for at in range(30_000)
    )
    document = data.run(replace(facts, outcomes=many))
    tracemalloc.start()
    excel.write(document, tmp_path / "run.xlsx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 25_000_000
