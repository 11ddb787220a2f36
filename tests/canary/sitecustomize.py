"""Imported by each Python process of the canary test at its start: sets off what is asked for.

RECON_CANARY: a list of `crash`, `sql`, `pyodbc`, `open` (the control: nothing is dropped).
RECON_CANARY_TEXT: what errors quote. Must not import the product before it is asked to.
"""

from __future__ import annotations

import os
import sys
from typing import Any

TEXT = os.environ.get("RECON_CANARY_TEXT", "")


def crash() -> None:
    """A fault of our own in the middle of a run, whose message quotes data."""
    import recon.flow

    def broken(*_given: Any, **_named: Any) -> Any:
        private = {"row": TEXT}
        try:
            raise KeyError(private["row"])
        except KeyError as error:
            raise RuntimeError(f"cannot read {TEXT} of {private}") from error

    vars(recon.flow)["_made"] = broken


def sql() -> None:
    """Every insert fails with a driver's message that quotes values."""
    import sqlite3

    from sqlalchemy import Engine, event

    @event.listens_for(Engine, "do_execute")
    def fail(_cursor: Any, statement: str, _parameters: Any, _context: Any) -> None:
        if statement.startswith("INSERT INTO") and "recon_" not in statement:
            message = f"[SQL Server]Truncated value: '{TEXT}' ({TEXT}). (2628) (SQLExecDirectW)"
            raise sqlite3.OperationalError("22001", f"[22001] [Microsoft][ODBC]{message}")


def pyodbc() -> None:
    """A driver whose server refuses us, and quotes the whole connection string."""
    from types import ModuleType

    fake: Any = ModuleType("pyodbc")
    names = ("DatabaseError", "OperationalError", "IntegrityError", "ProgrammingError", "DataError")
    fake.Error = type("Error", (Exception,), {})
    for name in (*names, "InterfaceError", "InternalError", "NotSupportedError"):
        vars(fake)[name] = type(name, (fake.Error,), {})
    fake.paramstyle, fake.version, fake.apilevel, fake.threadsafety = "qmark", "5.2.0", "2.0", 1
    fake.SQL_DRIVER_NAME, fake.pooling = 6, False
    fake.Cursor = type("Cursor", (), {})
    fake.drivers = lambda: ["ODBC Driver 18 for SQL Server"]

    def connect(text: str, *_given: Any, **_named: Any) -> Any:
        message = f"Login failed for user 'lin' with {text}. (18456) (SQLDriverConnect)"
        raise fake.InterfaceError("28000", f"[28000] [Microsoft][ODBC][SQL Server]{message}")

    fake.connect = connect
    sys.modules["pyodbc"] = fake


def open_() -> None:
    """The control: the transport drops nothing."""
    import recon.systems.severa_wire

    vars(recon.systems.severa_wire)["drop"] = lambda value: value


for _wanted in filter(None, os.environ.get("RECON_CANARY", "").split(",")):
    {"crash": crash, "sql": sql, "pyodbc": pyodbc, "open": open_}[_wanted]()
