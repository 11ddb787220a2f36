"""Proposals as a workbook: written, filled in as a person does, read back whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import jsonschema
import openpyxl
import pytest

from recon import decisions, flow
from recon import store as memory
from recon.errors import Usage
from recon.report.proposals import HIDDEN
from recon.review import cells, filled, workbook
from recon.review.filled import Filled
from recon.sandbox import world
from recon.settings import load
from recon.shapes import Decision, Facts
from recon.workbench import Workbench
from tests.company import Sandbox
from tests.conftest import Ran
from tests.house import ROOT

Recon = Callable[..., Ran]
SCHEMA = json.loads((ROOT / "docs" / "json.schema.json").read_text(encoding="utf-8"))
# Articles that are proposed by their number, so that any name may stand beside it.
HOSTILE = {
    "1020": "=cmd|' /C calc'!A0",
    "3030": '=HYPERLINK("http://a.invalid","x")',
    "4010": "<b>@SUM(1)",
}
FIRST = 5
DECISION, WHY, KEY, GUID, SEEN = "K", "L", "N", "O", "P"

pytestmark = pytest.mark.slow


@dataclass
class World:
    """A company that was read, its proposals, and the workbook of them."""

    company: Sandbox
    bench: Workbench
    facts: Facts
    book: Path

    def keep(self, found: Sequence[Filled]) -> list[tuple[str, str]]:
        told = workbook.keep(self.bench, self.facts.proposals, found)
        return [(one.state, one.text) for one in told]

    def said(self) -> dict[str, Decision]:
        return {one.global_key: one for one in decisions.read(self.bench.store)}

    def rename(self, number: str, name: str) -> None:
        """A user of Visma Global gives an article another name."""
        profile = load(self.company.profile)
        with world.World(profile, 0, 0).in_global() as connection:
            table = f'"{profile.global_.schema_name}"."Article"'
            change = f"UPDATE {table} SET Name = ? WHERE ArticleNo = ?"
            assert connection.exec_driver_sql(change, (name, number)).rowcount == 1


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("book")
    company = Sandbox.make(folder / "company", 20, 5)
    with company.open() as bench:
        made = World(company, bench, None, folder / "proposals.xlsx")  # type: ignore[arg-type]
        for number, name in HOSTILE.items():
            made.rename(number, name)
        made.facts = flow.propose(bench)
        workbook.write(bench, made.facts, made.book)
        yield made
    company.end()


@pytest.fixture(autouse=True)
def nothing_decided(read: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("RECON_USER", "Lin")
    yield
    with read.bench.store.write("test") as writer:
        writer.clear(memory.decision)


@pytest.fixture
def fill(read: World, tmp_path: Path) -> Callable[..., Path]:
    """Fill cells as a person does in Excel, and save."""

    def filled_in(**cells: object) -> Path:
        book = openpyxl.load_workbook(read.book)
        page = book["Proposals"]
        for at, value in cells.items():
            page[at].value = value
        path = tmp_path / "filled.xlsx"
        book.save(path)
        return path

    return filled_in


Fill = Callable[..., Path]


def keys(read: World) -> list[str]:
    return [one.global_key for one in read.facts.proposals]


def refused(path: Path) -> str:
    with pytest.raises(Usage) as fault:
        filled.read(cells.read(path))
    return str(fault.value)


# --- the workbook -------------------------------------------------------------------------------


def test_a_row_per_proposal_with_names_numbers_and_words(read: World) -> None:
    page = openpyxl.load_workbook(read.book)["Proposals"]
    titles = [cell.value for cell in page[FIRST - 1]]
    assert titles[10:] == ["Decision", "Why", *HIDDEN]
    assert page.max_row == FIRST - 1 + len(read.facts.proposals) > FIRST + 5
    assert [page[f"{KEY}{at}"].value for at in range(FIRST, page.max_row + 1)] == keys(read)
    assert page["D5"].value == "130" and "are equal" in page["H5"].value
    assert page.freeze_panes == "A5" and page.auto_filter.ref == f"A4:P{page.max_row}"
    assert "recon decide --from" in page["A2"].value
    (rule,) = page.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == (f"K5:K{page.max_row}", '"same,different,later"')
    assert [page.column_dimensions[name].hidden for name in "KM"] == [False, True]


def test_hostile_names_are_text(read: World) -> None:
    page = openpyxl.load_workbook(read.book)["Proposals"]
    cells = [cell for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert set(HOSTILE.values()) <= {cell.value for cell in cells}


def test_propose_writes_it_where_it_is_told(read: World, recon: Recon, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    ran = recon("--company", str(read.company.profile), "propose", "--out", str(out), "--json")
    jsonschema.validate(ran.document, SCHEMA)
    assert ran.document["files"] == [str(out)] and f"recon decide --from {out}" in ran.err
    found = filled.Workbook((), len(keys(read)), (), len(read.facts.initials))
    assert filled.read(cells.read(out)) == found


# --- reading back -------------------------------------------------------------------------------


def test_what_is_filled_in_is_kept_with_who_when_why_and_score(
    read: World, fill: Fill, recon: Recon
) -> None:
    path = fill(K5="same", K6="Different ", L6="another office", K16="later", K15="same")
    call = ("--company", str(read.company.profile), "decide", "--from", str(path), "--json")
    ran = recon(*call)
    jsonschema.validate(ran.document, SCHEMA)
    left = len(keys(read)) - 4
    assert (ran.code, ran.document["needs_person"]) == (0, [])
    assert "2 same, 1 different, 1 later; " in ran.err and f"; {left} left empty" in ran.err
    said = read.said()
    one, first = said[keys(read)[1]], read.facts.proposals[1]
    assert (one.verdict, one.who, one.why) == ("different", "Lin", "another office")
    assert one.when and one.score == first.score and one.saw["evidence"] == list(first.evidence)
    assert read.keep(filled.read(cells.read(path)).decisions) == [("known", "")] * 4


def test_a_row_whose_record_changed_is_named_and_the_others_are_kept(
    read: World, fill: Fill, recon: Recon
) -> None:
    at = FIRST + keys(read).index("3030")
    path = fill(**{f"K{at}": "same", "K5": "same"})
    read.rename("3030", "Fly")
    ran = recon("--company", str(read.company.profile), "decide", "--from", str(path), "--json")
    read.rename("3030", HOSTILE["3030"])
    assert ran.code == 1 and "1 same, 0 different, 0 later; 1 not stored" in ran.err
    assert ran.document["needs_person"] == [f"Proposals!K{at}: {workbook.CHANGED}"]
    assert list(read.said()) == [keys(read)[0]]


def test_what_is_no_proposal_any_more_is_not_stored(read: World, fill: Fill) -> None:
    (one,) = filled.read(cells.read(fill(K5="same"))).decisions
    told = workbook.keep(read.bench, read.facts.proposals[1:], [one])
    assert [(t.state, t.text) for t in told] == [("refused", workbook.GONE)]
    gone = replace(one, pair=("business_unit", "no such", one.pair[2]))
    assert read.keep([gone]) == [("refused", workbook.GONE)] and read.said() == {}


def test_a_persons_own_word_may_be_changed_by_the_workbook(read: World, fill: Fill) -> None:
    (one,) = filled.read(cells.read(fill(K5="same"))).decisions
    assert read.keep([one]) == [("kept", "")]
    assert read.keep([replace(one, verdict="different")]) == [("kept", "")]
    assert read.said()[keys(read)[0]].verdict == "different"


def test_an_own_newer_word_from_elsewhere_stands(read: World, fill: Fill) -> None:
    """She decided it on the board after the workbook was written, and forgot the workbook."""
    (one,) = filled.read(cells.read(fill(K5="same"))).decisions
    prints = one.seen
    said = Decision(*one.pair, "different", "Lin", "", "", prints)
    decisions.decide(read.bench.store, said)
    ((state, text),) = read.keep([one])
    assert state == "refused" and "Lin said 'different'" in text
    assert read.said()[keys(read)[0]].verdict == "different"


def test_a_colleagues_newer_word_stands(
    read: World, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = filled.read(cells.read(fill(K5="same"))).decisions
    monkeypatch.setenv("RECON_USER", "Kim")
    read.keep([replace(one, verdict="different")])
    monkeypatch.setenv("RECON_USER", "Lin")
    ((state, text),) = read.keep([one])
    assert state == "refused" and "Kim said 'different'" in text
    assert read.said()[keys(read)[0]].who == "Kim"


def test_a_record_with_another_partner_is_named(read: World, fill: Fill) -> None:
    one, other = filled.read(cells.read(fill(K5="same", K6="later"))).decisions
    entity, key, guid = (*one.pair[:2], other.pair[2])
    ends = (("global", key), ("severa", guid))
    prints = [r.digest for side, k in ends if (r := read.bench.record(entity, side, k))]  # type: ignore[arg-type]
    said = Decision(entity, key, guid, "same", "Kim", "", "", (prints[0], prints[1]))
    decisions.decide(read.bench.store, said)
    (taken, kept) = read.keep([one, other])
    assert taken[0] == "refused" and "Kim gave one of the two records another partner" in taken[1]
    assert kept == ("kept", "")


# --- bad cells ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"K6": "smae"}, "Proposals!K6 holds 'smae' (allowed: same, different, later, or nothing)"),
        ({"K6": 1}, "Proposals!K6 holds '1'"),
        ({"K6": "=K5"}, "Proposals!K6 holds '=K5'"),
        ({"L6": "why"}, "Proposals!L6 holds 'why' (allowed: a reason beside a word under Decision"),
        ({"K6": "x" * 200}, "Proposals!K6 holds '" + "x" * 60 + "…'"),
        ({"L5": "=1+1"}, "Proposals!L5 holds '=1+1' (allowed: plain text, no formula)"),
        ({"N5": None}, "Proposals!N5 is empty (allowed: Global key as the workbook was written)"),
        ({"O5": "=A1"}, "Proposals!O5 holds '=A1' (allowed: Severa guid"),
        ({"P5": "a/b"}, "Proposals!P5 holds 'a/b' (allowed: As seen"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_stored(
    fill: Fill, cells: dict[str, object], words: str
) -> None:
    assert words in refused(fill(**{"K5": "same", **cells}))


def test_every_bad_cell_is_named_before_a_system_is_read(
    read: World, fill: Fill, recon: Recon
) -> None:
    path = fill(K5="same", K6="no", K7="yes")
    ran = recon("--company", str(read.company.profile), "decide", "--from", str(path), "--json")
    jsonschema.validate(ran.document, SCHEMA)
    assert ran.code == 2 and read.said() == {}
    assert [word for word in ("K6 holds 'no'", "K7 holds 'yes'") if word not in ran.err] == []


@pytest.mark.parametrize(("column", "system"), [(KEY, "Visma Global"), (GUID, "Severa")])
def test_a_second_partner_is_refused_naming_both_cells(
    read: World, fill: Fill, column: str, system: str
) -> None:
    page = openpyxl.load_workbook(read.book)["Proposals"]
    twin = {f"{column}6": page[f"{column}5"].value}
    told = refused(fill(K5="same", K6="same", **twin))
    assert f"Proposals!K5 and Proposals!K6 hold 'same' for one record of {system}" in told
    assert len(filled.read(cells.read(fill(K5="same", K6="different", **twin))).decisions) == 2


def test_a_pair_that_stands_twice_is_refused(read: World, fill: Fill) -> None:
    page = openpyxl.load_workbook(read.book)["Proposals"]
    twin = {f"{column}6": page[f"{column}5"].value for column in (KEY, GUID, SEEN)}
    told = refused(fill(K5="same", K6="different", **twin))
    assert "Proposals!K5 and Proposals!K6 hold 'same' and 'different' for one pair" in told


def test_a_reason_that_looks_like_a_formula_is_kept_as_text(read: World, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(read.book)
    page = book["Proposals"]
    page["K5"], page["L5"] = "same", "=cmd|' /C calc'!A0"
    page["L5"].data_type = "s"
    book.save(tmp_path / "a.xlsx")
    (one,) = filled.read(cells.read(tmp_path / "a.xlsx")).decisions
    assert one.why == "=cmd|' /C calc'!A0"


def test_sorted_rows_and_moved_columns_are_read(read: World, fill: Fill, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(fill(K5="same"))
    book["Proposals"].insert_cols(1)
    book["Proposals"].insert_rows(1, 3)
    book.save(tmp_path / "moved.xlsx")
    (one,) = filled.read(cells.read(tmp_path / "moved.xlsx")).decisions
    assert (one.cell, one.pair[1]) == ("Proposals!L8", keys(read)[0])


# --- no workbook of proposals -------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text", "cut", "other", "no headings", "absent", "folder"])
def test_another_file_gets_a_sentence(read: World, recon: Recon, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "given.xlsx"
    book = openpyxl.Workbook()
    if kind == "text":
        path.write_text("same", encoding="utf-8")
    elif kind == "cut":
        path.write_bytes(read.book.read_bytes()[:3000])
    elif kind == "folder":
        path.mkdir()
    elif kind != "absent":
        book.create_sheet("Proposals" if kind == "no headings" else "Else")
        book.save(path)
    ran = recon("--company", str(read.company.profile), "decide", "--from", str(path), "--json")
    assert ran.code == 2 and "recon propose --out" in ran.document["error"]
    assert "workbook" in ran.document["error"]


def test_a_workbook_and_a_pair_at_once_are_wrong_usage(recon: Recon) -> None:
    assert recon("decide", "customer", "--from", "a.xlsx", "--json").code == 2
    assert recon("propose", "--out", "a.csv", "--json").code == 2
