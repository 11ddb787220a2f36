"""What went wrong in the database, told apart by code and put into words without data.

A driver's own message is never shown: it may hold a password, or a private value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.exc import DBAPIError

from recon.errors import NotDone, ReconError, Refused, Stop

FaultKind = Literal[
    "login", "database", "driver", "certificate", "connection", "table", "column", "permission",
    "lock", "deadlock", "duplicate", "reference", "check", "length", "null", "number", "damaged",
    "readonly", "full", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """A database error: its kind, the server's code, and the table or column that it names."""

    kind: FaultKind
    code: str = ""
    name: str = ""


_NUMBERS: Mapping[int, FaultKind] = {
    18456: "login", 18452: "login", 18486: "login", 18487: "login", 18488: "login",
    4060: "database", 916: "database", 911: "database",
    208: "table", 2812: "table", 207: "column", 4902: "table",
    229: "permission", 230: "permission", 262: "permission", 297: "permission", 300: "permission",
    1222: "lock", 1205: "deadlock", 3960: "deadlock",
    2627: "duplicate", 2601: "duplicate", 547: "reference",
    8152: "length", 2628: "length", 515: "null",
    220: "number", 232: "number", 242: "number", 245: "number", 8114: "number", 8115: "number",
    3906: "readonly", 3908: "readonly", 1105: "full", 9002: "full", 823: "damaged", 824: "damaged",
    10053: "connection", 10054: "connection", 10060: "connection", 10061: "connection",
    233: "connection", 6005: "connection", 596: "connection",
}  # fmt: skip
_STATES: Mapping[str, FaultKind] = {
    "28000": "login", "08001": "connection", "08S01": "connection", "08003": "connection",
    "08004": "connection", "08007": "connection", "HYT00": "connection", "HYT01": "connection",
    "01002": "connection", "10054": "connection", "40001": "deadlock", "42S02": "table",
    "42S22": "column", "22001": "length", "22003": "number", "IM002": "driver", "IM003": "driver",
    "01000": "connection",
}  # fmt: skip
_SQLITE: tuple[tuple[str, FaultKind], ...] = (
    (r"no such table: (.+)", "table"),
    (r"no such column: (.+)", "column"),
    (r"has no column named (.+)", "column"),
    (r"unknown database (.+)", "table"),
    (r"database (?:table )?is locked|database schema is locked", "lock"),
    (r"unable to open database", "database"),
    (r"(?:UNIQUE|PRIMARY KEY) constraint failed: (.+)", "duplicate"),
    (r"NOT NULL constraint failed: (.+)", "null"),
    (r"FOREIGN KEY constraint failed", "reference"),
    (r"CHECK constraint failed: (?:length|codepage) (.+)", "length"),
    (r"CHECK constraint failed: range (.+)", "number"),
    (r"CHECK constraint failed: (.+)", "check"),
    (r"not authorized|access to .* is prohibited|authorization denied", "permission"),
    (r"not a database|malformed|disk I/O error", "damaged"),
    (r"readonly database", "readonly"),
    (r"disk is full", "full"),
    (r"too large to convert|too big", "number"),
)

