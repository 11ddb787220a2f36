"""Which customers have won projects: the rule that decides which of them transfer."""

from __future__ import annotations

from recon.entities.siblings import once
from recon.shapes import Record
from recon.spec import Context

BILLING = "billing_customers"


def by_won_project(ctx: Context) -> dict[str, list[Record]]:
    """The won projects of each customer, whether its own or billed to it."""
    return once(ctx, "won projects", lambda: _by_won_project(ctx))


def _by_won_project(ctx: Context) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for project in ctx.records("project", "severa").values():
        if project.attributes.get("won"):
            for customer in {project.attributes["customer"], *project.attributes[BILLING]}:
                found.setdefault(customer or "", []).append(project)
    return found
