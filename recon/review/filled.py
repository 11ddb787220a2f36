"""What a person filled into a workbook of proposals: read whole, or refused with every bad cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, cast
from zipfile import BadZipFile
from zlib import error as BadCompression

from recon.errors import Usage
from recon.report.proposals import DECISION, HIDDEN, SHEET, VERDICTS, WHY
from recon.shapes import Verdict

HEADING_WITHIN = 50
MOST_SHOWN = 60
TITLES = (DECISION, WHY, *HIDDEN)
TODO = "Make one with 'recon propose --out FILE.xlsx', fill it in and save it as .xlsx"
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
Pair = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Filled:
    """A decision and the cell it stands in; `seen` are the fingerprints of both records when the
    workbook was written, `knew` the id of the pair's newest decision then."""

    cell: str
    pair: Pair
    verdict: Verdict
    why: str
    seen: tuple[str, str]
    knew: int


@dataclass(frozen=True, slots=True)
class Workbook:
    """The decisions of a workbook, and how many rows were left empty."""

    decisions: tuple[Filled, ...]
    empty: int


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell: where it stands, what stands in it, and whether that is plain text or a number."""

    at: str
    value: Any
    plain: bool

    @property
    def text(self) -> str:
        return "" if self.value is None else str(self.value).strip()

    def bad(self, allowed: str) -> str:
        """The cell as a fault: where, what stands there, what may."""
        held = self.text
        shown = held[:MOST_SHOWN] + ("…" if len(held) > MOST_SHOWN else "")
        return (
            f"{self.at} holds {shown!r} ({allowed})" if held else f"{self.at} is empty ({allowed})"
        )


Line = Mapping[str, _Cell]


def read(path: Path) -> Workbook:
    """The decisions of a filled workbook; `Usage` names every cell that cannot be taken."""
    found: list[Filled] = []
    faults: list[str] = []
    empty = 0
    for line in _lines(path, _rows(path)):
        if not line[DECISION].text:
            empty += any(line[title].text for title in HIDDEN)
            continue
        bad = list(_bad(line))
        faults += bad
        if not bad:
            found.append(_filled(line))
    faults += [*_twice(found), *_second_partners(found)]
    if faults:
        text = f"Nothing was stored; {len(faults)} to mend: {'; '.join(faults)}"
        raise Usage(text, where=path.name, todo="Mend these cells and try again")
    return Workbook(tuple(found), empty)


def _rows(path: Path) -> list[list[_Cell]]:
    """All cells of the sheet of proposals."""
    from openpyxl import load_workbook

    try:
        with path.open("rb") as file:
            book = load_workbook(file, read_only=True)
            if SHEET not in book.sheetnames:
                raise _no_workbook(path, f"It has no sheet {SHEET}")
            sheet = cast("Any", book[SHEET])
            sheet.reset_dimensions()
            return [_cells(at, row) for at, row in enumerate(sheet.iter_rows(), 1)]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Usage(f"The workbook cannot be read: {reason}", where=str(path), todo=TODO) from None
    except BROKEN:
        raise _no_workbook(path, "It is no Excel workbook") from None


def _cells(at: int, row: Iterable[Any]) -> list[_Cell]:
    from openpyxl.utils import get_column_letter

    return [
        _Cell(f"{SHEET}!{get_column_letter(column)}{at}", c.value, c.data_type not in ("f", "e"))
        for column, c in enumerate(row, 1)
    ]


def _no_workbook(path: Path, why: str) -> Usage:
    return Usage(f"This is no workbook of proposals: {why}", where=str(path), todo=TODO)


def _lines(path: Path, rows: Sequence[Sequence[_Cell]]) -> Iterator[Line]:
    """The rows below the heading, by the titles that matter."""
    left = iter(rows)
    for row in islice(left, HEADING_WITHIN):
        places = {cell.text: place for place, cell in enumerate(row)}
        if places.keys() >= set(TITLES):
            break
    else:
        raise _no_workbook(path, f"No row of {SHEET} has the headings {', '.join(TITLES)}")
    for row in left:
        yield {title: _cell(row, places[title]) for title in TITLES}


def _cell(row: Sequence[_Cell], place: int) -> _Cell:
    """A row may end before its empty cells do."""
    return row[place] if place < len(row) else _Cell("", None, plain=True)


def _bad(line: Line) -> Iterator[str]:
    """Each cell of a decided row that cannot be taken."""
    decision, why = line[DECISION], line[WHY]
    if decision.text.casefold() not in VERDICTS:
        yield decision.bad(f"allowed: {', '.join(VERDICTS)}, or nothing")
    if not why.plain:
        yield why.bad("allowed: plain text, no formula")
    for title in HIDDEN[:-1]:
        if not line[title].text or not line[title].plain:
            yield _spoiled(line, title)
    if _seen(line[HIDDEN[-1]].text) is None:
        yield _spoiled(line, HIDDEN[-1])


def _spoiled(line: Line, title: str) -> str:
    row = line[DECISION].at
    cell = line[title] if line[title].at else _Cell(f"{title} beside {row}", None, plain=True)
    return cell.bad(f"allowed: {title} as the workbook was written")


def _seen(text: str) -> tuple[str, str, int] | None:
    parts = text.split("/")
    if len(parts) != 3 or not all(parts) or not (parts[2].isascii() and parts[2].isdigit()):
        return None
    return (parts[0], parts[1], int(parts[2]))


def _filled(line: Line) -> Filled:
    entity, key, guid, token = (line[title].text for title in HIDDEN)
    ours, theirs, knew = cast("tuple[str, str, int]", _seen(token))
    verdict = cast("Verdict", line[DECISION].text.casefold())
    cell, why = line[DECISION].at, line[WHY].text
    return Filled(cell, (entity, key, guid), verdict, why, (ours, theirs), knew)


def _twice(found: Iterable[Filled]) -> Iterator[str]:
    """Pairs that are decided in two rows."""
    first: dict[Pair, Filled] = {}
    for one in found:
        earlier = first.setdefault(one.pair, one)
        if earlier is not one:
            said = f"{earlier.verdict!r} and {one.verdict!r}"
            yield f"{earlier.cell} and {one.cell} hold {said} for one pair (allowed: one decision)"


def _second_partners(found: Iterable[Filled]) -> Iterator[str]:
    """Records that are called the same as two others."""
    first: dict[tuple[str, int, str], Filled] = {}
    for one in found:
        for side in (1, 2) if one.verdict == "same" else ():
            earlier = first.setdefault((one.pair[0], side, one.pair[side]), one)
            if earlier.pair != one.pair:
                system = "Visma Global" if side == 1 else "Severa"
                yield (
                    f"{earlier.cell} and {one.cell} hold 'same' for one record of {system}"
                    " (allowed: one partner)"
                )
