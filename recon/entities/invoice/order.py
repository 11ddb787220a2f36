"""An invoice as an order of Visma Global: header and lines in one transaction.

Which columns a valid order needs is assumed, not proven: docs/invoices.md lists them, each marked
certain or assumed, and the doctor compares them with orders that Global's users made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from recon import money, text
from recon.entities import rows
from recon.entities.invoice import lines, vat
from recon.entities.invoice.amounts import Amount, Header, difference
from recon.entities.invoice.lines import Booking, Line
from recon.errors import Refused
from recon.shapes import Record
from recon.spec import Context, Copied, Next, RowInsert

ORDER, LINE, GUID = "CustomerOrder", "CustomerOrderLine", "SeveraGUID"
NUMBER = Next(ORDER, counted=True)
# What Global copies from the customer into a new order, and from the article into a line.
FROM_CUSTOMER = (
    "CustomerProfileNo",
    "CustomerGrpNo",
    "CustomerTypeNo",
    "TermsOfPayCustNo",
    "TermsOfDeliveryNo",
    "DeliveryMethodsNo",
    "FormProfileCustNo",
    "BusinessNo",
    "DistrictNo",
    "ChainNo",
    "WareHouseNo",
    "PriceListNo",
    "GLAccountRec",
    "RemainderOrderYesNo",
    "CompanyNo",
    "VATRegNo",
)
FROM_ARTICLE = (
    "ArtTypeNo",
    "MainGroupNo",
    "IntermediateGroupNo",
    "SubGroupNo",
    "UnitTypeNo",
    "StockProfileNo",
    "MiscArticleYesNo",
)
# What must not be set when the order is written, whatever was read before.
CUSTOMER_CLEAR = ("LockedYesNo", "CreditBlockAllowOfferAndNewOrders", "MergeToCustomerNo")
ARTICLE_CLEAR = ("InActiveYesNo", "MergeToArticleNo")
UNTAXED = Decimal(0)


@dataclass(frozen=True, slots=True)
class Coin:
    """The order's currency: its key in Global, decimals, how many units a rate is for, the rate
    (company currency per one), and the company currency's decimals."""

    key: int
    places: int
    unit: int
    rate: Decimal
    home_places: int


def compose(invoice: Record, ctx: Context) -> Sequence[RowInsert]:
    """The rows of the order; `Refused` says what is wrong, where, and what to do."""
    customer = _customer(invoice, ctx)
    coin = _coin(invoice, ctx)
    found = _lines(invoice, customer, ctx)
    off = difference(
        [line.amount for line in found],
        Header(
            _decimal(invoice.fields.get("total")),
            invoice.attributes.get("tax"),
            coin.places,
            ctx.profile.transfer.orders.rounding,
        ),
    )
    if off:
        found.append(_rounding(off, found[-1], ctx))
    return written(invoice, (customer, coin, found), ctx)


def written(
    invoice: Record, made: tuple[Record, Coin, Sequence[Line]], ctx: Context
) -> Sequence[RowInsert]:
    """The rows of an order for a customer (his record in Global), in a currency, of some lines."""
    customer, coin, found = made
    drawn = [row for line in found for row in _drawn(line, coin)]
    home = sum((Decimal(str(row["Amount"])) for row in drawn), Decimal())
    header = _header(invoice, customer, (coin, home), ctx)
    said = [_text(one, ctx) for one in _references(invoice, ctx)]
    rows_ = [_line(row, at, header, ctx) for at, row in enumerate([*said, *drawn], 1)]
    copied = Copied("Customer", int(customer.key), FROM_CUSTOMER, CUSTOMER_CLEAR)
    return [RowInsert(ORDER, header, GUID, copied), *rows_]


def _decimal(value: Any) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


# --- who and in what ----------------------------------------------------------------------------


def _customer(invoice: Record, ctx: Context) -> Record:
    key = ctx.partner("customer", "severa", str(invoice.fields.get("customer") or ""))
    customer = ctx.records("customer", "global").get(key or "")
    if customer is None:
        raise Refused(
            "The invoice's customer is not linked to one in Visma Global",
            todo="Link the customer first",
            fields=("customer",),
        )
    named, todo = f"{customer.name} ({customer.number})", "Open the customer in Visma Global"
    if merged := customer.attributes.get("merged_to"):
        raise Refused(
            f"The customer {named} was merged into customer {merged} in Visma Global",
            todo="Let the invoice's customer in Severa be linked to that one",
        )
    if customer.attributes.get("locked"):
        raise Refused(f"The customer {named} is locked in Visma Global", todo=todo)
    if customer.attributes.get("credit_blocked"):
        raise Refused(f"The customer {named} gets no new orders: credit is blocked", todo=todo)
    return customer


