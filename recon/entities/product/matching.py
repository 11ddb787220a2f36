"""Which article and which product, travel expense type or work type are the same.

Only records of one kind are compared: an article is of the kind that its type stands for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recon import text
from recon.shapes import Record, Value
from recon.spec import Likeness, Rule

Key = tuple[str, str]


def number(record: Record) -> Key | None:
    """The kind, and the article number or code."""
    return _within(record, text.number(record.number))


def name(record: Record) -> Key | None:
    """The kind, and the name however it is spelled."""
    return _within(record, " ".join(text.words(record.fields.get("name"))))


def _within(record: Record, found: str | None) -> Key | None:
    """An article merged into another is nobody's counterpart."""
    return (record.kind, found) if found and not record.attributes.get("merged_to") else None


def number_and_name(record: Record) -> tuple[Key, Key] | None:
    """Both, if there are both."""
    found = number(record), name(record)
    return (found[0], found[1]) if found[0] and found[1] else None


RULES = (
    Rule(
        "number_and_name",
        number_and_name,
        "code and article number are equal, and so are the names",
        connects=True,
        band="sure",
        score=0.99,
    ),
    Rule("number", number, "code and article number are equal", score=0.8),
    Rule("name", name, "the names are equal", score=0.75),
)


def features(record: Record, _its: Sequence[Record]) -> Mapping[str, Value] | None:
    """What is compared where no rule decides."""
    if record.attributes.get("merged_to"):
        return None
    return {"name": record.fields.get("name"), "number": record.number, "within": record.kind}


LIKENESS = Likeness("product", features)
