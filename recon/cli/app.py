"""The Typer app and its global options; the commands stand by theme in modules beside this one."""

from __future__ import annotations

from typing import Annotated

import typer

from recon.cli import (
    checking,
    deciding,
    looking,
    matching,
    sandbox,
    story,
    worklists,
    writing,
)
from recon.cli.session import Session

app = typer.Typer(
    name="recon",
    help="Clean up, connect and keep in step Visma Global and Visma Severa.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def options(
    ctx: typer.Context,
    company: Annotated[
        str, typer.Option(metavar="FILE", help="The company's profile; else RECON_COMPANY.")
    ] = "",
    json: Annotated[
        bool, typer.Option("--json", help="Print exactly one JSON document on stdout.")
    ] = False,
) -> None:
    """Clean up, connect and keep in step Visma Global and Visma Severa.

    Exit codes: 0 done; 1 done, but something needs a person; 2 wrong usage or settings;
    3 could not run; 130 or 143 stopped by Ctrl-C or SIGTERM.
    """
    session: Session = ctx.obj
    session.profile_path, session.json = company, json
    session.command = ctx.invoked_subcommand or ""


for theme in (story, looking, checking, deciding, matching, worklists, writing):
    theme.add_to(app)
app.add_typer(sandbox.app, name="sandbox", help="Both systems on this machine, without real data.")
