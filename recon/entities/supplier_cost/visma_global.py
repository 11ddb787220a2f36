"""Lines of suppliers' invoices in Visma Global's ledger. They are bookkeeping records: nothing but
SeveraGUID is ever written there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from recon import money
from recon.entities import rows
from recon.entities.supplier_cost import texts
from recon.entities.supplier_cost.pricing import Booked, Terms, terms
from recon.errors import Refused
from recon.shapes import Record, Value
from recon.spec import Context, Draft, GlobalSide, RowWrite
from recon.systems.document_tables import cred_l_transaction as owed
from recon.systems.document_tables import gl_account_transaction as line
from recon.systems.document_tables import supplier

NAME, KEY, GUID = "supplier_cost", "UniqueNo", "SeveraGUID"
ORIGINAL = line.alias("original")
COLUMNS = (
    KEY,
    "VoucherNo",
    "VoucherTypeNo",
    "AccountingYear",
    "VoucherDate",
    "Created",
    "GLAccountNo",
    "ProjectNo",
    "DepNo",
    "SupplierNo",
    "Amount",
    "Description",
    "StatusTransaction",
    "AttestStatus",
    "CorrectedFromUniqueNo",
    GUID,
)


def statements() -> Mapping[str, Select[Any]]:
    """The lines, and the suppliers' ledger of their vouchers: by the voucher's id, or by number,
    type and year where one of the two has no id."""
    own = supplier.c.SupplierNo == line.c.SupplierNo
    corrected = ORIGINAL.c[KEY] == line.c.CorrectedFromUniqueNo
    by_id = and_(owed.c.VoucherID == line.c.VoucherID, line.c.VoucherID != 0)
    by_number = and_(
        owed.c.VoucherNo == line.c.VoucherNo,
        owed.c.VoucherTypeNo == line.c.VoucherTypeNo,
        owed.c.AccountingYear == line.c.AccountingYear,
        or_(owed.c.VoucherID == 0, line.c.VoucherID == 0),
    )
    return {
        "line": select(
            *(line.c[name] for name in COLUMNS),
            supplier.c.Name.label("SupplierName"),
            ORIGINAL.c.VoucherDate.label("CorrectedDate"),
            ORIGINAL.c.Created.label("CorrectedCreated"),
        ).select_from(line.outerjoin(supplier, own).outerjoin(ORIGINAL, corrected)),
        "voucher": _entries(by_id),
        "numbered_voucher": _entries(by_number),
    }


def _entries(same: ColumnElement[bool]) -> Select[Any]:
    named = supplier.c.SupplierNo == owed.c.SupplierNo
    return select(
        line.c[KEY],
        owed.c.SupplierNo,
        owed.c.SuppliersInvoiceNo,
        supplier.c.Name.label("SupplierName"),
    ).select_from(line.join(owed, same).outerjoin(supplier, named))


def bounds(profile: Any) -> ColumnElement[bool]:
    """From the cut-off on: lines with a project of the suppliers' voucher types on cost accounts,
    and whatever carries a SeveraGUID."""
    dated = line.c.VoucherDate >= _begin(profile)
    return and_(dated, or_(_taken(profile), line.c[GUID] != ""))


def earlier(profile: Any) -> Select[Any]:
    """How many such lines lie before the cut-off, and what they come to; a sum of FLOATs."""
    books, before = profile.global_.books, line.c.VoucherDate < _begin(profile)
    net = (func.sum(line.c.Amount) * books.debit).label("net")
    return select(func.count(line.c[KEY]).label("count"), net).where(before, _taken(profile))


def _begin(profile: Any) -> datetime:
    return datetime.combine(profile.transfer.costs_from or date.max, time())


def _taken(profile: Any) -> ColumnElement[bool]:
    """Lines with a project, of the suppliers' voucher types, on cost accounts."""
    books = profile.global_.books
    on_account = or_(*(line.c.GLAccountNo.between(*ends) for ends in books.cost_accounts))
    return and_(line.c.VoucherTypeNo.in_(books.suppliers), on_account, line.c.ProjectNo != 0)


def records(raw: Mapping[str, Sequence[rows.Raw]], ctx: Context) -> Iterable[Record]:
    """Rows as costs, each with what the suppliers' ledger says of its voucher."""
    bought: dict[Any, list[rows.Raw]] = defaultdict(list)
    for name in ("voucher", "numbered_voucher"):
        for row in raw.get(name, ()):
            bought[row[KEY]].append(row)
    return rows.records(
        NAME,
        "global",
        raw["line"],
        lambda row: _one(row, bought.get(row[KEY], ()), ctx),
        lambda row: row[KEY],
    )


