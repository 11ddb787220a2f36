"""JupyterLab on a company's notebooks: set up so that nobody has to know JupyterLab, and so that
neither it nor a page that it exports asks for anything beyond this machine."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from recon.cli.copies import own_notebooks

FIRST, REVIEW = "0_doctor.ipynb", "3_review.ipynb"
TO_THE_TOP = ("notebook:extend-marked-cells-top", "notebook:deselect-all")
RUN_ALL = {
    "name": "run-all",
    "command": "apputils:run-all-enabled",
    # Running alone leaves the reader at the end.
    "args": {"commands": ["notebook:run-all-cells", *TO_THE_TOP]},
    "label": "Run all",
    "caption": "Run every cell of this notebook, from the first to the last",
    "rank": 5,
}
SETTINGS = {
    # JupyterLab would ask its own makers for news, and its reader whether it may.
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false"},
    "@jupyterlab/notebook-extension:panel": {"toolbar": [RUN_ALL]},
}
# Pages that JupyterLab exports would fetch these from elsewhere, and would show tables and headings
# as their code when cleaned, as JupyterLab proposes; of a picture they take what stays whole.
EXPORT = (
    *(f"--HTMLExporter.{part}_url=data:," for part in ("require_js", "jquery", "mathjax")),
    "--TemplateExporter.filters=clean_html=recon.cli.jupyter.clean",
    *(
        f"--NbConvertBase.display_data_priority={kind}"
        for kind in ("text/html", "text/markdown", "image/png", "image/svg+xml", "text/plain")
    ),
)
OPTIONS = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    *EXPORT,
    # In a container one is root, and JupyterLab would refuse; it answers on this machine alone.
    "--ServerApp.allow_root=True",
    "--ServerApp.ip=127.0.0.1",
    "--log-level=WARN",
)
MARKUP = "a abbr b blockquote br code div em h1 h2 h3 h4 hr i li ol p pre span strong sub sup ul"
STYLES = "background-color color font-weight max-width min-width opacity overflow-wrap"
STYLES += " text-align vertical-align white-space"
TABLES = "table thead tbody tfoot tr th td caption"


def command(company: Path, notebook: str) -> list[str]:
    """The command that serves a company's notebooks and opens one of them in the browser."""
    return [
        *(sys.executable, "-m", "jupyterlab", *OPTIONS),
        f"--ServerApp.root_dir={own_notebooks(company)}",
        f"--LabApp.app_settings_dir={_settings(company)}",
        f"--LabApp.default_url=/lab/tree/{notebook}",
    ]


def clean(markup: str | bytes) -> str:
    """Markup for an exported page: texts, tables and their looks, nothing that runs or fetches."""
    from bleach import clean as cleaned
    from bleach.css_sanitizer import CSSSanitizer

    text = markup.decode() if isinstance(markup, bytes) else str(markup)
    kept = {"*": ["class", "id", "style"], "a": ["href", "title"]}
    return str(
        cleaned(
            text,
            tags=[*MARKUP.split(), *TABLES.split()],
            attributes=kept,
            css_sanitizer=CSSSanitizer(allowed_css_properties=STYLES.split()),
        )
    )


def is_root() -> bool:
    """Whether this process may do anything on this machine."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _settings(company: Path) -> Path:
    folder = company / "jupyterlab"
    folder.mkdir(exist_ok=True)
    (folder / "overrides.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    return folder
