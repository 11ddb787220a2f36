"""What a person said of initial differences: which system is right, pair by pair or for a whole
field; append-only, with who, when and why.

A word about a pair counts as long as both values are as the person saw them. A word about a whole
field counts for every pair whose own newest word is older and no longer counts, or that has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import sqlalchemy as sa

from recon import dirty
from recon import store as memory
from recon.settings import user_name
from recon.shapes import Value, digest
from recon.store import Store, Writer

Right = Literal["global", "severa", "leave", "open"]
Spot = tuple[str, str, str, str]
RIGHTS: tuple[Right, ...] = ("global", "severa", "leave")
VERDICTS: tuple[Right, ...] = (*RIGHTS, "open")


@dataclass(frozen=True, slots=True)
class Ruling:
    """Which system is right about a field of a pair, or (without keys) of every pair; `leave`
    means neither is written, `open` takes an earlier word back. `prints` are those of both values
    as seen; `source` names the workbook that it was read from; `id` is the store's own."""

    entity: str
    field: str
    global_key: str
    severa_guid: str
    verdict: Right
    who: str
    when: str
    why: str
    prints: tuple[str, str] = ("", "")
    source: str = ""
    id: int = 0

    @property
    def spot(self) -> Spot:
        """Entity, field, Global's key and Severa's guid."""
        return (self.entity, self.field, self.global_key, self.severa_guid)


@dataclass(frozen=True, slots=True)
class Wish:
    """A ruling to be kept, and the id of the newest one about the same that its maker knew."""

    ruling: Ruling
    knew: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a wish: `kept`, or what stands against it: a colleague has said something of
    it meanwhile, or she herself has where the wish is a workbook's (`overtaken`)."""

    state: Literal["kept", "overtaken"]
    ruling: Ruling


def prints(ours: Value, theirs: Value) -> tuple[str, str]:
    """The fingerprints of two values as a person sees them."""
    return (digest(ours), digest(theirs))


def whole(entity: str, field: str) -> Spot:
    """The spot of a word about a whole field."""
    return (entity, field, "", "")


def read(store: Store, since: int = 0) -> dict[Spot, Ruling]:
    """The newest ruling of every spot, of those with a higher id than `since`."""
    table = memory.ruling
    statement = store.of(table).where(table.c.id > since).order_by(sa.asc(table.c.id))
    return _newest(store.rows(statement))


def keep(store: Store, wishes: Sequence[Wish], counts: Callable[[Ruling], bool]) -> list[Kept]:
    """Keep rulings in one commit, each unless somebody was faster; `counts` says whether an
    earlier one still does. One writer at a time."""
    with store.write("rulings") as writer:
        writer.select(sa.select(memory.version).with_for_update())
        newest = _about(writer, wishes)
        found = []
        for wish in wishes:
            found.append(_judge(newest.get(wish.ruling.spot), wish, counts))
            newest[wish.ruling.spot] = found[-1].ruling
        kept = [one.ruling for one in found if one.state == "kept"]
        writer.insert(memory.ruling, [_row(one) for one in kept])
        dirty.mark(writer, [(r.entity, "global", r.global_key) for r in kept if r.global_key])
        now = _about(writer, [Wish(one) for one in kept])
    return [replace(k, ruling=now[k.ruling.spot]) if k.state == "kept" else k for k in found]


def _judge(last: Ruling | None, wish: Wish, counts: Callable[[Ruling], bool]) -> Kept:
    if last and last.id > wish.knew and _stands(last, wish.ruling) and counts(last):
        return Kept("overtaken", last)
    return Kept("kept", wish.ruling)


def _stands(last: Ruling, said: Ruling) -> bool:
    """Whether a newer word is not overruled unasked: a colleague's, or said beside the workbook."""
    return last.who != said.who or (bool(said.source) and last.source != said.source)


def _about(writer: Writer, wishes: Sequence[Wish]) -> dict[Spot, Ruling]:
    """The newest rulings about the fields of these wishes."""
    table, found = memory.ruling, []
    for entity, field in sorted({wish.ruling.spot[:2] for wish in wishes}):
        same = (table.c.company == writer.company, table.c.entity == entity)
        found += writer.select(sa.select(table).where(*same, table.c.field == field))
    return _newest(sorted(found, key=lambda row: int(row["id"])))


def _newest(rows: Iterable[Mapping[str, Any]]) -> dict[Spot, Ruling]:
    found = [_of(row) for row in rows]
    return {one.spot: one for one in found}


def _of(row: Mapping[str, Any]) -> Ruling:
    return Ruling(
        entity=row["entity"],
        field=row["field"],
        global_key=row["global_key"],
        severa_guid=row["severa_guid"],
        verdict=row["verdict"],
        who=row["who"],
        when=row["at"],
        why=row["why"],
        prints=(row["global_fingerprint"], row["severa_fingerprint"]),
        source=row["source"],
        id=row["id"],
    )


def _row(one: Ruling) -> dict[str, Any]:
    return {
        "entity": one.entity,
        "field": one.field,
        "global_key": one.global_key,
        "severa_guid": one.severa_guid,
        "verdict": one.verdict,
        "who": one.who or user_name(),
        "at": one.when or memory.now(),
        "why": one.why,
        "global_fingerprint": one.prints[0],
        "severa_fingerprint": one.prints[1],
        "source": one.source,
    }
