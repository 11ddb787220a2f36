"""The doctor's questions about Visma Global's database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import ClauseElement, Column, DateTime, Engine, Select, Table, func, select
from sqlalchemy.sql import Executable, visitors

from recon import reference
from recon.doctor.verdict import Verdict, asked, failed, fine, warning
from recon.entities import ENTITIES
from recon.settings import Profile
from recon.systems import tables
from recon.systems.tables import GUID, TABLES

TABLES_ASKED = "Global: database, schema and tables"
CLOCK_S = 120.0
HOUR_S = 3600.0
READ: tuple[str, ...] = ("SELECT",)
WRITE: tuple[str, ...] = ("SELECT", "INSERT", "UPDATE")
NUMBERED = "CommonParameter"
NEW_CUSTOMERS = ("CustomerTypeNo", "CustomerGrpNo", "CustomerProfileNo")
Row = dict[str, Any]


class Database(Protocol):
    """What the questions need of the transport."""

    @property
    def engine(self) -> Engine: ...

    def read(self, statement: Executable) -> list[Row]: ...

    def catalogue(self, table_name: str) -> Mapping[str, Any]: ...

    def has_guid(self, table_name: str) -> bool: ...


def of_global(profile: Profile, database: Database) -> list[Verdict]:
    """All that is asked about Global; nothing more where its tables cannot be seen."""
    desk = Desk(profile, database)
    first = list(asked(TABLES_ASKED, desk.has_tables))
    if not first[-1].passed:
        return first
    questions: Mapping[str, Callable[[str], Iterator[Verdict]]] = {
        "Global: SeveraGUID": desk.carries_guids,
        "Global: rights": desk.has_rights,
        "Global: version": desk.tells_version,
        "Global: user": desk.has_user,
        "Global: currencies": desk.knows_currency,
        "Global: customer types": desk.knows_customer_types,
        "Global: defaults for new customers": desk.has_defaults,
        "Global: clock": desk.tells_the_time,
    }
    return [*first, *(v for name, check in questions.items() for v in asked(name, check))]


class Desk:
    """The questions, about one profile and one database."""

    def __init__(self, profile: Profile, database: Database) -> None:
        self._profile, self._database = profile, database

    def has_tables(self, name: str) -> Iterator[Verdict]:
        """Is everything there that is read?"""
        for table, columns in needed().items():
            missing = sorted(columns - set(self._database.catalogue(table)))
            if missing:
                yield failed(
                    f"{name}, {table}",
                    f"This database has no {', '.join(missing)}",
                    "It is of another version: update Visma Global, or leave out what needs it",
                )
        schema = self._profile.global_.schema_name
        yield fine(name, f"All {len(needed())} tables are there in schema {schema}")

    def carries_guids(self, name: str) -> Iterator[Verdict]:
        """Can links stand in Global's own rows?"""
        without = [table for table in linked() if not self._database.has_guid(table)]
        if without:
            names = ", ".join(without)
            text = f"{names} cannot carry links: there is no column {GUID}"
            todo = "Back up the store well, links of these stand there alone; or let Visma's "
            yield warning(name, text, todo + "update add the column")
        else:
            yield fine(name, f"{', '.join(linked())} can carry links")

    def has_rights(self, name: str) -> Iterator[Verdict]:
        """May the login read, insert and update what it must?"""
        if self._database.engine.dialect.name != "mssql":
            yield fine(name, "The database is a file of this machine, without rights of its own")
            return
        answer = self._database.read(rights(self._profile.global_.schema_name))[0]
        missing = [what for what, allowed in answer.items() if allowed != 1]
        if missing:
            grants = ", ".join(missing)
            todo = f"Let the administrator of the SQL Server grant the login: {grants}"
            yield failed(name, f"The login may not: {grants}", todo)
        else:
            yield fine(name, "The login may read, insert and update what it must")

    def tells_version(self, name: str) -> Iterator[Verdict]:
        """Which Visma Global is this?"""
        updates, parts = tables.system_update_history, tables.sub_system_info
        newest = select(updates).order_by(updates.c.UpdateDate.desc(), updates.c.ID.desc()).limit(1)
        builds = select(parts.c.SubSystemID, parts.c.Build).order_by(parts.c.SubSystemID)
        update = [str(r["UpdateInfo"]) for r in self._database.read(newest)]
        build = [str(r["Build"]) for r in self._database.read(builds) if r["Build"]]
        if update or build:
            yield fine(name, ", ".join([*update, *(f"build {b}" for b in dict.fromkeys(build))]))
        else:
            yield warning(name, "The database does not tell its version", "Note it by hand")

    def has_user(self, name: str) -> Iterator[Verdict]:
        """Is our user there, whose number stands on all that we write?"""
        number, users = self._profile.global_.user_no, tables.logon_user
        found = self._database.read(select(users.c.Name).where(users.c.UserNo == number))
        if found:
            yield fine(name, f"User {number} is {found[0]['Name'] or 'there'}")
        else:
            todo = "Make a user for the workbench in Visma Global and set user_no under [global]"
            yield failed(name, f"There is no user {number} in Visma Global", todo)

    def knows_currency(self, name: str) -> Iterator[Verdict]:
        """Is the company's currency there?"""
        code, known = self._profile.company.currency.upper(), tables.currency_table
        rows = self._database.read(select(known.c.CurrencyCode).order_by(known.c.CurrencyNo))
        codes = {str(r["CurrencyCode"] or "").strip().upper() for r in rows} - {""}
        if code in codes:
            yield fine(name, f"{code} is one of {len(codes)} currencies")
        else:
            todo = "Add it to Visma Global's currencies, or correct currency under [company]"
            yield failed(name, f"The company's currency {code} is not in CurrencyTable", todo)

    def knows_customer_types(self, name: str) -> Iterator[Verdict]:
        """Are the transferring customer types there?"""
        wanted = self._profile.transfer.customer_types
        missing = [str(n) for n in wanted if not self._exists("CustomerType", n)]
        if missing:
            todo = "Correct customer_types under [transfer] in the profile"
            yield failed(name, f"There is no customer type {', '.join(missing)}", todo)
        elif wanted:
            yield fine(name, f"Transferring: {', '.join(map(str, wanted))}")
        else:
            yield fine(name, "The profile names none, so all transfer")

    def has_defaults(self, name: str) -> Iterator[Verdict]:
        """Does everything exist that new customers get?"""
        given = self._profile.transfer.new_customers
        columns = self._database.catalogue("Customer")
        for column, value in given.items():
            title = f"{name}, {column}"
            if column not in columns:
                todo = "Correct it under [transfer.new_customers] in the profile"
                yield failed(title, f"Customer has no column {column}", todo)
            else:
                yield from asked(title, lambda t, c=column, v=value: self._default(t, c, v))  # type: ignore[misc]
        missing = [c for c in NEW_CUSTOMERS if c not in given]
        if missing and self._profile.transfer.direction("customer") in ("both", "to_global"):
            todo = "Set them under [transfer.new_customers] in the profile"
            yield warning(name, f"New customers get no {', '.join(missing)}", todo)
        elif not given:
            yield fine(name, "None are needed")

    def _default(self, title: str, column: str, value: int | str) -> Iterator[Verdict]:
        table = _keyed(column)
        if table is None:
            yield fine(title, f"{value} (any value is taken)")
        elif self._exists(table, value):
            yield fine(title, f"{value} is in {table}")
        else:
            todo = f"Correct {column} under [transfer.new_customers], or add it in Visma Global"
            yield failed(title, f"There is no {value} in {table}", todo)

    def tells_the_time(self, name: str) -> Iterator[Verdict]:
        """Do Global's wall clock and the profile's time zone agree?"""
        zone = self._profile.company.timezone
        statement = select(func.getdate(type_=DateTime()).label("now"))
        theirs: datetime = self._database.read(statement)[0]["now"]
        ours = datetime.now(ZoneInfo(zone)).replace(tzinfo=None)
        off = (theirs - ours).total_seconds()
        hours = round(off / HOUR_S)
        if hours and abs(off - hours * HOUR_S) <= CLOCK_S:
            text = f"Global's clock is {hours:+d} h from {zone}"
            todo = "Correct timezone under [company]: it must be the database server's"
            yield failed(name, text, todo)
        elif abs(off) > CLOCK_S:
            todo = "Let both machines set their clocks from a time server"
            yield warning(name, f"Global's clock is {off:+.0f} s from this machine's", todo)
        else:
            yield fine(name, f"Global's clock keeps {zone}")

    def _exists(self, table_name: str, key: int | str) -> bool:
        table = TABLES[table_name]
        column = table.c[tables.key_of(table_name)]
        return bool(self._database.read(select(column).where(column == key)))


