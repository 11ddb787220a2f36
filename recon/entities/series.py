"""What the checks of several entities say about number series: who numbers in which range."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from recon import text
from recon.entities.faults import Key, Line
from recon.shapes import Record, Side, other
from recon.spec import Checkup, Context, Scope

Creatable = Callable[[Record, Context], Scope | None]
MENU = "Visma Global: System > Number series; Severa: Settings > Numbering"


def unpaired(checkup: Checkup, entity: str, side: Side, same: Key) -> dict[int, Record]:
    """The numbers of a side's records that are neither linked nor, by the key `same`, plainly one
    with a record of the other side."""
    twins = {same(r) for r in checkup.records(entity, other(side)).values()}
    free = [
        record
        for record in checkup.records(entity, side).values()
        if not checkup.link(entity, side, record.key) and (same(record) or record.key) not in twins
    ]
    return {n: r for r in free if (n := text.numeric(r.number)) is not None}


def overlap(checkup: Checkup, entity: str, series: str, same: Key) -> Iterator[Line]:
    """Global's numbers inside the range given to Severa; without a range, spans that overlap."""
    ours = unpaired(checkup, entity, "global", same)
    theirs = unpaired(checkup, entity, "severa", same)
    rule = checkup.context.profile.global_.numbers.get(series)
    if rule and rule.severa:
        low, high = rule.severa
        inside = sorted(number for number in ours if low <= number <= high)
        if inside:
            yield "both", "", _inside(f"Severa's range {low} to {high}", entity, inside)
    elif ours and theirs and min(theirs) <= max(ours) and min(ours) <= max(theirs):
        yield "both", "", _mixed(sorted(ours), sorted(theirs))


def _mixed(ours: list[int], theirs: list[int]) -> str:
    spans = f"Global has {ours[0]} to {ours[-1]}, Severa {theirs[0]} to {theirs[-1]}"
    return f"{spans}; give each a range and write Severa's into the profile ([global.numbers])"


def _inside(what: str, entity: str, inside: list[int]) -> str:
    few = ", ".join(str(number) for number in inside[:5])
    return f"{what} holds {len(inside)} numbers of other {entity}s in Global: {few}"


def outside(
    checkup: Checkup, entity: str, series: str, same: Key, creatable: Creatable
) -> Iterator[Line]:
    """Severa's records that should transfer with a number outside the range given to Severa."""
    rule = checkup.context.profile.global_.numbers.get(series)
    if not rule or not rule.severa:
        return
    low, high = rule.severa
    for number, record in unpaired(checkup, entity, "severa", same).items():
        if not low <= number <= high and creatable(record, checkup.context) is None:
            yield "severa", record.key, f"{record.name}: {number} is not in {low} to {high}"
