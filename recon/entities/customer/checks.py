"""The checklist for customers: numbers, names, organisation numbers, e-mails, codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recon import text
from recon.entities import faults
from recon.entities.customer import matching
from recon.entities.customer.scope import creatable
from recon.entities.customer.severa import SEVERA
from recon.entities.customer.usage import CHECKS as USAGE
from recon.entities.customer.visma_global import GLOBAL
from recon.entities.faults import Line
from recon.entities.siblings import once
from recon.shapes import Record
from recon.spec import Checkup, check

NAME = "customer"
IN_SEVERA, IN_GLOBAL = SEVERA.where_to_fix, GLOBAL.where_to_fix
EITHER = f"{IN_GLOBAL}, or {IN_SEVERA}"


def _concerned(checkup: Checkup) -> Iterator[Record]:
    """The customers of both systems that are linked or would transfer."""
    yield from faults.concerned(checkup, NAME, "global", creatable)
    yield from faults.concerned(checkup, NAME, "severa", creatable)


def _in_severa(checkup: Checkup) -> Iterator[Record]:
    return faults.concerned(checkup, NAME, "severa", creatable)


def _country(checkup: Checkup, record: Record) -> str | None:
    """The customer's country by ISO code: its own, else that of one of its addresses."""
    country = record.attributes.get("country")
    if record.side == "global" and country:
        return str(country)
    return next(iter(_addressed(checkup, record, "country")), None)


def _addressed(checkup: Checkup, record: Record, field: str) -> list[str]:
    addresses = once(
        checkup.context,
        "addresses by customer",
        lambda: faults.groups(faults.both_sides(checkup, "address"), lambda r: (r.side, r.parent)),
    )
    values = [a.fields.get(field) for a in addresses.get((record.side, record.key), [])]
    return [str(value) for value in values if value]


# --- numbers and names ------------------------------------------------------------------------


@check("warning", IN_SEVERA)
def number_missing(checkup: Checkup) -> Iterable[Line]:
    """A customer in Severa that should transfer has no number."""
    for record in _in_severa(checkup):
        if not text.numeric(record.number):
            yield "severa", record.key, f"{record.name}: no customer number"


@check("blocker", IN_SEVERA)
def number_duplicated(checkup: Checkup) -> Iterable[Line]:
    """Several customers in Severa have the same number."""
    records = checkup.records(NAME, "severa").values()
    return faults.duplicates(records, matching.number, "number")


@check("warning", EITHER)
def name_missing(checkup: Checkup) -> Iterable[Line]:
    """A customer has no name."""
    for record in faults.both_sides(checkup, NAME):
        if not record.fields.get("name"):
            yield record.side, record.key, f"Customer {record.number or record.key} has no name"


@check("warning", EITHER)
def name_duplicated(checkup: Checkup) -> Iterable[Line]:
    """Several customers of one system have the same name (legal form and spelling apart)."""
    for side in ("global", "severa"):
        records = checkup.records(NAME, side).values()
        yield from faults.duplicates(records, matching.name, "the name")


@check("warning", EITHER)
def organisation_number_duplicated(checkup: Checkup) -> Iterable[Line]:
    """Several customers of one system have the same organisation number."""
    for side in ("global", "severa"):
        records = checkup.records(NAME, side).values()
        yield from faults.duplicates(records, matching.organisation_number, "organisation number")


@check("info", EITHER)
def email_shared(checkup: Checkup) -> Iterable[Line]:
    """Several customers of one system have the same e-mail address."""
    for side in ("global", "severa"):
        records = checkup.records(NAME, side).values()
        yield from faults.duplicates(records, matching.email, "e-mail")


@check("blocker", EITHER)
def same_number_different_name(checkup: Checkup) -> Iterable[Line]:
    """Customers of both systems have the same number but different names."""
    return faults.rivals(checkup, NAME, matching.number, matching.name)


@check("warning", EITHER)
def same_name_different_number(checkup: Checkup) -> Iterable[Line]:
    """Customers of both systems have the same name but different numbers."""
    return faults.rivals(checkup, NAME, matching.name, matching.number)


# --- what a customer should have --------------------------------------------------------------


@check("warning", EITHER)
def organisation_number_missing(checkup: Checkup) -> Iterable[Line]:
    """A customer that transfers has no organisation number."""
    for record in _concerned(checkup):
        if not record.fields.get("organisation_number"):
            yield record.side, record.key, f"{record.name}: no organisation number"


@check("warning", EITHER)
def organisation_number_wrong(checkup: Checkup) -> Iterable[Line]:
    """A customer's organisation or VAT number has a wrong check digit."""
    for record in _concerned(checkup):
        value = record.fields.get("organisation_number")
        if text.valid_organisation_number(value, _country(checkup, record)) is False:
            yield record.side, record.key, f"{record.name}: {value} has a wrong check digit"


