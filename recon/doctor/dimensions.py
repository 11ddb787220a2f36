"""The dimensions (department, project and the like) that Global requires, and that what we write
would not carry: by its switches, and by what the accounts of sales ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recon.doctor import grants, lists
from recon.doctor.means import Database, Row
from recon.doctor.parameters import created, switches
from recon.doctor.verdict import Verdict, fine, warning
from recon.entities.invoice import ENTITY as INVOICE
from recon.entities.product import ENTITY as PRODUCT
from recon.entities.product import kinds
from recon.settings import Profile
from recon.spec import Context, Entity
from recon.systems.tables import TABLES

WAREHOUSE = "WareHouseRequiredYesNo"
ORDER_LINE = "CustomerOrderLine"
TODO = (
    "Set them as defaults under [transfer] in the profile (new_customers, new_articles, "
    "new_employees, new_projects; for orders new and new_lines in [transfer.orders]), or turn the "
    "requirement off in Visma Global"
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A dimension that new rows of an entity ('' for what is no entity's) would lack, in words."""

    entity: str
    text: str


def dimensions(profile: Profile, database: Database, name: str) -> Iterator[Verdict]:
    """Does Global require dimensions that our new rows would not carry?"""
    found = list(gaps(profile, database))
    needed = [_plain(switch) for switch in required(database)]
    if found:
        text = "; ".join(dict.fromkeys(gap.text for gap in found))
        yield warning(name, f"Required by Global and not filled by us: {text}", TODO)
    elif needed:
        yield fine(name, f"Required and filled: {', '.join(needed)}")
    else:
        yield fine(name, "Global requires none")


def required(database: Database) -> list[str]:
    """The switches of required dimensions that are on."""
    on = switches(database)
    return [switch for switch in lists.DIMENSIONS if on.get(switch)]


def gaps(profile: Profile, database: Database) -> Iterator[Gap]:
    """The required dimensions that the new rows of an entity would never carry."""
    for switch in required(database):
        column = lists.DIMENSIONS[switch]
        if not column:
            yield Gap("", f"{_plain(switch)} (on orders and vouchers; recon never fills it)")
        for entity in created(profile) if column else ():
            table = ORDER_LINE if entity is INVOICE else entity.global_side.table
            if column in TABLES[table].c and column not in _filled(profile, entity, table):
                yield Gap(entity.name, f"{_plain(switch)} (new rows of {table} get no {column})")
    stocked = _orders(profile) and "WareHouseNo" not in _filled(profile, INVOICE, ORDER_LINE)
    if stocked and _asked(database, lists.warehouse(), WAREHOUSE):
        yield Gap(INVOICE.name, "warehouse (lines of orders get no WareHouseNo)")


def _orders(profile: Profile) -> bool:
    """Whether orders are made in Global."""
    return INVOICE in created(profile)


def _filled(profile: Profile, entity: Entity, table: str) -> set[str]:
    """The columns that a new row of the table carries, the profile's defaults with them."""
    transfer = profile.transfer
    given: Mapping[str, Any] = getattr(transfer, f"new_{table.lower()}s", {})
    if entity is INVOICE:
        given = {**transfer.orders.new, **transfer.orders.new_lines}
    return grants.new_rows(entity, profile, table) | set(given)


def _asked(database: Database, statement: Any, column: str) -> bool:
    return any(row.get(column) for row in database.read(statement))


# --- what records leave empty -----------------------------------------------------------------


def empty(entity: Entity, needed: Sequence[str], profile: Profile) -> list[str]:
    """The fields of an entity that fill a required dimension and have no default: a new record
    must have them."""
    table = entity.global_side.table
    given: Mapping[str, Any] = getattr(profile.transfer, f"new_{table.lower()}s", {})
    columns = {f"{table}.{lists.DIMENSIONS[s]}": lists.DIMENSIONS[s] for s in needed}
    return [
        field.name
        for field in entity.fields
        if field.global_name in columns and columns[field.global_name] not in given
    ]


# --- what accounts ask for --------------------------------------------------------------------


def accounts(database: Database, ctx: Context) -> Iterator[str]:
    """Accounts of sales to which orders post and that ask for a dimension (GLAccount.…Spec), with
    whether orders carry it."""
    if not _orders(ctx.profile):
        return
    templates = _templates(ctx)
    found: dict[int, str] = {}
    for row in database.read(lists.sales_accounts()):
        if row["PostingTemplateNo"] in templates:
            named = f"posting template {row['PostingTemplateNo']} {row.get('Name') or ''}".strip()
            for column in lists.SALES_ACCOUNTS:
                found.setdefault(int(row.get(column) or 0), named)
    for row in database.read(lists.account_dimensions()):
        number = int(row["GLAccountNo"])
        if number in found:
            yield from _of_account(row, found[number])


def _of_account(row: Row, template: str) -> Iterator[str]:
    for column, ours in lists.ACCOUNT_DIMENSIONS.items():
        if row.get(column):
            carried = f"orders carry {ours}, where the project has it" if ours else "orders lack it"
            name = f"account {row['GLAccountNo']} {row.get('Name') or ''}".strip()
            yield f"{name} ({template}): {column} is {row[column]}; {carried}"


def _templates(ctx: Context) -> set[Any]:
    """The posting templates of the articles that transfer."""
    found = ctx.records(PRODUCT.name, "global").values()
    return {
        record.attributes.get("posting_template")
        for record in found
        if kinds.transfers(record.attributes.get("article_type") or 0, ctx)
    }


def _plain(switch: str) -> str:
    return switch.removesuffix("RequiredYesNo")
