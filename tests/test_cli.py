"""The command line's promises to those who slip: exit code 2, one JSON document, one sentence."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from recon.cli import jupyter, running
from tests.conftest import Ran
from tests.house import ROOT

Recon = Callable[..., Ran]
SCHEMA = json.loads((ROOT / "docs" / "json.schema.json").read_text(encoding="utf-8"))

NEED_A_COMPANY = "doctor check propose plan sync report runs unknowns failures links".split()


def assert_failed(ran: Ran, code: int, *words: str) -> None:
    """One valid document with this exit code, and one sentence for people, the same."""
    found = ran.document
    jsonschema.validate(found, SCHEMA)
    assert (ran.code, found["exit_code"]) == (code, code)
    assert found["error"] in ran.err
    assert "Traceback" not in ran.err
    assert [word for word in words if word not in found["error"]] == []


@pytest.mark.parametrize("command", NEED_A_COMPANY)
def test_without_a_company_it_is_wrong_usage(recon: Recon, command: str) -> None:
    assert_failed(recon(command, "--json"), 2, "No company is named", "--company")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--jsn", "check"], "No such option: --jsn"),
        (["check", "--ful"], "No such option: --ful"),
        (["chekc"], "No such command 'chekc'"),
        (["match", "a.csv", "b.csv"], "--kind"),
        (["trace", "invoice"], "Missing argument"),
        (["undo", "x"], "--out"),
        ([], "Missing command"),
        (["apply", "plan.json"], "checksum"),
        (["decide", "customer"], "Missing argument"),
        (["decide", "customer", "1", "g", "perhaps"], "perhaps"),
        (["sandbox", "create", "--size"], "--size"),
    ],
)
def test_a_slip_is_wrong_usage_and_still_one_document(
    recon: Recon, arguments: list[str], words: str
) -> None:
    assert_failed(recon(*arguments, "--json"), 2, words)


def test_without_json_stdout_stays_empty(recon: Recon) -> None:
    ran = recon("check")
    assert (ran.code, ran.out) == (2, "")
    assert "No company is named" in ran.err


def test_global_options_may_stand_behind_the_command(recon: Recon, tmp_path: Path) -> None:
    path = str(tmp_path / "missing.toml")
    before = recon("--json", "--company", path, "check")
    assert before.document == recon("check", f"--company={path}", "--json").document
    assert_failed(before, 2, "no such profile", path)


def test_behind_two_dashes_nothing_is_a_global_option() -> None:
    assert running.hoist(["a", "--json", "--", "--json"]) == (["--json"], ["a", "--", "--json"])
    assert running.hoist(["a", "--company", "x", "b"]) == (["--company", "x"], ["a", "b"])


def test_the_environment_may_name_the_company(
    recon: Recon, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RECON_COMPANY", str(tmp_path / "from_env.toml"))
    assert_failed(recon("check", "--json"), 2, "from_env.toml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[company\nname = 1", "not valid TOML"),
        ("[company]\nname = 'A'\n[global]\n[severa]\nquota = 'many'\n", "[severa.quota]"),
        ("[company]\nname = 'A'\n[global]\npasword = 'hunter2'\n[severa]\n", "[global.pasword]"),
        ("[company]\nname = 'A'\ntimezone = 'Mars/Olympus'\n[global]\n[severa]\n", "time zone"),
        ("", "[company]"),
    ],
)
def test_a_wrong_profile_names_the_line_or_the_setting(
    recon: Recon, tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text, encoding="utf-8")
    ran = recon("--company", str(path), "check", "--json")
    assert_failed(ran, 2, words, "wrong.toml")
    assert "hunter2" not in ran.out + ran.err


def test_a_profile_that_is_no_text(recon: Recon, tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_bytes(b"[company]\nname = '\xff\xfe'")
    assert_failed(recon("--company", str(path), "check", "--json"), 2, "cannot be read")


@pytest.mark.parametrize("command", ["check", "plan", "sync"])
def test_an_unknown_entity(recon: Recon, profile_file: Path, command: str) -> None:
    ran = recon("--company", str(profile_file), command, "--entities", "customer,custmer", "--json")
    assert_failed(ran, 2, "'custmer'", "customer", "--entities")


def test_only_a_sandbox_may_use_the_sandbox_address(recon: Recon, profile_file: Path) -> None:
    text = profile_file.read_text("utf-8").replace("http://127.0.0.1:9", "sandbox:")
    profile_file.write_text(text.replace("sandbox = true", "sandbox = false"), encoding="utf-8")
    assert_failed(recon("--company", str(profile_file), "check", "--json"), 2, "base_url")


def test_an_onboarding_that_nobody_can_approve(
    recon: Recon, profile_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    ran = recon("--company", str(profile_file), "onboard", "--json")
    assert_failed(ran, 2, "must be approved", "--dry-run")


def test_help_starts_without_the_heavy_libraries() -> None:
    script = (
        "import sys; from recon.cli import run; run(['--help']); "
        "print(*sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    heavy = {"pandas", "altair", "papermill", "sqlalchemy", "faker", "httpx", "pydantic"}
    assert (ran.returncode, heavy & set(ran.stderr.split())) == (0, set())
    assert "onboard" in ran.stdout


def test_jupyterlab_neither_asks_nor_calls_home(tmp_path: Path) -> None:
    options = jupyter.command(tmp_path, jupyter.FIRST)
    (folder,) = [o.partition("=")[2] for o in options if o.startswith("--LabApp.app_settings_dir")]
    kept = json.loads((Path(folder) / "overrides.json").read_text(encoding="utf-8"))
    assert [rule["fetchNews"] for rule in kept.values() if "fetchNews" in rule] == ["false"]


@pytest.mark.parametrize(
    ("option", "opens"), [((), jupyter.FIRST), (("--review",), jupyter.REVIEW)]
)
def test_the_lab_opens_at_the_first_notebook_or_at_the_board(
    option: tuple[str, ...],
    opens: str,
    recon: Recon,
    profile_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called: list[list[str]] = []
    opened = subprocess.Popen

    def served(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        called.append(command)
        return opened([sys.executable, "-c", ""], **options)

    monkeypatch.setattr(subprocess, "Popen", served)
    assert recon("--company", str(profile_file), "lab", *option).code == 0
    assert f"--LabApp.default_url=/lab/tree/{opens}" in called[0]
    assert (profile_file.parent / "notebooks" / opens).exists()


def test_an_exported_page_keeps_tables_and_looks_but_nothing_that_runs_or_fetches() -> None:
    table = '<table><tbody><tr><td style="color: red;">1</td></tr></tbody></table>'
    assert jupyter.clean(f"<h2>A</h2><ul><li>b</li></ul>{table}") == (
        f"<h2>A</h2><ul><li>b</li></ul>{table}"
    )
    hostile = (
        "<script>alert(1)</script>",
        '<img src="http://example.invalid/">',
        '<p onclick="alert(1)">',
        '<p style="background: url(http://example.invalid/)">',
        '<a href="javascript:alert(1)">',
    )
    for markup in hostile:
        cleaned = jupyter.clean(markup)
        assert not re.search(r"<(script|img)|<[^>]*(onclick|url|javascript)", cleaned)
