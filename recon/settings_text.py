"""A profile as TOML text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any


def dump(profile: Mapping[str, Any]) -> str:
    """A profile as TOML text: tables of scalars, lists and inline tables, in the given order."""
    lines: list[str] = []
    for name, table in profile.items():
        _table(name, table, lines)
    return "\n".join(lines) + "\n"


def _table(name: str, table: Mapping[str, Any], lines: list[str]) -> None:
    lines.append(f"[{name}]")
    nested = {k: v for k, v in table.items() if isinstance(v, Mapping)}
    lines += [f"{_name(k)} = {_toml(v)}" for k, v in table.items() if k not in nested]
    lines.append("")
    for key, value in nested.items():
        _table(f"{name}.{key}", value, lines)


def _name(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _toml(key)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
