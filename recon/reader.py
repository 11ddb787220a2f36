"""Reads both systems into the mirror: full or as deltas, lists beside each other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence, Set
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import cast

from recon import store as memory
from recon.entities import ENTITIES
from recon.errors import Stop, Unsafe
from recon.mirror import Raw, Shelf
from recon.reference import LISTS, Reference
from recon.reference import statements as reference_statements
from recon.shapes import Side
from recon.spec import Entity, Listing, Source, SubListing
from recon.systems.parallel import parallel
from recon.workbench import Workbench

REFERENCE_AGE = timedelta(hours=20)
CONVERT_AT_ONCE = 100
Part = Entity | Source


def read(bench: Workbench) -> None:
    """Bring the mirror up to date with both systems; the store remembers Severa's side."""
    _reference(bench)
    read_global(bench, ENTITIES)
    _read_severa(bench)
    _convert(bench)
    _count_absences(bench)


def read_global(bench: Workbench, entities: Iterable[Entity]) -> None:
    """Read these entities whole from Global, one short select per table."""
    for entity in entities:
        rows = {
            name: bench.visma_global.read(statement)
            for name, statement in entity.global_side.statements().items()
        }
        bench.mirror.fill(entity.name, "global", entity.global_side.records(rows, bench.context))


def _reference(bench: Workbench) -> None:
    """The named lists: Global's always, Severa's once a day."""
    ours = {name: bench.visma_global.read(s) for name, s in reference_statements().items()}
    known = bench.store.note("reference")
    theirs = known[1] if known and _fresh(known[0]) else None
    if theirs is None or (bench.options.full and bench.reference is None):
        tasks = [partial(bench.severa.read, listing, kind="reference") for listing in LISTS]
        answers = parallel(tasks)
        theirs = {listing.path: rows for listing, rows in zip(LISTS, answers, strict=True)}
        for listing, rows in zip(LISTS, answers, strict=True):
            bench.must(pages(len(rows), listing))
        with bench.store.write("reference") as writer:
            writer.remember("reference", theirs)
    bench.reference = Reference.build(theirs, ours)


def _fresh(at: str) -> bool:
    return datetime.now(UTC) - datetime.fromisoformat(at) < REFERENCE_AGE


def pages(rows: int, listing: Listing) -> int:
    """The least number of calls in which a list can be read."""
    return 1 if listing.paging == "none" else max(1, math.ceil(rows / listing.page))


def _read_severa(bench: Workbench) -> None:
    parts = bench.parts()
    full = {part.name for part in parts if _whole(bench, part)}
    refresh(bench, parts, full)
    for part in parts:
        bench.mirror.rebuild(part, bench.context)


def _whole(bench: Workbench, part: Part) -> bool:
    """A list is read whole when that is due, or asked for and not done in this process yet."""
    shelf = _shelf(bench, part)
    return shelf.due() or (bench.options.full and not shelf.whole)


def _listing(part: Part) -> Listing:
    return part.severa_side.listing if isinstance(part, Entity) else part.listing


def _details(part: Part) -> Sequence[SubListing]:
    return part.severa_side.details if isinstance(part, Entity) else part.details


def _shelf(bench: Workbench, part: Part) -> Shelf:
    return bench.mirror.shelf(_listing(part))


def refresh(
    bench: Workbench, parts: Sequence[Part], full: Set[str] = frozenset(), kind: str = "list"
) -> dict[str, list[str]]:
    """Read what changed in these lists since their cursors (or all, for those named in `full`),
    beside each other; the guids that are new or differ, by part."""
    jobs = [partial(_rows, bench, part, part.name in full, kind) for part in parts]
    answers = parallel(jobs)
    changed: dict[str, list[str]] = {}
    with bench.store.write("mirror") as writer:
        for part, rows in zip(parts, answers, strict=True):
            detailed = _detailed(bench, part, rows, kind)
            changed[part.name] = _take(bench, part, detailed, part.name in full)
            guids = None if part.name in full else changed[part.name]
            bench.mirror.save(writer, _listing(part), guids)
    return changed


def _rows(bench: Workbench, part: Part, whole: bool, kind: str) -> list[Raw]:
    listing, shelf = _listing(part), _shelf(bench, part)
    if bench.stopping.is_set():
        raise Stop("Stopped while reading; nothing was written", todo="Run again")
    if whole:
        rows = bench.severa.read(listing, kind=kind)
        bench.must(pages(len(rows), listing))
        _not_short(bench, part.name, shelf.counted, len(rows))
        return rows
    found: dict[str, Raw] = {}
    for change in listing.changes:
        rows = bench.severa.read(listing, kind=kind, **{change: shelf.position})
        bench.must(pages(len(rows), listing))
        found |= {str(row.get("guid")): row for row in rows}
    return list(found.values())


