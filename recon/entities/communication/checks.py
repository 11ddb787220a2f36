"""The checklist for contacts' e-mails and phones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recon import text
from recon.entities import faults
from recon.entities.communication.scope import creatable
from recon.entities.communication.severa import SEVERA
from recon.entities.communication.visma_global import GLOBAL
from recon.entities.faults import Line
from recon.shapes import Record
from recon.spec import Checkup, check

NAME = "communication"
IN_SEVERA, IN_GLOBAL = SEVERA.where_to_fix, GLOBAL.where_to_fix
EITHER = f"{IN_GLOBAL}, or {IN_SEVERA}"


def _in_severa(checkup: Checkup) -> Iterator[Record]:
    return faults.concerned(checkup, NAME, "severa", creatable)


def _concerned(checkup: Checkup) -> Iterator[Record]:
    yield from faults.concerned(checkup, NAME, "global", creatable)
    yield from _in_severa(checkup)


def _title(checkup: Checkup, record: Record) -> str:
    contact = checkup.records("contact", record.side).get(record.parent or "")
    return contact.name if contact else "unknown contact"


def _values(checkup: Checkup, email: object) -> Iterator[tuple[Record, str]]:
    for record in _concerned(checkup):
        value = str(record.fields.get("value") or "")
        if value and (record.role == "email") is email:
            yield record, value


@check("warning", EITHER)
def email_invalid(checkup: Checkup) -> Iterable[Line]:
    """A contact's e-mail address cannot be right."""
    for record, value in _values(checkup, True):
        if not text.plausible_email(value):
            yield record.side, record.key, f"{_title(checkup, record)}: {value[:80]}"


@check("info", EITHER)
def phone_invalid(checkup: Checkup) -> Iterable[Line]:
    """A contact's phone number cannot be right."""
    for record, value in _values(checkup, False):
        if not text.plausible_phone(value):
            yield record.side, record.key, f"{_title(checkup, record)}: {value[:80]}"


@check("info", IN_SEVERA)
def role_twice(checkup: Checkup) -> Iterable[Line]:
    """A contact has several e-mails or phones of one kind in Severa; Global holds one."""
    for record in checkup.records(NAME, "severa").values():
        if record.attributes.get("second"):
            what = f"a further {record.role}"
            yield "severa", record.key, f"{_title(checkup, record)}: {what} stays in Severa alone"


@check("info", IN_SEVERA)
def forbidden_to_use(checkup: Checkup) -> Iterable[Line]:
    """A contact's e-mail or phone that transfers is marked as forbidden to use in Severa."""
    for record in _in_severa(checkup):
        if record.attributes.get("forbidden"):
            yield "severa", record.key, f"{_title(checkup, record)}: {record.role}"


@check("warning", IN_SEVERA)
def text_too_long(checkup: Checkup) -> Iterable[Line]:
    """A contact's e-mail or phone in Severa is too long for Global."""
    return faults.too_long(checkup, GLOBAL, _in_severa(checkup))


@check("warning", IN_SEVERA)
def text_not_encodable(checkup: Checkup) -> Iterable[Line]:
    """A contact's e-mail or phone in Severa has characters that Global may not be able to
    store."""
    return faults.not_encodable(checkup, GLOBAL, _in_severa(checkup))


CHECKS = (
    email_invalid,
    phone_invalid,
    role_twice,
    forbidden_to_use,
    text_too_long,
    text_not_encodable,
)
