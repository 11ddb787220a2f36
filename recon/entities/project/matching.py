"""Which projects are the same in both systems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recon import text
from recon.shapes import Record, Value
from recon.spec import Likeness, Rule


def number(record: Record) -> str | None:
    """The project number; a project of another company is never ours."""
    return None if record.attributes.get("ours") is False else text.number(record.number)


def name(record: Record) -> str | None:
    """The name, however it is spelled."""
    if record.attributes.get("ours") is False:
        return None
    return " ".join(text.words(record.fields.get("name"))) or None


def number_and_name(record: Record) -> tuple[str, str] | None:
    """Both, if there are both."""
    found = number(record), name(record)
    return (found[0], found[1]) if found[0] and found[1] else None


RULES = (
    Rule(
        "number_and_name",
        number_and_name,
        "the project numbers are equal, and so are the names",
        connects=True,
        band="sure",
        score=0.99,
    ),
    Rule("number", number, "the project numbers are equal", score=0.8),
    Rule(
        "name_and_customer",
        name,
        "the names are equal, and the customer is the same",
        score=0.75,
        under="customer",
    ),
)


def features(record: Record, _its: Sequence[Record]) -> Mapping[str, Value] | None:
    """What is compared where no rule decides."""
    if record.attributes.get("ours") is False:
        return None
    return {"name": record.fields.get("name"), "number": record.number}


LIKENESS = Likeness("project", features, under="customer")