def _one(row: rows.Raw, entries: Sequence[rows.Raw], ctx: Context) -> Iterable[Record]:
    number = str(rows.own_key(row, KEY))
    bought = _bought(row, entries)
    cost, found = _cost(row, ctx), _terms(row, bought, ctx)
    project, unready = rows.reference(row, "ProjectNo"), _unready(row, ctx)
    invoice = rows.string(bought, "SuppliersInvoiceNo")
    said = rows.string(row, "Description")
    fields: dict[str, Value] = {
        "name": texts.name(rows.string(bought, "SupplierName"), invoice, said),
        "project": str(project) if project else None,
        "date": rows.day(row, "VoucherDate"),
        "cost": cost,
        "price": money.amount(found.price(cost), ctx.profile.company.currency),
        "billable": found.billable,
        "approved": not unready,
    }
    yield Record(
        NAME,
        "global",
        number,
        fields,
        guid=rows.guid(row, GUID),
        number=number,
        table=line.name,
        row=number,
        attributes={
            "carries_guid": ctx.profile.transfer.costs.mark,
            "terms": found,
            "unready": unready,
            **_booked(row, ctx),
        },
    )


def _bought(row: rows.Raw, entries: Sequence[rows.Raw]) -> rows.Raw:
    """Supplier, name and invoice number, by the voucher; else what the line itself says."""
    named = [entry for entry in entries if rows.reference(entry, "SupplierNo")]
    return named[0] if named else row


def _cost(row: rows.Raw, ctx: Context) -> Decimal:
    amount = rows.number(row, "Amount") or Decimal()
    home = ctx.profile.company.currency
    return money.amount(amount * ctx.profile.global_.books.debit, home) or Decimal()


def _terms(row: rows.Raw, bought: rows.Raw, ctx: Context) -> Terms:
    booked = Booked(
        rows.reference(row, "ProjectNo"),
        rows.reference(bought, "SupplierNo"),
        rows.reference(row, "GLAccountNo"),
    )
    return terms(booked, ctx.profile.transfer.costs)


def _unready(row: rows.Raw, ctx: Context) -> str:
    """Why a line does not count yet, '' where it does."""
    books = ctx.profile.global_.books
    wanted = (
        ("StatusTransaction", books.final, "it is not final"),
        ("AttestStatus", books.approved, "it is not approved"),
    )
    for column, values, words in wanted:
        status = rows.whole(row, column) or 0
        if values and status not in values:
            return f"{words} ({column} {status})"
    return ""


def _booked(row: rows.Raw, ctx: Context) -> dict[str, Any]:
    """Where and when a line was booked, and what it takes back."""
    begin, books = ctx.profile.transfer.costs_from or date.max, ctx.profile.global_.books
    account, corrects = (
        rows.reference(row, "GLAccountNo"),
        rows.reference(row, "CorrectedFromUniqueNo"),
    )
    days = [rows.day(row, name) for name in ("CorrectedDate", "CorrectedCreated")]
    voucher = rows.string(row, "VoucherNo")
    return {
        "account": account,
        "department": rows.reference(row, "DepNo"),
        "voucher": f"{voucher} of {rows.day(row, 'VoucherDate')}",
        "entered": rows.day(row, "Created"),
        "corrects": str(corrects) if corrects else "",
        "corrects_before": any(day is not None and day < begin for day in days),
        "taken": rows.whole(row, "VoucherTypeNo") in books.suppliers
        and any(low <= (account or 0) <= high for low, high in books.cost_accounts),
    }


def insert(_draft: Draft, _ctx: Context) -> Sequence[RowWrite]:
    """Ledger lines are made in Visma Global by people alone."""
    raise Refused(
        "A project fee of Severa is never made into a ledger line",
        todo="Book it in Visma Global",
    )


def update(record: Record, _changes: Mapping[str, Value], _ctx: Context) -> Sequence[RowWrite]:
    """A ledger line is never changed."""
    raise Refused(
        f"The ledger line {record.key} is never changed",
        todo="Correct it in Visma Global by a new line",
    )


GLOBAL = GlobalSide(
    statements=statements,
    records=records,
    insert=insert,
    update=update,
    table=line.name,
    key=KEY,
    scope=dict.fromkeys(statements(), line.c[KEY]),
    changed={
        "line": (line.c.LastUpdate,),
        "voucher": (line.c.LastUpdate, owed.c.LastUpdate),
        "numbered_voucher": (line.c.LastUpdate, owed.c.LastUpdate),
    },
    bounds=bounds,
    earlier=earlier,
    where_to_fix="Visma Global: General ledger > the voucher",
)
