"""Commands for the worklists before go-live: which types transfer, and duplicates in one system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from recon.cli import show
from recon.cli.document import Result
from recon.cli.looking import Full
from recon.cli.session import Session, chosen_entities
from recon.errors import Usage

if TYPE_CHECKING:
    from recon.shapes import Side

SIDES: tuple[Side, Side] = ("global", "severa")


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
    together: Annotated[
        str, typer.Option(metavar="ENTITY/SYSTEM/KEY,KEY", help="Take --apart back: ask again.")
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
            _needed(why)
            pairs = flow.apart(bench, *_spot(apart, "--apart"), why)
            session.screen.say(f"Kept: {pairs} pairs are not the same")
        if together:
            pairs = flow.together(bench, *_spot(together, "--together"), why)
            session.screen.say(f"Kept: {pairs} pairs are asked again")
        found = flow.duplicates(bench)
    show.duplicates(session.screen, found)
    return Result(0, {"duplicates": plain(found)})


def _needed(why: str) -> None:
    if not why.strip():
        raise Usage("A reason is needed", where="--why", todo="Say why they are not the same")


def _spot(named: str, option: str) -> tuple[tuple[str, Side], list[str]]:
    entity, _, rest = named.partition("/")
    side, _, keys = rest.partition("/")
    if side not in SIDES or not keys:
        raise Usage(
            f"{named[:60]!r} names no records",
            where=option,
            todo="Write ENTITY/SYSTEM/KEY,KEY, as in customer/global/1,2 or customer/severa/…",
        )
    chosen_entities(entity)
    return (entity, side), [key.strip() for key in keys.split(",") if key.strip()]
