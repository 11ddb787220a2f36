"""One linked pair, field by field against its two-sided base: what transfers, what is drift."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from recon.initial import Case, fate, of_case, writes
from recon.links import Links
from recon.rulings import Ruling, Spot
from recon.settings import Master
from recon.shapes import Difference, Link, Record, Side, Value, other, plain
from recon.spec import Entity, Field

Forms = dict[Side, Any]


@dataclass(slots=True)
class Comparison:
    """What each side would get and why, the base as agreed now, and what a person should see;
    `initial` are all fields without a base that differ, decided or not."""

    changes: dict[Side, dict[str, Value]] = field(
        default_factory=lambda: {"global": {}, "severa": {}}
    )
    reasons: dict[Side, dict[str, str]] = field(
        default_factory=lambda: {"global": {}, "severa": {}}
    )
    base: dict[Side, dict[str, Any]] = field(default_factory=lambda: {"global": {}, "severa": {}})
    initial: list[Difference] = field(default_factory=list)
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
    which references are compared, the creates (by record) that this plan holds already, the
    profile, and what persons said of initial differences."""

    master: Master
    shown: bool
    links: Links
    coming: Mapping[tuple[str, Side, str], str] = field(default_factory=dict)
    profile: Any = None
    rulings: Mapping[Spot, Ruling] = field(default_factory=dict)

    def lead(self, entity: str, one: Field) -> Side:
        """The side whose changes of a field transfer: where a status comes from, else the
        master."""
        return one.source or self.master.of(entity, one.name)

    def case(self, one: Field, pair: tuple[Record, Record]) -> Case:
        """A field of a pair without a base, with all that decides it."""
        ours, theirs = pair
        values: dict[Side, Value] = {r.side: r.fields[one.name] for r in pair}
        said = of_case(self.rulings, (ours.entity, one.name, ours.key, theirs.key))
        lead = self.lead(ours.entity, one)
        return Case(one, values, lead, self.master.initial == "master", *said)


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
    was = base_of(link, one)
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
    was = base_of(link, one)
    if now["global"] == now["severa"]:
        _agree(result, one.name, now)
    elif was is None:
        _initial(result, one, now, pair, rules)
    else:
        _agree(result, one.name, was)
        changed = [side for side in now if now[side] != was[side]]
        if changed:
            _moved(result, one, changed, pair, rules)


def base_of(link: Link, one: Field) -> Forms | None:
    """What both systems held of a field when the pair was last in step; None where that is not
    known."""
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
    found = fate(rules.case(one, pair))
    later = "" if found.target is None or rules.shown else "; the onboarding writes it"
    told = _difference(one, "initial difference", pair, found.text + later)
    told = replace(told, by=found.by.who if found.by else "")
    result.initial.append(told)
    if rules.shown and found.target:
        _give(result, one, found.target, pair, rules)
        result.reasons[found.target][one.name] = found.text
    else:
        result.differences.append(told)


def _moved(
    result: Comparison,
    one: Field,
    changed: list[Side],
    pair: tuple[Record, Record],
    rules: Rules,
) -> None:
    master = rules.lead(pair[0].entity, one)
    target = other(master)
    transfers = master in changed and writes(one, target)
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
        result.reasons[target][one.name] = f"changed in {_named(master)}"


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
    result.differences.append(_difference(one, kind, pair, text))


def _difference(one: Field, kind: Any, pair: tuple[Record, Record], text: str) -> Difference:
    ours, theirs = pair
    return Difference(
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
