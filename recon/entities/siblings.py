"""What the filters look up about other records, worked out once per context."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar, cast

from recon.shapes import Record, Side
from recon.spec import Context

Index = TypeVar("Index")
Spot = tuple[str | None, str]
WAITS = "waits"  # says of an invoice that it is to transfer, by status and date


def once(ctx: Context, name: str, build: Callable[[], Index]) -> Index:
    """What `build` makes, made once per context."""
    if name not in ctx.memo:
        ctx.memo[name] = build()
    return cast(Index, ctx.memo[name])


def by_guid(ctx: Context, entity: str) -> dict[str, Record]:
    """Global's records of an entity by the SeveraGUID that they carry."""
    return once(ctx, f"{entity} by guid", lambda: _by_guid(ctx, entity))


def _by_guid(ctx: Context, entity: str) -> dict[str, Record]:
    return {r.guid: r for r in ctx.records(entity, "global").values() if r.guid}


def topmost_unit(ctx: Context) -> str | None:
    """The guid of the business unit that stands for the company itself: the topmost one, if there
    is just one."""
    return once(ctx, "topmost unit", lambda: _topmost_unit(ctx))


def _topmost_unit(ctx: Context) -> str | None:
    units = ctx.records("business_unit", "severa").values()
    tops = [u.key for u in units if u.attributes.get("root") and u.attributes.get("ours")]
    return tops[0] if len(tops) == 1 else None


def by_role(ctx: Context, entity: str, side: Side) -> dict[Spot, Record]:
    """The filled records of an entity on a side, by parent and role."""
    return once(ctx, f"{entity} by role in {side}", lambda: _by_role(ctx, entity, side))


def _by_role(ctx: Context, entity: str, side: Side) -> dict[Spot, Record]:
    records = ctx.records(entity, side).values()
    return {(r.parent, r.role): r for r in records if not r.attributes.get("empty")}


def awaited(ctx: Context, entity: str) -> frozenset[str]:
    """The guids of Severa's customers or projects from which an invoice that is to transfer is
    made: they transfer for its sake."""
    return once(ctx, f"awaited {entity}", lambda: frozenset(_awaited(ctx, entity)))


def _awaited(ctx: Context, entity: str) -> Iterator[str]:
    projects = ctx.records("project", "severa")
    for invoice in ctx.records("invoice", "severa").values():
        guids = invoice.attributes.get("projects", ())
        known = [projects[guid] for guid in guids if guid in projects]
        if invoice.attributes.get(WAITS) and all(
            p.attributes.get("ours") is not False for p in known
        ):
            yield from guids if entity == "project" else [str(invoice.fields["customer"])]


def taken_in_global(ctx: Context, record: Record, parent: str) -> Record | None:
    """The filled Global record that stands in the role of a Severa record, if the parent's row
    carries the guid of the record's own parent (`parent` names the parent's entity)."""
    owner = by_guid(ctx, parent).get(record.parent or "")
    if owner is None:
        return None
    return by_role(ctx, record.entity, "global").get((owner.key, record.role))


def eldest(records: list[Record]) -> set[str]:
    """The keys of the records that keep their role: of several with one parent and one role the
    one created first (by its guid where that is equal)."""
    kept: dict[Spot, Record] = {}
    for record in sorted(records, key=lambda r: (r.attributes.get("created") or "", r.key)):
        if record.role:
            kept.setdefault((record.parent, record.role), record)
    return {record.key for record in kept.values()}
