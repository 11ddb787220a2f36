"""What notebooks show: facts, plans and verdicts as tables and pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from recon.displays import Note, Picture, Shown, Table, Tables, narrowed
from recon.report import data, document_sheets, document_stages, sheets, waiting
from recon.report import differences as differing
from recon.report import findings as stated
from recon.report import plan as plans
from recon.report import ready as readiness
from recon.report import reconciliation as reconciled
from recon.report import run as run_report
from recon.report import trend as trends
from recon.report.checklist import SEVERITIES
from recon.report.documents import NAMES as DOCUMENTS
from recon.report.documents import Documents
from recon.report.html import cell
from recon.report.naming import Words, words
from recon.report.shapes import Column, Document, Names, Sheet
from recon.report.tally import standings, tallies
from recon.report.words import head, titles
from recon.shapes import Facts, Operation

MOST_CHECKS = 100
PLAN = "All rows stand in the plan's Excel workbook, in the folder of reports."
RUN = "All rows stand in the run's Excel workbook, in the folder of reports."
TITLES = ("Question", "Answer", "What to do")
FINE = {"failed": "no", "warning": "warning", "ok": "yes"}
NO_DOCUMENTS = "No invoices or costs: the profile names no date from which they transfer."
READY = "Ready to onboard. The checksum of the plan is {}."
NOT_DONE = "Nothing was written: the plan has not been approved."
PAIR = {
    Column("In Visma Global", 40): ("Number in Global", "Name in Global"),
    Column("In Visma Severa", 40): ("Number in Severa", "Name in Severa"),
}
BESIDE = {
    Column("Record", 30): ("Number", "Name"),
    Column("Beside it", 30): ("Number beside it", "Name beside it"),
}
IN_OVERVIEW = ("Where to fix it", "Since")


class Verdict(Protocol):
    """One answer of the doctor."""

    @property
    def ok(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def todo(self) -> str: ...


def _names() -> Names:
    from recon.entities import ENTITIES

    return titles(ENTITIES)


def named(found: Facts) -> Words:
    """The words in which tables speak of a run's records."""
    return words(found, _names())


def _lines(title: str, document: Document) -> Table:
    columns = (Column(title, 40), Column("", 60))
    rows = tuple((line.label, cell(line.value)) for line in document.summary)
    return Table(Sheet(title, title, "", columns, rows))


# --- before go-live ---------------------------------------------------------------------------


def verdicts(found: Iterable[Verdict]) -> Table:
    """The doctor's answers, what is wrong first."""
    columns = (Column("Fine", 8, toned=True), *(Column(title, 30) for title in TITLES))
    ordered = sorted(found, key=lambda verdict: list(FINE).index(verdict.ok))
    rows = tuple((FINE[v.ok], v.name, v.text, v.todo) for v in ordered)
    return Table(Sheet("Doctor", "Can we work here?", "", columns, rows))


def checklist(facts: Facts) -> Table:
    """The checklist: one row per check that found something, the gravest first."""
    return Table(data.checklist(facts, _names()).sheets[0], most=MOST_CHECKS)


def findings(facts: Facts) -> Table:
    """The records that the checklist is about, the gravest first."""
    if not facts.findings:
        return Table(Sheet("Findings", "Records to look at", "", (), ()))
    ordered = sorted(facts.findings, key=lambda f: SEVERITIES.index(f.severity))
    found = narrowed(stated.findings(ordered, facts, named(facts)), BESIDE, IN_OVERVIEW)
    return Table(replace(found, name="Findings", title="Records to look at", note=""))


def proposals(facts: Facts) -> Table:
    """Suggested links with their evidence, the surest first."""
    ordered = sorted(facts.proposals, key=lambda p: (-p.score, p.entity, p.global_key))
    found = data.proposals(replace(facts, proposals=tuple(ordered)), _names()).sheets[0]
    return Table(replace(narrowed(found, PAIR), note=""))


# --- the plan -----------------------------------------------------------------------------------


def ready(facts: Facts) -> Table | Note:
    """Whether all is mended and decided before an onboarding, or what is still to do."""
    missing = readiness.missing(facts, named(facts))
    return Table(missing) if missing.rows else Note(READY.format(facts.checksum))


def plan(facts: Facts) -> Table:
    """How many records a plan would create, change and link, per entity and system."""
    return Table(plans.totals(_planned(facts), named(facts)))


def licences(facts: Facts) -> Table:
    """New records that cost something in Severa, and how to approve them."""
    return Table(waiting.licences(facts, named(facts)))


def to_decide(facts: Facts) -> Table:
    """Initial differences by entity and field, and how to decide them."""
    return Table(differing.to_decide(facts, named(facts)))


def changes(facts: Facts) -> Table:
    """The fields of existing records that a plan would overwrite."""
    return Table(plans.changes(_planned(facts), named(facts)), PLAN)


def codes(facts: Facts) -> Table:
    """The numbers and codes that a plan would write into empty places."""
    return Table(plans.codes(_planned(facts), named(facts)), PLAN)


