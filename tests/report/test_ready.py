"""Whether an onboarding may go ahead, and what is still to be mended or decided before it."""

from __future__ import annotations

from dataclasses import replace

from recon import show
from recon.report.naming import words
from recon.report.ready import missing
from recon.shapes import Facts


def left(facts: Facts) -> list[object]:
    """The numbers of what is still to do."""
    return [row[1] for row in missing(facts, words(facts, {})).rows]


def test_what_is_open_is_counted_with_its_place(facts: Facts) -> None:
    rows = missing(facts, words(facts, {})).rows
    assert [row[0] for row in rows][:2] == [
        "Blockers on the checklist",
        "Proposals that hold records",
    ]
    assert all("notebook" in str(row[2]) for row in rows)


def test_a_waived_blocker_and_a_proposal_that_holds_nothing_are_not_missing(facts: Facts) -> None:
    found = tuple(replace(f, status="waived") for f in facts.findings)
    held = tuple(replace(p, holds=False) for p in facts.proposals)
    bare = replace(facts, findings=found, proposals=held, differences=(), unknowns=())
    assert left(bare) == []
    assert len(left(replace(bare, findings=facts.findings))) == 1
    assert left(replace(bare, proposals=facts.proposals)) == [sum(p.holds for p in facts.proposals)]


def test_a_difference_counts_until_it_is_decided(facts: Facts) -> None:
    bare = replace(facts, findings=(), proposals=(), unknowns=())
    assert left(bare) == [2]
    assert left(replace(bare, initial="master")) == []


def test_a_notebook_says_that_all_is_ready_with_the_checksum(facts: Facts) -> None:
    bare = replace(facts, findings=(), proposals=(), differences=(), unknowns=(), checksum="b4e8")
    assert "Ready to onboard" in show.ready(bare)._repr_html_()
    assert "b4e8" in show.ready(bare)._repr_html_()
    assert "Not ready to onboard yet" in show.ready(facts)._repr_html_()
