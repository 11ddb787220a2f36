"""Looks for canaries in every byte that was written, whatever the file is made of."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from zipfile import ZipFile, is_zipfile


def found(canaries: Iterable[str], texts: Iterable[tuple[str, bytes]]) -> list[str]:
    """Where a canary stands, as 'place: canary'."""
    forms = [(canary, form) for canary in sorted(canaries) for form in _forms(canary)]
    return [
        f"{place}: {canary}"
        for place, text in texts
        for canary, form in forms
        if form in text.lower()
    ]


def _forms(canary: str) -> set[bytes]:
    """A text as it may stand in a file: in UTF-8 or UTF-16, or in base64 at any offset."""
    raw = canary.encode()
    coded = {base64.b64encode(raw[at : at + (len(raw) - at) // 3 * 3]) for at in range(3)}
    whole = {one for one in coded if len(one) >= 12}
    return {form.lower() for form in {raw, canary.encode("utf-16-le"), *whole}}


def written(folder: Path, leave: Iterable[str] = ()) -> Iterator[tuple[str, bytes]]:
    """Every file under a folder, packed ones unpacked and databases row by row too."""
    left = set(leave)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not left & {name.partition("/")[0], path.name}:
            yield name, path.read_bytes()
            yield from _inside(name, path)


def _inside(name: str, path: Path) -> Iterator[tuple[str, bytes]]:
    if is_zipfile(path):
        with ZipFile(path) as packed:
            yield from ((f"{name}/{part}", packed.read(part)) for part in packed.namelist())
    elif path.read_bytes()[:15] == b"SQLite format 3":
        yield from _rows(name, path)


def _rows(name: str, path: Path) -> Iterator[tuple[str, bytes]]:
    """A long value is cut over several pages of the file: only its row holds it whole."""
    database = sqlite3.connect(path)
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        for row in database.execute(f'SELECT * FROM "{table}"'):
            yield f"{name}/{table}", "\0".join(map(str, row)).encode("utf-8", "replace")
    database.close()
