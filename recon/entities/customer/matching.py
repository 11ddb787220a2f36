"""Which customers are the same in both systems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recon import text
from recon.shapes import Record, Value
from recon.spec import Likeness, Rule


def number(record: Record) -> str | None:
    """The customer number."""
    return text.number(record.number)


def name(record: Record) -> str | None:
    """The name without legal form and ways of spelling."""
    return text.company(record.fields.get("name"))


def number_and_name(record: Record) -> tuple[str, str] | None:
    """Both, if there are both; a row merged into another is nobody's counterpart by itself."""
    found = number(record), name(record)
    if record.attributes.get("merged_to") or not found[0] or not found[1]:
        return None
    return found[0], found[1]


def organisation_number(record: Record) -> str | None:
    """The bare organisation number."""
    return text.organisation_number(record.fields.get("organisation_number"))


def email(record: Record) -> str | None:
    """The e-mail address, if it can be one."""
    found = text.email(record.fields.get("email"))
    return found if found and text.plausible_email(found) else None


RULES = (
    Rule(
        "number_and_name",
        number_and_name,
        "the customer numbers are equal, and so are the names",
        connects=True,
        band="sure",
        score=0.99,
    ),
    Rule(
        "organisation_number",
        organisation_number,
        "the organisation numbers are equal",
        score=0.85,
    ),
    Rule("number", number, "the customer numbers are equal", score=0.8),
    Rule("name", name, "the names are equal", score=0.75),
    Rule("email", email, "the e-mail addresses are equal", score=0.6),
)


def features(record: Record, its: Sequence[Record]) -> Mapping[str, Value] | None:
    """What is compared where no rule decides."""
    if record.attributes.get("merged_to"):
        return None
    told = {name: record.fields.get(name) for name in ("name", "organisation_number", "email")}
    own = [one for one in its if "street" in one.fields and not one.attributes.get("empty")]
    place = min(own, key=lambda one: (one.role != "postal", one.key)).fields if own else {}
    names = ("street", "postcode", "city", "country", "phone")
    return {**told, "number": record.number, **{name: place.get(name) for name in names}}


LIKENESS = Likeness("company", features)
