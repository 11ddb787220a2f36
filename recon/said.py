"""What people said, beside the records as they are now: which words still count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from recon import apart as words
from recon import decisions, dirty
from recon.desk import NAMED
from recon.errors import Usage
from recon.reader import read
from recon.shapes import Decision, Record, Side
from recon.workbench import Workbench


def counting(bench: Workbench) -> dict[tuple[str, str, str], Decision]:
    """Decisions that still count, by pair: both records are as the person saw them."""
    return {
        one.pair: one
        for one in decisions.read(bench.store)
        if one.verdict in decisions.COUNTING and one.fingerprints == fingerprints(bench, *one.pair)
    }


def fingerprints(bench: Workbench, entity: str, key: str, guid: str) -> tuple[str, str]:
    """What both records of a pair hold now, as fingerprints; empty where there is none."""
    ours, theirs = bench.record(entity, "global", key), bench.record(entity, "severa", guid)
    return (ours.digest if ours else "", theirs.digest if theirs else "")


def decide(bench: Workbench, decision: Decision) -> None:
    """Keep a person's word about a pair, with the fingerprints of both records as seen now."""
    seen = fingerprints(bench, decision.entity, decision.global_key, decision.severa_guid)
    if not all(seen):
        missing = NAMED["global"] if not seen[0] else NAMED["severa"]
        raise Usage(
            f"There is no such {decision.entity[:40]} in {missing}",
            where=f"{decision.global_key[:80]} ↔ {decision.severa_guid[:80]}",
            todo="Take key and guid from 'recon propose'",
        )
    decisions.decide(bench.store, replace(decision, fingerprints=seen))
    with bench.store.write("decided") as writer:
        dirty.mark(writer, [(decision.entity, "global", decision.global_key)])


def apart(bench: Workbench, where: tuple[str, Side], keys: Sequence[str], why: str) -> int:
    """Keep a person's word that these records of an entity and side are not the same, each with
    each, as they are now; how many pairs that are."""
    return words.say(bench.store, where, _named(bench, where, keys), why, words.APART)


def together(bench: Workbench, where: tuple[str, Side], keys: Sequence[str], why: str) -> int:
    """Take such a word back, so that these records are asked about again; how many pairs that
    are."""
    return words.say(bench.store, where, _named(bench, where, keys), why, words.TOGETHER)


def _named(bench: Workbench, where: tuple[str, Side], keys: Sequence[str]) -> list[Record]:
    """The records of some keys; `Usage` where one is missing, or where there is one alone."""
    if bench.reference is None:
        read(bench)
    found = [(key, bench.record(*where, key)) for key in dict.fromkeys(keys)]
    missing = [key for key, record in found if record is None]
    if missing or len(found) < 2:
        raise Usage(
            f"There is no such {where[0][:40]} in {NAMED[where[1]]}" if missing else "One key only",
            where=", ".join(missing or keys)[:120],
            todo="Take two or more keys of one group from 'recon duplicates'",
        )
    return [one for _, one in found if one]
