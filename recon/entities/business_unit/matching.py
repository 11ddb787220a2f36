"""Which business unit and which department are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recon import text
from recon.shapes import Record, Value
from recon.spec import Likeness, Rule


def _outside(record: Record) -> bool:
    """Topmost units and those of other companies are never anybody's department."""
    return bool(record.attributes.get("root")) or record.attributes.get("ours") is False


def number(record: Record) -> str | None:
    """The department number or the unit's code."""
    return None if _outside(record) else text.number(record.number)


def name(record: Record) -> str | None:
    """The name, however it is spelled."""
    return None if _outside(record) else " ".join(text.words(record.fields.get("name"))) or None


def number_and_name(record: Record) -> tuple[str, str] | None:
    """Both, if there are both."""
    found = number(record), name(record)
    return (found[0], found[1]) if found[0] and found[1] else None


RULES = (
    Rule(
        "number_and_name",
        number_and_name,
        "code and department number are equal, and so are the names",
        connects=True,
        band="sure",
        score=0.99,
    ),
    Rule("number", number, "code and department number are equal", score=0.8),
    Rule("name", name, "the names are equal", score=0.75),
)


def features(record: Record, _its: Sequence[Record]) -> Mapping[str, Value] | None:
    """What is compared where no rule decides."""
    if _outside(record):
        return None
    return {"name": record.fields.get("name"), "number": record.number}


LIKENESS = Likeness("unit", features)
