"""One transaction in Visma Global: read under lock, number, insert, update."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, DateTime, func, insert, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement, Executable

from recon.errors import Refused
from recon.systems.catalogue import Column, TableInfo
from recon.systems.document_tables import LEDGERS
from recon.systems.row_values import clean_rows, comparable, fitted, missing, same
from recon.systems.table_forms import GUID, private
from recon.systems.tables import TABLES

UPDATE_LOCK = "WITH (UPDLOCK, ROWLOCK)"
RANGE_LOCK = "WITH (UPDLOCK, HOLDLOCK)"
_STAMPS = {"Created": "clock", "CreatedBy": "user", "LastUpdate": "clock", "LastUpdatedBy": "user"}
_CHANGES = ("LastUpdate", "LastUpdatedBy")


class Faulty(Exception):
    """Carries a driver's error out of a statement, with the table it was about."""

    def __init__(self, error: DBAPIError, table: str) -> None:
        super().__init__(table)
        self.error, self.table = error, table


@dataclass(slots=True)
class Transaction:
    """What may be done inside one transaction; made by `VismaGlobal.in_transaction` only.

    Rows come back by column name, cleaned, without private columns.
    """

    connection: Connection
    catalogue: Callable[[str], TableInfo]
    user_no: int
    zone: ZoneInfo
    sibling: Callable[[Connection, TableInfo, Column], Any]
    forbidden: Callable[[str, int], str]
    numbered: bool = False
    _given: dict[str, set[int]] = field(default_factory=dict)

    def locked(self, table_name: str, key: Any, *columns: str) -> dict[str, Any] | None:
        """The row with this primary key, locked for update until the end; None if there is none.

        It holds the key, SeveraGUID and the columns asked for.
        """
        return self._locked(self.catalogue(table_name), key, columns)

    def by_guid(self, table_name: str, guid: str) -> list[dict[str, Any]]:
        """The rows that carry this SeveraGUID."""
        return self.find(table_name, **{GUID: guid})

    def find(self, table_name: str, **equal: Any) -> list[dict[str, Any]]:
        """The rows (key, SeveraGUID and these columns) whose columns equal these values; None
        finds Global's empty values too."""
        info = self.catalogue(table_name)
        return self._rows(found_rows(info, equal), table_name)

    def read(self, statement: Executable) -> list[dict[str, Any]]:
        """The rows of a select inside this transaction, as `VismaGlobal.read` gives them."""
        return self._rows(statement, "")

    def insert(self, table_name: str, values: Mapping[str, Any]) -> Any:
        """Insert a row with all that the table requires; its primary key, also an IDENTITY.

        None becomes the column's empty value. `Refused` names a column whose value does not fit.
        """
        _not_booked(table_name, ())
        info = self.catalogue(table_name)
        row = self._fitted(info, values) | self._stamps(info, tuple(_STAMPS), values)
        _keyed(info, row)
        for column in info.columns.values():
            if column.must_be_named and column.name not in row:
                row[column.name] = self._filling(info, column)
        # Plain values go beside the statement, which is then compiled once for all rows.
        told = {name: value for name, value in row.items() if isinstance(value, ClauseElement)}
        plain = {name: value for name, value in row.items() if name not in told}
        result = self._run(insert(info.table).values(told), table_name, plain)
        key = result.inserted_primary_key
        return key[0] if key else row.get(info.key)

    def update(
        self,
        table_name: str,
        key: Any,
        values: Mapping[str, Any],
        only_if: Mapping[str, Any] | None = None,
    ) -> int:
        """Set columns of one row found by its key; 1, or 0 where it is gone or not as `only_if`.

        The row is read under an update lock and compared here, not by the server's collation;
        a value of `only_if` may be a tuple of allowed ones, None among them for empty.
        """
        _not_booked(table_name, values)
        info = self.catalogue(table_name)
        row = self._locked(info, key, tuple(only_if or ()))
        if row is None or not _as_expected(row, only_if or {}):
            return 0
        changes = self._fitted(info, values)
        _key_kept(info, key, changes)
        if table_name not in LEDGERS:
            changes |= self._stamps(info, _CHANGES, values)
        statement = update(info.table).where(_is(info, info.key, key)).values(changes)
        self._run(statement, table_name)
        return 1

    def next_in_series(self, series: str) -> int:
        """The next number of Global's own series, counted up in this transaction.

        Numbers that are taken already are skipped. `Refused` where the series leaves its range.
        """
        rule = series_of(series)
        counter = TABLES[rule.parameter].c[rule.column]
        statement = update(TABLES[rule.parameter]).values({rule.column: counter + 1})
        self._run(statement, rule.parameter)
        number = self._counter(rule)
        free = self._free_from(self.catalogue(rule.table), number)
        if reason := self.forbidden(rule.table, free):
            raise Refused(
                f"Visma Global's own series for {rule.table} has come to {free}: {reason}",
                where=f"{rule.parameter}.{rule.column}",
                todo="Correct the series in Visma Global, or the ranges in [global.numbers]",
            )
        if free != number:
            self._run(update(TABLES[rule.parameter]).values({rule.column: free}), rule.parameter)
        self.numbered = True
        return free

    def next_free(self, table_name: str, low: int, high: int) -> int:
        """The smallest free number above the biggest used one of a range, else its first gap.

        The range is locked until the end of the transaction. `Refused` when it is full.
        """
        info = self.catalogue(table_name)
        self.numbered = True
        given = self._given.setdefault(table_name, set())
        biggest = max([self._biggest(info, low, high), *given], default=low - 1)
        number = biggest + 1 if biggest < high else self._gap(info, low, given)
        if not low <= number <= high:
            raise Refused(
                f"No number between {low} and {high} is free in {table_name}",
                where=f"Visma Global {table_name}.{info.key}",
                todo="Widen the range in [global.numbers]",
            )
        given.add(number)
        return number

    def now(self) -> datetime:
        """Global's wall clock: GETDATE() of the server, the company's time zone in the sandbox."""
        moment = self.connection.execute(select(clock())).scalar_one()
        return moment if isinstance(moment, datetime) else datetime.fromisoformat(str(moment))

    def _locked(self, info: TableInfo, key: Any, also: Sequence[str]) -> dict[str, Any] | None:
        rows = self._rows(locked_row(info, key, also), info.name)
        return rows[0] if rows else None

    def _fitted(self, info: TableInfo, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values as the columns take them, without IDENTITY and computed columns.

        An empty value for a column that this version of the database lacks loses nothing.
        """
        wanted = {n: v for n, v in values.items() if n in info.columns or not missing(v)}
        columns = {name: info.column(name) for name in wanted}
        return {
            name: fitted(value, columns[name], info.name, self.zone)
            for name, value in wanted.items()
            if columns[name].writable
        }

    def _stamps(
        self, info: TableInfo, names: Sequence[str], given: Mapping[str, Any]
    ) -> dict[str, Any]:
        made = {"clock": clock(), "user": self.user_no}
        return {
            name: made[_STAMPS[name]]
            for name in names
            if name in info.columns and info.columns[name].writable and name not in given
        }

    def _filling(self, info: TableInfo, column: Column) -> Any:
        if column.name == "UtilityBits":
            return self.sibling(self.connection, info, column)
        return column.empty

    def _counter(self, rule: Series) -> int:
        table = TABLES[rule.parameter]
        rows = self._rows(select(table.c[rule.column]), rule.parameter)
        if len(rows) != 1:
            raise Refused(
                f"{rule.parameter} holds {len(rows)} rows, so the number series is not known",
                where=f"{rule.parameter}.{rule.column}",
                todo="Set a number range for these rows in [global.numbers]",
            )
        return int(rows[0][rule.column])

    def _biggest(self, info: TableInfo, low: int, high: int) -> int:
        if info.columns[info.key].kind == "text":
            return max([n for n in self._text_numbers(info) if low <= n <= high], default=low - 1)
        statement = biggest_key(info, low, high)
        return next(iter(self._rows(statement, info.name)[0].values())) or low - 1

    def _gap(self, info: TableInfo, low: int, given: set[int]) -> int:
        number = self._free_from(info, low)
        while number in given:
            number = self._free_from(info, number + 1)
        return number

    def _free_from(self, info: TableInfo, number: int) -> int:
        """The smallest number from this one on that no row has; the table is looked through, and
        its range locked, only where this one is taken."""
        text = info.columns[info.key].kind == "text"
        if not self._rows(found_rows(info, {info.key: str(number) if text else number}), info.name):
            return number
        if text:
            used = self._text_numbers(info)
            while number in used:
                number += 1
            return number
        return int(self._rows(first_gap(info, number), info.name)[0]["free"])

    def _text_numbers(self, info: TableInfo) -> set[int]:
        key = info.table.c[info.key]
        statement = select(key).with_hint(info.table, RANGE_LOCK, "mssql")
        texts = [str(row[info.key]) for row in self._rows(statement, info.name)]
        return {int(text) for text in texts if re.fullmatch(r"[0-9]+", text)}

    def _rows(self, statement: Executable, table_name: str) -> list[dict[str, Any]]:
        result = self._run(statement, table_name)
        return clean_rows(result.keys(), result)

    def _run(
        self, statement: Executable, table_name: str, values: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            return self.connection.execute(statement, values)
        except DBAPIError as error:
            raise Faulty(error, table_name) from None


@dataclass(frozen=True, slots=True)
class Series:
    """A number series that Global keeps itself: its counter, and the key that it numbers."""

    table: str
    key: str
    parameter: str
    column: str


SERIES = (
    Series("Customer", "CustomerNo", "CommonParameter", "LastUsedCustomerNo"),
    Series("Supplier", "SupplierNo", "CommonParameter", "LastUsedSupplierNo"),
    Series("CustomerOrder", "OrderNo", "InvoicePurchasingParameter", "LastSalesOrderNo"),
)


def series_of(name: str) -> Series:
    """The series by its table or its key column; `Refused` where Global keeps none."""
    for series in SERIES:
        if name.casefold() in (series.table.casefold(), series.key.casefold()):
            return series
    raise Refused(
        f"Visma Global keeps no number series for {name}",
        where="[global.numbers]",
        todo="Give it a range of numbers",
    )


def clock() -> Any:
    """Global's wall clock, by one function name that both databases know."""
    return func.getdate(type_=DateTime())


def read_columns(info: TableInfo, also: Collection[str] = ()) -> list[Any]:
    """The columns that are read: no more than the login must see, and never a private one."""
    wanted = {info.key, GUID, *also}
    return [info.table.c[name] for name in info.columns if name in wanted and not private(name)]


def locked_row(info: TableInfo, key: Any, also: Sequence[str] = ()) -> Executable:
    """Select one row by key, with an update lock on SQL Server."""
    statement = select(*read_columns(info, also)).where(_is(info, info.key, key))
    return statement.with_hint(info.table, UPDATE_LOCK, "mssql")


def found_rows(info: TableInfo, equal: Mapping[str, Any]) -> Executable:
    """Select rows by equal columns."""
    tests = [_is(info, name, value) for name, value in equal.items()]
    return select(*read_columns(info, equal)).where(*tests)


def _is(info: TableInfo, name: str, value: Any) -> ColumnElement[bool]:
    column = info.column(name)
    named = info.table.c[name]
    equal = named == comparable(value, column)
    return or_(named.is_(None), equal) if value is None else equal


def biggest_key(info: TableInfo, low: int, high: int) -> Executable:
    """Select the biggest used number of a range, and lock the range."""
    key = info.table.c[info.key]
    statement = select(func.max(key).label("biggest")).where(key.between(low, high))
    return statement.with_hint(info.table, RANGE_LOCK, "mssql")


def first_gap(info: TableInfo, start: int) -> Executable:
    """Select the smallest free number after `start`, which is used."""
    key, follower = info.table.c[info.key], info.table.alias("follower")
    follows = select(follower.c[info.key]).where(follower.c[info.key] == key + 1).exists()
    return select((func.min(key) + 1).label("free")).where(key >= start, ~follows)


def _as_expected(row: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    return all(
        same(_plain(name, row.get(name)), _plain(name, value)) for name, value in expected.items()
    )


def _plain(name: str, value: Any) -> Any:
    """A guid's letters count in no case."""
    if name != GUID:
        return value
    if isinstance(value, tuple | list | set | frozenset):
        return tuple(_plain(name, one) for one in value)
    return value.casefold() if isinstance(value, str) else value


def _keyed(info: TableInfo, row: Mapping[str, Any]) -> None:
    """A row without its number would become number 0."""
    if info.key in info.columns and info.columns[info.key].writable and missing(row.get(info.key)):
        raise Refused(
            f"The new row in {info.name} has no number",
            where=f"Visma Global {info.name}.{info.key}",
            todo="Give it a number, or a range of numbers in [global.numbers]",
            fields=(info.key,),
        )


def _not_booked(table_name: str, columns: Iterable[str]) -> None:
    """Bookkeeping records are never made or changed; they may carry a SeveraGUID."""
    if table_name in LEDGERS and set(columns) != {GUID}:
        raise Refused(
            f"Rows of {table_name} are bookkeeping: nothing but {GUID} is written there",
            where=f"Visma Global {table_name}",
            todo="Book it in Visma Global",
        )


def _key_kept(info: TableInfo, key: Any, changes: dict[str, Any]) -> None:
    """Global's keys are never updated."""
    if info.key in changes and not same(changes.pop(info.key), key):
        raise Refused(
            f"The number of a row in {info.name} is never changed",
            where=f"Visma Global {info.name}.{info.key}",
            todo="Change it in Visma Global itself, if it must be",
            fields=(info.key,),
        )
