"""Mirror + links + base → sorted operations, and the state in which every record would end."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from recon.because import joined, same
from recon.compare import Comparison, Rules, compare, referred
from recon.creates import Rest
from recon.desk import NAMED, Desk
from recon.links import rebased
from recon.matching.merging import Pair as Keys
from recon.matching.pairs import Matched, Pair, Sides, match
from recon.shapes import (
    SIDES,
    Difference,
    Link,
    Operation,
    Outcome,
    Plan,
    Proposal,
    Record,
    Side,
    State,
    other,
)
from recon.situation import Situation
from recon.spec import Entity

if TYPE_CHECKING:
    from recon.matching.engine import Match


@dataclass(slots=True)
class Made:
    """What planning brought: the plan, proposals, links whose base moved without a write, and all
    initial differences, decided or not."""

    plan: Plan
    proposals: tuple[Proposal, ...]
    rebased: tuple[Link, ...]
    initial: tuple[Difference, ...] = ()


def make(now: Situation) -> Made:
    """Plan every entity in order; the plan is data and nothing has been written."""
    desk = Desk(now, now.links.copy())
    for entity in now.entities:
        _entity(desk, entity)
    _unreadable(desk)
    plan = Plan(
        run=now.run,
        company=now.profile.company.name,
        fingerprint=now.mirror.fingerprint(),
        operations=tuple(desk.operations),
        outcomes=tuple(desk.outcomes.values()),
        differences=tuple(desk.differences),
        shown=now.shown,
    )
    return Made(plan, tuple(desk.proposals), tuple(desk.rebased), tuple(desk.initial))


def _entity(desk: Desk, entity: Entity) -> None:
    if desk.now.profile.transfer.direction(entity.name) == "off":
        for record in _all(desk, entity):
            desk.end(record, "out of scope", "this entity is turned off in the profile")
        return
    _by_guid(desk, entity)
    matched = _match(desk, entity)
    for pair in matched.pairs:
        _connect(desk, entity, pair)
    for link in sorted(desk.links.all(entity.name), key=lambda link: link.key):
        _linked(desk, entity, link)
    desk.proposals += matched.proposals
    rest = Rest(desk, entity, matched.proposals)
    for record in _all(desk, entity):
        if (entity.name, record.side, record.key) not in desk.outcomes:
            rest.plan(record)
    rest.approve()


def _all(desk: Desk, entity: Entity) -> Iterable[Record]:
    for side in SIDES:
        yield from desk.now.records(entity, side).values()


def _free(desk: Desk, entity: Entity, side: Side) -> list[Record]:
    records = desk.now.records(entity, side).values()
    return [
        record
        for record in records
        if desk.links.of(entity.name, side, record.key) is None
        and (entity.name, side, record.key) not in desk.outcomes
    ]


# --- links that SeveraGUID tells --------------------------------------------------------------


def _by_guid(desk: Desk, entity: Entity) -> None:
    """Rule 4a: a SeveraGUID that resolves to a live record of the right kind is a link."""
    claims: dict[str, list[Record]] = {}
    for record in desk.now.records(entity, "global").values():
        if record.guid:
            claims.setdefault(_live(desk, record.guid), []).append(record)
    for guid, records in sorted(claims.items()):
        if len(records) > 1:
            _claimed_twice(desk, entity, guid, records)
        else:
            _claim(desk, entity, guid, records[0])


def _live(desk: Desk, guid: str) -> str:
    return desk.now.converted.get(guid) or guid


def _claimed_twice(desk: Desk, entity: Entity, guid: str, records: list[Record]) -> None:
    keys = ", ".join(record.key for record in records)
    text = f"the rows {keys} in Global carry the same SeveraGUID; clear it in all but one"
    for record in records:
        desk.end(record, "held", text)
    target = desk.now.records(entity, "severa").get(guid)
    if target:
        desk.end(target, "held", text)


def _claim(desk: Desk, entity: Entity, guid: str, record: Record) -> None:
    link = desk.links.of(entity.name, "global", record.key)
    theirs = desk.links.of(entity.name, "severa", guid)
    target = desk.now.records(entity, "severa").get(guid)
    if link and link.guid == guid:
        return
    if link or theirs:
        _disagree(desk, entity, (record, target), link or theirs)
    elif target is None:
        text = (
            "its SeveraGUID points to nothing in Severa (deleted, or of another kind or company); "
            "clear SeveraGUID in Global if it is wrong"
        )
        desk.end(record, "held", text)
    else:
        _connect(desk, entity, Pair(record, target, "Global's row carries its SeveraGUID"))


def _disagree(
    desk: Desk, entity: Entity, pair: tuple[Record, Record | None], link: Link | None
) -> None:
    known = f"{link.key} ↔ {link.guid}" if link else ""
    text = f"SeveraGUID in Global and the workbench's link ({known}) disagree; correct one of them"
    ours = desk.now.records(entity, "global").get(link.key) if link else None
    theirs = desk.now.records(entity, "severa").get(link.guid) if link else None
    for record in (*pair, ours, theirs):
        if record:
            desk.end(record, "held", text)


# --- pairs ------------------------------------------------------------------------------------


def _match(desk: Desk, entity: Entity) -> Matched:
    sides = (_free(desk, entity, "global"), _free(desk, entity, "severa"))
    verdicts = desk.now.verdicts.get(entity.name, {})
    similar = None
    if entity.likeness and not desk.now.mirror.narrow:
        similar = partial(_similar, desk, entity)
    return match(entity, sides, partial(_group, desk, entity), verdicts, similar)


def _similar(
    desk: Desk, entity: Entity, sides: Sides, always: Collection[Keys], never: Collection[Keys]
) -> Sequence[Match]:
    """What is alike among the rest; the engine is loaded only where there is any on both sides."""
    from recon.matching.engine import Pairs
    from recon.matching.likeness import World, similar

    world = World(desk.now.entities, desk.now.records, desk.links, desk.now.profile.matching)
    rest = (sides[0].values(), sides[1].values())
    return similar(entity, rest, partial(_group, desk, entity), Pairs(always, never), world)


def _group(desk: Desk, entity: Entity, record: Record, under: str) -> Hashable | None:
    """Records are compared under the same linked parent only, or where a field (`under`) refers
    to the same linked record; None while that is not linked."""
    if under:
        return referred(entity.field(under), record, desk.links)
    if entity.parent is None:
        return "all"
    if record.parent is None:
        return None
    link = desk.links.of(entity.parent, record.side, record.parent)
    return link.guid if link else None


def _connect(desk: Desk, entity: Entity, pair: Pair) -> None:
    ours, theirs = pair.globals_record, pair.severa_record
    link = Link(
        entity=entity.name,
        table=ours.table,
        key=ours.key,
        role=ours.role,
        guid=theirs.key,
        kind=entity.name,
        since="",
        origin=pair.origin,
    )
    desk.links.put(link)
    said = desk.now.decisions.get((entity.name, ours.key, theirs.key))
    because = same(said) if said and said.verdict == "same" else pair.origin
    operation = _link_operation(entity, (ours, theirs), because)
    desk.operations.append(operation)
    for record in (ours, theirs):
        desk.coming[entity.name, record.side, record.key] = operation.id


def _link_operation(entity: Entity, pair: tuple[Record, Record], origin: str) -> Operation:
    ours, theirs = pair
    return Operation(
        id=f"{entity.name}/link/global/{ours.key}",
        entity=entity.name,
        system="global",
        kind="link",
        key=ours.key,
        guid=theirs.key,
        before={"SeveraGUID": ours.guid},
        after={"SeveraGUID": theirs.key},
        needs=(),
        because=origin,
        guard={"global": ours.digest, "severa": theirs.digest},
    )


def _linked(desk: Desk, entity: Entity, link: Link) -> None:
    ours = desk.now.records(entity, "global").get(link.key)
    theirs = desk.now.records(entity, "severa").get(link.guid)
    if ours and theirs:
        if not _held(desk, (ours, theirs)):
            _pair(desk, entity, link, (ours, theirs))
    elif ours or theirs:
        _half(desk, entity, link, ours or theirs)


def _held(desk: Desk, pair: tuple[Record, Record]) -> bool:
    """Whether one of a linked pair is held; then the other is, too."""
    for record, mate in (pair, pair[::-1]):
        if desk.state((record.entity, record.side, record.key)) == "held":
            if desk.state((mate.entity, mate.side, mate.key)) is None:
                where = f"{record.key} in {NAMED[record.side]}"
                desk.end(mate, "held", f"its counterpart {where} is held; correct that first")
            return True
    return False


def _half(desk: Desk, entity: Entity, link: Link, left: Record | None) -> None:
    if left is None:
        return
    side = other(left.side)
    reads = desk.now.absent.get((entity.name, side, link.key), 0)
    where = f"its counterpart {link.key if side == 'global' else link.guid} in {NAMED[side]}"
    if reads >= 2:
        desk.end(left, "vanished", f"{where} was absent in {reads} full reads")
    else:
        desk.end(left, "waiting", f"{where} was not found; the next full read confirms it")


def _pair(desk: Desk, entity: Entity, link: Link, pair: tuple[Record, Record]) -> None:
    ours, theirs = pair
    seen: dict[Side, str] = {"global": ours.digest, "severa": theirs.digest}
    new = link.since == ""
    operations = (
        [f"{entity.name}/link/global/{ours.key}"]
        if new
        else _heal(desk, entity, link, ours, theirs)
    )
    if dict(link.seen) == seen and not operations:
        _end_pair(desk, pair, "unchanged", "", ())
        return
    parked = desk.now.parked.get((entity.name, "global", ours.key))
    if parked:
        _end_pair(desk, pair, "parked", f"failed too often: {parked}", tuple(operations))
        return
    now = desk.now
    master = now.profile.master
    rules = Rules(master, now.shown, desk.links, desk.coming, now.profile, now.rulings)
    found = compare(entity, link, pair, rules)
    desk.differences += found.differences
    desk.initial += found.initial
    operations += _updates(desk, entity, pair, found, operations)
    if not new:
        _rebase(desk, link, found, seen)
    _end_pair(desk, pair, *_ending(desk, found, new), tuple(operations))


def _heal(desk: Desk, entity: Entity, link: Link, ours: Record, theirs: Record) -> list[str]:
    """A link that the store knows and Global's row does not carry yet is written into the row."""
    if not ours.attributes.get("carries_guid", entity.global_side.carries_guid) or ours.guid:
        return []
    operation = _link_operation(entity, (ours, theirs), "linked before, noted in Global now")
    desk.operations.append(operation)
    return [operation.id]


