"""Which contacts of a linked customer are the same: by e-mail, else by name without rival."""

from __future__ import annotations

from recon import text
from recon.shapes import Record
from recon.spec import Rule


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
