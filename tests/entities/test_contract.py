"""What every entity must keep: readable either way, and what is written reads back the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from sqlalchemy.dialects import mssql

from recon.compare import forms
from recon.entities import ENTITIES
from recon.errors import ReconError
from recon.shapes import Record, Side
from recon.spec import Entity, RowInsert
from recon.systems import tables
from recon.systems.severa_patch import PATCHABLE
from tests.entities import cases
from tests.entities.world import (
    BY_NAME,
    LISTS,
    MASTER_DATA,
    Database,
    World,
    draft,
    profile,
    translated,
)

CONTRACT = json.loads((Path(__file__).parents[1] / "contract" / "severa.json").read_text("utf-8"))
DOCUMENTS = profile(
    **{"global": {"books": {"suppliers": [4], "cost_accounts": [[4000, 5999], [7000, 7999]]}}},
    transfer={"costs_from": "2026-01-01"},
)
SQL_SERVER: Any = mssql.dialect()  # type: ignore[no-untyped-call]
ALL = pytest.mark.parametrize("entity", ENTITIES, ids=[entity.name for entity in ENTITIES])
EVERY = pytest.mark.parametrize("entity", MASTER_DATA, ids=[entity.name for entity in MASTER_DATA])
EACH_LIST = pytest.mark.parametrize("name", LISTS)
DIRT: tuple[Any, ...] = (None, "", 0, -1, 1.5, "x", [], {}, ["x"], {"x": 1}, True, "9" * 40)


@pytest.fixture
def database() -> Database:
    made = Database()
    cases.fill(made)
    return made


def _world(database: Database) -> World:
    """Both systems read."""
    world = World()
    for name, (entity, _) in LISTS.items():
        if name in cases.SEVERA:
            database.read(world, entity.name)
            world.severa(name, cases.SEVERA[name])
    return world


def _sources(world: World, name: str, side: Side) -> list[Record]:
    """The records that live, or would live, in a list of Severa."""
    entity, severa = LISTS[name]
    return [r for r in world.records(entity.name, side).values() if r.kind == severa.kind]


def test_they_run_in_an_order_in_which_what_is_needed_comes_first() -> None:
    seen: set[str] = set()
    for entity in ENTITIES:
        assert set(entity.needs) <= seen
        assert entity.parent is None or entity.parent in entity.needs
        seen.add(entity.name)


@ALL
def test_statements_compile_for_sql_server(entity: Entity) -> None:
    assert entity.global_side.statements().keys() == entity.global_side.scope.keys()
    for name, statement in entity.global_side.selects(DOCUMENTS).items():
        narrowed = statement.where(entity.global_side.scope[name] == 1)
        text = str(narrowed.compile(dialect=SQL_SERVER))
        assert text.startswith("SELECT ") and "LIMIT" not in text


@EVERY
def test_fields_name_columns_and_properties_that_exist(entity: Entity) -> None:
    patchable = set().union(*(PATCHABLE[side.resource] for side in entity.severa_sides))
    for field in entity.fields:
        for column in field.global_name.split(", "):
            table, _, name = column.partition(".")
            assert name in tables.TABLES[table].c, column
        if field.direction != "to_global":
            assert set(field.severa_name.split(", ")) <= patchable
    assert len({field.name for field in entity.fields}) == len(entity.fields)


@EVERY
def test_global_side_names_a_table_and_its_key(entity: Entity) -> None:
    side = entity.global_side
    assert tables.key_of(side.table) == side.key
    assert bool(side.series) == (entity.name not in ("address", "communication"))


@EVERY
def test_both_sides_give_records_with_the_declared_fields(
    entity: Entity, database: Database
) -> None:
    world = _world(database)
    names = {field.name for field in entity.fields}
    for side in ("global", "severa"):
        found = world.records(entity.name, side)
        assert found
        for key, record in found.items():
            assert (record.entity, record.side, record.key) == (entity.name, side, key)
            assert set(record.fields) <= names
            assert "unreadable" not in record.attributes
            assert forms(entity, record, cases.LINKS).keys() == record.fields.keys()
            json.dumps(forms(entity, record, cases.LINKS))


@EACH_LIST
def test_what_is_created_in_global_reads_back_the_same(name: str, database: Database) -> None:
    entity, world = LISTS[name][0], _world(database)
    source = _sources(world, name, "severa")[0]
    before = database.read(world, entity.name)
    if entity.parent:
        database.add("Customer", CustomerNo=20, Name="Ny AS", InvoiceAdressNo=0)
    if entity.name == "communication":
        database.add("Contact", ContactNo=21, CustomerNo=20, Name="Ny")
    parent = {"address": "20", "contact": "20", "communication": "21"}.get(entity.name)
    number = "77" if entity.numbered else None
    writes = entity.global_side.insert(
        draft(source, parent=parent, number=number, links=cases.LINKS), world.context
    )
    database.write(writes, source.key)
    after = database.read(world, entity.name)
    made = [r for key, r in after.items() if key not in before and r.role == source.role]
    assert len(made) == 1
    for field, value in forms(entity, made[0], cases.LINKS).items():
        assert value == forms(entity, source, cases.LINKS)[field], field
    if any(isinstance(write, RowInsert) for write in writes):
        assert made[0].guid == source.key


@EACH_LIST
def test_what_is_created_in_severa_reads_back_the_same(name: str, database: Database) -> None:
    (entity, side), world = LISTS[name], _world(database)
    for source in _sources(world, name, "global"):
        if entity.creatable(source, world.context):
            continue
        parent = {"address": cases.CUSTOMER, "contact": cases.CUSTOMER}.get(
            entity.name, cases.CONTACT
        )
        path, body = side.create(
            draft(
                source,
                parent=parent if entity.parent else None,
                number=source.number,
                links=cases.LINKS,
            ),
            world.context,
        )
        _valid(path, "post", _json(body))
        answer = {**cases.SEVERA[name], **_blank(entity), **body, "guid": cases.MADE}
        made = world.severa(name, answer)[-1]
        assert (made.key, made.role) == (cases.MADE, source.role)
        mine, wanted = forms(entity, made, cases.LINKS), forms(entity, source, cases.LINKS)
        for field in wanted.keys() - side.withheld(world.context):
            assert mine[field] == wanted[field], field


def _blank(entity: Entity) -> dict[str, Any]:
    """What Severa would hold of properties that were not sent."""
    names = [name for field in entity.fields for name in field.severa_name.split(", ")]
    return dict.fromkeys(names) if entity.name != "address" else dict.fromkeys(names[:-3])


def _json(body: Any) -> Any:
    """The body as the transport sends it."""
    return json.loads(json.dumps(body, default=float))


def _valid(path: str, method: str, body: Any) -> None:
    """The body is what Severa's contract takes."""
    templates = {t.split("{")[0]: t for t in CONTRACT["paths"] if method in CONTRACT["paths"][t]}
    found = path if path in CONTRACT["paths"] else None
    if found is None:
        found = next(
            t for s, t in templates.items() if path.startswith(s) and t.endswith(path[-9:])
        )
    schema = CONTRACT["paths"][found][method]["requestBody"]["content"]["application/json"]
    whole = {"components": CONTRACT["components"], **schema["schema"]}
    jsonschema.Draft202012Validator(whole).validate(body)


