"""The run report as a document."""

from __future__ import annotations

from collections.abc import Iterable

from recon.report import sheets
from recon.report.shapes import Chart, Column, Document, Line, Names, Row, Sheet, Tone
from recon.report.tally import Tally, closed, tallies
from recon.report.words import (
    NO_NAMES,
    STATES,
    WRITES,
    Words,
    duration,
    head,
    legend,
    system,
    words,
)
from recon.shapes import Facts


def run(facts: Facts, names: Names = NO_NAMES) -> Document:
    """What a run did: outcomes that add up, what failed and why, drift, conflicts, time, calls."""
    said = words(facts.outcomes, names)
    found = tallies(facts)
    states = dict.fromkeys(outcome.state for outcome in facts.outcomes)
    return Document(
        "run",
        f"Run report: {facts.command}",
        facts.company,
        facts.sandbox,
        (*head(facts), *_run_lines(facts)),
        tuple(_run_sheets(facts, said)),
        (_outcome_chart(found, said),),
        legend(state for state in STATES if state in states),
    )


def _run_lines(facts: Facts) -> Iterable[Line]:
    adds_up = closed(facts)
    verdict = "Done" if facts.exit_code == 0 else "Needs a person"
    yield Line("Result", facts.error or verdict, _result_tone(facts))
    if facts.command not in WRITES:
        yield Line("Written", "nothing: this run only looked, and tells what a sync would do")
    yield Line("Records read", sum(t.read for t in tallies(facts)))
    yield Line("Outcomes add up", "yes" if adds_up else "no", "good" if adds_up else "bad")
    yield Line("Writes done", sum(state == "done" for _, state, _ in facts.operations))
    yield Line("Failures", len(facts.failures), "bad" if facts.failures else "good")
    yield Line("Answers lost", len(facts.unknowns), "bad" if facts.unknowns else "good")
    yield Line("Time taken", duration(facts.seconds))
    yield Line("API calls made", sum(facts.calls.values()))
    yield Line("API calls needed at least", facts.least)


def _result_tone(facts: Facts) -> Tone:
    if facts.error:
        return "bad"
    return "good" if facts.exit_code == 0 else "warn"


def _run_sheets(facts: Facts, said: Words) -> Iterable[Sheet]:
    yield _to_do(facts)
    yield sheets.outcomes(tallies(facts), said)
    yield sheets.failures(facts.failures, said)
    yield sheets.unknowns(facts.unknowns, said)
    for title, kind, note in DIFFERENCES:
        yield sheets.differences(facts.differences, said, title, note, kind)
    note = "Not written in this run, and why; a held record names the proposal that holds it."
    waiting = ("held", "waiting", "vanished", "unreadable", "out of scope")
    kept = tuple(state for state in STATES if state in waiting)
    yield sheets.records(facts.outcomes, said, kept, "Held and waiting", note)
    yield sheets.operations(facts.operations, said)
    yield _calls(facts)


DIFFERENCES = (
    ("Drift", "drift", "Edited in the system that does not own the field. Never carried over."),
    (
        "Conflicts",
        "conflict",
        "Edited differently in both systems. The owner's value is carried over, unless the profile"
        " holds conflicts for a person; the other value is lost and is shown here.",
    ),
    (
        "Initial differences",
        "initial difference",
        "Already different when the records were connected. Decided by a person or by the owner,"
        " and only in a plan that was shown.",
    ),
)


def _to_do(facts: Facts) -> Sheet:
    texts = [text for text in (facts.error, *facts.needs_person) if text]
    rows = tuple((at, text) for at, text in enumerate(texts, 1))
    columns = (Column("No.", 7), Column("What needs a person", 110))
    return Sheet("To do", "What needs a person", "", columns, rows)


def _calls(facts: Facts) -> Sheet:
    rows: list[Row] = [(kind, count) for kind, count in facts.calls.items()]
    if rows:
        rows += [("All", sum(facts.calls.values())), ("Needed at least", facts.least)]
    columns = (Column("Kind of call", 40), Column("Calls", 10))
    note = (
        "Calls to Severa's API, whose quota is shared by the whole organisation. 'Needed at least'"
        " is what this work takes when no call is wasted."
    )
    return Sheet("API calls", "API calls", note, columns, tuple(rows))


def _outcome_chart(found: Iterable[Tally], said: Words) -> Chart:
    rows = [
        (f"{said.entity(tally.entity)} · {system(tally.side)}", state, tally.states[state])
        for tally in found
        for state in STATES
        if tally.states.get(state)
    ]
    note = "Records per entity and system, by the state in which they ended."
    return Chart("outcomes", "What became of the records", note, tuple(rows))
