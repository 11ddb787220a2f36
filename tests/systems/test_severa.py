"""Lists and single records over real HTTP on the loopback."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from recon.errors import Refused, Stop, Unknown
from recon.spec import Listing
from recon.systems.severa import Severa
from tests.systems.loopback import Answers, Asked, Loopback, Reply, fault
from tests.systems.severa_client import (
    CUSTOMERS,
    RATES,
    UNITS,
    client,
    guids,
    rows,
)


def pages_of(total: int) -> Answers:
    def answer(asked: Asked) -> Reply:
        first = int(asked.one("pageToken", "t0")[1:])
        size = int(asked.one("rowCount", "20"))
        more = {"NextPageToken": f"t{first + size}"} if first + size < total else {}
        return Reply(data=rows(*range(first, min(first + size, total))), headers=more)

    return answer


def slices_of(total: int, most: int = 100) -> Answers:
    def answer(asked: Asked) -> Reply:
        first, size = int(asked.one("firstRow", "0")), min(int(asked.one("rowCount", "20")), most)
        return Reply(data=rows(*range(first, min(first + size, total))))

    return answer


@pytest.mark.parametrize(("total", "calls"), [(0, 1), (1, 1), (1000, 1), (1001, 2), (2500, 3)])
def test_token_pages_use_the_largest_page(
    server: Loopback, severa: Severa, total: int, calls: int
) -> None:
    server.on("GET /v1/customers", pages_of(total))
    assert guids(severa.read(CUSTOMERS)) == [f"g{n}" for n in range(total)]
    assert severa.calls == {"token": 1, "list": calls}


@pytest.mark.parametrize(("total", "calls"), [(0, 1), (99, 1), (100, 2), (250, 3)])
def test_row_pages_go_on_until_a_short_one(
    server: Loopback, severa: Severa, total: int, calls: int
) -> None:
    server.on("GET /v1/businessunits", slices_of(total))
    assert len(severa.read(UNITS, kind="units")) == total
    assert severa.calls["units"] == calls


def test_a_list_without_pages_is_one_call(server: Loopback, severa: Severa) -> None:
    server.on("GET /v1/vatrates", Reply(data=rows(1, 2)))
    assert len(severa.read(RATES, active=True)) == 2
    assert server.asked[-1].query == {"active": ["true"]}


def test_a_page_token_that_repeats_stops(server: Loopback, severa: Severa) -> None:
    server.on("GET /v1/customers", Reply(data=rows(1), headers={"NextPageToken": "same"}))
    with pytest.raises(Stop, match="page token repeats"):
        severa.read(CUSTOMERS)
    assert severa.calls["list"] == 2


def test_rows_that_start_again_stop(server: Loopback, severa: Severa) -> None:
    server.on("GET /v1/businessunits", Reply(data=rows(*range(100))))
    with pytest.raises(Stop, match="starts again"):
        severa.read(UNITS)


def test_a_server_that_cuts_pages_silently_loses_nothing(server: Loopback, severa: Severa) -> None:
    server.on("GET /v1/travelexpensetypes", slices_of(250, most=100))
    listing = Listing("/v1/travelexpensetypes", "rows", page=1000)
    assert len(severa.read(listing)) == 250


@pytest.mark.parametrize("path", ["/v1/customers", "/v1/travelexpensetypes"])
def test_a_refused_page_size_falls_back_once(server: Loopback, severa: Severa, path: str) -> None:
    paging, source = ("token", pages_of) if "cust" in path else ("rows", slices_of)

    def answer(asked: Asked) -> Reply:
        if int(asked.one("rowCount")) > 100:
            return fault(400, "InvalidParameter", "rowCount", "at most 100")
        return source(150)(asked)

    server.on(f"GET {path}", answer)
    listing = Listing(path, paging, page=1000)  # type: ignore[arg-type]
    assert len(severa.read(listing)) == 150
    assert len(severa.read(listing)) == 150
    assert [a.one("rowCount") for a in server.asked if a.path == path] == ["1000"] + ["100"] * 4


def test_the_page_is_never_larger_than_the_setting(server: Loopback) -> None:
    server.on("GET /v1/customers", pages_of(60))
    with client(server, page=50) as severa:
        assert len(severa.read(CUSTOMERS)) == 60
    assert server.asked[-1].one("rowCount") == "50"


def test_rows_that_shift_while_read_count_once(server: Loopback, severa: Severa) -> None:
    first = rows(*range(100))
    later = [{"guid": "g99", "number": 7}, *rows(100)]
    server.on("GET /v1/businessunits", Reply(data=first), Reply(data=later))
    found = severa.read(UNITS)
    assert len(found) == 101
    assert found[99]["number"] == 7


def test_rows_deleted_while_read_hide_no_others(server: Loopback, severa: Severa) -> None:
    """Deleting one of the first rows moves the others up, over the edge of the page."""
    left = list(range(250))

    def answer(asked: Asked) -> Reply:
        first = int(asked.one("firstRow"))
        found = rows(*left[first : first + 100])
        if first == 99 and 5 in left:
            left.remove(5)
            found = rows(*left[first : first + 100])
        return Reply(data=found)

    server.on("GET /v1/businessunits", answer)
    assert {row["guid"] for row in severa.read(UNITS)} == {f"g{n}" for n in range(250)}


def test_a_list_in_no_order_still_ends(server: Loopback, severa: Severa) -> None:
    def answer(asked: Asked) -> Reply:
        first = int(asked.one("firstRow"))
        return Reply(data=rows(*range(first * 1000, first * 1000 + (100 if first < 400 else 1))))

    server.on("GET /v1/businessunits", answer)
    assert severa.read(UNITS)


def test_parameters_are_written_as_the_contract_has_them(server: Loopback, severa: Severa) -> None:
    server.on("GET /v1/customers", Reply(data=[]))
    since = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    severa.read(
        CUSTOMERS,
        changedSince=since,
        isActive=False,
        numbers=[1, 2],
        start=date(2026, 3, 1),
        x=None,
    )
    assert server.asked[-1].query == {
        "rowCount": ["1000"],
        "changedSince": ["2026-03-01T12:30:00Z"],
        "isActive": ["false"],
        "numbers": ["1", "2"],
        "start": ["2026-03-01"],
    }


def test_a_long_filter_is_split(server: Loopback, severa: Severa) -> None:
    def answer(asked: Asked) -> Reply:
        return Reply(data=rows(*map(int, asked.query["numbers"])))

    server.on("GET /v1/customers", answer)
    assert len(severa.read(CUSTOMERS, numbers=list(range(250)))) == 250
    assert severa.calls["list"] == 3


@pytest.mark.parametrize("data", [{"items": []}, "text", [1, 2], [None]])
def test_a_list_that_is_none_stops(server: Loopback, severa: Severa, data: Any) -> None:
    server.on("GET /v1/customers", Reply(data=data))
    with pytest.raises(Stop, match="something else than a list"):
        severa.read(CUSTOMERS)


def test_decimals_stay_exact(server: Loopback, severa: Severa) -> None:
    server.on("GET /v1/products/g1", Reply(raw=b'{"guid": "g1", "price": 0.1, "n": 12345678901}'))
    found = severa.get("/v1/products/g1")
    assert found == {"guid": "g1", "price": Decimal("0.1"), "n": 12345678901}


def test_find_gives_none_for_what_is_not_there(server: Loopback, severa: Severa) -> None:
    server.on("GET /v1/customers/9f", fault(404, "InvalidParameter", "guid", "not found"))
    assert severa.find("/v1/customers/9f") is None
    with pytest.raises(Refused, match="no such record"):
        severa.get("/v1/customers/9f")


def test_convert_maps_old_to_new_and_may_be_repeated(server: Loopback, severa: Severa) -> None:
    answer = Reply(
        data=[
            {"guid": "old-1", "converted": "new-1"},
            {"guid": "OLD-2", "converted": "new-2"},
            {"guid": "old-3", "converted": None},
        ]
    )
    server.on("POST /v1/guids/convert", Reply(status=500), answer)
    assert severa.convert(["old-1", "old-2", "old-3"]) == {"old-1": "new-1", "old-2": "new-2"}
    assert server.asked[-1].body == ["old-1", "old-2", "old-3"]
    assert severa.convert([]) == {}


def test_create_unwraps_an_array_of_one(server: Loopback, severa: Severa) -> None:
    server.on("POST /v1/projectfees", Reply(status=201, data=[{"guid": "f1"}]))
    body = {"amount": Decimal("1.10"), "day": date(2026, 1, 2), "whole": Decimal(3)}
    assert severa.create("/v1/projectfees", body) == {"guid": "f1"}
    assert server.asked[-1].body == {"amount": 1.1, "day": "2026-01-02", "whole": 3}
    assert severa.calls["create"] == 1


@pytest.mark.parametrize("data", [[], {}, [{"guid": "a"}, {"guid": "b"}], {"name": "x"}, None])
def test_a_create_without_one_clear_record_is_unknown(
    server: Loopback, severa: Severa, data: Any
) -> None:
    server.on("POST /v1/customers", Reply(status=201, data=data))
    with pytest.raises(Unknown):
        severa.create("/v1/customers", {"name": "A"})
    assert server.count("POST /v1/customers") == 1
