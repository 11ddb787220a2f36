"""The match proposals as a document; its workbook can be filled in and read back."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from recon.report import rulings
from recon.report.naming import Words, words
from recon.report.shapes import Column, Document, Line, Names, Row, Sheet
from recon.report.words import NO_NAMES, head, legend
from recon.shapes import Facts, Proposal

Pair = tuple[str, str, str]
SHEET = "Proposals"
DECISION, WHY = "Decision", "Why"
VERDICTS = ("same", "different", "later")
HIDDEN = ("Kind", "Global key", "Severa guid", "As seen")
NOTE = (
    "Each row suggests that a Global and a Severa record are the same thing. In the workbook,"
    " choose 'same', 'different' or 'later' under Decision and give your reason under Why; an empty"
    " Decision leaves the pair open. Rows may be sorted and filtered; leave the hidden columns as"
    " they are. Save as .xlsx, then: recon decide --from FILE.xlsx"
)
NOT_SEEN: rulings.Seen = {}


def proposals(facts: Facts, names: Names = NO_NAMES, seen: rulings.Seen = NOT_SEEN) -> Document:
    """The suggested links and the initial differences, as a workbook that a person can fill in;
    `seen` tells by pair, and by spot of a difference, what was seen when it was written."""
    said = words(facts, names)
    bands = Counter(proposal.band for proposal in facts.proposals)
    holding = sum(proposal.holds for proposal in facts.proposals)
    lines = [Line(band.capitalize(), bands[band]) for band in ("sure", "likely", "possible")]
    return Document(
        "proposals",
        "Match proposals",
        facts.company,
        facts.sandbox,
        head(facts),
        (*lines, Line("Proposals that hold a creation", holding)),
        (_sheet(facts, said, seen), *rulings.sheets(facts, said, seen)),
        legend=legend(("sure", "likely", "possible")),
    )


def _sheet(facts: Facts, said: Words, seen: rulings.Seen) -> Sheet:
    columns = (
        Column("Band", 10, toned=True),
        Column("Score", 8),
        Column("Entity", 14),
        Column("Number in Global", 12),
        Column("Name in Global", 30),
        Column("Number in Severa", 12),
        Column("Name in Severa", 30),
        Column("Evidence", 40),
        Column("Also possible", 24),
        Column("Holds creation", 10),
        Column(DECISION, 12, choices=VERDICTS),
        Column(WHY, 30),
        *(Column(title, 0, detail=True) for title in HIDDEN),
    )
    rows = tuple(_row(proposal, said, seen) for proposal in facts.proposals)
    return Sheet(SHEET, "Match proposals", NOTE, columns, rows)


def _row(p: Proposal, said: Words, seen: rulings.Seen) -> Row:
    pair = (p.entity, p.global_key, p.severa_guid)
    score = Decimal(str(p.score)).quantize(Decimal("0.01"))
    return (
        p.band,
        score,
        said.entity(p.entity),
        said.number(p.entity, "global", p.global_key),
        said.record(p.entity, "global", p.global_key),
        said.number(p.entity, "severa", p.severa_guid),
        said.record(p.entity, "severa", p.severa_guid),
        "; ".join(p.evidence),
        ", ".join(_rival(p.entity, key, said) for key in p.rivals),
        "yes" if p.holds else "no",
        None,
        None,
        *pair,
        seen.get(pair),
    )


def _rival(entity: str, key: str, said: Words) -> str:
    """Another candidate: its name, and the key that 'recon decide' asks for."""
    name = said.record(entity, "both", key)
    return f"{name} ({key})" if name else key