@EACH_LIST
def test_a_change_of_every_field_is_patched_and_updated(name: str, database: Database) -> None:
    (entity, side), world = LISTS[name], _world(database)
    ours = next(r for r in _sources(world, name, "global") if r.fields)
    theirs = _sources(world, name, "severa")[0]
    for field, value in translated(theirs, cases.LINKS).items():
        writes = entity.global_side.update(ours, {field: value}, world.context)
        database.write(writes)
        now = database.read(world, entity.name)[ours.key]
        if field != "roles" and entity.field(field).direction in ("both", "to_global"):
            assert (
                forms(entity, now, cases.LINKS)[field] == forms(entity, theirs, cases.LINKS)[field]
            )
    for field, value in translated(ours, cases.LINKS).items():
        if entity.field(field).direction == "to_global":
            continue
        patch = side.patch(theirs, {field: value}, world.context)
        assert patch.keys() <= PATCHABLE[side.resource].keys()
        assert patch


@EACH_LIST
@pytest.mark.parametrize("dirt", DIRT, ids=repr)
def test_dirt_in_any_property_is_read_or_collected(name: str, dirt: Any) -> None:
    (entity, side), clean = LISTS[name], cases.SEVERA[name]
    for word in [*clean, "communicationType", "salesStatus"]:
        found = list(side.records([{**clean, word: dirt}], World().context))
        assert len(found) <= 1
        for record in found:
            assert record.key
            forms(entity, record, cases.LINKS)
            json.dumps(record.attributes.get("unreadable", ""))


