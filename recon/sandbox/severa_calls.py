"""One call: is it in the contract, what does it do, and is the answer in the contract too?"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.exceptions import HTTPException

from recon.sandbox import severa_access as access
from recon.sandbox import severa_lists as lists
from recon.sandbox.severa_contract import Operation, Schema
from recon.sandbox.severa_documents import Doc, key
from recon.sandbox.severa_invoices import INVOICE_RULES, invoices
from recon.sandbox.severa_log import Log
from recon.sandbox.severa_organisation import Organisation, Rules, create, delete
from recon.sandbox.severa_patch import patch
from recon.sandbox.severa_rules import CUSTOMER_RULES, PROJECT_RULES, guid_of
from recon.sandbox.severa_switches import invalid, missing, problem, rejected

RULES: Mapping[str, Rules] = {**CUSTOMER_RULES, **PROJECT_RULES, **INVOICE_RULES}
PLAIN = Rules()
JSON = {"content-type": "application/json; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Call:
    """A request: path from /v1 on, query values by name, headers in lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: status, body, headers beyond the usual ones."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """A call that keeps the contract: its operation, and parameters and body as values."""

    operation: Operation
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any


def operation_of(organisation: Organisation, call: Call) -> tuple[Operation, Mapping[str, str]]:
    """The operation that a call names, 404 or 405 where there is none."""
    found = organisation.contract.find(call.path)
    if found is None:
        raise missing(call.path)
    methods, parameters = found
    if call.method not in methods:
        raise rejected(405, "InvalidRequest", f"{call.method.upper()} is not possible here")
    return methods[call.method], parameters


def answer(organisation: Organisation, log: Log, call: Call) -> Answer:
    """Do a call that was admitted; all its effects are durable before this returns, or none is."""
    try:
        request = _request(organisation, log, call)
        made = _done(organisation, log, request)
        organisation.documents.commit()
    except HTTPException as refused:
        organisation.documents.rollback()
        return Answer(refused.status_code, refused.detail.encode(), JSON)
    except Exception as error:
        organisation.documents.rollback()
        log.violation("server", f"{call.method} {call.path}", f"{type(error).__name__}: {error}")
        return failed("The server failed")
    _noted(log, request, made)
    return made


def failed(message: str) -> Answer:
    """A 500 in ExceptionModel's form."""
    return Answer(500, json.dumps(problem(500, "InternalSystemError", message)).encode(), JSON)


def _request(organisation: Organisation, log: Log, call: Call) -> Request:
    """The call by the contract; what breaks the contract is in the log, too."""
    try:
        operation, path = operation_of(organisation, call)
        query = lists.parse(organisation.contract, operation, call.query)
        body = _body(organisation, operation, call)
    except HTTPException as refused:
        log.violation("request", f"{call.method.upper()} {call.path}", refused.detail)
        raise
    return Request(operation, path, query, body)


def _body(organisation: Organisation, operation: Operation, call: Call) -> Any:
    if operation.body is None:
        return None
    if "json" not in call.headers.get("content-type", ""):
        raise rejected(415, "InvalidRequest", "The body must be JSON", "header:Content-Type")
    value = _json(call.body)
    for fault in organisation.contract.faults(_lenient(operation), value):
        raise invalid(fault.message, fault.field or "body")
    return value


def _lenient(operation: Operation) -> Schema:
    """The body's schema; a patch's value may be any JSON, its switch is checked by path."""
    return ANY_PATCH if operation.method == "patch" else operation.body or {}


ANY_VALUE: Schema = {
    "type": "object",
    "required": ["op", "value"],
    "properties": {
        "op": {"$ref": "#/components/schemas/PatchOperationType"},
        "path": {"type": ["string", "null"]},
        "from": {"type": ["string", "null"]},
        "value": {},
    },
    "additionalProperties": False,
}
ANY_PATCH: Schema = {
    "type": "array",
    "items": {"anyOf": [{"$ref": "#/components/schemas/PatchOperation"}, ANY_VALUE]},
}


