"""A document as an Excel workbook: data is text, number or date, never a formula or a link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate
from math import ceil
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recon.report.clean import cell_text, sheet_names
from recon.report.files import write_whole
from recon.report.shapes import Cell, Column, Document, Line, Row, Sheet, Tone
from recon.report.words import tone

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_576
MOST_DIGITS = 15
FIRST_DATE = date(1900, 3, 1)
FILLS: Mapping[Tone, str] = {"good": "#E3F3E6", "warn": "#FFF1CC", "bad": "#FBDCDC"}
BANNER = "SANDBOX: an invented company. Nothing here is real."
NOTE_WIDTH = 150
LINE_HEIGHT = 13.5
MOST_LINES = 30
# Row by row onto the disk: a large report takes little memory, and less time.
OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "constant_memory": True,
}


def write(document: Document, path: Path) -> Path:
    """Write the workbook and return its path; the file appears whole or not at all."""
    return write_whole(path, lambda draft: _fill(document, draft))


def _fill(document: Document, path: Path) -> None:
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(str(path), OPTIONS)
    _Book(book, document).fill()
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(str(error)) from error


@dataclass(frozen=True, slots=True)
class _Book:
    """A workbook in the making."""

    book: Any
    document: Document

    def fill(self) -> None:
        """A summary, and a sheet per table that is not empty."""
        self.book.set_properties({"title": self.document.title, "comments": self._comment()})
        names = sheet_names(["Summary", *(sheet.name for sheet in self.document.sheets)])
        _summary(self.book.add_worksheet(names[0]), self, names[1:])
        for name, sheet in zip(names[1:], self.document.sheets, strict=True):
            if sheet.rows:
                _table(self.book.add_worksheet(name), _details_last(sheet), self)

    def _comment(self) -> str:
        return BANNER if self.document.sandbox else ""

    def style(self, **properties: Any) -> Format:
        """A cell format on the house's base."""
        base = {"font_name": "Calibri", "font_size": 10, "valign": "top", "text_wrap": True}
        made: Format = self.book.add_format({**base, **properties})
        return made


def _summary(page: Worksheet, book: _Book, names: list[str]) -> None:
    document, bold = book.document, book.style(bold=True)
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 90)
    page.write_string(0, 0, cell_text(document.title), _title(book))
    if document.sandbox:
        page.write_string(1, 0, BANNER, _title(book, font_color="#9A3412", font_size=11))
    row = _lines(page, 3, document.about, book)
    row = _lines(page, row + 1, document.summary, book)
    row = _pairs(page, row + 1, ("In this workbook", _contents(document, names)), book, bold)
    _pairs(page, row + 1, ("What the words mean", document.legend), book, bold)
    _paper(page, document)


def _title(book: _Book, **properties: Any) -> Format:
    return book.style(**{"bold": True, "font_size": 14, "text_wrap": False, **properties})


def _contents(document: Document, names: list[str]) -> tuple[tuple[str, str], ...]:
    pairs = zip(names, document.sheets, strict=True)
    return tuple((name, f"{sheet.title}: {_rows(sheet.count)}") for name, sheet in pairs)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows" if count else "nothing"


def _lines(page: Worksheet, row: int, lines: Iterable[Line], book: _Book) -> int:
    styles = _Styles(book, align="left")
    for row, line in enumerate(lines, row):  # noqa: B020
        page.write_string(row, 0, cell_text(line.label), styles.text(""))
        styles.write(page, (row, 1), line.value, line.tone)
    return row + 1


def _pairs(
    page: Worksheet,
    row: int,
    titled: tuple[str, Iterable[tuple[str, str]]],
    book: _Book,
    bold: Format,
) -> int:
    title, pairs = titled
    plain = book.style()
    page.write_string(row, 0, title, bold)
    for row, (word, meaning) in enumerate(pairs, row + 1):  # noqa: B020
        page.write_string(row, 0, cell_text(word), plain)
        page.write_string(row, 1, cell_text(meaning), plain)
    return row + 1


def _details_last(sheet: Sheet) -> Sheet:
    """The sheet with its details to the right of what is printed."""
    order = sorted(range(len(sheet.columns)), key=lambda at: sheet.columns[at].detail)
    if order == list(range(len(order))):
        return sheet
    columns = tuple(sheet.columns[at] for at in order)
    return replace(sheet, columns=columns, rows=tuple(map(itemgetter(*order), sheet.rows)))


def _table(page: Worksheet, sheet: Sheet, book: _Book) -> None:
    """Title and note above, then a frozen, filtered heading and the rows; details do not print."""
    top = _above(page, sheet, book)
    heading = book.style(bold=True, bg_color="#1F3A5F", font_color="#FFFFFF", border=1)
    page.set_row(top, 30)
    for at, column in enumerate(sheet.columns):
        page.write_string(top, at, cell_text(column.title), heading)
        page.set_column(at, at, column.width, None, {"hidden": not column.width})
    kept = sheet.rows[: MOST_ROWS - top - 1]
    _rows_of(page, top + 1, kept, (sheet, book))
    last = top + len(kept)
    page.freeze_panes(top + 1, 0)
    page.autofilter(top, 0, last - sheet.totalled, len(sheet.columns) - 1)
    page.repeat_rows(top)
    page.print_area(0, 0, last, sum(not column.detail for column in sheet.columns) - 1)
    _choices(page, (top + 1, last), sheet.columns)
    _paper(page, book.document)


