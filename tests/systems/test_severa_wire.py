"""What becomes of a call that is lost, refused, cut off, late or too big."""

from __future__ import annotations

import socket
from datetime import datetime

import pytest

from recon import settings
from recon.effects import Effects
from recon.errors import NotDone, Refused, Stop, Unknown
from recon.systems.severa import Options, Severa
from tests.systems.loopback import Loopback, Reply, fault, serve
from tests.systems.severa_client import (
    CUSTOMERS,
    SECRET,
    Open,
    Seen,
    client,
    guids,
    rows,
)

LOST = {
    "500": Reply(status=500, data={}),
    "503": fault(503, "InternalSystemError", message="down"),
    "408": Reply(status=408, data={}),
    "reset": Reply(reset=True, raw=b""),
    "cut": Reply(raw=b'[{"guid": "g1"', claim=500),
    "no json": Reply(raw=b'[{"guid": "g1'),
    "empty": Reply(raw=b""),
    "NaN": Reply(raw=b'{"guid": "g1", "x": NaN}'),
    "bad utf-8": Reply(raw=b'{"guid": "\xff"}'),
    "late": Reply(delay=0.9),
}


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
def test_reads_are_tried_again(server: Loopback, lost: Reply) -> None:
    server.on("GET /v1/customers", lost, lost, lost, Reply(data=rows(1)))
    with client(server, timeout_s=0.4 if lost.delay else 5) as severa:
        assert guids(severa.read(CUSTOMERS)) == ["g1"]
        assert severa.calls == {"token": 1, "list": 1, "retry": 3}
        assert vars(severa)["waits"] == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
def test_reads_that_stay_lost_stop_after_four_tries(server: Loopback, lost: Reply) -> None:
    server.on("GET /v1/customers", lost)
    with (
        client(server, timeout_s=0.4 if lost.delay else 5) as severa,
        pytest.raises(Stop) as caught,
    ):
        severa.read(CUSTOMERS)
    assert server.count("GET /v1/customers") == 4
    assert caught.value.todo and "GET /v1/customers" in caught.value.where


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_writes_that_are_lost_are_unknown_and_sent_once(
    server: Loopback, lost: Reply, method: str
) -> None:
    server.on(f"{method} /v1/customers{'/g1' if method == 'PATCH' else ''}", lost)
    with client(server, timeout_s=0.4 if lost.delay else 5) as severa, pytest.raises(Unknown):
        if method == "POST":
            severa.create("/v1/customers", {"name": "A"})
        else:
            severa.patch("/v1/customers/g1", "customers", {"name": "A"})
    assert len(server.asked) == 2


def test_a_html_answer_to_a_write_is_unknown(server: Loopback, severa: Severa) -> None:
    server.on("POST /v1/customers", Reply(raw=b"<html>", headers={"Content-Type": "text/html"}))
    with pytest.raises(Unknown):
        severa.create("/v1/customers", {"name": "A"})


def test_429_is_sent_again_and_told_to_the_gate(server: Loopback) -> None:
    busy = fault(429, headers={"Retry-After": "2"}, message="API calls quota exceeded!")
    server.on("POST /v1/customers", busy, busy, Reply(status=201, data={"guid": "g1"}))
    gate = Open()
    given = settings.Severa(base_url=server.url)
    options = Options(gate=gate, sleep=lambda _: None)
    with Severa(given, Effects(), client_id="me", client_secret=SECRET, options=options) as severa:
        assert severa.create("/v1/customers", {"name": "A"})["guid"] == "g1"
        assert severa.calls == {"token": 1, "create": 1, "429": 2}
    assert gate.told == [2.0, 2.0]


def test_a_quota_that_is_closed_for_long_stops(server: Loopback, severa: Severa) -> None:
    server.on("GET /v1/customers", fault(429, headers={"Retry-After": "3600"}))
    with pytest.raises(Stop, match="quota"):
        severa.read(CUSTOMERS)


def test_a_quota_that_stays_used_up_stops(server: Loopback) -> None:
    now = [0.0]

    def tick() -> float:
        now[0] += 20.0
        return now[0]

    server.on("GET /v1/customers", fault(429))
    options = Options(gate=Open(), clock=tick, sleep=lambda _: None)
    given = settings.Severa(base_url=server.url, timeout_s=1000)
    severa = Severa(given, Effects(), client_id="me", client_secret=SECRET, options=options)
    with severa, pytest.raises(Stop, match="another program"):
        severa.read(CUSTOMERS)


