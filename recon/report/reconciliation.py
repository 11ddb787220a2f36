"""The reconciliation as a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from recon.report import sheets
from recon.report.shapes import Chart, Column, Document, Line, Names, Row, Sheet
from recon.report.tally import document_standing, standings, tallies
from recon.report.words import (
    NO_NAMES,
    STANDINGS,
    STATES,
    Words,
    head,
    legend,
    moment,
    standing_of,
    state_word,
    system,
    words,
)
from recon.shapes import SIDES, Facts, Operation, Side, State

MOST_POINTS = 40
AT_REST = ("In both, equal", "Out of scope")
NICK: Mapping[Side, str] = {"global": "Global", "severa": "Severa"}


def reconciliation(
    facts: Facts, trend: Sequence[Mapping[str, Any]] = (), names: Names = NO_NAMES
) -> Document:
    """Where both systems stand, where they differ field by field, and the trend over runs.

    `trend` are the JSON documents of earlier runs, oldest first; this run is added at the end.
    """
    said = words(facts.outcomes, names)
    found = standings(facts)
    note = "Records per entity; those out of scope are left out and stand in the tables."
    rows = tuple(
        (said.entity(entity), word, counts[word]) for entity, counts in found.items()
        for word in STANDINGS if counts[word] and word != "Out of scope"
    )  # fmt: skip
    earlier = [point for point in trend if point.get("entities") and point["run"] != facts.run]
    points = [*earlier, _document(facts)]
    return Document(
        "reconciliation",
        "Reconciliation of Visma Global and Visma Severa",
        facts.company,
        facts.sandbox,
        (*head(facts), *_standing_lines(facts, found)),
        tuple(_reconciliation_sheets(facts, found, points, said)),
        (Chart("standing", "Where both systems stand", note, rows), _trend_chart(points)),
        legend((*STANDINGS, "drift", "conflict", "initial difference", "held", "waiting")),
    )


def _standing_lines(facts: Facts, found: Mapping[str, Mapping[str, int]]) -> Iterable[Line]:
    total = Counter(dict.fromkeys(STANDINGS, 0))
    for counts in found.values():
        total.update(counts)
    apart = sum(count for word, count in total.items() if word not in AT_REST)
    agree = not facts.differences and not apart
    yield Line("Both systems agree", "yes" if agree else "no", "good" if agree else "warn")
    for word in STANDINGS:
        yield Line(word, total[word])
    yield Line("Fields that differ", len(facts.differences) + len(_pending(facts)))


def _pending(facts: Facts) -> list[tuple[Operation, str]]:
    """The edited fields that have not been carried over."""
    return [
        (operation, name)
        for operation, state, _ in facts.operations
        if operation.kind == "update" and state != "done"
        for name in operation.after
    ]


def _document(facts: Facts) -> dict[str, Any]:
    """The part of a run's JSON document that the trend needs."""
    entities: dict[str, dict[str, Any]] = {}
    for tally in tallies(facts):
        entities.setdefault(tally.entity, {})[tally.side] = {**tally.states, "read": tally.read}
    began = {"run": facts.run, "command": facts.command, "started": facts.started}
    return {**began, "entities": entities}


def _reconciliation_sheets(
    facts: Facts,
    found: Mapping[str, Mapping[str, int]],
    points: Sequence[Mapping[str, Any]],
    said: Words,
) -> Iterable[Sheet]:
    yield _standing_sheet(found, said)
    note = "Linked records whose fields differ, with what each system holds."
    yield sheets.differences(facts.differences, said, "Differences", note)
    yield sheets.pending(_pending(facts), said)
    note = "The same by the rules; the next run connects them. Shown once, by the Global record."
    yield _records(facts, said, "unlinked", ("In both, not linked", note, SIDES[:1]))
    for side in SIDES:
        note = f"Records of {system(side)} that have no partner, and why."
        yield _records(facts, said, "only", (f"Only in {NICK[side]}", note, (side,)))
    note = "Records that have no partner and are not meant to have one."
    yield _records(facts, said, "outside", ("Out of scope", note, SIDES))
    note = "Records whose standing is not certain."
    yield _records(facts, said, "unsettled", ("Unsettled", note, SIDES))
    yield _trend_sheet(points)


def _records(
    facts: Facts, said: Words, group: str, sheet: tuple[str, str, Sequence[Side]]
) -> Sheet:
    """The records of a group on the sides named, as a sheet with this title and note."""
    title, note, sides = sheet
    found = [outcome for outcome in facts.outcomes if outcome.side in sides]
    states = [state for state in STATES if standing_of(state, facts.command) == group]
    made = sheets.records(found, said, states, title, note)
    worded = {state: state_word(state, facts.command) for state in states}
    rows = tuple((worded.get(cast(State, row[0]), row[0]), *row[1:]) for row in made.rows)
    return replace(made, rows=rows)


def _standing_sheet(found: Mapping[str, Mapping[str, int]], said: Words) -> Sheet:
    columns = (Column("Entity", 24), *(Column(word, 14) for word in STANDINGS))
    rows: list[Row] = [
        (said.entity(entity), *(counts[word] for word in STANDINGS))
        for entity, counts in found.items()
    ]
    note = "A linked pair is counted once; unsettled records are counted in each system."
    return Sheet("Standing", "Where both systems stand", note, columns, tuple(rows))


def _trend_sheet(points: Iterable[Mapping[str, Any]]) -> Sheet:
    columns = (Column("Run", 24), *(Column(word, 14) for word in STANDINGS))
    rows: list[Row] = [
        (_label(point), *(document_standing(point)[word] for word in STANDINGS)) for point in points
    ]
    note = "All entities together, run after run."
    return Sheet("Trend", "Trend over runs", note, columns, tuple(rows))


def _trend_chart(points: Sequence[Mapping[str, Any]]) -> Chart:
    """The trend as a picture; one run alone is no trend and draws nothing."""
    rows = [
        (_label(point).removesuffix(" UTC"), word, count)
        for point in (points[-MOST_POINTS:] if len(points) > 1 else ())
        for word, count in document_standing(point).items()
    ]
    note = "All entities together: fewer differences and fewer single records are better."
    return Chart("trend", "Trend over runs", note, tuple(rows))


def _label(point: Mapping[str, Any]) -> str:
    return moment(str(point.get("started") or point.get("run") or ""))
