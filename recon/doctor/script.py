"""The T-SQL that gives a login just the rights that our own code needs, in two roles."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from recon.doctor import grants
from recon.doctor.grants import OPTIONAL, Use
from recon.settings import SECRET, Profile

READER, WRITER = "recon_reader", "recon_writer"
WIDTH = 96
HEAD = """\
-- The least rights with which recon works on the company {company} in Visma Global.
-- Made by 'recon doctor --sql' from what its code reads and writes; make it anew after an update.
-- For the administrator of the SQL Server. It may be run again: nothing is lost or doubled.
--
-- {reader}: looks only. Enough for doctor, check, propose, plan and report.
-- {writer}: writes, beside the other role. For onboard, sync and apply; see the end.
--
-- Reads under UPDLOCK and HOLDLOCK need no other right than SELECT. INSERT cannot be granted
-- column by column; SELECT and UPDATE are. VIEW DEFINITION lets recon see lengths and defaults of
-- columns. Nothing may be deleted, no procedure run, and private columns (bank accounts,
-- passwords, birthdays) cannot be read.
"""
MEMBERS = """\
-- The login. Keep its password in a key ring or a file, and name that place in the profile.
-- CREATE LOGIN {login} {how} DEFAULT_DATABASE = {database};
IF SUSER_ID(N'{plain}') IS NOT NULL AND DATABASE_PRINCIPAL_ID(N'{plain}') IS NULL
    CREATE USER {login} FOR LOGIN {login};
GO
IF DATABASE_PRINCIPAL_ID(N'{plain}') IS NOT NULL
    ALTER ROLE {reader} ADD MEMBER {login};
GO

-- When you go live, and not before:
-- ALTER ROLE {writer} ADD MEMBER {login};
"""


def script(profile: Profile) -> str:
    """The whole script for one company, ending with a line break."""
    database, login = _database(profile), _login(profile)
    reading = grants.reading(profile)
    names = {"reader": quoted(READER), "writer": quoted(WRITER)}
    lines = [
        HEAD.format(company=" ".join(profile.company.name.split()), **names),
        f"USE {quoted(database)};\nGO\n",
        *(_role(role) for role in (READER, WRITER)),
        "GO\n",
        "-- What is read by looking",
        f"GRANT VIEW DEFINITION ON SCHEMA::{quoted(profile.global_.schema_name)} "
        f"TO {quoted(READER)};",
        *_grants(profile, reading, READER),
        "GO\n",
        "-- What is read and written besides by writing",
        *_grants(profile, grants.writing(profile).beyond(reading), WRITER),
        "GO\n",
        MEMBERS.format(
            login=quoted(login),
            plain=_plain(login),
            how="FROM WINDOWS WITH" if "\\" in login else "WITH PASSWORD = N'...',",
            database=quoted(database),
            **names,
        ),
    ]
    return "\n".join(lines)


def quoted(name: str) -> str:
    """A name in brackets, as T-SQL takes any name."""
    return "[" + name.replace("]", "]]") + "]"


def _plain(text: str) -> str:
    return text.replace("'", "''")


def _role(role: str) -> str:
    return f"IF DATABASE_PRINCIPAL_ID(N'{role}') IS NULL CREATE ROLE {quoted(role)};"


def _grants(profile: Profile, use: Use, role: str) -> Iterator[str]:
    for table in sorted({*use.reads, *use.written}):
        where = (profile.global_.schema_name, table)
        yield from _columns("SELECT", where, use.reads.get(table, set()), role)
        if table in use.inserts:
            yield f"GRANT INSERT ON {_object(where)} TO {quoted(role)};"
        yield from _columns("UPDATE", where, use.sets.get(table, set()), role)


def _columns(right: str, where: tuple[str, str], columns: set[str], role: str) -> Iterator[str]:
    """One grant of the columns that every version has, one each for those that some lack."""
    if sure := sorted(columns - OPTIONAL):
        yield _grant(right, where, sure, role)
    for name in sorted(columns & OPTIONAL):
        named = _plain(f"{quoted(where[0])}.{quoted(where[1])}")
        grant = _grant(right, where, [name], role)
        yield f"IF COL_LENGTH(N'{named}', N'{name}') IS NOT NULL\n    {grant}"


def _grant(right: str, where: tuple[str, str], columns: list[str], role: str) -> str:
    head, tail = f"GRANT {right} ON {_object(where)} (", f") TO {quoted(role)};"
    line = head + ", ".join(quoted(name) for name in columns) + tail
    if len(line) <= WIDTH:
        return line
    return head + "\n    " + ",\n    ".join(_packed(columns)) + "\n" + tail


def _packed(columns: list[str]) -> list[str]:
    """Names in lines that are not too long."""
    lines = [""]
    for name in map(quoted, columns):
        longer = f"{lines[-1]}, {name}" if lines[-1] else name
        if len(longer) > WIDTH - 6:
            lines.append(name)
        else:
            lines[-1] = longer
    return lines


def _object(where: tuple[str, str]) -> str:
    return f"{quoted(where[0])}.{quoted(where[1])}"


def _database(profile: Profile) -> str:
    given = profile.global_
    return given.database or _of_url(given.url, "database") or "the company's database"


def _login(profile: Profile) -> str:
    given = profile.global_
    return given.login or _of_url(given.url, "username") or "recon"


def _of_url(url: str, part: str) -> str:
    """A part of a SQL Server's address; '' where it is kept elsewhere or is no such address."""
    try:
        found = make_url(url) if url and not SECRET.match(url) else None
    except ArgumentError:
        return ""
    server = found is not None and found.get_backend_name() == "mssql"
    return str(getattr(found, part) or "") if server else ""
