"""Who may work in Visma Global: never `sa` or a sysadmin; the doctor tells about all of them."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.dialects.mssql.pyodbc import MSDialect_pyodbc

from recon.doctor.login import of_login
from recon.errors import ReconError, Stop, Usage
from recon.settings import Global, load
from recon.systems import tables
from recon.systems.global_engine import address, login_name
from recon.systems.global_login import Login, admit_anyone, refuse_administrators, roles
from recon.systems.visma_global import VismaGlobal
from recon.workbench import Options, assembled
from tests.conftest import Ran
from tests.global_fixtures import compiled, lay, needs_sqlite

Answers = tuple[str | None, int | None, int | None]


@contextmanager
def server(
    folder: Path, monkeypatch: pytest.MonkeyPatch, answers: Answers
) -> Iterator[VismaGlobal]:
    """A laid company that answers as a SQL Server on which we have these roles."""
    glob = lay(folder).connect()
    asked: list[str] = []

    def who() -> str | None:
        asked.append("who")
        return answers[0]

    @event.listens_for(glob.engine, "connect")
    def _functions(connection: Any, _record: Any) -> None:
        _, sysadmin, owner = answers
        connection.create_function("suser_sname", 0, who)
        connection.create_function("is_srvrolemember", 1, {"sysadmin": sysadmin}.__getitem__)
        connection.create_function("is_member", 1, {"db_owner": owner}.__getitem__)

    monkeypatch.setattr(glob.engine.dialect, "name", "mssql")
    vars(glob)["asked"] = asked
    try:
        yield glob
    finally:
        glob.close()


def rows(glob: VismaGlobal) -> list[dict[str, Any]]:
    return glob.read(select(tables.customer.c.CustomerNo))


def write(glob: VismaGlobal) -> Any:
    row = {"CustomerNo": 20001, "Name": "Ny AS"}
    return glob.in_transaction("insert", lambda t: t.insert("Customer", row))


@needs_sqlite
@pytest.mark.parametrize("use", [rows, write, lambda glob: glob.catalogue("Customer")])
@pytest.mark.parametrize("answers", [("boss", 1, 0), ("FJORD\\admin", 1, 1), ("SA", 0, 0)])
def test_an_administrator_reads_and_writes_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answers: Answers,
    use: Callable[[VismaGlobal], Any],
) -> None:
    with server(tmp_path, monkeypatch, answers) as glob:
        for _ in range(2):
            with pytest.raises(Usage, match="everything on the server.*not accepted.*--sql"):
                use(glob)
    with sqlite3.connect(tmp_path / "global.db") as left:
        assert left.execute("SELECT count(*) FROM Customer").fetchone() == (3,)
    left.close()


@needs_sqlite
@pytest.mark.parametrize("answers", [("lin", 0, 0), ("lin", 0, 1), ("lin", None, None)])
def test_any_other_login_works_and_is_asked_about_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: Answers
) -> None:
    with server(tmp_path, monkeypatch, answers) as glob:
        assert len(rows(glob)) == 3
        write(glob)
        assert len(rows(glob)) == 4
        assert vars(glob)["asked"] == ["who"]


@needs_sqlite
@pytest.mark.parametrize(
    ("answers", "ok", "words"),
    [
        (("boss", 1, 1), "failed", "boss is a sysadmin"),
        (("sa", 1, 1), "failed", "'sa' may do everything"),
        (("lin", 0, 1), "warning", "lin is a member of db_owner"),
        (("lin", None, None), "warning", "does not tell"),
        (("lin", 0, 0), "ok", "neither sysadmin nor db_owner"),
    ],
)
def test_the_doctor_tells_what_the_login_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: Answers, ok: str, words: str
) -> None:
    with server(tmp_path, monkeypatch, answers) as glob:
        glob.admits = admit_anyone
        (verdict,) = of_login(glob)
    assert (verdict.ok, bool(verdict.todo)) == (ok, ok != "ok")
    assert words in verdict.text


@needs_sqlite
def test_a_server_that_cannot_be_asked_is_only_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    glob = lay(tmp_path).connect()
    monkeypatch.setattr(glob.engine.dialect, "name", "mssql")
    (verdict,) = of_login(glob)
    assert (verdict.ok, len(rows(glob))) == ("warning", 3)
    glob.close()


@needs_sqlite
def test_a_file_has_no_logins(tmp_path: Path) -> None:
    glob = lay(tmp_path).connect()
    (verdict,) = of_login(glob)
    assert verdict.ok == "ok"
    glob.close()


def test_a_server_that_is_not_there_is_told_by_the_next_question() -> None:
    class Gone:
        def login(self) -> Login:
            raise Stop("Visma Global's database server cannot be reached")

    assert of_login(Gone()) == []


def test_the_roles_are_asked_in_t_sql() -> None:
    text = compiled(roles())
    assert "suser_sname() AS name" in text
    assert "is_srvrolemember(" in text and "is_member(" in text and " FROM " not in text


@pytest.mark.parametrize(
    ("settings", "url", "name"),
    [
        ({}, "mssql+pyodbc://sa:secret@srv/D", "sa"),
        ({"server": "s", "database": "d", "login": "Sa"}, "", "Sa"),
        ({}, "mssql+pyodbc:///?odbc_connect=DRIVER%3D%7BX%7D%3BUID%3Dsa%3BPWD%3Dsecret", "sa"),
        ({"server": "s", "database": "d"}, "", ""),
        ({}, "mssql+pyodbc:///?odbc_connect=SERVER%3Ds%3BTrusted_Connection%3Dyes", ""),
        ({}, "sqlite:///global.db", ""),
    ],
)
def test_the_login_is_found_in_every_address(settings: Any, url: str, name: str) -> None:
    assert login_name(address(Global(**settings), url, "")) == name
    refuses = name.casefold() == "sa"
    try:
        refuse_administrators(Login(name))
    except Usage as error:
        assert refuses and "secret" not in str(error)
    else:
        assert not refuses


def test_without_a_login_windows_tells_who_we_are() -> None:
    """`Trusted_Connection` is what SQLAlchemy asks of the driver for an address without one."""
    url = address(Global(server="srv", database="D"), "", "")
    (text,), _ = MSDialect_pyodbc().create_connect_args(url)
    assert "Trusted_Connection=Yes" in text and "UID" not in text


# --- the commands --------------------------------------------------------------------------------


SERVER = """\
server = "127.0.0.1,9"
database = "FjordGLOBALData"
login = "sa"
password = "env:RECON_TEST_PASSWORD"
"""


@pytest.fixture
def as_sa(profile_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A company whose profile names the login sa."""
    pytest.importorskip("pyodbc", reason="libodbc2 is missing", exc_type=ImportError)
    for name in ("CLIENT_ID", "CLIENT_SECRET", "PASSWORD"):
        monkeypatch.setenv(f"RECON_TEST_{name}", "given")
    text = profile_file.read_text("utf-8").replace('url = "sqlite:///global.db"\n', SERVER)
    profile_file.write_text(text, "utf-8")
    return profile_file


@pytest.mark.parametrize(
    "given",
    [
        ("check",),
        ("propose",),
        ("plan",),
        ("sync",),
        ("onboard", "--yes"),
        ("report",),
        ("runs",),
        ("links",),
        ("failures",),
        ("undo", "r1", "--out", "x.json"),
        ("decide", "customer", "1", "2", "same"),
    ],
    ids=lambda given: given[0],
)
def test_no_command_works_as_sa(
    as_sa: Path, recon: Callable[..., Ran], given: tuple[str, ...]
) -> None:
    ran = recon("--company", str(as_sa), *given, "--json")
    assert (ran.code, "'sa'" in ran.document["error"]) == (2, True)
    assert "--sql" in ran.document["error"]


def test_the_doctor_opens_a_company_whose_login_is_sa(
    as_sa: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes as far as the missing package: on a machine with one, as far as the server."""
    monkeypatch.setitem(sys.modules, "pyodbc", None)
    with pytest.raises(ReconError, match="pyodbc is missing"):
        assembled(load(as_sa), Options(logins="any"))
