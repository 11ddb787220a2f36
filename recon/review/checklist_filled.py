"""What a person filled into a workbook of the checklist: read whole, or refused with every bad
cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile
from zlib import error as BadCompression

from recon.errors import Usage
from recon.report.checklist import OVERVIEW
from recon.report.clean import cell_text
from recon.report.findings import CHOICES, HIDDEN, WAIVE, WHY
from recon.review.cells import bounded
from recon.waivers import Spot, Verdict

HEADING_WITHIN = 50
MOST_SHOWN = 60
TITLES = (WAIVE, WHY, *HIDDEN)
VERDICTS: Mapping[str, Verdict] = {"waive": "waived", "open": "open"}
TODO = "Make one with 'recon check --out FILE.xlsx', fill it in and save it as .xlsx"
BROKEN: tuple[type[Exception], ...] = (
    BadZipFile,
    BadCompression,
    KeyError,
    ValueError,
    EOFError,
    TypeError,
    AttributeError,
    IndexError,
    SyntaxError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Filled:
    """A word and the cell it stands in; `seen` is the finding's fingerprint when the workbook was
    written, `knew` the id of the newest word about it then."""

    cell: str
    spot: Spot
    verdict: Verdict
    why: str
    seen: str
    knew: int


@dataclass(frozen=True, slots=True)
class Workbook:
    """The words of a workbook, and how many rows were left empty."""

    words: tuple[Filled, ...]
    empty: int


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell: where it stands, its text, and whether that is plain text or a number."""

    at: str
    text: str = ""
    plain: bool = True

    def bad(self, allowed: str) -> str:
        """The cell as a fault: where, what stands there, what may."""
        shown = self.text[:MOST_SHOWN] + ("…" if len(self.text) > MOST_SHOWN else "")
        held = f"holds {shown!r}" if self.text else "is empty"
        return f"{self.at} {held} ({allowed})"


Line = Mapping[str, _Cell]
Page = list[list[_Cell]]


def is_one(path: Path) -> bool:
    """Whether a file is a workbook of the checklist; another reader tells what else is wrong."""
    from openpyxl import load_workbook

    try:
        with path.open("rb") as file:
            bounded(path, file)
            return OVERVIEW in load_workbook(file, read_only=True).sheetnames
    except OSError:
        return False
    except BROKEN:
        return False


def read(path: Path, company: str) -> Workbook:
    """What a person said in a workbook of this company; `Usage` names every cell that cannot be
    taken."""
    lines = [line for page in _pages(path) for line in _lines(path, page)]
    if not lines:
        raise _no_workbook(path, f"No sheet has the headings {', '.join(TITLES)}")
    _of_company(path, lines, company)
    said = [line for line in lines if line[WAIVE].text]
    faults = [fault for line in said for fault in _bad(line)]
    found = [] if faults else [_filled(line) for line in said]
    faults += _twice(found)
    if faults:
        text = f"Nothing was stored; {len(faults)} to mend: {'; '.join(faults)}"
        raise Usage(text, where=path.name, todo="Mend these cells and try again")
    return Workbook(tuple(found), len(lines) - len(said))


def _pages(path: Path) -> list[Page]:
    """All cells of every sheet."""
    from openpyxl import load_workbook

    try:
        with path.open("rb") as file:
            bounded(path, file)
            book = load_workbook(file, read_only=True)
            return [_page(sheet) for sheet in book.worksheets]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Usage(f"The workbook cannot be read: {reason}", where=str(path), todo=TODO) from None
    except BROKEN:
        raise _no_workbook(path, "It is no Excel workbook") from None


def _page(sheet: Any) -> Page:
    sheet.reset_dimensions()
    return [_cells(sheet.title, at, row) for at, row in enumerate(sheet.iter_rows(), 1)]


def _cells(sheet: str, at: int, row: Iterable[Any]) -> list[_Cell]:
    from openpyxl.utils import get_column_letter

    return [
        _Cell(
            f"{sheet}!{get_column_letter(column)}{at}",
            "" if cell.value is None else str(cell.value).strip(),
            cell.data_type not in ("f", "e"),
        )
        for column, cell in enumerate(row, 1)
    ]


def _no_workbook(path: Path, why: str) -> Usage:
    return Usage(f"This is no workbook of the checklist: {why}", where=str(path), todo=TODO)


def _lines(path: Path, page: Page) -> Iterator[Line]:
    """The rows below a sheet's heading, by the titles that matter; none of a sheet that has none
    of them, but one that lacks some of them was spoiled."""
    left = iter(page)
    for row in islice(left, HEADING_WITHIN):
        places = {cell.text: place for place, cell in enumerate(row)}
        lost = [title for title in TITLES if title not in places]
        if not lost:
            break
        if len(TITLES) - len(lost) > 2:
            raise _no_workbook(path, f"{row[0].at} heads no column {', '.join(lost)}")
    else:
        return
    for row in left:
        line = {title: _cell(row, places[title]) for title in TITLES}
        if any(cell.text for cell in line.values()):
            yield line


def _cell(row: Sequence[_Cell], place: int) -> _Cell:
    """A row may end before its empty cells do."""
    return row[place] if place < len(row) else _Cell("")


def _of_company(path: Path, lines: Iterable[Line], company: str) -> None:
    own = cell_text(company).strip()
    others = {line[HIDDEN[4]].text for line in lines} - {own, ""}
    if others:
        other = min(others)[:MOST_SHOWN]
        raise Usage(
            f"The workbook is of another company, {other}",
            where=path.name,
            todo="Name that company's profile with --company, or a workbook of this one",
        )


def _bad(line: Line) -> Iterator[str]:
    """Each cell of a filled row that cannot be taken."""
    said, why = line[WAIVE], line[WHY]
    if said.text.casefold() not in CHOICES:
        yield said.bad(f"allowed: {', '.join(CHOICES)}, or nothing")
    if not why.plain:
        yield why.bad("allowed: plain text, no formula")
    elif said.text.casefold() == CHOICES[0] and not why.text:
        yield _named(line, WHY).bad("allowed: the reason of the waiver")
    for title in HIDDEN:
        may_be_empty = title == HIDDEN[3]
        if not line[title].plain or not (line[title].text or may_be_empty):
            yield _named(line, title).bad(f"allowed: {title} as the workbook was written")
    if line[HIDDEN[5]].text and _seen(line[HIDDEN[5]].text) is None:
        yield line[HIDDEN[5]].bad(f"allowed: {HIDDEN[5]} as the workbook was written")


def _named(line: Line, title: str) -> _Cell:
    cell = line[title]
    return cell if cell.at else _Cell(f"{title} beside {line[WAIVE].at}")


def _seen(text: str) -> tuple[str, int] | None:
    shown, _, knew = text.partition("/")
    return (shown, int(knew)) if shown and knew.isascii() and knew.isdigit() else None


def _filled(line: Line) -> Filled:
    entity, check, system, key, _, token = (line[title].text for title in HIDDEN)
    shown, knew = _seen(token) or ("", 0)
    verdict = VERDICTS[line[WAIVE].text.casefold()]
    spot = (entity, check, system, key)
    return Filled(line[WAIVE].at, spot, verdict, line[WHY].text, shown, knew)


def _twice(found: Iterable[Filled]) -> Iterator[str]:
    """Findings of which two rows say different things."""
    first: dict[tuple[Spot, str], Filled] = {}
    for one in found:
        earlier = first.setdefault((one.spot, one.seen), one)
        if (earlier.verdict, earlier.why) != (one.verdict, one.why):
            yield f"{earlier.cell} and {one.cell} differ about one finding (allowed: one word)"
