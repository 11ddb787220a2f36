"""What is done inside one transaction in Visma Global, and its statements in T-SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, func, insert, select, update

from recon.errors import Refused, Stop
from recon.sandbox.global_database import Options
from recon.settings import Numbers
from recon.systems import table_forms, tables
from recon.systems.catalogue import TableInfo
from recon.systems.transaction import (
    Transaction,
    biggest_key,
    clock,
    first_gap,
    found_rows,
    locked_row,
)
from recon.systems.visma_global import VismaGlobal
from tests.global_fixtures import Place, compiled, lay, needs_sqlite, opened

OUTSIDE = 2**31


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return lay(tmp_path)


@pytest.fixture
def glob(place: Place) -> Iterator[VismaGlobal]:
    with opened(place) as found:
        yield found


def once(glob: VismaGlobal, do: Callable[[Transaction], Any]) -> Any:
    return glob.in_transaction("test", do)


def row(glob: VismaGlobal, number: int | str) -> dict[str, Any]:
    found = once(glob, lambda t: t.locked("Customer", number, *glob.catalogue("Customer")))
    assert isinstance(found, dict)
    return found


# --- reading inside ---------------------------------------------------------------------------


def test_locked_gives_the_row_or_nothing(glob: VismaGlobal) -> None:
    assert row(glob, 10002)["Name"] == "Vidde AS"
    assert row(glob, "10002")["CustomerNo"] == 10002
    assert once(glob, lambda t: t.locked("Customer", 77)) is None
    assert "BankAccount" not in row(glob, 10001)


def test_no_more_is_read_than_asked_for(glob: VismaGlobal) -> None:
    found = once(glob, lambda t: t.locked("Customer", 10001))
    assert found == {"CustomerNo": 10001, "SeveraGUID": "aaaa-1"}


def test_by_guid_finds_it_in_any_case(glob: VismaGlobal) -> None:
    found = once(glob, lambda t: t.by_guid("Customer", "AAAA-1"))
    assert [one["CustomerNo"] for one in found] == [10001]


def test_find_takes_none_for_empty(glob: VismaGlobal) -> None:
    found = once(glob, lambda t: t.find("Customer", SeveraGUID=None, CountryNo=None))
    assert [one["CustomerNo"] for one in found] == [10002, 10005]


# --- inserting --------------------------------------------------------------------------------


def test_insert_fills_all_that_must_be_named(glob: VismaGlobal, place: Place) -> None:
    values = {
        "CustomerNo": 20001,
        "Name": "Ny AS",
        "CreditLimit": Decimal("1000.50"),
        "RegistrationDate": date(2026, 2, 1),
        "EmailAddress": None,
        "InActiveYesNo": False,
    }
    assert once(glob, lambda t: t.insert("Customer", values)) == 20001
    found = row(glob, 20001)
    assert found["CreditLimit"] == Decimal("1000.5")
    assert found["RegistrationDate"] == datetime(2026, 2, 1)
    assert found["EmailAddress"] is None and found["InActiveYesNo"] == 0
    assert found["CreatedBy"] == found["LastUpdatedBy"] == place.settings().user_no
    assert found["Created"] == found["LastUpdate"] is not None


def test_insert_copies_utility_bits_from_a_sibling(glob: VismaGlobal) -> None:
    once(glob, lambda t: t.insert("Customer", {"CustomerNo": 20001, "Name": "Ny"}))
    c = glob.table("Customer").table.c
    found = glob.read(select(c.UtilityBits).where(c.CustomerNo == 20001))
    assert found == [{"UtilityBits": b"\x07"}]


def test_insert_leaves_utility_bits_to_their_default(glob: VismaGlobal) -> None:
    once(glob, lambda t: t.insert("Department", {"DepNo": 2, "Name": "Lager"}))
    assert once(glob, lambda t: t.locked("Department", 2, "Name"))["Name"] == "Lager"


def test_insert_into_a_wide_table(tmp_path: Path) -> None:
    place = lay(tmp_path, options=Options(wide=True))
    with opened(place) as glob:
        assert len(glob.catalogue("Customer")) == 148
        once(glob, lambda t: t.insert("Customer", {"CustomerNo": 20001, "ZWideComputed": 5}))
        c = glob.table("Customer").table.c
        wide = [column for column in c if column.name.startswith("ZWide")]
        (found,) = glob.read(select(*wide).where(c.CustomerNo == 20001))
        assert found["ZWideComputed"] == 40002
        assert found["ZWideDefault"] == 7 and found["ZWideNull"] is None
        assert found["ZWideAmount"] == 0 and found["ZWideBig"] == 0


def test_identity_key_is_not_named_and_comes_back(tmp_path: Path) -> None:
    place = lay(tmp_path, options=Options(identity=frozenset({"Contact"})))
    with opened(place) as glob:
        assert glob.catalogue("Contact")["ContactNo"].identity
        keys = [
            once(glob, lambda t: t.insert("Contact", {"ContactNo": 99, "Name": "Kari"}))
            for _ in range(2)
        ]
    assert keys == [1, 2]


def test_insert_without_number_is_refused(glob: VismaGlobal) -> None:
    with pytest.raises(Refused, match="has no number"):
        once(glob, lambda t: t.insert("Customer", {"Name": "Ny"}))


def test_trigger_on_the_table_does_not_disturb(glob: VismaGlobal) -> None:
    trail = Table("RECON_SANDBOX_TRAIL", MetaData(schema=table_forms.SCHEMA))
    count = select(func.count().label("n")).select_from(trail)
    before = glob.read(count)[0]["n"]
    once(glob, lambda t: t.insert("Customer", {"CustomerNo": 20001, "Name": "Ny"}))
    once(glob, lambda t: t.update("Customer", 20001, {"Name": "Nyere"}))
    assert glob.read(count)[0]["n"] >= before + 2


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("Name", "x" * 61, "61 characters, but at most 60.*Customer.Name"),
        ("Name", "x" * 10_000_000, "at most 60.*Customer.Name"),
        ("Name", "Łódź", "character 'Ł' cannot be stored.*cp1252.*Customer.Name"),
        ("WWWAddress", "w" * 121, "at most 120.*Customer.WWWAddress"),
        ("CountryNo", OUTSIDE, "outside -2147483648 to 2147483647.*Customer.CountryNo"),
        ("CountryNo", "578 A", "not a whole number.*Customer.CountryNo"),
        ("CountryNo", Decimal("1.5"), "not a whole number"),
        ("CreditLimit", float("nan"), "not a number.*Customer.CreditLimit"),
        ("RegistrationDate", date(1700, 1, 1), "before 1753.*Customer.RegistrationDate"),
        ("RegistrationDate", "soon", "not a date.*Customer.RegistrationDate"),
    ],
)
def test_value_that_does_not_fit_is_refused_before_it_is_sent(
    glob: VismaGlobal, column: str, value: Any, words: str
) -> None:
    for write in (
        lambda t: t.insert("Customer", {"CustomerNo": 20001, column: value}),
        lambda t: t.update("Customer", 10001, {column: value}),
    ):
        with pytest.raises(Refused, match=words) as caught:
            once(glob, write)
        assert caught.value.fields == (column,)
        assert len(str(caught.value)) < 300
    assert once(glob, lambda t: t.locked("Customer", 20001)) is None


def test_number_beyond_int32_is_refused_as_key(glob: VismaGlobal) -> None:
    with pytest.raises(Refused, match="Customer.CustomerNo"):
        once(glob, lambda t: t.insert("Customer", {"CustomerNo": OUTSIDE}))
    assert once(glob, lambda t: t.locked("Customer", OUTSIDE)) is None


def test_texts_and_numbers_meet_their_columns(glob: VismaGlobal) -> None:
    article = {"ArticleNo": 1234, "ArtTypeNo": " 7 ", "Name": "Œuvre – “10 €”"}
    once(glob, lambda t: t.insert("Article", article))
    found = once(glob, lambda t: t.locked("Article", "1234", "ArtTypeNo", "Name"))
    assert (found["ArticleNo"], found["ArtTypeNo"]) == ("1234", 7)
    assert found["Name"] == "Œuvre – “10 €”"


def test_column_that_is_not_there_stops_unless_nothing_is_lost(glob: VismaGlobal) -> None:
    once(glob, lambda t: t.insert("Customer", {"CustomerNo": 20001, "NotThere": None, "Nor": 0}))
    with pytest.raises(Stop, match="no column NotThere"):
        once(glob, lambda t: t.update("Customer", 20001, {"NotThere": "x"}))


# --- updating ---------------------------------------------------------------------------------


def test_update_stamps_and_counts(glob: VismaGlobal, place: Place) -> None:
    assert once(glob, lambda t: t.update("Customer", 10005, {"Name": "Skog og Mark"})) == 1
    found = row(glob, 10005)
    assert found["Name"] == "Skog og Mark"
    assert found["LastUpdate"] and found["LastUpdatedBy"] == place.settings().user_no
    assert found["Created"] is None
    assert once(glob, lambda t: t.update("Customer", 77, {"Name": "x"})) == 0


@pytest.mark.parametrize(
    ("only_if", "rows"),
    [
        ({"Name": "Fjord AS"}, 1),
        ({"Name": "FJORD AS"}, 0),
        ({"Name": "Fjord AS  "}, 1),
        ({"SeveraGUID": None}, 0),
        ({"SeveraGUID": (None, "AAAA-1")}, 1),
        ({"CountryNo": None, "RegistrationDate": None, "Address1": ""}, 1),
        ({"CountryNo": 578}, 0),
        ({"ExtraCostUnitINo": 0}, 1),
        ({"ExtraCostUnitINo": 4}, 0),
    ],
)
def test_update_only_if_the_row_is_as_expected(
    glob: VismaGlobal, only_if: dict[str, Any], rows: int
) -> None:
    done = once(glob, lambda t: t.update("Customer", 10001, {"Address1": "Her 1"}, only_if))
    assert done == rows
    assert row(glob, 10001)["Address1"] == ("Her 1" if rows else None)


def test_key_is_never_changed(glob: VismaGlobal) -> None:
    once(glob, lambda t: t.update("Customer", 10001, {"CustomerNo": 10001, "Name": "A"}))
    with pytest.raises(Refused, match="never changed"):
        once(glob, lambda t: t.update("Customer", 10001, {"CustomerNo": 5}))


# --- numbers ----------------------------------------------------------------------------------


def test_series_skips_numbers_that_are_taken(glob: VismaGlobal) -> None:
    def three(t: Transaction) -> list[int]:
        numbers = []
        for _ in range(3):
            numbers.append(t.next_in_series("CustomerNo"))
            t.insert("Customer", {"CustomerNo": numbers[-1], "Name": "Ny"})
        return numbers

    assert once(glob, three) == [10003, 10004, 10006]
    assert once(glob, lambda t: t.next_in_series("CustomerOrder")) == 502


def test_series_is_given_back_when_nothing_is_written(glob: VismaGlobal) -> None:
    def spoiled(t: Transaction) -> None:
        t.next_in_series("CustomerNo")
        raise Refused("no")

    with pytest.raises(Refused):
        once(glob, spoiled)
    assert once(glob, lambda t: t.next_in_series("CustomerNo")) == 10003


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Numbers(severa=(10000, 19999)), "are Severa's numbers"),
        (Numbers(range=(1, 10002)), "its range is 1 to 10002"),
    ],
)
def test_series_is_not_moved_past_its_range(place: Place, rule: Numbers, words: str) -> None:
    with opened(place, numbers={"customer": rule.model_dump()}) as glob:
        with pytest.raises(Refused, match=f"10003.*{words}"):
            once(glob, lambda t: t.next_in_series("CustomerNo"))
        left = glob.read(select(tables.common_parameter.c.LastUsedCustomerNo))
    assert left == [{"LastUsedCustomerNo": 10001}]


def test_no_series_for_other_tables(glob: VismaGlobal) -> None:
    with pytest.raises(Refused, match="no number series for Department"):
        once(glob, lambda t: t.next_in_series("Department"))


@pytest.mark.parametrize(
    ("low", "high", "number"),
    [(10000, 10999, 10006), (10001, 10005, 10003), (1, 9999, 1), (10001, 10006, 10006)],
)
def test_next_free_number(glob: VismaGlobal, low: int, high: int, number: int) -> None:
    assert once(glob, lambda t: t.next_free("Customer", low, high)) == number


def test_next_free_twice_is_two_numbers(glob: VismaGlobal) -> None:
    def two(t: Transaction) -> list[int]:
        return [t.next_free("Customer", 10001, 10005) for _ in range(2)]

    assert once(glob, two) == [10003, 10004]


def test_full_range_is_refused(glob: VismaGlobal) -> None:
    with pytest.raises(Refused, match="No number between 10001 and 10002 is free in Customer"):
        once(glob, lambda t: t.next_free("Customer", 10001, 10002))


def test_next_free_among_texts(glob: VismaGlobal) -> None:
    def three(t: Transaction) -> None:
        for number in ("100", "A7", "0099"):
            t.insert("Article", {"ArticleNo": number, "Name": number})

    once(glob, three)
    assert once(glob, lambda t: t.next_free("Article", 50, 200)) == 101
    assert once(glob, lambda t: t.next_free("Article", 99, 100 + 1)) == 101


# --- T-SQL ------------------------------------------------------------------------------------


@pytest.fixture
def info(glob: VismaGlobal) -> TableInfo:
    return glob.table("Customer")


@needs_sqlite
def test_statements_in_t_sql(info: TableInfo) -> None:
    assert "[Customer] WITH (UPDLOCK, ROWLOCK)" in compiled(locked_row(info, 1))
    assert "[Customer] WITH (UPDLOCK, HOLDLOCK)" in compiled(biggest_key(info, 1, 9))
    assert "AS follower" in compiled(first_gap(info, 5))
    assert "IS NULL OR" in compiled(found_rows(info, {"SeveraGUID": None}))
    assert "getdate()" in compiled(select(clock()))
    added = compiled(insert(info.table).values({"CustomerNo": 1, "Created": clock()}))
    assert "VALUES (:CustomerNo, getdate())" in added
    counter = tables.common_parameter
    counted = update(counter).values(LastUsedCustomerNo=counter.c.LastUsedCustomerNo + 1)
    assert "[LastUsedCustomerNo] + :" in compiled(counted)
