"""What the login may do in Global's database, against what our own code does there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select

from recon.doctor import grants
from recon.doctor.means import Database
from recon.doctor.scopes import LOOKING, WRITING
from recon.doctor.verdict import Verdict, failed, fine, warning
from recon.settings import Profile

SCRIPT = "the script that 'recon doctor --sql' prints"
FILE = "The database is a file of this machine, without rights of its own"
Right = tuple[str, str]


def to_read(profile: Profile, database: Database, name: str) -> Iterator[Verdict]:
    """May the login see all that is read?"""
    if database.engine.dialect.name != "mssql":
        yield fine(name, FILE)
        return
    reads = grants.reading(profile).reads
    missing = _missing(
        profile, database, {t: [("SELECT", c) for c in cs] for t, cs in reads.items()}
    )
    if database.read(sees_definitions(profile.global_.schema_name))[0]["allowed"] != 1:
        missing = {"the whole schema": [("VIEW DEFINITION", "")], **missing}
    if missing:
        todo = f"Let the administrator of the SQL Server run {SCRIPT}"
        yield failed(name, f"The login lacks {_words(missing)}", todo)
    else:
        yield fine(name, f"The login may read all {len(reads)} tables that are read")


def to_write(profile: Profile, database: Database, name: str) -> Iterator[Verdict]:
    """May the login write all that is written? Without it, looking still works."""
    if database.engine.dialect.name != "mssql":
        yield fine(name, FILE)
    elif lacking := lacking_to_write(profile, database):
        text = f"The login lacks {lacking}. That is enough for {LOOKING}; {WRITING} need it"
        todo = f"Before going live: let the administrator run the last line of {SCRIPT}"
        yield warning(name, text, todo)
    else:
        count = len(grants.writing(profile).written)
        yield fine(name, f"The login may write all {count} tables that are written")


def lacking_to_write(profile: Profile, database: Database) -> str:
    """The rights that lack to write all that is written, in words; '' for none."""
    if database.engine.dialect.name != "mssql":
        return ""
    use = grants.writing(profile)
    wanted: dict[str, list[Right]] = {}
    for table in sorted(use.written | set(use.reads)):
        inserts = [("INSERT", "")] if table in use.inserts else []
        sets = [("UPDATE", column) for column in sorted(use.sets.get(table, ()))]
        reads = [("SELECT", column) for column in sorted(use.reads.get(table, ()))]
        wanted[table] = [*inserts, *sets, *reads]
    return _words(_missing(profile, database, wanted))


def hidden(profile: Profile, database: Database, table: str, names: list[str]) -> set[str]:
    """The columns of a table that the login may not read."""
    if database.engine.dialect.name != "mssql":
        return set()
    wanted = {table: [("SELECT", name) for name in names]}
    lacking = _missing(profile, database, wanted)
    return {column for _, column in lacking.get(table, ())}


def asked_for(schema: str, table: str, rights: Iterable[Right]) -> Select[tuple[int, ...]]:
    """One row with 1 per right that the login has, by 'RIGHT column'."""
    where = f"[{schema.replace(']', ']]')}].[{table}]"
    return select(
        *(
            func.has_perms_by_name(*(_text(part) for part in _parts(where, right))).label(
                " ".join(right).strip()
            )
            for right in rights
        )
    )


def sees_definitions(schema: str) -> Select[tuple[int]]:
    """1 where the login sees how the schema's tables are built, defaults included."""
    where = f"[{schema.replace(']', ']]')}]"
    asked = (_text(part) for part in (where, "SCHEMA", "VIEW DEFINITION"))
    return select(func.has_perms_by_name(*asked).label("allowed"))


def _parts(where: str, right: Right) -> tuple[str, ...]:
    name, column = right
    return (where, "OBJECT", name, *((column, "COLUMN") if column else ()))


def _text(value: str) -> ColumnElement[Any]:
    """Written into the statement: a table has more rights than a statement takes parameters."""
    return literal_column("N'" + value.replace("'", "''") + "'")


def _missing(
    profile: Profile, database: Database, wanted: Mapping[str, list[Right]]
) -> dict[str, list[Right]]:
    """The rights that lack, by table; columns that this database does not have are left out."""
    schema = profile.global_.schema_name
    found: dict[str, list[Right]] = {}
    for table, rights in wanted.items():
        there = {"", *database.catalogue(table)}
        asked = [right for right in rights if right[1] in there]
        answer = database.read(asked_for(schema, table, asked))[0] if asked else {}
        lacking = [right for right in asked if answer[" ".join(right).strip()] != 1]
        if lacking:
            found[table] = lacking
    return found


def _words(missing: Mapping[str, list[Right]]) -> str:
    """'SELECT on Customer (Name, Telephone), INSERT on Contact'."""
    found = []
    for table, rights in missing.items():
        for name in dict.fromkeys(right for right, _ in rights):
            columns = [column for right, column in rights if right == name and column]
            found.append(f"{name} on {table}" + (f" ({', '.join(columns)})" if columns else ""))
    return ", ".join(found)
