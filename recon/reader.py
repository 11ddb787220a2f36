"""Reads both systems into the mirror: full or as deltas, lists beside each other."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import cast

from recon import dirty, rates
from recon import store as memory
from recon.errors import Stop, Unsafe
from recon.global_reader import not_short, read_global, start_clock
from recon.mirror import Raw
from recon.reference import LISTS, Reference
from recon.reference import statements as reference_statements
from recon.shapes import SIDES, Side, Spot
from recon.spec import Entity, Listing, SeveraSide, SubListing
from recon.systems.pacer import RANK
from recon.systems.parallel import awaited, background, parallel
from recon.workbench import Workbench

REFERENCE_AGE = timedelta(hours=20)
CONVERT_AT_ONCE = 100
POINT_LOOKUPS = 50
COUNTED = "counted"
WORTH = "worth"


@dataclass(frozen=True, slots=True)
class Part:
    """One list of Severa and the entity that lives there."""

    entity: Entity
    side: SeveraSide

    @property
    def name(self) -> str:
        """The entity's name, with the kind where it has several lists."""
        return "_".join(filter(None, (self.entity.name, self.side.kind)))

    @property
    def listing(self) -> Listing:
        """The list itself."""
        return self.side.listing


Rows = list[Raw]


def read(bench: Workbench) -> None:
    """Bring the mirror up to date with both systems, all of it in memory; what differs from the
    last time is marked."""
    read_reference(bench)
    full = {part.listing.path for part in _parts(bench.running) if _whole(bench, part)}
    with background(_jobs(bench, _parts(bench.running), full, "list")) as answers:
        _begin(bench)
        for entity in bench.running:
            paths = [part.listing.path for part in _parts([entity])]
            rows = {path: awaited(answers[path], bench.alive) for path in paths}
            _keep(bench, _parts([entity]), rows, full)
            read = {path: found for path, found in rows.items() if path in full}
            bench.mirror.load(entity, bench.context, read)
    _complete(bench)


def widen(bench: Workbench) -> None:
    """Take all into memory after a delta of Severa was read and is not enough."""
    _begin(bench)
    for entity in bench.running:
        bench.mirror.load(entity, bench.context)
    _complete(bench)


def _begin(bench: Workbench) -> None:
    """All links and all of Global in memory; Severa's pages arrive meanwhile."""
    bench.mirror.narrow = False
    bench.links.load()
    start_clock(bench)
    read_global(bench, bench.running)


def _complete(bench: Workbench) -> None:
    """What needs all of both systems."""
    _read_details(bench)
    _convert(bench)
    _count_absences(bench)
    _not_short_in_global(bench)


def read_reference(bench: Workbench) -> None:
    """The named lists: Global's always, Severa's once a day."""
    wanted = {**reference_statements(), **rates.statements(bench.profile.transfer.costs_from)}
    ours = {name: bench.visma_global.read(s) for name, s in wanted.items()}
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
    bench.reference = Reference.build(theirs, ours, bench.profile.company.today())


def _fresh(at: str) -> bool:
    return datetime.now(UTC) - datetime.fromisoformat(at) < REFERENCE_AGE


def pages(rows: int, listing: Listing) -> int:
    """The least number of calls in which a list can be read."""
    return 1 if listing.paging == "none" else max(1, math.ceil(rows / listing.page))


def _parts(entities: Iterable[Entity]) -> list[Part]:
    return [Part(entity, side) for entity in entities for side in entity.severa_sides]


def any_due(bench: Workbench) -> bool:
    """Whether a list must be read whole."""
    return any(_whole(bench, part) for part in _parts(bench.running))


def _whole(bench: Workbench, part: Part) -> bool:
    """A list is read whole when that is due, or asked for and not done in this process yet."""
    shelf = bench.mirror.shelf(part.listing)
    return shelf.due() or (bench.options.full and not shelf.whole)


def refresh(bench: Workbench, entities: Iterable[Entity], kind: str) -> dict[str, list[str]]:
    """Read what changed in these entities' lists since their cursors, beside each other, keep and
    mark it; the guids that are new or differ, by entity."""
    parts = _parts(entities)
    jobs = _jobs(bench, parts, frozenset(), kind)
    answers = parallel(jobs.values(), meanwhile=bench.alive)
    return _keep(bench, parts, dict(zip(jobs, answers, strict=True)), frozenset())


