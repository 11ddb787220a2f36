"""The checklist for articles, products, travel expense types and work types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from recon import money, text
from recon.entities import faults
from recon.entities.faults import Line
from recon.entities.product import matching
from recon.entities.product.codes import NAME, codes, in_severa, uncoded
from recon.entities.product.scope import creatable
from recon.entities.product.usage import CHECKS as USAGE
from recon.entities.product.usage import EITHER, IN_GLOBAL, IN_SEVERA, kind_of
from recon.entities.product.visma_global import GLOBAL, KEY
from recon.shapes import Record
from recon.spec import Checkup, check


def _concerned(checkup: Checkup) -> Iterator[Record]:
    """The records of both systems that are linked or would transfer."""
    yield from faults.concerned(checkup, NAME, "global", creatable)
    yield from in_severa(checkup)


# --- codes and names --------------------------------------------------------------------------


@check("warning", IN_SEVERA)
def code_missing(checkup: Checkup) -> Iterable[Line]:
    """A product, travel expense type or work type in Severa has no code."""
    proposed = {record.key: code for record, code in codes(checkup)}
    for record in uncoded(checkup):
        code = proposed.get(record.key)
        words = f"proposed code {code}" if code else "give it the code of its article"
        yield "severa", record.key, f"{record.name} ({kind_of(record)}): no code; {words}"


@check("blocker", IN_SEVERA)
def code_duplicated(checkup: Checkup) -> Iterable[Line]:
    """Several records of one kind in Severa have the same code."""
    for several in faults.groups(_severa(checkup), matching.number).values():
        yield from faults.duplicates(several, lambda r: r.number and text.number(r.number), "code")


@check("blocker", IN_SEVERA)
def code_of_two_kinds(checkup: Checkup) -> Iterable[Line]:
    """One code is used by records of two kinds in Severa, though it is one article in Global."""
    for code, several in faults.groups(_severa(checkup), lambda r: text.number(r.number)).items():
        for record in several:
            others = [r for r in several if r.kind != record.kind]
            if others:
                words = ", ".join(f"the {kind_of(r)} {r.name}" for r in others)
                line = f"{record.name} ({kind_of(record)}): code {code} is also at {words}"
                yield "severa", record.key, line, tuple((r.side, r.key) for r in others)


def _severa(checkup: Checkup) -> Iterable[Record]:
    return checkup.records(NAME, "severa").values()


@check("blocker", IN_SEVERA)
def code_too_long(checkup: Checkup) -> Iterable[Line]:
    """A code in Severa is too long for an article number in Global."""
    limit = checkup.length(GLOBAL.table, KEY)
    for record in in_severa(checkup):
        if limit is not None and len(record.number or "") > limit:
            where = f"{len(record.number or '')} characters, {GLOBAL.table}.{KEY} takes {limit}"
            yield "severa", record.key, f"{record.name}: code of {where}"


@check("warning", EITHER)
def name_missing(checkup: Checkup) -> Iterable[Line]:
    """An article, product, travel expense type or work type has no name."""
    for record in faults.both_sides(checkup, NAME):
        if not record.fields.get("name"):
            yield record.side, record.key, f"{record.number or record.key} has no name"


@check("warning", EITHER)
def name_duplicated(checkup: Checkup) -> Iterable[Line]:
    """Several records of one kind in one system have the same name."""
    for records in (checkup.records(NAME, "global").values(), _severa(checkup)):
        for several in faults.groups(records, matching.name).values():
            yield from faults.duplicates(several, lambda r: matching.name(r) and r.name, "the name")


@check("blocker", EITHER)
def same_number_different_name(checkup: Checkup) -> Iterable[Line]:
    """An article and a record of its kind in Severa have the same number but different names."""
    return faults.rivals(checkup, NAME, matching.number, matching.name)


@check("warning", EITHER)
def same_name_different_number(checkup: Checkup) -> Iterable[Line]:
    """An article and a record of its kind in Severa have the same name but different numbers."""
    return faults.rivals(checkup, NAME, matching.name, matching.number)


# --- units, VAT, prices, texts ----------------------------------------------------------------


@check("warning", EITHER)
def unit_unknown(checkup: Checkup) -> Iterable[Line]:
    """A record's unit is not in Global's list of units."""
    lookup = checkup.context.lookup
    found = [(r, str(r.fields["unit"])) for r in _concerned(checkup) if r.fields.get("unit")]
    known = {unit: lookup.to_global("unit", text.fold(unit)) is not None for _, unit in found}
    # Where Global knows none of them, it keeps no list of units.
    for record, unit in found if any(known.values()) else []:
        if not known[unit]:
            yield record.side, record.key, f"{record.name}: unknown unit {unit[:40]}"


@check("warning", EITHER)
def vat_rate_unknown(checkup: Checkup) -> Iterable[Line]:
    """A record's VAT rate is not known in the other system."""
    lookup = checkup.context.lookup
    for record in _concerned(checkup):
        template = record.attributes.get("unknown", {}).get("vat_rate")
        rate = record.fields.get("vat_rate")
        if template is not None:
            text_ = f"{record.name}: posting template {template} has no VAT rate in force"
            yield record.side, record.key, text_
        elif isinstance(rate, Decimal):
            shown = str(money.bare(rate))
            there = lookup.to_severa if record.side == "global" else lookup.to_global
            if there("vat_rate", shown) is None:
                yield record.side, record.key, f"{record.name}: unknown VAT rate {shown} %"


@check("warning", IN_SEVERA)
def currency_foreign(checkup: Checkup) -> Iterable[Line]:
    """A price in Severa is not in the company's currency, so it is not compared."""
    for record in in_severa(checkup):
        for field, code in record.attributes.get("unknown", {}).items():
            yield "severa", record.key, f"{record.name}: {field.replace('_', ' ')} in {code}"


@check("warning", IN_SEVERA)
def text_too_long(checkup: Checkup) -> Iterable[Line]:
    """A text in Severa is too long for Global."""
    return faults.too_long(checkup, GLOBAL, in_severa(checkup))


@check("warning", IN_SEVERA)
def text_not_encodable(checkup: Checkup) -> Iterable[Line]:
    """A text in Severa has characters that Global may not be able to store."""
    return faults.not_encodable(checkup, GLOBAL, in_severa(checkup))


@check("warning", IN_GLOBAL)
def severa_guid_astray(checkup: Checkup) -> Iterable[Line]:
    """An article's SeveraGUID points to nothing in Severa."""
    return faults.guids_astray(checkup, NAME)


@check("blocker", IN_GLOBAL)
def severa_guid_twice(checkup: Checkup) -> Iterable[Line]:
    """Several articles carry the same SeveraGUID."""
    return faults.guids_twice(checkup, NAME)


CHECKS = (
    code_missing,
    code_duplicated,
    code_of_two_kinds,
    code_too_long,
    name_missing,
    name_duplicated,
    same_number_different_name,
    same_name_different_number,
    unit_unknown,
    vat_rate_unknown,
    currency_foreign,
    text_too_long,
    text_not_encodable,
    severa_guid_astray,
    severa_guid_twice,
    *USAGE,
)
