"""The checklist for contacts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recon import text
from recon.entities import faults
from recon.entities.contact import matching
from recon.entities.contact.scope import creatable
from recon.entities.contact.severa import SEVERA
from recon.entities.contact.visma_global import GLOBAL
from recon.entities.faults import Line
from recon.shapes import Record
from recon.spec import Checkup, check

NAME = "contact"
IN_SEVERA, IN_GLOBAL = SEVERA.where_to_fix, GLOBAL.where_to_fix
EITHER = f"{IN_GLOBAL}, or {IN_SEVERA}"


def _in_severa(checkup: Checkup) -> Iterator[Record]:
    return faults.concerned(checkup, NAME, "severa", creatable)


def _concerned(checkup: Checkup) -> Iterator[Record]:
    yield from faults.concerned(checkup, NAME, "global", creatable)
    yield from _in_severa(checkup)


def _title(checkup: Checkup, record: Record) -> str:
    owner = checkup.records("customer", record.side).get(record.parent or "")
    return f"{record.name} of {owner.name} ({owner.number})" if owner else record.name


def _name_here(record: Record) -> tuple[str, str] | None:
    found = matching.name(record)
    return (record.parent, found) if record.parent and found else None


@check("warning", EITHER)
def name_missing(checkup: Checkup) -> Iterable[Line]:
    """A contact has no name."""
    for record in _concerned(checkup):
        if not record.fields.get("name"):
            yield record.side, record.key, _title(checkup, record)


@check("info", IN_GLOBAL)
def name_of_one_word(checkup: Checkup) -> Iterable[Line]:
    """A contact's name in Global is one word; in Severa its first name becomes '-'."""
    for record in faults.concerned(checkup, NAME, "global", creatable):
        parts = text.split(record.fields.get("name"))
        if parts and parts[0] == text.NOBODY:
            yield "global", record.key, _title(checkup, record)


@check("warning", EITHER)
def name_duplicated(checkup: Checkup) -> Iterable[Line]:
    """Several contacts of one customer have the same name."""
    for several in faults.groups(
        _concerned(checkup), lambda r: (r.side, _name_here(r)) if _name_here(r) else None
    ).values():
        for record in several if len(several) > 1 else []:
            yield record.side, record.key, f"{_title(checkup, record)}: {len(several)} of them"


@check("warning", EITHER)
def email_shared(checkup: Checkup) -> Iterable[Line]:
    """Contacts of one system share an e-mail address."""
    for side in ("global", "severa"):
        records = faults.concerned(checkup, NAME, side, creatable)
        yield from faults.duplicates(records, matching.email, "e-mail")


@check("warning", EITHER)
def customer_inactive(checkup: Checkup) -> Iterable[Line]:
    """An active contact belongs to a customer that is inactive, locked or merged."""
    for record in _concerned(checkup):
        owner = checkup.records("customer", record.side).get(record.parent or "")
        word = _out_of_use(owner) if owner and record.fields.get("active") else ""
        if word:
            yield record.side, record.key, f"{_title(checkup, record)}, which is {word}"


def _out_of_use(customer: Record) -> str:
    if not customer.fields.get("active"):
        return "inactive"
    if customer.attributes.get("merged_to"):
        return f"merged into {customer.attributes['merged_to']}"
    return "locked" if customer.attributes.get("locked") else ""


@check("warning", IN_GLOBAL)
def customer_missing(checkup: Checkup) -> Iterable[Line]:
    """A contact belongs to a customer that does not exist."""
    for record in faults.both_sides(checkup, NAME):
        if record.parent not in checkup.records("customer", record.side):
            yield record.side, record.key, f"{record.name}: customer {record.parent or 'none'}"


@check("warning", IN_SEVERA)
def text_too_long(checkup: Checkup) -> Iterable[Line]:
    """A contact's text in Severa is too long for Global."""
    return faults.too_long(checkup, GLOBAL, _in_severa(checkup))


@check("warning", IN_SEVERA)
def text_not_encodable(checkup: Checkup) -> Iterable[Line]:
    """A contact's text in Severa has characters that Global may not be able to store."""
    return faults.not_encodable(checkup, GLOBAL, _in_severa(checkup))


@check("warning", IN_GLOBAL)
def severa_guid_astray(checkup: Checkup) -> Iterable[Line]:
    """A contact's SeveraGUID in Global points to nothing in Severa."""
    return faults.guids_astray(checkup, NAME)


@check("blocker", IN_GLOBAL)
def severa_guid_twice(checkup: Checkup) -> Iterable[Line]:
    """Several contacts in Global carry the same SeveraGUID."""
    return faults.guids_twice(checkup, NAME)


CHECKS = (
    name_missing,
    name_of_one_word,
    name_duplicated,
    email_shared,
    customer_inactive,
    customer_missing,
    text_too_long,
    text_not_encodable,
    severa_guid_astray,
    severa_guid_twice,
)
