"""Lines of suppliers' invoices and the project fees made of them: found, read now, told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, or_, select

from recon.entities import rows
from recon.settings import Profile
from recon.systems.document_tables import cred_l_transaction as owed
from recon.systems.document_tables import gl_account_transaction as line
from recon.systems.document_tables import supplier
from recon.trace import remembered
from recon.trace.remembered import Remembered
from recon.trace.shapes import Step, Trace, ordered
from recon.workbench import Workbench

ENTITY, FEES = "supplier_cost", "/v1/projectfees/{guid}"
SAME = ("VoucherNo", "VoucherTypeNo", "AccountingYear")
SHOWN = ("UniqueNo", *SAME, "VoucherID", "VoucherDate", "GLAccountNo", "ProjectNo", "Amount",
         "Description", "SeveraGUID")  # fmt: skip
LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Found:
    """A line of the ledger, the supplier's invoice it belongs to, its fee, and what runs kept."""

    key: str
    line: Mapping[str, Any]
    bought: Mapping[str, Any]
    fee: Mapping[str, Any] | None
    kept: Remembered


def by_number(bench: Workbench, number: str) -> list[Mapping[str, Any]]:
    """Lines with this number of their own, of this voucher, or of the supplier's invoice that has
    it; of a whole voucher only those on cost accounts."""
    books = bench.profile.global_.books
    whole = number.isascii() and number.isdecimal() and 0 < int(number) <= LARGEST
    costs = or_(*(line.c.GLAccountNo.between(*ends) for ends in books.cost_accounts))
    conditions = [and_(_of_invoice(number), costs)]
    if whole:
        voucher = and_(line.c.VoucherNo == int(number), line.c.VoucherTypeNo.in_(books.suppliers))
        conditions += [line.c.UniqueNo == int(number), and_(voucher, costs)]
    shown = select(*(line.c[name] for name in SHOWN))
    found = [row for one in conditions for row in bench.visma_global.read(shown.where(one))]
    return list({row["UniqueNo"]: row for row in found}.values())


def _of_invoice(number: str) -> Any:
    same = and_(*(owed.c[name] == line.c[name] for name in SAME))
    by_id = and_(owed.c.VoucherID == line.c.VoucherID, line.c.VoucherID != 0)
    named = owed.c.SuppliersInvoiceNo == number
    return select(owed.c.UniqueNo).where(named, or_(by_id, same)).exists()


def now(bench: Workbench, lines: Collection[Mapping[str, Any]]) -> list[Found]:
    """Each line with its voucher's supplier, its fee as Severa has it, and what runs kept."""
    keys = [str(row["UniqueNo"]) for row in lines]
    kept = remembered.remembered(bench.store, ENTITY, keys)
    return [
        Found(key, row, _bought(bench, row), _fee(bench, row, kept[key]), kept[key])
        for key, row in zip(keys, lines, strict=True)
    ]


def _bought(bench: Workbench, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The supplier's name and invoice number, by the line's voucher: its id, else its number."""
    by_id = and_(owed.c.VoucherID == row["VoucherID"], owed.c.VoucherID != 0)
    by_number = and_(*(owed.c[name] == row[name] for name in SAME))
    same = by_id if row.get("VoucherID") else by_number
    statement = select(owed.c.SuppliersInvoiceNo, supplier.c.Name).select_from(
        owed.outerjoin(supplier, supplier.c.SupplierNo == owed.c.SupplierNo)
    )
    return next(iter(bench.visma_global.read(statement.where(same))), {})


def _fee(bench: Workbench, row: Mapping[str, Any], kept: Remembered) -> Mapping[str, Any] | None:
    guid = kept.link["guid"] if kept.link else rows.guid(dict(row), "SeveraGUID")
    return bench.severa.find(FEES.format(guid=guid)) if guid else None


# --- its way --------------------------------------------------------------------------------------


def trace(found: Found, profile: Profile) -> Trace:
    """A cost's way from the ledger to the project."""
    standing = found.kept.standing
    return Trace(
        ENTITY,
        found.key,
        f"Ledger line {found.key}",
        _severa(found),
        f"voucher {found.line['VoucherNo']}, ledger line {found.key}",
        rows.string(dict(found.bought), "Name") or "",
        f"Severa: {_severa(found)}; Visma Global: booked",
        expected(found, profile),
        ordered(list(_steps(found, profile))),
        str(standing["detail"]) if standing else "",
        str(standing["since"]) if standing else "",
        found.kept.runs,
    )


def _severa(found: Found) -> str:
    if found.fee is None:
        return "no project fee"
    return f"project fee {rows.string(dict(found.fee), 'name') or ''}".strip()


def _steps(found: Found, profile: Profile) -> Iterable[Step]:
    row, bought = dict(found.line), dict(found.bought)
    invoice, project = rows.string(bought, "SuppliersInvoiceNo"), rows.reference(row, "ProjectNo")
    words = (
        f"voucher {row['VoucherNo']} booked on account {row['GLAccountNo']}"
        f", supplier's invoice {invoice or 'not named'}, project {project or 'none'}"
    )
    amount = (rows.number(row, "Amount") or Decimal()) * profile.global_.books.debit
    day = rows.day(row, "VoucherDate")
    yield Step(_iso(day), "Visma Global", words, amount, profile.company.currency)
    yield from remembered.steps(found.kept, "project fee")
    if found.fee:
        yield _as_fee(found.fee)


def _as_fee(fee: Mapping[str, Any]) -> Step:
    cost = rows.sub(dict(fee), "unitCost")
    billed = "invoiced" if rows.guid(dict(fee), "invoice", "guid") else "not invoiced"
    words = f"project fee dated {rows.day(dict(fee), 'eventDate')}, {billed}"
    begun = str(fee.get("createdDateTime") or fee.get("eventDate") or "")
    amount, currency = rows.number(cost, "amount"), rows.string(cost, "currencyCode")
    return Step(begun, "Severa", words, amount, currency or "", rank=3)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _no_cost(line_: Mapping[str, Any], profile: Profile) -> str:
    """Why a ledger line is no cost of a project; '' where it is one."""
    books, account = profile.global_.books, rows.whole(dict(line_), "GLAccountNo") or 0
    if not any(low <= account <= high for low, high in books.cost_accounts):
        return f"account {account} is no cost account ([global.books])"
    if rows.whole(dict(line_), "VoucherTypeNo") not in books.suppliers:
        return "its voucher type is none of suppliers' invoices ([global.books])"
    if not rows.reference(dict(line_), "ProjectNo"):
        return "it has no project; book it on one in Visma Global if it belongs to one"
    return ""


def expected(found: Found, profile: Profile) -> str:
    """The next step, and who does it."""
    standing, begin = found.kept.standing, profile.transfer.costs_from
    day = rows.day(dict(found.line), "VoucherDate")
    if found.fee is None and found.kept.link is not None:
        return "somebody puts it right in Severa: its project fee was deleted and is not made again"
    if standing:
        return f"{standing['state']}: {standing['detail']}"
    if found.fee is None and begin is not None and day is not None and day < begin:
        return f"nothing: it is dated before the cut-off {begin}"
    if found.fee is None and (reason := _no_cost(found.line, profile)):
        return f"nothing: {reason}"
    if found.fee is None:
        return "the next sync makes its project fee, if it is approved and its project is linked"
    open_ = rows.flag(dict(found.fee), "isBillable") and not found.fee.get("invoice")
    return "Severa's users invoice it to the customer" if open_ else "nothing, done"
