"""JSON Patch from the one table of what may be patched."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from recon.errors import Refused
from recon.sandbox.severa_contract import contract
from recon.sandbox.severa_models import AUDIT
from recon.sandbox.severa_patch import patched_model
from recon.systems.severa import Severa
from recon.systems.severa_patch import PATCHABLE
from tests.systems.loopback import Loopback, Reply
from tests.systems.severa_client import (
    client,
)

# Writable by the contract, never by us: private, only of a create, or moving a record elsewhere.
NEVER = {
    "addresses": {"customer", "contacts"},
    "contactpersons": {"dateOfBirth"},
    "contactcommunications": {"contact"},
    "projectbillingcustomers": {"project"},
    "projects": {"projectStatus", "salesStatus"},  # by the guids of their types
    "users": {
        "bankAccountNumber",
        "birthDate",
        "createDefaultWorkContract",
        "notificationSettings",
        "socialSecurityNumber",
    },
}


def test_patch_replaces_and_answers_with_the_record(server: Loopback, severa: Severa) -> None:
    server.on("PATCH /v1/customers/g1", Reply(data=[{"guid": "g1", "name": "B"}]))
    values = {"name": "B", "isActive": False, "currency": {"guid": "c1"}, "paymentTerm": None}
    assert severa.patch("/v1/customers/g1", "customers", values) == {"guid": "g1", "name": "B"}
    assert server.asked[-1].body == [
        {"op": "Replace", "path": "/name", "value": "B"},
        {"op": "Replace", "path": "/isActive", "value": False},
        {"op": "Replace", "path": "/currency", "value": {"guid": "c1"}},
        {"op": "Replace", "path": "/paymentTerm", "value": None},
    ]


def test_patch_values_as_text_point_into_references(server: Loopback) -> None:
    server.on("PATCH /v1/products/g1", Reply(data={"guid": "g1"}))
    price = {"amount": Decimal("10.50"), "currencyCode": "NOK"}
    values = {"isActive": True, "unitPrice": price, "salesAccount": "s1", "vatRate": 25}
    with client(server, patch_values="text") as severa:
        severa.patch("/v1/products/g1", "products", values)
    assert [(c["path"], c["value"]) for c in server.asked[-1].body] == [
        ("/isActive", "true"),
        ("/unitPrice/amount", "10.50"),
        ("/unitPrice/currencyCode", "NOK"),
        ("/salesAccount/guid", "s1"),
        ("/vatRate", "25"),
    ]


@pytest.mark.parametrize(
    ("resource", "name"),
    [("customers", "isInternal"), ("users", "socialSecurityNumber"), ("contactpersons", "emails")],
)
def test_what_is_not_in_the_table_is_refused_unsent(
    server: Loopback, severa: Severa, resource: str, name: str
) -> None:
    with pytest.raises(Refused) as caught:
        severa.patch(f"/v1/{resource}/g1", resource, {name: "x"})
    assert caught.value.fields == (name,)
    assert not server.asked


def test_the_table_of_patches_is_json_able() -> None:
    table = {
        r: {n: (p.path, p.form, p.certainty) for n, p in t.items()} for r, t in PATCHABLE.items()
    }
    private = ("birth", "bank", "social", "salary")
    assert json.dumps(table)
    assert not [n for t in table.values() for n in t if any(p in n.lower() for p in private)]


@pytest.mark.parametrize("resource", PATCHABLE)
def test_every_pointer_leads_to_a_writable_property_of_the_contract(resource: str) -> None:
    published = contract()
    for name, pointer in PATCHABLE[resource].items():
        schema = patched_model(published, resource)
        for word in pointer.path.strip("/").split("/"):
            properties = published.properties(schema)
            assert word in properties, (resource, name)
            schema = properties[word]
            assert not schema.get("readOnly"), (resource, name)
        if pointer.form == "reference":
            assert "guid" in published.properties(schema), (resource, name)
        if pointer.form == "money":
            assert {"amount", "currencyCode"} <= set(published.properties(schema))


@pytest.mark.parametrize("resource", PATCHABLE)
def test_every_writable_property_of_a_model_of_ours_is_in_the_table(resource: str) -> None:
    published = contract()
    if resource in ("invoices", "invoicesettings"):  # no input model is published
        return
    writable = {
        name
        for name, schema in published.properties(patched_model(published, resource)).items()
        if not schema.get("readOnly") and name not in AUDIT
    }
    assert writable - set(PATCHABLE[resource]) == NEVER.get(resource, set())
