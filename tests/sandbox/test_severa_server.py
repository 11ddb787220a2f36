"""The sandbox's Severa server as a process: its address, its life, its memory, its pace."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from recon.errors import Busy, Stop, Usage
from recon.sandbox import severa_server
from tests.sandbox.severa_world import CREDENTIALS, Severa, documents, guid, serving

pytestmark = pytest.mark.slow


def test_both_prefixes_answer(severa: Severa) -> None:
    assert severa.get("/v1/customers") == severa.get("/v1.0/customers")
    assert severa.base.endswith("/rest-api")


def test_attach_finds_the_server_that_lives(severa: Severa) -> None:
    assert severa_server.attach(severa.directory) == severa.address
    assert severa_server.living(severa.directory) == severa.address


def test_attach_sets_quota_and_latency_on_a_server_that_lives(severa: Severa) -> None:
    severa_server.attach(severa.directory, quota=77, latency_ms=(1.0, 2.0))
    switches = severa.door("switches")
    assert (switches["quota"], switches["latency_ms"]) == (77, [1.0, 2.0])


def test_two_starters_start_one_server(tmp_path: Path) -> None:
    severa_server.create(tmp_path, documents(), CREDENTIALS)
    try:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _n: severa_server.attach(tmp_path), range(4)))
        assert len(set(found)) == 1
    finally:
        severa_server.release(tmp_path)


def test_a_served_folder_cannot_be_served_twice(severa: Severa) -> None:
    with pytest.raises(Busy):
        severa_server.serve(severa.directory)


def test_a_folder_without_a_sandbox_is_not_served(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="no Severa sandbox here"):
        severa_server.serve(tmp_path)
    with pytest.raises(Stop, match="could not be started") as caught:
        severa_server.attach(tmp_path)
    assert "sandbox create" in caught.value.todo


def test_the_server_outlives_its_starter_and_ends_when_idle(tmp_path: Path) -> None:
    severa_server.create(tmp_path, documents(), CREDENTIALS)
    code = (
        "import sys; from pathlib import Path; from recon.sandbox import severa_server;"
        "print(severa_server.attach(Path(sys.argv[1]), idle_minutes=0.02).base_url)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    address = severa_server.living(tmp_path)
    assert address and address.base_url == done.stdout.strip()
    port = int(address.base_url.rsplit(":", 1)[1].split("/")[0])
    until = time.monotonic() + 20
    while listens(port) and time.monotonic() < until:
        time.sleep(0.1)
    assert severa_server.living(tmp_path) is None


def listens(port: int) -> bool:
    """Whether something listens there; only looking is no use of the server."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_what_was_answered_survives_a_killed_server(tmp_path: Path) -> None:
    with serving(tmp_path) as severa:
        made = [severa.post("/v1/customers", {"name": f"Kunde {n}"}) for n in range(5)]
        severa.patch(f"/v1/customers/{made[0]['guid']}", ("name", "Ny"))
        severa.ask("DELETE", f"/v1/customers/{made[1]['guid']}")
        before = severa.door("dump")
        os.kill(severa.door("health")["pid"], getattr(signal, "SIGKILL", signal.SIGTERM))
        address = severa_server.attach(tmp_path)
        severa.address = address
        assert severa.door("dump") == before
        # Tokens live on: the client need not notice.
        assert severa.get(f"/v1/customers/{made[0]['guid']}")["name"] == "Ny"


