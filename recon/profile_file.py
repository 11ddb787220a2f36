"""A profile's text with more settings in it: all that stands there, comments too, stays."""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

from recon import settings
from recon.errors import Usage

Path_ = tuple[str, ...]
HEADER = re.compile(r"^\s*\[(?P<name>[^\[\]]+)\]\s*(#.*)?$")


def completed(text: str, answers: Mapping[Path_, Any]) -> str | None:
    """The text with these settings set; None where it is written in a way that would lose some,
    so that it must be written anew."""
    lines = text.splitlines()
    for path, value in answers.items():
        _put(lines, path, _line(path[-1], value))
    made = "\n".join(lines).strip("\n") + "\n"
    try:
        return made if tomllib.loads(made) == merged(tomllib.loads(text), answers) else None
    except tomllib.TOMLDecodeError:
        return None


def tables(text: str) -> dict[str, Any]:
    """A profile's text as tables."""
    return tomllib.loads(text)


def merged(profile: Mapping[str, Any], answers: Mapping[Path_, Any]) -> dict[str, Any]:
    """The profile's tables with these settings set."""
    found = deepcopy(dict(profile))
    for path, value in answers.items():
        table = found
        for name in path[:-1]:
            table = table.setdefault(name, {})
        table[path[-1]] = value
    return found


def save(path: Path, before: str, answers: Mapping[Path_, Any]) -> Path | None:
    """Write the profile with these settings, once it is known to be a valid one. Where comments
    would be lost, the old text is kept beside it, and its path is what is returned."""
    text, kept = completed(before, answers), None
    if text is None:
        tables = merged(tomllib.loads(before), answers)
        text, kept = settings.dump(tables), path.with_name(path.name + ".before")
        if tomllib.loads(text) != tables:
            raise Usage("The profile holds what cannot be written anew", where=str(path))
    settings.parse(text, str(path))
    if kept:
        write(kept, before)
    write(path, text)
    return kept


def write(path: Path, text: str) -> None:
    """Put the text into the file, all of it or nothing; its rights and line ends stay."""
    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    ends = "\r\n" if target.exists() and b"\r\n" in target.read_bytes() else "\n"
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline=ends) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(target.stat().st_mode if target.exists() else 0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _line(key: str, value: Any) -> str:
    """One setting as TOML."""
    return settings.dump({"x": {key: value}}).splitlines()[1]


def _put(lines: list[str], path: Path_, line: str) -> None:
    """Set a setting in its table, which is added at the end where it is not there."""
    start = next((n for n, row in enumerate(lines) if _named(row) == path[:-1]), None)
    if start is None:
        lines += ([""] if lines and lines[-1].strip() else []) + [_table(path[:-1]), line]
        return
    ends = next((n for n in range(start + 1, len(lines)) if _named(lines[n])), len(lines))
    for number in range(start + 1, ends):
        if re.match(rf"^\s*{re.escape(_key(path[-1]))}\s*=", lines[number]):
            lines[number] = line + _comment(lines[number])
            return
    while ends > start + 1 and not lines[ends - 1].strip():
        ends -= 1
    lines.insert(ends, line)


def _comment(row: str) -> str:
    """What stands behind a setting, with the spaces before it."""
    for found in re.finditer(r"\s*#", row):
        with suppress(tomllib.TOMLDecodeError):
            tomllib.loads(row[: found.start()])
            return row[found.start() :]
    return ""


def _named(row: str) -> Path_:
    """The table that a line begins; nothing for any other line."""
    match = HEADER.match(row)
    if not match:
        return ()
    return tuple(part.strip().strip('"') for part in match["name"].split("."))


def _table(path: Path_) -> str:
    return "[" + ".".join(map(_key, path)) + "]"


def _key(name: str) -> str:
    return _line(name, 0).partition(" = ")[0]
