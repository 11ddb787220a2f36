"""Reasons to refuse a plan before its first write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from recon.errors import Unsafe
from recon.settings import Limit, Safety
from recon.shapes import Plan


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that a plan breaks: its name (for --force) and the sentence."""

    limit: str
    text: str


def breaches(plan: Plan, sizes: Mapping[str, int], safety: Safety) -> list[Breach]:
    """The limits per entity that a plan breaks; `sizes` are the records of each entity."""
    found = []
    counts = Counter((op.entity, op.kind) for op in plan.operations)
    limits = {"create": safety.creates, "update": safety.updates}
    for (entity, kind), count in sorted(counts.items()):
        if kind in limits:
            most = allowed(limits[kind], sizes.get(entity, 0))
            if count > most:
                text = f"{count} {kind}s of {entity}, at most {most} are allowed in one sync"
                found.append(Breach(f"{kind}s:{entity}", text))
    return found


def allowed(limit: Limit, size: int) -> int:
    """How many operations a limit allows: a share of the records, never less than the floor."""
    return max(limit.floor, int(limit.share * size))


def check(found: Collection[Breach], force: Collection[str]) -> None:
    """Refuse the plan if it breaks a limit that was not passed by name."""
    left = [breach for breach in found if breach.limit not in force]
    if left:
        flags = " ".join(f"--force {breach.limit}" for breach in left)
        raise Unsafe(
            "The plan breaks safety limits: " + "; ".join(breach.text for breach in left),
            todo=f"Look at it with 'recon plan'; if it is right, run again with {flags}",
            limits=tuple(breach.limit for breach in left),
        )
