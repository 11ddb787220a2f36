"""Who numbers what is created: Severa's number where it fits, a configured range, or a person."""

from __future__ import annotations

from dataclasses import dataclass

from recon.settings import Numbers
from recon.shapes import Record
from recon.spec import Entity, Next

INT32 = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Numbered:
    """The number (or `next:SERIES`) for a new record, or the reason why there is none."""

    number: str | None = None
    reason: str = ""


def for_global(entity: Entity, rule: Numbers, record: Record, taken: set[str]) -> Numbered:
    """The key of a new Global row made from a Severa record."""
    upcoming = Numbered(str(Next(entity.global_side.series)))
    if rule.policy in ("range", "series"):
        return upcoming
    fault = _fault(rule, record, taken)
    if not fault:
        return Numbered(str(int(record.number or "0")))
    return upcoming if rule.range else Numbered(reason=fault)


def _fault(rule: Numbers, record: Record, taken: set[str]) -> str:
    text = (record.number or "").strip()
    if not text:
        return "it has no number or code in Severa, and Global needs one: give it one in Severa"
    if not text.isdecimal() or int(text) > INT32:
        return f"its number or code {text[:40]!r} is not a number that Global can take"
    if rule.severa is None:
        return "the profile gives Severa no number range for Global ([global.numbers])"
    low, high = rule.severa
    if not low <= int(text) <= high:
        return f"its number {int(text)} is outside the range {low} to {high} given to Severa"
    if str(int(text)) in taken:
        return f"number {int(text)} is taken by another record in Global"
    return ""


def for_severa(record: Record, taken: dict[str, str]) -> Numbered:
    """The number or code of a new Severa record: Global's own, if it is free there."""
    number = record.number
    if number and number in taken:
        return Numbered(reason=f"number {number} is taken in Severa by {taken[number]}")
    return Numbered(number)
