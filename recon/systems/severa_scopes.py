"""Which scope a call needs, by the exact name under which it is ticked in Severa."""

from __future__ import annotations

from recon.systems.severa_call import segments

SCOPES = (
    "customers:read",
    "customers:write",
    "users:read",
    "users:write",
    "settings:read",
    "settings:write",
    "projects:read",
    "projects:write",
    "organization:read",
)
INVOICES = ("invoices:read", "invoices:write")
FEES = ("fees:read", "fees:write")
FAMILIES = {
    "customers": "customers",
    "customermarketsegments": "customers",
    "customersalesnotes": "customers",
    "addresses": "customers",
    "contactpersons": "customers",
    "contactcommunications": "customers",
    "contacts": "customers",
    "users": "users",
    "projects": "projects",
    "phases": "projects",
    "phasemembers": "projects",
    "projectworktypes": "projects",
    "rootphaseswithhierarchy": "projects",
    "salescases": "projects",
    "invoices": "invoices",
    "invoicerows": "invoices",
    "invoicesettings": "invoices",
    "projectfees": "fees",
    "deletedprojectfees": "fees",
    "workhours": "hours",
    "deletedworkhours": "hours",
    "projecttravelexpenses": "travels",
    "deletedprojecttravelexpenses": "travels",
    "organizationdetails": "organization",
    "organizationsettings": "organization",
}
# Lists under a project or a user that belong to another family than their owner.
BENEATH = {"projectfees": "fees", "workhours": "hours", "projecttravelexpenses": "travels"}


def scope(method: str, path: str) -> str:
    """The scope that the contract states for this call; settings where nothing else is known."""
    parts = segments(path)
    family = FAMILIES.get(parts[0], "settings") if parts else "settings"
    if family in ("projects", "users") and len(parts) > 1:
        family = BENEATH.get(parts[-1], family)
    reads = method == "GET" or parts[:1] == ["guids"]
    return f"{family}:{'read' if reads else 'write'}"
