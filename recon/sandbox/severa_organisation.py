"""One organisation of the sandbox: its documents, its clock, its switches, and plain writes."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from recon.sandbox.severa_contract import Contract, Operation, Schema
from recon.sandbox.severa_documents import Doc, Documents, key, stamp
from recon.sandbox.severa_models import AUDIT, GUIDS, REFERENCES, SPECIAL, VIA, Models, empty, items
from recon.sandbox.severa_switches import Switches, invalid, missing

POINTING = frozenset({*REFERENCES, *GUIDS, *(name for _, name in SPECIAL)})
API_USER = {"name": "REST API", "firstName": "REST", "lastName": "API"}


class Organisation:
    """Everything that one server process holds."""

    def __init__(self, path: Path, contract: Contract) -> None:
        self.contract = contract
        self.documents = Documents(path)
        self.models = Models(contract, self.documents)
        self._fullest = models_of(contract)
        self._defaults: dict[str, Doc] = {}
        self.switches = Switches().but(self.documents.note("switches") or {})

    def now(self) -> datetime:
        """The server's time, which may be off."""
        return datetime.now(UTC) + timedelta(seconds=self.switches.clock_offset_s)

    def set_switches(self, changes: dict[str, Any]) -> None:
        """Set switches; they last over a restart. ValueError names a wrong one."""
        self.switches = self.switches.but(changes)
        self.documents.set_note("switches", self.switches.plain())

    def audited(self, collection: str, doc: Doc) -> Doc:
        """A new document with guid and creation audit fields."""
        created = {"createdDateTime": stamp(self.now()), "createdBy": API_USER}
        return doc | {"guid": self._guid(collection, doc), "lastUpdatedDateTime": None} | created

    def _guid(self, collection: str, doc: Doc) -> str:
        """A new guid: a random one, or with `guid_seed` one that follows from what is created."""
        seed = self.switches.guid_seed
        if seed is None:
            return str(uuid.uuid4())
        said = f"{seed}/{collection}/{json.dumps(doc, sort_keys=True)}"
        made = (str(uuid.uuid5(uuid.NAMESPACE_OID, f"{said}/{number}")) for number in count())
        return next(guid for guid in made if self.documents.get(collection, guid) is None)

    def touched(self, doc: Doc) -> Doc:
        """A document with today's change audit fields."""
        return doc | {"lastUpdatedDateTime": stamp(self.now()), "lastUpdatedBy": API_USER}

    def model(self, collection: str) -> Schema:
        """The fullest model in which a collection's records are answered."""
        return self._fullest[collection]

    def knows(self, collection: str) -> bool:
        """Whether the contract has a model for a collection."""
        return collection in self._fullest

    def complete(self, collection: str, doc: Doc) -> Doc:
        """A document with every property of its model, defaults where nothing was set."""
        if collection not in self._defaults:
            properties = self.contract.properties(self.model(collection))
            self._defaults[collection] = {n: empty(self.contract, s) for n, s in properties.items()}
        return self._defaults[collection] | doc

    def need(self, collection: str, guid: object, field: str) -> Doc:
        """The document that a field points to; 400 names the field."""
        found = self.documents.get(collection, guid)
        if found is None:
            raise invalid(f"There is no such record in {collection}", field)
        return found

    def add(self, collection: str, doc: Doc) -> Doc:
        """Put a new, completed document."""
        return self.documents.put(
            collection, self.complete(collection, self.audited(collection, doc))
        )


Hook = Callable[[Organisation, Doc], Doc]
Change = Callable[[Organisation, Doc, Doc], Doc]


def _as_it_is(_organisation: Organisation, doc: Doc) -> Doc:
    return doc


def _touch(organisation: Organisation, _old: Doc, new: Doc) -> Doc:
    return organisation.touched(new)


@dataclass(frozen=True, slots=True)
class Rules:
    """A collection's own behaviour: before and after a create, at a change, at a delete.

    `delete` returns the collection's document that stays (marked), or raises; None removes it.
    """

    create: Hook = _as_it_is
    created: Hook = _as_it_is
    change: Change = _touch
    delete: Callable[[Organisation, Doc], Doc | None] = lambda _o, _d: None


def models_of(contract: Contract) -> Mapping[str, Schema]:
    """Collection → the model with the most properties among its single reads and lists."""
    found: dict[str, Schema] = {}
    for operation in contract.operations:
        if operation.answer is None or operation.method != "get":
            continue
        schema = items(contract, operation.answer)
        known = contract.properties(found.get(operation.collection, {"type": "object"}))
        if len(contract.properties(schema)) > len(known):
            found[operation.collection] = schema
    return found


def create(
    organisation: Organisation, operation: Operation, body: Doc, rules: Rules, parent: Doc | None
) -> Doc:
    """Create a record from a valid body: defaults, references, the collection's rules."""
    collection = operation.collection
    doc = _allowed(organisation, operation, body)
    if parent is not None:
        doc = _under(doc, parent)
    check_references(organisation, collection, doc)
    doc = rules.create(organisation, doc)
    return rules.created(organisation, organisation.add(collection, doc))


def delete(organisation: Organisation, collection: str, guid: str, rules: Rules) -> None:
    """Delete a record as the collection's rules say; 404 where it is not there."""
    doc = organisation.documents.get(collection, guid)
    if doc is None:
        raise missing(f"{collection} {guid}")
    kept = rules.delete(organisation, doc)
    if kept is None:
        organisation.documents.delete(collection, guid)
    else:
        organisation.documents.put(collection, kept)


def _allowed(organisation: Organisation, operation: Operation, body: Doc) -> Doc:
    """The body with the model's defaults, in stored names, without what is read-only."""
    contract = organisation.contract
    doc: Doc = {}
    model = contract.properties(organisation.model(operation.collection))
    known = {name.lower(): name for name in model}
    for name, part in contract.properties(operation.body or {}).items():
        if name in body and (part.get("readOnly") or name in AUDIT):
            if organisation.switches.read_only == "refuse":
                raise invalid("The field is read-only", name)
        elif name in body or "default" in part:
            stored = known.get(name.lower(), f"~{name}")
            doc[stored] = body.get(name, part.get("default"))
    return doc


def _under(doc: Doc, parent: Doc) -> Doc:
    sent = (doc.get("customer") or {}).get("guid")
    if sent and key(sent) != key(parent["guid"]):
        raise invalid("The customer differs from the one in the path", "customer.guid")
    return doc | {"customer": {"guid": parent["guid"]}}


def check_references(organisation: Organisation, collection: str, doc: Doc) -> None:
    """400 names a field that points to a record that is not there."""
    for target, guid, field in references(collection, doc):
        if guid and organisation.documents.holds(target):
            organisation.need(target, guid, field)


def references(collection: str, doc: Doc) -> Iterator[tuple[str, Any, str]]:
    """What a document points to: collection, guid, and the field that holds it."""
    for name, value in doc.items():
        if name not in POINTING:
            continue
        target = SPECIAL.get((collection, name), REFERENCES.get(name, GUIDS.get(name, "")))
        if target and name in GUIDS:
            yield target, value, name
        elif target and name not in AUDIT:
            via = VIA.get(name, "guid")
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    yield target, one.get(via), f"{name}.{via}"
