"""The transport onto Visma Global: reads, transactions, faults, and what each failure says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select, text

from recon.effects import Effect
from recon.errors import NotDone, ReconError, Refused, Stop, Unknown
from recon.sandbox.global_database import Options
from recon.systems import tables
from recon.systems.visma_global import Transaction, VismaGlobal
from tests.global_fixtures import (
    DEADLOCK,
    ELSEWHERE,
    LOST,
    Faults,
    Place,
    lay,
    needs_sqlite,
    odbc_error,
    opened,
)


class Seen:
    """A watcher that notes effects, and may raise before or after one."""

    def __init__(self) -> None:
        self.before_labels: list[str] = []
        self.after_labels: list[str] = []
        self.forbid: Exception | None = None

    def before(self, effect: Effect) -> None:
        self.before_labels.append(f"{effect.kind} {effect.label} {effect.writes}")
        if effect.writes and self.forbid:
            raise self.forbid

    def after(self, effect: Effect) -> None:
        self.after_labels.append(effect.label)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return lay(tmp_path)


@pytest.fixture
def glob(place: Place) -> Iterator[VismaGlobal]:
    with opened(place) as found:
        yield found


def names(glob: VismaGlobal) -> dict[int, str]:
    rows = glob.read(select(tables.customer.c.CustomerNo, tables.customer.c.Name))
    return {row["CustomerNo"]: row["Name"] for row in rows}


def add(transaction: Transaction, number: int = 20001, name: str = "Ny AS") -> int:
    return int(transaction.insert("Customer", {"CustomerNo": number, "Name": name}))


# --- reading ----------------------------------------------------------------------------------


def test_read_turns_empties_into_nothing_and_floats_into_decimals(glob: VismaGlobal) -> None:
    c = tables.customer.c
    wanted = select(c.Name, c.Address1, c.RegistrationDate, c.Balance, c.CountryNo)
    (row,) = glob.read(wanted.where(c.CustomerNo == 10002))
    assert row == {
        "Name": "Vidde AS",
        "Address1": None,
        "RegistrationDate": None,
        "Balance": Decimal("12.1"),
        "CountryNo": 0,
    }


def test_read_drops_private_columns(glob: VismaGlobal, place: Place) -> None:
    (row, *_) = glob.read(text(f"SELECT Name, Password, IBAN FROM {place.schema}.Customer"))
    assert set(row) == {"Name"}


def test_read_is_an_effect_that_names_its_tables(place: Place) -> None:
    seen = Seen()
    with opened(place, seen) as glob:
        c, p = tables.customer.c, tables.contact.c
        glob.read(select(c.Name, p.Titel).where(c.CustomerNo == p.CustomerNo))
    assert seen.before_labels == ["sql read Contact Customer False"]


def test_reads_do_not_wait_for_a_writer(glob: VismaGlobal) -> None:
    if ELSEWHERE:
        pytest.skip("needs RECON_TEST_GLOBAL_URL with READ_COMMITTED_SNAPSHOT")
    glob.in_transaction("look", lambda t: (add(t), names(glob)))
    assert 20001 in names(glob)


@needs_sqlite
@pytest.mark.parametrize(
    ("break_it", "what"),
    [
        (lambda place: Path(place.url.removeprefix("sqlite:///")).unlink(), "is not there"),
        (
            lambda place: Path(place.url.removeprefix("sqlite:///")).write_bytes(b"x" * 5000),
            "damaged, or is no database",
        ),
    ],
)
def test_read_stops_where_there_is_no_database(place: Place, break_it, what: str) -> None:  # type: ignore[no-untyped-def]
    break_it(place)
    with opened(place) as glob, pytest.raises(Stop, match=what):
        names(glob)


def test_wrong_schema_name_stops_with_advice(place: Place) -> None:
    with opened(place, schema="nowhere") as glob:
        for ask in (names, lambda glob: glob.catalogue("Customer")):
            with pytest.raises(Stop, match="no such table or schema.*nowhere.*Check schema"):
                ask(glob)


def test_column_that_the_database_lacks_stops(tmp_path: Path) -> None:
    place = lay(tmp_path, options=Options(without=frozenset({"Customer.SeveraGUID"})))
    with opened(place) as glob, pytest.raises(Stop, match="no such column.*another version"):
        glob.read(select(tables.customer.c.SeveraGUID))


@pytest.mark.parametrize(
    ("state", "message", "words"),
    [
        ("28000", "Login failed for user 'lin'. (18456) (SQLDriverConnect)", "refuses the login"),
        ("42000", 'Cannot open database "x". (4060) (SQLDriverConnect)', "cannot be opened"),
        ("42S02", "Invalid object name 'f.Customer'. (208)", "no such table.*f.Customer"),
        ("42S22", "Invalid column name 'SeveraGUID'. (207)", "no such column.*SeveraGUID"),
        ("42000", "The SELECT permission was denied on the object 'Customer' (229)", "no right"),
        ("08001", "TCP Provider: Error code 0x2749 (10061)", "cannot be reached"),
        ("HYT00", "Login timeout expired (0) (SQLDriverConnect)", "cannot be reached"),
        ("08001", "SSL Provider: certificate verify failed (-1)", "certificate"),
        ("42000", "Something with 'secret' data (50000)", "error 50000"),
    ],
)
def test_each_driver_error_ends_a_read_in_a_sentence(
    glob: VismaGlobal, state: str, message: str, words: str
) -> None:
    Faults(glob).at_statement("SELECT", lambda: odbc_error(state, message))
    with pytest.raises(Stop, match=words) as caught:
        names(glob)
    said = str(caught.value)
    assert caught.value.todo and "secret" not in said and "lin'" not in said
    assert "Microsoft" not in said


@pytest.mark.slow
def test_read_repeats_a_deadlock_and_gives_up_in_words(glob: VismaGlobal) -> None:
    faults = Faults(glob)
    faults.at_statement("SELECT", lambda: odbc_error(*DEADLOCK), times=2)
    assert 10001 in names(glob)
    faults.at_statement("SELECT", lambda: odbc_error(*DEADLOCK), times=9)
    with pytest.raises(Stop, match="too busy"):
        names(glob)


# --- transactions -----------------------------------------------------------------------------


def test_transaction_commits_all_of_it(glob: VismaGlobal) -> None:
    glob.in_transaction("add", lambda t: (add(t), add(t, 20002, "To AS")))
    assert {20001, 20002} <= set(names(glob))


@pytest.mark.parametrize("error", [Refused("no"), RuntimeError("bug"), KeyboardInterrupt()])
def test_transaction_writes_nothing_when_it_raises(glob: VismaGlobal, error: BaseException) -> None:
    def do(transaction: Transaction) -> None:
        add(transaction)
        raise error

    with pytest.raises(type(error)):
        glob.in_transaction("add", do)
    assert 20001 not in names(glob)


def test_the_commit_is_the_effect(place: Place) -> None:
    seen = Seen()
    with opened(place, seen) as glob:
        glob.in_transaction("create customer", lambda t: add(t))
        assert seen.before_labels == ["sql create customer True"]
        assert seen.after_labels == ["create customer"]
        seen.forbid = Stop("the lease is gone")
        with pytest.raises(Stop, match="lease"):
            glob.in_transaction("create customer", lambda t: add(t, 20002))
        assert set(names(glob)) >= {20001} and 20002 not in names(glob)
    assert seen.after_labels[:1] == ["create customer"]


@pytest.mark.slow
@pytest.mark.parametrize("where", ["INSERT", "UPDATE.*CommonParameter"])
def test_deadlock_repeats_the_whole_transaction(glob: VismaGlobal, where: str) -> None:
    calls = []

    def do(transaction: Transaction) -> int:
        calls.append(1)
        return add(transaction, transaction.next_in_series("CustomerNo"))

    Faults(glob).at_statement(where, lambda: odbc_error(*DEADLOCK), times=3)
    number = glob.in_transaction("add", do)
    assert len(calls) == 4
    assert number == 10003
    assert len(names(glob)) == 4


@pytest.mark.slow
def test_deadlock_at_the_commit_repeats_too(
    glob: VismaGlobal, monkeypatch: pytest.MonkeyPatch
) -> None:
    Faults(glob).at_commit(monkeypatch, lambda: odbc_error(*DEADLOCK), done=False)
    glob.in_transaction("add", lambda t: add(t))
    assert 20001 in names(glob)


@pytest.mark.slow
def test_deadlocks_without_end_are_not_done(glob: VismaGlobal) -> None:
    faults = Faults(glob)
    faults.at_statement("INSERT", lambda: odbc_error(*DEADLOCK), times=99)
    with pytest.raises(NotDone, match="too busy.*nothing was written"):
        glob.in_transaction("add", lambda t: add(t))
    assert len([s for s in faults.statements if s.startswith("INSERT")]) == 5
    assert 20001 not in names(glob)


def test_connection_lost_before_the_commit_is_not_done(glob: VismaGlobal) -> None:
    Faults(glob).at_statement("INSERT", lambda: odbc_error(*LOST))
    with pytest.raises(NotDone, match="cannot be reached; nothing was written"):
        glob.in_transaction("add", lambda t: add(t))
    assert 20001 not in names(glob)


@pytest.mark.parametrize("done", [True, False])
def test_commit_in_doubt_is_unknown_whatever_happened(
    glob: VismaGlobal, monkeypatch: pytest.MonkeyPatch, done: bool
) -> None:
    Faults(glob).at_commit(monkeypatch, lambda: odbc_error(*LOST), done=done)
    with pytest.raises(Unknown, match="not known whether"):
        glob.in_transaction("add", lambda t: add(t))
    assert (20001 in names(glob)) is done


def test_key_that_is_taken_is_not_done(glob: VismaGlobal) -> None:
    with pytest.raises(NotDone, match="already there") as caught:
        glob.in_transaction("add", lambda t: add(t, 10001, "Privat Navn"))
    assert "Privat" not in str(caught.value)
    assert names(glob)[10001] == "Fjord AS"


def test_key_violation_is_repeated_where_the_number_was_free(glob: VismaGlobal) -> None:
    duplicate = ("23000", "Violation of PRIMARY KEY constraint 'PK_C'. (2627)")
    Faults(glob).at_statement("INSERT", lambda: odbc_error(*duplicate))
    number = glob.in_transaction("add", lambda t: add(t, t.next_free("Customer", 10000, 10999)))
    assert names(glob)[number] == "Ny AS"


@pytest.mark.parametrize(
    ("state", "message", "column"),
    [
        ("22001", "String would be truncated in table 't', column 'Name'. (2628)", "Name"),
        ("23000", "Cannot insert the value NULL into column 'Odd', table 't' (515)", "Odd"),
        ("23000", 'conflicted with the FOREIGN KEY constraint "FK_Type". (547)', "FK_Type"),
        ("22003", "Arithmetic overflow error (8115)", ""),
    ],
)
def test_data_errors_refuse_the_row_and_name_the_column(
    glob: VismaGlobal, state: str, message: str, column: str
) -> None:
    Faults(glob).at_statement("INSERT", lambda: odbc_error(state, message))
    with pytest.raises(Refused) as caught:
        glob.in_transaction("add", lambda t: add(t))
    assert column in str(caught.value)
    assert caught.value.fields == ((column,) if column else ())


# --- the catalogue ------------------------------------------------------------------------------


def test_catalogue_knows_lengths_code_pages_and_guids(glob: VismaGlobal) -> None:
    columns = glob.catalogue("Customer")
    assert columns["Name"].length == 60 and columns["Name"].codec == "cp1252"
    assert columns["WWWAddress"].codec is None
    assert columns["CustomerNo"].high == 2**31 - 1
    assert glob.has_guid("Customer") and not glob.has_guid("PostOffice")


def test_table_without_guid_column_is_told(tmp_path: Path) -> None:
    place = lay(tmp_path, options=Options(without=frozenset({"Customer.SeveraGUID"})))
    with opened(place) as glob:
        assert not glob.has_guid("Customer")
        glob.in_transaction("add", lambda t: add(t))
        with pytest.raises(Stop, match="Customer .*no column SeveraGUID.*another version"):
            glob.in_transaction("link", lambda t: t.update("Customer", 10001, {"SeveraGUID": "x"}))


@needs_sqlite
def test_closed_catalogue_says_which_right_is_missing(glob: VismaGlobal) -> None:
    from sqlalchemy import event

    @event.listens_for(glob.engine, "connect")
    def _deny(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_authorizer(
            lambda action, *_: (
                sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_PRAGMA else sqlite3.SQLITE_OK
            )
        )

    assert names(glob)
    with pytest.raises(Stop, match="may not see how the tables are built.*VIEW DEFINITION"):
        glob.in_transaction("add", lambda t: add(t))


def test_no_error_holds_the_password(place: Place) -> None:
    glob = VismaGlobal(
        place.settings(), place.connect()._effects, url=place.url, password="hunter2-secret"
    )
    assert "hunter2" not in repr(glob) + repr(glob.engine)
    with pytest.raises(ReconError) as caught:
        glob.catalogue("Nothing")
    assert "hunter2" not in str(caught.value)
    glob.close()


def test_wall_clock_is_the_companys(place: Place) -> None:
    found: list[datetime] = []
    for zone in ("Europe/Oslo", "Asia/Tokyo"):
        glob = VismaGlobal(place.settings(), place.connect()._effects, url=place.url, timezone=zone)
        found.append(glob.in_transaction("ask", lambda t: t.now()))
        glob.close()
    hours = (found[1] - found[0]).total_seconds() / 3600
    assert 6.9 < hours < 8.1 or ELSEWHERE
    assert found[0].microsecond // 1000 % 10 in (0, 3, 7)