def _take(bench: Workbench, part: Part, rows: list[Raw], whole: bool) -> list[str]:
    shelf = _shelf(bench, part)
    if whole:
        shelf.replace(rows)
        changed = list(shelf.rows)
    else:
        changed = shelf.merge(rows)
    shelf.advance(bench.severa.server_time)
    return changed


def _detailed(bench: Workbench, part: Part, rows: list[Raw], kind: str) -> list[Raw]:
    """Rows with the lists that hang on them; on a delta those of an unchanged row stay."""
    details = _details(part)
    if not details:
        return rows
    names = {detail.into for detail in details}
    known = _shelf(bench, part).rows if not _shelf(bench, part).due() else {}
    finished: list[Raw] = []
    fresh: list[Raw] = []
    for row in rows:
        old = known.get(str(row.get("guid")), {})
        same = {k: v for k, v in old.items() if k not in names} == row
        (finished if same else fresh).append(old if same else row)
    jobs = [partial(_with_details, bench, row, details, kind) for row in fresh]
    return finished + parallel(jobs)


def _with_details(bench: Workbench, row: Raw, details: Sequence[SubListing], kind: str) -> Raw:
    found = dict(row)
    for detail in details:
        if detail.wanted(row, bench.context):
            listing = Listing(detail.path.format(guid=row["guid"]), "none", changes=())
            found[detail.into] = bench.severa.read(listing, kind=kind)
            bench.must(1)
        else:
            found[detail.into] = []
    return found


def _not_short(bench: Workbench, name: str, before: int, now: int) -> None:
    """A list much shorter than last time is a bad read, not a mass deletion."""
    limit = f"short_list:{name}"
    if now >= before * bench.profile.safety.short_list or limit in bench.options.force:
        return
    raise Unsafe(
        f"Severa's list of {name} has {now} records, the last full read had {before}",
        todo=f"Check the filters and rights in Severa; if it is right, pass --force {limit}",
        limits=(limit,),
    )


def _convert(bench: Workbench) -> None:
    """Translate guids of the older API that stand in Global; each is asked once."""
    known: dict[str, str | None] = (bench.store.note("guids") or ("", {}))[1]
    asked = sorted(_strangers(bench) - set(known))
    if not asked:
        return
    for start in range(0, len(asked), CONVERT_AT_ONCE):
        batch = asked[start : start + CONVERT_AT_ONCE]
        answer = bench.severa.convert(batch)
        bench.must(1)
        known |= {guid: answer.get(guid) for guid in batch}
    with bench.store.write("guids") as writer:
        writer.remember("guids", known)


def _strangers(bench: Workbench) -> set[str]:
    """SeveraGUIDs in Global that no record of that entity in Severa has."""
    found: set[str] = set()
    for entity in ENTITIES:
        live = bench.mirror.records(entity.name, "severa")
        ours = bench.mirror.records(entity.name, "global").values()
        found |= {record.guid for record in ours if record.guid and record.guid not in live}
    return found


def converted(bench: Workbench) -> dict[str, str | None]:
    """The translations known so far."""
    known: dict[str, str | None] = (bench.store.note("guids") or ("", {}))[1]
    return known


def _count_absences(bench: Workbench) -> None:
    """Count full reads in which a linked record was missing; a found one is counted no more."""
    before, rows = absent(bench), []
    for entity in ENTITIES:
        whole = {"global": True, "severa": _shelf(bench, entity).whole}
        for link in bench.links.all(entity.name):
            for side, key in (("global", link.key), ("severa", link.guid)):
                if key not in bench.mirror.records(entity.name, cast(Side, side)):
                    spot = (entity.name, cast(Side, side), link.key)
                    reads = before.get(spot, 0) + int(whole[side])
                    rows.append({"entity": spot[0], "side": side, "key": link.key, "reads": reads})
    if rows or before:
        with bench.store.write("absences") as writer:
            writer.clear(memory.absence)
            writer.insert(memory.absence, rows)


def absent(bench: Workbench) -> dict[tuple[str, Side, str], int]:
    """In how many full reads each linked record was missing, by (entity, side, Global key)."""
    rows = bench.store.rows(bench.store.of(memory.absence))
    return {(row["entity"], row["side"], row["key"]): row["reads"] for row in rows}
