"""The outcomes that stand between runs: what a person must see although nothing changed there."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from recon import store as memory
from recon.shapes import Difference, Outcome, Side, Spot, State, canonical
from recon.store import Store, Writer

SETTLED: frozenset[State] = frozenset(("created", "updated", "linked", "unchanged", "out of scope"))
KEY = ("entity", "side", "key")
OWN = ("number", "parent", "partner", "costs")


@dataclass(frozen=True, slots=True)
class Standing:
    """An outcome, since when its record is in that state, and (on Global's record) the fields
    that differ."""

    outcome: Outcome
    since: str = ""
    differences: tuple[Difference, ...] = ()


def read(store: Store) -> dict[Spot, Standing]:
    """All standing outcomes by record."""
    found = {}
    for row in store.rows(store.of(memory.outcome)):
        spot = (row["entity"], cast(Side, row["side"]), row["key"])
        own = {name: row[name] for name in OWN}
        outcome = Outcome(*spot, row["name"], cast(State, row["state"]), row["detail"], **own)
        differences = tuple(Difference(**one) for one in json.loads(row["differences"]))
        found[spot] = Standing(outcome, row["since"], differences)
    return found


def made(outcomes: Iterable[Outcome], differences: Iterable[Difference]) -> dict[Spot, Standing]:
    """What stands after a run, from its outcomes and differences."""
    by_spot: dict[Spot, list[Difference]] = defaultdict(list)
    for one in differences:
        by_spot[one.entity, "global", one.global_key].append(one)
    return {
        _spot(o): Standing(replace(o, operations=()), "", tuple(by_spot[_spot(o)]))
        for o in outcomes
        if o.state not in SETTLED
    }


def carried(before: Mapping[Spot, Standing], planned: Iterable[Outcome]) -> dict[Spot, Standing]:
    """What stands of records that a narrow run did not look at."""
    seen = {_spot(outcome) for outcome in planned}
    return {spot: one for spot, one in sorted(before.items()) if spot not in seen}


def keep(writer: Writer, before: Mapping[Spot, Standing], now: Mapping[Spot, Standing]) -> bool:
    """Write what stands now in the caller's transaction; whether anything stands that did not."""
    rows = {spot: _row(one, before.get(spot)) for spot, one in now.items()}
    same = {spot for spot, row in rows.items() if spot in before and row == _row(before[spot])}
    old = [dict(zip(KEY, spot, strict=True)) for spot in before if spot not in same]
    writer.drop(memory.outcome, old, KEY)
    writer.insert(memory.outcome, [row for spot, row in rows.items() if spot not in same])
    return len(same) < len(rows)


def _row(one: Standing, before: Standing | None = None) -> dict[str, str]:
    outcome = one.outcome
    known = before is not None and before.outcome.state == outcome.state
    return {
        "entity": outcome.entity,
        "side": outcome.side,
        "key": outcome.key[:200],
        "name": outcome.name[:200],
        "state": outcome.state,
        "since": before.since if before and known else one.since or memory.now(),
        **{name: getattr(outcome, name)[:200] for name in OWN},
        "detail": outcome.detail,
        "differences": canonical(one.differences),
    }


def _spot(outcome: Outcome) -> Spot:
    return outcome.entity, outcome.side, outcome.key
