"""Does a plan, crash-safe and repeatable: `sent` before each effect, link, base and `done` after.

Severa's operations run beside each other in threads; Global's and the journal's writes happen in
this one thread. What changed since it was planned is left for a new plan; what may or may not
have happened is looked for before anything is sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from recon import dirty, drafts, global_writes, guard
from recon import store as memory
from recon.compare import forms, written
from recon.earlier import Earlier
from recon.entities import ENTITIES
from recon.errors import Changed, NotDone, ReconError, Refused, Stop, Unknown
from recon.links import Links, rebased
from recon.shapes import Finding, Link, Operation, Plan, Record, Side, other
from recon.spec import Entity, SeveraSide
from recon.workbench import Workbench

Queues = dict[Side, dict[str, Operation]]
Call = tuple[Operation, Callable[[], Any], Mapping[str, Any]]
BATCH = 200
DOCUMENTS = frozenset(entity.name for entity in ENTITIES if entity.worth)
WORKERS = 8
AT_ONCE = 4
MOST_LOCKED_OUT = 3
BY_NAME = {entity.name: entity for entity in ENTITIES}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an operation: done, refused, changed, unknown, waiting or not done."""

    state: str
    detail: str = ""
    remedy: str = ""


@dataclass(slots=True)
class Applied:
    """The results of a plan's operations by id."""

    results: dict[str, Result] = field(default_factory=dict)

    def done(self, operation: str) -> bool:
        found = self.results.get(operation)
        return found is not None and found.state == "done"


