"""Commands that write into the two systems."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recon.cli import document, show
from recon.cli.document import Result
from recon.cli.looking import Entities, Force, Full, Licences
from recon.cli.session import Session, chosen_entities
from recon.errors import Usage

if TYPE_CHECKING:
    from recon.shapes import Facts, Plan

DryRun = Annotated[bool, typer.Option("--dry-run", help="Plan and show only; write nothing.")]
Notebook = Annotated[bool, typer.Option("--notebook", help="Run it as an executed notebook.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    for command in (apply, sync, onboard):
        app.command()(command)


def apply(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A plan that 'recon plan --out' saved.")],
    checksum: Annotated[str, typer.Option(help="The checksum that you were shown.")],
    force: Force = None,
) -> Result:
    """Do a saved plan, just as it was shown."""
    session: Session = ctx.obj
    with session.open(writes=True, force=tuple(force or ())) as bench:
        from recon import flow

        facts = flow.apply(bench, flow.load(file), checksum)
    show.facts(session.screen, facts)
    session.say_reports(facts)
    return document.of_facts(facts)


def sync(
    ctx: typer.Context,
    dry_run: DryRun = False,
    entities: Entities = "",
    full: Full = False,
    force: Force = None,
    licences: Licences = 0,
    notebook: Notebook = False,
) -> Result:
    """Transfer what changed since last time, by the rules; for the scheduler."""
    session: Session = ctx.obj
    chosen = {**_options(entities, full, force, dry_run), "licences": licences}
    if notebook:
        return _as_notebook(session, "5_sync", {}, any(chosen.values()))
    with session.open(writes=not dry_run, **chosen) as bench:
        from recon import flow

        facts = flow.sync(bench)
    show.facts(session.screen, facts)
    session.say_reports(facts)
    return document.of_facts(facts)


def onboard(
    ctx: typer.Context,
    checksum: Annotated[str, typer.Option(help="Do only the plan that has this checksum.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Apply without asking.")] = False,
    dry_run: DryRun = False,
    entities: Entities = "",
    full: Full = False,
    force: Force = None,
    licences: Licences = 0,
    notebook: Notebook = False,
) -> Result:
    """Go live: everything compared, the plan shown, and applied once it is approved."""
    session: Session = ctx.obj
    if not (checksum or yes or dry_run or _can_ask()):
        raise Usage(
            "An onboarding must be approved",
            todo="Look at 'recon onboard --dry-run', then give its --checksum, or --yes",
        )
    chosen = {**_options(entities, full, force, dry_run), "licences": licences}
    if notebook:
        narrowed = any(chosen.values()) or not checksum
        return _as_notebook(session, "4_onboarding", {"approve": checksum}, narrowed)
    with session.open(writes=not dry_run, **chosen) as bench:
        from recon import flow

        if not checksum:
            planned, rehearsed = flow.rehearse(bench, shown=True)
            _hide_bars(session)
            show.plan(session.screen, planned)
            show.ending(session.screen, rehearsed)
            if not dry_run:
                _stop_at_blockers(rehearsed)
            if dry_run or not (yes or _confirmed(session, planned)):
                session.say_reports(rehearsed)
                return document.of_facts(rehearsed)
            checksum = planned.checksum
        facts = flow.onboard(bench, checksum)
    show.facts(session.screen, facts)
    session.say_reports(facts)
    return document.of_facts(facts)


def _options(entities: str, full: bool, force: list[str] | None, dry_run: bool) -> dict[str, Any]:
    return {
        "entities": chosen_entities(entities),
        "full": full,
        "force": tuple(force or ()),
        "dry_run": dry_run,
    }


def _stop_at_blockers(rehearsed: Facts) -> None:
    """Before anybody is asked to approve what cannot be done."""
    from recon import checklist

    checklist.admit(rehearsed.findings, set(rehearsed.read))


def _hide_bars(session: Session) -> None:
    if session.meter:
        session.meter.hide()


def _can_ask() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _confirmed(session: Session, planned: Plan) -> bool:
    count = len(planned.operations)
    if not count:
        return True
    where = "the sandbox company" if session.sandbox else "the REAL company"
    question = f"Do these {count} operations in {where} {session.company}?"
    return typer.confirm(question, err=True)


def _as_notebook(
    session: Session, name: str, parameters: Mapping[str, str], narrowed: bool
) -> Result:
    """The same stage from an executed notebook, which stays as a record beside the reports."""
    from recon import notebook

    if narrowed:
        raise Usage(
            "A notebook takes the company and, to onboard, the --checksum; nothing else",
            where="--notebook",
            todo="Leave --notebook out, or the other options",
        )
    profile = session.load(session.path())
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    output = profile.reports() / f"{name}-{stamp}.ipynb"
    notebook.run(name, output, {"company": str(profile.path), **parameters})
    session.screen.say(f"Kept as {output}")
    return _last_run(session, str(output))


def _last_run(session: Session, file: str) -> Result:
    """The document of the run that the notebook made; results travel through the store."""
    with session.open() as bench:
        from recon import flow

        body = flow.runs(bench)[0]["document"]
    for need in body["needs_person"]:
        session.screen.say(f"Needs a person: {need}")
    return Result(int(body["exit_code"]), {**body, "files": [file]})
