"""The checklist for users and employees: e-mail addresses, codes, names, departments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from recon import text
from recon.entities import faults, series
from recon.entities.employee import matching, names
from recon.entities.employee.codes import NAME, proposed
from recon.entities.employee.scope import creatable
from recon.entities.employee.severa import SEVERA
from recon.entities.employee.visma_global import GLOBAL, SERIES
from recon.entities.faults import Line
from recon.shapes import Record, Side
from recon.spec import Checkup, check

IN_SEVERA, IN_GLOBAL = SEVERA.where_to_fix, GLOBAL.where_to_fix
EITHER = f"{IN_GLOBAL}, or {IN_SEVERA}"


def _ours(checkup: Checkup, side: Side) -> list[Record]:
    """The employees, or the users of our company."""
    records = checkup.records(NAME, side).values()
    return [one for one in records if one.attributes.get("ours") is not False]


def _all(checkup: Checkup) -> list[Record]:
    return [*_ours(checkup, "global"), *_ours(checkup, "severa")]


def _active(checkup: Checkup) -> Iterator[Record]:
    return (one for one in _all(checkup) if one.fields.get("active"))


def _concerned(checkup: Checkup) -> Iterator[Record]:
    """The users who are linked or would transfer."""
    return faults.concerned(checkup, NAME, "severa", creatable)


def _linked(checkup: Checkup) -> Iterator[tuple[Record, Record]]:
    """The employees that are linked, each with its user."""
    users = checkup.records(NAME, "severa")
    for ours in checkup.records(NAME, "global").values():
        link = checkup.link(NAME, "global", ours.key)
        if link and link.guid in users:
            yield ours, users[link.guid]


def _texts(checkup: Checkup) -> Iterator[Record]:
    """The same with nothing but what is a text in Global, too."""
    for user in _concerned(checkup):
        texts = {n: user.fields.get(n) for n in ("name", "email", "phone", "title")}
        yield replace(user, fields=texts)


# --- e-mail addresses -------------------------------------------------------------------------


@check("warning", IN_GLOBAL)
def email_missing(checkup: Checkup) -> Iterable[Line]:
    """An active employee has no e-mail address, so no user is made of it."""
    for record in _ours(checkup, "global"):
        if record.fields.get("active") and not record.fields.get("email"):
            yield "global", record.key, f"{record.name} ({record.number}): no e-mail address"


@check("warning", EITHER)
def email_invalid(checkup: Checkup) -> Iterable[Line]:
    """The e-mail address of an active employee or user cannot be right."""
    for record in _active(checkup):
        email = record.fields.get("email")
        if email and not text.plausible_email(str(email)):
            yield record.side, record.key, f"{record.name}: {str(email)[:80]}"


@check("warning", EITHER)
def email_shared(checkup: Checkup) -> Iterable[Line]:
    """Several active employees or users of one system have the same e-mail address."""
    for side in ("global", "severa"):
        active = [one for one in _active(checkup) if one.side == side]
        yield from faults.duplicates(active, matching.email, "e-mail")


# --- codes ------------------------------------------------------------------------------------


@check("warning", IN_SEVERA)
def code_missing(checkup: Checkup) -> Iterable[Line]:
    """A user in Severa has no code, so no employee can be made of it."""
    for user, code in proposed(checkup):
        if not user.number:
            yield "severa", user.key, f"{user.name}: no code{_proposal(code)}"


@check("blocker", IN_SEVERA)
def code_not_numeric(checkup: Checkup) -> Iterable[Line]:
    """A user's code in Severa is no number, or too long a one, to be an employee number."""
    for user, code in proposed(checkup):
        if user.number:
            yield "severa", user.key, f"{user.name}: code {user.number[:40]!r}{_proposal(code)}"


def _proposal(code: str | None) -> str:
    return f"; proposed code {code}" if code else ""


@check("blocker", IN_SEVERA)
def code_duplicated(checkup: Checkup) -> Iterable[Line]:
    """Several users in Severa have the same code."""
    return faults.duplicates(_ours(checkup, "severa"), matching.number, "code")


@check("warning", IN_SEVERA)
def code_outside_range(checkup: Checkup) -> Iterable[Line]:
    """A user that should become an employee has a code outside the range given to Severa."""
    return series.outside(checkup, NAME, SERIES, matching.number_and_name, creatable)


@check("warning", IN_SEVERA)
def code_changed(checkup: Checkup) -> Iterable[Line]:
    """A linked user's code in Severa is not the employee's number in Global."""
    for ours, user in _linked(checkup):
        if user.number and user.number != ours.number:
            line = f"{ours.name}: {ours.number} in Visma Global, {user.number} in Severa"
            yield "both", ours.key, line


