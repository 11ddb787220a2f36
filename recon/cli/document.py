"""The JSON document of a call, valid against docs/json.schema.json."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recon.shapes import Facts

SCHEMA = "recon/1"
LISTED = ("findings", "failures", "drift", "conflicts", "unknowns")


@dataclass(frozen=True, slots=True)
class Result:
    """What a command ends with: its exit code and its part of the document."""

    exit_code: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)


def empty() -> dict[str, Any]:
    """Every promised name, with nothing to tell."""
    return {
        "schema": SCHEMA,
        "command": "",
        "run": "",
        "company": "",
        "sandbox": False,
        "entities": {},
        "operations": {},
        **{name: [] for name in LISTED},
        "calls": {"least": 0},
        "seconds": 0,
        "needs_person": [],
        "error": None,
        "exit_code": 0,
    }


def of_facts(facts: Facts, **more: Any) -> Result:
    """A run's own document."""
    from recon import flow

    return Result(facts.exit_code, {**flow.document(facts), **more})


def text(document: Mapping[str, Any]) -> str:
    """The document as JSON, on one line."""
    from recon.shapes import plain

    return json.dumps(_finite(plain(document)), ensure_ascii=False, allow_nan=False)


def _finite(value: Any) -> Any:
    """JSON knows no NaN: what is not a number is null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return value