def needed() -> dict[str, set[str]]:
    """The tables and columns that are read for all entities and lookups."""
    found: dict[str, set[str]] = {}
    for statement in _statements():
        for part in visitors.iterate(statement):
            if isinstance(part, Table):
                found.setdefault(part.name, set())
            if isinstance(part, Column) and isinstance(part.table, Table):
                found.setdefault(part.table.name, set()).add(part.name)
    return {name: columns - {GUID} for name, columns in sorted(found.items())}


def linked() -> list[str]:
    """The tables in which links stand."""
    return sorted({e.global_side.table for e in ENTITIES if e.global_side.carries_guid})


def written() -> list[str]:
    """The tables that rows are written into."""
    return [name for name in needed() if GUID in TABLES[name].c]


def rights(schema: str) -> Select[Any]:
    """One row with 1 per right that the login has, by 'RIGHT on table'."""
    wanted = {name: WRITE if name in written() else READ for name in needed()}
    wanted[NUMBERED] = ("SELECT", "UPDATE")
    quoted = schema.replace("]", "]]")
    return select(
        *(
            func.has_perms_by_name(f"[{quoted}].[{name}]", "OBJECT", right).label(
                f"{right} on {name}"
            )
            for name, names in wanted.items()
            for right in names
        )
    )


def _statements() -> Iterator[ClauseElement]:
    yield from reference.statements().values()
    for entity in ENTITIES:
        yield from entity.global_side.statements().values()


def _keyed(column: str) -> str | None:
    """The table whose primary key this column points to."""
    own = ("Customer",)
    return next((n for n in TABLES if n not in own and tables.key_of(n) == column), None)