@check("blocker", EITHER)
def same_number_different_name(checkup: Checkup) -> Iterable[Line]:
    """An employee and a user have the same number but different names."""
    return faults.rivals(checkup, NAME, matching.number, matching.name)


@check("warning", EITHER)
def same_name_different_number(checkup: Checkup) -> Iterable[Line]:
    """An employee and a user have the same name but different numbers."""
    return faults.rivals(checkup, NAME, matching.name, matching.number)


# --- names ------------------------------------------------------------------------------------


@check("warning", EITHER)
def name_missing(checkup: Checkup) -> Iterable[Line]:
    """An employee or user has no name."""
    for record in _all(checkup):
        if not record.fields.get("name"):
            yield record.side, record.key, f"{record.number or record.key} has no name"


@check("warning", EITHER)
def name_duplicated(checkup: Checkup) -> Iterable[Line]:
    """Several employees or users of one system have the same name."""
    for side in ("global", "severa"):
        yield from faults.duplicates(_ours(checkup, side), matching.name, "the name")


@check("info", IN_GLOBAL)
def name_of_one_word(checkup: Checkup) -> Iterable[Line]:
    """An employee's name is one word; in Severa the first name becomes '-'."""
    for record in faults.concerned(checkup, NAME, "global", creatable):
        parts = text.split(record.fields.get("name"))
        if parts and parts[0] == text.NOBODY:
            yield "global", record.key, f"{record.name} ({record.number})"


@check("info", IN_GLOBAL)
def family_name_differs(checkup: Checkup) -> Iterable[Line]:
    """An employee's FamilyName is not how Name ends; Name is used."""
    for record in _ours(checkup, "global"):
        name, family = record.fields.get("name"), record.attributes.get("family")
        if isinstance(name, str) and family and not names.ends_with(name, family):
            yield "global", record.key, f"{name} ({record.number}): FamilyName {family}"


# --- use --------------------------------------------------------------------------------------


@check("warning", EITHER)
def department_inactive(checkup: Checkup) -> Iterable[Line]:
    """An active employee or user belongs to an inactive department or business unit."""
    for record in _active(checkup):
        unit = _unit(checkup, record)
        if unit and not unit.fields.get("active"):
            yield (
                record.side,
                record.key,
                f"{record.name} belongs to {unit.name}, which is inactive",
            )


@check("warning", IN_GLOBAL)
def department_missing(checkup: Checkup) -> Iterable[Line]:
    """An active employee belongs to a department that does not exist."""
    for record in _ours(checkup, "global"):
        number = record.fields.get("business_unit")
        if record.fields.get("active") and number and _unit(checkup, record) is None:
            yield "global", record.key, f"{record.name} ({record.number}): department {number}"


def _unit(checkup: Checkup, record: Record) -> Record | None:
    key = record.fields.get("business_unit")
    return checkup.records("business_unit", record.side).get(str(key))


@check("warning", EITHER)
def active_in_one_system(checkup: Checkup) -> Iterable[Line]:
    """A linked employee is active in one system and inactive in the other."""
    for ours, user in _linked(checkup):
        if ours.fields.get("active") != user.fields.get("active"):
            yield "both", ours.key, f"{ours.name} ({ours.number}) is active in one system only"


@check("warning", IN_SEVERA)
def text_too_long(checkup: Checkup) -> Iterable[Line]:
    """A user's text in Severa is too long for Global."""
    return faults.too_long(checkup, GLOBAL, _texts(checkup))


@check("warning", IN_SEVERA)
def text_not_encodable(checkup: Checkup) -> Iterable[Line]:
    """A user's text in Severa has characters that Global may not be able to store."""
    return faults.not_encodable(checkup, GLOBAL, _texts(checkup))


@check("warning", IN_GLOBAL)
def severa_guid_astray(checkup: Checkup) -> Iterable[Line]:
    """An employee's SeveraGUID points to nothing in Severa."""
    return faults.guids_astray(checkup, NAME)


@check("blocker", IN_GLOBAL)
def severa_guid_twice(checkup: Checkup) -> Iterable[Line]:
    """Several employees carry the same SeveraGUID."""
    return faults.guids_twice(checkup, NAME)


CHECKS = (
    email_missing,
    email_invalid,
    email_shared,
    code_missing,
    code_not_numeric,
    code_duplicated,
    code_outside_range,
    code_changed,
    same_number_different_name,
    same_name_different_number,
    name_missing,
    name_duplicated,
    name_of_one_word,
    family_name_differs,
    department_inactive,
    department_missing,
    active_in_one_system,
    text_too_long,
    text_not_encodable,
    severa_guid_astray,
    severa_guid_twice,
)
