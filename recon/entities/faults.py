"""What the checks of several entities look for: duplicates, rivals, guids astray, misfits.

Each function yields lines (system, key, text) for a check; none raises, none repairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from recon import text
from recon.errors import Refused
from recon.findings import Line as Line
from recon.shapes import Record, Side, Value
from recon.spec import Checkup, Context, GlobalSide, Scope

Key = Callable[[Record], Any]
NAMES: Mapping[Side, str] = {"global": "Visma Global", "severa": "Severa"}
SHOWN = 3


def groups(records: Iterable[Record], key: Key) -> dict[Any, list[Record]]:
    """Records by a key; those without one are left out."""
    found: dict[Any, list[Record]] = {}
    for record in records:
        value = key(record)
        if value is not None:
            found.setdefault(value, []).append(record)
    return found


def duplicates(records: Iterable[Record], key: Key, what: str) -> Iterator[Line]:
    """Records of one system that share a key, each with the others."""
    for value, several in groups(records, key).items():
        if len(several) > 1:
            for record in several:
                others = [other for other in several if other is not record]
                told = f"{record.name}: {what} {value} is also at {named(others)}"
                yield record.side, record.key, told, tuple((o.side, o.key) for o in others)


def named(records: list[Record]) -> str:
    """The first few records by name and number, and how many more there are."""
    shown = [f"{r.name} ({r.number or r.key})" for r in records[:SHOWN]]
    more = len(records) - SHOWN
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def rivals(checkup: Checkup, entity: str, equal: Key, different: Key) -> Iterator[Line]:
    """Pairs across the systems that agree in one key and not in the other, unless they are linked
    to each other."""
    theirs = groups(checkup.records(entity, "severa").values(), equal)
    for ours in checkup.records(entity, "global").values():
        key = equal(ours)
        for other in theirs.get(key, []) if key is not None else []:
            if different(ours) != different(other) and not _linked(checkup, entity, ours, other):
                yield "both", ours.key, _pair(ours, other), ((other.side, other.key),)


def _linked(checkup: Checkup, entity: str, ours: Record, theirs: Record) -> bool:
    link = checkup.link(entity, "global", ours.key)
    return link is not None and link.guid == theirs.key


def _pair(ours: Record, theirs: Record) -> str:
    left = f"{ours.name} ({ours.number or 'no number'})"
    return f"{left} in Visma Global, {theirs.name} ({theirs.number or 'no number'}) in Severa"


def concerned(
    checkup: Checkup, entity: str, side: Side, creatable: Callable[[Record, Context], Scope | None]
) -> Iterator[Record]:
    """The records of a side that are linked or would be created on the other side."""
    for record in checkup.records(entity, side).values():
        if checkup.link(entity, side, record.key) or creatable(record, checkup.context) is None:
            yield record


def guids_astray(checkup: Checkup, entity: str) -> Iterator[Line]:
    """Global rows whose SeveraGUID is no record of this kind in Severa."""
    live = checkup.records(entity, "severa")
    for record in checkup.records(entity, "global").values():
        if record.guid and record.guid not in live:
            yield "global", record.key, f"{record.name}: SeveraGUID {record.guid} is not in Severa"


def guids_twice(checkup: Checkup, entity: str) -> Iterator[Line]:
    """Global rows that carry the same SeveraGUID."""
    records = checkup.records(entity, "global").values()
    yield from duplicates(records, lambda record: record.guid, "SeveraGUID")


def written(side: GlobalSide, record: Record, ctx: Context) -> Iterator[tuple[str, str, str]]:
    """Table, column and text of all that a Severa record would write into Global."""
    row = Record(record.entity, "global", "0", {}, row="0", role=record.role)
    fields: dict[str, Value] = {k: v for k, v in record.fields.items() if v is not None}
    try:
        writes = side.update(row, fields, ctx)
    except (Refused, KeyError):
        return
    for write in writes:
        for column, value in write.values.items():
            if isinstance(value, str):
                yield write.table, column, value


def too_long(checkup: Checkup, side: GlobalSide, records: Iterable[Record]) -> Iterator[Line]:
    """Severa's texts that do not fit Global's columns."""
    for record in records:
        for table, column, value in written(side, record, checkup.context):
            limit = checkup.length(table, column)
            if limit is not None and len(value) > limit:
                where = f"{len(value)} characters, {table}.{column} takes {limit}"
                yield "severa", record.key, f"{record.name[:60]}: {where}"


def not_encodable(checkup: Checkup, side: GlobalSide, records: Iterable[Record]) -> Iterator[Line]:
    """Severa's texts with characters outside Windows-1252, in which Global may keep them."""
    for record in records:
        for table, column, value in written(side, record, checkup.context):
            bad = text.unencodable(value)
            if bad:
                where = f"{table}.{column} may not take {bad[:20]!r}"
                yield "severa", record.key, f"{record.name[:60]}: {where}"


def unknown_codes(records: Iterable[Record], field: str, what: str) -> Iterator[Line]:
    """Records with a code that the reference lists do not know."""
    for record in records:
        code = record.attributes.get("unknown", {}).get(field)
        if code is not None:
            yield record.side, record.key, f"{record.name}: unknown {what} {code}"


def both_sides(checkup: Checkup, entity: str) -> Iterator[Record]:
    """All records of an entity, Global's first."""
    yield from checkup.records(entity, "global").values()
    yield from checkup.records(entity, "severa").values()


def blocked(customer: Record) -> Iterator[str]:
    """Why a customer should not be used, in words; nothing where it can be."""
    facts: Mapping[str, object] = customer.attributes
    if not customer.fields.get("active"):
        yield "inactive"
    if facts.get("locked"):
        yield "locked"
    if facts.get("credit_blocked"):
        yield "credit-blocked"
    if facts.get("merged_to"):
        yield f"merged into {facts['merged_to']}"


def not_in_the_other(checkup: Checkup, records: Iterable[Record], kind: str) -> Iterator[Line]:
    """Records with a code (`kind` is the field's name, too) that the other system's list lacks."""
    lookup = checkup.context.lookup
    for record in records:
        code = record.fields.get(kind)
        there = lookup.to_severa if record.side == "global" else lookup.to_global
        if code is not None and there(kind, code) is None:
            system = NAMES["severa" if record.side == "global" else "global"]
            yield record.side, record.key, f"{record.name}: {kind} {code} is not in {system}"
