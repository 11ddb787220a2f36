"""The driver's errors, told apart and put into words that hold no data."""

from __future__ import annotations

import sqlite3

import pytest

from recon.errors import NotDone, Refused, Stop
from recon.systems.sql_faults import Fault, fault_of, in_words, not_done, stopped
from tests.global_fixtures import odbc_error


@pytest.mark.parametrize(
    ("state", "message", "fault"),
    [
        ("28000", "Login failed for user 'x'. (18456) (SQLDriverConnect)", Fault("login", "18456")),
        ("42000", "Cannot open database 'x'. (4060) (SQLDriver)", Fault("database", "4060")),
        (
            "42S02",
            "Invalid object name 'f.T'. (208) (SQLExecDirectW); [42000] prepared. (8180) (SQL)",
            Fault("table", "208", "f.T"),
        ),
        ("42S22", "Invalid column name 'Abc'. (207) (SQL)", Fault("column", "207", "Abc")),
        ("42000", "denied on the object 'T', (229) (SQL)", Fault("permission", "229", "T")),
        ("42000", "denied on the column 'C' (230) (SQL)", Fault("permission", "230", "C")),
        ("HYT00", "Lock request time out period exceeded. (1222) (SQL)", Fault("lock", "1222")),
        ("40001", "deadlock victim. (1205) (SQL)", Fault("deadlock", "1205")),
        ("08S01", "TCP Provider: reset (104) (SQLExec)", Fault("connection", "104")),
        ("08001", "Login timeout expired (0) (SQL)", Fault("connection", "08001")),
        (
            "08001",
            "SSL Provider: certificate verify failed (-1) (S)",
            Fault("certificate", "08001"),
        ),
        ("01000", "Can't open lib 'ODBC Driver 18' : file not found (0)", Fault("driver", "01000")),
        ("IM002", "Data source name not found (0) (SQL)", Fault("driver", "IM002")),
        (
            "23000",
            "PRIMARY KEY constraint 'PK_C'. The duplicate key value is (208). (2627) (SQL)",
            Fault("duplicate", "2627", "PK_C"),
        ),
        ("23000", "unique index 'I'. key (5). (2601) (SQL)", Fault("duplicate", "2601")),
        ("23000", 'FOREIGN KEY constraint "FK_A". (547) (SQL)', Fault("reference", "547", "FK_A")),
        ("22001", "truncated. (8152) (SQL)", Fault("length", "8152")),
        ("42000", "table 't', column 'Name'. (2628) (SQL)", Fault("length", "2628", "Name")),
        ("23000", "NULL into column 'Odd' (515) (SQL)", Fault("null", "515", "Odd")),
        ("42000", "anything else (50000) (SQL)", Fault("other", "50000")),
    ],
)
def test_sql_servers_errors_are_told_by_number(state: str, message: str, fault: Fault) -> None:
    assert fault_of(odbc_error(state, message)) == fault


@pytest.mark.parametrize(
    ("message", "kind", "name"),
    [
        ("no such table: f.T", "table", "f.T"),
        ("no such column: Abc", "column", "Abc"),
        ("database is locked", "lock", ""),
        ("UNIQUE constraint failed: Customer.CustomerNo", "duplicate", "Customer.CustomerNo"),
        ("NOT NULL constraint failed: Customer.Odd", "null", "Customer.Odd"),
        ("CHECK constraint failed: length Name", "length", "Name"),
        ("CHECK constraint failed: range CountryNo", "number", "CountryNo"),
        ("attempt to write a readonly database", "readonly", ""),
        ("something new", "other", ""),
    ],
)
def test_sqlites_errors_are_told_by_their_words(message: str, kind: str, name: str) -> None:
    fault = fault_of(sqlite3.OperationalError(message))
    assert (fault.kind, fault.name) == (kind, name)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("length", "2628", "t.Name"), Refused),
        (Fault("reference", "547"), Refused),
        (Fault("null", "515"), Refused),
        (Fault("duplicate", "2627"), NotDone),
        (Fault("lock", "1222"), NotDone),
        (Fault("connection", "08S01"), NotDone),
        (Fault("permission", "229"), Stop),
        (Fault("table", "208"), Stop),
        (Fault("other", "1"), Stop),
    ],
)
def test_inside_a_transaction_the_kind_says_what_the_caller_does(
    fault: Fault, kind: type[Exception]
) -> None:
    assert type(in_words(fault, "here")) is kind


def test_each_sentence_says_what_where_and_what_to_do() -> None:
    for error in (stopped(Fault("table", "208", "f.T"), "here"), not_done(Fault("lock"), "here")):
        assert error.what and error.todo and error.where.startswith("here")
        assert str(error).count("\n") == 0
    assert "error 208" in stopped(Fault("table", "208"), "here").where