def _updates(
    desk: Desk,
    entity: Entity,
    pair: tuple[Record, Record],
    found: Comparison,
    needs: list[str],
) -> list[str]:
    names = []
    for side, target in zip(SIDES, pair, strict=True):
        changes = found.changes[side]
        if changes:
            reasons = {name: found.reasons[side][name] for name in changes}
            operation = Operation(
                id=f"{entity.name}/update/{side}/{pair[0].key}",
                entity=entity.name,
                system=side,
                kind="update",
                key=pair[0].key,
                guid=pair[1].key,
                before={name: target.fields.get(name) for name in changes},
                after=dict(changes),
                needs=(*needs, *found.needs),
                because=joined(entity, reasons),
                guard={"global": pair[0].digest, "severa": pair[1].digest},
                reasons=reasons,
            )
            desk.operations.append(operation)
            names.append(operation.id)
    return names


def _rebase(desk: Desk, link: Link, found: Comparison, seen: dict[Side, str]) -> None:
    """A base that moved without a write (both changed to the same) is kept by the caller."""
    settled = seen if found.in_step else {}
    if found.base != dict(link.base) or settled != dict(link.seen):
        desk.rebased.append(rebased(link, found.base, settled))


def _ending(desk: Desk, found: Comparison, new: bool) -> tuple[State, str]:
    kinds = {difference.kind for difference in found.differences}
    waits = [desk.waits_for(one, side, key) for one, side, key in found.waits]
    words = "; ".join([*(difference.text for difference in found.differences), *waits])
    if "conflict" in kinds:
        return "conflict", words
    if found.changes["global"] or found.changes["severa"]:
        return "updated", words
    if waits:
        return "waiting", words
    if "drift" in kinds:
        return "drift", words
    if "initial difference" in kinds:
        return "initial difference", words
    return ("linked", "") if new else ("unchanged", "")


def _end_pair(
    desk: Desk,
    pair: tuple[Record, Record],
    state: State,
    detail: str,
    operations: tuple[str, ...],
) -> None:
    for record in pair:
        desk.end(record, state, detail, *operations)


def _unreadable(desk: Desk) -> None:
    names = {entity.name for entity in desk.now.entities}
    for index, (entity, side, key, text) in enumerate(desk.now.mirror.unreadable):
        if entity in names:
            spot = (entity, side, f"{key}#{index}")
            desk.outcomes[spot] = Outcome(entity, side, key, key, "unreadable", text)
