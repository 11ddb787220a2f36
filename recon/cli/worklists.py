"""Commands for the worklists before go-live: which types transfer, and duplicates in one system."""

from __future__ import annotations

from typing import Annotated

import typer

from recon.cli import show
from recon.cli.document import Result
from recon.cli.looking import Full
from recon.cli.session import Session
from recon.errors import Usage

SYSTEMS = ("global", "severa")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    for command in (transfer, duplicates):
        app.command()(command)


def transfer(
    ctx: typer.Context,
    answers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME=VALUE]...",
            help="customer_types=1,2 (or =all), employees=off, products=to_severa, projects=both",
        ),
    ] = None,
    full: Full = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what the answers would change.")
    ] = False,
) -> Result:
    """Which types of records transfer: counts, and answers that are written into the profile."""
    from recon import choices
    from recon.shapes import plain

    session: Session = ctx.obj
    given = choices.answers(answers or [])
    with session.open(full=full) as bench:
        from recon import flow

        found, effects = flow.transfer(bench, given)
        path = bench.profile.path
    show.counts(session.screen, found)
    files = []
    if given:
        for line in (*choices.told(effects), choices.STAYS):
            session.screen.say(line)
    if given and not dry_run:
        kept = choices.save(path, given)
        files = [str(path), str(kept)]
        session.screen.say(f"Written: {path}; as it was: {kept}")
    return Result(0, {"counts": plain(found), "effects": plain(effects), "files": files})


def duplicates(
    ctx: typer.Context,
    apart: Annotated[
        str,
        typer.Option(
            metavar="ENTITY/SYSTEM/KEY,KEY", help="These are not the same, as customer/global/1,2."
        ),
    ] = "",
    why: Annotated[str, typer.Option(metavar="TEXT", help="Why they are not the same.")] = "",
    full: Full = False,
) -> Result:
    """Records of one system that may be the same: a worklist for people, never merged by recon."""
    from recon.shapes import plain

    session: Session = ctx.obj
    with session.open(full=full) as bench:
        from recon import flow

        if apart:
            where, keys = _spot(apart, why)
            pairs = flow.apart(bench, where, keys, why)  # type: ignore[arg-type]
            session.screen.say(f"Kept: {pairs} pairs of {where[0]} are not the same")
        found = flow.duplicates(bench)
    show.duplicates(session.screen, found)
    return Result(0, {"duplicates": plain(found)})


def _spot(apart: str, why: str) -> tuple[tuple[str, str], list[str]]:
    entity, _, rest = apart.partition("/")
    side, _, keys = rest.partition("/")
    if side not in SYSTEMS or not keys:
        raise Usage(
            f"{apart[:60]!r} names no records",
            where="--apart",
            todo="Write ENTITY/SYSTEM/KEY,KEY, as in customer/global/1,2 or customer/severa/…",
        )
    if not why.strip():
        raise Usage("A reason is needed", where="--why", todo="Say why they are not the same")
    return (entity, side), [key.strip() for key in keys.split(",") if key.strip()]
