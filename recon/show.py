"""What notebooks show: facts, plans and verdicts as tables and pictures that any viewer displays.

Tables are plain HTML and pictures carry PNG beside SVG, so that a notebook that somebody else ran
shows them without being trusted and without a network. Long tables are cut and say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from recon.report import charts, data, sheets
from recon.report.html import cell, numeric
from recon.report.shapes import Chart, Column, Document, Names, Sheet, Tone
from recon.report.words import Words, head, titles, tone, words
from recon.shapes import Facts, Plan

MOST_ROWS = 25
FULL = "All rows stand in the Excel and HTML reports ('recon report', notebook 6)."
NOT_DONE = "Nothing was written: the plan has not been approved."
INKS: Mapping[Tone, str] = {
    "": "",
    "good": "background:#e3f3e6;color:#1d5b2f",
    "warn": "background:#fff1cc;color:#6b4a00",
    "bad": "background:#fbdcdc;color:#8e1b1e",
}


class Verdict(Protocol):
    """One answer of the doctor."""

    @property
    def ok(self) -> bool: ...

    @property
    def name(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def todo(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence."""

    text: str

    def _repr_html_(self) -> str:
        return f"<p>{_safe(self.text)}</p>"


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet in a notebook: its first `MOST_ROWS` rows, and where the others are."""

    sheet: Sheet
    columns: tuple[int, ...] = field(default=())

    def __repr__(self) -> str:
        return f"{self.sheet.title}: {len(self.sheet.rows):,} rows"

    def _repr_html_(self) -> str:
        shown = self.columns or tuple(range(len(self.sheet.columns)))
        title = f"<p><strong>{_safe(self.sheet.title)}</strong> ({len(self.sheet.rows):,})</p>"
        if not self.sheet.rows:
            return f"{title}<p><em>Nothing.</em></p>"
        heads = "".join(_heading(self.sheet.columns[at]) for at in shown)
        rows = "".join(_row(self.sheet, row, shown) for row in self.sheet.rows[:MOST_ROWS])
        table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        return f"{title}{table}{self._cut()}"

    def _cut(self) -> str:
        count = len(self.sheet.rows)
        return f"<p>The first {MOST_ROWS} of {count:,}. {FULL}</p>" if count > MOST_ROWS else ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart in a notebook."""

    chart: Chart

    def __repr__(self) -> str:
        return self.chart.title

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        drawn = charts.svg(self.chart)
        if not drawn:
            return {"text/plain": f"{self.chart.title}: nothing to draw"}
        from base64 import b64encode

        return {
            "text/plain": self.chart.title,
            "image/svg+xml": charts.on_paper(drawn),
            "image/png": b64encode(charts.png(self.chart)).decode(),
        }


Shown = Table | Picture | Note


def _safe(text: object) -> str:
    from markupsafe import escape

    return str(escape(text))


def _heading(column: Column) -> str:
    return f'<th style="text-align:left">{_safe(column.title)}</th>'


def _row(sheet: Sheet, row: Sequence[Any], shown: Iterable[int]) -> str:
    return f"<tr>{''.join(_cell(sheet.columns[at], row[at]) for at in shown)}</tr>"


def _cell(column: Column, given: Any) -> str:
    side = "right" if numeric(given) and column.width < 30 else "left"
    ink = INKS[tone(given)] if column.toned else ""
    text = f'<span style="{ink}">{_safe(cell(given))}</span>' if ink else _safe(cell(given))
    least = ";min-width:14em" if column.width >= 30 else ""
    return f'<td style="text-align:{side};vertical-align:top{least}">{text}</td>'


def _names() -> Names:
    from recon.entities import ENTITIES

    return titles(ENTITIES)


def _words(found: Facts | Plan) -> Words:
    return words(found.outcomes, _names())


def _sheet(document: Document, name: str) -> Sheet:
    return next(sheet for sheet in document.sheets if sheet.name == name)


def _lines(title: str, document: Document) -> Table:
    columns = (Column(title, 40), Column("", 60))
    rows = tuple((line.label, cell(line.value)) for line in document.summary)
    return Table(Sheet(title, title, "", columns, rows))


# --- the stages -------------------------------------------------------------------------------


def verdicts(found: Iterable[Verdict]) -> Table:
    """The doctor's answers, what is wrong first."""
    columns = (Column("Fine", 8, toned=True), *map(Column, ("Question", "Answer", "What to do")))
    ordered = sorted(found, key=lambda verdict: verdict.ok)
    rows = tuple(("yes" if v.ok else "no", v.name, v.text, v.todo) for v in ordered)
    return Table(Sheet("Doctor", "Can we work here?", "", columns, rows))