def _coin(invoice: Record, ctx: Context) -> Coin:
    home = ctx.profile.company.currency
    code = str(invoice.fields.get("currency") or home)
    key = ctx.lookup.to_global("currency", code)
    if key is None:
        raise Refused(
            f"Visma Global has no currency {code}", todo="Add it there", fields=("currency",)
        )
    rate = invoice.attributes.get("rate")
    if not rate:
        raise Refused(
            f"The invoice is in {code} and has no exchange rate",
            todo="Set its currency rate in Severa",
            fields=("currency",),
        )
    places, home_places = (
        _whole(ctx.lookup.from_global("currency_digits", one), money.digits(one))
        for one in (code, home)
    )
    unit = _whole(ctx.lookup.from_global("currency_unit", code), 1)
    return Coin(int(key), places, unit, rate, home_places)


def _whole(found: Any, otherwise: int) -> int:
    """A number of Global's; 0 is its "nothing said"."""
    return int(str(found or 0)) or otherwise


# --- lines --------------------------------------------------------------------------------------


def _lines(invoice: Record, customer: Record, ctx: Context) -> list[Line]:
    listed = sorted(invoice.attributes.get("rows", ()), key=lambda row: row.get("sortOrder") or 0)
    if not listed:
        raise Refused("The invoice has no rows", todo="Add what is to be invoiced in Severa")
    day = invoice.fields.get("date")
    if not isinstance(day, date):
        raise Refused("The invoice has no date", todo="Set its date in Severa")
    return [_one(row, at, (invoice, customer, day), ctx) for at, row in enumerate(listed, 1)]


def _one(row: Mapping[str, Any], at: int, known: tuple[Record, Record, date], ctx: Context) -> Line:
    invoice, customer, day = known
    called = lines.text_of(row, at)
    amount = lines.amount(row, called, str(invoice.fields.get("currency") or "") or None)
    article = lines.article(row, called, ctx)
    tax = vat.tax(article, customer, day, ctx)
    vat.agreed(called, amount, tax)
    booking = lines.booked(row, invoice, ctx)
    return Line(
        guid=rows.guid(row, "guid") or "",
        article=article,
        says=lines.says(row, lines.length(ctx)),
        unit=rows.string(row, "measurementUnit"),
        amount=Amount(amount.quantity, amount.price, tax.percentage),
        tax_class=tax.number,
        project=booking.project,
        department=booking.department,
        employee=booking.employee,
    )


def _rounding(off: Decimal, last: Line, ctx: Context) -> Line:
    """A line without VAT that makes the order come to the invoice's total."""
    article = lines.numbered(ctx.profile.transfer.orders.rounding_article, ctx)
    if article is None:
        raise Refused(
            f"The totals differ by {off}, and there is no article for a rounding line",
            todo="Name one in rounding_article under [transfer.orders] in the profile",
        )
    amount = Amount(Decimal(1), off, UNTAXED)
    booking = (last.project, last.department, last.employee)
    return Line("", article, ("Rounding",), None, amount, 0, *booking)


def _drawn(line: Line, coin: Coin) -> list[dict[str, Any]]:
    """A line's own columns, and text lines for what its text does not hold."""
    net = line.amount.net(coin.places)
    home = money.rounded(net * coin.rate, coin.home_places)
    first, *more = line.says
    own = {
        "ArticleNo": line.article.number,
        "Name": first,
        "QuantityPerUnitText": line.unit or line.article.fields.get("unit"),
        "Quantity": line.amount.quantity,
        "OriginalQuantity": line.amount.quantity,
        "Remainder": line.amount.quantity,
        "ExchangeSalesPrice": line.amount.price,
        "NetPrice": line.amount.price * coin.rate,
        "GrossPrice": line.amount.price * coin.rate,
        "OriginalPrice": line.amount.price * coin.rate,
        "ExchangeAmount": net,
        "Amount": home,
        "NetRemainderAmount": home,
        "VATPer": line.amount.percentage,
        "TaxClassNo": line.tax_class,
        "PostingTemplateNo": line.article.attributes.get("posting_template"),
        "QtyPerUnit": 1,
        "UnitFactor": 1,
        "InvoiceYesNo": 1,
        **_dimensions(Booking(line.project, line.department, line.employee)),
        GUID: line.guid,
    }
    return [own, *({"Name": piece, "Amount": Decimal()} for piece in more)]


