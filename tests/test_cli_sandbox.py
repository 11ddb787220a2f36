"""`recon sandbox …`: makes, serves and edits what is the sandbox's, and touches nothing else."""

from __future__ import annotations

import contextlib
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import jsonschema
import pytest

from recon import notebook
from recon.cli import copies, jupyter, sandbox
from recon.errors import Usage
from recon.sandbox import severa_server
from tests.conftest import Ran
from tests.test_cli import SCHEMA, assert_failed

pytestmark = pytest.mark.slow

Recon = Callable[..., Ran]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    sandbox.create_company(folder, "5", 1)
    return folder


def test_a_company_is_made_with_a_ready_profile(recon: Recon, tmp_path: Path) -> None:
    ran = recon("sandbox", "create", "--dir", str(tmp_path / "new"), "--size", "3", "--json")
    jsonschema.validate(ran.document, SCHEMA)
    assert (ran.code, ran.document["sandbox"]) == (0, True)
    assert ran.document["files"] == [str(tmp_path / "new" / "profile.toml")]
    assert (tmp_path / "new" / "profile.toml").exists()


def test_a_company_of_counts_has_them_on_both_sides(recon: Recon, tmp_path: Path) -> None:
    counts = ("--customers", "3", "--projects", "2", "--users", "1", "--products", "0")
    ran = recon("sandbox", "create", "--dir", str(tmp_path), *counts, "--linked", "--json")
    assert (ran.code, ran.document["error"]) == (0, None)
    with contextlib.closing(sqlite3.connect(tmp_path / "global.db")) as database:
        for table, count in (("Customer", 3), ("Project", 2), ("Employee", 1), ("Article", 0)):
            rows = database.execute(f"select SeveraGUID from {table}").fetchall()
            assert len(rows) == count and all(guid for (guid,) in rows)


@pytest.mark.parametrize("count", ["--customers=0", "--users=0", "--projects=-1"])
def test_a_company_needs_customers_and_users(recon: Recon, tmp_path: Path, count: str) -> None:
    folder = tmp_path / "new"
    assert_failed(recon("sandbox", "create", "--dir", str(folder), count, "--json"), 2)
    assert not folder.exists()


def test_a_company_is_made_older(recon: Recon, tmp_path: Path) -> None:
    sandbox.create_company(tmp_path, "2", 1)
    file = tmp_path / "global.db"
    with contextlib.closing(sqlite3.connect(file)) as database:
        (before,) = database.execute("select max(LastUpdate) from Customer").fetchone()
    ran = recon("sandbox", "age", "--dir", str(tmp_path), "--days", "3", "--json")
    assert (ran.code, ran.document["error"]) == (0, None)
    with contextlib.closing(sqlite3.connect(file)) as database:
        (after,) = database.execute("select max(LastUpdate) from Customer").fetchone()
    assert datetime.fromisoformat(before) - datetime.fromisoformat(after) == timedelta(days=3)


def test_a_folder_with_other_things_is_left_alone(recon: Recon, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    assert_failed(recon("sandbox", "create", "--dir", str(tmp_path), "--json"), 2)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("size", ["0", "-5", "many", "1.5", "²"])
def test_a_wrong_size(recon: Recon, tmp_path: Path, size: str) -> None:
    folder = tmp_path / "new"
    ran = recon("sandbox", "create", "--dir", str(folder), f"--size={size}", "--json")
    assert_failed(ran, 2, size)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("text", "pair"), [("50-900", (50.0, 900.0)), ("0-0", (0.0, 0.0)), ("100", (100.0, 100.0))]
)
def test_a_latency_is_from_and_to(text: str, pair: tuple[float, float]) -> None:
    assert sandbox.latency(text) == pair


@pytest.mark.parametrize("text", ["900-50", "-1", "fast", "1-x"])
def test_a_wrong_latency(text: str) -> None:
    with pytest.raises(Usage, match="latency"):
        sandbox.latency(text)


def test_nothing_to_serve(recon: Recon, tmp_path: Path) -> None:
    assert_failed(recon("sandbox", "serve", "--dir", str(tmp_path), "--json"), 2, "sandbox create")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGTERM")
