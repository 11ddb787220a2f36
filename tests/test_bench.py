"""The measuring scripts, on companies so small that only their figures' form can be told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="the scripts read /proc"),
]
BENCH = Path(__file__).parents[1] / "bench"
IN_STEP = {"read", "unchanged", "out of scope"}


def measured(script: str, out: Path, *arguments: str) -> dict[str, Any]:
    """What a script wrote about its figures."""
    command = [sys.executable, str(BENCH / f"{script}.py"), "--quota", "50", "--out", str(out)]
    ran = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads((out / f"{script}.json").read_text("utf-8"))
    return found


def test_a_full_compare_of_a_linked_company_has_nothing_to_do(tmp_path: Path) -> None:
    rows = measured("scale", tmp_path, "--sizes", "10")["rows"]
    assert [(row["size"], row["quota"]) for row in rows] == [
        *[(10, 0)] * 2, *[(10, 50)] * 2
    ]  # fmt: skip
    for row in rows:
        assert set(row["states"]) <= IN_STEP
        assert row["states"]["read"] > row["size"] * 5
        assert row["wall_s"] > row["quota_s"] and row["peak_mb"] > 30 and row["server_mb"] > 30
        assert row["calls"] >= 12


def test_an_idle_sync_is_timed_beside_its_calls(tmp_path: Path) -> None:
    found = measured("idle", tmp_path, "--sizes", "10", "15", "--times", "1")
    assert [row["size"] for row in found["rows"]] == [10, 15]
    assert len(found["verdicts"]) == 3
    for row in found["rows"]:
        assert row["beyond_s"] == pytest.approx(row["wall_s"] - row["start_s"] - row["quota_s"])


def test_an_onboarding_is_whole_and_its_calls_are_counted_twice(tmp_path: Path) -> None:
    counts = ("--customers", "10", "--projects", "10", "--users", "10", "--products", "10")
    onboarded, after = measured("onboarding", tmp_path, *counts)["rows"]
    assert (onboarded["exit_code"], after["exit_code"]) == (0, 0)
    assert onboarded["operations"]["create Severa"] and after["operations"] == {}
    for row in (onboarded, after):
        counted = sum(n for kind, n in row["kinds"].items() if kind not in ("least", "429"))
        assert counted == row["calls"]