def creations(facts: Facts) -> Tables:
    """The records that a plan would create, a table per entity and system."""
    groups = plans.groups(_planned(facts), "create").values()
    made = [Table(plans.creations(group, named(facts)), PLAN) for group in groups]
    return Tables(tuple(made or [Table(Sheet("New", "New records", "", (), ()))]))


def links(facts: Facts) -> Table:
    """The pairs that a plan would connect."""
    return Table(plans.links(_planned(facts), named(facts)), PLAN)


def _planned(facts: Facts) -> list[Operation]:
    return [operation for operation, _, _ in facts.operations]


# --- a run --------------------------------------------------------------------------------------


def outcomes(facts: Facts | None) -> Shown:
    """What became of the records, and whether it adds up."""
    return Table(sheets.outcomes(tallies(facts), named(facts))) if facts else Note(NOT_DONE)


def picture(facts: Facts | None) -> Shown:
    """What became of the records, as bars."""
    return Picture(run_report.chart(tallies(facts), named(facts))) if facts else Note(NOT_DONE)


def summary(facts: Facts | None) -> Shown:
    """The run in a few lines."""
    return _lines("Run", data.run(facts, _names())) if facts else Note(NOT_DONE)


def person(facts: Facts | None) -> Shown:
    """What needs a person."""
    return Table(sheets.to_do(facts)) if facts else Note(NOT_DONE)


def written(facts: Facts | None) -> Shown:
    """What was written, record by record."""
    return (
        Table(sheets.operations(facts.operations, named(facts)), RUN) if facts else Note(NOT_DONE)
    )


def differences(facts: Facts | None, *kinds: str) -> Shown:
    """Fields that differ: all, or only `drift`, `conflict` or `initial difference`."""
    if facts is None:
        return Note(NOT_DONE)
    return Table(differing.differences(facts, named(facts), *kinds))


def held(facts: Facts) -> Table:
    """Records that are not created until a person has decided: why, since when, and what waits."""
    return Table(waiting.held(facts, named(facts)))


def failures(facts: Facts | None) -> Shown:
    """What failed, why, and what to do."""
    return Table(sheets.failures(facts.failures, named(facts))) if facts else Note(NOT_DONE)


def calls(facts: Facts | None) -> Shown:
    """Calls to Severa by kind, and how many were needed at least."""
    return Table(run_report.calls(facts)) if facts else Note(NOT_DONE)


def runs(facts: Facts, found: Iterable[Mapping[str, Any]]) -> Table:
    """The last runs. `found` as `flow.runs` gives them: newest first, with documents."""
    documents = [run["document"] for run in found if run["document"]]
    return Table(trends.runs(documents, facts.timezone))


# --- the reconciliation -----------------------------------------------------------------------


def standing(facts: Facts) -> Table:
    """Where both systems stand, per entity."""
    return Table(reconciled.standing(standings(tallies(facts)), named(facts)))


def check(facts: Facts) -> Table:
    """Whether the numbers add up to the records read, per entity and system."""
    return Table(reconciled.check(tallies(facts), named(facts)))


def standing_picture(facts: Facts) -> Picture:
    """Where both systems stand, as bars."""
    return Picture(reconciled.chart(standings(tallies(facts)), named(facts)))


def by_field(facts: Facts) -> Table:
    """How many values of each field differ, and who owns the field."""
    return Table(differing.by_field(facts, named(facts)))


def out_of_scope(facts: Facts) -> Table:
    """What does not transfer, counted by the rule that keeps it out."""
    title = "Out of scope, by reason"
    return Table(waiting.reasons(facts, named(facts), ("out of scope",), title, ""))


def money(found: Documents) -> Shown:
    """How far the money of invoices is, as bars."""
    return Picture(document_stages.chart(found)) if found.kinds else Note(NO_DOCUMENTS)


def documents(found: Documents, facts: Facts) -> Shown | Tables:
    """Invoices and costs of both systems, and what explains their difference."""
    made = document_sheets.sheets(found, named(facts))
    return Tables(tuple(map(Table, made))) if found.kinds else Note(NO_DOCUMENTS)


def moved(facts: Facts) -> Tables:
    """What a run wrote of invoices and costs, and which of them are held."""
    kept = [entry for entry in facts.operations if entry[0].entity in DOCUMENTS]
    ended = replace(facts, outcomes=tuple(o for o in facts.outcomes if o.entity in DOCUMENTS))
    said = named(facts)
    return Tables((Table(sheets.operations(kept, said), RUN), Table(waiting.held(ended, said))))


def trend(facts: Facts, earlier: Iterable[Mapping[str, Any]]) -> Picture:
    """The trend over runs. `earlier` as `flow.trend` gives it: documents, oldest first."""
    return Picture(trends.chart(trends.points(facts, earlier), facts.timezone))


def files(paths: Iterable[Path]) -> Table:
    """Where reports were written."""
    rows = tuple((path.name, str(path.parent)) for path in paths)
    columns = (Column("Report", 30), Column("Folder", 60))
    return Table(Sheet("Files", "Reports written", "", columns, rows))


def run(facts: Facts) -> Note:
    """Which company and run a notebook shows; a sandbox is said to be one."""
    said = " · ".join(f"{line.label}: {line.value}" for line in head(facts))
    return Note(f"SANDBOX, no real data. {said}" if facts.sandbox else said)
