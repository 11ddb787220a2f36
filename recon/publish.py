"""Writes a run's reports where people look for them: one folder per run beside the profile."""

from __future__ import annotations

import json
from pathlib import Path

from recon import store as memory
from recon.entities import ENTITIES
from recon.shapes import Facts, Plan
from recon.workbench import Workbench


def publish(bench: Workbench, facts: Facts, *names: str, shown: Plan | None = None) -> list[Path]:
    """Write the named documents (run, checklist, proposals, reconciliation, and the plan that was
    shown) of a run as Excel and HTML; the paths written."""
    from recon.report import data, render
    from recon.report.words import titles

    known = titles(ENTITIES)
    folder = folder_of(bench.profile.reports(), facts)
    made = {
        "run": lambda: data.run(facts, known),
        "checklist": lambda: data.checklist(facts, known),
        "proposals": lambda: data.proposals(facts, known),
        "reconciliation": lambda: data.reconciliation(facts, _trend(bench), known),
    }
    if shown:
        made["plan"] = lambda: data.plan(shown, known, sandbox=facts.sandbox)
    return [path for name in names for path in render.write(made[name](), folder)]


def folder_of(reports: Path, facts: Facts) -> Path:
    """Where the documents of a run lie."""
    return reports / f"{facts.run}-{facts.command}"


def _trend(bench: Workbench) -> list[dict[str, object]]:
    """The documents of earlier runs, oldest first."""
    rows = bench.store.rows(bench.store.of(memory.run).order_by(memory.run.c.run))
    return [json.loads(row["document"]) for row in rows if row["document"]]
