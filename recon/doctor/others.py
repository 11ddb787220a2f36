"""The doctor's questions about other programs that do the same work: what can be seen of them.

Nobody but an integration writes SeveraGUID. A row that carries one which is none of our links was
written by another program; how lately is told by Created (made with it) and LastUpdate (changed
by anybody, a person too). The quota's other users show by answers of 429 alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from datetime import datetime, timedelta

from sqlalchemy import DateTime, func, select

from recon.doctor import grants, lists
from recon.doctor.means import Api, Database, Row
from recon.doctor.verdict import Verdict, failed, fine, warning
from recon.settings import Profile
from recon.systems.table_forms import GUID

LATELY = timedelta(days=14)
SAMPLE = 100
STOP = "Switch the other integration off before you go live: two of them make duplicates"


def writers(profile: Profile, database: Database, known: Set[str], name: str) -> Iterator[Verdict]:
    """Does another program write SeveraGUIDs? `known` are those of our own links."""
    rows = list(_strangers(grants.linked(profile), database, known))
    if not rows:
        yield fine(name, "No SeveraGUID in Global but those of recon's own links")
        return
    since = _now(database) - LATELY
    made = [row for row in rows if _at(row, "Created") >= since]
    changed = [row for row in rows if _at(row, "LastUpdate") >= since]
    if made:
        verdict = failed if known else warning
        yield verdict(
            name,
            f"{_told(made, database)} made with a SeveraGUID that recon did not "
            f"write, in the last {LATELY.days} days",
            STOP,
        )
    elif changed:
        text = f"{_told(changed, database)} carrying a SeveraGUID that recon did not write "
        text += f"changed in the last {LATELY.days} days, by a person or another program"
        yield warning(name, text, STOP)
    else:
        tables = Counter(str(row["table"]) for row in rows)
        yield fine(
            name,
            f"An earlier integration left SeveraGUIDs ({_counts(tables)}); none was "
            f"touched in the last {LATELY.days} days",
        )


def older_guids(
    systems: tuple[Profile, Database, Api], known: Set[str], name: str
) -> Iterator[Verdict]:
    """Are SeveraGUIDs in Global those of Severa's older API? A sample is looked up."""
    profile, database, api = systems
    rows = list(_strangers(grants.linked(profile), database, known))
    sample = sorted({str(row[GUID]).strip("{}").lower() for row in rows})[:SAMPLE]
    if not sample:
        yield fine(name, "There are none to translate")
        return
    found = {old: new.lower() for old, new in api.convert(sample).items()}
    older = sum(new != old for old, new in found.items())
    text = (
        f"Of {len(sample)} SeveraGUIDs that are no links of recon, {older} are of Severa's older "
    )
    yield fine(name, text + "API; they are translated, and connect like all others")


def quota(profile: Profile, api: Api, name: str) -> Iterator[Verdict]:
    """Do others use Severa's quota?"""
    turned_away = api.calls["429"]
    if turned_away:
        text = f"{turned_away} of our calls were turned away: another program uses the quota of "
        todo = "Run at another time than the other program, or lower quota under [severa]"
        yield warning(name, text + f"{profile.severa.quota} calls a second too", todo)
    else:
        yield fine(name, "None of our calls was turned away")


def _strangers(tables: Iterable[str], database: Database, known: Set[str]) -> Iterator[Row]:
    """The rows whose SeveraGUID is none of our links, with their table."""
    for table in tables:
        if database.has_guid(table):
            for row in database.read(lists.guids(table)):
                if str(row[GUID]).strip("{} ").lower() not in known:
                    yield {**row, "table": table}


def _now(database: Database) -> datetime:
    found = database.read(select(func.getdate(type_=DateTime()).label("now")))[0]["now"]
    return found if isinstance(found, datetime) else datetime.fromisoformat(str(found))


def _at(row: Row, column: str) -> datetime:
    found = row.get(column)
    return found if isinstance(found, datetime) else datetime.min


def _told(rows: list[Row], database: Database) -> str:
    """'3 rows (Customer 2, Contact 1; by user 7 Integration)'."""
    tables = Counter(str(row["table"]) for row in rows)
    users = {
        int(row["key"]): str(row["name"] or "")
        for row in database.read(lists.statements()["users"])
    }
    by = sorted({int(row["LastUpdatedBy"] or 0) for row in rows})
    who = ", ".join(f"{number} {users.get(number, '')}".strip() for number in by[:5])
    return f"{len(rows)} rows ({_counts(tables)}; last changed by user {who}) were"


def _counts(tables: Counter[str]) -> str:
    return ", ".join(f"{table} {count}" for table, count in sorted(tables.items()))
