"""Cut the part that recon uses out of a full OpenAPI file of Severa's REST API.

    python scripts/make_contract.py OPENAPI.json

writes recon/sandbox/contract/severa.json (shipped) and tests/contract/severa.json (the same).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGETS = (
    ROOT / "recon" / "sandbox" / "contract" / "severa.json",
    ROOT / "tests" / "contract" / "severa.json",
)

READ = "get"
KEPT = "get patch"
ALL = "get post patch"
USERS_TOO = "get post patch delete"

# Path → methods. DELETE is never used by the product: it is what a user of Severa can do.
USED: dict[str, str] = {
    "/heartbeat/server": READ,
    "/heartbeat/database": READ,
    "/heartbeat/authorized": READ,
    "/v1/token": "post",
    "/v1/refreshtoken": "post",
    "/v1/signout": "post",
    "/v1/organizationdetails": KEPT,
    "/v1/guids/convert": "post",
    "/v1/guids/convert/{guid}": READ,
    "/v1/customers/{customerGuid}/addresses": "get post",
    "/v1/customers/{customerGuid}/contactpersons": READ,
    "/v1/customers/{customerGuid}/projects": READ,
    "/v1/contactpersons/{contactGuid}/addresses": READ,
    "/v1/contacts/{contactGuid}/contactcommunications": READ,
    "/v1/localization/countries": READ,
    "/v1/localization/countries/{guid}": READ,
    "/v1/localization/languages": READ,
    "/v1/localization/languages/{guid}": READ,
    "/v1/localization/timezones": READ,
    "/v1/localization/timezones/{guid}": READ,
    "/v1/localization/formattingcultures": READ,
    "/v1/localization/formattingcultures/{guid}": READ,
    "/v1/projects/{guid}/phaseswithhierarchy": READ,
    "/v1/projects/{projectGuid}/projectbillingcustomers": READ,
    "/v1/projects/{projectGuid}/projectfees": READ,
    "/v1/projects/{projectGuid}/workhours": READ,
    "/v1/projects/{projectGuid}/projecttravelexpenses": READ,
    "/v1/projects/{projectGuid}/flatrates": READ,
    "/v1/users/{userGuid}/projectfees": READ,
    "/v1/users/{userGuid}/workhours": READ,
    "/v1/users/{userGuid}/projecttravelexpenses": READ,
    "/v1/invoices/{invoiceGuid}/invoicerows": READ,
    "/v1/invoices/{invoiceGuid}/invoicesettings": READ,
    "/v1/invoices/{invoiceGuid}/projectfees": READ,
    "/v1/invoices/{invoiceGuid}/workhours": READ,
    "/v1/invoices/{invoiceGuid}/projecttravelexpenses": READ,
    "/v1/invoicerows/{invoiceRowGuid}/projectfees": READ,
    "/v1/invoicerows/{invoiceRowGuid}/workhours": READ,
    "/v1/invoicerows/{invoiceRowGuid}/projecttravelexpenses": READ,
    "/v1/invoicesettings/{guid}": "patch",
    "/v1/deletedprojectfees": READ,
    "/v1/deletedworkhours": READ,
    "/v1/deletedprojecttravelexpenses": READ,
}

# A list and its records: /v1/NAME and /v1/NAME/{guid}, with the methods that both paths have.
COLLECTIONS: dict[str, str] = {
    "addresses": USERS_TOO,
    "businessunits": ALL,
    "communicationtypes": ALL,
    "contactcommunications": USERS_TOO,
    "contactpersons": USERS_TOO,
    "contactroles": ALL,
    "costaccounts": ALL,
    "costcenters": ALL,
    "currencies": READ,
    "customers": USERS_TOO,
    "flatrates": USERS_TOO,
    "industries": ALL,
    "invoicerows": USERS_TOO,
    "invoices": USERS_TOO,
    "invoicestatuses": ALL,
    "invoicetemplates": READ,
    "leadsources": ALL,
    "overtimes": ALL,
    "permissionprofiles": READ,
    "phases": USERS_TOO,
    "phasestatustypes": ALL,
    "pricelists": READ,
    "productcategories": ALL,
    "products": ALL,
    "projectbillingcustomers": USERS_TOO,
    "projectfees": USERS_TOO,
    "projects": USERS_TOO,
    "projectstatustypes": ALL,
    "projecttravelexpenses": USERS_TOO,
    "roles": ALL,
    "salesaccounts": ALL,
    "salesstatustypes": ALL,
    "travelexpensetypes": ALL,
    "users": ALL,
    "vatrates": ALL,
    "workhours": USERS_TOO,
    "worktypes": ALL,
}

# Parameters whose form on the wire is not stated (lists of pairs): nothing may rest on them.
UNCLEAR = frozenset({"sortings", "searchCriterias"})


def used(document: dict[str, Any]) -> dict[str, Any]:
    """The used part of an OpenAPI document; a used operation that is not there is an error."""
    paths = {path: methods.split() for path, methods in USED.items()}
    for name, methods in COLLECTIONS.items():
        for path in (f"/v1/{name}", f"/v1/{name}/{{guid}}"):
            there = [m for m in methods.split() if m in document["paths"].get(path, {})]
            if there:
                paths[path] = there
    cut = {
        path: {method: operation(document["paths"][path][method]) for method in methods}
        for path, methods in sorted(paths.items())
    }
    return {
        "openapi": document["openapi"],
        "info": {"title": "The part of Severa's public REST API that recon uses", "version": "1.0"},
        "paths": cut,
        "components": {
            "schemas": schemas(cut, document["components"]["schemas"]),
            "securitySchemes": document["components"]["securitySchemes"],
        },
    }


def operation(whole: dict[str, Any]) -> dict[str, Any]:
    """One operation without the parameters that nothing may rest on."""
    kept = [p for p in whole.get("parameters", []) if p["name"] not in UNCLEAR]
    return {**whole, "parameters": kept} if kept else _without(whole, "parameters")


def schemas(root: object, known: dict[str, Any]) -> dict[str, Any]:
    """Every schema that `root` names, and those that these name."""
    found: dict[str, Any] = {}
    wanted = set(references(root))
    while wanted:
        name = wanted.pop()
        found[name] = known[name]
        wanted |= set(references(known[name])) - found.keys()
    return dict(sorted(found.items()))


def references(value: object) -> Iterator[str]:
    """The names of the schemas that a value refers to."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"].rsplit("/", 1)[-1]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def _without(whole: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in whole.items() if key != name}


def text(document: dict[str, Any]) -> str:
    """The used part as the text that stands in the files."""
    return json.dumps(used(document), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("openapi", type=Path)
    source = parser.parse_args().openapi
    cut = text(json.loads(source.read_text(encoding="utf-8")))
    for target in TARGETS:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(cut, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
