"""What the workbench reads and writes in Global, table by table: found from its own code.

What an entity writes is found by handing made-up rows and drafts to its pure functions, so that a
new entity needs no word here. Rights, SQL script and the doctor's answers rest on this alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ClauseElement, Column, Select, Table
from sqlalchemy.sql import visitors

from recon import rates, reference
from recon.doctor import lists
from recon.entities import running
from recon.entities.invoice import ENTITY as INVOICE
from recon.entities.supplier_cost import ENTITY as SUPPLIER_COST
from recon.errors import ReconError
from recon.settings import Profile
from recon.shapes import Record, Value
from recon.spec import Context, Draft, Entity, Field, Next, RowInsert, RowWrite
from recon.systems.document_tables import LEDGERS
from recon.systems.table_forms import GUID, PRIVATE
from recon.systems.tables import TABLES, key_of
from recon.systems.transaction import SERIES, Series, series_of

FILLING = "UtilityBits"
OPTIONAL = frozenset({GUID, FILLING})
CHANGES = frozenset({"LastUpdate", "LastUpdatedBy"})
Columns = dict[str, set[str]]


@dataclass(slots=True)
class Use:
    """What is done in Global: the columns read and set per table, and the tables inserted into."""

    reads: Columns = field(default_factory=dict)
    sets: Columns = field(default_factory=dict)
    inserts: set[str] = field(default_factory=set)

    def add_reads(self, table: str, columns: Iterable[str]) -> None:
        """Note columns as read; private ones never are."""
        public = {name for name in columns if name.casefold() not in PRIVATE}
        self.reads.setdefault(table, set()).update(public)

    def add_sets(self, table: str, columns: Iterable[str]) -> None:
        """Note columns as set, with the stamps that go with every update."""
        stamps = set() if table in LEDGERS else CHANGES & set(TABLES[table].c.keys())
        self.sets.setdefault(table, set()).update(columns, stamps)

    @property
    def written(self) -> set[str]:
        """The tables in which anything is written."""
        return self.inserts | set(self.sets)

    def beyond(self, other: Use) -> Use:
        """This, without what the other reads."""
        rest = {table: names - other.reads.get(table, set()) for table, names in self.reads.items()}
        return Use(
            {table: names for table, names in rest.items() if names}, self.sets, self.inserts
        )


def reading(profile: Profile) -> Use:
    """What every command that only looks does: doctor, check, propose, plan, report."""
    use = Use()
    for statement in selects(profile):
        for part in visitors.iterate(statement):
            if isinstance(part, Table):
                use.add_reads(part.name, ())
            if isinstance(part, Column) and isinstance(part.table, Table):
                use.add_reads(part.table.name, [part.name])
    for table in lookups(profile):
        use.add_reads(table, [key_of(table)])
    return use


def writing(profile: Profile) -> Use:
    """What onboard, sync and apply do more than `reading`, for the entities that are not off."""
    use = Use()
    for entity in running(profile):
        if profile.transfer.direction(entity.name) != "off":
            _write(use, entity, profile)
    for table in use.written - {series.parameter for series in SERIES}:
        use.add_reads(table, [key_of(table), *({GUID} & set(TABLES[table].c.keys()))])
        if table in use.inserts:
            use.add_reads(table, [FILLING])
    for series in SERIES:
        rule = profile.global_.numbers.get(series.table.casefold())
        if series.table in use.inserts and rule and rule.policy == "series":
            _count(use, series)
    return use


def linked(profile: Profile) -> list[str]:
    """The tables in whose rows links stand."""
    return sorted({table for entity in running(profile) for table in _linked(entity, profile)})


def lookups(profile: Profile) -> list[str]:
    """The tables to which a column of a table with new rows may point, so that the profile's
    defaults for it can be looked up."""
    owners = {one.global_side.table for one in running(profile) if one.global_side.series}
    columns = set().union(*(TABLES[table].columns.keys() for table in owners))
    alone = [name for name, table in TABLES.items() if len(table.primary_key.columns) == 1]
    return sorted(name for name in alone if key_of(name) in columns and name not in owners)


def new_rows(entity: Entity, profile: Profile, table: str = "") -> set[str]:
    """The columns of its own table (or of another one) that a new record of this entity fills."""
    made = [w for w in _inserts(entity, profile) if isinstance(w, RowInsert)]
    found = [write for write in made if write.table == (table or entity.global_side.table)]
    copied = {name for write in found if write.copied for name in write.copied.columns}
    return copied.union(*(write.values for write in found))


def selects(profile: Profile) -> Iterator[ClauseElement]:
    """All selects whose columns are known beforehand, and the columns that narrow them."""
    yield from reference.statements().values()
    yield from rates.statements(profile.transfer.costs_from).values()
    yield from lists.statements().values()
    yield from (lists.guids(table) for table in linked(profile))
    if INVOICE in running(profile):
        yield from lists.documents()
    if SUPPLIER_COST in running(profile):
        yield from (lists.voucher_types(), lists.accounts())
    for entity in running(profile):
        side = entity.global_side
        yield from side.selects(profile).values()
        if side.earlier:
            yield side.earlier(profile)
        for several in side.changed.values():
            yield from several
        yield from (*side.scope.values(), *side.under.values())


# --- what an entity writes --------------------------------------------------------------------


def _write(use: Use, entity: Entity, profile: Profile) -> None:
    creates = profile.transfer.direction(entity.name) in ("both", "to_global")
    if creates and entity.global_side.series:
        use.inserts.add(entity.global_side.table)
    for write in (*(_inserts(entity, profile) if creates else ()), *_updates(entity, profile)):
        if isinstance(write, RowInsert):
            _inserted(use, write, profile)
        else:
            use.add_sets(write.table, write.values)
    if entity.global_side.example is None:  # else its rows get their SeveraGUID when they are made
        for table in _linked(entity, profile):
            use.add_sets(table, [GUID])


def _inserted(use: Use, write: RowInsert, profile: Profile) -> None:
    """A row's table, what it takes over from another row, and the series that Global counts."""
    use.inserts.add(write.table)
    if write.copied:
        use.add_reads(
            write.copied.table,
            [key_of(write.copied.table), *write.copied.columns, *write.copied.clear],
        )
    for value in write.values.values():
        if isinstance(value, Next) and value.counted:
            rule = profile.global_.numbers.get(value.series)
            if rule is None or rule.policy == "series":
                _count(use, series_of(value.series))