def test_serve_runs_in_the_foreground_and_says_when_it_is_ready(tmp_path: Path) -> None:
    severa_server.create(tmp_path, documents(), CREDENTIALS)
    code = (
        "import sys; from pathlib import Path; from recon.sandbox import severa_server;"
        "severa_server.serve(Path(sys.argv[1]), quota=3, latency_ms=(0, 1),"
        " ready=lambda address: print(address.base_url, flush=True))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout
    with process, process.stdout:
        base = process.stdout.readline().strip()
        assert httpx.get(base + "/heartbeat/server", trust_env=False).status_code == 200
        severa_server.release(tmp_path)
        assert process.wait(10) == 0


def test_a_port_in_use_is_said(severa: Severa, tmp_path: Path) -> None:
    severa_server.create(tmp_path, documents(), CREDENTIALS)
    port = int(severa.base.rsplit(":", 1)[1].split("/")[0])
    with pytest.raises(Stop, match=f"port {port}"):
        severa_server.serve(tmp_path, port)


def test_a_second_organisation_is_not_laid_over_the_first(severa: Severa) -> None:
    with pytest.raises(Usage, match="already"):
        severa_server.create(severa.directory, documents(), CREDENTIALS)


@pytest.mark.parametrize(
    ("collection", "doc", "said"),
    [
        ("customers", {"name": ""}, "name"),
        ("customers", {"name": "A", "colour": 1, "currency": {"guid": guid("no")}}, "currency"),
        ("addresses", {"customer": {"guid": guid("nobody")}}, "customer.guid"),
        ("clients", {"name": "A"}, "no such list"),
    ],
)
def test_documents_that_break_the_contract_are_refused(
    tmp_path: Path, collection: str, doc: dict[str, Any], said: str
) -> None:
    seed = documents()
    seed[collection] = [*seed.get(collection, []), doc]
    with pytest.raises(Usage, match=said):
        severa_server.create(tmp_path, seed, CREDENTIALS)
    assert not (tmp_path / "severa.db").exists()


def test_the_secret_is_not_kept(severa: Severa) -> None:
    secret = CREDENTIALS["client_secret"].encode()
    assert all(secret not in file.read_bytes() for file in severa.directory.iterdir())


# --- tokens and scopes ------------------------------------------------------------------------


def test_a_token_has_the_scopes_that_were_asked_for(severa: Severa) -> None:
    answer = severa.sign_in("customers:read, settings:read")
    assert answer.json()["scope"] == "customers:read settings:read"
    refused = severa.ask("POST", "/v1/customers", {"name": "A"})
    detail = refused.json()["error"]
    assert (refused.status_code, detail["type"]) == (403, "InsufficientApiScope")
    assert "customers:write" in detail["details"][0]["message"]


@pytest.mark.parametrize(
    "wrong", [{"client_secret": "guess"}, {"client_id": "guess"}], ids=["secret", "id"]
)
def test_wrong_credentials_are_refused(severa: Severa, wrong: dict[str, str]) -> None:
    answer = severa.ask("POST", "/v1/token", {**CREDENTIALS, **wrong})
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "AuthenticationRequired"


@pytest.mark.parametrize("header", ["Authorization", "client_id"])
def test_every_call_needs_both_headers(severa: Severa, header: str) -> None:
    kept = severa.http.headers.pop(header)
    assert severa.ask("GET", "/v1/customers").status_code == 401
    severa.http.headers[header] = kept
    assert severa.ask("GET", "/v1/customers").status_code == 200


def test_a_changed_token_is_refused(severa: Severa) -> None:
    severa.http.headers["Authorization"] += "0"
    assert severa.ask("GET", "/v1/customers").status_code == 401


def test_an_old_token_is_renewed_with_the_refresh_token(severa: Severa) -> None:
    severa.switch(token_life_s=0.2)
    tokens = severa.sign_in().json()
    assert severa.ask("GET", "/v1/customers").status_code == 200
    time.sleep(0.25)
    assert severa.ask("GET", "/v1/customers").status_code == 401
    severa.switch(token_life_s=60)
    renewed = severa.ask("POST", "/v1/refreshtoken", tokens["refresh_token"]).json()
    severa.http.headers["Authorization"] = f"Bearer {renewed['access_token']}"
    assert severa.ask("GET", "/v1/customers").status_code == 200
    swapped = severa.ask("POST", "/v1/refreshtoken", tokens["access_token"])
    assert swapped.status_code == 401


def test_heartbeats(severa: Severa) -> None:
    with httpx.Client(trust_env=False) as stranger:
        found = [
            stranger.get(f"{severa.base}/heartbeat/{name}").status_code
            for name in ("server", "database", "authorized")
        ]
    assert found == [200, 200, 401]
    assert severa.ask("GET", "/heartbeat/authorized").status_code == 204


# --- pace -------------------------------------------------------------------------------------


def burst(severa: Severa, calls: int) -> list[httpx.Response]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda _n: severa.ask("GET", "/v1/currencies"), range(calls)))


def test_the_quota_counts_a_sliding_second(severa: Severa) -> None:
    severa.switch(quota=10)
    time.sleep(1.05)
    severa.door("log", method="DELETE")
    codes = [answer.status_code for answer in burst(severa, 14)]
    assert (codes.count(200), codes.count(429)) == (10, 4)
    log = severa.door("log")
    assert (log["limited"], log["peak_per_second"]) == (4, 10)
    time.sleep(1.05)
    assert severa.ask("GET", "/v1/currencies").status_code == 200


