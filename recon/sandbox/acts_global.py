"""What a user of Visma Global does: rows changed by SQL, stamped as Global stamps them.

Every act works on a database that carries the sandbox's marker, and on no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Connection, Table, delete, func, insert, select, update

from recon.errors import Usage
from recon.sandbox.world import World
from recon.systems.table_forms import GUID, empty_of
from recon.systems.tables import TABLES, key_of

USER = 2
CHILDREN = (
    ("Contact", "CustomerNo"),
    ("CustomerInvoiceAdresses", "InvoiceAdressCustomerNo"),
    ("CustomerDeliveryAddresses", "CustomerNo"),
)
NEW_CUSTOMER: Mapping[str, Any] = {
    "Address1": "Nygata 1",
    "PostCode": "7010",
    "PostOffice": "TRONDHEIM",
    "CountryNo": 578,
    "CurrencyNo": 578,
    "TermsOfPayCustNo": 5,
    "CustomerTypeNo": 1,
    "CustomerGrpNo": 10,
    "CustomerProfileNo": 1,
}
COPIED = ("Created", "CreatedBy", "LastUpdate", "LastUpdatedBy")


def edit(world: World, table: str, key: int | str, values: Mapping[str, Any]) -> None:
    """Change columns of one row; LastUpdate moves, as when a user saves it."""
    _set(world, table, key, {**values, **touched(world)})


def edit_silently(world: World, table: str, key: int | str, values: Mapping[str, Any]) -> None:
    """Change columns of one row as some other programs do: LastUpdate stays."""
    _set(world, table, key, values)


def deactivate(world: World, table: str, key: int | str) -> None:
    """Make a customer, contact, department, employee or article inactive."""
    edit(world, table, key, {"InActiveYesNo": 1})


def set_guid(world: World, table: str, key: int | str, guid: str) -> None:
    """Write a SeveraGUID by hand, '' to take it away; LastUpdate stays."""
    edit_silently(world, table, key, {GUID: guid})


def merge(world: World, customer: int, into: int) -> None:
    """Merge a customer into another one: it becomes inactive and says where it went."""
    edit(world, "Customer", customer, {"MergeToCustomerNo": into, "InActiveYesNo": 1})


def lock(world: World, customer: int) -> None:
    """Lock a customer."""
    edit(world, "Customer", customer, {"LockedYesNo": 1})


def create_customer(world: World, values: Mapping[str, Any]) -> int:
    """A new customer with the next number of Global's own series; its number comes back."""
    with world.in_global() as connection:
        return _new_customer(world, connection, values)


def duplicate_customer(world: World, customer: int) -> int:
    """Register a customer a second time, without its SeveraGUID; the new number comes back."""
    left_out = (*COPIED, GUID, "CustomerNo", "InvoiceAdressNo", "DeliveryAddressNo")
    with world.in_global() as connection:
        row = _row(connection, TABLES["Customer"], customer)
        values = {name: value for name, value in row.items() if name not in left_out}
        return _new_customer(world, connection, values)


def create(world: World, table: str, values: Mapping[str, Any]) -> int | str:
    """A new row with the next free number of its table (or the key given); it comes back."""
    with world.in_global() as connection:
        return _new(world, connection, TABLES[table], values)


def vanish(world: World, table: str, key: int | str) -> None:
    """Delete a row, as no user should; a customer's contacts and addresses go with it."""
    with world.in_global() as connection:
        found = TABLES[table]
        _row(connection, found, key)
        if table == "Customer":
            for child, column in CHILDREN:
                connection.execute(delete(TABLES[child]).where(TABLES[child].c[column] == key))
        connection.execute(delete(found).where(found.c[key_of(table)] == key))


def rows(world: World, table: str, **equal: Any) -> list[dict[str, Any]]:
    """The rows of a table whose columns equal these values, in the order of their keys."""
    found = TABLES[table]
    statement = select(found).where(*(found.c[name] == value for name, value in equal.items()))
    with world.in_global() as connection:
        result = connection.execute(statement.order_by(found.c[key_of(table)]))
        return [dict(row) for row in result.mappings()]


def _set(world: World, table: str, key: int | str, values: Mapping[str, Any]) -> None:
    found = TABLES[table]
    statement = update(found).where(found.c[key_of(table)] == key).values(dict(values))
    with world.in_global() as connection:
        if connection.execute(statement).rowcount != 1:
            raise _nothing(table, key)


def _row(connection: Connection, table: Table, key: int | str) -> dict[str, Any]:
    statement = select(table).where(table.c[key_of(table.name)] == key)
    found = connection.execute(statement).mappings().first()
    if found is None:
        raise _nothing(table.name, key)
    return dict(found)


def _nothing(table: str, key: int | str) -> Usage:
    return Usage(
        f"There is no row {key} in {table}",
        where="Visma Global's sandbox",
        todo="Name a row that is there",
    )


def _new_customer(world: World, connection: Connection, values: Mapping[str, Any]) -> int:
    """Take the next number of the series, which moves in the same transaction."""
    series = TABLES["CommonParameter"]
    counter = series.c.LastUsedCustomerNo
    connection.execute(update(series).values({"LastUsedCustomerNo": counter + 1}))
    number = int(connection.execute(select(func.max(counter))).scalar_one())
    return int(_new(world, connection, TABLES["Customer"], {"CustomerNo": number, **values}))


def _new(
    world: World, connection: Connection, table: Table, values: Mapping[str, Any]
) -> int | str:
    """Insert a row with every column that this database wants, empty where nothing is said."""
    key = table.c[key_of(table.name)]
    if key.name not in values:
        last = connection.execute(select(func.max(key))).scalar_one() or 0
        values = {key.name: int(last) + 1, **values}
    stamps = {"Created": now(world), "CreatedBy": USER, **touched(world)}
    there = world.table(connection, table.name)
    given = {**stamps, **values}
    known = {name: value for name, value in given.items() if name in there.columns}
    empty = {column.name: empty_of(column.type) for column in there.columns if wanted(column)}
    connection.execute(insert(there).inline().values(empty | known))
    created: int | str = values[key.name]
    return created


def wanted(column: Column[Any]) -> bool:
    """Whether an INSERT must name the column: SQL fills defaults and identities itself."""
    by_itself = (column.identity, column.computed, column.server_default)
    if column.autoincrement is True or by_itself != (None, None, None):
        return False
    return not column.nullable


def touched(world: World) -> dict[str, Any]:
    """The stamps of a row that a user saves now."""
    return {"LastUpdate": now(world), "LastUpdatedBy": USER}


def now(world: World) -> datetime:
    """Global's wall clock: the company's own zone, in the steps that a DATETIME keeps."""
    now = datetime.now(ZoneInfo(world.profile.company.timezone)).replace(tzinfo=None)
    return now.replace(microsecond=now.microsecond // 10_000 * 10_000)
