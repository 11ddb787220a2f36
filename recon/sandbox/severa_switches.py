"""What is uncertain about the real Severa, as switches; and the errors that it answers."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, get_type_hints

from starlette.exceptions import HTTPException


@dataclass(frozen=True)
class Switches:
    """How the server behaves where the contract is silent.

    strict_patch: a patch value must be text or null. patch_any_case: a patch path's spelling does
    not matter. read_only: read-only fields sent are refused or ignored. ignore_filters: names of
    list filters without effect. status_moves_changed: a project's status change moves changedSince.
    renumber_on_post: numbers sent are not kept. quota: calls per sliding second; other_clients:
    calls per second that others take of it; retry_after: that header's seconds with 429, None
    without. latency_ms: from and to, drawn with `seed`. token_life_s: of access tokens.
    repeat_page_token: the next token is the one sent. page_max: largest rowCount where the
    contract gives none. newest_first: firstRow lists begin with the newest. missing_scopes: scopes
    that this client is not granted. strict_scopes: a token asked for with such a scope is refused
    whole, instead of given for the rest. clock_offset_s: the server's clock against the true one.
    guid_seed: new guids follow from it and from what is created, so that a run can be repeated.
    """

    strict_patch: bool = False
    patch_any_case: bool = False
    read_only: Literal["refuse", "ignore"] = "refuse"
    ignore_filters: tuple[str, ...] = ()
    status_moves_changed: bool = False
    renumber_on_post: bool = False
    quota: int = 10
    other_clients: float = 0.0
    retry_after: int | None = None
    latency_ms: tuple[float, float] = (0.0, 0.0)
    seed: int = 0
    token_life_s: float = 3600.0
    repeat_page_token: bool = False
    page_max: int = 1000
    newest_first: bool = False
    missing_scopes: tuple[str, ...] = ()
    strict_scopes: bool = False
    clock_offset_s: float = 0.0
    guid_seed: int | None = None

    def but(self, changes: dict[str, Any]) -> Switches:
        """These switches with some set anew; ValueError names one that is not known or wrong."""
        known = get_type_hints(Switches)
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"There is no switch '{name}'")
            if not _fits(getattr(Switches(), name), value):
                raise ValueError(f"The switch '{name}' cannot be set so")
        lists: dict[str, Any] = {
            n: tuple(v) if isinstance(v, list) else v for n, v in changes.items()
        }
        return replace(self, **lists)

    def plain(self) -> dict[str, Any]:
        """The switches as JSON-able data."""
        return asdict(self)


def _fits(default: object, value: object) -> bool:
    if default is None:
        return value is None or isinstance(value, int)
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float)
    if isinstance(default, tuple):
        return isinstance(value, list | tuple) and len(value) >= len(default)
    return value in ("refuse", "ignore")


NAMES = tuple(field.name for field in fields(Switches))


def rejected(status: int, kind: str, message: str, field: str = "") -> HTTPException:
    """An answer in ExceptionModel's form; raise it. `field` names what is at fault, dotted."""
    return HTTPException(status, json.dumps(problem(status, kind, message, field)))


def problem(status: int, kind: str, message: str, field: str = "") -> dict[str, Any]:
    """An ExceptionModel; `field` may begin with 'query:', 'path:' or 'header:'."""
    places = {"query": "UriParameter", "path": "PathParameter", "header": "RequestHeader"}
    place, _, name = field.partition(":") if field.partition(":")[0] in places else ("", "", field)
    location = {"type": places.get(place, "RequestBody"), "name": name, "identifier": None}
    detail = {"message": message, "url": None, "location": location if name else None}
    error = {"httpStatusCode": status, "type": kind, "details": [detail], "stack": None}
    return {"error": error}


def invalid(message: str, field: str = "") -> HTTPException:
    """400: a parameter or field has a wrong value."""
    return rejected(400, "InvalidParameter", message, field)


def forbidden(message: str, field: str = "") -> HTTPException:
    """409: the operation is not possible as things stand."""
    return rejected(409, "InvalidOperation", message, field)


def missing(what: str) -> HTTPException:
    """404: there is no such record or path."""
    return rejected(404, "InvalidRequest", f"Not found: {what}")
