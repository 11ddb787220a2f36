"""One run: noted at its start, its facts gathered, its document kept at the end, failed or not."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from recon import (
    advance,
    background,
    checklist,
    counts,
    dirty,
    failures,
    families,
    lease,
    outcomes,
    overall,
    standing,
)
from recon import links as linked
from recon import store as memory
from recon.advance import Advance
from recon.apply import Result
from recon.document import document
from recon.errors import ReconError, Usage
from recon.findings import blocking
from recon.plan import Made
from recon.settings import user_name
from recon.shapes import SIDES, Difference, Facts, Finding, Operation, Outcome, Plan, Side, Spot
from recon.workbench import Workbench
from recon.worklists import Count, Duplicate


@dataclass(slots=True)
class Session:
    """One run in the making; `facts` is what every report is made from."""

    bench: Workbench
    command: str
    started: str = field(default_factory=memory.now)
    clock: float = field(default_factory=time.monotonic)
    made: Made | None = None
    outcomes: tuple[Outcome, ...] = ()
    operations: dict[str, tuple[Operation, str, str]] = field(default_factory=dict)
    reads: dict[str, dict[Side, int]] = field(default_factory=dict)
    checked: Advance | None = None
    counts_as_check: bool = False
    counts: tuple[Count, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    marks: dirty.Marks | None = None
    carried: tuple[Difference, ...] = ()
    news: bool = False
    error: str = ""
    exit_code: int | None = None

    def look(self) -> None:
        """Keep which changes this run's plan is made from."""
        self.marks = dirty.read(self.bench.store)

    def check(self) -> None:
        """Look through the checklist, beside what earlier checks found."""
        self.counts = counts.found(self.bench)
        proposals = self.made.proposals if self.made else ()
        more = [*overall.found(self.bench, proposals), *counts.findings(self.counts)]
        self.checked = checklist.advanced(self.bench, self.started, more)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the checklist holds; nothing where this run did not look through it."""
        return self.checked.findings if self.checked else ()

    def take(self, made: Made) -> None:
        """Keep a plan as the run's plan, and how many records it rests on."""
        self.made, self.outcomes = made, made.plan.outcomes
        self.operations = {op.id: (op, "planned", "") for op in made.plan.operations}
        self.reads = {
            entity.name: {
                side: self.bench.mirror.read.get((entity.name, side), 0) for side in SIDES
            }
            for entity in self.bench.entities
        }

    def applied(self, made: Made, results: Mapping[str, Result]) -> None:
        """Keep what came of a plan; failures are counted, solved ones forgotten."""
        ended = outcomes.final(made.plan, results)
        first = self.made is not None and made.plan.run == self.made.plan.run
        self.outcomes = ended if first else outcomes.merged(self.outcomes, ended)
        for op in made.plan.operations:
            result = results.get(op.id, Result("not done", "the run ended before it came to this"))
            name = op.id if first else f"{op.id}#{made.plan.run}"
            self.operations[name] = (op, result.state, result.detail)
        self._failures(made.plan, results)

    def _failures(self, plan_: Plan, results: Mapping[str, Result]) -> None:
        store, before = self.bench.store, failures.read(self.bench.store)
        park = self.bench.profile.safety.park_after
        counted = [
            failures.failed(before.get((f.entity, f.side, f.key)), f, park)
            for f in outcomes.failures(plan_, results)
        ]
        bad = {(f.entity, f.side, f.key) for f in counted}
        good = {
            outcomes.origin(op)
            for op in plan_.operations
            if op.id in results and results[op.id].state == "done"
        }
        with store.write("failures") as writer:
            failures.save(writer, self.bench.run, counted)
            failures.solved(writer, sorted((good - bad) & set(before)))

    def reopened(self) -> bool:
        """Whether something changed while it was applied and can be planned anew at once."""
        return any(state == "changed" for _, state, _ in self.operations.values())

    def finish(self) -> None:
        """Keep what stands after this run, in one commit: the changes that it planned need no
        plan any more, but what was not done does; a narrow run adds what stood before."""
        bench, before = self.bench, standing.read(self.bench.store)
        partly = bench.mirror.narrow or self.marks is None
        kept = standing.carried(before, self.outcomes) if partly else {}
        now = standing.made(self.outcomes, self.made.plan.differences if self.made else ())
        undone = [op for op, state, _ in self.operations.values() if state not in ("done", "")]
        with bench.store.write("standing") as writer:
            self.news = standing.keep(writer, before, {**now, **kept})
            if self.marks is not None and not bench.options.entities:
                dirty.clear(writer, self.marks)
                writer.remember(families.PLANNED_BY, families.rules(bench))
            dirty.mark(writer, [outcomes.origin(op) for op in undone])
            dirty.mark(writer, outcomes.half_settled(self.outcomes))
        if self.marks is not None:
            self._carry(list(kept.values()))

    def _carry(self, kept: Sequence[standing.Standing]) -> None:
        """Standing outcomes count as looked at: they are remembered, not read again."""
        self.carried = tuple(d for one in kept for d in one.differences)
        self.outcomes += tuple(one.outcome for one in kept)
        for one in kept:
            sides = self.reads.setdefault(one.outcome.entity, {"global": 0, "severa": 0})
            sides[one.outcome.side] += 1

    def facts(self) -> Facts:
        """All that is known of the run now."""
        bench, made = self.bench, self.made
        person = self.needs_person()
        balanced = outcomes.balanced(self.outcomes, self.reads)
        code = (
            self.exit_code if self.exit_code is not None else (0 if balanced and not person else 1)
        )
        return Facts(
            run=bench.run,
            command=self.command,
            company=bench.profile.company.name,
            sandbox=bench.profile.company.sandbox,
            started=self.started,
            seconds=round(time.monotonic() - self.clock, 3),
            exit_code=code,
            read=self.reads,
            outcomes=self.outcomes,
            operations=tuple(self.operations.values()),
            differences=((*made.plan.differences, *self.carried) if made else ()),
            findings=(*self.findings, *bench.notes),
            proposals=made.proposals if made else (),
            failures=tuple(failures.read(bench.store).values()),
            unknowns=tuple(entry.operation for entry in bench.journal.open()),
            calls=dict(bench.severa.calls),
            least=bench.least + 1,
            needs_person=person,
            error=self.error,
            checksum=made.plan.checksum if made else "",
            balanced=balanced,
            progress=self.checked.progress if self.checked else None,
            fixed=self.checked.fixed if self.checked else (),
            counts=self.counts,
            duplicates=self.duplicates,
            **self._background((*made.plan.differences, *made.initial) if made else ()),
        )

    def _background(self, differences: tuple[Difference, ...]) -> dict[str, Any]:
        """What reports must know beside the outcomes."""
        bench, operations = self.bench, [op for op, _, _ in self.operations.values()]
        found = (self.outcomes, operations, differences)
        links = linked.counted(bench.store)
        return {
            "linked": {entity.name: links.get(entity.name, 0) for entity in bench.entities},
            "holds": background.holds(
                self.outcomes, held_since(bench), bench.entities, bench.record
            ),
            "named": background.named(bench.entities, found, bench.record),
            "masters": background.masters(bench.entities, bench.profile.master),
            "initial": bench.profile.master.initial,
            "initials": self.made.initial if self.made else (),
            "timezone": bench.profile.company.timezone,
        }

    def needs_person(self) -> tuple[str, ...]:
        """The sentences for a person; empty when nobody is needed."""
        hold = self.bench.profile.master.hold_conflicts
        found = list(outcomes.needs_person(self.outcomes, held_conflicts=hold))
        undone = [detail for _, state, detail in self.operations.values() if state == "not done"]
        if undone:
            found.append(f"{len(undone)} writes are left for the next run: {undone[0]}")
        blockers = blocking(self.findings)
        if blockers:
            told = checklist.listed(blockers)
            found.append(f"{len(blockers)} blockers on the checklist stop an onboarding: {told}")
        if not outcomes.balanced(self.outcomes, self.reads):
            found.append("the outcomes do not add up to the records read: report this as a fault")
        return tuple(found)


