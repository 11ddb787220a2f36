"""The judge of a story: what a sync must have done, must not have done, and must have told.

It compares both systems before and after a sync, field by field and in compared form. It knows
who is master; it does not know how a sync is planned, and asks the run for its words alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from recon.shapes import Facts
from tests.kills.state import guid_of, inner
from tests.props.model import (
    COLLECTIONS,
    LISTS,
    TABLE_OF,
    TABLES,
    Pair,
    Snapshot,
    Value,
    master,
    place,
    values,
)

SETTLED = ("created", "updated", "linked", "unchanged", "out of scope")
WHY = ("held", "waiting", "refused", "parked", "vanished", "unreadable", "initial difference")
STAMPS = {"LastUpdate", "LastUpdatedBy", "SeveraGUID"}
DERIVED = {"lastUpdatedDateTime", "lastUpdatedBy", "headquarterAddress", "closedDate"}
Spot = tuple[str, str]


@dataclass
class Judge:
    """Remembers per pair and field what both systems held when they were last seen to be right."""

    base: dict[tuple[Pair, str], Value] = field(default_factory=dict)

    def start(self, now: Snapshot) -> None:
        """Take what is there as right."""
        for pair, fields in values(now, now.pairs).items():
            self.base |= {(pair, name): value for name, value in fields.items()}

    def after(
        self, before: Snapshot, now: Snapshot, facts: Facts, unseen: set[tuple[str, Any]]
    ) -> list[str]:
        """What is wrong after a sync; `unseen` are rows that a narrow one need not have seen."""
        told = Told(facts)
        return [
            *told.problems(),
            *_links(before, now),
            *_created(before, now),
            *_untouched(before, now),
            *self._fields(before, now, told, unseen),
        ]

    def _fields(
        self, before: Snapshot, now: Snapshot, told: Told, unseen: set[tuple[str, Any]]
    ) -> Iterator[str]:
        then, ended = values(before, now.pairs), values(now, now.pairs)
        for pair, fields in ended.items():
            for name, end in fields.items():
                if pair not in before.pairs or name not in then.get(pair, {}):
                    self.base[pair, name] = end
                    continue
                base = self.base.setdefault((pair, name), then[pair][name])
                case = Case(pair, name, base, then[pair][name], end)
                hidden = place(pair) in unseen or not unseen.isdisjoint(_docs(pair))
                problem, right = case.judged(told, hidden)
                if problem:
                    yield f"{pair.entity} {pair.key} {name}: {problem} ({case.words})"
                if right:
                    self.base[pair, name] = end


def _docs(pair: Pair) -> set[tuple[str, str]]:
    return {(name, pair.guid) for name in LISTS[pair.entity]}


class Told:
    """What a run said: states, differences, and whether it adds up."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.outcomes = {(o.entity, o.key): o for o in facts.outcomes}
        self.differences = {(d.entity, d.global_key, d.field): d.kind for d in facts.differences}

    def state(self, pair: Pair) -> str:
        """The state that excuses a pair, '' where none does."""
        found = [self.outcomes.get((pair.entity, key)) for key in (pair.key, pair.guid)]
        states = [o.state for o in found if o]
        waits = any(o and "waits for" in o.detail for o in found)
        return next((state for state in WHY if state in states), "waiting" if waits else "")

    def problems(self) -> Iterator[str]:
        if not self.facts.balanced:
            yield "the outcomes do not add up to the records read"
        for operation, state, detail in self.facts.operations:
            if state in ("unknown", "not done", "changed"):
                yield f"{operation.id} ended as {state}: {detail}"

    def standing(self) -> dict[tuple[str, str, str], str]:
        """The states that a run leaves for people to see; what is gone needs two full reads."""
        return {
            (o.entity, o.side, o.key): o.state.replace("vanished", "waiting")
            for o in self.facts.outcomes
            if o.state not in SETTLED
        }

    def done(self) -> list[str]:
        return [op.id for op, state, _ in self.facts.operations if state == "done"]


@dataclass(frozen=True)
class Case:
    """One field of a linked pair: when last right, before the sync, after it."""

    pair: Pair
    name: str
    base: Value
    then: Value
    end: Value

    @property
    def words(self) -> str:
        lead = master(self.pair.entity, self.name)
        return f"Global, Severa: {self.base} → {self.then} → {self.end}, master {lead}"

    def judged(self, told: Told, hidden: bool) -> tuple[str, bool]:
        """What is wrong, and whether the field is right now (not merely excused)."""
        lead = 0 if master(self.pair.entity, self.name) == "global" else 1
        follow = 1 - lead
        ordered, equal = self.then[lead] != self.base[lead], self.end[0] == self.end[1]
        kind = told.differences.get((self.pair.entity, self.pair.key, self.name))
        if self.end[lead] != self.then[lead]:
            return "the master's own value was overwritten", False
        if self.end[follow] != self.then[follow] and not (equal and ordered):
            return "a value was overwritten that no change of the master asked for", False
        if equal:
            return "", True
        if ordered:
            right = kind == "initial difference"
            excused = hidden or right or told.state(self.pair)
            return ("" if excused else "the master's change did not arrive"), right
        changed = self.then[follow] != self.base[follow]
        if changed and not (kind or hidden or told.state(self.pair)):
            return "a change on the other side is not reported", False
        return "", bool(kind)


# --- links and records ------------------------------------------------------------------------


