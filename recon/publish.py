"""Writes a run's reports where people look for them: one folder per run beside the profile."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from recon import money
from recon import store as memory
from recon.entities import ENTITIES
from recon.report import document_causes, document_stages
from recon.report.document_causes import Source
from recon.report.documents import NAMES, NOTHING, Documents, Sum
from recon.shapes import Facts, Record
from recon.trace import page, seen
from recon.workbench import Workbench

MOST_POINTS = 40
MOST_TRACES = 50
FEWEST_DAYS = 10


def documents(bench: Workbench, facts: Facts) -> Documents:
    """The invoices and costs of both systems, summed, and what explains their difference; of a run
    that read all of both."""
    found = [_source(bench, facts, name) for name in NAMES if _runs(bench, name)]
    invoices = next((source for source in found if source.entity == "invoice"), None)
    return Documents(
        tuple(document_causes.kind(source) for source in found),
        document_stages.stages(invoices) if invoices else (),
        bench.profile.company.currency,
        _earlier(bench),
    )


def _earlier(bench: Workbench) -> Sum:
    """The ledger lines that lie before the cut-off of costs."""
    home, found = bench.profile.company.currency, NOTHING
    for entity in bench.running:
        if entity.global_side.earlier:
            row = bench.visma_global.read(entity.global_side.earlier(bench.profile))[0]
            net = money.amount(money.exact(row["net"]), home)
            found += Sum(int(row["count"] or 0), net or Decimal())
    return found


def _runs(bench: Workbench, name: str) -> bool:
    return any(entity.name == name for entity in bench.entities)


def _source(bench: Workbench, facts: Facts, name: str) -> Source:
    transfer = bench.profile.transfer
    return Source(
        name,
        bench.mirror.records(name, "severa"),
        bench.mirror.records(name, "global"),
        bench.links.all(name),
        {(o.entity, o.side, o.key): o for o in facts.outcomes if o.entity == name},
        partial(_party, bench),
        bench.profile.company.currency,
        transfer.invoices_from if name == "invoice" else transfer.costs_from,
    )


def _party(bench: Workbench, record: Record) -> str:
    """Whose document it is, by name; a cost's own text names its supplier."""
    if "customer" not in record.fields:
        return record.name
    key = record.fields.get("customer")
    found = bench.record("customer", record.side, str(key)) if key else None
    return found.name if found else ""


def publish(bench: Workbench, facts: Facts, *names: str) -> list[Path]:
    """Write the named documents (run, plan, checklist, proposals) of a run as Excel and HTML; the
    paths written."""
    from recon.report import data, render
    from recon.report.words import titles

    known = titles(ENTITIES)
    folder = folder_of(bench.profile.reports(), facts)
    made = {
        "run": lambda: data.run(facts, known),
        "plan": lambda: data.plan(facts, known),
        "checklist": lambda: data.checklist(facts, known),
        "proposals": lambda: data.proposals(facts, known),
    }
    return [path for name in names for path in render.write(made[name](), folder)]


def publish_reconciliation(bench: Workbench, facts: Facts) -> tuple[list[Path], Documents]:
    """Write the reconciliation, with the way of those documents that need a person; its paths, and
    the documents that it is made from."""
    from recon.report import data, render
    from recon.report.words import titles

    found = documents(bench, facts)
    made = data.reconciliation(facts, trend(bench), titles(ENTITIES), found)
    causes = [cause for cause in found.to_look_at(MOST_TRACES) if cause.paper.entity == "invoice"]
    if causes:
        traces = seen(bench, [cause.paper.key for cause in causes])
        made = replace(made, sheets=(*made.sheets, page.sheet(traces, facts.timezone)))
    return render.write(made, folder_of(bench.profile.reports(), facts)), found


def folder_of(reports: Path, facts: Facts) -> Path:
    """Where the documents of a run lie."""
    return reports / f"{facts.run}-{facts.command}"


def trend(bench: Workbench) -> list[dict[str, Any]]:
    """The documents from which a trend is drawn, oldest first: of the last runs, or, where there
    are more than a picture holds and they span some days, of the last run of each day."""
    table = memory.run
    picked = _picked(bench.store.rows(bench.store.of(table).with_only_columns(
        table.c.run, table.c.started, table.c.exit_code
    ).order_by(table.c.run)))  # fmt: skip
    rows = bench.store.rows(bench.store.of(table).where(table.c.run.in_(picked)))
    found = [json.loads(row["document"] or "{}") for row in rows]
    return sorted(found, key=lambda one: str(one.get("run")))


def _picked(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    done = [row for row in rows if row["exit_code"] in (0, 1)]
    daily = list({row["started"][:10]: row for row in done}.values())
    if len(done) > MOST_POINTS and len(daily) >= FEWEST_DAYS:
        done = daily
    return [row["run"] for row in done[-MOST_POINTS:]]
