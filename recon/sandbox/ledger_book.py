"""One transaction of a user of Global who sells and books: rows are gathered, then written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import (
    Connection,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from recon import money
from recon.errors import Usage
from recon.sandbox.acts_global import USER, now, touched, wanted
from recon.sandbox.company_books import FINAL
from recon.sandbox.world import World
from recon.systems.table_forms import empty_of
from recon.systems.tables import key_of

Row = dict[str, Any]
Kind = Literal["sales", "credits", "payments"]
KEY = "row_key"


@dataclass(frozen=True, slots=True)
class Currency:
    """How Global reckons with a currency: its digits, and how many units a rate is for."""

    number: int
    unit: int
    digits: int

    def rounded(self, amount: Decimal) -> Decimal:
        """An amount in its smallest unit, half up."""
        return money.rounded(amount, self.digits)


def number(row: Mapping[str, Any], column: str) -> Decimal:
    """What a column of amounts holds, exactly."""
    return money.exact(row[column]) or Decimal(0)


@dataclass(slots=True)
class Book:
    """Rows to add, change and drop, in the order add, drop, change; and what they are read from."""

    world: World
    connection: Connection
    _columns: dict[str, frozenset[str]] = field(default_factory=dict)
    _empty: dict[str, Row] = field(default_factory=dict)
    _added: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    _dropped: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    _changed: dict[tuple[str, ...], list[Row]] = field(default_factory=lambda: defaultdict(list))
    _last: dict[tuple[str, str], int] = field(default_factory=dict)
    _known: dict[str, dict[Any, Row]] = field(default_factory=dict)
    _fresh: set[tuple[str, Any]] = field(default_factory=set)

    @property
    def today(self) -> date:
        """The day in Global."""
        return self.world.profile.company.today()

    def table(self, name: str) -> Table:
        """A table as this database has it, with the columns that the product does not know."""
        found = self.world.table(self.connection, name)
        if name not in self._columns:
            self._columns[name] = frozenset(found.columns.keys())
            self._empty[name] = {c.name: empty_of(c.type) for c in found.columns if wanted(c)}
        return found

    def _names(self, name: str) -> frozenset[str]:
        self.table(name)
        return self._columns[name]

    def add(self, name: str, row: Mapping[str, Any]) -> None:
        """Add a row, stamped, empty where nothing is said; columns that are not there drop out."""
        columns = self._names(name)
        stamps = {"Created": now(self.world), "CreatedBy": USER, **touched(self.world)}
        whole = {**row, **stamps}
        known = {n: _plain(value) for n, value in whole.items() if n in columns}
        self._added[name].append(self._empty[name] | known)
        self._fresh.add((name, row.get(key_of(name))))

    def change(self, name: str, key: int | str, values: Mapping[str, Any]) -> None:
        """Change columns of a row; its stamp moves."""
        plain = {column: _plain(value) for column, value in values.items()}
        self._changed[name, *sorted(plain)].append({KEY: key, **plain})

    def drop(self, name: str, key: int | str) -> None:
        """Take a row away."""
        self._dropped[name].append({KEY: key})

    def write(self) -> None:
        """Do all that was gathered."""
        for name, rows in self._added.items():
            for alike in _alike(rows):
                self.connection.execute(insert(self.table(name)).inline(), alike)
        for name, rows in self._dropped.items():
            self.connection.execute(delete(self.table(name)).where(self._is(name)), rows)
        for (name, *columns), rows in self._changed.items():
            stamps = {n: v for n, v in touched(self.world).items() if n in self.table(name).columns}
            values = {**stamps, **{column: bindparam(column) for column in columns}}
            statement = update(self.table(name)).where(self._is(name)).values(values)
            self.connection.execute(statement, rows)
        for gathered in (self._added, self._dropped, self._changed):
            gathered.clear()

    def _is(self, name: str) -> Any:
        return self.table(name).columns[key_of(name)] == bindparam(KEY)

    def rows(self, name: str, **equal: Any) -> list[Row]:
        """The whole rows of a table whose columns equal these values (or one of them, where a list
        is given), in the order of their keys; what was gathered is written first."""
        self.write()
        table = self.table(name)
        tests = (
            table.columns[n].in_(v) if isinstance(v, list) else table.columns[n] == v
            for n, v in equal.items()
        )
        found = select(table).where(*tests).order_by(table.columns[key_of(name)])
        return [dict(row) for row in self.connection.execute(found).mappings()]

    def holds(self, name: str, key: int | str) -> bool:
        """Whether a table has a row with this key, or is to get it."""
        column = self.table(name).columns[key_of(name)]
        found = self.connection.execute(select(column).where(column == key)).first()
        return found is not None or (name, key) in self._fresh

    def one(self, name: str, key: int | str) -> Row:
        """One row by its key; `Usage` where it is not there."""
        found = self.rows(name, **{key_of(name): key})
        if not found:
            raise nothing(f"There is no row {key} in {name}")
        return found[0]

    def look_up(self, name: str, key: int | str) -> Row | None:
        """A row of a small table that nobody changes meanwhile."""
        if name not in self._known:
            self._known[name] = {row[key_of(name)]: row for row in self.rows(name)}
        return self._known[name].get(key)

    def next(self, name: str, column: str = "") -> int:
        """The next number in a column of numbers, its key by default."""
        column = column or key_of(name)
        if (name, column) not in self._last:
            highest = select(func.max(self.table(name).columns[column]))
            self._last[name, column] = int(self.connection.execute(highest).scalar_one() or 0)
        self._last[name, column] += 1
        return self._last[name, column]

    def invoice_no(self) -> int:
        """The next number of Global's series of invoices, which moves in this transaction."""
        series = self.table("LastNumbers")
        column = series.columns.LastInvoiceNo
        self.connection.execute(update(series).values({"LastInvoiceNo": column + 1}))
        return int(self.connection.execute(select(func.max(column))).scalar_one())

    def currency(self, number: int) -> Currency:
        """A currency by its number; the company's own for 0."""
        row = self.look_up("CurrencyTable", number) or self._own()
        digits = int(row["NumberOfDigitsAfterDecimal"])
        return Currency(int(row["CurrencyNo"]), int(row["Unit"]) or 1, digits)

    def _own(self) -> Row:
        code = self.world.profile.company.currency
        self.look_up("CurrencyTable", 0)
        known = self._known["CurrencyTable"].values()
        return next(row for row in known if row["CurrencyCode"] == code)

    def own_currency(self) -> Currency:
        """The company's currency."""
        return self.currency(0)

    def in_own(self, amount: Decimal, row: Mapping[str, Any]) -> Decimal:
        """An amount in the currency of an order or entry, in the company's."""
        unit = self.currency(int(row["CurrencyNo"])).unit
        rate = number(row, "ExchangeRate") or Decimal(unit)
        return self.own_currency().rounded(amount * rate / unit)

    def voucher_type(self, kind: Kind) -> int:
        """The first voucher type that the profile names for this."""
        found: Sequence[int] = getattr(self.world.profile.global_.books, kind)
        if not found:
            raise Usage(
                f"The profile names no voucher type for {kind}",
                where="[global.books]",
                todo="Make the sandbox anew, or name one",
            )
        return found[0]

    def entry(self, voucher: Mapping[str, Any], day: date) -> Row:
        """What rows of one voucher have in common: numbers, days, and that they are final."""
        moment = datetime(day.year, day.month, day.day)
        return {
            "AccountingYear": day.year,
            "Period": day.month,
            "VoucherDate": moment,
            "EntryDate": moment,
            "StatusTransaction": FINAL,
            **voucher,
        }

    def due(self, terms: int, day: date) -> datetime:
        """When what is sold on a day is to be paid by these terms."""
        row = self.look_up("TermsOfPayCustomer", terms)
        days = int(row["NumberOfDays"]) if row else 0
        return datetime(day.year, day.month, day.day) + timedelta(days=days)


@contextmanager
def open_book(world: World) -> Iterator[Book]:
    """One transaction of a user in Global: all that was gathered is written at its end."""
    with world.in_global() as connection:
        book = Book(world, connection)
        yield book
        book.write()


def nothing(what: str) -> Usage:
    """There is not what an act needs."""
    return Usage(what, where="Visma Global's sandbox", todo="Name one that is there")


def _alike(rows: list[Row]) -> list[list[Row]]:
    """The rows in groups that name the same columns."""
    found: dict[frozenset[str], list[Row]] = defaultdict(list)
    for row in rows:
        found[frozenset(row)].append(row)
    return list(found.values())


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value
