"""Which contacts of a linked customer are the same: by e-mail, else by name without rival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recon import text
from recon.shapes import Record, Value
from recon.spec import Likeness, Rule


def email(record: Record) -> str | None:
    """The e-mail address, if it can be one."""
    found = text.email(record.attributes.get("email"))
    return found if found and text.plausible_email(found) else None


def name(record: Record) -> str | None:
    """First and last name, however they are spelled."""
    return text.person_key(record.fields.get("name"))


RULES = (
    Rule(
        "email",
        email,
        "the e-mail addresses are equal, under the same customer",
        connects=True,
        band="likely",
        score=0.9,
    ),
    Rule(
        "name",
        name,
        "the names are equal, under the same customer",
        connects=True,
        band="likely",
        score=0.8,
    ),
)


def features(record: Record, its: Sequence[Record]) -> Mapping[str, Value] | None:
    """What is compared where no rule decides."""
    reached = [str(one.fields.get("value") or "") for one in its]
    phones = [value for value in reached if "@" not in value and text.plausible_phone(value)]
    return {
        "name": record.fields.get("name"),
        "email": email(record),
        "phone": min(phones, default=None),
    }


LIKENESS = Likeness("person", features)