@check("info", IN_GLOBAL)
def two_organisation_numbers(checkup: Checkup) -> Iterable[Line]:
    """A customer's CompanyNo and VATRegNo in Global are different numbers; CompanyNo is used."""
    for record in faults.concerned(checkup, NAME, "global", creatable):
        found = [record.attributes.get(name) for name in ("company_no", "vat_reg_no")]
        if all(found) and text.organisation_number(found[0]) != text.organisation_number(found[1]):
            yield "global", record.key, f"{record.name}: {found[0]} and {found[1]}"


@check("warning", EITHER)
def email_invalid(checkup: Checkup) -> Iterable[Line]:
    """A customer's e-mail address cannot be right."""
    for record in _concerned(checkup):
        email = record.fields.get("email")
        if email and not text.plausible_email(str(email)):
            yield record.side, record.key, f"{record.name}: {str(email)[:80]}"


@check("warning", EITHER)
def country_missing(checkup: Checkup) -> Iterable[Line]:
    """A customer that transfers has no country."""
    for record in _concerned(checkup):
        # A number that Global's list lacks is a finding of the customer's postal address.
        if not record.attributes.get("country_no") and not _country(checkup, record):
            yield record.side, record.key, f"{record.name}: no country"


@check("warning", EITHER)
def post_code_missing(checkup: Checkup) -> Iterable[Line]:
    """A customer that transfers has no post code in any address."""
    for record in _concerned(checkup):
        own = record.attributes.get("post_code")
        if not own and not _addressed(checkup, record, "postcode"):
            yield record.side, record.key, f"{record.name}: no post code"


@check("warning", EITHER)
def currency_unknown(checkup: Checkup) -> Iterable[Line]:
    """A customer has a currency that is not in the list of currencies."""
    return faults.unknown_codes(_concerned(checkup), "currency", "currency")


@check("warning", EITHER)
def payment_term_unknown(checkup: Checkup) -> Iterable[Line]:
    """A customer has a payment term that Global does not have."""
    yield from faults.unknown_codes(_concerned(checkup), "payment_term", "payment term")
    for record in _in_severa(checkup):
        days = record.fields.get("payment_term")
        if days is not None and checkup.context.lookup.to_global("payment_term", days) is None:
            yield "severa", record.key, f"{record.name}: Global has no term of {days} days"


@check("warning", EITHER)
def currency_not_in_the_other(checkup: Checkup) -> Iterable[Line]:
    """A customer has a currency that the other system's list of currencies lacks."""
    return faults.not_in_the_other(checkup, _concerned(checkup), "currency")


@check("warning", EITHER)
def e_invoice_address_wrong(checkup: Checkup) -> Iterable[Line]:
    """A customer's e-invoice address does not have the form of one."""
    for record in _concerned(checkup):
        value = record.fields.get("e_invoice_address")
        if value and not text.plausible_e_invoice_address(str(value)):
            yield record.side, record.key, f"{record.name}: {str(value)[:80]}"


@check("warning", IN_SEVERA)
def text_too_long(checkup: Checkup) -> Iterable[Line]:
    """A customer's text in Severa is too long for Global."""
    return faults.too_long(checkup, GLOBAL, _in_severa(checkup))


@check("warning", IN_SEVERA)
def text_not_encodable(checkup: Checkup) -> Iterable[Line]:
    """A customer's text in Severa has characters that Global may not be able to store."""
    return faults.not_encodable(checkup, GLOBAL, _in_severa(checkup))


@check("warning", IN_GLOBAL)
def severa_guid_astray(checkup: Checkup) -> Iterable[Line]:
    """A customer's SeveraGUID in Global points to nothing in Severa."""
    return faults.guids_astray(checkup, NAME)


@check("blocker", IN_GLOBAL)
def severa_guid_twice(checkup: Checkup) -> Iterable[Line]:
    """Several customers in Global carry the same SeveraGUID."""
    return faults.guids_twice(checkup, NAME)


CHECKS = (
    number_missing,
    number_duplicated,
    name_missing,
    name_duplicated,
    organisation_number_duplicated,
    email_shared,
    same_number_different_name,
    same_name_different_number,
    organisation_number_missing,
    organisation_number_wrong,
    two_organisation_numbers,
    email_invalid,
    country_missing,
    post_code_missing,
    currency_unknown,
    currency_not_in_the_other,
    payment_term_unknown,
    e_invoice_address_wrong,
    text_too_long,
    text_not_encodable,
    severa_guid_astray,
    severa_guid_twice,
    *USAGE,
)
