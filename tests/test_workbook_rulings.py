"""Initial differences as a workbook: written, filled in, read back whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from recon import flow, rulings
from recon import store as memory
from recon.errors import Usage
from recon.report.rulings import HIDDEN, HIDDEN_FIELDS, RIGHT, WHY
from recon.review import cells, filled, workbook, workbook_rulings
from recon.review.filled import FilledRuling
from recon.review.initials import initials
from recon.shapes import Facts
from recon.workbench import Workbench
from tests.company import Sandbox
from tests.conftest import Ran

pytestmark = pytest.mark.slow
FIRST = 5
PAIRS, FIELDS = "Differences", "Whole fields"


@dataclass
class World:
    """A company that was read, and the workbook of its differences."""

    company: Sandbox
    bench: Workbench
    facts: Facts
    book: Path

    def keep(self, *found: FilledRuling) -> list[tuple[str, str]]:
        told = workbook_rulings.keep(initials(self.bench, self.facts.initials), found)
        return [(one.state, one.text) for one in told]

    def said(self) -> dict[tuple[str, ...], str]:
        found = rulings.read(self.bench.store)
        return {spot[:3]: one.verdict for spot, one in found.items()}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("book")
    company = Sandbox.make(folder / "company", 30, 5)
    with company.open() as bench:
        facts = flow.propose(bench)
        yield World(company, bench, facts, workbook.write(bench, facts, folder / "book.xlsx"))
    company.end()


@pytest.fixture(autouse=True)
def nothing_said(read: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("RECON_USER", "Lin")
    yield
    with read.bench.store.write("test") as writer:
        writer.clear(memory.ruling)


Fill = Callable[..., Path]


@pytest.fixture
def fill(read: World, tmp_path: Path) -> Fill:
    """Fill cells as a person does in Excel, and save: by sheet, row and heading."""

    def filled_in(*given: tuple[str, int, str, object], company: str = "") -> Path:
        book = openpyxl.load_workbook(read.book)
        for sheet, row, title, value in given:
            page: Any = book[sheet]
            columns = {cell.value: cell.column for cell in page[FIRST - 1]}
            page.cell(row, columns[title]).value = value
        path = tmp_path / "filled.xlsx"
        book.save(path)
        return path

    return filled_in


def row_of(read: World, entity: str, name: str) -> int:
    """The row of the first difference of a field."""
    spots = [(one.entity, one.field) for one in read.facts.initials]
    return FIRST + spots.index((entity, name))


def refused(path: Path) -> str:
    with pytest.raises(Usage) as fault:
        filled.read(cells.read(path))
    return str(fault.value)


def test_a_row_for_each_difference_and_one_for_each_field(read: World) -> None:
    book = openpyxl.load_workbook(read.book)
    pairs, fields = book[PAIRS], book[FIELDS]
    assert [cell.value for cell in pairs[FIRST - 1]][-7:] == [RIGHT, WHY, *HIDDEN]
    assert [cell.value for cell in fields[FIRST - 1]][-5:] == [RIGHT, WHY, *HIDDEN_FIELDS]
    assert pairs.max_row == FIRST - 1 + len(read.facts.initials)
    groups = {(one.entity, one.field) for one in read.facts.initials}
    assert fields.max_row == FIRST - 1 + len(groups) < pairs.max_row
    (rule,) = pairs.data_validations.dataValidation
    assert rule.formula1 == '"Visma Global,Visma Severa,leave"'
    one = read.facts.initials[0]
    texts = [cell.value for cell in pairs[FIRST]]
    assert {one.name, one.global_value, one.severa_value, one.text} <= set(texts)


def test_both_sheets_are_kept_and_a_second_reading_stores_nothing(
    read: World, fill: Fill, recon: Callable[..., Ran]
) -> None:
    at = row_of(read, "employee", "name")
    path = fill(
        (PAIRS, at, RIGHT, "leave"),
        (PAIRS, at, WHY, "their own spelling"),
        (FIELDS, FIRST, RIGHT, "visma GLOBAL"),
    )
    call = ("--company", str(read.company.profile), "decide", "--from", str(path), "--json")
    ran = recon(*call)
    left, first = read.facts.initials[at - FIRST], read.facts.initials[0]
    assert ran.code == 0 and "differences: 1 Visma Global, 0 Visma Severa, 1 leave" in ran.err
    assert read.said() == {
        ("employee", "name", left.global_key): "leave",
        (first.entity, first.field, ""): "global",
    }
    assert {row["field"] for row in ran.document["rows"]} == {"name", first.field}
    ran = recon(*call)
    assert ran.code == 0 and "2 kept before" in ran.err
    assert len(read.bench.store.rows(read.bench.store.of(memory.ruling))) == 2


@pytest.mark.parametrize(
    ("sheet", "title", "value", "words"),
    [
        (PAIRS, RIGHT, "Global", "holds 'Global' (allowed: Visma Global, Visma Severa, leave"),
        (PAIRS, RIGHT, "=A1", "holds '=A1'"),
        (PAIRS, HIDDEN[1], None, "is empty (allowed: Field name as the workbook was written)"),
        (FIELDS, HIDDEN_FIELDS[2], "a/b", "holds 'a/b' (allowed: As seen"),
        (FIELDS, WHY, "=1+1", "holds '=1+1' (allowed: plain text, no formula)"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_stored(
    fill: Fill, sheet: str, title: str, value: object, words: str
) -> None:
    good = (PAIRS, FIRST + 1, RIGHT, "leave")
    told = refused(fill(good, (sheet, FIRST, RIGHT, "leave"), (sheet, FIRST, title, value)))
    assert words in told and f"{sheet}!" in told


def test_a_sheet_with_another_name_is_refused_for_its_words_would_be_lost(
    read: World, fill: Fill
) -> None:
    path = fill((PAIRS, FIRST, RIGHT, "leave"))
    book = openpyxl.load_workbook(path)
    book[PAIRS].title = "Forskjeller"
    book.save(path)
    assert "the sheet Forskjeller has a name" in refused(path)


def test_a_workbook_that_would_fill_the_memory_is_refused(
    read: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "MOST_UNPACKED", 1000)
    assert "far larger" in refused(read.book)


def test_a_reason_without_a_word_is_named(fill: Fill) -> None:
    assert "holds 'because' (allowed: a reason beside a word" in refused(
        fill((FIELDS, FIRST, WHY, "because"))
    )


def test_what_cannot_be_decided_so_is_named_and_the_rest_is_kept(read: World, fill: Fill) -> None:
    empty = next(
        FIRST + at
        for at, one in enumerate(read.facts.initials)
        if one.global_value is None and one.severa_value
    )
    leave = row_of(read, "employee", "name")
    path = fill((PAIRS, empty, RIGHT, "Visma Global"), (PAIRS, leave, RIGHT, "leave"))
    good, bad = sorted(read.keep(*filled.read(cells.read(path)).rulings))
    assert good == ("kept", "") and "an empty value never overwrites a filled one" in bad[1]


def test_a_newer_word_stands_whoever_said_it(
    read: World, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = row_of(read, "employee", "name")
    (one,) = filled.read(cells.read(fill((PAIRS, at, RIGHT, "leave")))).rulings
    known = initials(read.bench, read.facts.initials)
    for name in ("Kim", "Lin"):
        last = known.said.get(one.spot)
        said = known.ruling(one.spot, "severa", name, "")
        known.keep([rulings.Wish(said, last.id if last else 0)])
        ((state, text),) = read.keep(one)
        assert state == "refused" and f"{name} said 'severa' of it after" in text


def test_a_value_that_changed_since_is_asked_again(read: World, fill: Fill) -> None:
    (one,) = filled.read(cells.read(fill((PAIRS, FIRST, RIGHT, "leave")))).rulings
    ((state, text),) = read.keep(FilledRuling(**{**as_dict(one), "seen": ("a", "b")}))
    assert (state, text) == ("refused", workbook_rulings.CHANGED)


def as_dict(one: FilledRuling) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def test_a_workbook_of_another_company_is_refused(
    read: World, fill: Fill, recon: Callable[..., Ran]
) -> None:
    mark = filled.stamp("Another AS", "run")
    path = fill((PAIRS, FIRST, RIGHT, "leave"), (PAIRS, FIRST, HIDDEN[-1], f"a/b/0/{mark}"))
    ran = recon("--company", str(read.company.profile), "decide", "--from", str(path), "--json")
    assert ran.code == 2 and "is of another company" in ran.document["error"]
    assert read.said() == {}
