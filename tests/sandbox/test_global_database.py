"""The sandbox's Visma Global: hostile as SQL Server is, and never laid over what is not its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects import mssql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateTable

from recon.errors import Stop, Usage
from recon.sandbox.global_database import Options, create, marked, open_engine
from recon.sandbox.global_tables import make_tables, table_names
from recon.sandbox.global_triggers import trail
from recon.systems.stand_in import attach
from tests.global_fixtures import ROWS, copy_usual

pytestmark = pytest.mark.slow


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "global.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture
def laid(file: Path) -> Iterator[sqlite3.Connection]:
    """A raw connection onto a laid company."""
    copy_usual(file)
    connection = sqlite3.connect(":memory:", uri=True, isolation_level=None)
    attach(connection, file, "fjord")
    with closing(connection):
        yield connection


def one(connection: sqlite3.Connection, statement: str) -> Any:
    return connection.execute(statement).fetchone()


def test_all_tables_are_laid_with_all_columns(laid: sqlite3.Connection) -> None:
    for name in table_names():
        assert laid.execute(f"SELECT * FROM fjord.{name}").description, name
    assert len(laid.execute("SELECT * FROM fjord.Customer").description) == 138


def test_rows_are_filled_up_with_empties(laid: sqlite3.Connection) -> None:
    wanted = "SELECT Name, Address1, CountryNo, Balance, RegistrationDate FROM fjord.Customer"
    row = one(laid, f"{wanted} WHERE CustomerNo = 10002")
    assert row == ("Vidde AS   ", "", 0, 12.1, "1970-01-01 00:00:00.000000")


def test_raw_reader_without_our_collation_can_read(file: Path) -> None:
    copy_usual(file)
    with closing(sqlite3.connect(file)) as plain:
        assert len(plain.execute("SELECT * FROM Customer").fetchall()) == 3


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("Name = '" + "x" * 61 + "'", "length Name"),
        ("Name = 'Łódź'", "codepage Name"),
        ("CountryNo = 2147483648", "range CountryNo"),
        ("CountryNo = 'Norge'", "range CountryNo"),
        ("LastUpdate = '1700-01-01 00:00:00.000000'", "range LastUpdate"),
        ("LastUpdate = 'today'", "range LastUpdate"),
        ("Name = NULL", "NOT NULL"),
        ("CustomerNo = 10002", "UNIQUE"),
    ],
)
def test_what_sql_server_would_not_take(laid: sqlite3.Connection, change: str, fault: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=fault):
        laid.execute(f"UPDATE fjord.Customer SET {change} WHERE CustomerNo = 10001")


def test_windows_letters_and_unicode_columns_are_taken(laid: sqlite3.Connection) -> None:
    laid.execute("UPDATE fjord.Customer SET Name = 'Œ – “€” Ÿ æøå', WWWAddress = 'Łódź'")


def test_insert_must_name_nearly_every_column(laid: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"):
        laid.execute("INSERT INTO fjord.Customer (CustomerNo, Name) VALUES (1, 'A')")


def test_keys_are_not_numbered_by_the_database(laid: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"):
        laid.execute("INSERT INTO fjord.Country (Name) VALUES ('Norge')")


def test_texts_compare_without_case_and_trailing_spaces(laid: sqlite3.Connection) -> None:
    found = one(laid, "SELECT count(*) FROM fjord.Customer WHERE Name = 'FJORD as  '")
    assert found == (1,)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("12:00:00.000000", "12:00:00.000000"),
        ("12:00:00.001000", "12:00:00.000000"),
        ("12:00:00.002000", "12:00:00.003000"),
        ("12:00:00.005000", "12:00:00.007000"),
        ("12:00:00.123456", "12:00:00.123000"),
        ("23:59:59.999999", "00:00:00.000000"),
    ],
)
def test_datetimes_are_rounded(laid: sqlite3.Connection, written: str, stored: str) -> None:
    laid.execute("UPDATE fjord.Customer SET LastUpdate = ?", (f"2026-12-31 {written}",))
    day = "2027-01-01" if stored.startswith("00") else "2026-12-31"
    assert one(laid, "SELECT LastUpdate FROM fjord.Customer") == (f"{day} {stored}",)


def test_trigger_on_customer_leaves_a_trail(laid: sqlite3.Connection) -> None:
    count = "SELECT count(*) FROM fjord.RECON_SANDBOX_TRAIL"
    before = one(laid, count)[0]
    laid.execute("UPDATE fjord.Customer SET Name = 'x'")
    assert one(laid, count)[0] == before + 3


# --- never what is not the sandbox's -------------------------------------------------------------


def test_laying_again_replaces_its_own_rows(url: str) -> None:
    create(url, "fjord", ROWS)
    create(url, "fjord", {"Customer": [{"CustomerNo": 1, "Name": "A"}]})
    engine = open_engine(url, "fjord")
    assert marked(engine, "fjord")
    with engine.connect() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM fjord.Customer").scalar()
    assert count == 1


def foreign(file: Path, rows: int) -> None:
    """A database of somebody else, with columns that the sandbox does not know."""
    file.parent.mkdir(parents=True)
    with closing(sqlite3.connect(file)) as other:
        other.execute(
            "CREATE TABLE Customer (CustomerNo INT PRIMARY KEY, Name VARCHAR(10) NOT NULL, "
            "Odd INT NOT NULL, Odder VARCHAR(5) NOT NULL, OddDay DATETIME NOT NULL, "
            "OddBlob BLOB NOT NULL, Given INT NOT NULL DEFAULT 3, Free INT)"
        )
        for number in range(rows):
            other.execute("INSERT INTO Customer VALUES (?, 'Real', 1, '', '', '', 3, 0)", (number,))
        other.commit()


def test_foreign_rows_are_refused_and_untouched(url: str, file: Path) -> None:
    foreign(file, rows=1)
    with pytest.raises(Usage, match="Customer holds rows that are not the sandbox's"):
        create(url, "fjord", ROWS)
    with closing(sqlite3.connect(file)) as other:
        assert one(other, "SELECT CustomerNo, Name FROM Customer") == (0, "Real")
        assert one(other, "SELECT count(*) FROM sqlite_master WHERE type = 'table'") == (1,)
    assert not marked(open_engine(url, "fjord"), "fjord")


def test_empty_tables_are_used_as_they_are(url: str, file: Path) -> None:
    foreign(file, rows=0)
    create(url, "fjord", {"Customer": [{"CustomerNo": 1, "Name": "A", "NotThere": "x"}]})
    with closing(sqlite3.connect(file)) as other:
        row = one(other, "SELECT * FROM Customer")
    assert row == (1, "A", 0, "", "1970-01-01 00:00:00.000000", b"", 3, None)


def test_other_schema_than_the_files_own_is_refused(url: str, file: Path) -> None:
    copy_usual(file)
    with pytest.raises(Usage, match="another schema"):
        create(url, "elsewhere", ROWS)


def test_rows_that_do_not_fit_leave_nothing_half_laid(url: str) -> None:
    with pytest.raises(Stop, match="length Name"):
        create(url, "fjord", {**ROWS, "Country": [{"CountryNo": 1, "Name": "x" * 99}]})
    assert not marked(open_engine(url, "fjord"), "fjord")


def test_errors_of_the_engine_are_the_drivers(url: str, file: Path) -> None:
    copy_usual(file)
    engine = open_engine(url, "fjord")
    with engine.begin() as connection, pytest.raises(IntegrityError):
        connection.exec_driver_sql("INSERT INTO fjord.Customer (CustomerNo) VALUES (10001)")


@pytest.mark.parametrize("url", ["postgresql://u:secret@h/d", "nonsense with secret"])
def test_other_databases_are_usage(url: str) -> None:
    with pytest.raises(Usage, match="SQLite file or on a SQL Server") as caught:
        create(url, "fjord", ROWS)
    assert "secret" not in str(caught.value)


# --- SQL Server -------------------------------------------------------------------------------


def test_tables_compile_for_sql_server() -> None:
    made = make_tables("fjord", Options(wide=True, identity=frozenset({"Contact"})))
    texts = {
        table.name: str(CreateTable(table).compile(dialect=mssql.dialect()))  # type: ignore[no-untyped-call]
        for table in made.tables.values()
    }
    customer = texts["Customer"]
    assert "CREATE TABLE fjord.[Customer]" in customer
    assert "[Name] VARCHAR(60) NOT NULL" in customer
    assert "[SeveraGUID] NVARCHAR(50) NOT NULL" in customer
    assert "[Balance] FLOAT(53) NOT NULL" in customer
    assert "[UtilityBits] VARBINARY(32) NOT NULL" in customer
    assert "CHECK" not in customer and "COLLATE" not in customer
    assert "[ContactNo] INTEGER NOT NULL IDENTITY" in texts["Contact"]
    assert "[UtilityBits] VARBINARY(32) NOT NULL DEFAULT 0x" in texts["Department"]


def test_trail_in_t_sql() -> None:
    (statement,) = trail(make_tables("fjord", Options()).tables["fjord.Customer"], "T", "mssql")
    assert "ON [fjord].[Customer] AFTER INSERT, UPDATE" in statement
    assert "FROM inserted" in statement