class Applier:
    """Applies one plan. `plan.run` keys the journal, so a plan applied twice is done once."""

    def __init__(self, bench: Workbench, plan: Plan) -> None:
        self.bench, self.plan = bench, plan
        self.applied = Applied()
        for operation in bench.journal.done(plan.run):
            self.applied.results[operation] = Result("done", "already done")
        self._error: Stop | None = None
        self._locked_out = 0
        self._earlier = Earlier(bench)
        self._running: dict[Future[Any], Operation] = {}

    def apply(self) -> Applied:
        """Do all operations that can be done now; a `Stop` is raised after what is under way
        has been written down."""
        todo = [op for op in self.plan.operations if op.id not in self.applied.results]
        total, before = len(todo), len(self.applied.results)
        with ThreadPoolExecutor(WORKERS) as pool:
            for batch in _batches(todo):
                if self._ended():
                    break
                self._guard(batch)
                for _ in self._batch(pool, batch):
                    count = len(self.applied.results) - before
                    self.bench.tell("apply", count, total)
        if self._error:
            raise self._error
        return self.applied

    def _ended(self) -> bool:
        return self._error is not None or self.bench.stopping.is_set()

    def _guard(self, batch: Sequence[Operation]) -> None:
        for operation in guard.stale(self.bench, batch):
            text = "it was changed meanwhile; it is planned anew"
            self.applied.results[operation.id] = Result("changed", text)

    # --- one batch ----------------------------------------------------------------------------

    def _batch(self, pool: ThreadPoolExecutor, batch: Sequence[Operation]) -> Iterator[None]:
        self._take_over(batch)
        queues: Queues = {"severa": {}, "global": {}}
        for op in batch:
            if op.id not in self.applied.results:
                queues[op.system][op.id] = op
        while any(queues.values()) or self._running:
            started = [] if self._ended() else self._start(pool, queues)
            if not started and not self._running:
                self._strand([*queues["severa"].values(), *queues["global"].values()])
                return
            for op in started:
                del queues[op.system][op.id]
            self._finish(block=len(self._running) >= WORKERS or not started)
            yield

    def _take_over(self, batch: Sequence[Operation]) -> None:
        """Links that Global's row carries already, or cannot carry: kept in one commit."""
        found = [op for op in batch if op.id not in self.applied.results and self._carried(op)]
        if not found:
            return
        made = [
            self._new_link(op, drafts.need(self.bench, op.entity, "global", op.key)) for op in found
        ]
        with self.bench.store.write("linked") as writer:
            self.bench.links.save(writer, [link for link in made if link])
            self.bench.journal.noted(writer, self.plan.run, found)
        self.applied.results.update({op.id: Result("done") for op in found})

    def _carried(self, op: Operation) -> bool:
        record = self.bench.record(op.entity, "global", op.key)
        if op.kind != "link" or op.needs or record is None or op.guid is None:
            return False
        known = self.bench.record(op.entity, "severa", op.guid) is not None
        return known and (record.guid == op.guid or not self._carries(BY_NAME[op.entity], record))

    def _start(self, pool: ThreadPoolExecutor, queues: Queues) -> list[Operation]:
        """Start what is ready: Severa's calls first (all noted as sent in one commit), so that
        they run while a few of Global's operations are done here."""
        called = self._first_ready(queues["severa"], WORKERS - len(self._running))
        calls = [call for op in called for call in self._prepared(op)]
        self._send(pool, calls)
        written = self._first_ready(queues["global"], AT_ONCE)
        for op in written:
            self._do_global(op)
        return called + written

    def _first_ready(self, queue: Mapping[str, Operation], most: int) -> list[Operation]:
        return list(islice((op for op in queue.values() if self._ready(op)), most))

    def _ready(self, op: Operation) -> bool:
        states = [self.applied.results.get(need) for need in op.needs]
        if any(state and state.state != "done" for state in states):
            self.applied.results.setdefault(op.id, Result("waiting", "what it needs was not done"))
            return False
        return op.id not in self.applied.results and all(states) if op.needs else True

    def _strand(self, queue: Sequence[Operation]) -> None:
        for op in queue:
            if not self._ended():
                text = "what it needs was not done"
                self.applied.results.setdefault(op.id, Result("waiting", text))

    def _prepared(self, op: Operation) -> list[Call]:
        """The call of an operation, or nothing if it is refused before it is sent."""
        try:
            call, resolved = drafts.call(self.bench, op)
            return [(op, call, {**resolved, **self._earlier.of(op)})]
        except ReconError as error:
            self._failed(op, error, journal=False)
            return []

    def _send(
        self,
        pool: ThreadPoolExecutor,
        calls: Sequence[Call],
    ) -> None:
        if not calls:
            return
        with self.bench.store.write("sent") as writer:
            self.bench.journal.sent(writer, self.plan.run, [(op, more) for op, _, more in calls])
        for op, call, _ in calls:
            self.bench.must(1)
            self._running[pool.submit(call)] = op

    def _finish(self, *, block: bool) -> None:
        """Write down what has been answered; wait for one answer if there is nothing to start."""
        if not self._running:
            return
        timeout = None if block else 0
        finished, _ = wait(self._running, timeout=timeout, return_when=FIRST_COMPLETED)
        for future in finished:
            op = self._running.pop(future)
            try:
                self._answered(op, future.result())
            except ReconError as error:
                self._failed(op, error, journal=True)

    # --- what came of it ----------------------------------------------------------------------

    def _answered(self, op: Operation, answer: Mapping[str, Any]) -> None:
        entity = BY_NAME[op.entity]
        guid = str(answer.get("guid") or op.guid or "").lower()
        if not guid:
            raise Unknown(f"Severa's answer to {op.id} names no guid")
        side = drafts.severa_side(self.bench, op)
        row = {**self._details(side, guid), **answer}
        record = self._own(entity, (side, row), guid)
        with self.bench.store.write("done") as writer:
            self.bench.mirror.take(writer, side, [row])
            self._done(writer, op, record)

    def _details(self, side: SeveraSide, guid: str) -> dict[str, Any]:
        """The lists that hang on a row; an answer to a write does not carry them."""
        if not side.details:
            return {}
        row = self.bench.mirror.raw(side.listing, guids=[guid]).get(guid, {})
        return {d.into: row[d.into] for d in side.details if d.into in row}

    def _own(self, entity: Entity, row: tuple[SeveraSide, Mapping[str, Any]], guid: str) -> Record:
        found = [r for r in row[0].records([row[1]], self.bench.context) if r.key == guid]
        if not found or found[0].attributes.get("unreadable"):
            raise Unknown(f"Severa's answer about {entity.title.lower()} {guid} cannot be read")
        self.bench.mirror.put(found[0])
        return found[0]

    def _done(self, writer: memory.Writer, op: Operation, record: Record) -> None:
        """Link, base and `done` in one commit; what got a code may find its partner now."""
        if op.kind == "code":
            dirty.mark(writer, [(op.entity, "severa", record.key)])
        else:
            self.bench.links.save(writer, [self._link(op, record)])
        lost = self._lost(op, record)
        self.bench.journal.ended(writer, self.plan.run, op.id, ("done", lost, record.fields))
        self.applied.results[op.id] = Result("done", lost)

    def _link(self, op: Operation, record: Record) -> Link:
        entity = BY_NAME[op.entity]
        if op.kind == "create":
            source = drafts.need(self.bench, op.entity, other(op.system), op.key)
            pair = (source, record) if op.system == "severa" else (record, source)
            return new_link(entity, pair, f"created in {op.system}", self.bench.links)
        old = self.bench.links.of(op.entity, "global", op.key)
        if old is None:
            raise Stop(f"The link of {op.entity} {op.key} is gone from the store")
        against = drafts.need(
            self.bench, op.entity, other(op.system), old.guid if op.system == "global" else old.key
        )
        pair = (record, against) if op.system == "global" else (against, record)
        base = written(entity, old.base, pair, op.after, self.bench.links)
        return rebased(old, base, {})

    def _lost(self, op: Operation, record: Record) -> str:
        """What the target did not keep of what was written; told, never repeated blindly. What a
        create leaves empty, the target may fill by its own defaults."""
        entity, links = BY_NAME[op.entity], self.bench.links
        sent = drafts.values(self.bench, op)
        values = {n: v for n, v in sent.items() if v is not None or op.kind != "create"}
        now = forms(entity, record, links)
        wanted = forms(entity, replace(record, fields=values), links)
        rises = {one.name for one in entity.fields if one.rises} if op.kind == "create" else set()
        names = [name for name in values if name in now and name not in rises]
        rows = [name for name in names if now[name] != wanted[name]]
        number = op.after.get("@number")
        if number and not str(number).startswith("next:") and record.number != str(number):
            self._note(op, record, f"asked for number {number}, got {record.number}")
        if rows:
            titles = ", ".join(entity.field(name).title for name in rows)
            self._note(op, record, f"{op.system} did not keep {titles} as written")
            return f"not kept as written: {titles}"
        return ""

    def _note(self, op: Operation, record: Record, text: str) -> None:
        self.bench.notes.append(
            Finding("not_kept_as_written", op.entity, "warning", op.system, record.key, text)
        )

    def _failed(self, op: Operation, error: ReconError, *, journal: bool) -> None:
        state = _state_of(error)
        self.applied.results[op.id] = Result(state, error.what, error.todo)
        if isinstance(error, Stop):
            self._error = error
            state = "not done"
        if journal:
            with self.bench.store.write(state) as writer:
                kept: Any = state
                self.bench.journal.ended(writer, self.plan.run, op.id, (kept, str(error), None))

    # --- Global -------------------------------------------------------------------------------

    def _do_global(self, op: Operation) -> None:
        try:
            resolved = {"guid": self._guid(op)}
            with self.bench.store.write("sent") as writer:
                self.bench.journal.sent(writer, self.plan.run, [(op, resolved)])
            record = self._write_global(op, resolved["guid"])
            with self.bench.store.write("done") as writer:
                self._done_global(writer, op, record, resolved["guid"])
            self._locked_out = 0
        except ReconError as error:
            self._failed(op, error, journal=True)
            self._locked_out += isinstance(error, NotDone)
            if self._locked_out >= MOST_LOCKED_OUT:
                self._error = Stop(error.what, where=error.where, todo=error.todo)

    def _guid(self, op: Operation) -> str:
        return op.guid or drafts.resolve(self.bench, str(op.after["SeveraGUID"]), "severa")

    def _write_global(self, op: Operation, guid: str) -> Record:
        entity = BY_NAME[op.entity]
        if op.kind == "create":
            record = global_writes.create(self.bench, entity, drafts.draft(self.bench, op), guid)
        else:
            record = drafts.need(self.bench, op.entity, "global", op.key)
            if op.kind == "update":
                changes = (op.guard.get("global"), drafts.values(self.bench, op))
                record = global_writes.update(self.bench, entity, changes, record)
            elif self._carries(entity, record):
                before = op.before.get("SeveraGUID")
                global_writes.link(self.bench, record, guid, str(before) if before else None)
                record = replace(record, guid=guid)
        self.bench.mirror.put(record)
        return record

    def _carries(self, entity: Entity, record: Record) -> bool:
        says = record.attributes.get("carries_guid", entity.global_side.carries_guid)
        return bool(says) and self.bench.visma_global.has_guid(record.table)

    def _new_link(self, op: Operation, record: Record) -> Link | None:
        """The link of a pair that is not linked yet; only what agrees is its base."""
        if self.bench.links.of(op.entity, "global", op.key) is not None:
            return None
        pair = (record, drafts.need(self.bench, op.entity, "severa", op.guid or ""))
        return _agreed_only(new_link(BY_NAME[op.entity], pair, op.because, self.bench.links))

    def _done_global(self, writer: memory.Writer, op: Operation, record: Record, guid: str) -> None:
        if op.kind != "link":
            self._done(writer, op, record)
            return
        link = self._new_link(replace(op, guid=guid), record)
        self.bench.links.save(writer, [link] if link else [])
        self.bench.journal.ended(writer, self.plan.run, op.id, ("done", "", None))
        self.applied.results[op.id] = Result("done")


