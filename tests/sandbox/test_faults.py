"""Faults at the nth call of the server, and at the nth effect of a process."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

import httpx
import pytest

from recon.sandbox import faults
from tests.sandbox.severa_world import Severa

pytestmark = pytest.mark.slow

CUSTOMERS = "/v1/customers"


def names(severa: Severa) -> list[str]:
    return [one["name"] for one in severa.get(CUSTOMERS, rowCount=1000)]


def create(severa: Severa, name: str) -> httpx.Response:
    return severa.ask("POST", CUSTOMERS, {"name": name})


def rule(severa: Severa, action: str, **fields: Any) -> None:
    severa.door("faults", [{"action": action, "methods": ["POST"], "path": "customers$", **fields}])


@pytest.mark.parametrize(("when", "done"), [("before", False), ("after", True), ("mid", True)])
def test_a_lost_answer(severa: Severa, when: str, done: bool) -> None:
    rule(severa, "lose", when=when, at=2)
    assert create(severa, f"First {when}").status_code == 201
    with pytest.raises(httpx.TransportError):
        create(severa, f"Lost {when}")
    assert create(severa, f"Third {when}").status_code == 201
    assert (f"Lost {when}" in names(severa)) is done


def test_an_answer_cut_short_is_no_json(severa: Severa) -> None:
    rule(severa, "cut")
    answer = create(severa, "Cut")
    assert answer.status_code == 201
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert "Cut" in names(severa)


@pytest.mark.parametrize(("when", "done"), [("before", False), ("after", True)])
def test_a_web_page_instead_of_json(severa: Severa, when: str, done: bool) -> None:
    rule(severa, "html", when=when)
    answer = create(severa, f"Page {when}")
    assert (answer.status_code, answer.text[:6]) == (200, "<html>")
    assert (f"Page {when}" in names(severa)) is done


@pytest.mark.parametrize(("when", "done"), [("before", False), ("after", True)])
def test_a_status_for_some_calls_on_end(severa: Severa, when: str, done: bool) -> None:
    rule(severa, "status", status=502, when=when, times=2)
    codes = [create(severa, f"{when} {n}").status_code for n in range(3)]
    assert codes == [502, 502, 201]
    assert (f"{when} 1" in names(severa)) is done


def test_a_delay(severa: Severa) -> None:
    rule(severa, "delay", seconds=0.4)
    started = time.monotonic()
    assert create(severa, "Late").status_code == 201
    assert time.monotonic() - started >= 0.4


def test_a_huge_name(severa: Severa) -> None:
    severa.door("faults", [{"action": "huge", "path": "^/v1/customers$"}])
    answer = severa.ask("GET", CUSTOMERS)
    assert len(answer.json()[0]["name"]) == faults.HUGE


@pytest.mark.parametrize(("when", "done"), [("before", False), ("after", True), ("mid", True)])
def test_a_kill_of_the_client(severa: Severa, when: str, done: bool) -> None:
    code = (
        "import sys, httpx, json\n"
        "sys.stdin.readline()\n"
        "with httpx.Client(trust_env=False, headers=json.loads(sys.argv[2])) as client:\n"
        "    client.post(sys.argv[1], json={'name': sys.argv[3]})\n"
        "    print('lived')\n"
    )
    headers = {n: severa.http.headers[n] for n in ("Authorization", "client_id")}
    arguments = [severa.base + CUSTOMERS, json.dumps(headers), f"Killed {when}"]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    rule(severa, "kill", when=when, pid=process.pid)
    out, _ = process.communicate("\n", timeout=20)
    assert (process.returncode != 0, out) == (True, "")
    assert (f"Killed {when}" in names(severa)) is done


def test_calls_refused_by_the_quota_do_not_count(severa: Severa) -> None:
    rule(severa, "status", at=2)
    severa.switch(quota=1)
    time.sleep(1.05)
    codes = [create(severa, f"Quota {n}").status_code for n in range(3)]
    severa.switch(quota=1_000_000)
    assert codes == [201, 429, 429]
    assert create(severa, "Second").status_code == 503
    assert severa.door("faults")[0]["seen"] == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": "explode"},
        {"action": "kill"},
        {"action": "lose", "at": 0},
        {"action": "lose", "path": "["},
        {"action": "lose", "colour": 1},
    ],
)
def test_a_wrong_rule_is_refused(severa: Severa, wrong: dict[str, Any]) -> None:
    url = f"{severa.address.control_url}/faults"
    assert severa.http.post(url, json=[wrong]).status_code == 400