_WORDS: Mapping[FaultKind, tuple[str, str]] = {
    "login": (
        "Visma Global's database refuses the login or its password",
        "Correct the login in [global] and the password behind its reference",
    ),
    "database": (
        "Visma Global's database cannot be opened",
        "Check the database's name and file in [global], and that the login may use it",
    ),
    "driver": (
        "The ODBC driver for SQL Server is missing on this machine",
        "Install ODBC Driver 18 for SQL Server (Debian: msodbcsql18), or name the installed one "
        "as driver in [global]",
    ),
    "certificate": (
        "The certificate of Visma Global's server is not trusted",
        "Install the server's certificate here, or set options.TrustServerCertificate = 'yes' "
        "in [global] on a network that you trust",
    ),
    "connection": (
        "Visma Global's database server cannot be reached",
        "Check server and port in [global], the network and the firewall, then run again",
    ),
    "table": (
        "Visma Global's database has no such table or schema",
        "Check schema and database in [global]: the schema is named after the company",
    ),
    "column": (
        "Visma Global's database has no such column",
        "The database is of another version: update Visma Global, or leave out the entity",
    ),
    "permission": (
        "The login has no right to do this in Visma Global's database",
        "Let the administrator grant it SELECT, INSERT and UPDATE on the company's schema",
    ),
    "lock": (
        "The table is locked by another program",
        "Close the program or the window that holds it, then run again",
    ),
    "deadlock": (
        "Visma Global's database was too busy: the transaction met others again and again",
        "Run again when fewer users are at work",
    ),
    "duplicate": ("A row with this key is already there", "Run again: the row will be looked up"),
    "reference": (
        "The row points to one that is not there, or breaks a rule of the database",
        "Correct the referred number in [transfer] or in the source",
    ),
    "check": ("The row breaks a rule of the database", "Correct the value in the source"),
    "length": ("A text does not fit its column", "Shorten the text in the source"),
    "null": ("A column must be filled and is not", "Give it a default in the database"),
    "number": ("A number or date does not fit its column", "Correct the value in the source"),
    "damaged": (
        "Visma Global's database is damaged, or is no database",
        "Check the address in [global]; otherwise restore a backup",
    ),
    "readonly": ("Visma Global's database is read-only", "Open it for writing, then run again"),
    "full": ("Visma Global's database or its disk is full", "Make room, then run again"),
    "other": ("Visma Global's database answered with an error", "Look up the code, then run again"),
}  # fmt: skip

_RECORD = frozenset({"reference", "check", "length", "null", "number"})
PASSING = frozenset({"lock", "deadlock"})
DEFINITE = _RECORD | {"duplicate", "full", "readonly", "permission"}


def fault_of(error: BaseException) -> Fault:
    """Tell a driver's error apart, pyodbc's by SQLSTATE and number, SQLite's by its words."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    args: tuple[Any, ...] = getattr(cause, "args", ())
    if len(args) >= 2 and isinstance(args[0], str) and re.fullmatch(r"[0-9A-Z]{5}", args[0]):
        return _odbc(args[0], str(args[1]))
    return _sqlite(str(cause))


def _odbc(state: str, message: str) -> Fault:
    """The server's number ends its sentence; other numbers in parentheses are data."""
    numbers = [int(number) for number in re.findall(r"\((-?\d+)\)(?= \(SQL|;|$)", message)]
    known = next((number for number in numbers if number in _NUMBERS), None)
    if state.startswith("08") and re.search(r"certificate|SSL Provider", message):
        return Fault("certificate", state)
    if "Can't open lib" in message:
        return Fault("driver", state)
    if known is not None:
        return Fault(_NUMBERS[known], str(known), _named(message))
    code = str(numbers[0]) if numbers and numbers[0] else state
    return Fault(_STATES.get(state, "other"), code, _named(message))


def _named(message: str) -> str:
    """The column, constraint or object that the server names; values are left out."""
    for pattern in (
        r"column '([^']+)'",
        r"column name '([^']+)'",
        r"object name '([^']+)'",
        r"constraint [\"']([^\"']+)[\"']",
        r"on the object '([^']+)'",
    ):
        if found := re.search(pattern, message):
            return found.group(1)
    return ""


def _sqlite(message: str) -> Fault:
    for pattern, kind in _SQLITE:
        if found := re.search(pattern, message):
            return Fault(kind, "", found.group(1) if found.groups() else "")
    return Fault("other", "SQLite")


def stopped(fault: Fault, where: str) -> Stop:
    """The run cannot go on: one sentence of what, where and what to do."""
    what, todo = _WORDS[fault.kind]
    return Stop(what, where=_place(fault, where), todo=todo)


def not_done(fault: Fault, where: str) -> NotDone:
    """Nothing was written."""
    what, todo = _WORDS[fault.kind]
    return NotDone(f"{what}; nothing was written", where=_place(fault, where), todo=todo)


def in_words(fault: Fault, where: str) -> ReconError:
    """What a statement's failure inside a transaction means for the caller."""
    what, todo = _WORDS[fault.kind]
    if fault.kind in _RECORD:
        column = fault.name.rpartition(".")[2]
        return Refused(
            what, where=_place(fault, where), todo=todo, fields=(column,) if column else ()
        )
    if fault.kind in PASSING or fault.kind in ("duplicate", "connection"):
        return not_done(fault, where)
    return stopped(fault, where)


def _place(fault: Fault, where: str) -> str:
    code = f"error {fault.code}" if fault.code else ""
    return ", ".join(part for part in (where, fault.name, code) if part)
