"""Traces as a document for people, and as plain data for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from recon.report.documents import text
from recon.report.shapes import Column, Document, Line, Row, Sheet
from recon.report.words import moment
from recon.shapes import plain
from recon.trace.shapes import Step, Trace

COLUMNS = (
    Column("When", 18),
    Column("Where", 14),
    Column("What", 70),
    Column("Amount", 14),
    Column("Currency", 9),
    Column("Run", 30),
)


def document(found: Sequence[Trace], of: tuple[str, bool, str], number: str) -> Document:
    """A page; `of` is the company, whether it is a sandbox, and its time zone."""
    company, sandbox, zone = of
    return Document(
        "trace",
        f"Where is {number}?",
        company,
        sandbox,
        (Line("Company", company),),
        (*_several(found, number), *(line for one in found for line in lines(one, zone))),
        tuple(_steps(one, zone, at) for at, one in enumerate(found, 1)),
    )


def _several(found: Sequence[Trace], number: str) -> Iterable[Line]:
    if len(found) > 1:
        yield Line(f"Documents with the number {number}", f"{len(found)}: all are shown", "warn")


def lines(one: Trace, zone: str) -> Iterable[Line]:
    """What a person wants to know first."""
    yield Line(one.title, f"{one.visma_global}{f', {one.party}' if one.party else ''}")
    yield Line("How it stands", one.stands)
    if one.why:
        runs = f"since {moment(one.since, zone)}, {one.runs} runs: {one.why}"
        yield Line("What keeps it", runs, "warn")
    yield Line("Next", one.next, "good" if one.next.startswith("nothing") else "")


def _steps(one: Trace, zone: str, at: int) -> Sheet:
    rows = tuple(row(step, zone) for step in one.steps)
    return Sheet(f"Steps {at}", f"Every step of {one.title}", "", COLUMNS, rows)


def row(step: Step, zone: str) -> Row:
    """A step for a table; days stay days, moments are in the company's time."""
    when = moment(step.at, zone) if "T" in step.at else step.at
    amount = step.amount if step.amount is None else Decimal(text(step.amount, step.currency))
    return (when, step.place, step.what, amount, step.currency, step.run)


def sheet(found: Sequence[Trace], zone: str) -> Sheet:
    """Many traces in one table: those that need a person."""
    columns = (Column("Document", 24), *COLUMNS, Column("Next", 50))
    rows = [
        (one.title, *row(step, zone), one.next if last == len(one.steps) else "")
        for one in found
        for last, step in enumerate(one.steps, 1)
    ]
    note = (
        "The documents that need a person, those with most money first, each from its first step to"
        " its last. 'recon trace invoice NUMBER' tells the same of any other."
    )
    return Sheet("Traces", "The way of documents that need a person", note, columns, tuple(rows))


def data(found: Iterable[Trace]) -> list[dict[str, Any]]:
    """The same for programs: amounts as text, moments in UTC."""
    return [{**plain(one), "steps": [_step(step) for step in one.steps]} for one in found]


def _step(step: Step) -> dict[str, Any]:
    amount = None if step.amount is None else text(step.amount, step.currency)
    kept = {name: value for name, value in plain(step).items() if name != "rank"}
    return {**kept, "amount": amount}
