"""The steps of one invoice, how it stands, and what is expected next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from recon import money
from recon.entities import rows
from recon.entities.invoice.progress import NULLIFIED, Progress, progress
from recon.settings import Profile
from recon.settings_documents import Books
from recon.trace import remembered
from recon.trace.invoices import ENTITY, Found
from recon.trace.shapes import Step, Trace, ordered

STAGES = ("taken", "sent", "paid")


def trace(found: Found, profile: Profile) -> Trace:
    """An invoice's way through both systems."""
    how = progress(found.order, profile.global_.books) if found.ordered else None
    standing = found.kept.standing
    return Trace(
        ENTITY,
        found.guid,
        _title(found),
        _severa(found),
        _numbers(found),
        _party(found),
        _stands(found, how),
        expected(found, how, profile),
        ordered(list(_steps(found, profile))),
        str(standing["detail"]) if standing else "",
        str(standing["since"]) if standing else "",
        found.kept.runs,
    )


def _document(found: Found) -> Mapping[str, Any]:
    return found.document or {}


def _title(found: Found) -> str:
    kind = "Credit note" if rows.flag(_document(found), "isCreditNote") else "Invoice"
    return f"{kind} {_severa(found)}"


def _severa(found: Found) -> str:
    if found.document is None:
        return "(not in Severa)"
    number = rows.whole(found.document, "number")
    return str(number) if number else f"of {rows.day(found.document, 'date')}, without number"


def _numbers(found: Found) -> str:
    """The order, and the legal invoices with what they are paid by."""
    names = [f"order {_order_no(found)}"] if found.ordered else []
    numbers = (rows.reference(row, "InvoiceNo") for row in found.order.live)
    names += [f"invoice {number}" for number in numbers if number]
    return ", ".join(dict.fromkeys(names)) or "(not in Visma Global)"


def _order_no(found: Found) -> str:
    if found.order.order is not None:
        return rows.string(found.order.order, "OrderNo") or ""
    row = found.order.copies[0]
    return rows.string(row, "OriginalOrderNo") or rows.string(row, "OrderCopyNo") or ""


def _party(found: Found) -> str:
    document = _document(found)
    names = (rows.string(rows.sub(document, n), "name") for n in ("billingCustomer", "customer"))
    return next(filter(None, names), "")


def _stands(found: Found, how: Progress | None) -> str:
    """Both sides in a sentence."""
    status = rows.string(rows.sub(_document(found), "status"), "name")
    here = f"Severa: {status}" if status else "Severa: not there any more"
    return f"{here}; Visma Global: {how.words if how else 'no order'}"


# --- steps ----------------------------------------------------------------------------------------


def _steps(found: Found, profile: Profile) -> Iterable[Step]:
    yield from _drafted(found)
    yield from remembered.steps(found.kept, "order")
    currency = _currency(found, profile)
    yield from _orders(found, currency)
    yield from _ledger(found, profile)


def _currency(found: Found, profile: Profile) -> str:
    own = rows.string(rows.sub(_document(found), "currency"), "code")
    return own or profile.company.currency


def _drafted(found: Found) -> Iterable[Step]:
    document = _document(found)
    if not document:
        return
    totals = rows.sub(document, "totalExcludingTax"), rows.sub(document, "totalTax")
    net, vat = (rows.number(total, "amount") for total in totals)
    currency = rows.string(totals[0], "currencyCode") or rows.string(
        rows.sub(document, "currency"), "code"
    )
    many = "" if found.lines is None else f", rows: {found.lines}"
    dated = f"drafted, dated {rows.day(document, 'date')}{many}, VAT {_plain(vat)}"
    begun = str(document.get("createdDateTime") or document.get("date") or "")
    yield Step(begun, "Severa", dated, net, currency or "")
    status = rows.string(rows.sub(document, "status"), "name")
    paid = rows.day(document, "paymentDate")
    told = f"its status now: {status}" + (f", paid on {paid}" if paid else "")
    last = str(document.get("lastUpdatedDateTime") or begun)
    yield Step(last, "Severa", told, rank=15)


def _orders(found: Found, currency: str) -> Iterable[Step]:
    if found.order.order is not None:
        row = found.order.order
        gone = " (nullified)" if rows.whole(row, "OrderStatus") == NULLIFIED else ""
        words = f"order {rows.string(row, 'OrderNo')} stands open{gone}"
        amount = rows.number(row, "ExchangeAmount")
        yield Step(
            _iso(rows.day(row, "OrderDate")), "Visma Global", words, amount, currency, rank=2
        )
    for row in found.order.copies:
        gone = " (nullified)" if rows.whole(row, "OrderStatus") == NULLIFIED else ""
        number, kid = rows.reference(row, "InvoiceNo"), rows.string(row, "Kid")
        due = rows.day(row, "DueDate")
        more = [f"KID {kid}" if kid else "", f"due {due}" if due else ""]
        words = ", ".join(filter(None, (f"invoiced as {number}{gone}", *more)))
        amount = rows.number(row, "ExchangeAmount")
        day = _iso(rows.day(row, "InvoiceDate"))
        yield Step(day, "Visma Global", words, amount, currency, rank=4)


