"""Suppliers' invoices and project fees in a sandbox company, for the tests of whole runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from recon.sandbox import acts_global, ledger_suppliers, world
from recon.sandbox.ledger_suppliers import Bought, Cost
from recon.shapes import Facts
from tests.company import Sandbox

CUT_OFF = date(2026, 1, 1)
SUPPLIER = 50_001
NAMED = "Nordvik Underkonsulent AS"


@contextmanager
def company(folder: Path) -> Iterator[Sandbox]:
    """A company in step, whose supplier costs transfer."""
    made = Sandbox.make(folder, 20, 9)
    made.onboard()
    made.sync()
    world.costs_on(made.profile, CUT_OFF)
    made.sync()
    yield made
    made.end()


def open_projects(sandbox: Sandbox) -> list[tuple[str, int]]:
    """Guid and number of the linked projects that are open and not internal."""
    with sandbox.open() as bench:
        bench.links.load()
        linked = {link.guid: int(link.key) for link in bench.links.all("project")}
    rows = sandbox.acts(lambda w: w.severa.all("projects"))
    fit = [r["guid"] for r in rows if not r["isClosed"] and not r["isInternal"]]
    return sorted((guid, linked[guid]) for guid in fit if guid in linked)


def book(sandbox: Sandbox, *lines: Cost, **more: Any) -> list[str]:
    """Book a supplier's invoice; the keys of its cost lines."""
    voucher = sandbox.acts(
        lambda w: ledger_suppliers.supplier_invoice(w, Bought(SUPPLIER, lines, **more))
    )
    return [key for key, row in ledger(sandbox, VoucherID=voucher).items() if row["ProjectNo"]]


def ledger(sandbox: Sandbox, **equal: Any) -> dict[str, dict[str, Any]]:
    found = sandbox.acts(lambda w: acts_global.rows(w, "GLAccountTransaction", **equal))
    return {str(row["UniqueNo"]): row for row in found}


def fees(sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    """The fees that name a ledger line, by its number; each once."""
    found = sandbox.acts(lambda w: w.severa.all("projectfees"))
    named = [fee for fee in found if "ledger line" in (fee["description"] or "")]
    keyed = {fee["description"].split("ledger line ")[1].split(",")[0]: fee for fee in named}
    assert len(keyed) == len(named), "a ledger line has two fees"
    return keyed


def outcome(facts: Facts, key: str, side: str = "global") -> tuple[str, str]:
    spot = ("supplier_cost", side, key)
    (found,) = [o for o in facts.outcomes if (o.entity, o.side, o.key) == spot]
    return found.state, found.detail


def made(facts: Facts) -> list[str]:
    return [state for op, state, _ in facts.operations if op.entity == "supplier_cost"]
