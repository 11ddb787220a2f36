"""`recon propose` and `recon decide`: what may be the same, and what a person says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recon.cli import checking, document, ruling, show
from recon.cli.document import Result
from recon.cli.looking import Entities, Full
from recon.cli.session import Session, chosen_entities
from recon.errors import Usage

if TYPE_CHECKING:
    from recon.review.answers import Answer
    from recon.review.cells import Book
    from recon.review.filled import Workbook

VERDICTS = ("same", "different", "later")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(propose)
    app.command()(decide)


def propose(
    ctx: typer.Context,
    entities: Entities = "",
    full: Full = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.xlsx", help="A workbook to decide them in.")
    ] = None,
) -> Result:
    """Records of both systems that seem to be the same, for a person to decide."""
    session: Session = ctx.obj
    if out and out.suffix.casefold() != ".xlsx":
        raise Usage("Proposals are written as .xlsx", where=str(out), todo="Name such a file")
    with session.open(entities=chosen_entities(entities), full=full) as bench:
        from recon import flow
        from recon.review import workbook
        from recon.table_files import unwritable

        facts = flow.propose(bench)
        try:
            files = [str(workbook.write(bench, facts, out))] if out else []
        except OSError as error:
            raise unwritable(Path(str(out)), error) from None
    show.proposals(session.screen, facts)
    show.ending(session.screen, facts)
    for file in files:
        session.screen.say(f"Fill in {file}, then: recon decide --from {file}")
    return document.of_facts(facts, proposals=list(facts.proposals), files=files)


def decide(
    ctx: typer.Context,
    entity: Annotated[str, typer.Argument()] = "",
    global_key: Annotated[str, typer.Argument(help="With --right: FIELD or FIELD/KEY.")] = "",
    severa_guid: Annotated[str, typer.Argument()] = "",
    verdict: Annotated[str, typer.Argument(help="same, different or later")] = "",
    right: Annotated[
        str,
        typer.Option(
            metavar="SYSTEM",
            help="Of fields that differ: global or severa is right, leave both, or open again.",
        ),
    ] = "",
    why: Annotated[str, typer.Option(help="The reason, kept with your name and the time.")] = "",
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE.xlsx", help="A workbook of 'recon propose' or 'recon check'."
        ),
    ] = None,
) -> Result:
    """Say of a pair whether it is the same, or (--right) of a field that differs which system is
    right; kept, and never asked again while its data stay."""
    session: Session = ctx.obj
    pair = (entity, global_key, severa_guid)
    if source:
        if any((*pair, verdict, why, right)):
            raise Usage("A workbook or one pair, not both", where="--from")
        return _from_workbook(session, source)
    if right:
        if severa_guid or verdict or not global_key:
            raise Usage(
                "--right takes ENTITY FIELD, or ENTITY FIELD/KEY for one pair",
                todo="For example: recon decide customer name/10001 --right global",
            )
        return ruling.one_field(session, (entity, global_key), right, why)
    if not all((*pair, verdict)):
        raise Usage(
            "Missing argument: a pair needs ENTITY GLOBAL_KEY SEVERA_GUID VERDICT",
            todo="Or name a workbook that is filled in: 'recon decide --from FILE.xlsx'",
        )
    return _one_pair(session, pair, verdict, why)


def _one_pair(session: Session, pair: tuple[str, str, str], verdict: str, why: str) -> Result:
    from recon.settings import user_name
    from recon.shapes import Decision
    from recon.store import now

    if verdict not in VERDICTS:
        raise Usage(f"A verdict cannot be {verdict!r}", todo=f"Choose among {', '.join(VERDICTS)}")
    chosen_entities(pair[0])
    said = Decision(*pair, verdict, user_name(), now(), why, ("", ""))  # type: ignore[arg-type]
    with session.open() as bench:
        from recon import flow

        flow.decide(bench, said)
    session.screen.say(f"Kept: {pair[0]} {pair[1]} and {pair[2]} are {verdict}")
    return Result()


def _from_workbook(session: Session, path: Path) -> Result:
    """A workbook's sheets tell its kind. It is read before either system is, so that a bad cell
    is told at once."""
    from recon.review import cells, checklist_filled

    session.path()
    book = cells.read(path)
    if checklist_filled.is_one(book):
        return checking.from_workbook(session, book)
    return _proposals_and_differences(session, book)


def _proposals_and_differences(session: Session, given: Book) -> Result:
    from recon.review import filled

    book = filled.read(given)
    with session.open() as bench:
        from recon import flow
        from recon.review import workbook, workbook_rulings
        from recon.review.initials import initials

        if not book.of_company(bench.profile.company.name):
            raise Usage(
                "The workbook, or some of its rows, is of another company: nothing was stored",
                where=given.path.name,
                todo="Name that company's profile with --company",
            )
        facts = flow.propose(bench)
        answers = workbook.keep(bench, facts.proposals, book.decisions)
        answers += workbook_rulings.keep(initials(bench, facts.initials), book.rulings)
    session.screen.say(_summary(answers, book))
    refused = [f"{a.filled.cell}: {a.text}" for a in answers if a.state == "refused"]
    for line in refused:
        session.screen.say(f"Not stored: {line}")
    rows = [_row(answer) for answer in answers]
    return Result(1 if refused else 0, {"run": facts.run, "rows": rows, "needs_person": refused})


def _summary(answers: Sequence[Answer], book: Workbook) -> str:
    """What was kept, in a sentence."""
    kept: Counter[str] = Counter(a.filled.verdict for a in answers if a.state == "kept")
    states = Counter(a.state for a in answers)
    parts = [", ".join(f"{kept[verdict]} {verdict}" for verdict in VERDICTS)]
    parts += [f"{states['known']} kept before"] if states["known"] else []
    parts += [f"{states['refused']} not stored"] if states["refused"] else []
    parts.append(f"{book.empty} left empty")
    return "; ".join([*parts, *([_ruled(kept, book)] if book.rulings or book.unruled else [])])


def _ruled(kept: Mapping[str, int], book: Workbook) -> str:
    systems = {"global": "Visma Global", "severa": "Visma Severa", "leave": "leave"}
    words = ", ".join(f"{kept[right]} {word}" for right, word in systems.items())
    return f"differences: {words}, {book.unruled} left empty"


def _row(answer: Answer) -> dict[str, Any]:
    one = answer.filled
    place: tuple[str, ...] = getattr(one, "pair", ()) or getattr(one, "spot", ())
    names = ("entity", "field", "global_key", "severa_guid")
    where = dict(zip(names if len(place) == 4 else (names[0], *names[2:]), place, strict=True))
    told = {"verdict": one.verdict, "state": answer.state, "text": answer.text}
    return {"cell": one.cell, **where, **told}
