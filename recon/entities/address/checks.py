"""The checklist for addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from recon import text
from recon.entities import faults
from recon.entities.address.scope import creatable
from recon.entities.address.severa import SEVERA
from recon.entities.address.visma_global import GLOBAL, LINES
from recon.entities.faults import Line
from recon.shapes import Record
from recon.spec import Checkup, check

NAME = "address"
IN_SEVERA, IN_GLOBAL = SEVERA.where_to_fix, GLOBAL.where_to_fix
EITHER = f"{IN_GLOBAL}, or {IN_SEVERA}"
POST_CODES: Mapping[str, str] = MappingProxyType(
    {"NO": r"\d{4}", "DK": r"\d{4}", "SE": r"\d{5}", "FI": r"\d{5}"}
)


def _in_severa(checkup: Checkup) -> Iterator[Record]:
    return faults.concerned(checkup, NAME, "severa", creatable)


def _concerned(checkup: Checkup) -> Iterator[Record]:
    yield from faults.concerned(checkup, NAME, "global", creatable)
    yield from _in_severa(checkup)


def _title(checkup: Checkup, record: Record) -> str:
    """Whose address it is, in words."""
    owner = checkup.records("customer", record.side).get(record.parent or "")
    named = f"{owner.name} ({owner.number})" if owner else "no customer"
    return f"{named}, {record.role or 'no'} address"


@check("warning", EITHER)
def country_unknown(checkup: Checkup) -> Iterable[Line]:
    """An address has a country that is not in the list of countries."""
    return faults.unknown_codes(_concerned(checkup), "country", "country")


@check("warning", EITHER)
def country_not_in_the_other(checkup: Checkup) -> Iterable[Line]:
    """An address has a country that the other system's list of countries lacks."""
    return faults.not_in_the_other(checkup, _concerned(checkup), "country")


@check("warning", EITHER)
def post_code_wrong(checkup: Checkup) -> Iterable[Line]:
    """An address's post code does not have the form of its country."""
    for record in _concerned(checkup):
        code = text.post_code(record.fields.get("postcode"))
        shape = POST_CODES.get(str(record.fields.get("country")))
        if code and shape and not re.fullmatch(shape, code, re.ASCII):
            country = record.fields.get("country")
            yield record.side, record.key, f"{_title(checkup, record)}: {code[:20]} in {country}"


@check("info", IN_SEVERA)
def role_missing(checkup: Checkup) -> Iterable[Line]:
    """An address in Severa is marked neither postal, billing nor visiting, so it does not
    transfer."""
    for record in checkup.records(NAME, "severa").values():
        if not record.role and not record.attributes.get("empty"):
            yield "severa", record.key, _title(checkup, record)


@check("info", IN_SEVERA)
def role_twice(checkup: Checkup) -> Iterable[Line]:
    """A customer has several addresses in the same role in Severa; only the eldest transfers."""
    for record in checkup.records(NAME, "severa").values():
        if record.attributes.get("second"):
            yield "severa", record.key, f"{_title(checkup, record)} is not the eldest"


@check("warning", IN_GLOBAL)
def reference_astray(checkup: Checkup) -> Iterable[Line]:
    """A customer in Global refers to an invoice or delivery address that is not there or belongs
    to another customer."""
    for record in checkup.records(NAME, "global").values():
        for column in record.attributes.get("dangling", ()):
            yield "global", record.key, f"{_title(checkup, record)}: Customer.{column}"


@check("info", IN_SEVERA)
def street_too_many_lines(checkup: Checkup) -> Iterable[Line]:
    """An address in Severa has more street lines than Global; the last ones are joined."""
    for record in _in_severa(checkup):
        count = str(record.fields.get("street") or "").count("\n") + 1
        if count > LINES:
            yield "severa", record.key, f"{_title(checkup, record)}: {count} lines"


@check("warning", IN_SEVERA)
def text_too_long(checkup: Checkup) -> Iterable[Line]:
    """An address's text in Severa is too long for Global."""
    return faults.too_long(checkup, GLOBAL, _in_severa(checkup))


@check("warning", IN_SEVERA)
def text_not_encodable(checkup: Checkup) -> Iterable[Line]:
    """An address's text in Severa has characters that Global may not be able to store."""
    return faults.not_encodable(checkup, GLOBAL, _in_severa(checkup))


@check("warning", IN_GLOBAL)
def severa_guid_astray(checkup: Checkup) -> Iterable[Line]:
    """An address's SeveraGUID in Global points to nothing in Severa."""
    return faults.guids_astray(checkup, NAME)


@check("blocker", IN_GLOBAL)
def severa_guid_twice(checkup: Checkup) -> Iterable[Line]:
    """Several addresses in Global carry the same SeveraGUID."""
    return faults.guids_twice(checkup, NAME)


CHECKS = (
    country_unknown,
    country_not_in_the_other,
    post_code_wrong,
    role_missing,
    role_twice,
    reference_astray,
    street_too_many_lines,
    text_too_long,
    text_not_encodable,
    severa_guid_astray,
    severa_guid_twice,
)
