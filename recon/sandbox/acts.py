"""What users do in both systems of a sandbox, by name or in a seeded mix.

The single acts are in `acts_global` (SQL, with Global's stamps) and `acts_severa` (the server's
API). Here are the ones that a command line names, and `random_edits`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from recon.errors import Usage
from recon.sandbox import acts_global, acts_severa, acts_staff
from recon.sandbox.acts_mix import random_edits
from recon.sandbox.world import Act, Side, World
from recon.systems.tables import TABLES

__all__ = [
    "Act",
    "create_customer",
    "create_employee",
    "deactivate",
    "duplicate",
    "edit",
    "random_edits",
    "vanish",
]

TABLE = {
    "customer": "Customer",
    "contact": "Contact",
    "department": "Department",
    "invoice-address": "CustomerInvoiceAdresses",
    "delivery-address": "CustomerDeliveryAddresses",
    "employee": "Employee",
    "article": "Article",
    "project": "Project",
}
COLLECTION = {
    "customer": "customers",
    "contact": "contactpersons",
    "communication": "contactcommunications",
    "address": "addresses",
    "department": "businessunits",
    "project": "projects",
    "user": "users",
    "product": "products",
    "travel-expense-type": "travelexpensetypes",
    "work-type": "worktypes",
}


def edit(world: World, side: Side, what: str, key: str, values: Mapping[str, str]) -> Act:
    """Change fields of one record, named in the system's own words, given as texts.

    `key` is Global's key or Severa's guid. `Usage` for an unknown kind, field or value.
    """
    if side == "global":
        table = _known(TABLE, what)
        acts_global.edit(world, table, _key(table, key), _columns(table, values))
    else:
        acts_severa.edit(world, _known(COLLECTION, what), key, _properties(values))
    return Act(side, what, key, f"changed {', '.join(values)}")


def deactivate(world: World, side: Side, what: str, key: str) -> Act:
    """Make one record inactive; a project in Severa is closed."""
    if side == "global":
        table = _known(TABLE, what)
        acts_global.deactivate(world, table, _key(table, key))
    else:
        acts_severa.deactivate(world, _known(COLLECTION, what), key)
    return Act(side, what, key, "made inactive")


def vanish(world: World, side: Side, what: str, key: str) -> Act:
    """Delete one record, which a good user would not."""
    if side == "global":
        table = _known(TABLE, what)
        acts_global.vanish(world, table, _key(table, key))
    else:
        acts_severa.vanish(world, _known(COLLECTION, what), key)
    return Act(side, what, key, "deleted")


def create_customer(world: World, side: Side, name: str) -> Act:
    """Register a new customer, with an address; in Severa it also gets a won project."""
    if side == "global":
        number = acts_global.create_customer(world, {**acts_global.NEW_CUSTOMER, "Name": name})
        return Act(side, "customer", str(number), f"registered '{name}'")
    norway = {"guid": acts_severa.country(world, "NO")}
    address = {"addressline": "Nygata 1", "postalCode": "7010", "city": "TRONDHEIM"}
    guid = acts_severa.create_customer(world, {"name": name}, {**address, "country": norway})
    acts_severa.win_customer(world, guid)
    return Act(side, "customer", guid, f"registered '{name}' and won a project")


def create_employee(world: World, side: Side, name: str, code: str = "") -> Act:
    """Hire someone: an employee in Global, or a user with this code in Severa."""
    if side == "global":
        number = acts_staff.create_employee(world, name)
        return Act(side, "employee", str(number), f"hired {name}")
    guid = acts_staff.create_user(world, name, code)
    return Act(side, "user", guid, f"hired {name} as {code}")


def duplicate(world: World, side: Side, key: str) -> Act:
    """Register a customer a second time."""
    if side == "global":
        new = str(acts_global.duplicate_customer(world, int(key)))
    else:
        new = acts_severa.duplicate_customer(world, key)
    return Act(side, "customer", new, f"registered {key} a second time")


def _known(kinds: Mapping[str, str], what: str) -> str:
    if what not in kinds:
        raise Usage(f"There is no kind {what!r} here", todo=f"Choose among {', '.join(kinds)}")
    return kinds[what]


def _key(table: str, key: str) -> int | str:
    column = next(iter(TABLES[table].primary_key.columns))
    return int(key) if column.type.python_type is int and key.isdigit() else key


def _columns(table: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The texts as the columns' kinds."""
    columns = TABLES[table].columns
    for name in values:
        if name not in columns:
            raise Usage(
                f"{table} has no column {name!r}", todo=f"Choose among {list(columns.keys())}"
            )
    return {
        name: _value(columns[name].type.python_type, value, name) for name, value in values.items()
    }


def _value(kind: type, text: str, name: str) -> int | float | str:
    if kind not in (int, float):
        return text
    try:
        return int(text) if kind is int else float(text)
    except ValueError:
        raise Usage(f"{name} must be a number", todo="Write digits") from None


def _properties(values: Mapping[str, str]) -> dict[str, Any]:
    """true, false, null and objects as JSON; numbers stay texts unless the field is a number."""
    return {name: _json(name, value) for name, value in values.items()}


def _json(name: str, text: str) -> Any:
    if name in ("number", "paymentTerm", "numberOfEmployees"):
        return _value(int, text, name)
    if text in ("true", "false", "null") or text.startswith("{"):
        try:
            return json.loads(text)
        except ValueError:
            raise Usage(f"{name} is not valid JSON", todo="Correct it") from None
    return text
