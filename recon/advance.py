"""What earlier checks found, beside what is found now: since when it stands, what is new, what is
gone. Kept in the commit in which the check's own run is, so that a killed check forgets nothing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from recon import store as memory
from recon.findings import Progress, blocking
from recon.shapes import Finding, canonical
from recon.store import Store, Writer

CHECKED = "checked"
MOST_FIXED = 1000
CHUNK = 900
Row = Mapping[str, Any]
Spot = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Advance:
    """Findings that know since when they stand, those that are gone, and the counts of both."""

    findings: tuple[Finding, ...]
    fixed: tuple[Finding, ...]
    progress: Progress


def compared(store: Store, found: Sequence[Finding], entities: Collection[str], at: str) -> Advance:
    """What was found of these entities at a moment, beside the last check; nothing is kept."""
    noted = store.note(CHECKED)
    before = str(noted[1]) if noted else ""
    kept, lost = _paired(found, _standing(store.rows(_open(store.company)), entities))
    gone = [replace(_finding(row), gone=at) for row in lost]
    told = tuple(
        replace(one, since=row["since"] if row else at, new=bool(before) and row is None)
        for one, row in kept
    )
    fixed = (*gone, *_gone(store, entities))[:MOST_FIXED]
    progress = Progress(
        before,
        sum(one.new for one in told),
        len(gone),
        sum(one.status == "waived" for one in told),
        len(blocking(told)),
    )
    return Advance(told, fixed, progress)


def keep(writer: Writer, now: Sequence[Finding], entities: Collection[str], at: str) -> None:
    """Keep what a check of these entities found, in the caller's transaction; `at` is when it
    began."""
    writer.select(sa.select(memory.version).with_for_update())
    kept, lost = _paired(now, _standing(writer.select(_open(writer.company)), entities))
    table = memory.finding
    changed = [(one, row) for one, row in kept if row is None or _differs(one, row)]
    writer.drop(table, [row for _, row in changed if row], ("id",))
    writer.insert(table, [_row(one, row["since"] if row else at) for one, row in changed])
    ids = [row["id"] for row in lost]
    for start in range(0, len(ids), CHUNK):
        some = table.c.id.in_(ids[start : start + CHUNK])
        writer.execute(table.update().where(some).values(gone=at))
    writer.remember(CHECKED, at)


def _open(company: str) -> sa.Select[Any]:
    table = memory.finding
    chosen = sa.select(table).where(table.c.company == company, table.c.gone == "")
    return chosen.order_by(sa.asc(table.c.id))


def _standing(rows: Iterable[Row], entities: Collection[str]) -> list[Row]:
    return [row for row in rows if row["entity"] in entities]


def _gone(store: Store, entities: Collection[str]) -> list[Finding]:
    """What earlier checks missed, the latest first."""
    table = memory.finding
    chosen = store.of(table).where(table.c.gone != "").order_by(table.c.gone.desc(), table.c.id)
    return [_finding(row) for row in _standing(store.rows(chosen), entities)]


def _paired(
    found: Sequence[Finding], rows: Iterable[Row]
) -> tuple[list[tuple[Finding, Row | None]], list[Row]]:
    """Each finding with the row that it is: of the same record, and of the same words where one
    record has several; and the rows that are left."""
    by_spot: dict[Spot, list[Row]] = defaultdict(list)
    for row in rows:
        by_spot[row["entity"], row["check_name"], row["system"], row["key"]].append(row)
    matched: dict[int, Row] = {}
    for same in (True, False):
        for at, one in enumerate(found):
            left = by_spot.get(one.spot, [])
            fit = [row for row in left if row["text"] == one.text] if same else left
            if fit and at not in matched:
                matched[at] = fit[0]
                left.remove(fit[0])
    lost = [row for left in by_spot.values() for row in left]
    return [(one, matched.get(at)) for at, one in enumerate(found)], lost


def _differs(one: Finding, row: Row) -> bool:
    now = _row(one, row["since"])
    return any(now[name] != row[name] for name in now)


def _finding(row: Row) -> Finding:
    return Finding(
        check=row["check_name"],
        entity=row["entity"],
        severity=row["severity"],
        system=row["system"],
        key=row["key"],
        text=row["text"],
        where_to_fix=row["where_to_fix"],
        others=tuple((side, key) for side, key in json.loads(row["others"])),
        since=row["since"],
        gone=row["gone"],
    )


def _row(one: Finding, since: str) -> dict[str, Any]:
    return {
        "entity": one.entity,
        "check_name": one.check,
        "severity": one.severity,
        "system": one.system,
        "key": one.key,
        "text": one.text,
        "where_to_fix": one.where_to_fix,
        "others": canonical(one.others),
        "since": since,
        "gone": "",
    }