def _links(before: Snapshot, now: Snapshot) -> Iterator[str]:
    for pair in sorted(before.pairs - now.pairs):
        yield f"the link of {pair.entity} {pair.key} to {pair.guid} is gone"
    guids: dict[Spot, set[str]] = {}
    for pair in now.pairs:
        guids.setdefault((pair.entity, pair.guid), set()).add(pair.key)
    for (entity, guid), keys in sorted(guids.items()):
        if len(keys) > 1:
            yield f"{entity} {guid} is linked to {sorted(keys)}"
    for table in sorted(
        {*TABLE_OF.values(), "CustomerInvoiceAdresses", "CustomerDeliveryAddresses"}
    ):
        yield from _carried(table, before, now)


def _carried(table: str, before: Snapshot, now: Snapshot) -> Iterator[str]:
    """A SeveraGUID is only written into an empty place, for a link, and stands in one row."""
    linked = {(place(pair), pair.guid) for pair in now.pairs}
    for key, row in now.state.rows[table].items():
        guid, was = guid_of(row), guid_of(before.state.rows[table].get(key, {}))
        if guid == was:
            continue
        if was:
            yield f"{table} {key}: its SeveraGUID {was} was overwritten"
        if ((table, key), guid) not in linked:
            yield f"{table} {key}: its SeveraGUID {guid} is no link"
        if sum(guid_of(other) == guid for other in now.state.rows[table].values()) > 1:
            yield f"{table} {key}: its SeveraGUID {guid} stands in other rows, too"


def _created(before: Snapshot, now: Snapshot) -> Iterator[str]:
    """Each new record is linked to one that was there and had no link; nothing is deleted."""
    old_keys = {(pair.entity, pair.key) for pair in before.pairs}
    old_guids = {(pair.entity, pair.guid) for pair in before.pairs}
    fresh = now.pairs - before.pairs
    by_place = {place(pair): pair for pair in fresh if pair.entity != "communication"}
    by_guid = {pair.guid: pair for pair in fresh}
    for table in TABLES:
        rows, olds = now.state.rows[table], before.state.rows[table]
        yield from (f"{table} {key} was deleted" for key in olds.keys() - rows.keys())
        for key in rows.keys() - olds.keys():
            pair = by_place.get((table, key))
            if pair is None or (pair.entity, pair.guid) in old_guids or not before.doc(pair):
                yield f"{table} {key} was created for nothing in Severa: {pair}"
            else:
                yield from _beside(before, pair, "global")
    for name in COLLECTIONS:
        docs, earlier = now.state.docs[name], before.state.docs[name]
        yield from (f"{name} {guid} was deleted" for guid in earlier.keys() - docs.keys())
        for guid in docs.keys() - earlier.keys():
            pair = by_guid.get(guid)
            if pair is None or (pair.entity, pair.key) in old_keys or not before.row(pair):
                yield f"{name} {guid} was created for nothing in Global: {pair}"
            else:
                yield from _beside(before, pair, "severa")


def _beside(before: Snapshot, pair: Pair, side: str) -> Iterator[str]:
    """Customers, departments and articles are not created beside a namesake without a link."""
    if pair.entity not in ("customer", "business_unit", "product"):
        return
    if side == "global":
        keys = {p.key for p in before.pairs if p.entity == pair.entity}
        source = before.doc(pair) or {}
        rows = before.state.rows[TABLE_OF[pair.entity]].items()
        rivals = [key for key, row in rows if str(key) not in keys and _alike(row, source)]
    else:
        guids = {p.guid for p in before.pairs if p.entity == pair.entity}
        source = before.row(pair) or {}
        docs = [one for name in LISTS[pair.entity] for one in before.state.docs[name].items()]
        rivals = [guid for guid, doc in docs if guid not in guids and _alike(source, doc)]
    if rivals:
        yield f"{pair} was created beside {rivals}, which has the same name and no link"


def _alike(row: Mapping[str, Any], doc: Mapping[str, Any]) -> bool:
    names = [" ".join(str(one or "").casefold().split()) for one in (row["Name"], doc["name"])]
    return names[0] == names[1]


def _untouched(before: Snapshot, now: Snapshot) -> Iterator[str]:
    """Numbers and codes stay; records without a link are left alone altogether."""
    rows = {place(pair) for pair in now.pairs}
    rows |= {("Customer", row["CustomerNo"]) for row in now.state.rows["Contact"].values()}
    guids = {pair.guid for pair in now.pairs}
    for table in TABLES:
        for key, row in before.state.rows[table].items():
            if (table, key) not in rows:
                other = now.state.rows[table].get(key, {})
                changed = [n for n in row if row[n] != other.get(n) and n not in STAMPS]
                if changed:
                    yield f"{table} {key} has no link, but {changed} changed"
    for name in COLLECTIONS:
        for guid, doc in before.state.docs[name].items():
            other = now.state.docs[name].get(guid, {})
            yield from _document(f"{name} {guid}", doc, other, linked=guid in guids)


def _document(label: str, doc: Any, other: Any, *, linked: bool) -> Iterator[str]:
    for name in ("number", "code"):
        if doc.get(name) and doc[name] != other.get(name):
            yield f"{label}: {name} {doc[name]} became {other.get(name)}"
    if not linked:
        names = [n for n, v in doc.items() if not isinstance(v, dict | list) and n not in DERIVED]
        changed = [n for n in names if doc[n] != other.get(n)]
        changed += [n for n in ("customer", "contact") if inner(doc, n) != inner(other, n)]
        if changed:
            yield f"{label} has no link, but {changed} changed"
