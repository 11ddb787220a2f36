"""Makes a sandbox company older: what was written today was then written long ago.

After an onboarding every record is as good as new, and an idle sync would see them all again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update

from recon.sandbox import severa_server
from recon.sandbox.growing import all_stay
from recon.sandbox.severa_documents import Doc, Documents, moment, stamp
from recon.sandbox.severa_seed import DATABASE
from recon.sandbox.world import World
from recon.systems.tables import TABLES

STAMPS = ("Created", "LastUpdate")
MOMENTS = (
    "createdDateTime",
    "lastUpdatedDateTime",
    "deletedDateTime",
    "~salesStatusChanged",
    "~projectStatusChanged",
)
EMPTY = datetime(1971, 1, 1)


def age(world: World, days: int) -> int:
    """Move every stamp of both systems back by so many days; the number of rows and records.

    Severa's server is ended first: it holds its records in memory. What the workbench remembers
    stays as it is.
    """
    by = timedelta(days=days)
    severa_server.release(world.folder)
    with all_stay():
        return _severa(world, by) + _global(world, by)


def _severa(world: World, by: timedelta) -> int:
    documents = Documents(world.folder / DATABASE)
    count = 0
    for collection in documents.collections:
        for doc in list(documents.all(collection)):
            documents.put(collection, _older(doc, by))
            count += 1
    documents.commit()
    documents.close()
    return count


def _older(doc: Doc, by: timedelta) -> Doc:
    return doc | {name: stamp(moment(doc[name]) - by) for name in MOMENTS if doc.get(name)}


def _global(world: World, by: timedelta) -> int:
    with world.in_global() as connection:
        return sum(_rows(connection, table, by) for table in TABLES.values())


def _rows(connection: Connection, table: Table, by: timedelta) -> int:
    """Move one table's stamps, row by row: dates are reckoned differently in every database."""
    names = [name for name in STAMPS if name in table.c]
    keys = list(table.primary_key.columns)
    if not names or len(keys) != 1:
        return 0
    rows = connection.execute(select(keys[0], *(table.c[name] for name in names))).all()
    moved = [_moved(row, names, by) for row in rows]
    if moved:
        change = update(table).where(keys[0] == bindparam("row_key"))
        connection.execute(change.values({name: bindparam(name) for name in names}), moved)
    return len(moved)


def _moved(row: Any, names: list[str], by: timedelta) -> dict[str, Any]:
    old = dict(zip(names, row[1:], strict=True))
    new = {name: at - by if at and at > EMPTY else at for name, at in old.items()}
    return {"row_key": row[0], **new}
