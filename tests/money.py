"""What the tests of invoices share: a company in step that sends invoices, and what users do."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from recon.sandbox import acts_global, acts_invoices, world
from recon.sandbox.acts_invoices import Entry
from recon.shapes import Facts
from tests.company import Sandbox

CUT_OFF = date(2026, 1, 1)
DRAFT, SENT, PAID, TAKEN = "Kladd", "Sendt", "Betalt", "Overført til regnskap"


def company(folder: Path) -> Sandbox:
    """A small company, onboarded and in step, whose invoices transfer."""
    made = Sandbox.make(folder, 20, 9)
    made.onboard()
    made.sync()
    world.documents_on(made.profile, CUT_OFF)
    made.sync()
    return made


def open_projects(sandbox: Sandbox) -> list[tuple[str, str]]:
    """Guid and number of the linked projects that are open and not internal."""
    with sandbox.open() as bench:
        bench.links.load()
        linked = {link.guid: link.key for link in bench.links.all("project")}
    rows_ = sandbox.acts(lambda w: w.severa.all("projects"))
    fit = [r["guid"] for r in rows_ if not r["isClosed"] and not r["isInternal"]]
    return sorted((guid, linked[guid]) for guid in fit if guid in linked)


def released(sandbox: Sandbox, project: str, *entries: Entry) -> str:
    """An invoice of some hours, fees and expenses that is ready to transfer; its guid."""

    def act(w: world.World) -> str:
        register = (
            acts_invoices.register_hours,
            acts_invoices.register_fee,
            acts_invoices.register_expense,
        )
        for at, entry in enumerate(entries or (Entry(), Entry(), Entry())):
            register[at % 3](w, project, entry)
        guid = acts_invoices.draft_invoice(w, project, "2026-11-20")
        acts_invoices.release(w, guid)
        return guid

    found: str = sandbox.acts(act)
    return found


def rows(sandbox: Sandbox, table: str, **equal: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sandbox.acts(lambda w: acts_global.rows(w, table, **equal))
    return found


def order_of(sandbox: Sandbox, guid: str) -> dict[str, Any]:
    (found,) = rows(sandbox, "CustomerOrder", SeveraGUID=guid)
    return found


def status(sandbox: Sandbox, guid: str) -> str:
    return str(sandbox.acts(lambda w: w.severa.one("invoices", guid))["status"]["name"])


def outcome(facts: Facts, guid: str, side: str = "severa") -> tuple[str, str]:
    (found,) = [o for o in facts.outcomes if (o.entity, o.side, o.key) == ("invoice", side, guid)]
    return found.state, found.detail


def made(facts: Facts) -> list[str]:
    return [state for op, state, _ in facts.operations if op.entity == "invoice"]
