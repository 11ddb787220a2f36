"""What a company with blockers needs before a test may take it live."""

from __future__ import annotations

from recon import flow
from recon.shapes import Facts, Plan, blocking

WHY = "a made-up company, dirty on purpose"


def waived(bench: flow.Bench, found: Facts) -> int:
    """Waive the blockers that a run found; how many there were."""
    return len(flow.waive(bench, blocking(found.findings), WHY))


def rehearsed(bench: flow.Bench) -> Plan:
    """The plan that an onboarding is to do, its blockers waived."""
    planned, facts = flow.rehearse(bench)
    waived(bench, facts)
    return planned