def _jobs(
    bench: Workbench, parts: Iterable[Part], full: Set[str], kind: str
) -> dict[str, Callable[[], Rows]]:
    """What reads each list, by path: whole where it is in `full`, else what changed. The lists of
    entities that come first are read first, so that they are worked on while others arrive."""
    jobs = {
        part.listing.path: partial(_rows, bench, part, part.listing.path in full, kind)
        for part in parts
    }
    return {path: partial(_ranked, rank, job) for rank, (path, job) in enumerate(jobs.items())}


def _ranked(rank: int, job: Callable[[], Rows]) -> Rows:
    RANK.set(rank)
    return job()


def _keep(
    bench: Workbench, parts: Sequence[Part], answers: Mapping[str, Rows], full: Set[str]
) -> dict[str, list[str]]:
    """Keep what was read, its cursors and marks in one commit; the guids changed, by entity."""
    changed: dict[str, list[str]] = {}
    with bench.store.write("mirror") as writer:
        for part in parts:
            rows = answers[part.listing.path]
            keep = bench.mirror.replace if part.listing.path in full else bench.mirror.take
            found = keep(writer, part.side, rows)
            bench.mirror.shelf(part.listing).advance(rows, bench.severa.server_time)
            bench.mirror.reached(writer, part.listing)
            changed.setdefault(part.entity.name, []).extend(found)
        dirty.mark(writer, _spots(changed))
    return changed


def _spots(changed: Mapping[str, Sequence[str]]) -> list[Spot]:
    return [(name, "severa", guid) for name, guids in changed.items() for guid in guids]


def _rows(bench: Workbench, part: Part, whole: bool, kind: str) -> Rows:
    listing, shelf = part.listing, bench.mirror.shelf(part.listing)
    if bench.stopping.is_set():
        raise Stop("Stopped while reading; nothing was written", todo="Run again")
    if whole:
        rows = bench.severa.read(listing, kind=kind)
        bench.must(pages(len(rows), listing))
        _not_short(bench, part.name, shelf.counted, len(rows))
        return _with_old_details(bench, part, rows + _missed(bench, part, rows))
    found: dict[str, Raw] = {}
    for change in listing.changes:
        rows = bench.severa.read(listing, kind=kind, **{change: shelf.position})
        bench.must(pages(len(rows), listing))
        found |= {str(row.get("guid")): row for row in rows}
    return _with_new_details(bench, part, list(found.values()), kind)


def _missed(bench: Workbench, part: Part, rows: Rows) -> Rows:
    """Rows that the list had last time and now has not, but that are still there: a list shifts
    while its pages are read. A few are asked for one by one."""
    if not bench.mirror.shelf(part.listing).counted:
        return []
    known = bench.mirror.guids(part.listing)
    gone = sorted(known - {str(row.get("guid") or "").lower() for row in rows})
    found = [
        bench.severa.find(part.side.one.format(guid=guid), kind="lookup")
        for guid in gone[:POINT_LOOKUPS]
    ]
    bench.must(len(found))
    return [row for row in found if row]


# --- lists that hang on a record ----------------------------------------------------------------


def _with_old_details(bench: Workbench, part: Part, rows: Rows) -> Rows:
    """A whole list's rows; those that did not change keep the details read before."""
    details = part.side.details
    if not details:
        return rows
    known = bench.mirror.raw(part.listing)
    names = {detail.into for detail in details}
    return [_kept(row, known.get(str(row.get("guid") or "").lower(), {}), names) for row in rows]


def _kept(row: Raw, old: Raw, names: Set[str]) -> Raw:
    return old if {k: v for k, v in old.items() if k not in names} == row else row


def _with_new_details(bench: Workbench, part: Part, rows: Rows, kind: str) -> Rows:
    """A delta's rows; those that changed get their details anew."""
    details = part.side.details
    if not details or not rows:
        return rows
    guids = [str(row.get("guid") or "").lower() for row in rows]
    known = bench.mirror.raw(part.listing, guids=guids)
    names = {detail.into for detail in details}
    found = [_kept(row, known.get(guid, {}), names) for guid, row in zip(guids, rows, strict=True)]
    fresh = [new for new, row in zip(found, rows, strict=True) if new is row]
    done = parallel([partial(_detailed, bench, row, details, kind) for row in fresh])
    return [new for new, row in zip(found, rows, strict=True) if new is not row] + done