def test_serve_says_where_everything_is_and_ends_on_a_signal(company: Path) -> None:
    severa_server.release(company)
    command = [sys.executable, "-m", "recon.cli", "sandbox", "serve", "--dir", str(company)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout
        where = json.loads(served.stdout.readline())
        alive = httpx.get(f"{where['address']}/heartbeat/server", trust_env=False)
        served.send_signal(signal.SIGTERM)
        assert served.wait(20) == 143
    assert alive.status_code == 200
    assert where["profile"] == str((company / "profile.toml").resolve())
    assert where["client_secret"].startswith("file:") and where["sandbox"] is True
    assert Path(where["database"].removeprefix("sqlite:///")).exists()


def name_of(company: Path, customer: str) -> str:
    from recon.sandbox import acts_global, world

    (row,) = acts_global.rows(world.open_world(company), "Customer", CustomerNo=int(customer))
    return str(row["Name"])


def any_customer(company: Path) -> str:
    from recon.sandbox import acts_global, world

    rows = acts_global.rows(world.open_world(company), "Customer")
    return str(min(row["CustomerNo"] for row in rows))


def test_a_user_of_global_edits(recon: Recon, company: Path) -> None:
    key = any_customer(company)
    act = ("sandbox", "act", "edit", "global", "Customer", key)
    assert recon(*act, "Name=Nytt navn AS", "PostCode=0150", "--dir", str(company)).code == 0
    assert name_of(company, key) == "Nytt navn AS"


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (("global", "Customer", "1", "Name"), "NAME=VALUE"),
        (("global", "Custmer", "1", "Name=A"), "Custmer"),
        (("global", "Customer", "1", "Nam=A"), "Nam"),
        (("global", "Customer", "one", "Name=A"), "one"),
        (("excel", "Customer", "1", "Name=A"), "excel"),
    ],
)
def test_an_edit_of_nothing(recon: Recon, company: Path, edit: tuple[str, ...], words: str) -> None:
    ran = recon("sandbox", "act", "edit", *edit, "--dir", str(company), "--json")
    assert_failed(ran, 2, words)


def test_an_act_needs_a_sandbox(recon: Recon, company: Path, tmp_path: Path) -> None:
    text = (
        (company / "profile.toml").read_text("utf-8").replace("sandbox = true", "sandbox = false")
    )
    (tmp_path / "profile.toml").write_text(text, encoding="utf-8")
    ran = recon(
        *("sandbox", "act", "edit", "global", "Customer", "10001", "Name=A"),
        *("--dir", str(tmp_path), "--json"),
    )
    assert_failed(ran, 2, "not a sandbox")


def test_global_is_not_laid_over_other_data(recon: Recon, tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    url = f"sqlite:///{path}"
    first = recon("sandbox", "create-global", url, "--schema", "Fjord", "--size", "3", "--json")
    assert (first.code, first.document["error"]) == (0, None)
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("drop table RECON_SANDBOX_MARKER")
        database.commit()
    again = recon("sandbox", "create-global", url, "--schema", "Fjord", "--size", "3", "--json")
    assert_failed(again, 2)


def test_a_company_has_its_own_notebooks_and_keeps_its_changes(tmp_path: Path) -> None:
    mine = copies.own_notebooks(tmp_path)
    assert sorted(path.stem for path in mine.glob("*.ipynb")) == notebook.names() != []
    for path in mine.glob("*.ipynb"):
        path.write_text("changed", encoding="utf-8")
    copies.own_notebooks(tmp_path)
    assert {path.read_text("utf-8") for path in mine.glob("*.ipynb")} == {"changed"}


def test_a_notebook_that_nobody_edited_follows_the_shipped_one(tmp_path: Path) -> None:
    mine = copies.own_notebooks(tmp_path)
    record, third = mine / copies.RECORD, mine / jupyter.REVIEW
    shipped = third.read_text("utf-8")
    earlier = json.loads(shipped)
    earlier["cells"] = earlier["cells"][:3]
    third.write_text(json.dumps(earlier), "utf-8")
    record.write_text(json.dumps({third.name: copies._code(third)}), "utf-8")
    earlier["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "ran"}]
    third.write_text(json.dumps(earlier), "utf-8")
    copies.own_notebooks(tmp_path)
    assert third.read_text("utf-8") == shipped, "running it is no edit"
    earlier["cells"][1]["source"] = ["company = 'mine.toml'"]
    third.write_text(json.dumps(earlier), "utf-8")
    record.write_text("{}", "utf-8")
    copies.own_notebooks(tmp_path)
    assert "mine.toml" in third.read_text("utf-8")
