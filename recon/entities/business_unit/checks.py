"""The checklist for business units and departments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recon import text
from recon.entities import faults
from recon.entities.business_unit import matching
from recon.entities.business_unit.scope import creatable
from recon.entities.business_unit.severa import SEVERA
from recon.entities.business_unit.visma_global import GLOBAL
from recon.entities.faults import Line
from recon.shapes import Record
from recon.spec import Checkup, check

NAME = "business_unit"
IN_SEVERA, IN_GLOBAL = SEVERA.where_to_fix, GLOBAL.where_to_fix
EITHER = f"{IN_GLOBAL}, or {IN_SEVERA}"


def _units(checkup: Checkup) -> list[Record]:
    """Severa's units of our company, without the topmost."""
    units = checkup.records(NAME, "severa").values()
    return [u for u in units if u.attributes.get("ours") and not u.attributes.get("root")]


def _concerned(checkup: Checkup) -> list[Record]:
    return list(faults.concerned(checkup, NAME, "severa", creatable))


def _proposed(checkup: Checkup) -> Iterator[tuple[Record, int]]:
    """A code for each unit that has none that Global could take: the number of the department of
    the same name, else the next free ones."""
    departments = checkup.records(NAME, "global").values()
    by_name = {matching.name(d): d.number for d in departments}
    taken = {text.numeric(r.number) or 0 for r in [*departments, *_units(checkup)]}
    upcoming = max(taken, default=0)
    for unit in sorted(_concerned(checkup), key=lambda u: u.name):
        if text.numeric(unit.number) is None:
            same = text.numeric(by_name.get(matching.name(unit)))
            upcoming += 0 if same else 1
            yield unit, same or upcoming


def codes(checkup: Checkup) -> Iterator[tuple[Record, str]]:
    """A code for each unit that has none."""
    return ((unit, str(code)) for unit, code in _proposed(checkup) if not unit.number)


@check("warning", IN_SEVERA)
def code_missing(checkup: Checkup) -> Iterable[Line]:
    """A business unit in Severa has no code, so no department can be made of it."""
    for unit, code in _proposed(checkup):
        if not unit.number:
            yield "severa", unit.key, f"{unit.name}: no code; proposed code {code}"


@check("blocker", IN_SEVERA)
def code_not_numeric(checkup: Checkup) -> Iterable[Line]:
    """A business unit's code in Severa is not a number that Global can take as department."""
    for unit, code in _proposed(checkup):
        if unit.number:
            yield "severa", unit.key, f"{unit.name}: code {unit.number!r}; proposed code {code}"


@check("blocker", IN_SEVERA)
def code_duplicated(checkup: Checkup) -> Iterable[Line]:
    """Several business units in Severa have the same code."""
    return faults.duplicates(_units(checkup), matching.number, "code")


@check("warning", EITHER)
def name_duplicated(checkup: Checkup) -> Iterable[Line]:
    """Several business units or departments of one system have the same name."""
    yield from faults.duplicates(
        checkup.records(NAME, "global").values(), matching.name, "the name"
    )
    yield from faults.duplicates(_units(checkup), matching.name, "the name")


@check("warning", EITHER)
def name_missing(checkup: Checkup) -> Iterable[Line]:
    """A business unit or department has no name."""
    for record in [*checkup.records(NAME, "global").values(), *_units(checkup)]:
        if not record.fields.get("name"):
            yield record.side, record.key, f"{record.number or record.key} has no name"


@check("blocker", EITHER)
def same_number_different_name(checkup: Checkup) -> Iterable[Line]:
    """A department and a business unit have the same number but different names."""
    return faults.rivals(checkup, NAME, matching.number, matching.name)


@check("warning", EITHER)
def same_name_different_number(checkup: Checkup) -> Iterable[Line]:
    """A department and a business unit have the same name but different numbers."""
    return faults.rivals(checkup, NAME, matching.name, matching.number)


@check("warning", IN_SEVERA)
def parent_inactive(checkup: Checkup) -> Iterable[Line]:
    """An active business unit in Severa lies under an inactive one."""
    units = checkup.records(NAME, "severa")
    for unit in _units(checkup):
        parent = units.get(unit.attributes.get("unit") or "")
        if unit.fields.get("active") and parent and not parent.fields.get("active"):
            yield "severa", unit.key, f"{unit.name} lies under the inactive {parent.name}"


@check("warning", EITHER)
def active_in_one_system(checkup: Checkup) -> Iterable[Line]:
    """A linked business unit is active in one system and inactive in the other."""
    units = checkup.records(NAME, "severa")
    for ours in checkup.records(NAME, "global").values():
        link = checkup.link(NAME, "global", ours.key)
        theirs = units.get(link.guid) if link else None
        if theirs and ours.fields.get("active") != theirs.fields.get("active"):
            yield "both", ours.key, f"{ours.name} ({ours.number}) is active in one system only"


@check("warning", IN_SEVERA)
def text_too_long(checkup: Checkup) -> Iterable[Line]:
    """A business unit's text in Severa is too long for Global."""
    return faults.too_long(checkup, GLOBAL, _concerned(checkup))


@check("warning", IN_SEVERA)
def text_not_encodable(checkup: Checkup) -> Iterable[Line]:
    """A business unit's text in Severa has characters that Global may not be able to store."""
    return faults.not_encodable(checkup, GLOBAL, _concerned(checkup))


@check("warning", IN_GLOBAL)
def severa_guid_astray(checkup: Checkup) -> Iterable[Line]:
    """A department's SeveraGUID points to nothing in Severa."""
    return faults.guids_astray(checkup, NAME)


@check("blocker", IN_GLOBAL)
def severa_guid_twice(checkup: Checkup) -> Iterable[Line]:
    """Several departments carry the same SeveraGUID."""
    return faults.guids_twice(checkup, NAME)


CHECKS = (
    code_missing,
    code_not_numeric,
    code_duplicated,
    name_duplicated,
    name_missing,
    same_number_different_name,
    same_name_different_number,
    parent_inactive,
    active_in_one_system,
    text_too_long,
    text_not_encodable,
    severa_guid_astray,
    severa_guid_twice,
)
