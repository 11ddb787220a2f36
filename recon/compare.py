"""One linked pair, field by field against its two-sided base: what transfers, what is drift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recon.settings import Master
from recon.shapes import Difference, Link, Record, Side, Value, other, plain
from recon.spec import Entity, Field

Forms = dict[Side, Any]


@dataclass(slots=True)
class Comparison:
    """What each side would get, the base as agreed now, and what a person should see."""

    changes: dict[Side, dict[str, Value]] = field(
        default_factory=lambda: {"global": {}, "severa": {}}
    )
    base: dict[Side, dict[str, Any]] = field(default_factory=lambda: {"global": {}, "severa": {}})
    differences: list[Difference] = field(default_factory=list)

    @property
    def in_step(self) -> bool:
        """Nothing to write and nothing to tell."""
        return not (self.differences or self.changes["global"] or self.changes["severa"])


@dataclass(frozen=True, slots=True)
class Rules:
    """How differences are treated: masters, and whether a person was shown this plan."""

    master: Master
    shown: bool


def forms(entity: Entity, record: Record) -> dict[str, Any]:
    """A record's fields in compared form, JSON-able; only the fields that it has."""
    return {
        f.name: plain(f.compare(record.fields[f.name]))
        for f in entity.fields
        if f.name in record.fields
    }


def compare(entity: Entity, link: Link, pair: tuple[Record, Record], rules: Rules) -> Comparison:
    """Compare a pair (Global's record, Severa's record) field by field."""
    result = Comparison()
    ours, theirs = forms(entity, pair[0]), forms(entity, pair[1])
    for one in entity.fields:
        if one.name in ours and one.name in theirs:
            now: Forms = {"global": ours[one.name], "severa": theirs[one.name]}
            _field(result, one, (link, now), pair, rules)
    return result


def _field(
    result: Comparison,
    one: Field,
    state: tuple[Link, Forms],
    pair: tuple[Record, Record],
    rules: Rules,
) -> None:
    link, now = state
    was = _base(link, one.name)
    if now["global"] == now["severa"]:
        _agree(result, one.name, now)
    elif was is None:
        _initial(result, one, now, pair, rules)
    else:
        _agree(result, one.name, was)
        changed = [side for side in now if now[side] != was[side]]
        if changed:
            _moved(result, one, changed, pair, rules)


def _base(link: Link, name: str) -> Forms | None:
    ours, theirs = link.base.get("global", {}), link.base.get("severa", {})
    if name not in ours or name not in theirs:
        return None
    return {"global": ours[name], "severa": theirs[name]}


def _agree(result: Comparison, name: str, forms_now: Forms) -> None:
    result.base["global"][name] = forms_now["global"]
    result.base["severa"][name] = forms_now["severa"]


def _value(pair: tuple[Record, Record], side: Side, name: str) -> Value:
    return pair[0 if side == "global" else 1].fields[name]


def _may(one: Field, target: Side) -> bool:
    return one.direction == "both" or one.direction == f"to_{target}"


def _initial(
    result: Comparison, one: Field, now: Forms, pair: tuple[Record, Record], rules: Rules
) -> None:
    """Without a base: only a plan that a person was shown fills or decides."""
    target = _target(one, now, rules, pair[0].entity)
    if rules.shown and target and _may(one, target):
        result.changes[target][one.name] = _value(pair, other(target), one.name)
        return
    _tell(result, one, "initial difference", pair, _initial_words(one, now))


def _target(one: Field, now: Forms, rules: Rules, entity: str) -> Side | None:
    """The side to write: the empty one, else the one that is not master (if masters decide)."""
    if now["global"] is None:
        return "global"
    if now["severa"] is None:
        return "severa"
    if rules.master.initial == "master":
        return other(rules.master.of(entity, one.name))
    return None


def _initial_words(one: Field, now: Forms) -> str:
    if one.direction == "compare":
        return f"{one.title} differs; it is compared only"
    if None in now.values():
        return f"{one.title} is empty on one side; the onboarding fills it"
    return f"{one.title} differs since before the two were linked; decide which is right"


def _moved(
    result: Comparison,
    one: Field,
    changed: list[Side],
    pair: tuple[Record, Record],
    rules: Rules,
) -> None:
    master = rules.master.of(pair[0].entity, one.name)
    target = other(master)
    transfers = master in changed and _may(one, target)
    if len(changed) == 2:
        _conflict(result, one, pair, transfers and not rules.master.hold_conflicts, master)
        if rules.master.hold_conflicts:
            return
    elif not transfers:
        _tell(result, one, "drift", pair, _drift_words(one, changed[0], master))
    if transfers:
        result.changes[target][one.name] = _value(pair, master, one.name)


def _conflict(
    result: Comparison, one: Field, pair: tuple[Record, Record], wins: object, master: Side
) -> None:
    end = (
        f"{_named(master)}'s value transfers, the other is lost"
        if wins
        else "nothing transfers until a person makes them equal"
    )
    text = f"{one.title} was changed in both systems; {end}"
    _tell(result, one, "conflict", pair, text)


def _drift_words(one: Field, side: Side, master: Side) -> str:
    if side != master:
        rule = f"{_named(master)} is master of it"
    else:
        rule = "it does not transfer in that direction"
    return f"{one.title} was changed in {_named(side)}, but {rule}: it stays as it is"


def _named(side: Side) -> str:
    return {"global": "Visma Global", "severa": "Severa"}[side]


def _tell(
    result: Comparison, one: Field, kind: Any, pair: tuple[Record, Record], text: str
) -> None:
    ours, theirs = pair
    result.differences.append(
        Difference(
            entity=ours.entity,
            global_key=ours.key,
            guid=theirs.key,
            name=ours.name,
            field=one.name,
            kind=kind,
            global_value=ours.fields[one.name],
            severa_value=theirs.fields[one.name],
            text=text,
        )
    )


def written(
    entity: Entity,
    comparison_base: Mapping[Side, Mapping[str, Any]],
    pair: tuple[Record, Record],
    names: Mapping[str, Any],
) -> dict[Side, dict[str, Any]]:
    """The base after `names` were written: what both records hold now, in compared form."""
    ours, theirs = forms(entity, pair[0]), forms(entity, pair[1])
    base: dict[Side, dict[str, Any]] = {
        "global": dict(comparison_base.get("global", {})),
        "severa": dict(comparison_base.get("severa", {})),
    }
    for name in names:
        if name in ours and name in theirs:
            base["global"][name], base["severa"][name] = ours[name], theirs[name]
    return base
