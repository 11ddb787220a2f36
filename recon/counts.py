"""Counts per type: do you want to transfer all departments, employees, products, and so on?

Only what is created rests on the answers; what is linked stays linked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from recon.doctor import lists
from recon.entities import ENTITIES
from recon.entities.groups import GROUPS, Group
from recon.errors import ReconError
from recon.shapes import Finding, Record, Side
from recon.spec import Context, Entity
from recon.systems.visma_global import VismaGlobal
from recon.workbench import Workbench
from recon.worklists import Count

Names = Mapping[str, Mapping[str, str]]
WAYS: Mapping[Side, tuple[str, str]] = {
    "global": ("both", "to_severa"),
    "severa": ("both", "to_global"),
}
LINE = "How many records of each type there are: decide which transfer."
WHERE = "recon transfer, or the panel in notebook 1: [transfer] in the profile"
BY_NAME = {entity.name: entity for entity in ENTITIES}


def found(bench: Workbench) -> tuple[Count, ...]:
    """The counts of all entities of which a person decides, in running order."""
    wanted = {entity.name for entity in bench.entities}
    return counted(bench.context, wanted, names(bench.visma_global))


def counted(context: Context, wanted: Collection[str], called: Names) -> tuple[Count, ...]:
    """The counts of these entities; `called` names the groups of each list of Global."""
    return tuple(
        count
        for group in GROUPS
        if group.entity in wanted
        for count in _group(context, group, called)
    )


def _group(context: Context, group: Group, called: Names) -> Iterator[Count]:
    by_key: dict[Any, list[Record]] = defaultdict(list)
    known = called.get(group.lists, {})
    for key in known if group.setting else ():
        by_key[int(key)] = []
    for record in context.records(group.entity, group.side).values():
        if record.attributes.get("ours") is not False and not record.attributes.get("root"):
            by_key[group.key(record)].append(record)
    for key, records in sorted(by_key.items(), key=lambda item: _order(item[0])):
        if records or group.setting:
            name = group.called(key, known.get(str(key), ""), context)
            yield _count(context, group, (key, name), records)


def _order(key: Any) -> tuple[int, str]:
    return (key, "") if isinstance(key, int) else (0, str(key or ""))


def _count(
    context: Context, group: Group, key: tuple[Any, str], records: Sequence[Record]
) -> Count:
    entity = BY_NAME[group.entity]
    active = sum(is_active(record) for record in records)
    linked = [r for r in records if context.partner(r.entity, r.side, r.key)]
    new = sum(creates(entity, record, context) for record in records)
    moves = transfers(context.profile, group, key[0]) and bool(group.setting or new or linked)
    return Count(
        group.entity,
        group.side,
        group.title,
        "" if key[0] is None else str(key[0]),
        key[1],
        active,
        len(records) - active,
        len(linked),
        new,
        moves,
        group.setting,
    )


def is_active(record: Record) -> bool:
    """Whether a record is in use: active, or (a project) not closed."""
    if "closed" in record.fields:
        return not record.fields["closed"]
    return bool(record.fields.get("active"))


def transfers(profile: Any, group: Group, key: Any) -> bool:
    """Whether new records of a group are created in the other system at all."""
    chosen = getattr(profile.transfer, group.setting) if group.setting else []
    way = profile.transfer.direction(group.entity) in WAYS[group.side]
    return way and (not chosen or key in chosen)


def creates(entity: Entity, record: Record, context: Context) -> bool:
    """Whether a record that is not linked would be created in the other system."""
    way = context.profile.transfer.direction(entity.name) in WAYS[record.side]
    free = not context.partner(entity.name, record.side, record.key)
    return way and free and entity.creatable(record, context) is None


# --- names ------------------------------------------------------------------------------------


def names(database: VismaGlobal) -> dict[str, dict[str, str]]:
    """What Global calls its types, by list; an example where it has no name for them."""
    found = {g.lists: _named(database, g.lists) for g in GROUPS if g.lists}
    more = _project_types(database)
    for key, name in found["project_types"].items():
        found["project_types"][key] = ", ".join(part for part in (more.get(key, ""), name) if part)
    return found


def _named(database: VismaGlobal, name: str) -> dict[str, str]:
    rows = database.read(lists.statements()[name])
    return {str(row["key"] or 0): _called(row) for row in rows}


def _called(row: Mapping[str, Any]) -> str:
    name = str(row.get("name") or "").strip()
    return f"such as {row['example']!r}" if row.get("example") and not name else name


def _project_types(database: VismaGlobal) -> dict[str, str]:
    """Their names, where this Global has the list and the login may see it."""
    try:
        rows = database.read(lists.project_type_names())
    except ReconError:
        return {}
    return {str(row["key"]): str(row["name"] or "").strip() for row in rows}


# --- as findings ------------------------------------------------------------------------------


def findings(counts: Sequence[Count]) -> Iterator[Finding]:
    """One line per group, for the checklist."""
    for one in counts:
        parts = (one.by, one.key if one.setting else "", one.name)
        word = "transfers" if one.transfers else "does not transfer"
        text = f"{' '.join(part for part in parts if part)}: {one.active} active, "
        text += f"{one.inactive} inactive, {one.linked} linked; it {word}"
        yield Finding("count_by_type", one.entity, "info", one.side, "", text, WHERE)
