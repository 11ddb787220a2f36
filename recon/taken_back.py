"""Whether what people said, and a saved plan rests on, still stands."""

from __future__ import annotations

from recon import decisions, rulings
from recon.because import is_word
from recon.compare import Rules, base_of
from recon.entities import ENTITIES
from recon.errors import Stop
from recon.initial import fate
from recon.shapes import Operation, Plan, Record
from recon.workbench import Workbench

BY_NAME = {entity.name: entity for entity in ENTITIES}
MOST_NAMED = 3


def check(bench: Workbench, shown: Plan) -> None:
    """`Stop` where a plan links or writes what a person has said otherwise of since."""
    done = bench.journal.done(shown.run)
    words = _Words(bench)
    found = [op.id for op in shown.operations if op.id not in done and not words.allow(op)]
    if found:
        more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        raise Stop(
            f"What {', '.join(found[:MOST_NAMED])}{more} rest on was taken back, or decided"
            " otherwise, after the plan was made: nothing was written",
            todo="Look at the new plan with 'recon plan --out FILE'",
        )


class _Words:
    """What stands of decisions and rulings now."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._decisions = {one.pair: one for one in decisions.read(bench.store)}
        words = rulings.read(bench.store)
        self._rules = Rules(bench.profile.master, True, bench.links, rulings=words)

    def allow(self, op: Operation) -> bool:
        """Whether an operation goes against no word; one whose records changed since is judged
        when it is done."""
        bench, guid = self._bench, op.guid or ""
        ours = bench.record(op.entity, "global", op.key)
        theirs = bench.record(op.entity, "severa", guid)
        if ours is None or theirs is None or not _as_planned(op, (ours, theirs)):
            return True
        if op.kind == "link":
            said = self._decisions.get((op.entity, op.key, guid))
            verdict = said.verdict if said else ""
            return verdict == "same" if is_word(op.because) else verdict != "different"
        return all(self._stands(op, name, (ours, theirs)) for name in op.reasons)

    def _stands(self, op: Operation, name: str, pair: tuple[Record, Record]) -> bool:
        """Whether a field without a base would be written now for the same reason."""
        one, link = (
            BY_NAME[op.entity].field(name),
            self._bench.links.of(op.entity, "global", op.key),
        )
        if link and base_of(link, one) is not None:
            return True
        found = fate(self._rules.case(one, pair))
        return found.target == op.system and found.text == op.reasons[name]


def _as_planned(op: Operation, pair: tuple[Record, Record]) -> bool:
    return all(op.guard.get(one.side, one.digest) == one.digest for one in pair)
