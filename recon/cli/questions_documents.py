"""The questions about documents: which invoices become orders, which ledger lines become costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from recon.cli.dialogue import Choice
from recon.cli.questions import Answers, Question, ends, text, whole, yes_or_no

BOOKS, ORDERS, COSTS = "global.books", "transfer.orders", "transfer.costs"
ARTICLE = (
    "The article of a row whose code leads to no linked article. Empty: an invoice with such a row "
    "is held, and says so."
)


def day(answer: str) -> date | None:
    """A day written as in 2026-01-31, or nothing."""
    try:
        return date.fromisoformat(answer) if answer else None
    except ValueError:
        raise ValueError("Write the day as in 2026-01-31") from None


def ranges(answer: str) -> list[list[int]] | None:
    """Ranges of accounts, written as in 4000-4999, 6000-7999, or nothing."""
    found = [ends(part.strip()) for part in answer.split(",")] if answer else []
    return [one for one in found if one] or None


def percentage(answer: str) -> str | None:
    """A percentage, with a point or a comma, or nothing."""
    try:
        return str(Decimal(answer.replace(",", "."))) if answer else None
    except InvalidOperation:
        raise ValueError("Write a number, such as 10 or 7,5") from None


def _invoices(answers: Answers) -> bool:
    return bool(answers.get("transfer", {}).get("invoices_from"))


def _suppliers(answers: Answers) -> bool:
    return bool(answers.get("global", {}).get("books", {}).get("suppliers"))


def _status(name: str, title: str, why: str, meaning: str) -> Question:
    """A status that is set in Severa; the one that means it there is proposed."""
    return Question(
        f"{ORDERS}.{name}",
        title,
        why,
        take=text,
        offer=lambda offers: offers.invoice_statuses(),
        propose=lambda choices: _meaning(choices, meaning),
        when=_invoices,
    )


def _meaning(choices: Sequence[Choice], meaning: str) -> str:
    return next((c.mark for c in choices if meaning and c.label.endswith(f"{meaning})")), "")


def _vouchers(name: str, title: str, why: str, when: Callable[[Answers], bool]) -> Question:
    return Question(
        f"{BOOKS}.{name}",
        title,
        why,
        take=whole,
        offer=lambda offers: offers.voucher_types(),
        several=True,
        when=when,
    )


def _article(kind: str, title: str) -> Question:
    return Question(f"{ORDERS}.articles.{kind}", title, ARTICLE, take=text, when=_invoices)


INVOICES = (
    Question(
        "transfer.invoices_from",
        "Invoices from this day on",
        "Severa's invoices dated from this day on become orders in Global. Empty: none do, and you "
        "may ask again later.",
        take=day,
    ),
    Question(
        f"{ORDERS}.take",
        "Statuses from which invoices transfer",
        "An invoice in one of these becomes an order with the next sync.",
        take=text,
        offer=lambda offers: offers.invoice_statuses(),
        several=True,
        needed=True,
        when=_invoices,
    ),
    _status(
        "taken",
        "Status of transferred invoices",
        "Set as soon as the order stands in Global. '-': the status stays as it is.",
        "",
    ),
    _status("sent", "Status of sent invoices", "Set once Global has invoiced the order.", "sent"),
    _status("paid", "Status of paid invoices", "Set once the ledger shows it paid.", "paid"),
    Question(
        f"{ORDERS}.status",
        "Order status of new orders",
        "The number that stands in OrderStatus of an open order that somebody made by hand; it "
        "differs from one Visma Global to the next.",
        "10050",
        whole,
        when=_invoices,
    ),
    _article("Hours", "Article of hours"),
    _article("ProjectFees", "Article of fees"),
    _article("TravelExpenses", "Article of travel expenses"),
    _article("FlatRate", "Article of flat rates"),
    _vouchers(
        "sales",
        "Voucher types of sales invoices",
        "By these the customer ledger's rows of our invoices are found.",
        _invoices,
    ),
    _vouchers(
        "credits",
        "Voucher types of credit notes",
        "An invoice that is closed by one of these is not paid.",
        _invoices,
    ),
    _vouchers(
        "payments",
        "Voucher types of payments",
        "Only what these alone have closed counts as paid.",
        _invoices,
    ),
)
SUPPLIERS = (
    _vouchers(
        "suppliers",
        "Voucher types of suppliers' invoices",
        "Ledger lines of these become costs on Severa's projects. '-': none do, and you may ask "
        "again later.",
        lambda _: True,
    ),
    Question(
        f"{BOOKS}.cost_accounts",
        "Cost accounts",
        "Only lines on these accounts transfer; never VAT, payables or payments.",
        "4000-7999",
        ranges,
        when=_suppliers,
    ),
    Question(
        "transfer.costs_from",
        "Supplier costs from this day on",
        "Lines dated and entered from this day on transfer.",
        take=day,
        when=_suppliers,
    ),
    Question(
        f"{COSTS}.billable",
        "Are costs billable",
        "What holds for most; projects, suppliers and accounts may have rules of their own (see "
        "docs/supplier_costs.md).",
        "no",
        yes_or_no,
        when=_suppliers,
    ),
    Question(
        f"{COSTS}.percentage",
        "Percentage on top of a cost",
        "A billable cost's price is the cost and this much more.",
        "0",
        percentage,
        when=_suppliers,
    ),
)
DOCUMENTS: Sequence[Question] = (*INVOICES, *SUPPLIERS)