def test_a_refused_connection_is_not_done() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/rest-api"
    with serve() as server, client(server, url=url) as severa:
        with pytest.raises(Stop, match="cannot be reached"):
            severa.read(CUSTOMERS)
        severa._token._held = severa._token._held.__class__(access="x", ends=float("inf"))
        with pytest.raises(NotDone, match="cannot be reached"):
            severa.create("/v1/customers", {"name": "A"})
        assert len(vars(severa)["waits"]) == 6


def test_a_body_without_end_stops(server: Loopback) -> None:
    server.on("GET /v1/customers", Reply(raw=b"[" + b" " * 50_000 + b"]"))
    server.on("POST /v1/customers", Reply(status=201, raw=b" " * 50_000))
    with client(server, cap=10_000) as severa:
        with pytest.raises(Stop, match="bigger"):
            severa.read(CUSTOMERS)
        with pytest.raises(Unknown, match="bigger"):
            severa.create("/v1/customers", {"name": "A"})
    assert server.count("GET /v1/customers") == 1


def test_a_name_of_ten_megabytes_arrives_and_stays_out_of_messages(
    server: Loopback, severa: Severa
) -> None:
    name = "å" * 5_000_000
    server.on("GET /v1/customers", Reply(data=[{"guid": "g1", "name": name}]))
    assert severa.read(CUSTOMERS)[0]["name"] == name
    server.on("POST /v1/customers", fault(400, "InvalidParameter", "name", f"too long: {name}"))
    with pytest.raises(Refused) as caught:
        severa.create("/v1/customers", {"name": name})
    assert len(str(caught.value)) < 600


def test_every_call_is_an_effect_without_data_in_its_label(server: Loopback) -> None:
    seen = Seen()
    guid = "4b0e93aa-1111-2222-3333-444455556666"
    server.on(f"PATCH /v1/customers/{guid}", Reply(data={"guid": guid}))
    server.on("GET /v1/customers", Reply(status=500), Reply(data=[]))
    with client(server, Effects(seen)) as severa:
        severa.patch(f"/v1/customers/{guid}", "customers", {"name": "A"})
        severa.read(CUSTOMERS)
    assert [(e.label, e.writes) for e in seen.effects] == [
        ("POST /v1/token", False),
        ("PATCH /v1/customers/{}", True),
        ("GET /v1/customers", False),
        ("GET /v1/customers", False),
    ]
    assert {e.kind for e in seen.effects} == {"http"}


def test_the_server_clock_is_kept_in_utc(server: Loopback, severa: Severa) -> None:
    assert severa.server_time == ""
    server.on("GET /v1/customers", Reply(data=[]))
    severa.read(CUSTOMERS)
    told = datetime.fromisoformat(severa.server_time)
    assert severa.server_time.endswith("Z")
    assert told.utcoffset() is not None


def test_no_call_takes_longer_than_the_lease(server: Loopback, severa: Severa) -> None:
    server.on("GET /v1/customers", Reply(data=[]))
    severa.read(CUSTOMERS)
    severa.deadline = lambda: 1.5
    assert severa.timeout() == 1.5
    severa.deadline = lambda: 0.0
    with pytest.raises(Stop, match="lease"):
        severa.read(CUSTOMERS)
    assert server.count("GET /v1/customers") == 1


def test_a_trickling_body_ends_with_the_timeout(server: Loopback) -> None:
    now = [0.0]

    def tick() -> float:
        now[0] += 0.2
        return now[0]

    server.on("POST /v1/customers", Reply(status=201, data={"guid": "g", "name": "x" * 500_000}))
    options = Options(gate=Open(), clock=tick, sleep=lambda _: None)
    given = settings.Severa(base_url=server.url, timeout_s=1.0)
    severa = Severa(given, Effects(), client_id="me", client_secret=SECRET, options=options)
    with severa, pytest.raises(Unknown, match="in time"):
        severa.create("/v1/customers", {"name": "A"})
