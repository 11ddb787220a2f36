"""The commands one starts with: the demo, and JupyterLab."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from recon.cli import document
from recon.cli.document import Result
from recon.cli.session import DEMO, Session

# JupyterLab would ask its own makers for news, and its reader whether it may.
SILENT = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}
QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)

REVIEW = "3_review.ipynb"
RECORD = ".copied.json"
# Notebook 3 as it was copied before a record was kept of what is copied.
FORMER = ("f76212af1fb1479f", "bff0420e6f07e392", "dad624db7b18ec55")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    for command in (demo, lab):
        app.command()(command)


def demo(
    ctx: typer.Context,
    dir: Annotated[Path, typer.Option(help="Where profile, runs and reports are left.")] = DEMO,
) -> Result:
    """The whole story on a fresh sandbox company: checklist, onboarding, sync, report."""
    from recon import demo as story

    session: Session = ctx.obj
    session.sandbox = True
    told = document.of_facts(story.run(dir, session.screen.say), files=[str(dir)])
    return Result(0, told.body)


def lab(
    ctx: typer.Context,
    review: Annotated[bool, typer.Option("--review", help="Open the review board.")] = False,
) -> Result:
    """Open JupyterLab on the notebooks, for the named company or else the sandbox's."""
    from recon import settings
    from recon.errors import Usage

    session: Session = ctx.obj
    profile = session.load(session.path_or_demo())
    folder = own_notebooks(profile.folder)
    if not list(folder.glob("*.ipynb")):
        raise Usage("This installation has no notebooks", todo="Install recon anew")
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    command += quiet(profile.folder)
    command += [f"--LabApp.default_url=/lab/tree/{REVIEW}"] if review else []
    environment = settings.environment_with(RECON_COMPANY=str(profile.path))
    ended = subprocess.run(command, env=environment, check=False)
    return Result(0 if ended.returncode in (0, 130, -2) else 3)


def quiet(folder: Path) -> list[str]:
    """The options under which JupyterLab neither asks nor calls home; their file is kept here."""
    settings = folder / "jupyterlab"
    settings.mkdir(exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(SILENT), encoding="utf-8")
    return [*QUIET, f"--LabApp.app_settings_dir={settings}"]


def own_notebooks(folder: Path) -> Path:
    """The company's own copies of the notebooks; one that nobody edited follows the shipped one."""
    from recon import notebook

    mine = folder / "notebooks"
    mine.mkdir(parents=True, exist_ok=True)
    record = mine / RECORD
    before = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    copied = dict(before)
    for shipped in notebook.folder().glob("*.ipynb"):
        own, now = mine / shipped.name, _code(shipped)
        as_copied = _code(own) in (copied.get(shipped.name), *FORMER) if own.exists() else True
        if as_copied and copied.get(shipped.name) != now:
            own.write_bytes(shipped.read_bytes())
            copied[shipped.name] = now
    if copied != before:
        record.write_text(json.dumps(copied, indent=1), encoding="utf-8")
    return mine


def _code(path: Path) -> str:
    """A digest of what a notebook's cells say, whatever came of running them; '' for none."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        said = ["".join(cell["source"]) for cell in cells]
    except (ValueError, LookupError, TypeError):
        return ""
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