def _rows_of(page: Worksheet, first: int, rows: Sequence[Row], of: tuple[Sheet, _Book]) -> None:
    sheet, book = of
    plain, bold = _Styles(book), _Styles(book, bold=True, top=1)
    toned = [column.toned for column in sheet.columns]
    widths = [column.width for column in sheet.columns if not column.detail]
    final = len(sheet.rows) - 1 if sheet.totalled else -1
    for at, cells in enumerate(rows):
        styles, row = (bold if at == final else plain), first + at
        lines = max(map(_lines_in, cells, widths))
        if lines > 1:
            page.set_row(row, LINE_HEIGHT * min(lines, MOST_LINES))
        for column, cell in enumerate(cells):
            styles.write(page, (row, column), cell, tone(cell) if toned[column] else "")


def _lines_in(cell: Cell, width: int) -> int:
    """How many lines a text takes in a column, about; a number takes one."""
    if not isinstance(cell, str) or (len(cell) <= width and "\n" not in cell):
        return 1
    return sum(max(1, ceil(len(line) / width)) for line in cell.split("\n"))


def _above(page: Worksheet, sheet: Sheet, book: _Book) -> int:
    """Write title and note; the row of the heading."""
    page.write_string(0, 0, cell_text(sheet.title), _title(book))
    lost = len(sheet.rows) - (MOST_ROWS - 4)
    note = sheet.note
    if lost > 0:
        note = f"{note} The last {lost:,} rows do not fit into a sheet of Excel."
    _note(page, sheet, cell_text(note), book)
    return 3


def _note(page: Worksheet, sheet: Sheet, note: str, book: _Book) -> None:
    """The note across the columns that it needs, in a row as high as its lines."""
    style = book.style(italic=True)
    widths = list(accumulate(column.width for column in sheet.columns))
    last = sum(width < NOTE_WIDTH for width in widths[:-1])
    width = widths[last]
    page.set_row(1, LINE_HEIGHT * _lines_in(note, int(width)))
    if last:
        page.merge_range(1, 0, 1, last, "", style)
    page.write_string(1, 0, note, style)


def _choices(page: Worksheet, rows: tuple[int, int], columns: Iterable[Column]) -> None:
    """Offer the words of a column that a person fills in."""
    first, last = rows
    for at, column in enumerate(columns):
        if column.choices and last >= first:
            words = list(column.choices)
            allowed = f"Choose {', '.join(words)}, or leave the cell empty."
            rule = {"validate": "list", "source": words, "error_message": allowed}
            page.data_validation(first, at, last, at, rule)


def _paper(page: Worksheet, document: Document) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.set_footer(f"&L{_footer(document)}&RPage &P of &N")


def _footer(document: Document) -> str:
    sandbox = "SANDBOX, " if document.sandbox else ""
    return cell_text(f"{sandbox}{document.company}, {document.title}").replace("&", "&&")[:200]


class _Styles:
    """Formats by purpose and tone, each made once, and the writing of one typed cell."""

    def __init__(self, book: _Book, **properties: Any) -> None:
        self._book, self._properties = book, properties
        self._made: dict[tuple[str, Tone], Format] = {}

    def text(self, tone: Tone) -> Format:
        return self._get("@", tone)

    def _get(self, number: str, tone: Tone) -> Format:
        made = self._made.get((number, tone))
        if made is None:
            # quote_prefix: text that begins with = stays text when somebody edits the cell
            extra = {**self._properties, "quote_prefix": number == "@"}
            if tone:
                extra["bg_color"] = FILLS[tone]
            if number.startswith("#") and "align" not in extra:
                extra |= {"align": "right", "indent": 1}
            made = self._book.style(num_format=number, **extra)
            self._made[number, tone] = made
        return made

    def write(self, page: Worksheet, at: tuple[int, int], cell: Cell, tone: Tone) -> None:
        """Write one cell by its type; a number that Excel would round is written as text."""
        row, column = at
        if cell is None or cell == "":
            return
        if isinstance(cell, str):
            page.write_string(row, column, cell_text(cell), self.text(tone))
        elif isinstance(cell, bool):
            page.write_string(row, column, "yes" if cell else "no", self.text(tone))
        elif isinstance(cell, int | Decimal) and _exact(cell):
            page.write_number(row, column, cell, self._get(_picture(cell), tone))
        elif isinstance(cell, date) and _in_calendar(cell):
            page.write_datetime(row, column, cell, self._get("yyyy-mm-dd", tone))
        else:
            page.write_string(row, column, cell_text(str(cell)), self.text(tone))


def _exact(number: int | Decimal) -> bool:
    if isinstance(number, int):
        return bool(abs(number) < 10**MOST_DIGITS)
    return number.is_finite() and len(number.as_tuple().digits) <= MOST_DIGITS


def _picture(number: int | Decimal) -> str:
    """The number format that shows all of a number's decimals."""
    if isinstance(number, int):
        return "#,##0"
    exponent = number.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return "#,##0" + (f".{'0' * places}" if places else "")


def _in_calendar(day: date) -> bool:
    """Excel's calendar begins in 1900, with a leap day that never was."""
    plain = day.date() if isinstance(day, datetime) else day
    return plain >= FIRST_DATE
