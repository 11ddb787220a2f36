"""The run report as a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from recon.report import differences, sheets, waiting
from recon.report.naming import Words, words
from recon.report.shapes import Chart, Column, Document, Line, Names, Row, Sheet, Tone
from recon.report.tally import Tally, closed, tallies
from recon.report.words import NO_NAMES, STATES, duration, head, legend, system
from recon.shapes import WRITES, Facts, State


def run(facts: Facts, names: Names = NO_NAMES) -> Document:
    """What a run did: outcomes that add up, what failed and why, drift, conflicts, time, calls."""
    said, found = words(facts, names), tallies(facts)
    states = {state for tally in found for state in tally.states}
    return Document(
        "run",
        f"Run report: {facts.command}",
        facts.company,
        facts.sandbox,
        head(facts),
        tuple(_lines(facts, found)),
        tuple(_sheets(facts, found, said)),
        (chart(found, said),),
        legend(state for state in STATES if state in states),
    )


def _lines(facts: Facts, found: Sequence[Tally]) -> Iterable[Line]:
    adds_up = closed(facts, found)
    verdict = "Done" if facts.exit_code == 0 else "Needs a person"
    yield Line("Result", facts.error or verdict, _result_tone(facts))
    if facts.command not in WRITES:
        yield Line("Written", "nothing: this run only looked, and tells what a sync would do")
    yield Line("Records read", sum(tally.read for tally in found))
    yield Line("Outcomes add up", "yes" if adds_up else "no", "good" if adds_up else "bad")
    yield Line("Writes done", sum(state == "done" for _, state, _ in facts.operations))
    yield Line("Failures", len(facts.failures), "bad" if facts.failures else "good")
    yield Line("Answers lost", len(facts.unknowns), "bad" if facts.unknowns else "good")
    yield Line("Time taken", duration(facts.seconds))
    yield Line("Calls to Severa", sum(facts.calls.values()))
    yield Line("Needed at least", facts.least)


def _result_tone(facts: Facts) -> Tone:
    if facts.error:
        return "bad"
    return "good" if facts.exit_code == 0 else "warn"


def _sheets(facts: Facts, found: Sequence[Tally], said: Words) -> Iterable[Sheet]:
    yield sheets.to_do(facts)
    yield sheets.outcomes(found, said)
    yield sheets.failures(facts.failures, said)
    yield sheets.unknowns(facts.unknowns, said)
    for kind in differences.KINDS:
        yield differences.differences(facts, said, kind)
    yield waiting.held(facts, said)
    yield waiting.licences(facts, said)
    note = "Not written in this run, and why; it is looked at again in the next."
    kept: tuple[State, ...] = ("waiting", "vanished", "unreadable")
    yield sheets.records(facts.outcomes, said, kept, "Waiting", note)
    note = "Counted by the rule that keeps them out. 'recon report' lists them record by record."
    title = "Out of scope, by reason"
    yield waiting.reasons(facts, said, ("out of scope",), title, note)
    yield sheets.operations(facts.operations, said)
    yield calls(facts)


def calls(facts: Facts) -> Sheet:
    """Calls to Severa by kind, and how many were needed at least."""
    rows: list[Row] = [(kind, count) for kind, count in facts.calls.items()]
    if rows:
        rows += [("All", sum(facts.calls.values())), ("Needed at least", facts.least)]
    columns = (Column("Kind of call", 40), Column("Calls", 10))
    note = (
        "Calls to Severa's API, whose quota is shared by the whole organisation. 'Needed at least'"
        " is what this work takes when no call is wasted."
    )
    return Sheet("API calls", "Calls to Severa", note, columns, tuple(rows))


def chart(found: Iterable[Tally], said: Words) -> Chart:
    """What became of the records, as a picture."""
    rows = [
        (f"{said.entity(tally.entity)} · {system(tally.side)}", state, tally.states[state])
        for tally in found
        for state in STATES
        if tally.states.get(state)
    ]
    note = (
        "Records per entity and system, by the state in which they ended, in the order of the words"
        " below."
    )
    return Chart("outcomes", "What became of the records", note, tuple(rows))
