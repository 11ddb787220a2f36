"""What a person said of a pair: same, different, later; append-only, with who, when and why.

A decision counts as long as both records still have the fingerprints that the person saw.
"""

from __future__ import annotations

import sqlalchemy as sa

from recon import store as memory
from recon.settings import user_name
from recon.shapes import Decision
from recon.store import Store

Pairs = dict[tuple[str, str], str]


def decide(store: Store, decision: Decision) -> None:
    """Note a decision; the newest of a pair counts."""
    row = {
        "entity": decision.entity,
        "global_key": decision.global_key,
        "severa_guid": decision.severa_guid,
        "verdict": decision.verdict,
        "who": decision.who or user_name(),
        "at": decision.when or memory.now(),
        "why": decision.why,
        "global_fingerprint": decision.fingerprints[0],
        "severa_fingerprint": decision.fingerprints[1],
    }
    with store.write("decision") as writer:
        writer.insert(memory.decision, [row])


def read(store: Store) -> list[Decision]:
    """The newest decision of every pair."""
    statement = store.of(memory.decision).order_by(sa.asc(memory.decision.c.id))
    newest = {
        (row["entity"], row["global_key"], row["severa_guid"]): Decision(
            entity=row["entity"],
            global_key=row["global_key"],
            severa_guid=row["severa_guid"],
            verdict=row["verdict"],
            who=row["who"],
            when=row["at"],
            why=row["why"],
            fingerprints=(row["global_fingerprint"], row["severa_fingerprint"]),
        )
        for row in store.rows(statement)
    }
    return list(newest.values())


def verdicts(found: list[Decision], valid: set[tuple[str, str, str]]) -> dict[str, Pairs]:
    """Verdicts by entity and pair, of those pairs whose records are still as they were seen."""
    result: dict[str, Pairs] = {}
    for one in found:
        if (one.entity, one.global_key, one.severa_guid) in valid and one.verdict != "later":
            pairs = result.setdefault(one.entity, {})
            pairs[one.global_key, one.severa_guid] = one.verdict
    return result
