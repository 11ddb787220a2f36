"""The connection to Visma Global: addresses, logins, missing drivers."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from recon.effects import Effects
from recon.errors import Stop, Usage
from recon.settings import Global
from recon.systems.catalogue import code_page
from recon.systems.global_engine import address, place, session_settings, wall_clock
from recon.systems.visma_global import VismaGlobal
from tests.global_fixtures import compiled

SERVER = "mssql+pyodbc://lin:secret%40x@srv/KuraasGLOBALData?driver=ODBC+Driver+18+for+SQL+Server"


def test_address_from_parts() -> None:
    parts = {"server": "srv,1444", "database": "D", "login": "lin", "options": {"Encrypt": "yes"}}
    url = address(Global(**parts), "", "p@ss")  # type: ignore[arg-type]
    assert (url.host, url.port, url.database, url.username) == ("srv", 1444, "D", "lin")
    assert url.password == "p@ss"
    assert dict(url.query) == {"driver": "ODBC Driver 18 for SQL Server", "Encrypt": "yes"}


def test_password_takes_its_place_in_the_address() -> None:
    assert address(Global(), "mssql+pyodbc://lin@srv/D", "x").password == "x"


@pytest.mark.parametrize(
    ("settings", "url", "words"),
    [
        ({}, "", "does not say where"),
        ({"server": "srv"}, "", "does not say where"),
        ({}, "not a url with secret", "not a database URL"),
        ({}, "postgresql://u:secret@h/d", "does not run on postgresql"),
    ],
)
def test_wrong_address_is_usage_without_secrets(
    settings: dict[str, Any], url: str, words: str
) -> None:
    with pytest.raises(Usage, match=words) as caught:
        address(Global(**settings), url, "")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("schema", ["main", "TEMP"])
def test_schema_names_that_sqlite_keeps_for_itself(schema: str) -> None:
    with pytest.raises(Usage, match="schema name"):
        VismaGlobal(Global.model_validate({"schema": schema}), Effects(), url="sqlite:///x.db")


def test_sqlite_needs_a_file() -> None:
    with pytest.raises(Usage, match="needs a file"):
        VismaGlobal(Global(), Effects(), url="sqlite://")


def test_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyodbc", None)
    with pytest.raises(Stop, match="libodbc2.*msodbcsql18.*ODBC Driver 18") as caught:
        VismaGlobal(Global(), Effects(), url=SERVER)
    assert "KuraasGLOBALData on srv" in str(caught.value)
    assert "secret" not in str(caught.value) and "lin" not in caught.value.where


def test_pyodbc_is_not_imported_for_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pyodbc", raising=False)
    VismaGlobal(Global(), Effects(), url="sqlite:///nowhere.db").close()
    assert "pyodbc" not in sys.modules


def test_place_shows_database_and_server_alone() -> None:
    assert place(address(Global(), SERVER, "")) == "KuraasGLOBALData on srv"
    assert place(address(Global(), "mssql+pyodbc:///?odbc_connect=PWD%3Dsecret", "")) == (
        "the database of [global] url"
    )


def test_sessions_do_not_wait_for_ever() -> None:
    assert session_settings(7) == ("SET LOCK_TIMEOUT 7000", "SET XACT_ABORT ON")


def test_wall_clock_steps_as_datetime_does() -> None:
    for _ in range(50):
        moment = datetime.fromisoformat(wall_clock(ZoneInfo("Europe/Oslo")))
        assert moment.microsecond % 10_000 in (0, 3_000, 7_000)


def test_code_page_is_asked_in_t_sql() -> None:
    text = compiled(code_page("Danish_Norwegian_CI_AS"))
    assert "COLLATIONPROPERTY('Danish_Norwegian_CI_AS', 'CodePage')" in text