def _json(body: bytes) -> Any:
    try:
        value = json.loads(body, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise rejected(400, "InvalidRequest", "The body is not valid JSON", "body") from None
    return value


def _no_constant(text: str) -> Any:
    raise ValueError(text)


def _noted(log: Log, request: Request, made: Answer) -> None:
    operation = request.operation
    changes = operation.method != "get" and operation.template not in NO_EFFECT
    if changes and made.status < 300:
        log.effect(operation.name, request.path.get("guid", ""))


def _done(organisation: Organisation, log: Log, request: Request) -> Answer:
    operation = request.operation
    special = SPECIAL.get((operation.method, operation.template))
    if special:
        return _checked(organisation, log, operation, special(organisation, request))
    if operation.method == "get" and not operation.single:
        return _list(organisation, log, request)
    docs = GENERIC[operation.method](organisation, request)
    return _documents(organisation, log, operation, docs)


def _list(organisation: Organisation, log: Log, request: Request) -> Answer:
    operation, documents = request.operation, organisation.documents
    page = lists.page(documents, operation, request.path, request.query, organisation.switches)
    made = _documents(organisation, log, operation, page.docs)
    headers = {"NextPageToken": page.token} if page.token else {}
    return Answer(made.status, made.body, {**made.headers, **headers})


def _documents(
    organisation: Organisation, log: Log, operation: Operation, docs: list[Doc]
) -> Answer:
    if operation.answer is None:
        return Answer(operation.status)
    model = operation.answer["items"] if operation.many else operation.answer
    collection = lists.stored(operation.collection)
    made = [organisation.models.render(collection, doc, model) for doc in docs]
    if operation.collection == "phaseswithhierarchy":
        made = _with_levels(made)
    return _checked(organisation, log, operation, made if operation.many else made[0])


def _checked(organisation: Organisation, log: Log, operation: Operation, value: Any) -> Answer:
    """The answer, if it keeps the contract; else the log knows and 500 is answered."""
    if operation.answer is None:
        return Answer(operation.status)
    model = operation.answer["items"] if operation.many else operation.answer
    for one in value if operation.many else [value]:
        if not organisation.contract.valid(model, one):
            faults = organisation.contract.faults(model, one)
            log.violation("answer", operation.name, "; ".join(map(str, faults)))
            raise rejected(500, "InternalSystemError", "The answer broke the contract")
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Answer(operation.status, text.encode(), JSON)


# --- what the methods do on any collection ----------------------------------------------------


def _get(organisation: Organisation, request: Request) -> list[Doc]:
    collection, guid = request.operation.collection, request.path["guid"]
    doc = organisation.documents.get(collection, guid)
    if doc is None:
        raise missing(f"{collection} {guid}")
    return [doc]


def _post(organisation: Organisation, request: Request) -> list[Doc]:
    operation, parent = request.operation, None
    if operation.parent:
        above, name = operation.parent
        parent = organisation.documents.get(above, request.path[name])
        if parent is None:
            raise missing(f"{above} {request.path[name]}")
    rules = RULES.get(operation.collection, PLAIN)
    return [create(organisation, operation, request.body, rules, parent)]


def _patch(organisation: Organisation, request: Request) -> list[Doc]:
    rules = RULES.get(request.operation.collection, PLAIN)
    return [patch(organisation, request.operation, request.path["guid"], request.body, rules)]


def _delete(organisation: Organisation, request: Request) -> list[Doc]:
    collection = request.operation.collection
    delete(organisation, collection, request.path["guid"], RULES.get(collection, PLAIN))
    return []


GENERIC: Mapping[str, Callable[[Organisation, Request], list[Doc]]] = {
    "get": _get,
    "post": _post,
    "patch": _patch,
    "delete": _delete,
}


# --- operations of their own kind -------------------------------------------------------------


def _nothing(_organisation: Organisation, _request: Request) -> None:
    return None


def _token(organisation: Organisation, request: Request) -> Doc:
    return access.token(organisation, request.body)


def _refresh(organisation: Organisation, request: Request) -> Doc:
    return access.refreshed(organisation, request.body)


def _details(organisation: Organisation) -> Doc:
    found = next(organisation.documents.all("organizationdetails"), None)
    if found is None:
        raise missing("organizationdetails")
    return found


def _rendered(organisation: Organisation, request: Request, doc: Doc) -> Doc:
    model = request.operation.answer or {}
    return organisation.models.render(request.operation.collection, doc, model)


def _organisation(organisation: Organisation, request: Request) -> Doc:
    return _rendered(organisation, request, _details(organisation))


def _organisation_patch(organisation: Organisation, request: Request) -> Doc:
    guid = str(_details(organisation)["guid"])
    done = patch(organisation, request.operation, guid, request.body, PLAIN)
    return _rendered(organisation, request, done)


def _settings(organisation: Organisation, request: Request) -> Doc:
    """The one settings document of an invoice."""
    guid = request.path["invoiceGuid"]
    found = organisation.documents.by("invoicesettings", "invoiceGuid", guid)
    if not found:
        raise missing(f"invoices {guid}")
    return _rendered(organisation, request, found[0])


def _converted(organisation: Organisation, guid: str) -> Doc:
    known = organisation.documents.get("guidconversions", guid) or {}
    return {"guid": guid, "converted": known.get("converted")}


def _convert(organisation: Organisation, request: Request) -> list[Doc]:
    return [_converted(organisation, guid) for guid in request.body]


def _convert_one(organisation: Organisation, request: Request) -> Doc:
    return _converted(organisation, request.path["guid"])


def _invoices(organisation: Organisation, request: Request) -> list[Doc]:
    model = (request.operation.answer or {})["items"]
    made = invoices(organisation, request.body)
    return [organisation.models.render("invoices", doc, model) for doc in made]


def _with_levels(phases: list[Doc]) -> list[Doc]:
    """Phases with their depth under the root, and whether others are under them."""
    parents = {key(phase["guid"]): key(guid_of(phase, "parentPhase")) for phase in phases}

    def level(guid: str) -> int:
        seen: list[str] = []
        while guid in parents and guid not in seen:
            seen.append(guid)
            guid = parents[guid]
        return len(seen) - 1

    above = set(parents.values())
    return [
        p | {"level": level(key(p["guid"])), "hasChildren": key(p["guid"]) in above} for p in phases
    ]


NO_EFFECT = access.OPEN | {"/v1/guids/convert"}
SPECIAL: Mapping[tuple[str, str], Callable[[Organisation, Request], Any]] = {
    ("get", "/heartbeat/server"): _nothing,
    ("get", "/heartbeat/database"): _nothing,
    ("get", "/heartbeat/authorized"): _nothing,
    ("post", "/v1/token"): _token,
    ("post", "/v1/refreshtoken"): _refresh,
    ("post", "/v1/signout"): _nothing,
    ("get", "/v1/organizationdetails"): _organisation,
    ("patch", "/v1/organizationdetails"): _organisation_patch,
    ("get", "/v1/invoices/{invoiceGuid}/invoicesettings"): _settings,
    ("post", "/v1/guids/convert"): _convert,
    ("get", "/v1/guids/convert/{guid}"): _convert_one,
    ("post", "/v1/invoices"): _invoices,
}
