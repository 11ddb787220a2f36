"""Commands that look and remember, but write into neither system."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from recon.cli import document, show
from recon.cli.document import Result
from recon.cli.session import Session, chosen_entities
from recon.errors import Usage

Entities = Annotated[
    str, typer.Option(metavar="A,B", help="Only these entities; all where not given.")
]
Full = Annotated[bool, typer.Option("--full", help="Compare everything, not only what changed.")]
Force = Annotated[
    list[str] | None,
    typer.Option(metavar="LIMIT", help="Pass this safety limit knowingly; may be repeated."),
]
Licences = Annotated[
    int, typer.Option(min=0, metavar="N", help="Approve up to N new licences in Severa.")
]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    for command in (
        doctor,
        plan,
        undo,
        report,
        trace,
        runs,
        unknowns,
        failures,
        links,
    ):
        app.command()(command)


def doctor(
    ctx: typer.Context,
    init: Annotated[
        bool, typer.Option("--init", help="Write or complete a profile by asking.")
    ] = False,
    sql: Annotated[
        bool, typer.Option("--sql", help="Print T-SQL that grants the login the least rights.")
    ] = False,
) -> Result:
    """Can we work here? Rights, versions, company, schema, defaults, clock, and each remedy."""
    session: Session = ctx.obj
    if init:
        from recon.cli import interview

        path = interview.write_profile(session)
        return Result(0, {"files": [str(path)]})
    if sql:
        return _rights_script(session)
    verdicts = _examined(session)
    show.verdicts(session.screen, verdicts)
    failed = [f"{v.name}: {v.text}. {v.todo}".strip() for v in verdicts if not v.passed]
    body = {"verdicts": list(verdicts), "needs_person": failed}
    return Result(3, {**body, "error": failed[0]}) if failed else Result(0, body)


def _examined(session: Session) -> list[Any]:
    """The doctor's answers; about each system on its own where not both can be opened yet."""
    try:
        with session.open(logins="any") as bench:
            from recon import flow

            return flow.doctor(bench)
    except Usage:
        from recon import settings
        from recon.cli.session import severa_url
        from recon.doctor import apart

        profile = settings.load(session.path())
        found = apart.examine(profile, severa_url(profile))
        if all(verdict.passed for verdict in found):
            raise
        return list(found)


def _rights_script(session: Session) -> Result:
    """For the administrator of the SQL Server; nothing is reached for it."""
    from recon.doctor.scopes import ticks
    from recon.doctor.script import script

    profile = session.load(session.path())
    text = script(profile)
    session.screen.say(f"For Severa: {ticks(profile)}")
    if not session.json:
        typer.echo(text, nl=False)
    return Result(0, {"sql": text})


def plan(
    ctx: typer.Context,
    out: Annotated[Path | None, typer.Option(help="Save the plan as JSON.")] = None,
    entities: Entities = "",
    full: Full = False,
    force: Force = None,
    licences: Licences = 0,
    codes: Annotated[
        bool, typer.Option("--codes", help="Plan codes for Severa's records that have none.")
    ] = False,
) -> Result:
    """What would be done, with its checksum; nothing is written into either system."""
    session: Session = ctx.obj
    chosen: dict[str, Any] = {
        "entities": chosen_entities(entities),
        "full": full,
        "force": tuple(force or ()),
        "licences": licences,
    }
    with session.open(dry_run=True, **chosen) as bench:
        from recon import flow

        planned, facts = flow.code_plan(bench) if codes else flow.rehearse(bench, shown=True)
        if out:
            flow.save(planned, out)
    show.plan(session.screen, planned)
    show.ending(session.screen, facts)
    session.say_reports(facts)
    if out:
        session.screen.say(f"Saved in {out}; 'recon apply {out} --checksum …' does just that")
    return document.of_facts(facts, files=[str(out)] if out else [])


def undo(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(help="The run whose updates are taken back.")],
    out: Annotated[Path, typer.Option(help="Where the plan is written.")],
) -> Result:
    """Plan the way back of a run's updates; 'recon apply' does it once it is approved."""
    session: Session = ctx.obj
    with session.open() as bench:
        from recon import flow

        planned = flow.undo(bench, run)
        flow.save(planned, out)
    show.plan(session.screen, planned)
    return Result(0, {"checksum": planned.checksum, "files": [str(out)]})


def report(ctx: typer.Context, full: Full = False) -> Result:
    """Write the reports as Excel and HTML: where both systems stand."""
    session: Session = ctx.obj
    with session.open(full=full) as bench:
        from recon import flow
        from recon.report.documents import block

        paths, documents = flow.report(bench)
    files = [str(path) for path in paths]
    for file in files:
        session.screen.say(file)
    return Result(0, {"files": files, "documents": block(documents)})


def trace(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(help="invoice, order or cost")],
    number: Annotated[str, typer.Argument(help="Its number in Severa or in Visma Global.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write it as a page, too.")
    ] = None,
) -> Result:
    """Where is this document? Every step in both systems, and what is expected next."""
    from recon.report import html
    from recon.trace import page

    session: Session = ctx.obj
    with session.open() as bench:
        from recon import flow

        found = flow.trace(bench, kind, number)
        company = bench.profile.company
        told = page.document(found, (company.name, company.sandbox, company.timezone), number)
        files = [str(html.write(told, out))] if out else []
    show.document(session.screen, told)
    return Result(0, {"traces": page.data(found), "files": files})


def runs(ctx: typer.Context) -> Result:
    """Earlier runs: when, what, how they ended."""
    return _listed(ctx.obj, "Runs", "runs")


def unknowns(ctx: typer.Context) -> Result:
    """Operations whose effect is not known: the next run looks before it tries again."""
    return _listed(ctx.obj, "Unknown", "unknowns")


def links(ctx: typer.Context) -> Result:
    """Which Global record is which Severa record."""
    return _listed(ctx.obj, "Links", "links")


def failures(
    ctx: typer.Context,
    release: Annotated[
        str, typer.Option(metavar="ENTITY/KEY", help="Let a parked record be tried again.")
    ] = "",
) -> Result:
    """Records that could not be written: why, and what to do."""
    session: Session = ctx.obj
    if not release:
        return _listed(session, "Failures", "failures")
    with session.open() as bench:
        from recon import flow

        entity, _, key = release.partition("/")
        if not flow.release(bench, entity, key):
            raise Usage(
                f"No failure is kept of {release[:80]!r}",
                where="--release",
                todo="Take entity and key from 'recon failures'",
            )
    session.screen.say(f"{release} is tried again by the next run")
    return Result()


def _listed(session: Session, title: str, stage: str) -> Result:
    """Rows that a stage of flow remembers, all in the document and the first on the screen."""
    from recon.shapes import plain

    with session.open() as bench:
        from recon import flow

        rows = plain(getattr(flow, stage)(bench))
    session.screen.rows(title, [_brief(row) for row in rows])
    named = {stage: rows} if stage in document.LISTED else {}
    return Result(0, {"rows": rows, **named})


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    """What fits on a screen: the plain values of a row."""
    return {name: value for name, value in row.items() if not isinstance(value, dict | list)}
