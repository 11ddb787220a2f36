"""Severa's contract: which operations there are, what they take, and what they must answer."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any, Literal

Schema = Mapping[str, Any]
Paging = Literal["token", "rows", "none"]
METHODS = ("get", "post", "patch", "delete")
RANGES = {"int32": 2**31 - 1, "int64": 2**63 - 1}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a value: the field (dotted, '' for the whole) and why."""

    field: str
    message: str


@dataclass(frozen=True)
class Operation:
    """One operation: its place, its parameters, and the schemas of what goes in and out.

    `collection` is the list that it works on, `parent` the path word and parameter that the list
    hangs on, `page_max` the contract's largest rowCount (None where it gives none).
    """

    method: str
    template: str
    collection: str
    parent: tuple[str, str] | None
    query: Mapping[str, Schema]
    required: frozenset[str]
    body: Schema | None
    status: int
    answer: Schema | None
    scopes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The operation in a log: method and path template."""
        return f"{self.method.upper()} {self.template}"

    @property
    def single(self) -> bool:
        """Whether the path names one record."""
        return self.template.endswith("{guid}")

    @property
    def paging(self) -> Paging:
        if "pageToken" in self.query:
            return "token"
        return "rows" if "firstRow" in self.query else "none"

    @property
    def page_max(self) -> int | None:
        found = self.query.get("rowCount", {}).get("maximum")
        return int(found) if found and found not in RANGES.values() else None

    @property
    def many(self) -> bool:
        """Whether the answer is an array."""
        return bool(self.answer and self.answer.get("type") == "array")


@dataclass(frozen=True)
class Contract:
    """The operations, found by method and path, and the schemas by name."""

    document: Mapping[str, Any]
    schemas: Mapping[str, Schema]
    operations: tuple[Operation, ...]
    _routes: dict[str, Any] = field(repr=False)
    _checks: dict[tuple[str, int], tuple[Schema, Any]] = field(default_factory=dict, repr=False)

    def find(self, path: str) -> tuple[dict[str, Operation], dict[str, str]] | None:
        """The operations at a path by method, and the path's parameters."""
        node, values = self._routes, []
        for word in path.strip("/").split("/"):
            following = node.get(word)
            if following is None:
                following = node.get("{}")
                values.append(word)
            if following is None:
                return None
            node = following
        found: dict[str, Operation] = node.get("", {})
        return (found, dict(zip(_parameters(found), values, strict=True))) if found else None

    def deref(self, schema: Schema) -> Schema:
        """The schema behind references and 'or null'."""
        while True:
            if "$ref" in schema:
                schema = self.schemas[schema["$ref"].rsplit("/", 1)[-1]]
            elif "anyOf" in schema:
                schema = next(s for s in schema["anyOf"] if s.get("type") != "null")
            else:
                return schema

    def properties(self, schema: Schema) -> Mapping[str, Schema]:
        """The properties of an object's schema, {} for other kinds."""
        found: Mapping[str, Schema] = self.deref(schema).get("properties", {})
        return found

    def faults(self, schema: Schema, value: object) -> list[Fault]:
        """What is wrong with a value, field by field; [] when it is valid."""
        return [] if self.valid(schema, value) else self.explained(schema, value)

    def explained(self, schema: Schema, value: object) -> list[Fault]:
        """The same by jsonschema alone, which is slow to import and to run."""
        checker = self._check(schema, "slow", _checker)
        return [_fault(error) for error in checker.iter_errors(value)]

    def valid(self, schema: Schema, value: object) -> bool:
        """Whether a value is valid: the same verdict as `explained`, by compiled code."""
        compiled = self._check(schema, "fast", _compiled)
        return bool(compiled(value))

    def _check(self, schema: Schema, kind: str, make: Callable[[dict[str, Any]], Any]) -> Any:
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[-1]]
        known = self._checks.get((kind, id(schema)))
        if known is None:
            whole = {**schema, "components": {"schemas": self.schemas}}
            # The schema is kept with its check, so that its id is not given away.
            known = self._checks[kind, id(schema)] = (schema, make(whole))
        return known[1]


@cache
def contract() -> Contract:
    """The contract that ships with the package."""
    folder = resources.files("recon.sandbox") / "contract"
    return load(json.loads((folder / "severa.json").read_text(encoding="utf-8")))


def load(document: Mapping[str, Any]) -> Contract:
    """A contract from an OpenAPI 3.1 document; its objects are closed and its integers bounded."""
    schemas = {name: strict(s) for name, s in document["components"]["schemas"].items()}
    operations = tuple(_operations(document["paths"]))
    return Contract(document, schemas, operations, _routes(operations))


