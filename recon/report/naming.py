"""Finds the names under which people know records, fields and entities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recon.report.shapes import Cell, Names
from recon.report.words import readable, value
from recon.shapes import SIDES, Facts, Operation, Outcome, Side, Spot, other

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
UNREAD = "(a record that was not read)"


@dataclass(frozen=True, slots=True)
class Words:
    """Titles and names: `names` as given by the caller, `records` from a run."""

    names: Names = field(default_factory=dict)
    records: Mapping[Spot, Outcome] = field(default_factory=dict)

    def entity(self, name: str) -> str:
        return self.names.get(name) or readable(name)

    def field(self, entity: str, name: str) -> str:
        """A field's title; `@number` and the like are not fields but belong to the record."""
        if name == "@parent":
            return readable(self.names.get(f"parent:{entity}", "belongs to"))
        return self.names.get(f"{entity}.{name}") or readable(name.lstrip("@"))

    def check(self, entity: str, name: str) -> str:
        return self.names.get(f"check:{entity}.{name}") or readable(name)

    def record(self, entity: str, side: str, key: str | None) -> str:
        """A record's name on a side (or on either, for `both`), or '' where it is not known."""
        found = self._found(entity, side, key)
        if found:
            return found.name if found.name != found.key else ""
        return self.names.get(f"{entity}/{key}", "")

    def _found(self, entity: str, side: str, key: str | None) -> Outcome | None:
        sides = SIDES if side == "both" else (side,)
        spots = [(entity, one, key or "") for one in sides]
        return next((self.records[spot] for spot in spots if spot in self.records), None)  # type: ignore[index]

    def number(self, entity: str, side: str, key: str | None) -> str:
        """The number under which a person finds a record; '' where it has none."""
        found = self._found(entity, side, key)
        return (found.number if found else "") or known_key(key or "")

    def owner(self, entity: str, side: str, key: str | None) -> str:
        """The name of the record that this one belongs to, such as a contact's customer."""
        found, parent = self._found(entity, side, key), self.names.get(f"parent:{entity}", "")
        return self.record(parent, side, found.parent) if found and found.parent else ""

    def reference(self, entity: str, key: str) -> str:
        """Name and number of a record that another one refers to, whichever system it is in."""
        known = self.names.get(f"{entity}/{key}")
        name, number = self.record(entity, "both", key), self.number(entity, "both", key)
        if known or not name:
            return known or number or UNREAD
        return f"{name} ({number})" if number else name

    def value(self, entity: str, name: str, given: Any) -> Cell:
        """A field's value for a cell; a reference is shown by the name of what it refers to."""
        refers = self.names.get(f"refers:{entity}.{name}", "")
        if isinstance(given, str) and given.startswith("ref:"):
            kind, _, key = given[4:].partition("/")
            return self.reference(kind, key)
        if refers and given not in (None, ""):
            return self.reference(refers, str(given))
        if isinstance(given, str) and GUID.fullmatch(given):
            return UNREAD
        return value(given)

    def phrase(self, entity: str, name: str, given: Any) -> str:
        """A field's value inside a sentence; an empty one is said to be empty."""
        cell = self.value(entity, name, given)
        return "(empty)" if cell is None or cell == "" else str(cell)

    def given(self, operation: Operation) -> dict[str, Any]:
        """What an operation writes, by field; a new record's empty fields are left out."""
        return {
            name: value
            for name, value in operation.after.items()
            if operation.kind != "create" or value not in (None, "")
        }

    def target(self, operation: Operation) -> str:
        """The name of the record that an operation is about."""
        name = self.record(operation.entity, *_about(operation))
        name = name or self.record(operation.entity, "severa", operation.guid)
        return name or str(operation.after.get("name") or operation.before.get("name") or "")

    def target_number(self, operation: Operation) -> str:
        """The number of the record that an operation is about; a new one's number to be."""
        number = self.number(operation.entity, *_about(operation))
        return number or str(value(operation.after.get("@number")) or "")

    def target_owner(self, operation: Operation) -> str:
        """The name of the record to which an operation's record belongs."""
        return self.owner(operation.entity, *_about(operation))


def _about(operation: Operation) -> tuple[Side, str]:
    """Side and key of the record that an operation is about."""
    if operation.kind == "create":
        return other(operation.system), operation.key
    return ("global", operation.key) if operation.key else ("severa", operation.guid or "")


def known_key(key: str) -> str:
    """A key as a person knows it: numbers as they are, `Customer/10001/postal` as `10001, postal`,
    a guid not at all."""
    if key.count("/") == 2:
        _, row, role = key.split("/")
        return f"{row}, {readable(role).lower()}"
    return "" if GUID.fullmatch(key) else key


def words(facts: Facts, names: Names) -> Words:
    """Words that know the records of a run, and what those refer to."""
    records: dict[Spot, Outcome] = {(o.entity, o.side, o.key): o for o in facts.outcomes}
    return Words({**names, **facts.named}, records)
