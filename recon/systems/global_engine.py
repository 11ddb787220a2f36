"""The connection to Visma Global's database: address, login, session settings, time-outs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus
from zoneinfo import ZoneInfo

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from recon.errors import Stop, Usage
from recon.settings import Global
from recon.systems.stand_in import attach
from recon.systems.table_forms import SCHEMA

WRITES = "recon_writes"
LOGIN_TIMEOUT_S = 15
_ODBC_TODO = (
    "Install it: Debian libodbc2 and Microsoft's msodbcsql18, Windows 'ODBC Driver 18 for SQL "
    "Server'; and the package with 'pip install recon[sqlserver]'"
)


def address(settings: Global, url: str, password: str) -> URL:
    """Where the database is: `url`, or server, database, driver and login of the settings.

    `Usage` where it is no address, or of an unknown kind.
    """
    found = _parsed(url) if url else _from_parts(settings)
    return found.set(password=password) if password else found


def _parsed(url: str) -> URL:
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        raise Usage(
            "The address of Visma Global's database is not a database URL",
            where="[global] url",
            todo="Write sqlite:///FILE or mssql+pyodbc://LOGIN@SERVER/DATABASE?driver=…, "
            "or set server, database and login instead",
        ) from None
    if found.get_backend_name() not in ("sqlite", "mssql"):
        raise Usage(
            f"Visma Global does not run on {found.get_backend_name()}",
            where="[global] url",
            todo="Write an address that starts with mssql+pyodbc:// (or sqlite:/// for a sandbox)",
        )
    return found


def _from_parts(settings: Global) -> URL:
    if not settings.server or not settings.database:
        raise Usage(
            "The profile does not say where Visma Global's database is",
            where="[global]",
            todo="Set url, or server, database and login",
        )
    host, _, port = settings.server.partition(",")
    return URL.create(
        "mssql+pyodbc",
        username=settings.login or None,
        host=host,
        port=int(port) if port.strip().isdigit() else None,
        database=settings.database,
        query={"driver": settings.driver, **settings.options},
    )


def login_name(url: URL) -> str:
    """The login in an address; '' where Windows tells who we are, or for a file."""
    if url.username:
        return url.username
    odbc = unquote_plus(str(url.query.get("odbc_connect", "")))
    parts = dict(part.partition("=")[::2] for part in odbc.split(";"))
    return next((v.strip("{} ") for k, v in parts.items() if k.strip().upper() == "UID"), "")


def place(url: URL) -> str:
    """The database's name and server for messages: never login, password or options."""
    if url.get_backend_name() == "sqlite":
        return str(url.database or "")
    if url.host or url.database:
        return f"{url.database or '?'} on {url.host or '?'}"
    return "the database of [global] url"


def engine_for(url: URL, settings: Global, zone: ZoneInfo) -> Engine:
    """An engine whose placeholder schema is the profile's; nothing is connected yet."""
    make = _sqlite if url.get_backend_name() == "sqlite" else _mssql
    engine = make(url, settings, zone)
    return engine.execution_options(schema_translate_map={SCHEMA: settings.schema_name})


def _mssql(url: URL, settings: Global, _zone: ZoneInfo) -> Engine:
    options: dict[str, Any] = {}
    if url.get_driver_name() == "pyodbc":
        options = {"fast_executemany": True, "connect_args": {"timeout": LOGIN_TIMEOUT_S}}
    try:
        engine = create_engine(
            url, pool_pre_ping=True, pool_size=8, hide_parameters=True, **options
        )
    except (ImportError, NoSuchModuleError):
        raise Stop(
            "SQL Server cannot be used: its ODBC library or the package pyodbc is missing here",
            where=place(url),
            todo=_ODBC_TODO,
        ) from None
    event.listen(engine, "connect", _session(settings.lock_timeout_s))
    return engine


def session_settings(lock_timeout_s: int) -> tuple[str, ...]:
    """What each SQL Server session sets: no endless waits, no half transactions."""
    return (f"SET LOCK_TIMEOUT {lock_timeout_s * 1000}", "SET XACT_ABORT ON")


def _session(lock_timeout_s: int) -> Callable[[Any, Any], None]:
    def set_up(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for statement in session_settings(lock_timeout_s):
            cursor.execute(statement)
        cursor.close()
        connection.commit()

    return set_up


def _sqlite(url: URL, settings: Global, zone: ZoneInfo) -> Engine:
    if not url.database or url.database == ":memory:":
        raise Usage("A SQLite stand-in for Visma Global needs a file", where="[global] url")
    if settings.schema_name.casefold() in ("main", "temp"):
        raise Usage("A SQLite stand-in cannot use this schema name", where="[global] schema")
    file = Path(url.database)

    def connect() -> sqlite3.Connection:
        return _attached(file, settings, zone)

    engine = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool, pool_size=8, hide_parameters=True
    )
    event.listen(engine, "begin", _begin)
    return engine


def _attached(file: Path, settings: Global, zone: ZoneInfo) -> sqlite3.Connection:
    if not file.is_file():
        raise Stop(
            "Visma Global's database file is not there",
            where=str(file),
            todo="Check url in [global], or make a sandbox with 'recon sandbox create'",
        )
    connection = sqlite3.connect(
        ":memory:",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=settings.lock_timeout_s,
    )
    attach(connection, file, settings.schema_name)
    connection.create_function("getdate", 0, lambda: wall_clock(zone))
    return connection


def _begin(connection: Any) -> None:
    """SQLite takes its one write lock at once, as SQL Server's update locks would."""
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def wall_clock(zone: ZoneInfo) -> str:
    """The company's wall clock as SQLite's GETDATE(): like DATETIME, in steps of 1/300 s."""
    now = datetime.now(zone).replace(tzinfo=None)
    ticks = round(now.microsecond * 3 / 10_000)
    milliseconds = round(ticks * 10 / 3)
    moment = now.replace(microsecond=0) + timedelta(milliseconds=milliseconds)
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
