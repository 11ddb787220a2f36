"""Which users and employees are the same person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recon import text
from recon.shapes import Record, Value
from recon.spec import Likeness, Rule


def _outside(record: Record) -> bool:
    """Users of other companies are nobody's employee here."""
    return record.attributes.get("ours") is False


def number(record: Record) -> str | None:
    """The employee number or the user's code."""
    return None if _outside(record) else text.number(record.number)


def name(record: Record) -> str | None:
    """First and last name, however they are spelled."""
    return None if _outside(record) else text.person_key(record.fields.get("name"))


def number_and_name(record: Record) -> tuple[str, str] | None:
    """Both, if there are both."""
    found = number(record), name(record)
    return (found[0], found[1]) if found[0] and found[1] else None


def email(record: Record) -> str | None:
    """The e-mail address, if it can be one."""
    found = text.email(record.fields.get("email"))
    return found if found and not _outside(record) and text.plausible_email(found) else None


RULES = (
    Rule(
        "number_and_name",
        number_and_name,
        "code and employee number are equal, and so are the names",
        connects=True,
        band="sure",
        score=0.99,
    ),
    Rule("number", number, "code and employee number are equal", score=0.8),
    Rule("email", email, "the e-mail addresses are equal", score=0.78),
    Rule("name", name, "the names are equal", score=0.75),
)


def features(record: Record, _its: Sequence[Record]) -> Mapping[str, Value] | None:
    """What is compared where no rule decides."""
    if _outside(record):
        return None
    told = {name: record.fields.get(name) for name in ("name", "email", "phone")}
    return {**told, "number": record.number}


LIKENESS = Likeness("person", features)
