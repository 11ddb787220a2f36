"""A document as files, in every form that it is handed out in."""

from __future__ import annotations

from pathlib import Path

from recon.report import excel, html
from recon.report.shapes import Document


def write(document: Document, folder: Path) -> list[Path]:
    """Write `<name>.xlsx` and `<name>.html` into a folder and return both paths."""
    return [
        excel.write(document, folder / f"{document.name}.xlsx"),
        html.write(document, folder / f"{document.name}.html"),
    ]
