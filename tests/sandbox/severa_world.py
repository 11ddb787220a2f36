"""A small organisation for the tests of the sandbox's Severa server, and a client for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from recon.sandbox import severa_server

CREDENTIALS = {"client_id": "tester", "client_secret": "not-a-real-secret"}
PLENTY = 1_000_000


def guid(word: str, number: int = 1) -> str:
    """A guid that can be read: the same for the same word and number."""
    head = "".join(f"{ord(letter) % 16:x}" for letter in word)[:8].ljust(8, "0")
    return f"{head}-0000-4000-8000-{number:012d}"


def documents() -> dict[str, list[dict[str, Any]]]:
    """Reference lists, three customers with addresses and contacts, and two projects."""
    nok = {"guid": guid("nok")}
    customers = [
        {"guid": guid("customer", n), "name": name, "number": 100 + n, "currency": nok}
        for n, name in ((1, "Fjord AS"), (2, "Bre AS"), (3, "Ås & Sønn"))
    ]
    return {
        "countries": [
            {"guid": guid("norway"), "name": "Norge", "englishName": "Norway", "code2": "NO"}
        ],
        "currencies": [
            {**nok, "code": "NOK", "name": "Kroner", "symbol": "kr", "rate": 1.0},
            {"guid": guid("eur"), "code": "EUR", "name": "Euro", "symbol": "€", "rate": 11.5},
        ],
        "languages": [{"guid": guid("norsk"), "name": "Norsk", "code": "nb"}],
        "vatrates": [{"guid": guid("vat", n), "percentage": float(n)} for n in (0, 15, 25)],
        "communicationtypes": [
            {"guid": guid("mail"), "name": "E-post", "type": "EmailAddress"},
            {"guid": guid("phone"), "name": "Telefon", "type": "Phone"},
        ],
        "salesstatustypes": [
            {"guid": guid("lead"), "name": "Tilbud", "salesState": "InProgress"},
            {"guid": guid("won"), "name": "Vunnet", "salesState": "Won"},
        ],
        "projectstatustypes": [{"guid": guid("ongoing"), "name": "Aktiv"}],
        "invoicestatuses": [
            {"guid": guid("draft"), "name": "Utkast", "isDefault": True},
            {"guid": guid("ready"), "name": "Klar", "hasInvoiceNumber": True, "isReadOnly": True},
        ],
        "businessunits": [{"guid": guid("unit"), "name": "Oslo", "companyGuid": guid("company")}],
        "users": [
            {
                "guid": guid("user"),
                "firstName": "Kari",
                "lastName": "Test",
                "code": "7",
                "businessUnit": {"guid": guid("unit")},
                "socialSecurityNumber": "01010112345",
                "bankAccountNumber": "12345678903",
                "birthDate": "2001-01-01T00:00:00Z",
            }
        ],
        "worktypes": [{"guid": guid("work"), "name": "Timer", "code": "20"}],
        "products": [{"guid": guid("product"), "name": "Vare", "code": "10", "type": "Materials"}],
        "travelexpensetypes": [
            {"guid": guid("travel", n), "name": f"Reise {n}", "expenseClass": "Mileage"}
            for n in range(1, 26)
        ],
        "customers": customers,
        "addresses": [
            {
                "guid": guid("address", n),
                "customer": {"guid": guid("customer", n)},
                "addressline": f"Gata {n}",
                "city": "Oslo",
                "country": {"guid": guid("norway")},
            }
            for n in (1, 2)
        ],
        "contactpersons": [
            {
                "guid": guid("contact"),
                "firstName": "Ola",
                "lastName": "Prøve",
                "customer": {"guid": guid("customer", 1)},
                "addressGuid": guid("address", 1),
                "dateOfBirth": "1980-02-03",
            }
        ],
        "contactcommunications": [
            {
                "guid": guid("communication"),
                "value": "ola@example.com",
                "isForbiddenToUse": False,
                "contact": {"guid": guid("contact")},
                "communicationType": {"guid": guid("mail")},
            }
        ],
        "projects": [
            {
                "guid": guid("project", n),
                "name": f"Prosjekt {n}",
                "number": n,
                "customer": {"guid": guid("customer", 1)},
                "projectOwner": {"guid": guid("user")},
                "currency": nok,
                "salesStatus": {"salesStatusTypeGuid": guid("lead")},
                "projectStatus": {"projectStatusTypeGuid": guid("ongoing")},
            }
            for n in (1, 2)
        ],
        "organizationdetails": [
            {
                "guid": guid("organisation"),
                "name": "Test AS",
                "activeCompanies": [{"guid": guid("company"), "name": "Test AS"}],
                "activeAddons": ["PublicRestApi"],
            }
        ],
        "guidconversions": [
            {"guid": guid("old"), "converted": guid("customer", 1)},
        ],
    }


@dataclass
class Severa:
    """A running sandbox server and a signed-in client."""

    directory: Path
    address: severa_server.Address
    http: httpx.Client

    @property
    def base(self) -> str:
        return self.address.base_url

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        """One call; `body` None sends none."""
        sent = {} if body is None else {"json": body}
        return self.http.request(method, self.base + path, params=query, **sent)

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a GET that succeeds."""
        return self._good(self.ask("GET", path, **query))

    def post(self, path: str, body: Any) -> Any:
        """The JSON of a POST that succeeds."""
        return self._good(self.ask("POST", path, body))

    def patch(self, path: str, *pairs: tuple[str, Any]) -> httpx.Response:
        """A patch of pairs of path and value."""
        body = [{"op": "Replace", "path": p, "value": v} for p, v in pairs]
        return self.ask("PATCH", path, body)

    def door(self, name: str, body: Any = None, method: str = "") -> Any:
        """The sandbox's own door: GET without a body, POST with one."""
        method = method or ("GET" if body is None else "POST")
        sent = {} if body is None else {"json": body}
        answer = self.http.request(method, f"{self.address.control_url}/{name}", **sent)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def switch(self, **switches: Any) -> None:
        """Set switches of the server."""
        self.door("switches", switches)

    def sign_in(self, scope: str = "") -> httpx.Response:
        """Fetch a token and use it from now on."""
        answer = self.http.post(self.base + "/v1/token", json={**CREDENTIALS, "scope": scope})
        if answer.is_success:
            token = answer.json()["access_token"]
            client = {"client_id": CREDENTIALS["client_id"]}
            self.http.headers.update({"Authorization": f"Bearer {token}", **client})
        return answer

    def breaches(self, *kinds: str) -> list[Any]:
        """The breaches of the contract of these kinds that the server noted."""
        return [v for v in self.door("log")["violations"] if v["kind"] in kinds]

    def _good(self, answer: httpx.Response) -> Any:
        assert answer.is_success, f"{answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


