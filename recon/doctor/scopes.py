"""Which scopes the credentials need in Severa, by the names under which they are ticked there."""

from __future__ import annotations

from collections.abc import Iterator

from recon.doctor.means import Api
from recon.doctor.verdict import Verdict, failed, fine, warning
from recon.entities import running
from recon.reference import LISTS
from recon.settings import Profile
from recon.systems.severa_scopes import scope

LOOKING = "doctor, check, propose, plan and report"
WRITING = "onboard, sync and apply"
CONVERT = "/v1/guids/convert"
ORGANISATION = "/v1/organizationdetails"
WHERE = "for these credentials under Settings, REST API in Severa"


def reading(profile: Profile) -> frozenset[str]:
    """What every command needs: all lists are read, those of entities that are off, too, because
    filters and references of others rest on them."""
    paths = [ORGANISATION, *(listing.path for listing in LISTS)]
    for side in (side for entity in running(profile) for side in entity.severa_sides):
        paths += [side.listing.path, side.one, *(detail.path for detail in side.details)]
    return frozenset([scope("POST", CONVERT), *(scope("GET", path) for path in paths)])


def writing(profile: Profile) -> frozenset[str]:
    """What the commands that write need besides, for the entities that are not off."""
    on = [entity for entity in running(profile) if profile.transfer.direction(entity.name) != "off"]
    return frozenset(scope("PATCH", side.one) for entity in on for side in entity.severa_sides)


def ticks(profile: Profile) -> str:
    """Which scopes to tick at first, and which when going live."""
    read, write = ", ".join(sorted(reading(profile))), ", ".join(sorted(writing(profile)))
    return f"tick {read} {WHERE}; when you go live, {write} as well"


def granted(profile: Profile, api: Api, name: str) -> Iterator[Verdict]:
    """Are all scopes ticked that we need, to look and to write?"""
    ours, read, write = api.scopes, reading(profile), writing(profile)
    if not ours:
        names = ", ".join(sorted(read | write))
        todo = f"Compare the scopes ticked in Severa with: {names}"
        yield warning(name, "Severa does not say which scopes it grants", todo)
        return
    yield _to_look(f"{name} to read", sorted(read - ours), sorted(read))
    yield _to_write(f"{name} to write", sorted(write - ours), sorted(write))


def _to_look(name: str, missing: list[str], needed: list[str]) -> Verdict:
    if not missing:
        return fine(name, f"{', '.join(needed)}: all are granted")
    names = ", ".join(missing)
    return failed(name, f"The credentials lack {names}", f"Tick {names} {WHERE}")


def _to_write(name: str, missing: list[str], needed: list[str]) -> Verdict:
    if not missing:
        return fine(name, f"{', '.join(needed)}: all are granted")
    names = ", ".join(missing)
    text = f"The credentials lack {names}. That is enough for {LOOKING}; {WRITING} need them"
    return warning(name, text, f"Before going live: tick {names} {WHERE}")
