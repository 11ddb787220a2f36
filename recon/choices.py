"""What a person says of which records transfer: the questions, the answers as settings under
[transfer], what they would change, and how they get into the profile.

A changed answer changes what is created, and nothing else: linked records stay linked.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from recon import profile_file, settings
from recon.counts import creates, is_active
from recon.entities import ENTITIES, family
from recon.errors import Usage
from recon.settings import Direction, Profile
from recon.shapes import SIDES, Side
from recon.spec import Context

Answers = dict[tuple[str, ...], Any]
STAYS = "What is linked stays linked: a filter decides what is created, and nothing else."
WAYS: Mapping[Direction, str] = {
    "both": "both ways",
    "to_severa": "only from Visma Global to Severa",
    "to_global": "only from Severa to Visma Global",
    "off": "not at all",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One question: the entity, what its records are called, and the list of types under [transfer]
    by which Global's are chosen ('' where there is none)."""

    entity: str
    records: str
    setting: str = ""
    title: str = ""

    @property
    def question(self) -> str:
        """As it is asked."""
        return f"Do you want to transfer all {self.records}?"

    @property
    def why(self) -> str:
        """What choosing types means."""
        return (
            f"Only Global's {self.records} of these {self.title.lower()} are created in Severa. "
            "Empty: all of them."
        )


CHOICES = (
    Choice("business_unit", "departments"),
    Choice("employee", "employees", "employee_categories", "Employee categories"),
    Choice("product", "products", "article_types", "Article types"),
    Choice("customer", "customers", "customer_types", "Customer types"),
    Choice("project", "projects", "project_types", "Project types"),
)
EXAMPLE = "customer_types=1,2, employees=off, products=to_severa or article_types=all"


def answers(words: Iterable[str]) -> Answers:
    """What `NAME=VALUE` words say: types by number (`all` for all), or a direction per entity."""
    found: Answers = {}
    for word in words:
        name, equals, value = (part.strip() for part in word.partition("="))
        if not equals:
            raise _unclear(word, f"Write it as in {EXAMPLE}")
        found |= _answer(word, name, value)
    return found


def _answer(word: str, name: str, value: str) -> Answers:
    if name in {choice.setting for choice in CHOICES if choice.setting}:
        return {("transfer", name): _types(word, value)}
    chosen = next((c for c in CHOICES if name in (c.entity, c.records)), None)
    if chosen is None:
        known = [c.records for c in CHOICES] + [c.setting for c in CHOICES if c.setting]
        raise _unclear(word, f"Choose among {', '.join(known)}")
    if value not in get_args(Direction):
        raise _unclear(word, f"Choose among {', '.join(get_args(Direction))}")
    return way(chosen.entity, value)


def way(entity: str, direction: str) -> Answers:
    """The answer for an entity: what lives under it goes the same way."""
    return {("transfer", "entities", name): direction for name in family(entity)}


def _types(word: str, value: str) -> list[int]:
    if value in ("all", ""):
        return []
    if not re.fullmatch(r"[0-9]{1,9}(\s*,\s*[0-9]{1,9})*", value):
        raise _unclear(word, "Give the numbers of the types, as in 1,2, or 'all'")
    return sorted({int(part) for part in value.split(",")})


def _unclear(word: str, todo: str) -> Usage:
    return Usage(f"{word[:60]!r} is no answer", where="recon transfer", todo=todo)


def nothing(choice: Choice) -> Usage:
    """That no type is chosen, which is not how a profile says "none"."""
    todo = f"Choose one, or let {choice.records} go {WAYS['to_global']}, or {WAYS['off']}"
    return Usage(f"No {choice.title.lower()} are chosen", todo=todo)


def reread(profile: Profile) -> Profile:
    """The profile as it stands in its file now."""
    return settings.load(profile.path)


def changed(profile: Profile, given: Answers) -> Profile:
    """The profile as it would be with these answers; `Usage` names what cannot be."""
    return _parsed(profile.path, settings.text(profile.path), given)


def _parsed(path: Path, text: str, given: Answers) -> Profile:
    tables = profile_file.merged(profile_file.tables(text), given)
    return settings.parsed(settings.dump(tables), path)


def save(path: Path, given: Answers) -> Path:
    """Write the answers into the profile, comments kept; the profile as it was is kept beside it,
    and its path returned."""
    before = settings.text(path)
    _parsed(path, before, given)
    kept = path.with_name(path.name + ".bak")
    if not os.access(path, os.W_OK):
        raise _unwritable(path, "it is protected")
    try:
        shutil.copy2(path, kept)
        profile_file.save(path, before, given)
    except OSError as error:
        raise _unwritable(path, error.strerror or type(error).__name__) from None
    return kept


def _unwritable(path: Path, why: str) -> Usage:
    todo = "Ask who may write it and its folder, or write the answers into it by hand"
    return Usage(f"The profile cannot be written: {why}", where=str(path), todo=todo)


@dataclass(frozen=True, slots=True)
class Effect:
    """What answers change for one entity and side: how many records would be created in the other
    system until now and then, and how many stay linked whatever is said."""

    entity: str
    side: Side
    before: int
    after: int
    linked: int


def effects(context: Context, then: Profile, wanted: Sequence[str]) -> list[Effect]:
    """What a profile changes, for the entities named and the sides where it changes something."""
    later = replace(context, profile=then, memo={})
    now = replace(context, memo={})
    found = [
        _effect(entity, side, (now, later))
        for entity in ENTITIES
        for side in SIDES
        if entity.name in wanted
    ]
    return [one for one in found if one.before != one.after]


def _effect(entity: Any, side: Side, contexts: tuple[Context, Context]) -> Effect:
    records = contexts[0].records(entity.name, side).values()
    before, after = (sum(creates(entity, r, c) for r in records) for c in contexts)
    linked = [r for r in records if is_active(r) and contexts[0].partner(entity.name, side, r.key)]
    return Effect(entity.name, side, before, after, len(linked))


def told(found: Sequence[Effect]) -> list[str]:
    """Effects as sentences."""
    titles = {entity.name: entity.title for entity in ENTITIES}
    to = {"global": "in Severa", "severa": "in Visma Global"}
    lines = [
        f"{titles[one.entity]}: {one.after} instead of {one.before} are created {to[one.side]}"
        + (f"; {one.linked} linked ones stay linked" if one.linked else "")
        for one in found
    ]
    return lines or ["Nothing that is created changes."]
