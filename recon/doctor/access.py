"""A run that may not write in both systems writes in neither: asked before the first write."""

from __future__ import annotations

from recon.doctor import rights, scopes
from recon.doctor.means import Api, Database
from recon.entities import ENTITIES
from recon.errors import Stop
from recon.settings import Profile
from recon.shapes import Plan
from recon.systems.severa_scopes import scope


def check(profile: Profile, planned: Plan, api: Api, database: Database) -> None:
    """`Stop` naming the rights and scopes that this plan needs and that are not there."""
    faults = [*_in_severa(planned, api), *_in_global(profile, planned, database)]
    if faults:
        raise Stop(
            f"Nothing was written, for not all of it may be: {'; '.join(faults)}",
            todo="Ask 'recon doctor' what to grant, and run again",
        )


def _in_severa(planned: Plan, api: Api) -> list[str]:
    written = {op.entity for op in planned.operations if op.system == "severa"}
    sides = [side for e in ENTITIES if e.name in written for side in e.severa_sides]
    needed = {scope("PATCH", side.one) for side in sides}
    missing = sorted(needed - api.scopes) if needed and api.scopes else []
    return [f"the client credentials lack {', '.join(missing)}. {tick(missing)}"] if missing else []


def tick(missing: list[str]) -> str:
    """What to do about scopes that lack."""
    return f"Tick {', '.join(missing)} {scopes.WHERE}"


def _in_global(profile: Profile, planned: Plan, database: Database) -> list[str]:
    if all(op.system != "global" for op in planned.operations):
        return []
    lacking = rights.lacking_to_write(profile, database)
    return [f"the login lacks {lacking}"] if lacking else []
