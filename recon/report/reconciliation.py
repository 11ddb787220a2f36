"""The reconciliation as a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from recon.report import differences, document_sheets, document_stages, sheets, trend, waiting
from recon.report.documents import NO_DOCUMENTS, Documents
from recon.report.naming import Words, words
from recon.report.shapes import Chart, Column, Document, Line, Names, Row, Sheet
from recon.report.tally import Tally, closed, standings, tallies
from recon.report.words import (
    NO_NAMES,
    STANDINGS,
    STATES,
    head,
    legend,
    standing_of,
    state_word,
    system,
)
from recon.shapes import SIDES, WRITES, Facts, Side, State

AT_REST = ("Linked, equal", "Out of scope")
NICK: Mapping[Side, str] = {"global": "Global", "severa": "Severa"}
CHECKED = ("Linked, equal", "Linked, differing", "To be linked", "Only here", "Out of scope")
Standings = Mapping[str, Mapping[str, int]]


def reconciliation(
    facts: Facts,
    earlier: Sequence[trend.Point] = (),
    names: Names = NO_NAMES,
    documents: Documents = NO_DOCUMENTS,
) -> Document:
    """Where both systems stand, where they differ field by field, what is to be decided, and the
    trend over runs.

    `earlier` are the JSON documents of earlier runs, oldest first; this run is added at the end.
    """
    said, found = words(facts, names), tallies(facts)
    stand = standings(found)
    points = trend.points(facts, earlier)
    return Document(
        "reconciliation",
        "Reconciliation of Visma Global and Visma Severa",
        facts.company,
        facts.sandbox,
        head(facts),
        (*_lines(facts, found, stand), *document_sheets.lines(documents)),
        (*_sheets(facts, found, points, said), *_documents(documents, said)),
        (chart(stand, said), trend.chart(points, facts.timezone), *_money(documents)),
        legend((*STANDINGS, "owner", *differences.KINDS, "held", "waiting")),
    )


def _documents(found: Documents, said: Words) -> Iterable[Sheet]:
    """Nothing where no documents run: what is not there needs no empty tables."""
    return document_sheets.sheets(found, said) if found.kinds else ()


def _money(found: Documents) -> tuple[Chart, ...]:
    return (document_stages.chart(found),) if found.kinds else ()


def _lines(facts: Facts, found: Sequence[Tally], stand: Standings) -> Iterable[Line]:
    total = Counter(dict.fromkeys(STANDINGS, 0))
    for counts in stand.values():
        total.update(counts)
    apart = sum(count for word, count in total.items() if word not in AT_REST)
    agree, adds_up = not facts.differences and not apart, closed(facts, found)
    yield Line("Both systems agree", "yes" if agree else "no", "good" if agree else "warn")
    yield Line("The numbers add up", "yes" if adds_up else "no", "good" if adds_up else "bad")
    for word in STANDINGS:
        yield Line(word, total[word])
    yield Line("Fields that differ", len(facts.differences) + len(differences.undone(facts)))
    yield Line("Failures", len(facts.failures), "bad" if facts.failures else "good")


def chart(stand: Standings, said: Words) -> Chart:
    """Where both systems stand, as a picture."""
    rows = tuple(
        (said.entity(entity), word, counts[word])
        for entity, counts in stand.items()
        for word in STANDINGS
        if counts[word] and word != "Out of scope"
    )
    note = (
        "Records per entity, in the order of the words below; a linked pair counts once. Those out"
        " of scope stand in the tables."
    )
    return Chart("standing", "Where both systems stand", note, rows)


def _sheets(
    facts: Facts, found: Sequence[Tally], points: Sequence[trend.Point], said: Words
) -> Iterable[Sheet]:
    yield standing(standings(found), said)
    yield check(found, said)
    yield differences.by_field(facts, said)
    yield differences.differences(facts, said, "conflict")
    yield differences.differences(facts, said, "drift")
    yield differences.to_decide(facts, said)
    yield differences.differences(facts, said, "initial difference")
    yield differences.pending(facts, said)
    yield waiting.held(facts, said)
    yield waiting.licences(facts, said)
    yield sheets.failures(facts.failures, said)
    note = "The same by the rules; the next run connects them. Shown once, by the Global record."
    yield _records(facts, said, "unlinked", ("To be linked", note, SIDES[:1]))
    for side in SIDES:
        note = f"Records of {system(side)} that should be in both and have no partner, and why."
        yield _records(facts, said, "only", (f"Only in {NICK[side]}", note, (side,)))
    note = "Records whose standing is not certain."
    yield _records(facts, said, "unsettled", ("Unsettled", note, SIDES))
    note = "Records that have no partner and are not meant to have one, counted by the rule."
    title = "Out of scope, by reason"
    yield waiting.reasons(facts, said, ("out of scope",), title, note)
    note = "Records that have no partner and are not meant to have one."
    outside = _records(facts, said, "outside", ("Out of scope", note, SIDES))
    yield replace(outside, detail=True)
    yield sheets.outcomes(found, said)
    yield trend.sheet(points, facts.timezone)


def standing(stand: Standings, said: Words) -> Sheet:
    """Where both systems stand, per entity."""
    columns = (Column("Entity", 28), *(Column(word, 13) for word in STANDINGS))
    rows: list[Row] = [
        (said.entity(entity), *(counts[word] for word in STANDINGS))
        for entity, counts in stand.items()
    ]
    note = (
        "A linked pair counts once; what is out of scope or unsettled counts in each system. The"
        " next table shows that these numbers add up to the records read."
    )
    title = "Where both systems stand"
    return Sheet("Standing", title, note, columns, sheets.totalled(rows, 1), totalled=bool(rows))


def check(found: Sequence[Tally], said: Words) -> Sheet:
    """The check line: per entity and system the numbers add up to the records read."""
    columns = (
        Column("Entity", 28),
        Column("System", 14),
        *(Column(word, 11) for word in (*CHECKED, "Unsettled", "Sum", "Read")),
        Column("Adds up", 14, toned=True),
    )
    rows = [_check_row(tally, said) for tally in found]
    note = "Each record that was read stands in exactly one column; Sum must be equal to Read."
    title = "The check: do the numbers add up?"
    return Sheet("Check", title, note, columns, sheets.totalled(rows, 2), totalled=bool(rows))


def _check_row(tally: Tally, said: Words) -> Row:
    at = tally.stands
    equal = at.get("equal", 0) + at.get("new", 0)
    groups = ("differing", "unlinked", "only", "outside", "unsettled")
    counts = (equal, *(at.get(group, 0) for group in groups))
    place = (said.entity(tally.entity), system(tally.side))
    return (*place, *counts, sum(counts), tally.read, tally.verdict)


def _records(
    facts: Facts, said: Words, group: str, sheet: tuple[str, str, Sequence[Side]]
) -> Sheet:
    """The records of a group on the sides named, as a sheet with this title and note."""
    title, note, sides = sheet
    wrote = facts.command in WRITES
    found = [o for o in facts.outcomes if o.side in sides and standing_of(o, wrote) == group]
    made = sheets.records(found, said, tuple(STATES), title, note)
    worded: dict[str, str] = {state: state_word(state, facts.command) for state in STATES}
    rows = tuple((worded[cast(State, row[0])], *row[1:]) for row in made.rows)
    return replace(made, rows=rows)
