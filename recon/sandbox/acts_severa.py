"""What a user of Severa does, by calls at the door of the sandbox's server.

`Refused` says why Severa would not have it, such as a customer that is deleted while in use.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recon.sandbox.company_reference import Reference
from recon.sandbox.world import World

Document = dict[str, Any]
COPIED = ("email", "website", "vatNumber", "paymentTerm", "eInvoiceAddress", "eInvoiceOperator")


def edit(world: World, collection: str, guid: str, values: Mapping[str, Any]) -> None:
    """Replace properties of one record, such as customers, addresses or contactpersons."""
    body = [{"op": "Replace", "path": f"/{name}", "value": value} for name, value in values.items()]
    world.severa.call("PATCH", f"/v1/{collection}/{guid}", body)


def deactivate(world: World, collection: str, guid: str) -> None:
    """Make a record inactive; a project is closed."""
    over = {"isClosed": True} if collection == "projects" else {"isActive": False}
    edit(world, collection, guid, over)


def renumber(world: World, customer: str, number: int) -> None:
    """Give a customer another number."""
    edit(world, "customers", customer, {"number": number})


def create(world: World, collection: str, body: Mapping[str, Any]) -> str:
    """A new record; its guid comes back."""
    return _guid(world.severa.call("POST", f"/v1/{collection}", dict(body)))


def create_customer(
    world: World, body: Mapping[str, Any], address: Mapping[str, Any] | None = None
) -> str:
    """A new customer, with an address for everything if one is given; its guid comes back."""
    guid = create(world, "customers", body)
    if address is not None:
        flags = dict.fromkeys(("isPostalAddress", "isBillingAddress", "isVisitAddress"), True)
        world.severa.call("POST", f"/v1/customers/{guid}/addresses", {**flags, **address})
    return guid


def create_contact(world: World, customer: str, body: Mapping[str, Any]) -> str:
    """A new contact of a customer; its guid comes back."""
    return create(world, "contactpersons", {"customer": {"guid": customer}, **body})


def add_communication(world: World, contact: str, kind: str, value: str) -> str:
    """A new e-mail address, phone or mobile phone of a contact (kind by the API's name)."""
    kinds = world.severa.all("communicationtypes")
    type_guid = next(each["guid"] for each in kinds if each["type"] == kind)
    body = {
        "value": value,
        "isForbiddenToUse": False,
        "contact": {"guid": contact},
        "communicationType": {"guid": type_guid},
    }
    return create(world, "contactcommunications", body)


def duplicate_customer(world: World, customer: str) -> str:
    """Register a customer a second time under another number; the new guid comes back."""
    found = world.severa.one("customers", customer)
    copied = {name: found[name] for name in COPIED if found.get(name)}
    return create(world, "customers", {"name": found["name"], **copied})


def win(world: World, project: str) -> None:
    """Move a project to the first status that means won."""
    won = world.profile.transfer.won_statuses[0]
    edit(world, "projects", project, {"salesStatusTypeGuid": won})


def win_customer(world: World, customer: str) -> str:
    """Sell something to a customer: a new project with a won status; its guid comes back."""
    return create_project(world, customer, {})


def create_project(world: World, customer: str, values: Mapping[str, Any]) -> str:
    """A new won project of a customer, owned by the profile's owner; its guid comes back."""
    body = {
        "name": "Nytt oppdrag",
        "customer": {"guid": customer},
        "projectOwner": {"guid": world.profile.severa.defaults["project_owner"]},
        "salesStatus": {"salesStatusTypeGuid": world.profile.transfer.won_statuses[0]},
    }
    return create(world, "projects", {**body, **values})


def bill_another(world: World, project: str, customer: str) -> str:
    """Add a billing customer to a project; the guid of the row comes back."""
    body = {"project": {"guid": project}, "billingCustomer": {"guid": customer}, "isDefault": False}
    return create(world, "projectbillingcustomers", body)


def vanish(world: World, collection: str, guid: str) -> None:
    """Delete a record for good."""
    world.severa.call("DELETE", f"/v1/{collection}/{guid}")


def documents(world: World, collection: str) -> list[Document]:
    """All records of a list."""
    return world.severa.all(collection)


def _guid(answer: Any) -> str:
    found = answer[0] if isinstance(answer, list) else answer
    return str(found["guid"])


def country(world: World, code: str) -> str:
    """The guid of a country in this company's Severa."""
    return str(Reference(world.guids).countries[code]["guid"])
