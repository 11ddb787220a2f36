"""What a notebook can display: a sentence, a table, a picture, in a form that any viewer shows.

Tables are plain HTML and pictures carry PNG beside SVG, so that a notebook that somebody else ran
shows them without being trusted and without a network. Long tables are cut and say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from recon.report import charts
from recon.report.html import NARROW, cell, columns, numeric, shown_rows
from recon.report.shapes import Cell, Chart, Column, Row, Sheet, Tone
from recon.report.words import tone

MOST_ROWS = 25
FULL = "All rows stand in the Excel workbook: run notebook 6, or 'recon report'."
WIDE = ";min-width:{}em;overflow-wrap:anywhere"
INKS: Mapping[Tone, str] = {
    "": "",
    "good": "background-color:#e3f3e6;color:#1d5b2f",
    "warn": "background-color:#fff1cc;color:#6b4a00",
    "bad": "background-color:#fbdcdc;color:#8e1b1e",
}


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence."""

    text: str

    def _repr_html_(self) -> str:
        return f"<p>{_safe(self.text)}</p>"


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet in a notebook: its first rows, and where the others are."""

    sheet: Sheet
    full: str = FULL
    most: int = MOST_ROWS

    def __repr__(self) -> str:
        return f"{self.sheet.title}: {self.sheet.count:,} rows"

    def _repr_html_(self) -> str:
        sheet = self.sheet
        title = f"<p><strong>{_safe(sheet.title)}</strong> ({cell(sheet.count)})</p>"
        if not sheet.rows:
            return f"{title}<p><em>Nothing.</em></p>"
        shown = columns(sheet)
        heads = "".join(_heading(sheet.columns[at]) for at in shown)
        kept = shown_rows(sheet, self.most)
        rows = [_row(sheet, row, shown) for row in kept]
        if sheet.totalled:
            rows[-1] = rows[-1].replace("<tr>", '<tr style="font-weight:bold">', 1)
        table = f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        return f"{title}{_note(sheet.note)}{table}{self._cut()}"

    def _cut(self) -> str:
        if len(self.sheet.rows) <= self.most:
            return ""
        return f"<p>The first {self.most} of {cell(self.sheet.count)}. {_safe(self.full)}</p>"


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart in a notebook."""

    chart: Chart

    def __repr__(self) -> str:
        return self.chart.title

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        drawn = charts.svg(self.chart)
        if not drawn:
            return {"text/plain": f"{self.chart.title}: nothing to draw"}
        from base64 import b64encode

        return {
            "text/plain": f"{self.chart.title}. {self.chart.note}",
            "image/svg+xml": charts.on_paper(drawn),
            "image/png": b64encode(charts.png(self.chart)).decode(),
        }


@dataclass(frozen=True, slots=True)
class Tables:
    """Several tables, one below the other."""

    tables: tuple[Table, ...]

    def _repr_html_(self) -> str:
        return "".join(table._repr_html_() for table in self.tables)


Shown = Table | Picture | Note


def narrowed(
    sheet: Sheet, pairs: Mapping[Column, tuple[str, str]], dropped: Iterable[str] = ()
) -> Sheet:
    """A sheet in less room: each pair of columns in one, some left out."""
    at = {column.title: place for place, column in enumerate(sheet.columns)}
    joined = {first: (column, at[second]) for column, (first, second) in pairs.items()}
    gone = {*dropped, *(second for _, second in pairs.values())}
    kept = [column for column in sheet.columns if column.title not in gone]
    shown = tuple(joined[c.title][0] if c.title in joined else c for c in kept)
    sources = [(at[c.title], joined[c.title][1] if c.title in joined else None) for c in kept]
    rows = tuple(tuple(_joined(row, *source) for source in sources) for row in sheet.rows)
    return replace(sheet, columns=shown, rows=rows)


def _joined(row: Row, first: int, second: int | None) -> Cell:
    """A cell, or two that belong together, line by line."""
    if second is None:
        return row[first]
    texts = [str(row[at] or "").split("\n") for at in (first, second)]
    lines = zip_longest(*texts, fillvalue="")
    return "; ".join(" ".join(filter(None, line)) for line in lines)


def _safe(text: object) -> str:
    from markupsafe import escape

    return str(escape(text))


def _heading(column: Column) -> str:
    return f'<th style="text-align:left">{_safe(column.title)}</th>'


def _row(sheet: Sheet, row: Sequence[Any], shown: Iterable[int]) -> str:
    return f"<tr>{''.join(_cell(sheet.columns[at], row[at]) for at in shown)}</tr>"


def _cell(column: Column, given: Any) -> str:
    side = "right" if numeric(given) and column.width < 30 else "left"
    ink = INKS[tone(given)] if column.toned else ""
    text = f'<span style="{ink}">{_safe(cell(given))}</span>' if ink else _safe(cell(given))
    wide = WIDE.format(10 if column.width >= 40 else 5.5)
    least = ";white-space:nowrap" if column.width <= NARROW else wide
    return f'<td style="text-align:{side};vertical-align:top{least}">{text}</td>'


def _note(note: str) -> str:
    style = "max-width:70em;white-space:pre-line;opacity:.8"
    return f'<p style="{style}">{_safe(note)}</p>' if note else ""