def _detailed(bench: Workbench, row: Raw, details: Sequence[SubListing], kind: str) -> Raw:
    found = dict(row)
    for detail in details:
        if detail.wanted(row, bench.context):
            path = detail.path.format(guid=row["guid"])
            listing = Listing(path, detail.paging, detail.page, changes=())
            found[detail.into] = bench.severa.read(listing, kind=kind)
            bench.must(pages(len(found[detail.into]), listing))
    return found


def _read_details(bench: Workbench) -> None:
    """The details that a whole list's rows lack, if anything in the company depends on them."""
    for part in _parts(bench.running):
        details = [d for d in part.side.details if d.needed(bench.context)]
        if not details:
            continue
        lacking = [
            row
            for row in bench.mirror.raw(part.listing).values()
            if any(d.into not in row and d.wanted(row, bench.context) for d in details)
        ]
        jobs = [partial(_detailed, bench, row, details, "list") for row in lacking]
        rows = parallel(jobs, meanwhile=bench.alive)
        with bench.store.write("details") as writer:
            guids = bench.mirror.take(writer, part.side, rows)
            dirty.mark(writer, _spots({part.entity.name: guids}))
        bench.mirror.refill(part.entity, guids, bench.context)


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


def _not_short_in_global(bench: Workbench) -> None:
    """The same for Global's tables; the counts also size the safety limits of narrow syncs."""
    before = counted(bench)
    for entity in bench.running:
        not_short(bench, entity, before.get(entity.name, {}).get("global", 0))
    with bench.store.write("counted") as writer:
        writer.remember(COUNTED, _sizes(bench))
        writer.remember(
            WORTH, {entity.name: str(_worth(bench, entity)) for entity in bench.running}
        )


def _sizes(bench: Workbench) -> dict[str, dict[Side, int]]:
    read = bench.mirror.read
    return {e.name: {side: read.get((e.name, side), 0) for side in SIDES} for e in bench.running}


def counted(bench: Workbench) -> dict[str, dict[str, int]]:
    """How many records each entity had on each side when all was last in memory."""
    return (bench.store.note(COUNTED) or ("", {}))[1] or {}


def _worth(bench: Workbench, entity: Entity) -> Decimal:
    """What the linked documents of an entity come to, in the company's currency."""
    if entity.worth is None:
        return Decimal()
    records = bench.mirror.records(entity.name, "severa").values()
    known = [r for r in records if bench.links.of(entity.name, "severa", r.key)]
    return sum((abs(entity.worth(record)) for record in known), Decimal())


def worth(bench: Workbench) -> dict[str, Decimal]:
    """What each entity's linked documents came to when all was last in memory."""
    noted = (bench.store.note(WORTH) or ("", {}))[1] or {}
    return {name: Decimal(amount) for name, amount in noted.items()}


# --- guids --------------------------------------------------------------------------------------


def _convert(bench: Workbench) -> None:
    """Translate guids of the older API that stand in Global; each is asked once."""
    known = bench.converted()
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
    if any(known[guid] for guid in asked):
        for entity in bench.running:  # what is no record but by such a guid
            bench.mirror.load(entity, bench.context)


def _strangers(bench: Workbench) -> set[str]:
    """SeveraGUIDs in Global that no record of that entity in Severa has."""
    found: set[str] = set()
    for entity in bench.running:
        live = bench.mirror.records(entity.name, "severa")
        ours = bench.mirror.records(entity.name, "global").values()
        found |= {record.guid for record in ours if record.guid and record.guid not in live}
    return found


def _count_absences(bench: Workbench) -> None:
    """Count full reads in which a linked record was missing; a found one is counted no more."""
    before, rows = absent(bench), []
    for entity in bench.running:
        lists = [bench.mirror.shelf(side.listing) for side in entity.severa_sides]
        whole = {"global": True, "severa": all(shelf.whole for shelf in lists)}
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
