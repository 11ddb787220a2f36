"""The sheets of findings: what is wrong, the record beside it, what people said of it; and what is
fixed. In the workbook a person can waive them."""

from __future__ import annotations

from collections.abc import Sequence

from recon.findings import End
from recon.report.naming import Words
from recon.report.shapes import Cell, Column, Row, Sheet
from recon.report.sheets import ENTITY, KEY, NAME, NUMBER, OWNER, SYSTEM
from recon.report.words import moment, readable, system
from recon.shapes import Facts, Finding, fingerprint

WAIVE, WHY = "Waive", "Why"
CHOICES = ("waive", "open")
HIDDEN = ("Of entity", "Of check", "Of system", "Of key", "Of company", "As seen")
MOST_BESIDE = 3
NOTE = "In the workbook, Waive and Why stand to the right; the sheet Overview says how."
GIVEN = (
    Column("Severity", 12, toned=True),
    ENTITY,
    SYSTEM,
    NUMBER,
    NAME,
    OWNER,
    Column("Number beside it", 14),
    Column("Name beside it", 30),
    Column("What is wrong", 70),
    Column("Where to fix it", 40),
    Column("Status", 12, toned=True),
    Column("Since", 18),
    Column("Waived by, when, why", 40),
    Column(WAIVE, 10, choices=CHOICES, detail=True),
    Column(WHY, 30, detail=True),
    KEY,
    *(Column(title, 0, detail=True) for title in HIDDEN),
)
FIXED = (
    Column("Fixed, first missed", 18),
    Column("Stood since", 18),
    Column("Severity", 12, toned=True),
    ENTITY,
    SYSTEM,
    NUMBER,
    NAME,
    Column("Check", 50),
    Column("What was wrong", 70),
    KEY,
)


def findings(found: Sequence[Finding], facts: Facts, words: Words) -> Sheet:
    """The rows of one check; `found` must not be empty."""
    rows = tuple(_row(finding, facts, words) for finding in found)
    title = words.check(found[0].entity, found[0].check)
    return Sheet(readable(found[0].check), title, NOTE, GIVEN, rows)


def fixed(facts: Facts, words: Words) -> Sheet:
    """What earlier checks found and later ones missed, the latest first."""
    rows = tuple(_fixed_row(finding, facts, words) for finding in facts.fixed)
    note = "What stood on the checklist and does not any more, with the check that missed it first."
    return Sheet("Fixed", "What is fixed", note, FIXED, rows)


def status(finding: Finding) -> str:
    """Where a finding stands, in a word."""
    return "new" if finding.new and finding.status == "open" else finding.status


def said_of(finding: Finding, zone: str) -> str:
    """Who waived a finding, when and why; '' where nobody did."""
    said = finding.waiver
    if said is None or finding.status == "open":
        return ""
    then = ", when it read otherwise" if finding.status == "asked again" else ""
    return f"{said.who}, {moment(said.when, zone)}{then}: {said.why}"


def _row(f: Finding, facts: Facts, words: Words) -> Row:
    which = (*_which(f, words), words.owner(f.entity, f.system, f.key), *_beside(f, words))
    since = moment(f.since, facts.timezone)
    said = (status(f), since, said_of(f, facts.timezone))
    seen = f"{fingerprint(f)}/{f.waiver.id if f.waiver else 0}"
    own = (f.entity, f.check, f.system, f.key, facts.company, seen)
    wrong = (f.text, f.where_to_fix)
    return (f.severity, *which, *wrong, *said, None, None, f.key, *own)


def _which(f: Finding, words: Words) -> tuple[Cell, ...]:
    spot = (f.entity, f.system, f.key)
    place = (words.entity(f.entity), system(f.system))
    return (*place, words.number(*spot), words.record(*spot))


def _beside(f: Finding, words: Words) -> tuple[Cell, Cell]:
    """Numbers and names of the records that the finding is about besides its own."""
    others = f.others or _partner(f, words)
    shown = others[:MOST_BESIDE]
    more = [f"and {len(others) - MOST_BESIDE} more"] if len(others) > MOST_BESIDE else []
    numbers = [words.number(f.entity, side, key) for side, key in shown]
    names = [words.record(f.entity, side, key) or key for side, key in shown]
    return "\n".join(numbers).strip("\n"), "\n".join(names + more)


def _partner(f: Finding, words: Words) -> tuple[End, ...]:
    """The Severa record of a linked pair, for a finding about both."""
    found = words.records.get((f.entity, "global", f.key)) if f.system == "both" else None
    return (("severa", found.partner),) if found and found.partner else ()


def _fixed_row(f: Finding, facts: Facts, words: Words) -> Row:
    when = (moment(f.gone, facts.timezone), moment(f.since, facts.timezone))
    return (*when, f.severity, *_which(f, words), words.check(f.entity, f.check), f.text, f.key)
