"""The settings that fit the seeded company, in the words of `recon.settings.Profile`."""

from __future__ import annotations

from typing import Any

from recon.sandbox import company_books
from recon.sandbox.company_cases import COMPANIES, OWN_NAME, TRANSFERRING
from recon.sandbox.company_project_rows import CUSTOMERS as CUSTOMER_PROJECTS
from recon.sandbox.company_project_rows import INTERNAL
from recon.sandbox.company_project_rows import TRANSFERRING as TRANSFERRING_PROJECTS
from recon.sandbox.company_reference import COUNTRY_NO, Reference
from recon.sandbox.company_staff import Staff

SCHEMA = "ProvefjordAS"
DATABASE = "global.db"
SECRETS = "secrets"
# The articles of rows whose code leads to none, by the kind of the row.
ARTICLES = {
    "Hours": "4000",
    "ProjectFees": "1000",
    "TravelExpenses": "3000",
    "FlatRate": "4010",
}


def settings(reference: Reference, staff: Staff, base: int) -> dict[str, Any]:
    """Nested tables as `recon.settings.dump` writes them; secrets are references to files.

    Customers (with addresses and contacts) and projects follow Severa, all else Global.
    """
    return {
        "company": {
            "name": OWN_NAME,
            "timezone": "Europe/Oslo",
            "currency": "NOK",
            "country": "NO",
            "sandbox": True,
        },
        "global": {
            "url": f"sqlite:///{DATABASE}",
            "schema": SCHEMA,
            "user_no": 1,
            "numbers": _numbers(base),
            "books": company_books.books(),
        },
        "severa": _severa(reference, staff),
        "master": {
            "default": "global",
            "entity": dict.fromkeys(("customer", "address", "contact", "project"), "severa"),
            "field": {"employee.title": "severa"},
        },
        "transfer": _transfer(reference),
    }


def _transfer(reference: Reference) -> dict[str, Any]:
    return {
        "customer_types": list(TRANSFERRING),
        "article_types": [2, 3, 4],
        "article_kinds": {"3": "travel_expense_type", "4": "work_type"},
        "posting_templates": {"0": 4, "12": 3, "15": 2},
        "project_types": [TRANSFERRING_PROJECTS],
        "internal_category": INTERNAL,
        "won_statuses": reference.won(),
        "new_customers": {
            "CustomerTypeNo": COMPANIES,
            "CustomerGrpNo": 10,
            "CustomerProfileNo": 1,
            "TermsOfPayCustNo": 5,
        },
        "new_employees": {"CountryNo": COUNTRY_NO["NO"]},
        "new_articles": {"ArtTypeNo": 2, "PostingTemplateNo": 1},
        "new_projects": {
            "ProjectType": TRANSFERRING_PROJECTS,
            "ProjectCategoryNo": CUSTOMER_PROJECTS,
            "InvoiceableYesNo": 1,
        },
        "orders": company_books.orders(reference, ARTICLES),
        "costs": company_books.costs(),
    }


def _numbers(base: int) -> dict[str, dict[str, Any]]:
    """Severa numbers customers, departments, employees, articles and projects; contacts and
    addresses are counted in
    Global."""
    counted = {"policy": "range", "range": [1, 9_999_999]}
    return {
        "customer": {"policy": "severa", "severa": [base * 5, base * 10 - 1]},
        "department": {"policy": "severa", "severa": [500, 599]},
        "employee": {"policy": "severa", "severa": [900, 999]},
        "article": {"policy": "severa", "severa": [1900, 1999]},
        "project": {"policy": "severa", "severa": [base * 5, base * 10 - 1]},
        "contact": dict(counted),
        "invoice_address": dict(counted),
        "delivery_address": dict(counted),
    }


def _severa(reference: Reference, staff: Staff) -> dict[str, Any]:
    guids = reference.guids
    return {
        "base_url": "sandbox:",
        "company": OWN_NAME,
        "client_id": f"file:{SECRETS}/severa_client_id",
        "client_secret": f"file:{SECRETS}/severa_client_secret",
        "quota": 10,
        "settle_delay_s": 1,
        "defaults": {
            "parent_business_unit": staff.root,
            "project_owner": staff.user_guid(0),
            "currency": reference.currencies["NOK"]["guid"],
            "user_type": "Employee",
            "permission_profile": guids.new("permissionprofile/Medarbeider"),
            "won_status": reference.won()[0],
            "expense_class": "OtherTravelExpense",
        },
    }
