"""A document as one HTML page that stands alone: no script, no request, safe against its data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from recon.report import charts
from recon.report.clean import legal, sheet_names
from recon.report.files import write_whole
from recon.report.shapes import Cell, Document, Row, Sheet
from recon.report.words import tone

MOST_ROWS = 200
NARROW = 20
TEMPLATE = "page.html.j2"
THIN = "\u202f"


def write(document: Document, path: Path) -> Path:
    """Write the page and return its path; the file appears whole or not at all."""
    text = render(document)
    return write_whole(path, lambda draft: _save(draft, text))


def _save(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def render(document: Document) -> str:
    """The page as text; tables longer than `MOST_ROWS` are cut and say where all of it is."""
    import jinja2
    from markupsafe import Markup

    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    world = jinja2.Environment(
        loader=loader,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    world.filters.update(cell=cell, tone=tone, numeric=numeric, shown=shown_rows, flush=flush)
    pictures = [(chart, Markup(charts.svg(chart))) for chart in document.charts if chart.rows]
    page = world.get_template(TEMPLATE)
    return page.render(document=document, pictures=pictures, **_parts(document)) + "\n"


def _parts(document: Document) -> dict[str, Any]:
    """The sheets by how a page shows them: as tables, as found empty, or in the workbook alone."""
    named = list(zip(sheet_names(["Summary", *(s.name for s in document.sheets)])[1:],
                     document.sheets, strict=True))  # fmt: skip
    shown = [(name, sheet, columns(sheet)) for name, sheet in named if sheet.rows]
    return {
        "tables": [part for part in shown if not part[1].detail],
        "empty": [sheet for _, sheet in named if not sheet.rows],
        "others": [(name, sheet) for name, sheet, _ in shown if sheet.detail],
        "workbook": f"{document.name}.xlsx",
        "most": MOST_ROWS,
        "narrow": NARROW,
    }


def columns(sheet: Sheet) -> list[int]:
    """The columns that are worth showing where room is short: no details, and not those that are
    empty throughout."""
    return [
        at
        for at, column in enumerate(sheet.columns)
        if not column.detail and any(row[at] not in (None, "") for row in sheet.rows)
    ]


def shown_rows(sheet: Sheet, most: int) -> list[Row]:
    """The first rows, and the totals whatever happens to the rest."""
    if len(sheet.rows) <= most:
        return list(sheet.rows)
    return [*sheet.rows[:most], *(sheet.rows[-1:] if sheet.totalled else ())]


def flush(sheet: Sheet, at: int) -> bool:
    """Whether a column's heading is set flush right, as its numbers are."""
    given = next((row[at] for row in sheet.rows if row[at] not in (None, "")), None)
    return sheet.columns[at].width < 30 and numeric(given)


def numeric(given: Cell) -> bool:
    """Whether a cell is set flush right."""
    return isinstance(given, int | Decimal) and not isinstance(given, bool)


def cell(given: Cell) -> str:
    """A cell as text: thousands set apart, dates in ISO form."""
    if given is None:
        return ""
    if isinstance(given, bool):
        return "yes" if given else "no"
    if isinstance(given, int | Decimal):
        return _number(given)
    if isinstance(given, date):
        return given.isoformat()
    return legal(given)


def _number(given: Any) -> str:
    text = f"{given:,f}" if isinstance(given, Decimal) else f"{given:,}"
    return text.replace(",", THIN)
