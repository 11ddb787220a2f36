"""`recon check`: what is wrong in which system, what was waived, and the progress."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recon.cli import document, show
from recon.cli.document import Result
from recon.cli.looking import Entities, Full
from recon.cli.session import Session, chosen_entities
from recon.errors import Usage

if TYPE_CHECKING:
    from recon.checklist import Said
    from recon.review.cells import Book
    from recon.review.checklist_workbook import Answer
    from recon.shapes import Facts

FORM = "ENTITY/CHECK[/SYSTEM/KEY]"


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(check)


def check(
    ctx: typer.Context,
    entities: Entities = "",
    full: Full = False,
    waive: Annotated[
        list[str] | None,
        typer.Option(
            metavar=FORM,
            help="Go live in spite of this check, as it stands, or of one record; may be repeated.",
        ),
    ] = None,
    unwaive: Annotated[
        list[str] | None,
        typer.Option(metavar=FORM, help="Take a waiver back."),
    ] = None,
    why: Annotated[
        str, typer.Option(help="The reason of --waive, kept with your name and the time.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.xlsx", help="A workbook to waive them in.")
    ] = None,
) -> Result:
    """The checklist before go-live: every fault in the data, and where to mend it."""
    session: Session = ctx.obj
    if out and out.suffix.casefold() != ".xlsx":
        raise Usage("The checklist is written as .xlsx", where=str(out), todo="Name such a file")
    said = _said(waive or [], unwaive or [], why)
    with session.open(entities=chosen_entities(entities), full=full) as bench:
        from recon import flow

        facts = flow.check(bench, said)
        files = [_written(facts, out)] if out else []
    show.facts(session.screen, facts)
    show.checklist(session.screen, facts)
    for file in files:
        session.screen.say(f"Fill in {file}, then: recon decide --from {file}")
    return document.of_facts(facts, files=files)


def _said(waive: list[str], unwaive: list[str], why: str) -> list[Said]:
    from recon.checklist import Said, understood

    if why and not (waive or unwaive):
        raise Usage("A reason for nothing", where="--why", todo="Name what --waive is about")
    said = [Said(name, "waived", why) for name in waive]
    said += [Said(name, "open", why) for name in unwaive]
    understood(said)
    return said


def _written(facts: Facts, out: Path) -> str:
    from recon.review import checklist_workbook
    from recon.table_files import unwritable

    try:
        return str(checklist_workbook.write(facts, out))
    except OSError as error:
        raise unwritable(out, error) from None


def from_workbook(session: Session, given: Book) -> Result:
    """Keep what was filled into a workbook of 'recon check'; it is read before either system is, so
    that a bad cell is told at once."""
    from recon import settings
    from recon.review import checklist_filled, checklist_workbook

    company = settings.load(session.path()).company.name
    book = checklist_filled.read(given, company)
    with session.open() as bench:
        from recon import flow

        answers = checklist_workbook.keep(bench.store, flow.findings(bench), book.words)
    states = Counter(f"{a.filled.verdict} {a.state}" for a in answers)
    told = [f"{count} {state}" for state, count in sorted(states.items())]
    session.screen.say("; ".join([*told, f"{book.empty} left empty"]))
    refused = [f"{a.filled.cell}: {a.text}" for a in answers if a.state == "refused"]
    for line in refused:
        session.screen.say(f"Not stored: {line}")
    rows = [_row(answer) for answer in answers]
    return Result(1 if refused else 0, {"run": bench.run, "rows": rows, "needs_person": refused})


def _row(answer: Answer) -> dict[str, Any]:
    one = answer.filled
    spot = dict(zip(("entity", "check", "system", "key"), one.spot, strict=True))
    said = {"verdict": one.verdict, "why": one.why, "state": answer.state, "text": answer.text}
    return {"cell": one.cell, **spot, **said}
