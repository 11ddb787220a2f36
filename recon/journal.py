"""Each operation's state: what was intended, what came of it, who did it and when.

One row per (plan run, operation). `sent` is committed before the effect, `done` together with
the link and base that it brought, so that a killed run leaves either nothing or a `sent` row that
the next run settles before it plans.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from recon import store as memory
from recon.settings import user_name
from recon.shapes import Operation, canonical
from recon.store import Store, Writer

JournalState = Literal["sent", "done", "refused", "unknown", "not done", "changed"]
OPEN = ("sent", "unknown")


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal row: the operation as planned, its state, and the symbols as resolved."""

    id: int
    run: str
    plan_run: str
    operation: Operation
    state: str
    sent: str
    resolved: Mapping[str, Any]
    detail: str
    looks: int


class Journal:
    """The journal of one run."""

    def __init__(self, store: Store, run: str) -> None:
        self._store, self.run = store, run

    def sent(
        self,
        writer: Writer,
        plan_run: str,
        operations: Iterable[tuple[Operation, Mapping[str, Any]]],
    ) -> None:
        """Note that these operations are about to be done, with their symbols resolved."""
        rows = [self._row(plan_run, operation, resolved) for operation, resolved in operations]
        writer.put(memory.journal, rows, ("plan_run", "operation"))

    def noted(self, writer: Writer, plan_run: str, operations: Iterable[Operation]) -> None:
        """Note operations as done that need no effect outside the store."""
        done = {"state": "done", "ended": memory.now()}
        rows = [{**self._row(plan_run, operation, {}), **done} for operation in operations]
        writer.put(memory.journal, rows, ("plan_run", "operation"))

    def _row(
        self, plan_run: str, operation: Operation, resolved: Mapping[str, Any]
    ) -> dict[str, Any]:
        return {
            "run": self.run,
            "plan_run": plan_run,
            "operation": operation.id,
            "entity": operation.entity,
            "system": operation.system,
            "kind": operation.kind,
            "key": operation.key,
            "state": "sent",
            "who": user_name(),
            "sent": memory.now(),
            "ended": "",
            "plan": canonical(operation),
            "resolved": canonical(resolved),
            "looks": 0,
        }

    def ended(
        self, writer: Writer, plan_run: str, operation: str, result: tuple[JournalState, str, Any]
    ) -> None:
        """Note what came of an operation: its state, a sentence, and the answer (masked)."""
        state, detail, answer = result
        table = memory.journal
        writer.execute(
            table.update()
            .where(table.c.company == self._store.company)
            .where(table.c.plan_run == plan_run, table.c.operation == operation)
            .values(
                state=state,
                ended=memory.now(),
                detail=detail,
                answer=None if answer is None else canonical(answer),
            )
        )

    def looked(self, writer: Writer, entry: Entry) -> None:
        """Count one look for an unknown effect."""
        table = memory.journal
        writer.execute(
            table.update()
            .where(table.c.id == entry.id)
            .values(looks=entry.looks + 1, ended=memory.now(), state="unknown")
        )

    def open(self) -> list[Entry]:
        """Operations of this or earlier runs whose effect is not known, oldest first."""
        table = memory.journal
        statement = self._store.of(table).where(table.c.state.in_(OPEN)).order_by(table.c.id)
        return [entry(row) for row in self._store.rows(statement)]

    def done(self, plan_run: str) -> set[str]:
        """The ids of a plan's operations that are done."""
        table = memory.journal
        statement = self._store.of(table).where(
            table.c.plan_run == plan_run, table.c.state == "done"
        )
        return {row["operation"] for row in self._store.rows(statement)}

    def of_run(self, run: str) -> list[Entry]:
        """What one run did, in order."""
        table = memory.journal
        statement = self._store.of(table).where(table.c.run == run).order_by(table.c.id)
        return [entry(row) for row in self._store.rows(statement)]


def operation(document: Mapping[str, Any]) -> Operation:
    """An operation from its JSON form."""
    data = dict(document)
    return Operation(**{**data, "needs": tuple(data["needs"])})


def entry(row: Mapping[str, Any]) -> Entry:
    """A journal row as an entry."""
    return Entry(
        id=row["id"],
        run=row["run"],
        plan_run=row["plan_run"],
        operation=operation(json.loads(row["plan"])),
        state=row["state"],
        sent=row["sent"],
        resolved=json.loads(row["resolved"] or "{}"),
        detail=row["detail"] or "",
        looks=row["looks"],
    )
