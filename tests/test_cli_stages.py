"""The command line over made-up stages: exit codes, documents, prompts, signals."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from recon.cli import crash, document
from recon.doctor.verdict import Verdict
from recon.errors import Busy, Stop, Unsafe
from recon.shapes import Decision, Facts, Operation, Plan
from tests.conftest import Ran
from tests.test_cli import SCHEMA, assert_failed

Recon = Callable[..., Ran]


def facts(**changed: Any) -> Facts:
    told: dict[str, Any] = {
        "run": "r1",
        "command": "check",
        "company": "Fjord Test AS",
        "sandbox": True,
        "started": "2026-01-01T00:00:00",
        "seconds": 1.5,
        "exit_code": 0,
        "read": {"customer": {"severa": 1}},
    }
    return Facts(**(told | changed))


class Bench:
    """Nothing is reached; stages are told to stop through `stopping`."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.notes: list[Any] = []


@pytest.fixture
def flow(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A `recon.flow` without stages; each test puts in the one that it is about."""

    @contextmanager
    def open_(path: Path, *, run_options: object) -> Iterator[Bench]:
        assert path.exists()
        yield Bench()

    fake: Any = ModuleType("recon.flow")
    fake.open = open_
    fake.document = lambda found: {"run": found.run, "needs_person": found.needs_person}
    monkeypatch.setitem(sys.modules, "recon.flow", fake)
    monkeypatch.setattr("recon.flow", fake, raising=False)
    found: ModuleType = fake
    return found


def stage(flow: ModuleType, name: str, do: Callable[..., Any]) -> None:
    setattr(flow, name, do)


def raising(error: BaseException) -> Callable[..., Any]:
    def do(*_given: Any, **_named: Any) -> Any:
        raise error

    return do


@pytest.mark.parametrize("code", [0, 1])
def test_a_run_ends_with_its_own_exit_code(
    recon: Recon, flow: ModuleType, profile_file: Path, code: int
) -> None:
    needs = ("2 records are held",) if code else ()
    stage(flow, "check", lambda bench, said: facts(exit_code=code, needs_person=needs))
    ran = recon("--company", str(profile_file), "check", "--json")
    jsonschema.validate(ran.document, SCHEMA)
    assert (ran.code, ran.document["run"], ran.document["sandbox"]) == (code, "r1", True)
    assert "SANDBOX" in ran.err


@pytest.mark.parametrize(
    ("answers", "code"), [(["ok", "ok"], 0), (["ok", "warning"], 0), (["warning", "failed"], 3)]
)
def test_the_doctor_fails_where_work_cannot_go_on(
    recon: Recon, flow: ModuleType, profile_file: Path, answers: list[Any], code: int
) -> None:
    told = [Verdict(f"q{n}", answer, "found", "mend it") for n, answer in enumerate(answers)]
    stage(flow, "doctor", lambda bench: told)
    ran = recon("--company", str(profile_file), "doctor", "--json")
    jsonschema.validate(ran.document, SCHEMA)
    assert (ran.code, [v["ok"] for v in ran.document["verdicts"]]) == (code, answers)
    assert ran.document["error"] == ("q1: found. mend it" if code else None)


@pytest.mark.parametrize("option", ["--dry-run", "--full", "--entities=customer", "--force=x"])
def test_a_notebook_takes_no_options(
    recon: Recon, flow: ModuleType, profile_file: Path, option: str
) -> None:
    ran = recon("--company", str(profile_file), "sync", "--notebook", option, "--json")
    assert_failed(ran, 2, "--notebook")


def test_a_sync_as_a_notebook_ends_as_the_run_that_it_made(
    recon: Recon, flow: ModuleType, profile_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[str, Path, dict[str, str]]] = []
    monkeypatch.setattr("recon.notebook.run", lambda *given: made.append(given))
    body = {"run": "r9", "exit_code": 1, "needs_person": ["1 customer is held"]}
    stage(flow, "runs", lambda bench: [{"document": body}, {"document": {}}])
    ran = recon("--company", str(profile_file), "sync", "--notebook", "--json")
    jsonschema.validate(ran.document, SCHEMA)
    ((name, output, parameters),) = made
    assert (ran.code, ran.document["run"], ran.document["files"]) == (1, "r9", [str(output)])
    assert (name, parameters) == ("5_sync", {"company": str(profile_file.resolve())})


@pytest.mark.parametrize(
    "error",
    [
        Stop("Severa cannot be reached", where="127.0.0.1:9", todo="Try later"),
        Busy("Another run holds the lock"),
    ],
)
def test_what_stops_a_run_ends_with_3(
    recon: Recon, flow: ModuleType, profile_file: Path, error: Stop
) -> None:
    stage(flow, "sync", raising(error))
    assert_failed(recon("--company", str(profile_file), "sync", "--json"), 3, error.what)


def test_a_safety_limit_names_the_force_that_passes_it(
    recon: Recon, flow: ModuleType, profile_file: Path
) -> None:
    stage(flow, "sync", raising(Unsafe("Too many creates", limits=("creates.customer",))))
    ran = recon("--company", str(profile_file), "sync", "--json")
    assert_failed(ran, 3, "--force creates.customer")


def test_a_fault_of_ours_is_one_sentence_and_a_file_without_data(
    recon: Recon, flow: ModuleType, profile_file: Path
) -> None:
    row = "Kari Nordmann <kari@example.no>"
    stage(flow, "check", raising(KeyError(f"('{row}', 12345678901)")))
    ran = recon("--company", str(profile_file), "check", "--json")
    assert_failed(ran, 3, "KeyError", "reports")
    (written,) = (profile_file.parent / "reports").glob("error-*.txt")
    text = written.read_text("utf-8")
    assert "KeyError" in text and "in do" in text
    told = text + ran.out + ran.err
    assert not [word for word in ("Nordmann", "kari", "12345678901") if word in told]


def test_what_is_left_of_a_chain_of_errors_is_types_and_places() -> None:
    try:
        try:
            raise ValueError("Kari Nordmann s3cret")
        except ValueError as error:
            raise OSError(2, "Kari s3cret") from error
    except OSError as error:
        text = crash.described(error)
    first, then = text.split("\ncaused by\n")
    assert first.startswith("FileNotFoundError\n  File") and then.startswith("ValueError\n  File")
    told = [line for line in text.splitlines() if "raise " not in line]
    assert not [line for line in told if "Kari" in line or "s3cret" in line]


def test_what_a_library_prints_does_not_spoil_the_document(
    recon: Recon, flow: ModuleType, profile_file: Path
) -> None:
    stage(flow, "check", lambda bench, said: print("noise") or facts())
    ran = recon("--company", str(profile_file), "check", "--json")
    assert ran.document["run"] == "r1"
    assert "noise" in ran.err


def operation(number: int) -> Operation:
    return Operation(
        f"o{number}", "customer", "severa", "create", "1", None, {}, {"name": "A"}, (), "new"
    )


def planned() -> Plan:
    return Plan("r1", "Fjord Test AS", "f", (operation(1), operation(2)))


def rehearsed(bench: Bench, shown: bool) -> tuple[Plan, Facts]:
    return planned(), facts(exit_code=1, needs_person=("1 customer is held",))


def test_a_plan_is_shown_saved_and_has_a_checksum(
    recon: Recon, flow: ModuleType, profile_file: Path, tmp_path: Path
) -> None:
    saved: list[Path] = []
    stage(flow, "rehearse", rehearsed)
    stage(flow, "save", lambda plan, path: saved.append(path))
    out = tmp_path / "plan.json"
    ran = recon("--company", str(profile_file), "plan", "--out", str(out), "--json")
    jsonschema.validate(ran.document, SCHEMA)
    assert (ran.code, ran.document["files"], saved) == (1, [str(out)], [out])
    assert f"2 operations; checksum {planned().checksum}" in ran.err


@pytest.mark.parametrize(
    ("arguments", "answer", "applied"),
    [
        ([], True, True),
        ([], False, False),
        (["--yes"], False, True),
        (["--dry-run"], True, False),
        (["--dry-run", "--yes"], True, False),
    ],
)
def test_an_onboarding_does_the_plan_that_was_shown_and_approved(
    recon: Recon,
    flow: ModuleType,
    profile_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    answer: bool,
    applied: bool,
) -> None:
    done: list[str] = []

    def onboard(bench: Bench, checksum: str) -> Facts:
        done.append(checksum)
        return facts()

    stage(flow, "rehearse", rehearsed)
    stage(flow, "onboard", onboard)
    monkeypatch.setattr("recon.cli.writing._can_ask", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda *_given, **_named: answer)
    ran = recon("--company", str(profile_file), "onboard", *arguments)
    assert done == [planned().checksum] * applied
    assert ran.code == (0 if applied else 1)


def test_rows_are_listed(recon: Recon, flow: ModuleType, profile_file: Path) -> None:
    row = {"entity": "customer", "key": "1", "count": 2, "parked": True, "payload": {"a": 1}}
    stage(flow, "failures", lambda bench: [row])
    ran = recon("--company", str(profile_file), "failures", "--json")
    jsonschema.validate(ran.document, SCHEMA)
    assert (ran.document["rows"], ran.document["failures"]) == ([row], [row])
    assert "entity customer; key 1; count 2; parked yes" in ran.err


def test_a_release_of_nothing_is_wrong_usage(
    recon: Recon, flow: ModuleType, profile_file: Path
) -> None:
    stage(flow, "release", lambda bench, entity, key: int((entity, key) == ("customer", "1/a")))
    company = ("--company", str(profile_file), "failures", "--json", "--release")
    assert recon(*company, "customer/1/a").code == 0
    assert_failed(recon(*company, "customer/2"), 2, "customer/2")


def test_a_decision_carries_who_when_and_why(
    recon: Recon, flow: ModuleType, profile_file: Path
) -> None:
    kept: list[Decision] = []
    stage(flow, "decide", lambda bench, decision: kept.append(decision))
    told = ("decide", "customer", "10001", "g-1", "same", "--why", "asked them")
    assert recon("--company", str(profile_file), *told).code == 0
    (said,) = kept
    assert (said.entity, said.global_key, said.severa_guid) == ("customer", "10001", "g-1")
    assert (said.verdict, said.who, said.why, bool(said.when)) == (
        *("same", "tester", "asked them"),
        True,
    )


def test_decimals_dates_and_nan_become_json() -> None:
    from datetime import date
    from decimal import Decimal

    value = {"a": Decimal("1.10"), "b": date(2026, 1, 2), "c": float("nan"), "d": [float("inf")]}
    expected = {"a": "1.10", "b": "2026-01-02", "c": None, "d": [None]}
    assert json.loads(document.text(value)) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGTERM")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_lets_the_operation_in_hand_end(
    recon: Recon, flow: ModuleType, profile_file: Path, number: int, code: int
) -> None:
    ended: list[bool] = []

    def sync(bench: Bench) -> Facts:
        os.kill(os.getpid(), number)
        ended.append(bench.stopping.wait(5))
        return facts()

    stage(flow, "sync", sync)
    ran = recon("--company", str(profile_file), "sync", "--json")
    assert_failed(ran, code, "journal")
    assert (ended, ran.document["run"]) == ([True], "r1")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGTERM")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_at_once_what_only_looks(
    recon: Recon, flow: ModuleType, profile_file: Path, number: int, code: int
) -> None:
    def check(bench: Bench, said: object) -> Facts:
        os.kill(os.getpid(), number)
        time.sleep(5)
        return facts()

    stage(flow, "check", check)
    began = time.monotonic()
    assert_failed(recon("--company", str(profile_file), "check", "--json"), code)
    assert time.monotonic() - began < 4