def _dimensions(booking: Booking) -> dict[str, int | None]:
    found = {
        "ProjectNo": booking.project,
        "DepNo": booking.department,
        "EmployeeNo": booking.employee,
    }
    return {name: int(key) if key else None for name, key in found.items()}


def _references(invoice: Record, ctx: Context) -> list[str]:
    """What the first lines of the order say: the invoice that a credit note credits."""
    if not invoice.attributes.get("credit"):
        return []
    credited = invoice.attributes.get("credits") or {}
    ours = ctx.records("invoice", "global").get(rows.guid(credited, "guid") or "")
    numbers = ours.attributes.get("invoices", ()) if ours else ()
    number = ", ".join(map(str, numbers)) or credited.get("number")
    return [f"Credit note for invoice {number}"] if number else ["Credit note"]


def _text(said: str, ctx: Context) -> dict[str, Any]:
    return {"Name": said[: lines.length(ctx)], "Amount": Decimal()}


def _line(row: Mapping[str, Any], at: int, header: Mapping[str, Any], ctx: Context) -> RowInsert:
    """A line with what it shares with its order; a text line carries the text article, if any."""
    shared = ("OrderType", "OrderStatus", "OrderDate", "CurrencyNo", "ExchangeRate", "LanguageNo")
    own = {name: header.get(name) for name in shared}
    dated = {"DeliveryDate": header.get("DeliveryDate"), "RegistrationDate": header["OrderDate"]}
    values = {
        **own,
        **dated,
        "ArticleNo": ctx.profile.transfer.orders.text_article or None,
        **row,
        **ctx.profile.transfer.orders.new_lines,
        "UniqueID": Next(LINE, at),
        "OrderNo": NUMBER,
        "SeqNo": at,
    }
    article = row.get("ArticleNo")
    copied = Copied("Article", article, FROM_ARTICLE, ARTICLE_CLEAR) if article else None
    return RowInsert(LINE, values, "UniqueID", copied)


# --- header -------------------------------------------------------------------------------------


def _header(
    invoice: Record, customer: Record, sums: tuple[Coin, Decimal], ctx: Context
) -> dict[str, Any]:
    coin, home = sums
    orders, texts = ctx.profile.transfer.orders, invoice.attributes["texts"]
    tax = invoice.fields.get("vat") or Decimal()
    total = invoice.fields.get("total")
    day = _moment(invoice.fields.get("date"))
    booking = lines.of_project(str(invoice.fields.get("project") or "") or None, ctx)
    credit = invoice.attributes.get("credit")
    return {
        "OrderNo": NUMBER,
        "OrderType": orders.credit_type if credit else orders.type,
        "OrderStatus": orders.status,
        "CustomerNo": int(customer.key),
        "CustomerName": customer.fields.get("name"),
        "OrderName": invoice.fields.get("name"),
        "OurRef": texts["ourReference"],
        "NameContactNoInvoice": texts["yourReference"],
        "CustomerPurchaseNo": texts["orderNumber"],
        "OrderDate": day,
        "DeliveryDate": day,
        "RegistrationDate": day,
        "DueDate": _moment(invoice.attributes.get("due")),
        "CurrencyNo": coin.key,
        "ExchangeRate": coin.rate * coin.unit,
        "ExchangeAmount": total,
        "TotalAmount": home,
        "TotalVAT": tax,
        "TotalGross": home + Decimal(str(tax)),
        "SummaryInvoiceYesNo": 0,
        **_address(invoice),
        **_dimensions(booking),
        orders.number_in: invoice.number,
        **orders.new,
        GUID: invoice.key,
    }


def _moment(day: Any) -> datetime | None:
    return datetime.combine(day, time()) if isinstance(day, date) else None


def _address(invoice: Record) -> dict[str, Any]:
    """The invoice's own address; without its country, of which Severa tells no code."""
    found = invoice.attributes.get("address") or {}
    street = (text.lines(found.get("addressline")) or "").splitlines()
    street += [""] * (3 - len(street))
    return {
        "InvoiceName1": invoice.attributes["texts"]["receiverCustomerName"],
        "InvoiceAddress1": street[0] or None,
        "InvoiceAddress2": street[1] or None,
        "InvoiceAddress3": " ".join(street[2:]).strip() or None,
        "InvoicePostCode": rows.string(found, "postalCode"),
        "InvoicePostOffice": rows.string(found, "city"),
    }
