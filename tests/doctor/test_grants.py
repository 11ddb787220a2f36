"""The grants are held to the code: nothing used is ungranted, nothing granted is unused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import mssql

from recon import flow
from recon.doctor import grants, lists
from recon.doctor.grants import Columns, Use
from recon.entities import ENTITIES
from recon.sandbox import acts_global, acts_invoices, acts_severa, world
from recon.sandbox.acts_invoices import Entry
from recon.sandbox.world import World
from recon.settings import Profile, load
from recon.shapes import Record
from recon.spec import RowInsert, RowUpdate
from recon.systems.table_forms import PRIVATE
from recon.systems.tables import TABLES
from tests.company import Sandbox
from tests.doctor.watched import Watched
from tests.engine import entity as thing
from tests.waiving import rehearsed

pytestmark = pytest.mark.slow

SCHEMA = "ProvefjordAS"

# Granted, though an onboarding need not use it, each with its reason.
SIBLING = "read from a sibling row, where the column has no default"
DEFAULT = "looked up where the profile gives new rows such a default"
UNUSED = {
    **{("SELECT", table, "UtilityBits"): SIBLING for table in TABLES},
    ("SELECT", "PostOffice", "PostCode"): DEFAULT,
    ("SELECT", "Supplier", "SupplierNo"): DEFAULT,
    ("SELECT", "TaxClass", "TaxClassNo"): DEFAULT,
    ("SELECT", "DebLTransaction", "LastUpdate"): "read by a sync, for what changed since",
}


def less(use: Columns, other: Columns) -> set[tuple[str, str]]:
    """The columns of one that the other does not have."""
    return {(t, c) for t, columns in use.items() for c in columns - other.get(t, set())}


def joined(one: Columns, another: Columns) -> Columns:
    return {t: one.get(t, set()) | another.get(t, set()) for t in {*one, *another}}


@dataclass
class Told:
    """What two parts of the work were seen to do, and the updates that real records would get."""

    profile: Profile
    looking: Watched
    writing: Watched
    updates: Columns


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    sandbox = Sandbox.make(tmp_path_factory.mktemp("grants") / "company", 40)
    sandbox.settings(lambda text: text.replace("[master]", '[master]\ninitial = "master"'))
    world.documents_on(sandbox.profile, date(2026, 1, 1))
    sandbox.acts(busy)
    looking, writing = Watched(SCHEMA), Watched(SCHEMA)
    with sandbox.open() as bench:
        looking.on(bench.visma_global.engine)
        flow.doctor(bench)
        flow.check(bench)
        flow.propose(bench)
        checksum = rehearsed(bench).checksum
        flow.report(bench)
        for statement in (*lists.statements().values(), *lists.documents()):
            bench.visma_global.read(statement)
    with sandbox.open() as bench:
        writing.on(bench.visma_global.engine)
        facts = flow.onboard(bench, checksum)
        assert any(op.kind == "update" and op.system == "global" for op, *_ in facts.operations)
        updates = would_be_set(bench)
    yield Told(load(sandbox.profile), looking, writing, updates)
    sandbox.end()


def busy(world: World) -> None:
    """What a seeded company has none of: new addresses, a phone or name in two columns."""
    land = {"guid": acts_severa.country(world, "NO")}
    flags = ("isBillingAddress", "isVisitAddress")
    for customer in world.severa.all("customers"):
        for flag in flags:
            only = dict.fromkeys(("isPostalAddress", *flags), False) | {flag: True}
            address = {"addressline": f"Nygata {flag}", "city": "OSLO", "country": land, **only}
            world.severa.call("POST", f"/v1/customers/{customer['guid']}/addresses", address)
    named = {"Name": "Kari", "FamilyName": "Vik"}
    acts_global.edit(world, "Employee", acts_global.rows(world, "Employee")[1]["EmployeeNo"], named)
    for contact in acts_global.rows(world, "Contact")[::2]:
        phones = {"DirectTelephone": "", "InternalTelephone": "22 33 44 55"}
        acts_global.edit(world, "Contact", contact["ContactNo"], phones)
    for project in world.severa.all("projects"):
        if not (project["isClosed"] or project["isInternal"]):
            acts_invoices.register_hours(world, project["guid"], Entry())
            drafted = acts_invoices.draft_invoice(world, project["guid"], "2026-11-20")
            acts_invoices.release(world, drafted)


def would_be_set(bench: flow.Bench) -> Columns:
    """The columns that an update of each field of each real record sets."""
    found: Columns = {}
    for entity in ENTITIES:
        for record in bench.mirror.records(entity.name, "global").values():
            for name, value in record.fields.items():
                if entity.name == "invoice":  # an order is never changed after it was made
                    continue
                for write in entity.global_side.update(record, {name: value}, bench.context):
                    assert isinstance(write, RowUpdate)
                    found.setdefault(write.table, set()).update(write.values)
    return found


# Names of project types are shown where the table is there and may be read; else an example is.
WHERE_IT_IS_THERE = {("TimeProjectType", "ProjectTypeNo"), ("TimeProjectType", "Name")}


def test_looking_reads_what_the_reader_may_and_writes_nothing(told: Told) -> None:
    seen = told.looking
    assert less(seen.reads, grants.reading(told.profile).reads) <= WHERE_IT_IS_THERE
    assert (seen.inserts, dict(seen.sets), seen.others) == (set(), {}, set())


def test_writing_does_what_the_writer_may(told: Told) -> None:
    seen, may = told.writing, grants.writing(told.profile)
    assert less(seen.reads, joined(grants.reading(told.profile).reads, may.reads)) == set()
    assert less(seen.sets, may.sets) == set()
    assert seen.inserts - may.inserts == set()
    assert seen.others == set()


def test_nothing_is_granted_in_vain(told: Told) -> None:
    looking, writing = grants.reading(told.profile), grants.writing(told.profile)
    read = joined(told.looking.reads, told.writing.reads)
    vain = {("SELECT", *one) for one in less(joined(looking.reads, writing.reads), read)}
    vain |= {
        ("UPDATE", *one) for one in less(writing.sets, joined(told.writing.sets, told.updates))
    }
    vain |= {("INSERT", table, "") for table in writing.inserts - told.writing.inserts}
    assert vain - set(UNUSED) == set()
    assert {one for one, why in UNUSED.items() if why == DEFAULT} - vain == set(), "no longer so"


def rights(**transfer: Any) -> Use:
    tables = {"company": {"name": "Prøve AS"}, "global": transfer.pop("glob", {}), "severa": {}}
    return grants.writing(Profile.model_validate({**tables, "transfer": transfer}))


def test_an_entity_that_is_off_is_not_written() -> None:
    off = rights(entities=dict.fromkeys((e.name for e in ENTITIES if e.name != "contact"), "off"))
    assert off.written == {"Contact"}


def test_an_entity_that_only_goes_to_severa_gets_no_rows() -> None:
    one_way = rights(entities={"business_unit": "to_severa"})
    assert "Department" not in one_way.inserts
    assert {"Name", "SeveraGUID", "LastUpdatedBy"} <= one_way.sets["Department"]


def test_a_counter_is_set_only_where_global_counts() -> None:
    assert "CommonParameter" not in rights().written
    counted = rights(glob={"numbers": {"customer": {"policy": "series"}}})
    assert counted.sets["CommonParameter"] == {"LastUsedCustomerNo"}


def test_a_new_entity_is_found_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    table = TABLES["ArtType"]
    side = replace(
        thing().global_side,
        statements=lambda: {"type": select(table.c.ArtTypeNo, table.c.Name)},
        records=lambda rows, _ctx: [
            Record("thing", "global", str(row["ArtTypeNo"]), {"name": row["Name"]}, table="ArtType")
            for row in rows["type"]
        ],
        insert=lambda draft, _ctx: [RowInsert("ArtType", {"ArtTypeNo": 1}, "ArtTypeNo")],
        update=lambda record, changes, _ctx: [
            RowUpdate("ArtType", {"Name": changes["name"]}, "ArtTypeNo", 1)
        ],
        table="ArtType",
    )
    monkeypatch.setattr(grants, "running", lambda _profile: (thing(global_side=side),))
    assert rights().inserts == {"ArtType"}
    assert rights().sets["ArtType"] == {"Name", "SeveraGUID", "LastUpdate", "LastUpdatedBy"}


def test_nothing_private_is_granted(told: Told) -> None:
    may = joined(grants.reading(told.profile).reads, grants.writing(told.profile).reads)
    assert {c.casefold() for columns in may.values() for c in columns} & PRIVATE == set()


def test_all_that_is_read_compiles_for_sql_server(told: Told) -> None:
    """Every select of which the grants know, with its names quoted as T-SQL wants them."""
    dialect: Any = mssql.dialect()  # type: ignore[no-untyped-call]
    found = [str(one.compile(dialect=dialect)) for one in grants.selects(told.profile)]
    assert len(found) > 30
    assert not [text for text in found if " LIMIT " in text or '"' in text]
