"""What the catalogue tells of a table: SQL Server's types, and tables of other versions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy.dialects import mssql

from recon.errors import Stop
from recon.sandbox.global_database import Options
from recon.systems.catalogue import Column, _column, _spelling
from tests.global_fixtures import lay, opened

ROWVERSION: Any = mssql.ROWVERSION


def described(kind: Any, **more: Any) -> Column:
    return _column("C", {"name": "C", "type": kind, "nullable": False, **more}, set(), {})


@pytest.mark.parametrize(
    ("kind", "expected", "empty"),
    [
        (mssql.INTEGER(), "integer", 0),
        (mssql.TINYINT(), "integer", 0),
        (mssql.BIT(), "integer", 0),
        (mssql.FLOAT(53), "number", 0),
        (mssql.MONEY(), "number", 0),
        (mssql.NUMERIC(18, 4), "number", 0),
        (mssql.VARCHAR(10), "text", ""),
        (mssql.NVARCHAR(10), "text", ""),
        (mssql.NTEXT(), "text", ""),
        (sqlalchemy.VARBINARY(8), "binary", b""),
        (mssql.BINARY(8), "binary", b""),
        (mssql.IMAGE(), "binary", b""),
        (mssql.UNIQUEIDENTIFIER(), "other", "00000000-0000-0000-0000-000000000000"),
    ],
)
def test_sql_servers_types(kind: Any, expected: str, empty: Any) -> None:
    column = described(kind)
    assert (column.kind, column.empty) == (expected, empty)
    assert column.must_be_named


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        (mssql.BIT(), 0, 1),
        (mssql.TINYINT(), 0, 255),
        (mssql.SMALLINT(), -32768, 32767),
        (mssql.INTEGER(), -(2**31), 2**31 - 1),
        (mssql.BIGINT(), -(2**63), 2**63 - 1),
    ],
)
def test_limits_of_integers(kind: Any, low: int, high: int) -> None:
    assert (described(kind).low, described(kind).high) == (low, high)


@pytest.mark.parametrize(
    ("kind", "more", "writable", "must"),
    [
        (mssql.INTEGER(), {"identity": {}}, False, False),
        (mssql.INTEGER(), {"identity": {"start": 1}}, False, False),
        (mssql.INTEGER(), {"computed": {"sqltext": "1"}}, False, False),
        (ROWVERSION(), {}, False, False),
        (mssql.INTEGER(), {"default": "((0))"}, True, False),
        (mssql.INTEGER(), {"nullable": True}, True, False),
    ],
)
def test_columns_that_need_not_or_must_not_be_named(
    kind: Any, more: dict[str, Any], writable: bool, must: bool
) -> None:
    column = described(kind, **more)
    assert (column.writable, column.must_be_named) == (writable, must)


def test_lengths_without_end_are_none() -> None:
    assert described(mssql.VARCHAR(None)).length is None
    assert described(mssql.NVARCHAR(60)).length == 60


def test_columns_take_our_spelling() -> None:
    assert _spelling("Customer")["severaguid"] == "SeveraGUID"
    assert _spelling("Unheard")["severaguid"] == "SeveraGUID"


def test_database_is_asked_once_per_table(tmp_path: Path) -> None:
    with opened(lay(tmp_path)) as glob:
        assert glob.table("Customer") is glob.table("Customer")


def test_all_51_tables_are_readable(tmp_path: Path) -> None:
    from recon.sandbox.global_tables import table_names

    assert len(table_names()) == 51
    with opened(lay(tmp_path)) as glob:
        for name in table_names():
            assert glob.catalogue(name), name
        assert len(glob.catalogue("Customer")) == 138


def test_missing_column_says_what_to_do(tmp_path: Path) -> None:
    place = lay(tmp_path, options=Options(without=frozenset({"Contact.SeveraGUID"})))
    with opened(place) as glob, pytest.raises(Stop, match="has no column SeveraGUID"):
        glob.table("Contact").column("SeveraGUID")
