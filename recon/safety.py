"""Reasons to refuse a plan before its first write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from recon.errors import Unsafe
from recon.settings import Limit, Safety
from recon.shapes import Operation, Plan

WORDS = {"creates": "creates", "updates": "updates", "documents": "new documents"}


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that a plan breaks: its name (for --force) and the sentence."""

    limit: str
    text: str


@dataclass(frozen=True, slots=True)
class Money:
    """What documents come to, in the company's currency: those that a plan makes, by operation,
    and those of each entity that are linked already."""

    new: Mapping[str, Decimal] = field(default_factory=dict)
    known: Mapping[str, Decimal] = field(default_factory=dict)


def breaches(
    plan: Plan, sizes: Mapping[str, int], safety: Safety, money: Money | None = None
) -> list[Breach]:
    """The limits per entity that a plan breaks; `sizes` are the records of each entity."""
    money = money or Money()
    counts = Counter((_limit(op, money), op.entity) for op in plan.operations)
    limits = {"creates": safety.creates, "updates": safety.updates, "documents": safety.documents}
    found = []
    for (name, entity), count in sorted(counts.items()):
        most = allowed(limits[name], sizes.get(entity, 0)) if name in limits else count
        if count > most:
            text = f"{count} {WORDS[name]} of {entity}, at most {most} are allowed in one sync"
            found.append(Breach(f"{name}:{entity}", text))
    return found + _too_much(plan, safety, money)


def _limit(op: Operation, money: Money) -> str:
    return "documents" if op.id in money.new else f"{op.kind}s"


def _too_much(plan: Plan, safety: Safety, money: Money) -> list[Breach]:
    """The entities whose new documents come to more money than one sync may move."""
    sums: dict[str, Decimal] = {}
    for op in plan.operations:
        if op.id in money.new:
            sums[op.entity] = sums.get(op.entity, Decimal()) + abs(money.new[op.id])
    found = []
    for entity, amount in sorted(sums.items()):
        share = safety.money.share * money.known.get(entity, Decimal())
        most = max(safety.money.floor, share)
        if amount > most:
            text = (
                f"the new documents of {entity} come to {amount:,.2f} in the company's currency, "
                f"at most {most:,.2f} are allowed in one sync"
            )
            found.append(Breach(f"money:{entity}", text))
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
