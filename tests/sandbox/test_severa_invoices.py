"""Hours, fees, expenses and invoices of the sandbox's Severa."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.severa_world import Severa, guid

pytestmark = pytest.mark.slow

KINDS = ("workhours", "projectfees", "projecttravelexpenses")


def nok(amount: float) -> dict[str, Any]:
    return {"amount": amount, "currencyCode": "NOK"}


@pytest.fixture
def project(severa: Severa) -> dict[str, Any]:
    """A new project with hours, a fee with VAT, and a travel expense."""
    owner = {"customer": {"guid": guid("customer", 1)}, "projectOwner": {"guid": guid("user")}}
    made = severa.post("/v1/projects", {"name": "Faktura", **owner, "yourReference": "PO 7"})
    assert isinstance(made, dict)
    for kind, body in bodies(made).items():
        severa.post(f"/v1/{kind}", body)
    return made


def bodies(project: dict[str, Any]) -> dict[str, dict[str, Any]]:
    phase, user = {"guid": project["rootPhase"]["guid"]}, {"guid": guid("user")}
    own = {"guid": project["guid"]}
    return {
        "workhours": {
            "eventDate": "2026-11-02",
            "phase": phase,
            "user": user,
            "workType": {"guid": guid("work")},
            "quantity": 7.5,
            "unitPrice": nok(1000),
        },
        "projectfees": {
            "project": own,
            "product": {"guid": guid("product")},
            "quantity": 3,
            "unitPrice": nok(33.335),
            "vatRate": 25,
        },
        "projecttravelexpenses": {
            "project": own,
            "phase": phase,
            "user": user,
            "travelExpense": {"guid": guid("travel", 1)},
            "quantity": 10,
            "unitPrice": nok(3.5),
        },
    }


def invoice(severa: Severa, project: dict[str, Any], **fields: Any) -> dict[str, Any]:
    made = severa.post("/v1/invoices", {"projects": [{"guid": project["guid"]}], **fields})
    assert len(made) == 1
    return dict(made[0])


def test_a_new_fee_is_answered_in_an_array(severa: Severa, project: dict[str, Any]) -> None:
    body = {"project": {"guid": project["guid"]}, "unitCost": nok(-5), "quantity": 1}
    made = severa.post("/v1/projectfees", body)
    assert [fee["phase"]["guid"] for fee in made] == [project["rootPhase"]["guid"]]
    assert made[0]["customer"]["name"] == "Fjord AS"


def test_a_price_needs_its_currency(severa: Severa, project: dict[str, Any]) -> None:
    body = {"project": {"guid": project["guid"]}, "unitCost": {"amount": 5}}
    refused = severa.ask("POST", "/v1/projectfees", body)
    assert refused.json()["error"]["details"][0]["location"]["name"] == "unitCost.currencyCode"


def test_nothing_goes_on_a_closed_project_or_a_locked_phase(
    severa: Severa, project: dict[str, Any]
) -> None:
    phase = f"/v1/phases/{project['rootPhase']['guid']}"
    severa.patch(phase, ("isLocked", True))
    for kind, body in bodies(project).items():
        assert severa.ask("POST", f"/v1/{kind}", body).status_code == 409
    severa.patch(phase, ("isLocked", False))
    severa.patch(f"/v1/projects/{project['guid']}", ("isClosed", True))
    for kind, body in bodies(project).items():
        assert severa.ask("POST", f"/v1/{kind}", body).status_code == 409


def test_an_invoice_takes_all_that_is_billable(severa: Severa, project: dict[str, Any]) -> None:
    made = invoice(severa, project, date="2026-11-30")
    rows = severa.get(f"/v1/invoices/{made['guid']}/invoicerows")
    assert [row["rowType"] for row in rows] == ["Hours", "ProjectFees", "TravelExpenses"]
    assert [row["code"] for row in rows] == [["20"], ["10"], []]
    # 7500 + 3 × 33.335 (half up: 100.01) + 35, and 25 % of 100.01.
    totals = [made[f"total{t}"]["amount"] for t in ("ExcludingTax", "Tax", "IncludingTax")]
    assert totals == [7635.01, 25.0, 7660.01]
    assert (made["number"], made["status"]["name"]) == (None, "Utkast")
    assert (made["dueDate"], made["yourReference"]) == ("2026-12-14", "PO 7")
    assert made["billingCustomer"]["number"] == 101


def test_rows_and_sources_name_each_other(severa: Severa, project: dict[str, Any]) -> None:
    made = invoice(severa, project)
    rows = severa.get(f"/v1/invoices/{made['guid']}/invoicerows")
    for kind, row in zip(KINDS, rows, strict=True):
        sources = severa.get(f"/v1/invoices/{made['guid']}/{kind}")
        assert [one["invoiceRowGuid"] for one in sources] == [row["guid"]]
        assert severa.get(f"/v1/invoicerows/{row['guid']}/{kind}") == sources
        assert severa.ask("DELETE", f"/v1/{kind}/{sources[0]['guid']}").status_code == 409
    assert severa.get(f"/v1/invoicerows/{rows[0]['guid']}") == rows[0]


def test_the_number_comes_with_the_status(severa: Severa, project: dict[str, Any]) -> None:
    made = invoice(severa, project)
    path = f"/v1/invoices/{made['guid']}"
    done = severa.patch(path, ("invoiceStatusGuid", guid("ready"))).json()[0]
    assert done["number"] >= 1 and done["referenceNumber"] == str(done["number"])
    assert severa.get("/v1/invoices", numbers=done["number"])[0]["guid"] == made["guid"]
    assert severa.get("/v1/invoices", invoiceStatusGuids=guid("ready"))
    refused = severa.patch(path, ("notes", "too late"))
    assert (refused.status_code, severa.ask("DELETE", path).status_code) == (409, 409)


def test_payment_stands_in_the_settings_too(severa: Severa, project: dict[str, Any]) -> None:
    made = invoice(severa, project)
    settings = severa.get(f"/v1/invoices/{made['guid']}/invoicesettings")
    done = severa.patch(f"/v1/invoicesettings/{settings['guid']}", ("paymentDate", "2026-12-01"))
    assert done.json()["paymentDate"] == "2026-12-01"
    assert severa.get(f"/v1/invoices/{made['guid']}")["paymentDate"] == "2026-12-01"


def test_an_edited_row_changes_the_totals(severa: Severa, project: dict[str, Any]) -> None:
    made = invoice(severa, project)
    row = severa.get(f"/v1/invoices/{made['guid']}/invoicerows")[0]
    severa.patch(f"/v1/invoicerows/{row['guid']}", ("quantity", 1))
    assert severa.get(f"/v1/invoices/{made['guid']}")["totalExcludingTax"]["amount"] == 1135.01


def test_a_deleted_draft_frees_its_sources(severa: Severa, project: dict[str, Any]) -> None:
    made = invoice(severa, project)
    assert severa.ask("DELETE", f"/v1/invoices/{made['guid']}").status_code == 204
    fees = severa.get(f"/v1/projects/{project['guid']}/projectfees", isBilled="false")
    assert [fee["invoiceRowGuid"] for fee in fees] == [None]
    assert invoice(severa, project)["totalExcludingTax"]["amount"] == 7635.01


@pytest.mark.parametrize("kind", KINDS)
def test_deletions_are_listed(severa: Severa, project: dict[str, Any], kind: str) -> None:
    source = severa.get(f"/v1/projects/{project['guid']}/{kind}")[0]
    assert severa.ask("DELETE", f"/v1/{kind}/{source['guid']}").status_code == 204
    gone = severa.get(f"/v1/deleted{kind}", rowCount=100)
    found = next(one for one in gone if one["guid"] == source["guid"])
    assert found["project"]["guid"] == project["guid"]
    later = severa.get(f"/v1/deleted{kind}", deletedSince="2999-01-01T00:00:00Z")
    assert later == []


def test_projects_of_several_customers_are_not_on_one_invoice(severa: Severa) -> None:
    owner = {"projectOwner": {"guid": guid("user")}, "name": "A"}
    made = [
        severa.post("/v1/projects", {**owner, "customer": {"guid": guid("customer", n)}})["guid"]
        for n in (1, 2)
    ]
    body = {"projects": [{"guid": one} for one in made]}
    assert len(severa.post("/v1/invoices", body)) == 2
    refused = severa.ask("POST", "/v1/invoices", {**body, "groupProjects": True})
    assert refused.status_code == 409
