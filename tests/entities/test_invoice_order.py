"""What becomes an order, line by line, and what is held back instead: each fault its sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from recon.entities.customer import ENTITY as CUSTOMER
from recon.entities.invoice import ENTITY, order
from recon.entities.project import ENTITY as PROJECT
from recon.settings import Profile
from recon.shapes import Record, Side, Value
from recon.spec import Context, RowInsert

ORDERS = {"take": ["ready"], "taken": "taken", "articles": {"Hours": "100", "FlatRate": "300"}}
GUIDS = {"ready": "s-ready", "taken": "s-taken"}


@dataclass
class Lists:
    """Both systems' named lists, by what a test says."""

    currencies: Mapping[str, int] = field(default_factory=lambda: {"NOK": 578, "EUR": 978})
    units: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=lambda: {"1": "25", "2": "0"})
    profiles: Mapping[int, str] = field(default_factory=dict)
    digits: str = "2"

    def to_global(self, kind: str, value: Value) -> Any:
        return self.currencies.get(str(value)) if kind == "currency" else None

    def to_severa(self, kind: str, value: Value) -> str | None:
        return GUIDS.get(str(value)) if kind == "invoice_status" else None

    def from_global(self, kind: str, key: Any) -> Value:
        if kind == "profile_tax_class":
            return self.profiles.get(key)
        if kind == "currency_unit":
            return self.units.get(key)
        return {"template_tax_class": "1", "currency_digits": self.digits}.get(kind)

    def from_severa(self, kind: str, guid: str | None) -> Value:
        return None

    def tax_rate(self, tax_class: int, day: date) -> str | None:
        return self.classes.get(str(tax_class))

    def exchange_rate(self, currency: str, day: date) -> Decimal | None:
        return None


def row(**more: Any) -> dict[str, Any]:
    price = {"amount": 1000.0, "currencyCode": "NOK"}
    usual = {"guid": "r1", "rowType": "Hours", "description": "Work", "vatRate": 25.0}
    return {**usual, "quantity": 2.0, "unitPrice": price, **more}


@dataclass
class Case:
    """An invoice of one row and all that it leads to; a test changes what it is about."""

    fields: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    customer: dict[str, Any] = field(default_factory=dict)
    project: dict[str, Any] = field(default_factory=dict)
    article: dict[str, Any] = field(default_factory=dict)
    article_attributes: dict[str, Any] = field(default_factory=dict)
    lists: Lists = field(default_factory=Lists)
    orders: dict[str, Any] = field(default_factory=dict)
    linked: set[str] = field(default_factory=lambda: {"c-1", "p-1", "p-2", "u-1"})

    @property
    def invoice(self) -> Record:
        usual = {"customer": "c-1", "project": "p-1", "date": date(2026, 5, 4), "currency": "NOK"}
        totals = {"name": "Invoice 7", "total": Decimal(2000), "vat": Decimal(500)}
        told = {
            "status": "s-ready", "projects": ("p-1",), "rows": [row()], "tax": Decimal(500),
            "rate": Decimal(1), "sources": {}, "credits": {}, "address": {}, "credit": False,
            "texts": dict.fromkeys(
                ("ourReference", "yourReference", "orderNumber", "receiverCustomerName")),
        }  # fmt: skip
        fields = {**usual, **totals, **self.fields}
        return Record("invoice", "severa", "i-1", fields, attributes={**told, **self.attributes})

    @property
    def context(self) -> Context:
        profile = Profile.model_validate({
            "company": {"name": "P"}, "global": {}, "severa": {},
            "transfer": {"invoices_from": date(2026, 1, 1), "orders": {**ORDERS, **self.orders}},
        })  # fmt: skip
        return Context(profile, self.lists, self._records, self._partner)

    def _records(self, entity: str, side: Side) -> Mapping[str, Record]:
        if side == "severa":
            return {}
        if entity == "customer":
            return {"1": Record("customer", "global", "1", {"name": "K"}, number="1",
                                attributes=self.customer)}  # fmt: skip
        if entity == "project":
            fields: dict[str, Any] = {
                "name": "Bro",
                "department": "10",
                "manager": "20",
                "closed": False,
            }
            other: dict[str, Any] = {
                "name": "Vei",
                "department": "11",
                "manager": "21",
                "closed": False,
            }
            one = Record("project", "global", "1", {**fields, **self.project}, number="1")
            return {"1": one, "2": Record("project", "global", "2", other, number="2")}
        told = {"posting_template": 1, **self.article_attributes}
        shown: dict[str, Any] = {"active": True, **self.article}
        return {number: Record("product", "global", number, shown, number=number, attributes=told)
                for number in ("100", "300")}  # fmt: skip

    def _partner(self, _entity: str, _side: Side, key: str) -> str | None:
        return key.partition("-")[2] if key in self.linked else None


