"""The checklist as a document; its workbook can be filled in and read back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from recon.report import findings, worklists
from recon.report.findings import said_of as said_of
from recon.report.naming import Words, words
from recon.report.shapes import Column, Document, Line, Names, Row, Sheet
from recon.report.words import NO_NAMES, head, legend, moment
from recon.shapes import Facts, Finding, blocking

SEVERITIES = ("blocker", "warning", "info")
STATES = ("new", "waived", "asked again")
OVERVIEW = "Overview"
NOTE = (
    "One row per check that found something, the gravest first; its records follow below. Blockers"
    " stop an onboarding unless they are waived by name and reason: in notebook 1, by 'recon check"
    " --waive', or in the workbook. There, choose 'waive' under Waive beside a record and give"
    " your reason under Why; 'open' takes a waiver back, an empty cell leaves the row as it is."
    " Leave the hidden columns as they are. Save as .xlsx, then: recon decide --from FILE.xlsx"
)


def checklist(facts: Facts, names: Names = NO_NAMES) -> Document:
    """What to put right before go-live: an overview, and a sheet per check that found something."""
    said = words(facts, names)
    checks = _by_check(facts.findings)
    tables = [findings.findings(found, facts, said) for found in checks]
    return Document(
        "checklist",
        "Checklist before go-live",
        facts.company,
        facts.sandbox,
        head(facts),
        (*_summary(facts), *(Line("Progress", text) for text in progress(facts))),
        (
            _overview(checks, said),
            *([worklists.counts(facts, said)] if facts.counts else []),
            *([worklists.duplicates(facts, said)] if facts.duplicates else []),
            *tables,
            findings.fixed(facts, said),
        ),
        legend=legend((*SEVERITIES, *STATES)),
    )


def progress(facts: Facts) -> tuple[str, ...]:
    """What changed since the last check, in a sentence; nothing where no run looked."""
    found = facts.progress
    if found is None:
        return ()
    if not found.before:
        return (f"The first check of this company: {len(facts.findings)} found",)
    since = moment(found.before, facts.timezone)
    counts = f"{found.fixed} fixed, {found.new} new, {found.waived} waived"
    return (f"{counts} since the check of {since}",)


def _summary(facts: Facts) -> tuple[Line, ...]:
    severities = Counter(finding.severity for finding in facts.findings)
    stand = len(blocking(facts.findings))
    return (
        Line("Blockers", stand, "bad" if stand else "good"),
        Line("Blockers that are waived", severities["blocker"] - stand),
        Line("Warnings", severities["warning"], "warn" if severities["warning"] else "good"),
        Line("For information", severities["info"]),
    )


def _by_check(found: Iterable[Finding]) -> list[list[Finding]]:
    """Findings per check of an entity, the gravest checks first."""
    checks: dict[tuple[str, str], list[Finding]] = {}
    for finding in found:
        checks.setdefault((finding.entity, finding.check), []).append(finding)
    return sorted(checks.values(), key=_rank)


def _rank(found: Sequence[Finding]) -> int:
    return min(SEVERITIES.index(finding.severity) for finding in found)


def _overview(checks: Iterable[Sequence[Finding]], said: Words) -> Sheet:
    columns = (
        Column("Severity", 12, toned=True),
        Column("Check", 60),
        Column("Entity", 24),
        Column("Rows", 9),
        Column("New", 9),
        Column("Waived", 9),
        Column("Where to fix it", 50),
        Column("Name for --waive", 44, detail=True),
    )
    rows = [_overview_row(found, said) for found in checks]
    return Sheet(OVERVIEW, OVERVIEW, NOTE, columns, tuple(rows))


def _overview_row(found: Sequence[Finding], said: Words) -> Row:
    severity = SEVERITIES[_rank(found)]
    fixes = "; ".join(dict.fromkeys(f.where_to_fix for f in found if f.where_to_fix))
    entity, check = found[0].entity, found[0].check
    counts = (len(found), sum(f.new for f in found), sum(f.status == "waived" for f in found))
    which = (said.check(entity, check), said.entity(entity))
    return (severity, *which, *counts, fixes, f"{entity}/{check}")
