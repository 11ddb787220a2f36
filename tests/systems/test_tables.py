"""The used tables: real names, one key each, and statements that SQL Server takes."""

from __future__ import annotations

import json
from importlib import resources

import pytest
from sqlalchemy import DateTime, Float, Integer, String, Table, select

from recon.systems import stand_in, table_forms, tables
from tests.global_fixtures import compiled

DESCRIBED = json.loads(
    resources.files("recon.sandbox").joinpath("global_schema.json").read_text(encoding="utf-8")
)["tables"]
KINDS = {
    "int": Integer,
    "float": Float,
    "datetime": DateTime,
    "varchar": String,
    "nvarchar": String,
}


@pytest.mark.parametrize("table", tables.TABLES.values(), ids=lambda table: table.name)
def test_columns_stand_in_the_database_with_their_kind(table: Table) -> None:
    described = DESCRIBED[table.name]["columns"]
    for column in table.columns:
        kind = described[column.name].split()[0].partition("(")[0]
        assert isinstance(column.type, KINDS[kind]), column.name


@pytest.mark.parametrize("table", tables.TABLES.values(), ids=lambda table: table.name)
def test_key_is_the_databases_key(table: Table) -> None:
    assert [column.name for column in table.primary_key.columns] == DESCRIBED[table.name]["key"]
    assert tables.key_of(table.name) == DESCRIBED[table.name]["key"][0]


@pytest.mark.parametrize("table", tables.TABLES.values(), ids=lambda table: table.name)
def test_select_compiles_under_the_profiles_schema(table: Table) -> None:
    assert f"FROM [KuraasAS].[{table.name}]" in compiled(select(table))


def test_schema_with_odd_letters_is_quoted() -> None:
    assert "FROM [Kurås AS].[Customer]" in compiled(select(tables.customer), "Kurås AS")


def test_private_columns_are_in_no_table() -> None:
    names = {c.name.casefold() for t in tables.TABLES.values() for c in t.columns}
    assert not names & table_forms.PRIVATE


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [("Å", "å", 0), ("a ", "A", 0), ("a", "b", -1), ("b", " b", 1), (" a", "a", -1)],
)
def test_texts_compare_without_case_and_trailing_spaces(left: str, right: str, order: int) -> None:
    assert stand_in.collate(left, right) == order