def held(case: Case) -> str:
    """The sentence with which an invoice is held."""
    scope = ENTITY.creatable(case.invoice, case.context)
    assert scope is not None and scope.state == "held", scope
    return scope.reason


def made(case: Case) -> list[RowInsert]:
    assert ENTITY.creatable(case.invoice, case.context) is None
    return list(order.compose(case.invoice, case.context))


def _rows(*rows_: dict[str, Any], total: str = "2000", tax: str = "500") -> Callable[[Case], None]:
    def change(case: Case) -> None:
        case.fields = {"total": Decimal(total)}
        case.attributes = {"rows": list(rows_), "tax": Decimal(tax)}

    return change


def _export(case: Case) -> None:
    case.customer, case.lists = {"profile_no": 5}, Lists(profiles={5: "2"})


FAULTS: list[tuple[str, Callable[[Case], Any], str]] = [
    ("no customer", lambda c: c.fields.update(customer=None), "it has no customer"),
    ("merged", lambda c: c.customer.update(merged_to="9"), "K (1) was merged into customer 9"),
    ("locked", lambda c: c.customer.update(locked=True), "K (1) is locked in Visma Global"),
    ("credit", lambda c: c.customer.update(credit_blocked=True), "credit is blocked"),
    ("closed project", lambda c: c.project.update(closed=True), "Bro (1) is closed"),
    ("inactive article", lambda c: c.article.update(active=False), "is inactive in Visma Global"),
    ("merged article", lambda c: c.article_attributes.update(merged_to="2"), "was merged into"),
    ("stock article", lambda c: c.article_attributes.update(stock=True), "is a stock article"),
    ("no template", lambda c: c.article_attributes.update(posting_template=None),
     "has no posting template with a tax class"),
    ("no VAT rate", lambda c: setattr(c, "lists", Lists(classes={})), "has no VAT rate for tax"),
    ("other VAT rate", _rows(row(vatRate=12.0), tax="240"), "has 12 % VAT in Severa"),
    ("export", _export, "charges 0 % (by the customer's profile 5)"),
    ("no rate", lambda c: (c.fields.update(currency="EUR"), c.attributes.update(
        rate=None, rows=[row(unitPrice={"amount": 1000.0, "currencyCode": "EUR"})])),
     "is in EUR and has no exchange rate"),
    ("unknown currency", lambda c: c.fields.update(currency="XXX"), "has no currency XXX"),
    ("total", _rows(row(), total="2000.01"), "The rows come to 2000.00, but the invoice's total"),
    ("VAT total", _rows(row(), tax="500.01"), "VAT comes to 500.00, but the invoice's VAT is"),
    ("no price", _rows(row(unitPrice=None)), "Row 1 (Work) has no price. Set its unit price"),
    ("other currency", _rows(row(unitPrice={"amount": 1.0, "currencyCode": "EUR"})),
     "has a price in EUR on an invoice in NOK"),
    ("no rows", _rows(total="0", tax="0"), "The invoice has no rows"),
    ("no article", _rows(row(rowType="TravelExpenses")), "there is no default for TravelExpenses"),
    ("wrong default", lambda c: c.orders.update(articles={"Hours": "999"}), "has no article 999"),
    ("unknown status", lambda c: c.orders.update(taken="gone"), "the invoice status gone, which"),
    ("no date", lambda c: c.fields.update(date=None), "The invoice has no date"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_is_held_with_its_sentence(change: Callable[[Case], Any], words: str) -> None:
    case = Case()
    change(case)
    said = held(case)
    assert words in said
    assert said[0].isupper() or said.startswith(("it ", "the "))


def test_the_same_invoice_without_fault_becomes_an_order() -> None:
    header, line = made(Case())
    assert (header.table, line.table) == ("CustomerOrder", "CustomerOrderLine")
    assert (header.values["TotalAmount"], header.values["TotalVAT"]) == (2000, 500)
    assert (line.values["ArticleNo"], line.values["Amount"]) == ("100", 2000)


@pytest.mark.parametrize("unlinked", ["c-1", "p-1"])
def test_an_invoice_whose_customer_or_project_is_not_linked_is_left_to_wait(unlinked: str) -> None:
    """The engine lets what refers to an unlinked record wait for it, by name."""
    case = Case()
    case.linked.discard(unlinked)
    assert ENTITY.creatable(case.invoice, case.context) is None
    wanted = {f.refers for f in ENTITY.fields if f.required}
    assert wanted == {"customer", "project"}


def test_an_invoice_whose_row_is_of_a_project_that_is_not_linked_is_held() -> None:
    """Its line would be booked on no project at all."""
    case = Case()
    hours = [{"invoiceRowGuid": "r1", "project": {"guid": "p-9"}, "user": {"guid": "u-1"}}]
    case.attributes = {"projects": ("p-1", "p-9"), "sources": {"workhours": hours}}
    assert "The project p-9 is not linked to one in Visma Global" in held(case)


def test_a_new_invoice_draws_the_projects_of_its_hours() -> None:
    """Their department, manager and whether they are closed must be known in a narrow sync."""
    case = Case()
    case.attributes = {"sources": {"workhours": [{"project": {"guid": "p-2"}}]}}
    assert ENTITY.draws is not None
    drawn = set(ENTITY.draws(case.invoice, case.context))
    assert {("project", "severa", "p-1"), ("project", "severa", "p-2")} <= drawn


def test_an_invoice_of_no_project_is_held_where_several_companies_share_severa() -> None:
    """Each company's Visma Global would make an order of it."""
    case = Case(attributes={"projects": ()}, fields={"project": None})
    assert ENTITY.creatable(case.invoice, case.context) is None
    shared = case.context
    severa = shared.profile.severa.model_copy(update={"company": "Nord AS"})
    profile = shared.profile.model_copy(update={"severa": severa})
    scope = ENTITY.creatable(case.invoice, replace(shared, profile=profile, memo={}))
    assert scope is not None and (scope.state, "no project" in scope.reason) == ("held", True)


def test_without_a_cut_off_date_invoices_do_not_run() -> None:
    nothing = Profile.model_validate({"company": {"name": "P"}, "global": {}, "severa": {}})
    assert "there is no cut-off date" in ENTITY.idle(nothing)
    assert "invoices_from" in ENTITY.idle(nothing)


def test_a_negative_quantity_is_a_line_that_takes_back() -> None:
    case = Case()
    _rows(row(), row(guid="r2", quantity=-0.5), total="1500", tax="375")(case)
    _, first, second = made(case)
    assert [first.values["Amount"], second.values["Amount"]] == [2000, -500]
    assert second.values["Quantity"] == Decimal("-0.5")


def test_a_flat_rate_takes_its_default_article() -> None:
    case = Case()
    _rows(row(rowType="FlatRate", quantity=1.0), total="1000", tax="250")(case)
    _, line = made(case)
    assert line.values["ArticleNo"] == "300"


def test_a_rate_for_a_hundred_units_is_written_for_a_hundred() -> None:
    case = Case(lists=Lists(currencies={"NOK": 578, "SEK": 752}, units={"SEK": "100"}))
    case.fields = {"currency": "SEK"}
    price = {"amount": 1000.0, "currencyCode": "SEK"}
    case.attributes = {"rate": Decimal("0.9876"), "rows": [row(unitPrice=price)]}
    header, line = made(case)
    assert header.values["ExchangeRate"] == Decimal("98.76")
    assert (header.values["ExchangeAmount"], header.values["TotalAmount"]) == (
        2000,
        Decimal("1975.20"),
    )
    assert (line.values["ExchangeSalesPrice"], line.values["Amount"]) == (1000, Decimal("1975.20"))


@pytest.mark.parametrize(("code", "amounts"), [("NOK", ["10.40", "10.60"]), ("JPY", ["10", "11"])])
def test_no_digits_in_global_are_those_that_the_currency_has(code: str, amounts: list[str]) -> None:
    """0 is Global's "nothing said", too: lines of whole kroner would come to the same total."""
    case = Case(lists=Lists(currencies={"NOK": 578, "JPY": 392}, digits="0"))
    prices = [{"amount": amount, "currencyCode": code} for amount in (10.4, 10.6)]
    several = [row(guid=str(p["amount"]), quantity=1.0, unitPrice=p) for p in prices]
    _rows(*several, total="21", tax="5.25" if code == "NOK" else "5")(case)
    case.fields |= {"currency": code}
    _, *lines = made(case)
    assert [str(line.values["ExchangeAmount"]) for line in lines] == amounts


def test_each_row_books_where_its_hours_were_worked_on_an_invoice_over_two_projects() -> None:
    case = Case()
    _rows(row(), row(guid="r2"), row(guid="r3"), total="6000", tax="1500")(case)
    hours = [
        {"invoiceRowGuid": "r2", "project": {"guid": "p-2"}, "user": {"guid": "u-1"}},
        {"invoiceRowGuid": "r3", "project": {"guid": "p-1"}, "user": {"guid": "u-1"}},
        {"invoiceRowGuid": "r3", "project": {"guid": "p-2"}, "user": {"guid": "u-1"}},
    ]
    case.attributes |= {"projects": ("p-1", "p-2"), "sources": {"workhours": hours}}
    header, *lines = made(case)
    found = [[line.values[n] for n in ("ProjectNo", "DepNo", "EmployeeNo")] for line in lines]
    assert found == [[1, 10, 20], [2, 11, 1], [1, 10, 20]], "mixed rows take the header's"
    assert header.values["ProjectNo"] == 1


def test_a_small_difference_gets_a_line_of_its_own_where_the_profile_allows_it() -> None:
    case = Case(orders={"rounding": 1, "rounding_article": "300"})
    _rows(row(), total="2000.01")(case)
    header, _, line = made(case)
    assert (line.values["Name"], line.values["Amount"]) == ("Rounding", Decimal("0.01"))
    assert header.values["TotalAmount"] == Decimal("2000.01")


@pytest.mark.parametrize(
    ("waits", "ours", "transfers"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_customer_and_project_of_an_invoice_that_is_to_transfer_transfer_for_its_sake(
    waits: bool, ours: bool, transfers: bool
) -> None:
    """Neither is active and won; what an open document needs is created all the same."""
    customer = Record("customer", "severa", "c-9", {"active": False})
    project = Record("project", "severa", "p-9", {"closed": True}, attributes={
        "ours": ours, "won": False, "customer": "c-9", "billing_customers": ()})  # fmt: skip
    invoice = Record("invoice", "severa", "i-9", {"customer": "c-9"}, attributes={
        "projects": ("p-9",), "waits": waits})  # fmt: skip
    known = {one.entity: {one.key: one} for one in (customer, project, invoice)}
    ctx = Context(Case().context.profile, Lists(), lambda entity, _side: known.get(entity, {}))
    found = [CUSTOMER.creatable(customer, ctx), PROJECT.creatable(project, ctx)]
    held = [scope for scope in found if scope and scope.state == "out of scope"]
    assert (held == []) is transfers
