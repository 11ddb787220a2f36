"""The checklist as a workbook: written, filled in as a person does, read back whole or not at
all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from recon import store as memory
from recon import waivers
from recon.errors import Usage
from recon.report.findings import HIDDEN, WAIVE, WHY
from recon.review import cells, checklist_filled, checklist_workbook
from recon.review.checklist_filled import Filled
from recon.shapes import Facts, Finding, Outcome, fingerprint
from recon.store import Store
from tests.conftest import Ran
from tests.engine import store
from tests.house import ROOT

pytestmark = pytest.mark.slow
Recon = Callable[..., Ran]
COMPANY = "Fjord Test AS"
FORMULA = "=cmd|' /C calc'!A0"
TWIN = Finding(
    "number_duplicated",
    "customer",
    "blocker",
    "severa",
    "g1",
    f"{FORMULA}: number 7 is also at B (7)",
    "Severa: Customers",
    (("severa", "g2"),),
)
TWINS = (TWIN, replace(TWIN, key="g2", text="B: number 7 is also at A", others=(("severa", "g1"),)))
WHOLE = Finding("number_series_overlap", "project", "blocker", "both", "", "8 to 9", "Both")
GONE = replace(
    TWIN, key="g3", text="C: number 9 is also at D", since="2026-01-01", gone="2026-01-02"
)
SHEET, FIRST = "Number duplicated", 5


def facts(*found: Finding) -> Facts:
    named = ((key, name) for key, name in (("g1", FORMULA), ("g2", "B")))
    outcomes = [Outcome("customer", "severa", k, n, "held", number="7") for k, n in named]
    return Facts(
        run="r1",
        command="check",
        company=COMPANY,
        sandbox=True,
        started="2026-01-02T00:00:00",
        seconds=1.0,
        exit_code=1,
        read={},
        outcomes=tuple(outcomes),
        findings=found,
        fixed=(GONE,),
    )


@dataclass
class Book:
    """A written workbook: which column has which title."""

    path: Path
    folder: Path

    def column(self, title: str, sheet: str = SHEET) -> str:
        page = openpyxl.load_workbook(self.path)[sheet]
        return next(c.column_letter for c in page[FIRST - 1] if c.value == title)

    def fill(self, sheet: str = SHEET, at: int = FIRST, **cells: object) -> Path:
        """Fill cells of a row, by title (`_` for a blank), as a person does in Excel, and save."""
        book = openpyxl.load_workbook(self.path)
        for title, value in cells.items():
            book[sheet][f"{self.column(title.replace('_', ' '), sheet)}{at}"].value = value  # type: ignore[index]
        self.path = self.folder / f"{len(list(self.folder.iterdir()))}.xlsx"
        book.save(self.path)
        return self.path


@pytest.fixture
def book(tmp_path: Path) -> Book:
    path = checklist_workbook.write(facts(*TWINS, WHOLE), tmp_path / "checklist.xlsx")
    return Book(path, tmp_path)


def read(path: Path) -> checklist_filled.Workbook:
    return checklist_filled.read(cells.read(path), COMPANY)


def keep(memory_: Store, filled: Sequence[Filled], *now: Finding) -> list[tuple[str, str]]:
    told = checklist_workbook.keep(memory_, now or (*TWINS, WHOLE), filled)
    return [(one.state, one.text) for one in told]


def refused(path: Path) -> str:
    with pytest.raises(Usage) as fault:
        read(path)
    return str(fault.value)


# --- the workbook -------------------------------------------------------------------------------


def test_a_sheet_per_check_with_the_record_beside_it_and_what_is_fixed(book: Book) -> None:
    made = openpyxl.load_workbook(book.path)
    assert made.sheetnames == ["Summary", "Overview", SHEET, "Number series overlap", "Fixed"]
    page = made[SHEET]
    row = {page.cell(FIRST - 1, c.column).value: c.value for c in page[FIRST]}  # type: ignore[arg-type]
    beside = (row["Number"], row["Name"], row["Number beside it"], row["Name beside it"])
    assert beside == ("7", FORMULA, "7", "B")
    assert (row["Status"], row["Where to fix it"]) == ("open", "Severa: Customers")
    assert made["Fixed"].max_row == FIRST
    rules = page.data_validations.dataValidation
    assert [rule.formula1 for rule in rules] == ['"waive,open"']
    hidden = [page.column_dimensions[book.column(title)].hidden for title in HIDDEN]
    assert hidden[0] and not page.column_dimensions[book.column(WAIVE)].hidden


def test_what_comes_from_the_systems_is_text(book: Book) -> None:
    for page in openpyxl.load_workbook(book.path):
        assert {c.data_type for row in page.iter_rows() for c in row} <= {"s", "n", "d"}


def test_status_who_and_why_are_shown(book: Book) -> None:
    memory_ = store()
    waivers.keep(memory_, [waivers.Wish(TWIN, "waived", "a branch", who="Lin")])
    said = waivers.read(memory_)
    later = replace(TWIN, text="A: number 8")
    for one, word in ((TWIN, "waived"), (later, "asked again")):
        checklist_workbook.write(facts(said.on(one)), book.path)
        page = openpyxl.load_workbook(book.path)[SHEET]
        assert page[f"{book.column('Status')}{FIRST}"].value == word
        assert "a branch" in str(page[f"{book.column('Waived by, when, why')}{FIRST}"].value)


# --- reading back -------------------------------------------------------------------------------


def test_what_is_filled_in_is_kept_once(book: Book) -> None:
    assert read(book.path) == checklist_filled.Workbook((), 3)
    book.fill(Waive="Waive ", Why=" a branch")
    path = book.fill("Number series overlap", Waive="waive", Why="known")
    found = read(path)
    (one, whole) = found.words
    assert (one.verdict, one.why, one.seen, found.empty) == (
        "waived",
        "a branch",
        fingerprint(TWIN),
        1,
    )
    assert one.cell == f"{SHEET}!{book.column(WAIVE)}{FIRST}" and whole.spot[3] == ""
    memory_ = store()
    assert keep(memory_, found.words) == [("kept", "")] * 2
    assert keep(memory_, found.words) == [("known", "")] * 2
    said = waivers.read(memory_)
    assert [said.on(f).status for f in (*TWINS, WHOLE)] == ["waived", "open", "waived"]


def test_a_waiver_is_taken_back(book: Book) -> None:
    memory_ = store()
    waivers.keep(memory_, [waivers.Wish(TWIN, "waived", "a branch")])
    checklist_workbook.write(facts(waivers.read(memory_).on(TWIN)), book.path)
    (one,) = read(book.fill(Waive="open")).words
    assert keep(memory_, [one]) == [("kept", "")]
    assert waivers.read(memory_).on(TWIN).status == "open"


def test_what_changed_or_is_gone_is_not_stored(book: Book) -> None:
    (one,) = read(book.fill(Waive="waive", Why="a branch")).words
    memory_ = store()
    changed = replace(TWIN, text="A: number 8 is also at B")
    assert keep(memory_, [one], changed) == [("refused", checklist_workbook.CHANGED)]
    assert keep(memory_, [one], WHOLE) == [("refused", checklist_workbook.GONE)]
    assert memory_.rows(memory_.of(memory.waiver)) == []


def test_a_colleagues_newer_word_stands(book: Book) -> None:
    (one,) = read(book.fill(Waive="waive", Why="a branch")).words
    memory_ = store()
    for verdict in ("waived", "open"):
        waivers.keep(memory_, [waivers.Wish(TWIN, verdict, "no", who="Kim")])  # type: ignore[arg-type]
    assert keep(memory_, [one]) == [("refused", "Kim said 'open' of it meanwhile")]


# --- bad cells ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"Waive": "wave"}, "holds 'wave' (allowed: waive, open, or nothing)"),
        ({"Waive": "=A1"}, "holds '=A1' (allowed: waive"),
        ({"Waive": "x" * 200}, "holds '" + "x" * 60 + "…'"),
        ({"Why": None}, "is empty (allowed: the reason of the waiver)"),
        ({"Why": "a branch", "Waive": None}, "holds 'a branch' (allowed: a reason beside a word"),
        ({"Why": "=1+1"}, "holds '=1+1' (allowed: plain text, no formula)"),
        ({"Of_entity": None}, "is empty (allowed: Of entity as the workbook was written)"),
        ({"Of_key": "=A1"}, "holds '=A1' (allowed: Of key as"),
        ({"As_seen": "a/b"}, "holds 'a/b' (allowed: As seen"),
        ({"As_seen": None}, "is empty (allowed: As seen"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_stored(
    book: Book, cells: dict[str, Any], words: str
) -> None:
    path = book.fill(**{"Waive": "waive", "Why": "a branch", **cells})
    title = [*cells][0].replace("_", " ")
    told = refused(path)
    assert words in told and f"{SHEET}!{book.column(title)}{FIRST}" in told


def test_every_bad_cell_of_every_sheet_is_named(book: Book) -> None:
    book.fill(Waive="no", Why="x")
    book.fill(at=FIRST + 1, Waive="waive")
    told = refused(book.fill("Number series overlap", Waive="yes"))
    assert "3 to mend" in told and "'no'" in told and "'yes'" in told and WHY not in told[:20]


def test_two_rows_that_differ_about_one_finding_are_named(book: Book) -> None:
    page = openpyxl.load_workbook(book.path)[SHEET]
    copied = {t.replace(" ", "_"): page[f"{book.column(t)}{FIRST}"].value for t in HIDDEN}
    book.fill(Waive="waive", Why="a branch")
    told = refused(book.fill(at=FIRST + 1, Waive="open", **copied))
    assert "differ about one finding" in told


def test_another_companys_workbook_is_refused_with_a_sentence(book: Book) -> None:
    path = book.fill(Waive="waive", Why="a branch")
    with pytest.raises(Usage, match="of another company, Fjord Test AS"):
        checklist_filled.read(cells.read(path), "Berg AS")


def test_a_heading_that_was_spoiled_is_named(book: Book) -> None:
    made = openpyxl.load_workbook(book.path)
    made[SHEET][f"{book.column(WHY)}{FIRST - 1}"].value = "Reason"
    made.save(book.path)
    assert "heads no column Why" in refused(book.path)


def test_only_a_checklist_is_taken_for_one(book: Book, tmp_path: Path) -> None:
    assert checklist_filled.is_one(cells.read(book.path))
    (tmp_path / "no.xlsx").write_text("no workbook")
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    assert not checklist_filled.is_one(cells.read(tmp_path / "empty.xlsx"))
    for name, words in (("no", "no Excel"), ("empty", "No sheet has"), ("missing", "cannot be")):
        assert words in refused(tmp_path / f"{name}.xlsx")


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def at_hand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Store]:
    """The command over a company that has these findings; its store."""
    from recon import flow

    memory_ = store()
    bench = type("Bench", (), {"store": memory_, "run": "r2", "notes": []})

    class Opened:
        def __enter__(self) -> Any:
            return bench

        def __exit__(self, *_: object) -> None:
            return None

    monkeypatch.setattr(flow, "open", lambda path, run_options: Opened())
    monkeypatch.setattr(flow, "findings", lambda bench: (*TWINS, WHOLE))
    yield memory_


def test_decide_tells_a_checklist_from_proposals_and_keeps_it(
    book: Book, recon: Recon, profile_file: Path, at_hand: Store
) -> None:
    book.fill(Waive="waive", Why="a branch")
    path = book.fill(at=FIRST + 1, Waive="open")
    ran = recon("--company", str(profile_file), "decide", "--from", str(path), "--json")
    schema = json.loads((ROOT / "docs" / "json.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(ran.document, schema)
    assert ran.code == 0 and "1 open known; 1 waived kept; 1 left empty" in ran.err
    assert [row["state"] for row in ran.document["rows"]] == ["kept", "known"]
    assert waivers.read(at_hand).on(TWIN).status == "waived"


def test_decide_ends_with_1_where_a_row_is_not_stored(
    book: Book, recon: Recon, profile_file: Path, at_hand: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recon.flow.findings", lambda bench: (WHOLE,))
    path = book.fill(Waive="waive", Why="a branch")
    ran = recon("--company", str(profile_file), "decide", "--from", str(path), "--json")
    assert ran.code == 1 and ran.document["needs_person"][0].endswith(checklist_workbook.GONE)


def test_decide_refuses_bad_cells_before_a_system_is_asked(
    book: Book, recon: Recon, profile_file: Path
) -> None:
    ran = recon(
        "--company", str(profile_file), "decide", "--from", str(book.fill(Waive="x")), "--json"
    )
    assert ran.code == 2 and "holds 'x'" in ran.document["error"]
