"""Text from outside made fit for a workbook or a page, without changing what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_CHARACTERS = 32_767
MARK = " […cut]"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
_LONGEST_SHEET_NAME = 31


def legal(text: str) -> str:
    """The text without characters that XML forbids, every line end as one `\\n`."""
    if text.isprintable():
        return text
    return _ILLEGAL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def cell_text(text: str) -> str:
    """The text as an Excel cell may hold it: at most 32,767 UTF-16 units, a cut is marked."""
    kept = legal(text)
    if len(kept) <= MOST_CHARACTERS // 2 or _units(kept) <= MOST_CHARACTERS:
        return kept
    room = MOST_CHARACTERS - len(MARK)
    return kept.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore") + MARK


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def sheet_names(names: Iterable[str]) -> list[str]:
    """Legal sheet names in the same order: at most 31 characters, unique whatever their case."""
    taken: set[str] = set()
    return [_free_name(_sheet_name(name), taken) for name in names]


def _sheet_name(name: str) -> str:
    kept = _NOT_IN_SHEET_NAMES.sub(" ", legal(name))
    kept = " ".join(kept.split()).strip("'")[:_LONGEST_SHEET_NAME].strip("' ")
    return "Sheet" if not kept or kept.casefold() == "history" else kept


def _free_name(name: str, taken: set[str]) -> str:
    free, count = name, 1
    while free.casefold() in taken:
        count += 1
        tail = f" {count}"
        free = name[: _LONGEST_SHEET_NAME - len(tail)].rstrip("' ") + tail
    taken.add(free.casefold())
    return free