def _count(use: Use, series: Series) -> None:
    use.add_reads(series.parameter, [series.column])
    use.sets.setdefault(series.parameter, set()).add(series.column)


def _inserts(entity: Entity, profile: Profile) -> Iterator[RowWrite]:
    ctx = _context(profile)
    if entity.global_side.example:
        yield from entity.global_side.example(ctx)
    for record in _samples(entity, ctx):
        for draft in _drafts(entity, record):
            yield from _tried(lambda d=draft: entity.global_side.insert(d, ctx))


def _drafts(entity: Entity, record: Record) -> Iterator[Draft]:
    """Drafts in which all is filled, of each kind, with every yes or no."""
    for kind in {side.kind for side in entity.severa_sides}:
        source = replace(record, kind=kind)
        for position in (0, 1):
            full = {
                f.name: _values(f)[position if f.type == "boolean" else 0] for f in entity.fields
            }
            yield Draft(full, "1", record.role, "1", source)


def _updates(entity: Entity, profile: Profile) -> Iterator[RowWrite]:
    ctx, side = _context(profile), entity.global_side
    for record in _samples(entity, ctx):
        for one in entity.fields:
            if one.direction in ("both", "to_global"):
                for value in {record.fields.get(one.name), *_values(one)}:
                    change = {one.name: value}
                    yield from _tried(lambda r=record, c=change: side.update(r, c, ctx))


def _tried(write: Any) -> list[RowWrite]:
    """What a function writes; nothing where it does not take what was made up."""
    try:
        return list(write())
    except (ReconError, ArithmeticError, LookupError, TypeError, ValueError):
        return []


def _linked(entity: Entity, profile: Profile) -> set[str]:
    side = entity.global_side
    return {
        record.table
        for record in _samples(entity, _context(profile))
        if record.attributes.get("carries_guid", side.carries_guid)
        and GUID in TABLES[record.table].c
    }


# --- made-up rows -------------------------------------------------------------------------------


class _Anything:
    """Lookups in which everything is found."""

    def to_global(self, _kind: str, _value: Value) -> Any:
        return 1

    def to_severa(self, _kind: str, _value: Value) -> str | None:
        return "1"

    def from_global(self, _kind: str, _key: Any) -> Value:
        return "1"

    def from_severa(self, _kind: str, _guid: str | None) -> Value:
        return "1"

    def tax_rate(self, _tax_class: int, _day: date) -> str | None:
        return "1"

    def exchange_rate(self, _currency: str, _day: date) -> Decimal | None:
        return Decimal(1)


def _nothing_set() -> Profile:
    return Profile.model_validate({"company": {"name": "-"}, "global": {}, "severa": {}})


def _context(profile: Profile | None) -> Context:
    known = profile or _nothing_set()
    return Context(known, _Anything(), lambda entity, side: {})


def _samples(entity: Entity, ctx: Context) -> list[Record]:
    """The records of rows in which all is filled, and of those in which one text alone is."""
    side = entity.global_side
    statements = side.statements()
    texts = {c.name for s in statements.values() for c in s.selected_columns if _cell(c) == "1"}
    return [
        record
        for alone in (None, *sorted(texts))
        for record in side.records({n: [_row(s, alone)] for n, s in statements.items()}, ctx)
        if record.table
    ]


def _row(statement: Select[Any], alone: str | None) -> dict[str, Any]:
    """A row of a statement; where a text is to stand alone, all other texts are empty."""
    found = {column.name: _cell(column) for column in statement.selected_columns}
    if alone is None:
        return found
    return {name: None if v == "1" and name != alone else v for name, v in found.items()}


def _cell(column: Any) -> Any:
    kinds = {int: 1, str: "1", float: Decimal(1), datetime: datetime(2001, 1, 1)}
    return kinds.get(column.type.python_type)


def _values(one: Field) -> tuple[Value, ...]:
    """Values that a field can take, first the most usual."""
    kinds: Mapping[str, tuple[Value, ...]] = {
        "text": ("1", "a b", None),
        "integer": (1, None),
        "decimal": (Decimal(1), None),
        "boolean": (True, False),
        "date": (date(2001, 1, 1), None),
    }
    return ("1", None) if one.refers else kinds[one.type]
