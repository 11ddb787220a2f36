"""Visma Global's database: reads, and transactions that happen once or say that they may not have.

A read is one short transaction. A write is one transaction whose COMMIT is the effect that the
seam sees; a deadlock or a passing lock repeats the whole transaction.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NoReturn, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ClauseElement, Connection, MetaData, Table, false, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.sql import Executable, visitors

from recon.effects import Effects
from recon.errors import ReconError, Stop, Unknown
from recon.settings import Global
from recon.systems.catalogue import Column, TableInfo, read_table
from recon.systems.global_engine import WRITES, address, engine_for, login_name, place
from recon.systems.global_login import Login, login_of, refuse_administrators
from recon.systems.row_values import clean_rows, missing
from recon.systems.sql_faults import (
    DEFINITE,
    PASSING,
    fault_of,
    in_words,
    not_done,
    stopped,
)
from recon.systems.table_forms import SCHEMA
from recon.systems.transaction import Faulty, Transaction, clock

__all__ = ["Transaction", "VismaGlobal", "missing"]

T = TypeVar("T")
ATTEMPTS = 5
FIRST_PAUSE_S = 0.05
CUSTOMERS = "Customer"


class _Again(Exception):
    """The transaction was rolled back and may be repeated; `final` is what to say at the end."""

    def __init__(self, final: ReconError) -> None:
        super().__init__(str(final))
        self.final = final


class VismaGlobal:
    """One company's Visma Global database; safe to use from several threads.

    `url` and `password` are resolved already; neither is ever shown. `timezone` is the company's.
    `admits` is asked about the login before anything is read; it raises to refuse it.
    """

    def __init__(
        self,
        settings: Global,
        effects: Effects,
        *,
        url: str,
        password: str = "",
        timezone: str = "Europe/Oslo",
    ) -> None:
        self._settings, self._effects, self._zone = settings, effects, ZoneInfo(timezone)
        where = address(settings, url, password)
        self._where = f"Visma Global, {place(where)}, schema {settings.schema_name}"
        self.admits: Callable[[Login], None] = refuse_administrators
        self.named = Login(login_name(where))
        self.engine = engine_for(where, settings, self._zone)
        self._login: Login | None = None
        self._tables: dict[str, TableInfo] = {}
        self._siblings: dict[str, Any] = {}
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<{self._where}>"

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def login(self) -> Login:
        """Who we are, in the server's words; asked once. `Usage` for one who is not admitted."""
        self._connected().close()
        return self._login or self.named

    def read(
        self, statement: Executable, params: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """The rows by column name, cleaned, without private columns; `Stop` if that cannot be.

        Empty texts and dates are None, texts lose trailing spaces, FLOATs are Decimals; integers
        stay as they are, 0 too (see `missing`).
        """
        label = " ".join(["read", *_tables_of(statement)])
        return self._effects.run(
            "sql", label, lambda: self._patient(lambda: self._rows(statement, params))
        )

    def now(self) -> datetime:
        """The database server's wall clock (the sandbox's: the company's time zone), no zone."""
        moment = self.read(select(clock().label("now")))[0]["now"]
        return moment if isinstance(moment, datetime) else datetime.fromisoformat(str(moment))

    def in_transaction(self, label: str, do: Callable[[Transaction], T]) -> T:
        """Do all of `do` and commit it, or nothing; `do` may be called several times.

        `NotDone`: nothing was written. `Unknown`: the commit's answer was lost, look for the
        SeveraGUID. `Refused`: this row cannot be written. `Stop`: no row can.
        """
        return self._patient(lambda: self._once(label, do))

    def catalogue(self, table_name: str) -> Mapping[str, Column]:
        """The columns that this very database has in the table."""
        return self.table(table_name).columns

    def length(self, table_name: str, column: str) -> int | None:
        """The length of a text column in characters, None where it has none."""
        found = self.catalogue(table_name).get(column)
        return found.length if found else None

    def has_guid(self, table_name: str) -> bool:
        """Whether the table can carry links; another version of Visma Global may not."""
        return self.table(table_name).has_guid

    def table(self, table_name: str) -> TableInfo:
        """The table as the catalogue has it, read once; `Stop` if it is not there or not shown."""
        with self._lock:
            if table_name not in self._tables:
                self._tables[table_name] = self._look_up(table_name)
            return self._tables[table_name]

    def schemas(self) -> list[str]:
        """The schemas of this database that hold Visma Global's tables."""
        with self._connected() as connection:
            try:
                inspector = inspect(connection)
                names = inspector.get_schema_names()
                return [name for name in names if inspector.has_table(CUSTOMERS, schema=name)]
            except DBAPIError as error:
                raise stopped(fault_of(error), self._where) from None

    def _look_up(self, table_name: str) -> TableInfo:
        with self._connected() as connection:
            try:
                info = read_table(connection, self._settings.schema_name, table_name)
            except DBAPIError as error:
                fault = fault_of(error)
                if fault.kind == "permission":
                    raise self._hidden(table_name) from None
                raise stopped(fault, f"{self._where}, table {table_name}") from None
            return info or self._not_shown(connection, table_name)

    def _not_shown(self, connection: Connection, table_name: str) -> NoReturn:
        """Tell a table that is not there from one that the login may not see."""
        try:
            connection.execute(select(1).select_from(_named(table_name)).where(false()))
        except DBAPIError as error:
            where = f"{self._where}, table {table_name}"
            raise stopped(fault_of(error), where) from None
        raise self._hidden(table_name)

    def _hidden(self, table_name: str) -> Stop:
        return Stop(
            "The login may not see how the tables are built",
            where=f"{self._where}, table {table_name}",
            todo="Let the administrator grant it VIEW DEFINITION on the company's schema",
        )

    def _patient(self, attempt: Callable[[], T]) -> T:
        """Repeat what a deadlock or a lock stopped, with growing pauses.

        A lock has already been waited for, so that is repeated only within twice its time-out.
        """
        ends = time.monotonic() + 2 * self._settings.lock_timeout_s
        for count in range(1, ATTEMPTS + 1):
            try:
                return attempt()
            except _Again as again:
                if count == ATTEMPTS or time.monotonic() > ends:
                    raise again.final from None
                time.sleep(FIRST_PAUSE_S * 2**count * random.uniform(0.5, 1.0))
        raise AssertionError("unreachable")

    def _rows(
        self, statement: Executable, params: Mapping[str, Any] | None
    ) -> list[dict[str, Any]]:
        try:
            with self._connected() as connection:
                result = connection.execute(statement, dict(params or {}))
                return clean_rows(result.keys(), result)
        except DBAPIError as error:
            fault = fault_of(error)
            problem = stopped(fault, self._where)
            raise _Again(problem) if fault.kind in PASSING else problem from None

    def _once(self, label: str, do: Callable[[Transaction], T]) -> T:
        connection = self._connected().execution_options(**{WRITES: True})
        transaction = self._transaction(connection)
        try:
            connection.begin()
            value = do(transaction)
            self._effects.run("sql", label, lambda: self._commit(connection), writes=True)
        except (Faulty, DBAPIError) as error:
            raise self._meaning(error, transaction.numbered) from None
        finally:
            _abandon(connection)
        return value

    def _transaction(self, connection: Connection) -> Transaction:
        return Transaction(
            connection=connection,
            catalogue=self.table,
            user_no=self._settings.user_no,
            zone=self._zone,
            sibling=self._sibling,
            forbidden=self._forbidden,
        )

    def _connected(self) -> Connection:
        connection = self._connect()
        try:
            self._admit(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _admit(self, connection: Connection) -> None:
        """Ask the server once who we are, and whether that one may work here."""
        if self._login is None and self.engine.dialect.name == "mssql":
            found = login_of(connection)
            self.admits(found)
            self._login = found

    def _connect(self) -> Connection:
        try:
            return self.engine.connect()
        except DBAPIError as error:
            fault = fault_of(error)
            raise stopped(fault, self._where) from None
        except PoolTimeout:
            raise Stop(
                "Too many things at once ask Visma Global's database",
                where=self._where,
                todo="Run again; if it stays so, tell who looks after recon",
            ) from None

    def _commit(self, connection: Connection) -> None:
        try:
            connection.commit()
        except DBAPIError as error:
            connection.invalidate()
            fault = fault_of(error)
            if fault.kind in PASSING:
                raise _Again(not_done(fault, self._where)) from None
            if fault.kind in DEFINITE:
                raise in_words(fault, self._where) from None
            raise Unknown(
                "The connection was lost while the transaction was being committed, so it is not "
                "known whether it was",
                where=self._where,
                todo="The next run looks for the record before it tries again",
            ) from None

    def _meaning(self, error: Faulty | DBAPIError, numbered: bool) -> Exception:
        table = f", table {error.table}" if isinstance(error, Faulty) else ""
        fault = fault_of(error.error if isinstance(error, Faulty) else error)
        problem = in_words(fault, f"{self._where}{table}")
        again = fault.kind in PASSING or (fault.kind == "duplicate" and numbered)
        return _Again(problem) if again else problem

    def _sibling(self, connection: Connection, info: TableInfo, column: Column) -> Any:
        """What another row of the table holds in a column that only Global understands."""
        if info.name not in self._siblings:
            named = info.table.c[column.name]
            order = info.table.c[info.key] if info.key else named
            found = connection.execute(select(named).order_by(order).limit(1)).scalar()
            if found is None:
                return column.empty
            self._siblings[info.name] = found
        return self._siblings[info.name]

    def _forbidden(self, table_name: str, number: int) -> str:
        """Why Global's own series may not hand out this number; '' if it may."""
        rule = self._settings.numbers.get(table_name.casefold())
        if rule and rule.severa and rule.severa[0] <= number <= rule.severa[1]:
            return f"{rule.severa[0]} to {rule.severa[1]} are Severa's numbers"
        if rule and rule.range and not rule.range[0] <= number <= rule.range[1]:
            return f"its range is {rule.range[0]} to {rule.range[1]}"
        return ""


def _abandon(connection: Connection) -> None:
    """Give the connection back, rolled back if it was not committed."""
    try:
        connection.close()
    except DBAPIError:
        connection.invalidate()
        connection.close()


def _tables_of(statement: Executable) -> list[str]:
    parts = visitors.iterate(statement) if isinstance(statement, ClauseElement) else ()
    return sorted({part.name for part in parts if isinstance(part, Table)})


def _named(table_name: str) -> Table:
    return Table(table_name, MetaData(schema=SCHEMA))
