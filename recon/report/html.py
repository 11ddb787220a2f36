"""A document as one HTML page that stands alone: no script, no request, safe against its data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from recon.report import charts
from recon.report.clean import legal
from recon.report.files import write_whole
from recon.report.shapes import Cell, Document
from recon.report.words import tone

MOST_ROWS = 1_000
TEMPLATE = "page.html.j2"
THIN = "\u202f"


def write(document: Document, path: Path) -> Path:
    """Write the page and return its path; the file appears whole or not at all."""
    text = render(document)
    return write_whole(path, lambda draft: _save(draft, text))


def _save(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def render(document: Document) -> str:
    """The page as text; tables longer than `MOST_ROWS` are cut and say so."""
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
    world.filters.update(cell=cell, tone=tone, numeric=numeric)
    pictures = [(chart, Markup(charts.svg(chart))) for chart in document.charts if chart.rows]
    page = world.get_template(TEMPLATE)
    return page.render(document=document, pictures=pictures, most=MOST_ROWS) + "\n"


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
