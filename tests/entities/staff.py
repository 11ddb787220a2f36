"""Users and employees for the tests, made by hand."""

from __future__ import annotations

from typing import Any

from recon.shapes import Record
from tests.entities.world import World, profile

DEFAULTS = {"user_type": "Employee", "permission_profile": "Medarbeider"}
UNIT = {"guid": "u1", "companyBusinessUnitGuid": "top", "companyGuid": "co", "companyName": "Vi AS"}


def business(**severa: Any) -> World:
    """A company whose profile has these settings of Severa, and ten codes for Severa."""
    base = {"base_url": "http://127.0.0.1:9", "client_id": "env:A", "client_secret": "env:B"}
    numbers = {"employee": {"severa": [900, 909]}}
    given = {"url": "sqlite:///global.db", "schema": "Prove", "numbers": numbers}
    settings = {"defaults": DEFAULTS, **severa}
    return World(profile=profile(severa={**base, **settings}, **{"global": given}))


def account(guid: str, name: str, code: str | None = None, **more: Any) -> dict[str, Any]:
    first, _, last = name.rpartition(" ")
    email = f"{guid}@prove.no"
    return {"guid": guid, "firstName": first, "lastName": last, "code": code, "email": email} | more


def employee(number: str, name: str, **more: Any) -> Record:
    fields: dict[str, Any] = {
        "name": name,
        "email": f"{number}@prove.no",
        "phone": None,
        "business_unit": None,
        "title": None,
        "active": True,
    }
    attributes = {"family": more.pop("family", None)}
    guid = more.pop("guid", None)
    fields |= more
    where = {"table": "Employee", "row": number}
    return Record(
        "employee", "global", number, fields, guid, number, None, **where, attributes=attributes
    )
