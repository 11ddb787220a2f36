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


def for_global(
    entity: Entity, rule: Numbers, record: Record, taken: set[str], length: int | None = None
) -> Numbered:
    """The key of a new Global row made from a Severa record; where the key is a text, `length` is
    what fits its column."""
    upcoming = Numbered(str(Next(entity.global_side.series)))
    if rule.policy in ("range", "series"):
        return upcoming
    text = (record.number or "").strip()
    if not text:
        fault = "it has no number or code in Severa, and Global needs one: give it one in Severa"
    elif entity.global_side.alphanumeric:
        fault = _text_fault(rule, text, taken, length)
    else:
        fault = _number_fault(rule, text, taken)
    if fault:
        return upcoming if rule.range else Numbered(reason=fault)
    return Numbered(text if entity.global_side.alphanumeric else str(int(text)))


def _number_fault(rule: Numbers, text: str, taken: set[str]) -> str:
    if not text.isdecimal() or int(text) > INT32:
        return f"its number or code {text[:40]!r} is not a number that Global can take"
    if rule.severa is None:
        return "the profile gives Severa no number range for Global ([global.numbers])"
    fault = _range_fault(rule, text)
    if not fault and str(int(text)) in taken:
        return f"number {int(text)} is taken by another record in Global"
    return fault


def _text_fault(rule: Numbers, text: str, taken: set[str], length: int | None) -> str:
    if length is not None and len(text) > length:
        return f"its code {text[:40]!r} has {len(text)} characters, and Global takes {length}"
    fault = _range_fault(rule, text) if text.isdecimal() else ""
    if not fault and text.casefold() in {one.casefold() for one in taken}:
        return f"code {text} is taken by another record in Global"
    return fault


def _range_fault(rule: Numbers, text: str) -> str:
    low, high = rule.severa or (int(text), int(text))
    if low <= int(text) <= high:
        return ""
    return f"its number {int(text)} is outside the range {low} to {high} given to Severa"


def for_severa(record: Record, taken: dict[str, str]) -> Numbered:
    """The number or code of a new Severa record: Global's own, if it is free there."""
    number = record.number
    if number and number in taken:
        return Numbered(reason=f"number {number} is taken in Severa by {taken[number]}")
    return Numbered(number)