@contextmanager
def serving(
    directory: Path, seed: dict[str, list[dict[str, Any]]] | None = None
) -> Iterator[Severa]:
    """A server of its own process for a new organisation, ended afterwards."""
    severa_server.create(directory, documents() if seed is None else seed, CREDENTIALS)
    address = severa_server.attach(directory, quota=PLENTY)
    with httpx.Client(timeout=20.0, trust_env=False) as client:
        severa = Severa(directory, address, client)
        assert severa.sign_in().status_code == 200
        try:
            yield severa
        finally:
            severa_server.release(directory)


def fresh(severa: Severa) -> Severa:
    """The same server as if it had just been started: switches, faults and log as at first."""
    severa.door("faults", method="DELETE")
    severa.switch(**DEFAULTS)
    severa.door("log", method="DELETE")
    severa.sign_in()
    return severa


DEFAULTS: dict[str, Any] = {
    "strict_patch": False,
    "patch_any_case": False,
    "read_only": "refuse",
    "ignore_filters": [],
    "status_moves_changed": False,
    "renumber_on_post": False,
    "quota": PLENTY,
    "other_clients": 0,
    "retry_after": None,
    "latency_ms": [0, 0],
    "seed": 0,
    "token_life_s": 3600,
    "repeat_page_token": False,
    "page_max": 1000,
    "newest_first": False,
    "missing_scopes": [],
    "strict_scopes": False,
    "clock_offset_s": 0,
    "guid_seed": None,
}