def test_beyond_the_quota_the_answer_says_so(severa: Severa) -> None:
    severa.switch(quota=1, retry_after=1)
    refused = [answer for answer in burst(severa, 3) if answer.status_code == 429]
    error = refused[0].json()["error"]
    assert error["httpStatusCode"] == 429
    assert error["details"][0]["message"] == (
        "API calls quota exceeded! maximum admitted 1 per 1s."
    )
    assert refused[0].headers["Retry-After"] == "1"
    severa.switch(retry_after=None)
    refused = [answer for answer in burst(severa, 3) if answer.status_code == 429]
    assert "Retry-After" not in refused[0].headers


def test_other_clients_take_their_share(severa: Severa) -> None:
    severa.switch(quota=10, other_clients=3)
    time.sleep(1.05)
    codes = [answer.status_code for answer in burst(severa, 14)]
    assert codes.count(200) == 7


def test_latency_is_waited_after_the_call_was_counted(severa: Severa) -> None:
    severa.switch(quota=4, latency_ms=[300, 400])
    time.sleep(1.05)
    started = time.monotonic()
    codes = [answer.status_code for answer in burst(severa, 8)]
    assert time.monotonic() - started >= 0.3
    assert codes.count(429) == 4


def test_eight_clients_at_once_lose_nothing(severa: Severa) -> None:
    severa.switch(latency_ms=[0, 20])

    def make(number: int) -> Any:
        return severa.post("/v1/customers", {"name": f"Samtidig {number}"})

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(40)))
    assert len({customer["number"] for customer in made}) == 40
    kept = {customer["guid"] for customer in severa.get("/v1/customers", rowCount=1000)}
    assert {customer["guid"] for customer in made} <= kept


def test_the_servers_clock_stands_in_the_date_header(severa: Severa) -> None:
    severa.switch(clock_offset_s=-3600)
    severa.sign_in()
    answer = severa.ask("POST", "/v1/customers", {"name": "Klokke"})
    late = time.time() - parsedate_to_datetime(answer.headers["Date"]).timestamp()
    assert 3590 < late < 3620
    assert answer.json()["createdDateTime"].endswith("Z")


def test_guids_follow_from_a_seed_and_what_is_created(severa: Severa) -> None:
    def made(number: int) -> str:
        return str(severa.post("/v1/customers", {"name": "Lik", "number": number})["guid"])

    severa.switch(guid_seed=4)
    first, second = made(77001), made(77002)
    assert first != second
    severa.ask("DELETE", f"/v1/customers/{first}")
    assert made(77001) == first
    severa.ask("DELETE", f"/v1/customers/{first}")
    severa.switch(guid_seed=5)
    assert made(77001) != first


# --- the sandbox's own door -------------------------------------------------------------------


def test_the_log_counts_calls_and_numbers_writes(severa: Severa) -> None:
    made = severa.post("/v1/customers", {"name": "Ny"})
    severa.patch(f"/v1/customers/{made['guid']}", ("name", "Nyere"))
    severa.ask("GET", f"/v1/customers/{made['guid']}")
    severa.ask("GET", "/v1/nothing")
    log = severa.door("log")
    assert log["calls"]["GET /v1/customers/{guid}"] == 1
    assert log["calls"]["unknown"] == 1
    assert [effect["number"] for effect in log["effects"]] == [1, 2]
    assert log["effects"][1]["operation"] == "PATCH /v1/customers/{guid}"
    assert [v["kind"] for v in log["violations"]] == ["request"]


def test_a_call_through_the_door_costs_no_quota(severa: Severa) -> None:
    severa.switch(quota=1)
    acts = [{"method": "POST", "path": "/v1/customers", "body": {"name": f"{n}"}} for n in range(5)]
    answers = [severa.door("call", act) for act in acts]
    assert [answer["status"] for answer in answers] == [201] * 5
    assert answers[0]["body"]["name"] == "0"


@pytest.mark.parametrize(
    "switches", [{"nonsense": 1}, {"quota": "many"}, {"read_only": "perhaps"}, {"seed": True}]
)
def test_a_wrong_switch_is_refused(severa: Severa, switches: dict[str, Any]) -> None:
    url = f"{severa.address.control_url}/switches"
    answer = severa.http.post(url, content=json.dumps(switches))
    assert answer.status_code == 400
    assert next(iter(switches)) in answer.json()["error"]


def test_private_fields_are_answered_so_that_the_client_must_drop_them(severa: Severa) -> None:
    user = severa.get(f"/v1/users/{guid('user')}")
    assert user["socialSecurityNumber"] and user["bankAccountNumber"] and user["birthDate"]
    assert severa.get(f"/v1/contactpersons/{guid('contact')}")["dateOfBirth"] == "1980-02-03"