def checklist(facts: Facts) -> Table:
    """The checklist: one row per check that found something, the gravest first."""
    return Table(_sheet(data.checklist(facts, _names()), "Overview"))


def findings(facts: Facts) -> Table:
    """The records that the checklist is about, the gravest first."""
    if not facts.findings:
        return Table(Sheet("Findings", "Records to look at", "", (), ()))
    found = sheets.findings(facts.findings, _words(facts))
    return Table(Sheet("Findings", "Records to look at", "", found.columns, found.rows))


def proposals(facts: Facts) -> Table:
    """Suggested links with their evidence, the surest first."""
    ordered = sorted(facts.proposals, key=lambda p: (-p.score, p.entity, p.global_key))
    return Table(sheets.proposals(ordered, _words(facts)), tuple(range(10)))


def plan(found: Plan) -> Table:
    """How many records a plan would create, update and link, per entity and system."""
    return Table(_sheet(data.plan(found, _names()), "Totals"))


def changes(found: Plan) -> Table:
    """What a plan would change, one row per record; creations and updates before links."""
    ordered = sorted(found.operations, key=lambda operation: operation.kind == "link")
    rows = [(operation, "planned", "") for operation in ordered]
    sheet = sheets.operations(rows, _words(found))
    shown = Sheet("Changes", "What would change", "", sheet.columns, sheet.rows)
    return Table(shown, (0, 1, 2, 3, 4, 7, 8))


def outcomes(facts: Facts | None) -> Shown:
    """What became of the records, and whether it adds up."""
    return Table(_sheet(data.run(facts, _names()), "Outcomes")) if facts else Note(NOT_DONE)


def picture(facts: Facts | None) -> Shown:
    """What became of the records, as bars."""
    return Picture(data.run(facts, _names()).charts[0]) if facts else Note(NOT_DONE)


def summary(facts: Facts | None) -> Shown:
    """The run in a few lines."""
    return _lines("Run", data.run(facts, _names())) if facts else Note(NOT_DONE)


def person(facts: Facts | None) -> Shown:
    """What needs a person."""
    return Table(_sheet(data.run(facts, _names()), "To do")) if facts else Note(NOT_DONE)


def differences(found: Facts | Plan | None, *kinds: str) -> Shown:
    """Fields that differ: all, or only `drift`, `conflict` or `initial difference`."""
    if found is None:
        return Note(NOT_DONE)
    title = ", ".join(kind.capitalize() for kind in kinds) or "Fields that differ"
    sheet = sheets.differences(found.differences, _words(found), title, "", *kinds)
    return Table(sheet, tuple(range(8)))


def held(found: Facts | Plan) -> Table:
    """Records that are not created until a person has decided, and why."""
    return Table(sheets.records(found.outcomes, _words(found), ("held",), "Held", ""))


def failures(facts: Facts | None) -> Shown:
    """What failed, why, and what to do."""
    return Table(sheets.failures(facts.failures, _words(facts))) if facts else Note(NOT_DONE)


def calls(facts: Facts | None) -> Shown:
    """Calls to Severa by kind, and how many were needed at least."""
    return Table(_sheet(data.run(facts, _names()), "API calls")) if facts else Note(NOT_DONE)


# --- the reconciliation -----------------------------------------------------------------------


def standing(facts: Facts) -> Table:
    """Where both systems stand, per entity."""
    return Table(_sheet(data.reconciliation(facts, names=_names()), "Standing"))


def standing_picture(facts: Facts) -> Picture:
    """Where both systems stand, as bars."""
    return Picture(data.reconciliation(facts, names=_names()).charts[0])


def trend(facts: Facts, runs: Iterable[Mapping[str, Any]]) -> Picture:
    """The standing over runs. `runs` as `flow.runs` gives them: newest first, with documents."""
    documents = [run["document"] for run in runs][::-1]
    return Picture(data.reconciliation(facts, documents, _names()).charts[1])


def files(paths: Iterable[Path]) -> Table:
    """Where reports were written."""
    rows = tuple((path.name, str(path.parent)) for path in paths)
    columns = (Column("Report", 30), Column("Folder", 60))
    return Table(Sheet("Files", "Reports written", "", columns, rows))


def run(facts: Facts) -> Note:
    """Which company and run a notebook shows; a sandbox is said to be one."""
    said = ", ".join(str(line.value) for line in head(facts))
    return Note(f"SANDBOX, no real data: {said}" if facts.sandbox else said)
