"""JSON Patch as Severa takes it: Replace only, paths of the input model, values text or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from recon.sandbox.severa_contract import Contract, Operation, Schema
from recon.sandbox.severa_documents import Doc, key
from recon.sandbox.severa_models import AUDIT, items
from recon.sandbox.severa_organisation import Organisation, Rules, check_references
from recon.sandbox.severa_switches import Switches, invalid, missing

# Paths that the patched model has although the model of a POST has not, or no POST gives a model.
ALIASES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("projects", "projectStatusTypeGuid"): ("projectStatus", "projectStatusTypeGuid"),
    ("projects", "salesStatusTypeGuid"): ("salesStatus", "salesStatusTypeGuid"),
    ("invoices", "invoiceStatusGuid"): ("status", "guid"),
    ("invoices", "statusGuid"): ("status", "guid"),
}
EXTRA: Mapping[str, frozenset[str]] = {"users": frozenset({"title"})}


def patch(
    organisation: Organisation, operation: Operation, guid: str, body: list[Doc], rules: Rules
) -> Doc:
    """Do all operations of a patch or none; 400 names the path at fault, 404 a missing record."""
    collection = operation.collection
    old = organisation.documents.get(collection, guid)
    if old is None:
        raise missing(f"{collection} {guid}")
    new = old
    for number, one in enumerate(body):
        new = _replaced(organisation, collection, new, one, f"[{number}]")
    check_references(organisation, collection, _changed(old, new))
    return organisation.documents.put(collection, rules.change(organisation, old, new))


def _changed(old: Doc, new: Doc) -> Doc:
    return {name: value for name, value in new.items() if value != old.get(name)}


def _replaced(organisation: Organisation, collection: str, doc: Doc, one: Doc, where: str) -> Doc:
    if one["op"] != "Replace":
        raise invalid("Only Replace is supported", f"{where}.op")
    words = [w.replace("~1", "/").replace("~0", "~") for w in _words(one.get("path"), where)]
    words = list(ALIASES.get((collection, words[0]), words))
    found = _find(organisation, collection, words)
    if found is None:
        return doc
    path, schema = found
    value = _value(organisation, one.get("value"), schema, ".".join(path))
    return _set(doc, path, value)


def _words(path: str | None, where: str) -> list[str]:
    words = (path or "").strip("/").split("/")
    if not words[0]:
        raise invalid("The field is required", f"{where}.path")
    return words


def _find(
    organisation: Organisation, collection: str, words: list[str]
) -> tuple[list[str], Schema] | None:
    """The path in right spelling and its schema; None for a read-only one that is ignored."""
    contract, switches = organisation.contract, organisation.switches
    schema = patched_model(contract, collection)
    whole = organisation.model(collection)
    path: list[str] = []
    for word in words:
        name = _spelled(contract, schema, word, switches)
        if name is None and not path and word in EXTRA.get(collection, ()):
            name, schema = word, whole
        if name is None:
            raise invalid("There is no such field to patch", ".".join([*path, word]))
        path.append(name)
        schema = contract.properties(schema)[name]
        if schema.get("readOnly") or (len(path) == 1 and name in AUDIT):
            if switches.read_only == "refuse":
                raise invalid("The field is read-only", ".".join(path))
            return None
    return _as_stored(contract, whole, path), schema


def _spelled(contract: Contract, schema: Schema, word: str, switches: Switches) -> str | None:
    names = contract.properties(schema)
    if word in names:
        return word
    if not switches.patch_any_case:
        return None
    return next((name for name in names if name.lower() == word.lower()), None)


def _as_stored(contract: Contract, whole: Schema, path: list[str]) -> list[str]:
    """Input models spell some names in another case than the answers."""
    names = {name.lower(): name for name in contract.properties(whole)}
    return [names.get(path[0].lower(), path[0]), *path[1:]]


def patched_model(contract: Contract, collection: str) -> Schema:
    """The model that a PATCH works on: that of the POST, else that of the answer."""
    here = [one for one in contract.operations if one.collection == collection]
    for operation in here:
        if operation.method == "post" and operation.body and collection != "invoices":
            return operation.body
    return next(items(contract, one.answer) for one in here if one.method == "patch" and one.answer)


def _value(organisation: Organisation, value: Any, schema: Schema, field: str) -> Any:
    """The value by the field's type: text is read as that type, as the real server does."""
    contract, switches = organisation.contract, organisation.switches
    if switches.strict_patch and not isinstance(value, str | None):
        raise invalid("The value must be text or null", field)
    types = contract.deref(schema).get("type", [])
    types = types if isinstance(types, list) else [types]
    if isinstance(value, str) and "string" not in types:
        value = _read(value, types, field)
    for fault in contract.faults(schema, value):
        raise invalid(fault.message, f"{field}.{fault.field}".rstrip("."))
    return value


def _read(text: str, types: list[str], field: str) -> Any:
    lowered = text.strip().lower() if "boolean" in types else text
    try:
        return json.loads(lowered, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise invalid(f"The value must be of type {types}", field) from None


def _no_constant(text: str) -> Any:
    raise ValueError(text)


def _set(doc: Doc, path: list[str], value: Any) -> Doc:
    """The document with a value at a path; a sub-model that names another record is made anew."""
    name, rest = path[0], path[1:]
    if not rest:
        return doc | {name: value}
    inner = doc.get(name) or {}
    if rest[0].lower().endswith("guid") and key(inner.get(rest[0])) != key(value):
        inner = {}
    return doc | {name: _set(inner, rest, value)}
