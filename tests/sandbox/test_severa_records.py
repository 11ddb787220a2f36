"""What the sandbox's Severa does with records beyond keeping them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.severa_world import Severa, guid

CUSTOMER = guid("customer", 1)


def customer(severa: Severa, name: str = "Ny AS", **fields: Any) -> dict[str, Any]:
    made = severa.post("/v1/customers", {"name": name, **fields})
    assert isinstance(made, dict)
    return made


def field_at_fault(answer: Any) -> str:
    return str(answer.json()["error"]["details"][0]["location"]["name"])


def test_a_new_customer_gets_defaults_audit_fields_and_the_next_number(severa: Severa) -> None:
    first, second = customer(severa), customer(severa)
    assert second["number"] == first["number"] + 1
    assert (first["isActive"], first["isInternal"]) == (True, False)
    assert first["createdBy"]["name"] == "REST API"
    assert severa.get(f"/v1/customers/{first['guid'].upper()}") == first


def test_a_number_that_is_taken_is_refused(severa: Severa) -> None:
    refused = severa.ask("POST", "/v1/customers", {"name": "B", "number": 101})
    assert (refused.status_code, field_at_fault(refused)) == (409, "number")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": 5}, "name"),
        ({"name": ""}, "name"),
        ({"name": "A", "nmae": "B"}, "nmae"),
        ({"name": "A", "number": "12"}, "number"),
        ({"name": "A", "number": 2**63}, "number"),
        ({"name": "A", "currency": {"guid": guid("nothing")}}, "currency.guid"),
        ({"name": "A", "kvkNumber": "1" * 26}, "kvkNumber"),
    ],
)
def test_a_wrong_body_names_the_field(severa: Severa, body: dict[str, Any], field: str) -> None:
    refused = severa.ask("POST", "/v1/customers", body)
    assert (refused.status_code, field_at_fault(refused)) == (400, field)


@pytest.mark.parametrize("body", [b"", b"{", b'{"name": NaN}', b'{"name": "\\ud800"}', b"[" * 9999])
def test_a_body_that_is_no_json_is_refused(severa: Severa, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = severa.http.post(severa.base + "/v1/customers", content=body, headers=headers)
    assert answer.status_code == 400


def test_sub_models_are_filled_with_todays_names(severa: Severa) -> None:
    made = customer(severa, "Gammel AS", currency={"guid": guid("nok")})
    place = severa.post(f"/v1/customers/{made['guid']}/addresses", address())
    assert made["currency"]["code"] == "NOK"
    assert (place["country"]["name"], place["customer"]["name"]) == ("Norge", "Gammel AS")
    severa.patch(f"/v1/customers/{made['guid']}", ("name", "Nyere AS"))
    seen = severa.get(f"/v1/addresses/{place['guid']}")["customer"]
    assert seen == {"name": "Nyere AS", "guid": made["guid"], "number": made["number"]}


def address(**fields: Any) -> dict[str, Any]:
    return {"addressline": "Gata 9", "city": "Oslo", "country": {"guid": guid("norway")}, **fields}


def test_the_first_address_is_the_headquarters(severa: Severa) -> None:
    made = customer(severa)
    path = f"/v1/customers/{made['guid']}"
    assert made["headquarterAddress"] is None
    places = [severa.post(f"{path}/addresses", address(city=c)) for c in ("Oslo", "Bergen")]
    head = severa.get(path)["headquarterAddress"]
    assert (head["city"], head["country"]) == ("Oslo", "Norge")
    severa.patch(path, ("headquarterAddress/guid", places[1]["guid"]))
    assert severa.get(path)["headquarterAddress"]["city"] == "Bergen"
    severa.ask("DELETE", f"/v1/addresses/{places[1]['guid']}")
    assert severa.get(path)["headquarterAddress"]["city"] == "Oslo"
    assert len(severa.get(f"{path}/addresses")) == 1


def test_an_address_of_nobody_is_not_found(severa: Severa) -> None:
    nobody = f"/v1/customers/{guid('nobody')}/addresses"
    assert severa.ask("POST", nobody, address()).status_code == 404
    assert severa.ask("GET", nobody).status_code == 404


def test_an_address_goes_to_the_customer_in_the_path(severa: Severa) -> None:
    path = f"/v1/customers/{CUSTOMER}/addresses"
    other = address(customer={"guid": guid("customer", 2)})
    refused = severa.ask("POST", path, other)
    assert (refused.status_code, field_at_fault(refused)) == (400, "customer.guid")


def contact(severa: Severa, **fields: Any) -> dict[str, Any]:
    body = {"firstName": "Per", "lastName": "Ny", "customer": {"guid": CUSTOMER}, **fields}
    made = severa.post("/v1/contactpersons", body)
    assert isinstance(made, dict)
    return made


def communication(person: str, value: str, kind: str) -> dict[str, Any]:
    return {
        "value": value,
        "contact": {"guid": person},
        "communicationType": {"guid": guid(kind), "type": "Phone"},
    }


def test_a_contacts_mails_and_phones_are_its_communications(severa: Severa) -> None:
    person = contact(severa)
    assert (person["name"], person["emails"]) == ("Per Ny", [])
    path = "/v1/contactcommunications"
    mail = severa.post(path, communication(person["guid"], "per@example.com", "mail"))
    severa.post(path, communication(person["guid"], "+47 22 22 22 22", "phone"))
    assert mail["isForbiddenToUse"] is True  # The API's default; the product sends false.
    seen = severa.get(f"/v1/contactpersons/{person['guid']}")
    assert (seen["emails"], seen["phoneNumbers"]) == (["per@example.com"], ["+47 22 22 22 22"])
    assert seen["lastUpdatedDateTime"] is None
    known = severa.get(f"/v1/contacts/{person['guid']}/contactcommunications")
    assert [one["value"] for one in known] == ["per@example.com", "+47 22 22 22 22"]


def test_a_patched_communication_is_answered_alone(severa: Severa) -> None:
    done = severa.patch(
        f"/v1/contactcommunications/{guid('communication')}", ("isForbiddenToUse", True)
    )
    assert done.json()["isForbiddenToUse"] is True


def test_a_mail_address_must_be_one(severa: Severa) -> None:
    body = communication(guid("contact"), "no mail", "mail")
    refused = severa.ask("POST", "/v1/contactcommunications", body)
    assert (refused.status_code, field_at_fault(refused)) == (400, "value")


def test_a_contact_names_its_address(severa: Severa) -> None:
    assert severa.get(f"/v1/contactpersons/{guid('contact')}/addresses")[0]["contacts"] == [
        {"guid": guid("contact"), "name": "Ola Prøve"}
    ]
    body = {"firstName": "A", "lastName": "B", "customer": {"guid": CUSTOMER}}
    refused = severa.ask("POST", "/v1/contactpersons", {**body, "addressGuid": guid("address", 2)})
    assert (refused.status_code, field_at_fault(refused)) == (400, "addressGuid")


def test_a_deleted_contact_stays_and_is_marked(severa: Severa) -> None:
    person = contact(severa)
    assert person["isDeleted"] is False
    assert severa.ask("DELETE", f"/v1/contactpersons/{person['guid']}").status_code == 204
    seen = severa.get(f"/v1/contactpersons/{person['guid']}")
    assert (seen["isDeleted"], seen["isActive"]) == (True, False)


def test_a_customer_in_use_is_not_deleted(severa: Severa) -> None:
    assert severa.ask("DELETE", f"/v1/customers/{CUSTOMER}").status_code == 409
    made = customer(severa)
    place = severa.post(f"/v1/customers/{made['guid']}/addresses", address())
    assert severa.ask("DELETE", f"/v1/customers/{made['guid']}").status_code == 204
    for path in (f"/v1/customers/{made['guid']}", f"/v1/addresses/{place['guid']}"):
        assert severa.ask("GET", path).status_code == 404


def test_a_new_unit_is_of_its_parents_company(severa: Severa) -> None:
    made = severa.post("/v1/businessunits", {"name": "Bergen", "code": "20"})
    assert (made["parentGuid"], made["companyGuid"]) == (guid("unit"), guid("company"))
    below = severa.post("/v1/businessunits", {"name": "Voss", "parentGuid": made["guid"]})
    refused = severa.patch(f"/v1/businessunits/{made['guid']}", ("parentGuid", below["guid"]))
    assert (refused.status_code, field_at_fault(refused)) == (400, "parentGuid")


def test_a_user_gets_a_work_contract_unless_told_not_to(severa: Severa) -> None:
    name = {"firstName": "Nils", "lastName": "Ny"}
    assert severa.post("/v1/users", name)["workContract"]["title"] == "Default"
    without = severa.post("/v1/users", {**name, "createDefaultWorkContract": False})
    assert without["workContract"] is None
    assert severa.ask("POST", "/v1/users", {**name, "title": "Sjef"}).status_code == 400
    titled = severa.patch(f"/v1/users/{without['guid']}", ("title", "Sjef"))
    assert titled.json()[0]["title"] == "Sjef"


def test_a_new_project_has_a_root_phase_and_a_billing_customer(severa: Severa) -> None:
    made = severa.post("/v1/projects", project())
    assert made["number"] > 2
    assert (made["salesStatus"]["name"], made["projectStatus"]["name"]) == ("Tilbud", "Aktiv")
    assert made["currency"]["code"] == "NOK"
    assert made["businessUnit"]["name"] == "Oslo"
    phases = severa.get(f"/v1/projects/{made['guid']}/phaseswithhierarchy")
    assert [(p["guid"], p["level"]) for p in phases] == [(made["rootPhase"]["guid"], 0)]
    billing = severa.get(f"/v1/projects/{made['guid']}/projectbillingcustomers")
    assert [(b["billingCustomer"]["guid"], b["isDefault"]) for b in billing] == [(CUSTOMER, True)]


def project(**fields: Any) -> dict[str, Any]:
    owner = {"customer": {"guid": CUSTOMER}, "projectOwner": {"guid": guid("user")}}
    return {"name": "Nytt", **owner, **fields}


def test_a_project_needs_an_owner_and_a_customer(severa: Severa) -> None:
    refused = severa.ask("POST", "/v1/projects", project(projectOwner={}))
    assert (refused.status_code, field_at_fault(refused)) == (400, "projectOwner.guid")
    refused = severa.ask("POST", "/v1/projects", project(customer={"guid": guid("nobody")}))
    assert (refused.status_code, field_at_fault(refused)) == (400, "customer.guid")


def test_one_billing_customer_is_the_default(severa: Severa) -> None:
    made = severa.post("/v1/projects", project())
    pair = {
        "project": {"guid": made["guid"]},
        "billingCustomer": {"guid": guid("customer", 2)},
        "isDefault": True,
    }
    severa.post("/v1/projectbillingcustomers", pair)
    assert severa.ask("POST", "/v1/projectbillingcustomers", pair).status_code == 409
    billing = severa.get(f"/v1/projects/{made['guid']}/projectbillingcustomers")
    assert [one["isDefault"] for one in billing] == [False, True]
    own = f"/v1/projectbillingcustomers/{billing[0]['guid']}"
    assert severa.ask("DELETE", own).status_code == 409


def test_a_phase_belongs_to_its_parents_project(severa: Severa) -> None:
    root = severa.get(f"/v1/projects/{guid('project', 1)}")["rootPhase"]
    phase = severa.post("/v1/phases", {"name": "Fase", "parentPhase": {"guid": root["guid"]}})
    assert phase["project"]["guid"] == guid("project", 1)
    assert severa.ask("DELETE", f"/v1/phases/{root['guid']}").status_code == 409
    assert severa.ask("DELETE", f"/v1/phases/{phase['guid']}").status_code == 204


def test_old_guids_are_translated(severa: Severa) -> None:
    found = severa.post("/v1/guids/convert", [guid("old"), guid("nothing")])
    assert [one["converted"] for one in found] == [CUSTOMER, None]
    assert severa.get(f"/v1/guids/convert/{guid('old')}")["converted"] == CUSTOMER


def test_the_organisations_details_are_answered_alone(severa: Severa) -> None:
    done = severa.ask(
        "PATCH", "/v1/organizationdetails", [{"op": "Replace", "path": "city", "value": "Oslo"}]
    )
    assert done.json()["city"] == "Oslo"
    details = severa.get("/v1/organizationdetails")
    assert [one["name"] for one in details["activeCompanies"]] == ["Test AS"]


def test_what_is_not_in_the_contract_is_refused(severa: Severa) -> None:
    codes = [
        severa.ask(method, path).status_code
        for method, path in (
            ("GET", "/v1/nothing"),
            ("DELETE", "/v1/users/" + guid("user")),
            ("PUT", "/v1/customers"),
            ("GET", "/v1/customers/nobody"),
            ("GET", "/v1/customers/a%0Ab"),
        )
    ]
    assert codes == [404, 405, 405, 404, 404]
