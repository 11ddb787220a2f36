"""What a person said of a pair: same, different, later; append-only, with who, when and why.

A decision counts as long as both records still have the fingerprints that the person saw.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from recon import dirty
from recon import store as memory
from recon.settings import user_name
from recon.shapes import Decision, canonical
from recon.store import Store, Writer

Pairs = dict[tuple[str, str], str]
Pair = tuple[str, str, str]
COUNTING = ("same", "different")
CHUNK = 900


@dataclass(frozen=True, slots=True)
class Wish:
    """A decision to be kept, and the id of the pair's newest decision that its maker knew."""

    decision: Decision
    knew: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a wish: `kept`, or what stands against it: a colleague has said something of
    the pair meanwhile, or she herself has where the wish is a workbook's (`overtaken`), or one of
    its records has a partner already (`taken`)."""

    state: Literal["kept", "overtaken", "taken"]
    decision: Decision


def decide(store: Store, decision: Decision) -> None:
    """Note a decision; the newest of a pair counts."""
    with store.write("decision") as writer:
        writer.insert(memory.decision, [_row(decision)])


def keep(store: Store, wishes: Sequence[Wish], counts: Callable[[Decision], bool]) -> list[Kept]:
    """Keep decisions in one commit, each unless a colleague was faster or a record has another
    partner; `counts` says whether an earlier decision still does. One writer at a time."""
    with store.write("decisions") as writer:
        writer.select(sa.select(memory.version).with_for_update())
        known = _Known(_about(writer, wishes))
        found = [known.judge(wish, counts) for wish in wishes]
        kept = [one.decision for one in found if one.state == "kept"]
        writer.insert(memory.decision, [_row(decision) for decision in kept])
        dirty.mark(writer, [(d.entity, "global", d.global_key) for d in kept])
        now = _about(writer, [Wish(decision) for decision in kept])
    return [Kept("kept", now[k.decision.pair]) if k.state == "kept" else k for k in found]


class _Known:
    """The newest decisions about some records, in the order in which wishes come true."""

    def __init__(self, newest: dict[Pair, Decision]) -> None:
        self._newest = newest
        self._ends: dict[tuple[str, str], set[Pair]] = defaultdict(set)
        for pair in newest:
            self._note(pair)

    def _note(self, pair: Pair) -> None:
        for end in pair[1:]:
            self._ends[pair[0], end].add(pair)

    def judge(self, wish: Wish, counts: Callable[[Decision], bool]) -> Kept:
        """Whether a wish may be kept; one that may is the newest word for the wishes after it."""
        said, last = wish.decision, self._newest.get(wish.decision.pair)
        if last and last.id > wish.knew and _stands(last, said) and counts(last):
            return Kept("overtaken", last)
        rival = self._rival(said, counts) if said.verdict == "same" else None
        if rival:
            return Kept("taken", rival)
        self._newest[said.pair] = said
        self._note(said.pair)
        return Kept("kept", said)

    def _rival(self, said: Decision, counts: Callable[[Decision], bool]) -> Decision | None:
        """Another pair of one of the two records that was said to be the same."""
        near = self._ends[said.entity, said.global_key] | self._ends[said.entity, said.severa_guid]
        found = (self._newest[pair] for pair in sorted(near - {said.pair}))
        return next((one for one in found if one.verdict == "same" and counts(one)), None)


def _stands(last: Decision, said: Decision) -> bool:
    """Whether a newer word is not overruled unasked: a colleague's, or said beside the workbook."""
    book = said.saw.get("workbook")
    return last.who != said.who or (book is not None and last.saw.get("workbook") != book)


def _about(writer: Writer, wishes: Sequence[Wish]) -> dict[Pair, Decision]:
    """The newest decisions about the records of these wishes."""
    table, found = memory.decision, []
    for column, name in ((table.c.global_key, "global_key"), (table.c.severa_guid, "severa_guid")):
        values = sorted({getattr(wish.decision, name) for wish in wishes})
        for at in range(0, len(values), CHUNK):
            chosen = sa.select(table).where(
                table.c.company == writer.company, column.in_(values[at : at + CHUNK])
            )
            found += writer.select(chosen)
    return _newest(sorted(found, key=lambda row: int(row["id"])))


def read(store: Store, since: int = 0) -> list[Decision]:
    """The newest decision of every pair, of those with a higher id than `since`."""
    table = memory.decision
    statement = store.of(table).where(table.c.id > since).order_by(sa.asc(table.c.id))
    return list(_newest(store.rows(statement)).values())


def _newest(rows: Iterable[Mapping[str, Any]]) -> dict[Pair, Decision]:
    return {(row["entity"], row["global_key"], row["severa_guid"]): _of(row) for row in rows}


def _of(row: Mapping[str, Any]) -> Decision:
    return Decision(
        entity=row["entity"],
        global_key=row["global_key"],
        severa_guid=row["severa_guid"],
        verdict=row["verdict"],
        who=row["who"],
        when=row["at"],
        why=row["why"],
        fingerprints=(row["global_fingerprint"], row["severa_fingerprint"]),
        score=row["score"],
        saw=json.loads(row["saw"] or "{}"),
        id=row["id"],
    )


def _row(decision: Decision) -> dict[str, Any]:
    return {
        "entity": decision.entity,
        "global_key": decision.global_key,
        "severa_guid": decision.severa_guid,
        "verdict": decision.verdict,
        "who": decision.who or user_name(),
        "at": decision.when or memory.now(),
        "why": decision.why,
        "global_fingerprint": decision.fingerprints[0],
        "severa_fingerprint": decision.fingerprints[1],
        "score": decision.score,
        "saw": canonical(decision.saw),
    }


def verdicts(found: Iterable[Decision]) -> dict[str, Pairs]:
    """The verdicts of decisions by entity and pair."""
    result: dict[str, Pairs] = {}
    for one in found:
        if one.verdict in COUNTING:
            result.setdefault(one.entity, {})[one.global_key, one.severa_guid] = one.verdict
    return result