def _state_of(error: ReconError) -> str:
    kinds = ((Unknown, "unknown"), (Changed, "changed"), (Refused, "refused"))
    return next((state for kind, state in kinds if isinstance(error, kind)), "not done")


def _batches(operations: Sequence[Operation]) -> Iterator[Sequence[Operation]]:
    """Operations in order, cut after so many calls of Severa and so many new documents: each batch
    is guarded anew."""
    batch: list[Operation] = []
    calls = 0
    for operation in operations:
        batch.append(operation)
        new = operation.kind == "create" and operation.entity in DOCUMENTS
        calls += operation.system == "severa" or new
        if calls >= BATCH:
            yield batch
            batch, calls = [], 0
    if batch:
        yield batch


def new_link(entity: Entity, pair: tuple[Record, Record], origin: str, links: Links) -> Link:
    """A link of two records that are in step: what both hold now is the base, but for statuses,
    which rise from nothing."""
    ours, theirs = pair
    link = Link(
        entity=entity.name,
        table=ours.table,
        key=ours.key,
        role=ours.role,
        guid=theirs.key,
        kind=entity.name,
        since=memory.now(),
        origin=origin,
    )
    names = [one.name for one in entity.fields if not one.rises]
    return rebased(link, written(entity, {}, pair, names, links), {})


def _agreed_only(link: Link) -> Link:
    """A newly linked pair: only equal fields are base, the rest are initial differences."""
    ours, theirs = link.base["global"], link.base["severa"]
    same = {name for name in ours if ours[name] == theirs.get(name)}
    base: dict[Side, dict[str, Any]] = {
        "global": {name: ours[name] for name in same},
        "severa": {name: theirs[name] for name in same},
    }
    return rebased(link, base, {})


__all__ = ["Applied", "Applier", "Result", "new_link"]
