"""Writes a run's reports where people look for them: one folder per run beside the profile."""

from __future__ import annotations

import json
from pathlib import Path

from recon import store as memory
from recon.entities import ENTITIES
from recon.shapes import Facts
from recon.workbench import Workbench


def publish(bench: Workbench, facts: Facts, *names: str) -> list[Path]:
    """Write the named documents (run, checklist, proposals, reconciliation) of a run as Excel
    and HTML; the paths written."""
    from recon.report import data, render
    from recon.report.words import titles

    known = titles(ENTITIES)
    folder = bench.profile.reports() / f"{facts.run}-{facts.command}"
    made = {
        "run": lambda: data.run(facts, known),
        "checklist": lambda: data.checklist(facts, known),
        "proposals": lambda: data.proposals(facts, known),
        "reconciliation": lambda: data.reconciliation(facts, _trend(bench), known),
    }
    return [path for name in names for path in render.write(made[name](), folder)]


def _trend(bench: Workbench) -> list[dict[str, object]]:
    """The documents of earlier runs, oldest first."""
    rows = bench.store.rows(bench.store.of(memory.run).order_by(memory.run.c.run))
    return [json.loads(row["document"]) for row in rows if row["document"]]