def _ledger(found: Found, profile: Profile) -> Iterable[Step]:
    home, books = profile.company.currency, profile.global_.books
    entries = [*found.order.entries, *found.order.counters]
    for row in {row["UniqueNo"]: row for row in entries}.values():
        name, rank = _kind(row, books)
        voucher, rest = rows.whole(row, "VoucherNo"), rows.number(row, "RestAmount")
        left = f", {_plain(rest)} left" if rest else ""
        words = f"{name} in the customer ledger, voucher {voucher}{left}"
        day, amount = _iso(rows.day(row, "VoucherDate")), rows.number(row, "Amount")
        yield Step(day, "Visma Global", words, amount, home, rank=rank)


def _kind(row: rows.Raw, books: Books) -> tuple[str, int]:
    named = (
        ("invoice", books.sales, 5),
        ("payment", books.payments, 8),
        ("credit note", books.credits, 8),
    )
    kind = rows.whole(row, "VoucherTypeNo")
    return next(((name, rank) for name, types, rank in named if kind in types), ("write-off", 8))


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _plain(amount: Decimal | None) -> str:
    return f"{money.rounded(amount or Decimal(), 2):,f}"


# --- what is expected next ------------------------------------------------------------------------


def expected(found: Found, how: Progress | None, profile: Profile) -> str:
    """The next step, and who does it."""
    if found.document is None:
        return _without_invoice(found, how)
    if how is None:
        return _without_order(found, profile)
    if how.stage == "nullified":
        return "somebody credits or deletes the invoice in Severa, or makes a new order by hand"
    if how.stage == "ordered":
        return f"Visma Global's users invoice order {_order_no(found)}"
    if how.stage == "part delivered":
        return f"Visma Global's users invoice the rest of order {_order_no(found)}"
    if how.stage == "closed otherwise":
        return f"somebody looks how it was closed ({how.words}); Severa is not told that it is paid"
    return _money_next(found, how, profile)


def _without_invoice(found: Found, how: Progress | None) -> str:
    if how is None:
        return "nothing: it is in neither system any more"
    return f"somebody credits or keeps order {_order_no(found)}: its invoice was deleted in Severa"


def _without_order(found: Found, profile: Profile) -> str:
    standing, link = found.kept.standing, found.kept.link
    if link is not None:
        return (
            "somebody drafts the invoice anew, or deletes it: its order was deleted in Visma Global"
        )
    if found.kept.failure or (standing and standing["state"] in ("refused", "parked")):
        return "somebody does what 'recon failures' says; then the next sync tries again"
    if standing:
        return f"{standing['state']}: {standing['detail']}"
    return _untouched(_document(found), profile)


def _untouched(document: Mapping[str, Any], profile: Profile) -> str:
    """No run has kept anything of it."""
    begin, day = profile.transfer.invoices_from, rows.day(document, "date")
    if begin and day and day < begin:
        return f"nothing: it is dated before the cut-off {begin}"
    orders, status = profile.transfer.orders, rows.sub(document, "status")
    if not _is_one_of(status, orders.take):
        return f"somebody gives it the status {' or '.join(orders.take)} in Severa"
    return "the next sync makes its order"


def _is_one_of(status: Mapping[str, Any], named: Iterable[str]) -> bool:
    wanted = {name.casefold() for name in named if name}
    words = (rows.string(status, "name"), rows.guid(status, "guid"))
    return any(word.casefold() in wanted for word in words if word)


def _money_next(found: Found, how: Progress, profile: Profile) -> str:
    orders = profile.transfer.orders
    wanted = orders.paid if how.stage == "paid" else orders.sent
    told = not wanted or _reached(found, wanted, profile)
    if not told and orders.hold_differences and _differs(found):
        return "somebody makes order and invoice equal, for the profile holds differences back"
    if how.stage == "paid":
        return "nothing, done" if told else f"the next sync sets {wanted} in Severa"
    rest = sum(
        (rows.number(row, "RestAmount") or Decimal() for row in found.order.entries), Decimal()
    )
    left = f"{_plain(rest)} {profile.company.currency} that are left" if rest else "it"
    then = f"; then Severa shows {orders.paid}" if orders.paid else ""
    pays = f"the customer pays {left}{then}"
    if rest < 0:
        back = f"{_plain(-rest)} {profile.company.currency}"
        pays = f"{back} are paid back to the customer{then}, or settled against an invoice"
    return pays if told else f"the next sync sets {wanted} in Severa; {pays}"


def _differs(found: Found) -> bool:
    """Whether the order comes to another net amount than the invoice."""
    net = rows.number(rows.sub(_document(found), "totalExcludingTax"), "amount") or Decimal()
    ordered_ = [rows.number(row, "ExchangeAmount") for row in found.order.live]
    return money.total(ordered_) != money.rounded(net, money.USUAL_DIGITS)


def _reached(found: Found, wanted: str, profile: Profile) -> bool:
    """Whether Severa shows a status or one that comes after it."""
    orders = profile.transfer.orders
    named = [getattr(orders, name) for name in STAGES]
    return _is_one_of(rows.sub(_document(found), "status"), named[named.index(wanted) :])