@contextmanager
def run(bench: Workbench, command: str) -> Iterator[Session]:
    """A run on record: noted at the start, its document kept at the end, also of a failed one."""
    session = Session(bench, command)
    try:
        yield session
    except ReconError as error:
        session.error, session.exit_code = str(error), 2 if isinstance(error, Usage) else 3
        raise
    finally:
        _keep(bench, session)


@contextmanager
def writing(bench: Workbench, command: str) -> Iterator[Session]:
    """A run that may write: it holds the company's lease from before its first read."""
    with lease.held(bench.store, bench.run) as held:
        bench.lease = held
        bench.effects.watch(held)
        bench.severa.deadline = lambda: held.left
        with run(bench, command) as session:
            yield session
    bench.lease = None


def _keep(bench: Workbench, session: Session) -> None:
    facts = session.facts()
    row = {
        "run": bench.run,
        "command": session.command,
        "who": user_name(),
        "started": session.started,
        "ended": memory.now(),
        "exit_code": facts.exit_code,
        "document": json.dumps(document(facts), ensure_ascii=False),
    }
    with bench.store.write("run") as writer:
        writer.put(memory.run, [row], ("run",))
        if session.counts_as_check and session.checked:
            names = {"", *(entity.name for entity in bench.entities)}
            advance.keep(writer, session.findings, names, session.started)


def held_since(bench: Workbench) -> dict[Spot, str]:
    """Since when records are held."""
    found = standing.read(bench.store)
    return {spot: one.since for spot, one in found.items() if one.outcome.state == "held"}
