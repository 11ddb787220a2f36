"""The cells of a workbook that a person filled in, as text with the place where each stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast
from zipfile import BadZipFile, ZipFile
from zlib import error as BadCompression

from recon.errors import Usage

HEADING_WITHIN = 50
MOST_SHOWN = 60
MOST_UNPACKED = 300_000_000
TODO = (
    "Make one with 'recon propose --out FILE.xlsx' or 'recon check --out FILE.xlsx', fill it in and"
    " save it as .xlsx"
)
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
class Cell:
    """A cell: where it stands, what stands in it, and whether that is plain text or a number."""

    at: str
    value: Any
    plain: bool

    @property
    def text(self) -> str:
        """What stands in it, '' for nothing."""
        return "" if self.value is None else str(self.value).strip()

    def bad(self, allowed: str) -> str:
        """The cell as a fault: where, what stands there, what may."""
        held = self.text
        shown = held[:MOST_SHOWN] + ("…" if len(held) > MOST_SHOWN else "")
        return (
            f"{self.at} holds {shown!r} ({allowed})" if held else f"{self.at} is empty ({allowed})"
        )


Line = Mapping[str, Cell]
Rows = Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Book:
    """All cells of a workbook by sheet; the sheets tell its kind."""

    path: Path
    sheets: Mapping[str, Rows]

    def unfit(self, why: str) -> Usage:
        """The refusal of a workbook that is none of ours."""
        return _unfit(self.path, why)


def read(path: Path) -> Book:
    """A workbook as it was saved; `Usage` where the file is none."""
    from openpyxl import load_workbook

    try:
        with path.open("rb") as file:
            _bounded(path, file)
            book = load_workbook(file, read_only=True)
            sheets = {name: _sheet(name, cast("Any", book[name])) for name in book.sheetnames}
            return Book(path, sheets)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Usage(f"The workbook cannot be read: {reason}", where=str(path), todo=TODO) from None
    except BROKEN:
        raise _unfit(path, "It is no Excel workbook") from None


def _bounded(path: Path, file: IO[bytes]) -> None:
    """`Usage` where a workbook would fill the memory once it is unpacked."""
    with ZipFile(file) as parts:
        size = sum(part.file_size for part in parts.infolist())
    if size > MOST_UNPACKED:
        raise Usage("The workbook is far larger than one of ours", where=str(path), todo=TODO)


def _unfit(path: Path, why: str) -> Usage:
    return Usage(f"This is no workbook of ours: {why}", where=str(path), todo=TODO)


def _sheet(name: str, sheet: Any) -> Rows:
    sheet.reset_dimensions()
    return [_row(name, at, row) for at, row in enumerate(sheet.iter_rows(), 1)]


def _row(name: str, at: int, row: Iterable[Any]) -> list[Cell]:
    from openpyxl.utils import get_column_letter

    return [
        Cell(f"{name}!{get_column_letter(column)}{at}", c.value, c.data_type not in ("f", "e"))
        for column, c in enumerate(row, 1)
    ]


def lines(rows: Rows, titles: Collection[str]) -> Iterator[Line] | None:
    """The rows below the heading, by the titles that matter; None where no row has them."""
    left = iter(rows)
    for row in islice(left, HEADING_WITHIN):
        places = {cell.text: place for place, cell in enumerate(row)}
        if places.keys() >= set(titles):
            return ({title: _cell(line, places[title]) for title in titles} for line in left)
    return None


def heading(rows: Rows, titles: Collection[str]) -> Sequence[Cell]:
    """The row that has most of some titles; empty where none has any."""
    found = max(rows[:HEADING_WITHIN], key=lambda row: _held(row, titles), default=())
    return found if _held(found, titles) else ()


def _held(row: Sequence[Cell], titles: Collection[str]) -> int:
    return len({cell.text for cell in row} & set(titles))


def _cell(row: Sequence[Cell], place: int) -> Cell:
    """A row may end before its empty cells do."""
    return row[place] if place < len(row) else Cell("", None, plain=True)


def spoiled(line: Line, title: str, beside: str) -> str:
    """A hidden cell that is not as the workbook was written."""
    return named(line, title, beside).bad(f"allowed: {title} as the workbook was written")


def named(line: Line, title: str, beside: str) -> Cell:
    """A cell that can be found: where its row ends before it, by the one beside it."""
    cell = line[title]
    return cell if cell.at else Cell(f"{title} beside {line[beside].at}", None, plain=True)
