"""A small made-up entity and company for the engine's tests: no system is reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from recon.effects import Effects
from recon.links import Links
from recon.mirror import Mirror
from recon.settings import Profile
from recon.shapes import Link, Record
from recon.situation import Situation
from recon.spec import Context, Entity, Field, GlobalSide, Listing, Rule, Scope, SeveraSide
from recon.store import Store

PROFILE: Mapping[str, Any] = {
    "company": {"name": "Prøve AS", "sandbox": True},
    "global": {"url": "sqlite:///global.db", "schema": "Prove"},
    "severa": {"base_url": "http://127.0.0.1:9", "client_id": "env:A", "client_secret": "env:B"},
}


def profile(**tables: Mapping[str, Any]) -> Profile:
    """A profile with some tables replaced."""
    return Profile.model_validate({**PROFILE, **tables})


def lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


FIELDS = (
    Field("name", "Name", "Name", "name", compare=lower),
    Field("email", "E-mail", "EmailAddress", "email"),
    Field("title", "Title", "Titel", "title", direction="to_global"),
    Field("billable", "Billable", "Billable", "billable", direction="compare"),
)


def only_active(record: Record, _context: Context) -> Scope | None:
    if record.attributes.get("inactive"):
        return Scope("out of scope", "it is not active")
    return None


def entity(name: str = "thing", **more: Any) -> Entity:
    """An entity with a number and a name; `parent` and `rules` may be given."""
    table = sa.table(name, sa.column("No", sa.Integer))
    parts: dict[str, Any] = {
        "name": name,
        "title": name.title(),
        "needs": (),
        "fields": FIELDS,
        "global_side": GlobalSide(
            statements=lambda: {name: sa.select(table)},
            records=lambda rows, context: [],
            insert=lambda draft, context: [],
            update=lambda record, changes, context: [],
            table=name,
            key="No",
            series=name,
        ),
        "severa_side": SeveraSide(
            listing=Listing(f"/v1/{name}s", "rows"),
            records=lambda rows, context: [],
            create=lambda draft, context: ("", {}),
            patch=lambda record, changes, context: {},
            one="/v1/" + name + "s/{guid}",
            resource=f"{name}s",
        ),
        "rules": (
            Rule("number and name", both, "number and name are equal", connects=True),
            Rule("number", lambda r: r.number, "the number is equal", score=0.6),
            Rule("name", lambda r: lower(r.fields.get("name")), "the name is equal"),
        ),
        "creatable": only_active,
        "numbered": True,
    }
    return Entity(**{**parts, **more})


def both(record: Record) -> Any:
    name = lower(record.fields.get("name"))
    return (record.number, name) if record.number and name else None


def ours(key: str, *, of: str = "thing", **more: Any) -> Record:
    """A record in Global, keyed by its number."""
    fields = more.pop("fields", {"name": f"Thing {key}"})
    known = {"number": key, "table": of, "row": key, **more}
    return Record(of, "global", key, fields, **known)


def theirs(guid: str, *, of: str = "thing", **more: Any) -> Record:
    """A record in Severa, keyed by its guid."""
    fields = more.pop("fields", {"name": f"Thing {guid}"})
    return Record(of, "severa", guid, fields, guid=guid, **more)


def linked(key: str, guid: str, base: Any, of: str = "thing") -> Link:
    """A link with a base, made some time ago."""
    return Link(of, of, key, "", guid, of, "2026-01-01T00:00:00+00:00", "test", base, {})


def store(url: str = "sqlite://") -> Store:
    return Store(url, "Prøve AS", Effects())


def situation(
    entities: Sequence[Entity], records: Iterable[Record], links: Iterable[Link] = (), **more: Any
) -> Situation:
    """All that a plan is made from, with these records on both sides."""
    mirror = Mirror(store())
    found = list(records)
    for one in entities:
        for side in ("global", "severa"):
            mirror.fill(
                one.name, side, [r for r in found if (r.entity, r.side) == (one.name, side)]
            )
    known = more.pop("profile", profile())
    parts: dict[str, Any] = {
        "profile": known,
        "entities": tuple(entities),
        "mirror": mirror,
        "links": Links(links),
        "context": Context(known, None, mirror.records),  # type: ignore[arg-type]
        "run": "run-1",
        "shown": False,
    }
    return Situation(**{**parts, **more})


def loaded(memory: Store) -> Links:
    """All links that a store holds."""
    found = Links(store=memory)
    found.load()
    return found
