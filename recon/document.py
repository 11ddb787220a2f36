"""What other programs read: the JSON document of a run, and plans as files."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from recon.desk import NAMED
from recon.entities import ENTITIES
from recon.errors import Stop, Usage
from recon.journal import operation
from recon.shapes import Facts, Operation, Outcome, Plan, plain

SCHEMA = "recon/1"


def counts(facts: Facts) -> dict[str, Any]:
    """The part of a run's document that tells where both systems stood after it."""
    return {
        "run": facts.run,
        "command": facts.command,
        "started": facts.started,
        "entities": _entities(facts),
        "linked": dict(facts.linked),
        "failures": plain(facts.failures),
        "exit_code": facts.exit_code,
    }


def document(facts: Facts) -> dict[str, Any]:
    """The JSON document of a run, valid against docs/json.schema.json."""
    return {
        **counts(facts),
        "schema": SCHEMA,
        "company": facts.company,
        "sandbox": facts.sandbox,
        "operations": _operations(facts),
        "findings": plain(facts.findings),
        "progress": plain(facts.progress),
        "fixed": plain(facts.fixed),
        "drift": [plain(d) for d in facts.differences if d.kind == "drift"],
        "conflicts": [plain(d) for d in facts.differences if d.kind == "conflict"],
        "initial_differences": [
            plain(d) for d in facts.differences if d.kind == "initial difference"
        ],
        "proposals": plain(facts.proposals),
        "counts": plain(facts.counts),
        "duplicates": plain(facts.duplicates),
        "unknowns": plain(facts.unknowns),
        "calls": {**facts.calls, "least": facts.least},
        "seconds": facts.seconds,
        "checksum": facts.checksum,
        "balanced": facts.balanced,
        "needs_person": list(facts.needs_person),
        "error": facts.error or None,
    }


def _entities(facts: Facts) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, sides in facts.read.items():
        found[name] = {side: {"read": count} for side, count in sides.items()}
    for o in facts.outcomes:
        states = found.setdefault(o.entity, {}).setdefault(o.side, {"read": 0})
        states[o.state] = states.get(o.state, 0) + 1
    return found


def _operations(facts: Facts) -> dict[str, int]:
    counted = [op for op, state, _ in facts.operations if state in ("planned", "done")]
    return dict(Counter(f"{op.kind} {NAMED[op.system]}" for op in counted))


def save(shown: Plan, path: Path) -> None:
    """Write a plan as JSON, with its checksum."""
    data = {**plain(shown), "checksum": shown.checksum, "schema": "recon-plan/1"}
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")


def _revived(op: Operation) -> Operation:
    """An operation from JSON with its values in their fields' own types."""
    entity = next(entity for entity in ENTITIES if entity.name == op.entity)
    return replace(op, before=entity.revived(op.before), after=entity.revived(op.after))


def load(path: Path) -> Plan:
    """A plan from its JSON file, or `Usage` if it is none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        operations = tuple(_revived(operation(row)) for row in data["operations"])
        ended = tuple(
            Outcome(**{**row, "operations": tuple(row["operations"])}) for row in data["outcomes"]
        )
        shown = Plan(data["run"], data["company"], data["fingerprint"], operations, ended)
    except (OSError, ArithmeticError, LookupError, StopIteration, TypeError, ValueError) as error:
        raise Usage(
            f"This is not a plan that can be read: {type(error).__name__}",
            where=str(path),
            todo="Name a file written by 'recon plan --out FILE'",
        ) from None
    if shown.checksum != data.get("checksum"):
        raise Stop(
            "The plan file was changed after it was written",
            where=str(path),
            todo="Make it again with 'recon plan --out FILE'",
        )
    return shown