def strict(schema: Any) -> Any:
    """A schema that refuses unknown properties and numbers beyond their format."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {k: _properties(v) if k == "properties" else strict(v) for k, v in schema.items()}
    if "properties" in made:
        made["additionalProperties"] = False
    largest = RANGES.get(str(made.get("format")))
    if largest:
        made = {"minimum": -largest - 1, "maximum": largest} | made
    return made


def _properties(schemas: Mapping[str, Any]) -> dict[str, Any]:
    return {name: strict(schema) for name, schema in schemas.items()}


def _operations(paths: Mapping[str, Any]) -> Iterator[Operation]:
    for template, methods in paths.items():
        for method in METHODS:
            if method in methods:
                yield _operation(method, template, methods[method])


def _operation(method: str, template: str, whole: Mapping[str, Any]) -> Operation:
    query = [p for p in whole.get("parameters", []) if p["in"] == "query"]
    status = next(code for code in whole["responses"] if code.startswith("2"))
    return Operation(
        method=method,
        template=template,
        collection=_words(template)[-1],
        parent=_parent(template),
        query={p["name"]: strict(p["schema"]) for p in query},
        required=frozenset(p["name"] for p in query if p.get("required")),
        body=_json(whole.get("requestBody", {})),
        status=int(status),
        answer=_json(whole["responses"][status]),
        scopes=tuple(_scopes(whole.get("security", []))),
    )


def _words(template: str) -> list[str]:
    return [word for word in template.strip("/").split("/") if not word.startswith("{")]


def _parent(template: str) -> tuple[str, str] | None:
    words = template.strip("/").split("/")
    if len(words) == 4 and words[2].startswith("{"):
        return words[1], words[2].strip("{}")
    return None


def _json(whole: Mapping[str, Any]) -> Schema | None:
    schema = whole.get("content", {}).get("application/json", {}).get("schema")
    return strict(schema) if schema is not None else None


def _scopes(security: list[Mapping[str, list[str]]]) -> Iterator[str]:
    for way in security:
        yield from way.get("OAuth2", [])


def _routes(operations: tuple[Operation, ...]) -> dict[str, Any]:
    """A tree of path words; '{}' stands for a parameter, '' holds the operations by method."""
    tree: dict[str, Any] = {}
    for operation in operations:
        node = tree
        for word in operation.template.strip("/").split("/"):
            node = node.setdefault("{}" if word.startswith("{") else word, {})
        node.setdefault("", {})[operation.method] = operation
    return tree


def _parameters(found: Mapping[str, Operation]) -> list[str]:
    template = next(iter(found.values())).template
    return [word.strip("{}") for word in template.split("/") if word.startswith("{")]


def _checker(schema: dict[str, Any]) -> Any:
    from jsonschema import Draft202012Validator, FormatChecker

    formats = FormatChecker(formats=())
    formats.checks("date", raises=ValueError)(_is_date)
    formats.checks("date-time", raises=ValueError)(_is_time)
    return Draft202012Validator(schema, format_checker=formats)


def _compiled(schema: dict[str, Any]) -> Callable[[object], bool]:
    fast = importlib.import_module("fastjsonschema")
    formats = {"date": _is_date_or_false, "date-time": _is_time_or_false}
    # Draft 7 and 2020-12 mean the same by every keyword that the contract uses.
    text = {"$schema": "http://json-schema.org/draft-07/schema#", **schema}
    check = fast.compile(text, formats=formats, use_default=False, detailed_exceptions=False)

    def valid(value: object) -> bool:
        try:
            check(value)
        except fast.JsonSchemaValueException:
            return False
        return True

    return valid


def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


def _is_time(value: object) -> bool:
    return not isinstance(value, str) or (len(value) > 10 and bool(datetime.fromisoformat(value)))


def _is_date_or_false(value: object) -> bool:
    try:
        return _is_date(value)
    except ValueError:
        return False


def _is_time_or_false(value: object) -> bool:
    try:
        return _is_time(value)
    except ValueError:
        return False


def _fault(error: Any) -> Fault:
    """An error of jsonschema, with a missing or unknown property as the field at fault."""
    inner = max(error.context, key=lambda e: len(e.absolute_path), default=error)
    path = [str(part) for part in inner.absolute_path]
    if inner.validator == "required":
        path += [name for name in inner.validator_value if name not in inner.instance][:1]
    if inner.validator == "additionalProperties":
        path += sorted(set(inner.instance) - set(inner.schema["properties"]))[:1]
    return Fault(".".join(path), _message(inner))


def _message(error: Any) -> str:
    """Why a value is refused, without the value (it may be private)."""
    words = {
        "required": "The field is required",
        "additionalProperties": "There is no such field",
        "type": f"The value must be of type {error.validator_value}",
        "enum": f"The value must be one of {error.validator_value}",
        "format": f"The value is not a valid {error.validator_value}",
        "minLength": "The value is too short",
        "maxLength": f"The value is longer than {error.validator_value} characters",
        "minimum": "The number is too small",
        "maximum": "The number is too large",
    }
    return words.get(error.validator, f"The value breaks the rule '{error.validator}'")
