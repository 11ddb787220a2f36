"""Looking at the memory: earlier runs, what is in doubt, failures, links."""

from __future__ import annotations

import json
from typing import Any

from recon import dirty
from recon import store as memory
from recon.failures import read as read_failures
from recon.failures import release as release_failure
from recon.shapes import SIDES, Failure, plain
from recon.workbench import Workbench


def runs(bench: Workbench, most: int | None = None) -> list[dict[str, Any]]:
    """Earlier runs, newest first, with their documents; at most so many, or all."""
    table = memory.run
    rows = bench.store.rows(bench.store.of(table).order_by(table.c.run.desc()).limit(most))
    return [{**row, "document": json.loads(row["document"] or "{}")} for row in rows]


def unknowns(bench: Workbench) -> list[dict[str, Any]]:
    """Operations whose effect is not known."""
    return [
        {**plain(e.operation), "sent": e.sent, "detail": e.detail} for e in bench.journal.open()
    ]


def failures(bench: Workbench) -> list[Failure]:
    """Records that could not be written, parked ones included."""
    return list(read_failures(bench.store).values())


def release(bench: Workbench, entity: str, key: str) -> int:
    """Let a parked record be tried again; its next plan is due."""
    freed = release_failure(bench.store, entity, key)
    with bench.store.write("released") as writer:
        dirty.mark(writer, [(entity, side, key) for side in SIDES] if freed else [])
    return freed


def links(bench: Workbench) -> list[dict[str, Any]]:
    """All links of the company."""
    names = [entity.name for entity in bench.entities]
    bench.links.load()
    return [plain(link) for name in names for link in bench.links.all(name)]
