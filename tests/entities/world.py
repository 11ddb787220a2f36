"""A small company for the entities' tests: real lookups, Global in SQLite, records by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

import sqlalchemy as sa

from recon.entities import ENTITIES
from recon.links import Links
from recon.reference import Reference
from recon.settings import Profile
from recon.shapes import Link, Record, Side, Value
from recon.spec import Checkup, Context, Draft, Entity, Next, RowInsert, RowWrite, SeveraSide
from recon.systems import table_forms, tables
from recon.systems.row_values import clean_rows
from tests.engine import PROFILE
from tests.test_reference import DAY, GLOBAL, SEVERA

BY_NAME: Mapping[str, Entity] = {entity.name: entity for entity in ENTITIES}
PLAIN = Profile.model_validate({"company": {"name": "Prøve AS"}, "global": {}, "severa": {}})
# Documents run with cut-off dates alone, and only one way: they have tests of their own.
MASTER_DATA = tuple(entity for entity in ENTITIES if not entity.idle(PLAIN))
LISTS: Mapping[str, tuple[Entity, SeveraSide]] = {
    side.kind or entity.name: (entity, side)
    for entity in MASTER_DATA
    for side in entity.severa_sides
}
LOOKUP = Reference.build(SEVERA, GLOBAL, DAY)
PARENT = "00000000-0000-0000-0000-00000000000a"


def profile(**more: Mapping[str, Any]) -> Profile:
    """The company's profile with some tables replaced."""
    defaults = {"parent_business_unit": PARENT, "user_type": "Employee"}
    defaults |= {"permission_profile": "Medarbeider", "expense_class": "OtherTravelExpense"}
    severa = {**PROFILE["severa"], "defaults": defaults}
    transfer = {
        "new_employees": {"EmployeeCatNo": 4},
        "new_customers": {"CustomerTypeNo": 1, "CustomerGrpNo": 2, "CountryNo": 578},
        "new_articles": {"ArtTypeNo": 2, "PostingTemplateNo": 1},
        "article_kinds": {3: "travel_expense_type", 4: "work_type"},
        "posting_templates": {"12": 3},
        "new_projects": {"ProjectType": 1, "ProjectCategoryNo": 1},
        "internal_category": 2,
    }
    return Profile.model_validate({**PROFILE, "severa": severa, "transfer": transfer, **more})


@dataclass
class World:
    """Records of both sides; also what a check may look at."""

    known: dict[tuple[str, Side], dict[str, Record]] = field(default_factory=dict)
    links: dict[tuple[str, Side, str], Link] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    profile: Profile = field(default_factory=profile)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def context(self) -> Context:
        return Context(self.profile, LOOKUP, self.records)

    @property
    def checkup(self) -> Checkup:
        return cast(Checkup, self)

    def records(self, entity: str, side: Side) -> Mapping[str, Record]:
        return self.known.get((entity, side), {})

    def link(self, entity: str, side: Side, key: str) -> Link | None:
        return self.links.get((entity, side, key))

    def length(self, table: str, column: str) -> int | None:
        return self.lengths.get(f"{table}.{column}")

    def read(self, statement: Any) -> Sequence[Mapping[str, Any]]:
        table = statement.get_final_froms()[0].name
        return self.rows.get(table, [])

    def put(self, *records: Record) -> World:
        """Add records by hand."""
        for record in records:
            self.known.setdefault((record.entity, record.side), {})[record.key] = record
        return self

    def connect(self, entity: str, key: str, guid: str) -> World:
        """Link two records."""
        link = Link(entity, "", key, "", guid, entity, "2026-01-01", "test")
        self.links |= {(entity, "global", key): link, (entity, "severa", guid): link}
        return self

    def severa(self, name: str, *raw: Mapping[str, Any]) -> list[Record]:
        """Read raw Severa records of an entity, or of a kind, into the world."""
        found = list(LISTS[name][1].records(list(raw), self.context))
        self.put(*(record for record in found if "unreadable" not in record.attributes))
        return found

    def findings(self, entity: str, check: str) -> list[tuple[str, str]]:
        """What one check of an entity finds: (system, key)."""
        return [(system, key) for system, key, _ in self.lines(entity, check)]

    def lines(self, entity: str, check: str) -> list[tuple[str, str, str]]:
        found = next(one for one in BY_NAME[entity].checks if one.name == check)
        return [line[:3] for line in found.find(self.checkup)]


def _cleaned(result: sa.CursorResult[Any]) -> list[dict[str, Any]]:
    """Rows as the transport hands them on."""
    return clean_rows(result.keys(), result)


class Database:
    """Visma Global's tables in SQLite, as bare as that; rows are written as the engine would."""

    def __init__(self) -> None:
        self.engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool).execution_options(
            schema_translate_map={table_forms.SCHEMA: None}
        )
        table_forms.metadata.create_all(self.engine)
        self._next = 5000

    def add(self, table: str, **values: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(sa.insert(tables.TABLES[table]).values(**values))

    def row(self, table: str, key: int | str) -> Mapping[str, Any]:
        here = tables.TABLES[table]
        with self.engine.begin() as connection:
            found = connection.execute(
                sa.select(here).where(here.c[tables.key_of(table)] == key)
            ).mappings()
            return dict(found.one())

    def read(self, world: World, entity: str) -> dict[str, Record]:
        """An entity's records as its own statements and functions read them, kept in the world."""
        made = self.records(BY_NAME[entity], world.profile, world.context)
        found = {record.key: record for record in made}
        world.known[entity, "global"] = found
        return found

    def records(self, entity: Entity, profile: Profile, context: Context) -> list[Record]:
        """An entity's records as its own statements and functions read them."""
        side = entity.global_side
        with self.engine.begin() as connection:
            raw = {
                name: _cleaned(connection.execute(statement))
                for name, statement in side.selects(profile).items()
            }
        return list(side.records(raw, context))

    def write(self, writes: Sequence[RowWrite], guid: str | None = None) -> None:
        """Do an entity's writes; a number of a series is given once."""
        numbers: dict[Next, int] = {}
        with self.engine.begin() as connection:
            for write in writes:
                table = tables.TABLES[write.table]
                values = {name: self._number(v, numbers) for name, v in write.values.items()}
                if isinstance(write, RowInsert):
                    extra = {"SeveraGUID": guid} if guid else {}
                    connection.execute(sa.insert(table).values(**values, **extra))
                    continue
                row = self._number(write.row, numbers)
                where = table.c[write.key] == row
                done = connection.execute(sa.update(table).where(where).values(**values))
                assert done.rowcount == 1

    def _number(self, value: Any, numbers: dict[Next, int]) -> Any:
        if not isinstance(value, Next):
            return float(value) if isinstance(value, Decimal) else value
        if value not in numbers:
            self._next += 1
            numbers[value] = self._next
        return numbers[value]


def draft(
    source: Record,
    *,
    parent: str | None = None,
    number: str | None = None,
    links: Links | None = None,
) -> Draft:
    """What is to be created from a record; with links, its references are the target's keys."""
    fields = translated(source, links) if links else source.fields
    return Draft(fields, number, source.role, parent, source)


def translated(source: Record, links: Links) -> dict[str, Value]:
    """A record's fields with references as keys of the other system, None where not linked."""
    fields = dict(source.fields)
    for one in BY_NAME[source.entity].fields:
        if one.refers and fields.get(one.name) is not None:
            key = str(fields[one.name])
            fields[one.name] = links.counterpart(one.refers, source.side, key)
    return fields
