"""A field of a newly linked pair that differs: what a plan that a person was shown makes of it.

A person's word about the pair counts first, then her word about the whole field; then an empty
side is filled, then the profile's master decides. An empty value never overwrites a filled one,
whatever was said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from recon import rulings
from recon.desk import NAMED
from recon.rulings import Ruling, Spot
from recon.shapes import SIDES, Side, Value, other
from recon.spec import Field


@dataclass(frozen=True, slots=True)
class Case:
    """One initial difference: the field, both values, who leads the field, whether the profile
    lets the leader decide, and what was said of the pair and of the whole field."""

    field: Field
    values: Mapping[Side, Value]
    lead: Side
    leads_decide: bool
    own: Ruling | None = None
    whole: Ruling | None = None

    def empty(self, side: Side) -> bool:
        """Whether there is nothing on a side that could be written."""
        value = self.values[side]
        return value in (None, "") or (not self.field.refers and self.field.compare(value) is None)

    @property
    def seen(self) -> tuple[str, str]:
        """The fingerprints of both values as they are."""
        return rulings.prints(self.values["global"], self.values["severa"])


@dataclass(frozen=True, slots=True)
class Fate:
    """The side that is written (None: neither), why, and the ruling that leads to it; `asks`
    where it is left to a person."""

    target: Side | None
    text: str
    by: Ruling | None = None
    asks: bool = False


def of_case(words: Mapping[Spot, Ruling], spot: Spot) -> tuple[Ruling | None, Ruling | None]:
    """What stands of a pair's field, and of the whole field; what was taken back does not."""
    found = (words.get(spot), words.get(rulings.whole(*spot[:2])))
    own, whole = (one if one and one.verdict != "open" else None for one in found)
    return own, whole


def fate(case: Case) -> Fate:
    """What a plan that a person is shown makes of an initial difference."""
    own, whole = case.own, case.whole
    if own and own.prints == case.seen:
        return _said(case, own)
    again = own is not None and (whole is None or whole.id < own.id)
    if whole and not again and (found := _said_of_all(case, whole)):
        return found
    for side in SIDES:
        if case.empty(side):
            return _fill(case, side)
    if own and again:
        text = f"{case.field.title} changed since {_word(own)}: decide it again"
        return Fate(None, text, None, asks=True)
    if case.field.direction == "compare":
        return Fate(None, f"{case.field.title} differs; it is compared only", None, asks=True)
    return _leader(case)


def _said(case: Case, word: Ruling) -> Fate:
    """What a word about this very pair leads to."""
    if word.verdict == "leave":
        return Fate(None, f"{case.field.title} is left as it is: {_word(word)}", word)
    right: Side = "global" if word.verdict == "global" else "severa"
    if case.empty(right):
        text = f"{_word(word)}, but an empty value never overwrites a filled one: {_by_hand(right)}"
        return Fate(None, f"{case.field.title}: {text}", None, asks=True)
    if fault := refused(case.field, word.verdict):
        return Fate(None, f"{_word(word)}, but {fault}", None, asks=True)
    return Fate(other(right), _word(word), word)


def _said_of_all(case: Case, word: Ruling) -> Fate | None:
    """What a word about the whole field leads to; none where the right side has nothing."""
    if word.verdict != "leave" and case.empty("global" if word.verdict == "global" else "severa"):
        return None
    return _said(case, word)


def _fill(case: Case, side: Side) -> Fate:
    where = f"{case.field.title} is empty in {NAMED[side]}"
    if fault := unwritable(case.field, side):
        return Fate(None, f"{where}; {fault}", None, asks=True)
    return Fate(side, f"{where}: filled from {NAMED[other(side)]}")


def _leader(case: Case) -> Fate:
    target, title = other(case.lead), case.field.title
    if not case.leads_decide:
        text = f"{title} differs since before the two were linked; decide which is right"
        return Fate(None, text, None, asks=True)
    if fault := unwritable(case.field, target):
        return Fate(None, f"{title} differs; {fault}", None, asks=True)
    return Fate(target, f"{NAMED[case.lead]} is master of it, and masters decide by the profile")


def refused(one: Field, verdict: str) -> str:
    """Why a field cannot be decided so; '' where it can."""
    if verdict not in ("global", "severa"):
        return ""
    return unwritable(one, "severa" if verdict == "global" else "global")


def unwritable(one: Field, target: Side) -> str:
    """Why a field is never written on a side; '' where it is."""
    if writes(one, target):
        return ""
    if one.direction == "compare":
        rule = "is only compared"
    elif one.direction == "once":
        rule = "is written into new records only"
    else:
        rule = f"is never written into {NAMED[target]}"
    return f"{one.title} {rule}: {_by_hand(target)}"


def writes(one: Field, target: Side) -> bool:
    """Whether a field of an existing record is written on a side."""
    return one.direction in ("both", f"to_{target}")


def _by_hand(side: Side) -> str:
    return f"correct it by hand in {NAMED[side]}, or say that it is left"


def _word(word: Ruling) -> str:
    """A ruling in words: who, when, what and why; it names no run."""
    what = "left it" if word.verdict == "leave" else "said that it is right in "
    what += "" if word.verdict == "leave" else NAMED[word.verdict]  # type: ignore[index]
    reach = "" if word.global_key else " wherever the field differs"
    return f"{word.who} on {word.when[:10]} {what}{reach}" + (f" ({word.why})" if word.why else "")
