"""A company's projects on both sides, by hand, for the tests of projects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recon.shapes import Record, Value
from tests.engine import PROFILE
from tests.entities.world import World, profile

OWNER = "0e0e0e0e-0000-0000-0000-000000000001"
DEFAULTS = {"project_owner": OWNER, "currency": "sek"}


def company(transfer: Mapping[str, Any] | None = None, **defaults: str) -> World:
    """A company with these defaults for what is new in Severa."""
    severa = {**PROFILE["severa"], "company": "co", "defaults": {**DEFAULTS, **defaults}}
    chosen = {"internal_category": 2, "new_projects": {"ProjectType": 1, "ProjectCategoryNo": 1}}
    rules = {**chosen, **(transfer or {})}
    return World(profile=profile(severa=severa, transfer=rules))


def in_severa(guid: str = "p", **more: Any) -> dict[str, Any]:
    unit = {"guid": "u", "companyGuid": "co", "companyBusinessUnitGuid": "top"}
    return {
        "guid": guid,
        "name": f"Prosjekt {guid}",
        "number": 50001,
        "customer": {"guid": "c"},
        "projectOwner": {"guid": "m"},
        "businessUnit": unit,
        "salesStatus": {"salesStatusTypeGuid": "w", "name": "Order"},
        "isInternal": False,
        "isClosed": False,
        **more,
    }


def in_global(key: str = "1001", **more: Any) -> Record:
    fields: dict[str, Value] = {
        "name": f"Prosjekt {key}",
        "customer": "10001",
        "manager": "7",
        "department": "42",
        "start": None,
        "deadline": None,
        "closed": False,
        "internal": False,
    }
    fields |= {name: more.pop(name) for name in list(more) if name in fields}
    facts = {"project_type": 1, "main": None, **more.pop("facts", {})}
    found = Record("project", "global", key, fields, number=key, table="Project", row=key)
    found.guid, found.attributes = more.get("guid"), facts
    return found


def customer(side: Any, key: str, **facts: Any) -> Record:
    fields = {"name": f"Kunde {key}", "active": facts.pop("active", True), "currency": "NOK"}
    return Record("customer", side, key, fields, attributes=facts)
