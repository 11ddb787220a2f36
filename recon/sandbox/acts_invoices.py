"""What users of Severa do for invoices: register what is billable, draft, set a status, credit.

Prices are in the currency of the project unless another is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from recon.errors import Usage
from recon.sandbox import acts_severa
from recon.sandbox.world import World

Document = dict[str, Any]
TEXT = "Gjennomgang av løsning, oppfølging av avvik og møte med kunden om veien videre. "


@dataclass(frozen=True, slots=True)
class Entry:
    """What is registered on a project: so much of it, at a price, on a day, with a text.

    `article` is the guid of a work type, product or travel expense type; '' is the first one that
    is active. `vat` in per cent goes before the article's own (not for hours).
    """

    quantity: Decimal = Decimal(1)
    price: Decimal = Decimal(1000)
    article: str = ""
    text: str = ""
    day: str = ""
    vat: Decimal | None = None

    def values(self, currency: str) -> Document:
        """What all kinds of entries have in common, as the API takes it."""
        made = {
            "quantity": float(self.quantity),
            "unitPrice": {"amount": float(self.price), "currencyCode": currency},
            "description": self.text or None,
        }
        return made | ({"eventDate": self.day} if self.day else {})


USUAL = Entry()


def register_hours(world: World, project: str, entry: Entry = USUAL) -> str:
    """Hours of the project's owner on its root phase; their guid comes back."""
    found = world.severa.one("projects", project)
    work = entry.article or _first(world, "worktypes")
    body = {**entry.values(_currency(found)), **_place(found), "workType": {"guid": work}}
    return acts_severa.create(world, "workhours", {"eventDate": _today(world), **body})


def register_fee(world: World, project: str, entry: Entry = USUAL) -> str:
    """A fee of a project; its guid comes back."""
    found = world.severa.one("projects", project)
    article = entry.article or _first(world, "products")
    body = {
        "project": {"guid": project},
        "product": {"guid": article},
        "name": entry.text[:200] or None,
        **_rate(entry),
    }
    return acts_severa.create(world, "projectfees", {**entry.values(_currency(found)), **body})


def register_expense(world: World, project: str, entry: Entry = USUAL) -> str:
    """A travel expense of the project's owner; its guid comes back."""
    found = world.severa.one("projects", project)
    article = entry.article or _first(world, "travelexpensetypes")
    body = {
        "project": {"guid": project},
        "travelExpense": {"guid": article},
        **_place(found),
        **_rate(entry),
    }
    return acts_severa.create(
        world, "projecttravelexpenses", {**entry.values(_currency(found)), **body}
    )


def agree_flat_rate(world: World, project: str, price: Decimal) -> str:
    """A flat rate for the root phase of a project, due at once; its guid comes back."""
    found = world.severa.one("projects", project)
    body = {
        "phase": {"guid": found["rootPhase"]["guid"]},
        "billingSchedule": "Immediately",
        "price": {"amount": float(price), "currencyCode": _currency(found)},
    }
    return acts_severa.create(world, "flatrates", body)


def register_many(world: World, project: str, count: int) -> None:
    """So many hours on a project, all with a text of their own that is too long for one line."""
    for at in range(count):
        quantity = Decimal(1 + at % 30) / 4
        text = f"{at + 1}. {TEXT}{TEXT}".strip()
        register_hours(world, project, Entry(quantity, Decimal("1234.5678"), text=text))


def draft_invoice(world: World, projects: str | list[str], day: str = "") -> str:
    """An invoice of all that is billable on a project, or on several together; its guid."""
    guids = [projects] if isinstance(projects, str) else projects
    body = {"projects": [{"guid": guid} for guid in guids], "groupProjects": len(guids) > 1}
    return acts_severa.create(world, "invoices", {**body, **({"date": day} if day else {})})


def set_status(world: World, invoice: str, status: str) -> str:
    """Give an invoice another status, named by guid or name; the status's name comes back."""
    found = status_of(world, status)
    acts_severa.edit(world, "invoices", invoice, {"invoiceStatusGuid": found["guid"]})
    return str(found["name"])


def release(world: World, invoice: str) -> str:
    """Give an invoice the first status from which invoices transfer; its name comes back."""
    return set_status(world, invoice, world.profile.transfer.orders.take[0])


def credit(world: World, invoice: str) -> str:
    """Draft the credit note of an invoice; its guid comes back."""
    return str(world.severa.credit(invoice)["guid"])


def edit_row(world: World, row: str, values: Mapping[str, Any]) -> None:
    """Change properties of a row, such as quantity; refused while the status locks the invoice."""
    acts_severa.edit(world, "invoicerows", row, values)


def rows_of(world: World, invoice: str) -> list[Document]:
    """The rows of an invoice, in their order."""
    known = acts_severa.documents(world, "invoicerows")
    found = [row for row in known if row["invoiceGuid"] == invoice]
    return sorted(found, key=lambda row: int(row["sortOrder"]))


def set_currency(world: World, project: str, code: str) -> None:
    """Sell a project in another currency: that of its invoices from now on."""
    known = acts_severa.documents(world, "currencies")
    found = next((each for each in known if each["code"] == code), None)
    if found is None:
        raise _nothing(f"a currency {code}")
    acts_severa.edit(world, "projects", project, {"currency": {"guid": found["guid"]}})


def status_of(world: World, status: str) -> Document:
    """An invoice status by its guid or name; `Usage` where there is none."""
    for each in acts_severa.documents(world, "invoicestatuses"):
        if status.casefold() in (each["guid"].casefold(), each["name"].casefold()):
            return each
    raise _nothing(f"an invoice status {status!r}")


def _nothing(what: str) -> Usage:
    return Usage(
        f"There is not {what} here", where="Severa's sandbox", todo="Name one that is there"
    )


def _first(world: World, collection: str) -> str:
    known = [each for each in acts_severa.documents(world, collection) if each["isActive"]]
    if not known:
        raise _nothing(f"anything active in {collection}")
    return str(known[0]["guid"])


def _place(project: Document) -> Document:
    owner = {"guid": project["projectOwner"]["guid"]}
    return {"phase": {"guid": project["rootPhase"]["guid"]}, "user": owner}


def _currency(project: Document) -> str:
    return str((project.get("currency") or {}).get("code") or "NOK")


def _rate(entry: Entry) -> Document:
    return {} if entry.vat is None else {"vatRate": float(entry.vat)}


def _today(world: World) -> str:
    return world.profile.company.today().isoformat()
