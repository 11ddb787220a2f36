"""Which users and employees are created on the other side."""

from __future__ import annotations

from recon import text
from recon.entities.employee.licences import unsettled
from recon.shapes import Record
from recon.spec import Context, Scope


def creatable(record: Record, ctx: Context) -> Scope | None:
    """Active ones of our company; from Global those of the transferring categories with an e-mail
    address, once the profile says with which licence and permissions."""
    if record.attributes.get("ours") is False:
        return Scope("out of scope", "it belongs to another company of this Severa organisation")
    if not record.fields.get("active") and not ctx.profile.transfer.leavers:
        return Scope("out of scope", "it is inactive")
    return _from_global(record, ctx) if record.side == "global" else None


def _from_global(record: Record, ctx: Context) -> Scope | None:
    # No categories in the profile: all transfer.
    chosen, category = ctx.profile.transfer.employee_categories, record.attributes.get("category")
    if chosen and (category or 0) not in chosen:
        return Scope(
            "out of scope", f"employee category {category or 0} does not transfer ([transfer])"
        )
    email = record.fields.get("email")
    if not email:
        return Scope("out of scope", "it has no e-mail address")
    if not text.plausible_email(str(email)):
        return Scope("held", f"its e-mail address {str(email)[:60]!r} cannot be right")
    missing = unsettled(ctx)
    return (
        Scope("held", f"it is not known what kind of user to make. {missing}") if missing else None
    )
