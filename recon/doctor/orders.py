"""The doctor's comparison of our orders with those that Global's users made.

Which columns a valid order needs is told by no document. So what the users' orders have, and ours
would not have, is shown before the first order is written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    Float,
    Integer,
    MetaData,
    Select,
    Table,
    Unicode,
    and_,
    or_,
    select,
)
from sqlalchemy.types import TypeEngine

from recon.doctor import grants
from recon.doctor.lists import LINES, ORDERS
from recon.doctor.means import Database, Row
from recon.doctor.rights import hidden
from recon.doctor.verdict import Verdict, fine, warning
from recon.entities.invoice import ENTITY
from recon.settings import Profile
from recon.systems.document_tables import customer_order, customer_order_copy
from recon.systems.table_forms import GUID, SCHEMA, private

NEWEST, MOST_SHOWN, USUAL = 20, 15, 0.8
NUMBERS = ("OrderNo", "OrderCopyNo")
# Numbers, moments and links of a row's own, which say nothing about how an order is made.
OWN = frozenset({GUID, "UniqueID", "OrderNo", "OrderCopyNo", "OriginalOrderNo", "LastUpdatedBy"})
KINDS: Mapping[str, TypeEngine[Any]] = MappingProxyType(
    {"text": Unicode(), "integer": Integer(), "number": Float(53), "moment": DateTime()}
)


def users_orders(profile: Profile, database: Database, name: str) -> Iterator[Verdict]:
    """Would our orders have what the newest ones have that Global's users made?"""
    orders, lines = _newest(profile, database)
    if not orders:
        text = "Visma Global has no order that its users made: ours cannot be compared with any"
        yield warning(name, text, "Make an order by hand there, of the type of ours, and ask again")
        return
    found = [
        (_gaps(orders, _ours(profile, ORDERS[0])), "", f"{len(orders)} orders"),
        (_gaps(lines, _ours(profile, LINES[0])), ", lines", f"{len(lines)} lines"),
    ]
    for gaps, part, seen in found:
        if gaps:
            text = f"The newest {seen} of users have, and ours would not: {_words(gaps)}"
            todo = "Ask who knows this installation whether an order needs them; set those that it "
            todo += "needs under new and new_lines in [transfer.orders] of the profile"
            yield warning(name + part, text, todo)
        else:
            yield fine(name + part, f"Ours would have all that the newest {seen} of users have")


def _newest(profile: Profile, database: Database) -> tuple[list[Row], list[Row]]:
    """The newest orders of users, open or invoiced, and their lines."""
    orders: list[Row] = []
    lines: list[Row] = []
    for order, line, number in zip(ORDERS, LINES, NUMBERS, strict=True):
        source = customer_order if order == ORDERS[0] else customer_order_copy
        by_user = and_(
            or_(source.c[GUID].is_(None), source.c[GUID] == ""),
            source.c.OrderType == profile.transfer.orders.type,
        )
        keys = select(source.c[number]).where(by_user).order_by(source.c.Created.desc())
        found = [str(row[number]) for row in database.read(keys.limit(NEWEST))]
        if found:
            orders += database.read(_rows(profile, database, order, (number, found)))
            lines += database.read(_rows(profile, database, line, (number, found)))
    return orders, [row for row in lines if row.get("ArticleNo")]


def _rows(
    profile: Profile, database: Database, table: str, of: tuple[str, Sequence[str]]
) -> Select[Any]:
    """All columns of these orders that the login may see."""
    kinds = {
        name: KINDS[column.kind]
        for name, column in database.catalogue(table).items()
        if column.kind in KINDS and not private(name)
    }
    lacking = hidden(profile, database, table, list(kinds))
    seen = [Column(name, kind) for name, kind in kinds.items() if name not in lacking]
    rows = Table(table, MetaData(schema=SCHEMA), *seen)
    return select(*rows.c).where(rows.c[of[0]].in_(of[1]))


def _ours(profile: Profile, table: str) -> set[str]:
    """The columns that our new rows of a table fill, with those that Global fills itself."""
    stamps = {"Created", "CreatedBy", "LastUpdate"}
    return grants.new_rows(ENTITY, profile, table) | stamps | OWN


def _gaps(theirs: Sequence[Row], ours: Collection[str]) -> list[tuple[str, set[Any]]]:
    """The columns that most of their rows fill and ours do not, with the values found there."""
    names = sorted({name for row in theirs for name in row} - set(ours))
    values = {name: [row[name] for row in theirs if row.get(name)] for name in names}
    usual = max(1.0, USUAL * len(theirs))
    return [(name, set(found)) for name, found in values.items() if len(found) >= usual]


def _words(gaps: Sequence[tuple[str, set[Any]]]) -> str:
    shown = [_word(*gap) for gap in gaps[:MOST_SHOWN]]
    more = len(gaps) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _word(name: str, values: set[Any]) -> str:
    """A column, with its value where it is one whole number for all: most likely a code."""
    (only, *others) = values
    return f"{name} ({only})" if isinstance(only, int) and not others else name
