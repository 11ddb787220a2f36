"""The doctor's questions about Visma Global's database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, Select, func, select

from recon.doctor import articles, books, dimensions, grants, lists, orders, parameters, rights
from recon.doctor.means import Database, Question
from recon.doctor.verdict import Verdict, asked, failed, fine, warning
from recon.entities import running
from recon.entities.invoice import ENTITY as INVOICE
from recon.entities.supplier_cost import ENTITY as SUPPLIER_COST
from recon.errors import ReconError
from recon.settings import Profile
from recon.systems import tables
from recon.systems.table_forms import GUID
from recon.systems.tables import TABLES

ADDRESS = "Global: address and login"
SCHEMA = "Global: tables and columns"
CLOCK_S = 120.0
HOUR_S = 3600.0
VERSION = "It is of another version: update Visma Global, or leave out what needs it"


@dataclass(frozen=True, slots=True)
class New:
    """A table in which rows are created with the profile's defaults, and the defaults needed."""

    table: str
    entity: str
    needs: tuple[str, ...] = ()

    @property
    def plural(self) -> str:
        """What such rows are called."""
        return f"{self.table.lower()}s"


NEW = (
    New("Customer", "customer", ("CustomerTypeNo", "CustomerGrpNo", "CustomerProfileNo")),
    New("Article", "product", ("ArtTypeNo", "PostingTemplateNo")),
    New("Employee", "employee"),
    New("Project", "project", ("ProjectType", "ProjectCategoryNo")),
)


def of_global(profile: Profile, database: Database) -> list[Verdict]:
    """All that is asked about Global; nothing more where none of its tables can be seen."""
    desk = Desk(profile, database)
    first = list(asked(ADDRESS, desk.answers))
    if first[-1].passed:
        first += asked(SCHEMA, desk.has_tables)
    if not first[-1].passed:
        return first
    return [*first, *(v for name, check in _questions(desk).items() for v in asked(name, check))]


def _questions(desk: Desk) -> Mapping[str, Question]:
    profile, database = desk.profile, desk.database
    return {
        "Global: version": desk.tells_version,
        "Global: rights to read": partial(rights.to_read, profile, database),
        "Global: rights to write": partial(rights.to_write, profile, database),
        "Global: SeveraGUID": desk.carries_guids,
        "Global: user": desk.has_user,
        "Global: currencies": desk.knows_currency,
        "Global: customer types": desk.knows_customer_types,
        "Global: article types": partial(articles.types, profile, database.read),
        "Global: posting templates": partial(articles.templates, profile, database.read),
        "Global: project types": desk.knows_project_types,
        "Global: category of internal projects": desk.knows_internal_category,
        **{f"Global: defaults for new {n.plural}": partial(desk.has_defaults, n) for n in NEW},
        **_documents(desk),
        "Global: required dimensions": partial(dimensions.dimensions, profile, database),
        "Global: numbers with letters": partial(parameters.alphanumeric, database),
        "Global: number ranges": partial(parameters.series, profile, database),
        "Global: clock": desk.tells_the_time,
    }


def _documents(desk: Desk) -> Mapping[str, Question]:
    """What is asked only where invoices or supplier costs transfer."""
    asked_ = desk.profile, desk.database
    costs = {"Global: vouchers of suppliers": partial(books.suppliers, *asked_)}
    found = costs if SUPPLIER_COST in running(desk.profile) else {}
    if INVOICE not in running(desk.profile):
        return found
    return {
        **found,
        "Global: voucher types": partial(books.voucher_types, *asked_),
        "Global: articles of orders": partial(books.articles, *asked_),
        "Global: orders of users": partial(orders.users_orders, *asked_),
    }


