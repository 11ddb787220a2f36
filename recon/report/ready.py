"""Whether an onboarding may go ahead: what people still have to mend or decide before it."""

from __future__ import annotations

from recon.report import differences
from recon.report.naming import Words
from recon.report.shapes import Column, Sheet
from recon.shapes import Facts, blocking

NOTE = (
    "Blockers stop an onboarding. What else is open does not: until somebody decides, it is left"
    " out, or left as it is."
)


def missing(facts: Facts, words: Words) -> Sheet:
    """What is still to be mended or decided, and where; no rows when all is ready."""
    counts = (
        (
            "Blockers on the checklist",
            len(blocking(facts.findings)),
            "Mend them in their system, or waive them by name and reason: notebook 1",
        ),
        (
            "Proposals that hold records",
            sum(proposal.holds for proposal in facts.proposals),
            "Decide whether the two are the same: notebook 3",
        ),
        (
            "Fields that differ, filled in both systems",
            len(differences.undecided(facts, words)),
            "Decide which value counts: notebook 3",
        ),
        (
            "Writes of an earlier run that are in doubt",
            len(facts.unknowns),
            "The next run looks for them first: run this notebook again",
        ),
    )
    columns = (Column("Still to do", 40), Column("How many", 10), Column("How, and where", 60))
    rows = tuple(row for row in counts if row[1])
    return Sheet("Missing", "Not ready to onboard yet", NOTE, columns, rows)
