"""The checklist as a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from recon.report import sheets
from recon.report.naming import Words, words
from recon.report.shapes import Column, Document, Line, Names, Row, Sheet
from recon.report.words import NO_NAMES, head, legend
from recon.shapes import Facts, Finding

SEVERITIES = ("blocker", "warning", "info")


def checklist(facts: Facts, names: Names = NO_NAMES) -> Document:
    """What to put right before go-live: an overview, and a sheet per check that found something."""
    said = words(facts, names)
    checks = _by_check(facts.findings)
    severities = Counter(finding.severity for finding in facts.findings)
    summary = [
        Line("Blockers", severities["blocker"], "bad" if severities["blocker"] else "good"),
        Line("Warnings", severities["warning"], "warn" if severities["warning"] else "good"),
        Line("For information", severities["info"]),
    ]
    tables = [sheets.findings(found, said) for found in checks]
    return Document(
        "checklist",
        "Checklist before go-live",
        facts.company,
        facts.sandbox,
        head(facts),
        tuple(summary),
        (_overview(checks, said), *tables),
        legend=legend(SEVERITIES),
    )


def _by_check(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings per check of an entity, the gravest checks first."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        found.setdefault((finding.entity, finding.check), []).append(finding)
    return sorted(found.values(), key=_rank)


def _rank(findings: Sequence[Finding]) -> int:
    return min(SEVERITIES.index(finding.severity) for finding in findings)


def _overview(checks: Iterable[Sequence[Finding]], said: Words) -> Sheet:
    columns = (
        Column("Severity", 12, toned=True),
        Column("Check", 60),
        Column("Entity", 24),
        Column("Rows", 9),
        Column("Where to fix it", 50),
    )
    rows = [_overview_row(found, said) for found in checks]
    note = "One row per check that found something, the gravest first; its records follow below."
    return Sheet("Overview", "Overview", note, columns, tuple(rows))


def _overview_row(found: Sequence[Finding], said: Words) -> Row:
    severity = SEVERITIES[_rank(found)]
    fixes = "; ".join(dict.fromkeys(f.where_to_fix for f in found if f.where_to_fix))
    line = said.check(found[0].entity, found[0].check)
    return (severity, line, said.entity(found[0].entity), len(found), fixes)