@EVERY
@pytest.mark.parametrize("dirt", DIRT, ids=repr)
def test_dirt_in_any_column_is_read_or_collected(entity: Entity, dirt: Any) -> None:
    database, world = Database(), World()
    cases.fill(database)
    side = entity.global_side
    with database.engine.begin() as connection:
        name, statement = next(iter(side.statements().items()))
        row = dict(next(iter(connection.execute(statement).mappings())))
    for column in row:
        for record in side.records({name: [{**row, column: dirt}]}, world.context):
            assert record.key
            forms(entity, record, cases.LINKS)


@EACH_LIST
def test_one_bad_row_never_stops_the_others(name: str) -> None:
    (entity, side), clean = LISTS[name], cases.SEVERA[name]
    bad: list[Any] = [{**clean, "guid": 7.5}, {"guid": None}, {}, {**clean, "guid": ["x"]}, "x"]
    found = list(side.records([*bad, clean], World().context))
    fine = [record for record in found if "unreadable" not in record.attributes]
    assert clean["guid"] in [record.key for record in fine]
    for record in found:
        if record not in fine:
            assert entity.name == record.entity and record.attributes["unreadable"]


@EACH_LIST
def test_a_record_that_lacks_all_is_refused_in_words_or_written(name: str) -> None:
    (entity, severa), world = LISTS[name], World()
    for side in ("global", "severa"):
        bare = Record(entity.name, side, "1", {}, role="postal" if entity.name == "address" else "")
        make = severa.create if side == "global" else entity.global_side.insert
        with pytest.raises(ReconError) as caught:
            make(draft(bare), world.context)
        assert caught.value.todo


@EVERY
def test_checks_are_named_for_faults_and_say_where_to_fix(entity: Entity) -> None:
    names = [check.name for check in entity.checks]
    assert len(set(names)) == len(names) >= 5
    for check in entity.checks:
        assert check.where_to_fix
        assert check.line.endswith((".", "transfer", "used.")) and check.line[0].isupper()


@EVERY
def test_checks_run_on_an_empty_and_on_a_small_company(entity: Entity, database: Database) -> None:
    for world in (World(), _world(database)):
        for check in entity.checks:
            for system, _key, text, *_beside in check.find(world.checkup):
                assert system in ("global", "severa", "both") and text


@EVERY
def test_rules_give_hashable_keys_and_connect_first(entity: Entity, database: Database) -> None:
    world = _world(database)
    assert entity.rules[0].connects
    for rule in entity.rules:
        assert rule.words
        for side in ("global", "severa"):
            for record in world.records(entity.name, side).values():
                hash(rule.key(record))
            assert rule.key(Record(entity.name, side, "x", {})) is None


def test_records_of_another_company_stay_out() -> None:
    severa = {"base_url": "http://127.0.0.1:9", "client_id": "env:A", "client_secret": "env:B"}
    world = World(profile=profile(severa={**severa, "company": "other"}))
    found = world.severa("business_unit", cases.SEVERA["business_unit"])[0]
    scope = BY_NAME["business_unit"].creatable(found, world.context)
    assert scope and "another company" in scope.reason
    assert all(rule.key(found) is None for rule in BY_NAME["business_unit"].rules)
