"""What a new user in Severa needs that Global does not have: licence and permission profile."""

from __future__ import annotations

from recon.shapes import Record
from recon.spec import Context

USER_TYPE, PERMISSIONS, ACTIVE = "user_type", "permission_profile", "user_active"
USER_TYPES = ("FullUser", "Employee", "RestrictedEmployee", "Subcontractor")
TABLE = "[severa.defaults] of the profile"


def user_type(ctx: Context) -> str | None:
    """The configured type of licence, None where there is none that Severa knows."""
    named = ctx.profile.severa.defaults.get(USER_TYPE)
    return str(named) if named in USER_TYPES else None


def permission_profile(ctx: Context) -> str | None:
    """The guid of the configured permission profile, which is named by guid or exact name."""
    named = ctx.profile.severa.defaults.get(PERMISSIONS)
    if ctx.lookup.from_severa("permission_profile", named):
        return str(named).lower()
    return ctx.lookup.to_severa("permission_profile", named) if named else None


def unsettled(ctx: Context) -> str:
    """What keeps new users from being made, '' for nothing."""
    if user_type(ctx) is None:
        return f"Set {USER_TYPE} under {TABLE} to one of {', '.join(USER_TYPES)}"
    if permission_profile(ctx) is None:
        named = ctx.profile.severa.defaults.get(PERMISSIONS)
        known = f" (it has no active one called {named!r})" if named else ""
        return f"Set {PERMISSIONS} under {TABLE} to a permission profile of Severa{known}"
    return ""


def inactive_first(ctx: Context) -> bool:
    """Whether new users are made inactive, for a person to activate."""
    return ctx.profile.severa.defaults.get(ACTIVE, "true").casefold() in ("false", "no", "0")


def costs(record: Record, ctx: Context) -> str:
    """The licence that a new user takes; a leaver takes none."""
    return f"licence of type {user_type(ctx)}" if record.fields.get("active") else ""
