"""The commands one starts with: the demo, and JupyterLab."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Annotated

import typer

from recon.cli import document, jupyter
from recon.cli.document import Result
from recon.cli.session import DEMO, Session


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

    session: Session = ctx.obj
    profile = session.load(session.path_or_demo())
    command = jupyter.command(profile.folder, jupyter.REVIEW if review else jupyter.FIRST)
    if jupyter.is_root():
        session.screen.say("You are root, and so is all that runs in these notebooks")
    session.screen.say("JupyterLab opens in the browser; Ctrl-C here ends it")
    environment = settings.environment_with(RECON_COMPANY=str(profile.path))
    with subprocess.Popen(command, env=environment) as served:
        try:
            ended = served.wait()
        except BaseException:
            served.terminate()
            raise
    return Result(0 if ended in (0, 130, -2) else 3)