class Desk:
    """The questions, about one profile and one database."""

    def __init__(self, profile: Profile, database: Database) -> None:
        self.profile, self.database = profile, database

    def answers(self, name: str) -> Iterator[Verdict]:
        """Does the database answer, and accept the login?"""
        self.database.read(select(func.getdate(type_=DateTime()).label("now")))
        yield fine(name, "The database answers")

    def has_tables(self, name: str) -> Iterator[Verdict]:
        """Is everything there that is read or written?"""
        wanted, hidden = needed(self.profile), []
        for table, columns in wanted.items():
            try:
                missing = sorted(columns - set(self.database.catalogue(table)))
            except ReconError as error:
                hidden.append(failed(f"{name}, {table}", error.what, error.todo or VERSION))
                continue
            if missing:
                text = f"This database has no {', '.join(missing)}"
                yield failed(f"{name}, {table}", text, VERSION)
        if len(hidden) == len(wanted):
            yield failed(name, hidden[0].text, hidden[0].todo)
            return
        yield from hidden
        schema, found = self.profile.global_.schema_name, len(wanted) - len(hidden)
        yield fine(name, f"{found} of {len(wanted)} tables are there in schema {schema}")

    def carries_guids(self, name: str) -> Iterator[Verdict]:
        """Can links stand in Global's own rows?"""
        tables = grants.linked(self.profile)
        without = [table for table in tables if not self.database.has_guid(table)]
        if without:
            names = ", ".join(without)
            text = f"{names} cannot carry links: there is no column {GUID}"
            todo = "Back up the store well, links of these stand there alone; or let Visma's "
            yield warning(name, text, todo + "update add the column")
        else:
            yield fine(name, f"{', '.join(tables)} can carry links")

    def tells_version(self, name: str) -> Iterator[Verdict]:
        """Which Visma Global is this?"""
        asked_ = lists.statements()
        update = [str(r["UpdateInfo"]) for r in self.database.read(asked_["updates"])]
        build = [str(r["Build"]) for r in self.database.read(asked_["builds"]) if r["Build"]]
        if update or build:
            yield fine(name, ", ".join([*update, *(f"build {b}" for b in dict.fromkeys(build))]))
        else:
            yield warning(name, "The database does not tell its version", "Note it by hand")

    def has_user(self, name: str) -> Iterator[Verdict]:
        """Is our user there, whose number stands on all that we write?"""
        number, users = self.profile.global_.user_no, tables.logon_user
        found = self.database.read(select(users.c.Name).where(users.c.UserNo == number))
        if found:
            yield fine(name, f"User {number} is {found[0]['Name'] or 'there'}")
        else:
            todo = "Make a user for the workbench in Visma Global and set user_no under [global]"
            yield failed(name, f"There is no user {number} in Visma Global", todo)

    def knows_currency(self, name: str) -> Iterator[Verdict]:
        """Is the company's currency there?"""
        code, known = self.profile.company.currency.upper(), tables.currency_table
        rows = self.database.read(select(known.c.CurrencyCode).order_by(known.c.CurrencyNo))
        codes = {str(r["CurrencyCode"] or "").strip().upper() for r in rows} - {""}
        if code in codes:
            yield fine(name, f"{code} is one of {len(codes)} currencies")
        else:
            todo = "Add it to Visma Global's currencies, or correct currency under [company]"
            yield failed(name, f"The company's currency {code} is not in CurrencyTable", todo)

    def knows_customer_types(self, name: str) -> Iterator[Verdict]:
        """Are the transferring customer types there?"""
        wanted = self.profile.transfer.customer_types
        missing = [str(n) for n in wanted if not self._exists("CustomerType", n)]
        if missing:
            todo = "Correct customer_types under [transfer] in the profile"
            yield failed(name, f"There is no customer type {', '.join(missing)}", todo)
        elif wanted:
            yield fine(name, f"Transferring: {', '.join(map(str, wanted))}")
        else:
            yield fine(name, "The profile names none, so all transfer")

    def knows_project_types(self, name: str) -> Iterator[Verdict]:
        """Does any project have the transferring project types?"""
        wanted = self.profile.transfer.project_types
        known = {int(row["key"] or 0) for row in self.database.read(_list("project_types"))}
        missing = [str(number) for number in wanted if number not in known]
        if missing:
            todo = "Correct project_types under [transfer] in the profile"
            yield warning(name, f"No active project is of type {', '.join(missing)}", todo)
        elif wanted:
            yield fine(name, f"Transferring: {', '.join(map(str, wanted))}")
        else:
            yield fine(name, "The profile names none, so all transfer")

    def knows_internal_category(self, name: str) -> Iterator[Verdict]:
        """Is the category there that internal projects have?"""
        category = self.profile.transfer.internal_category
        if not category:
            text = "The profile names none: internal projects are not told apart"
            yield warning(name, text, "Set internal_category under [transfer], if you have some")
        elif self._exists("ProjectCategory", category):
            yield fine(name, f"{category} is in ProjectCategory")
        else:
            todo = "Correct internal_category under [transfer] in the profile"
            yield failed(name, f"There is no project category {category}", todo)

    def has_defaults(self, new: New, name: str) -> Iterator[Verdict]:
        """Does everything exist that new rows of a table get?"""
        where = f"[transfer.new_{new.plural}]"
        given = getattr(self.profile.transfer, f"new_{new.plural}")
        columns = self.database.catalogue(new.table)
        for column, value in given.items():
            title = f"{name}, {column}"
            if column not in columns:
                todo = f"Correct it under {where} in the profile"
                yield failed(title, f"{new.table} has no column {column}", todo)
            else:
                yield from asked(title, partial(self._default, where, column, value))
        missing = [c for c in new.needs if c not in given]
        if missing and self.profile.transfer.direction(new.entity) in ("both", "to_global"):
            todo = f"Set them under {where} in the profile"
            yield warning(name, f"New {new.plural} get no {', '.join(missing)}", todo)
        elif not given:
            yield fine(name, "None are needed")

    def _default(self, where: str, column: str, value: int | str, title: str) -> Iterator[Verdict]:
        table = _keyed(column)
        if table is None:
            yield fine(title, f"{value} (any value is taken)")
        elif self._exists(table, value):
            yield fine(title, f"{value} is in {table}")
        else:
            todo = f"Correct {column} under {where}, or add it in Visma Global"
            yield failed(title, f"There is no {value} in {table}", todo)

    def tells_the_time(self, name: str) -> Iterator[Verdict]:
        """Do Global's wall clock and the profile's time zone agree?"""
        zone = self.profile.company.timezone
        statement = select(func.getdate(type_=DateTime()).label("now"))
        theirs: datetime = self.database.read(statement)[0]["now"]
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
        return bool(self.database.read(select(column).where(column == key)))


def needed(profile: Profile) -> dict[str, set[str]]:
    """The tables and columns that every version of Global must have for all that we do there."""
    found: dict[str, set[str]] = {}
    looking, writing = grants.reading(profile), grants.writing(profile)
    for part in (looking.reads, writing.reads, writing.sets):
        for table, columns in part.items():
            found.setdefault(table, set()).update(columns - grants.OPTIONAL)
    return dict(sorted(found.items()))


def _list(name: str) -> Select[Any]:
    return lists.statements()[name]


def _keyed(column: str) -> str | None:
    """The table whose primary key this column points to."""
    own = ("Customer",)
    return next((n for n in TABLES if n not in own and tables.key_of(n) == column), None)
