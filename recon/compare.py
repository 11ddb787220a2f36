"""One linked pair, field by field against its two-sided base: what transfers, what is drift."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from recon.links import Links
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
    waits: list[tuple[Field, Side, str]] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)

    @property
    def in_step(self) -> bool:
        """Nothing to write, to wait for or to tell."""
        changes = self.changes["global"] or self.changes["severa"]
        return not (self.differences or self.waits or changes)


@dataclass(frozen=True, slots=True)
class Rules:
    """How differences are treated: masters, whether a person was shown this plan, the links by
    which references are compared, the creates (by record) that this plan holds already, and the
    profile."""

    master: Master
    shown: bool
    links: Links
    coming: Mapping[tuple[str, Side, str], str] = field(default_factory=dict)
    profile: Any = None

    def lead(self, entity: str, one: Field) -> Side:
        """The side whose changes of a field transfer: where a status comes from, else the
        master."""
        return one.source or self.master.of(entity, one.name)


def forms(entity: Entity, record: Record, links: Links) -> dict[str, Any]:
    """A record's fields in compared form, JSON-able; only the fields that it has."""
    return {f.name: _form(f, record, links) for f in entity.fields if f.name in record.fields}


def _form(one: Field, record: Record, links: Links) -> Any:
    """A value in compared form; a reference is the guid of the record that it leads to."""
    value = record.fields[one.name]
    if not one.refers:
        return plain(one.compare(value))
    if value is None or record.side == "severa":
        return value
    guid = links.counterpart(one.refers, "global", str(value))
    return guid or f"global:{value}"


def referred(one: Field, record: Record, links: Links) -> str | None:
    """The guid of the record that a field refers to; None where there is none or it is not
    linked."""
    link = links.of(one.refers, record.side, str(record.fields.get(one.name)))
    return link.guid if link else None


def compare(entity: Entity, link: Link, pair: tuple[Record, Record], rules: Rules) -> Comparison:
    """Compare a pair (Global's record, Severa's record) field by field."""
    result = Comparison()
    ours, theirs = (forms(entity, record, rules.links) for record in pair)
    quiet = entity.untold(pair, rules.profile) if entity.untold else {}
    for one in entity.fields:
        if one.name in ours and one.name in theirs:
            now: Forms = {"global": ours[one.name], "severa": theirs[one.name]}
            if one.name in quiet:
                _untold(result, one, (link, now), pair, quiet[one.name])
            else:
                _field(result, one, (link, now), pair, rules)
    return result


def _untold(
    result: Comparison,
    one: Field,
    state: tuple[Link, Forms],
    pair: tuple[Record, Record],
    reason: str,
) -> None:
    """A field that is left as it is; a status that was reached and is not told is drift."""
    link, now = state
    was = _base(link, one)
    if was is not None:
        _agree(result, one.name, was)
    if reason and one.type == "boolean" and now["global"] and now["global"] != now["severa"]:
        _tell(result, one, "drift", pair, f"{one.title} is not told to Severa: {reason}")


def _field(
    result: Comparison,
    one: Field,
    state: tuple[Link, Forms],
    pair: tuple[Record, Record],
    rules: Rules,
) -> None:
    link, now = state
    was = _base(link, one)
    if now["global"] == now["severa"]:
        _agree(result, one.name, now)
    elif was is None:
        _initial(result, one, now, pair, rules)
    else:
        _agree(result, one.name, was)
        changed = [side for side in now if now[side] != was[side]]
        if changed:
            _moved(result, one, changed, pair, rules)


def _base(link: Link, one: Field) -> Forms | None:
    ours, theirs = link.base.get("global", {}), link.base.get("severa", {})
    if one.name in ours and one.name in theirs:
        return {"global": ours[one.name], "severa": theirs[one.name]}
    start = False if one.type == "boolean" else None
    return {"global": start, "severa": start} if one.rises else None


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
    """Without a base: only a plan that a person was shown fills or decides; a reference to what
    is not linked cannot be compared yet."""
    if one.refers:
        spots = [(one.refers, r.side, str(r.fields[one.name])) for r in pair if r.fields[one.name]]
        open_ends = [s for s in spots if rules.links.of(*s) is None and s not in rules.coming]
        result.waits += [(one, side, key) for _, side, key in open_ends]
        if open_ends:
            return
    target = _target(one, now, rules, pair[0].entity)
    if rules.shown and target and _may(one, target):
        _give(result, one, target, pair, rules)
        return
    _tell(result, one, "initial difference", pair, _initial_words(one, now))


def _target(one: Field, now: Forms, rules: Rules, entity: str) -> Side | None:
    """The side to write: the empty one, else the one that is not master (if masters decide)."""
    if now["global"] is None:
        return "global"
    if now["severa"] is None:
        return "severa"
    if rules.master.initial == "master":
        return other(rules.lead(entity, one))
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
    master = rules.lead(pair[0].entity, one)
    target = other(master)
    transfers = master in changed and _may(one, target)
    if one.rises and not _value(pair, master, one.name):
        transfers = False
    if len(changed) == 2:
        _conflict(result, one, pair, transfers and not rules.master.hold_conflicts, master)
        if rules.master.hold_conflicts:
            return
    elif not transfers:
        _tell(result, one, "drift", pair, _drift_words(one, changed[0], master))
    if transfers:
        _give(result, one, target, pair, rules)


def _give(
    result: Comparison, one: Field, target: Side, pair: tuple[Record, Record], rules: Rules
) -> None:
    """Let the target get the source's value; a record that it refers to must be linked first."""
    source = other(target)
    value = _value(pair, source, one.name)
    if not one.refers or value is None:
        result.changes[target][one.name] = value
        return
    spot = (one.refers, source, str(value))
    if spot in rules.coming:
        result.needs.append(rules.coming[spot])
    elif rules.links.of(*spot) is None:
        result.waits.append((one, source, str(value)))
        return
    result.changes[target][one.name] = f"ref:{one.refers}/{value}"


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
    if one.direction == "once":
        rule = "it was transferred already"
    elif side != master:
        rule = f"{_named(master)} is master of it"
    elif one.rises:
        rule = "what was reached is not taken back"
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


def resolved(
    entity: Entity, values: Mapping[str, Any], target: Side, links: Links
) -> dict[str, Any]:
    """The shared fields among an operation's values, references as keys of the target system; one
    that is not linked stays the symbol that it is."""
    found = {f.name: values[f.name] for f in entity.fields if f.name in values}
    for one in entity.fields:
        if one.refers and found.get(one.name) is not None:
            symbol = str(found[one.name])
            found[one.name] = links.resolve(symbol, target) or symbol
    return found


def written(
    entity: Entity,
    comparison_base: Mapping[Side, Mapping[str, Any]],
    pair: tuple[Record, Record],
    names: Iterable[str],
    links: Links,
) -> dict[Side, dict[str, Any]]:
    """The base after `names` were written: what both records hold now, in compared form; of a
    status what was to be told, so that one that was not kept is told as drift in later runs."""
    ours, theirs = (forms(entity, record, links) for record in pair)
    base: dict[Side, dict[str, Any]] = {
        "global": dict(comparison_base.get("global", {})),
        "severa": dict(comparison_base.get("severa", {})),
    }
    for name in names:
        if name in ours and name in theirs:
            kept = ours[name] if entity.field(name).rises else theirs[name]
            base["global"][name], base["severa"][name] = ours[name], kept
    return base
