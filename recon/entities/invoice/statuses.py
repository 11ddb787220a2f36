"""Invoice statuses: an organisation's own list in Severa, named in the profile by guid or name."""

from __future__ import annotations

from recon.entities.siblings import once
from recon.errors import Refused
from recon.spec import Context

STATUS, STAGE = "invoice_status", "invoice_stage"


def guid(ctx: Context, named: str) -> str | None:
    """The guid of a status that the profile names; None where Severa has none such."""
    if ctx.lookup.from_severa(STATUS, named) is not None:
        return named.lower()
    return ctx.lookup.to_severa(STATUS, named)


def taking(ctx: Context) -> frozenset[str]:
    """The guids of the statuses from which invoices transfer."""
    return once(ctx, "taking", lambda: frozenset(filter(None, (guid(ctx, n) for n in _take(ctx)))))


def unknown(ctx: Context) -> tuple[str, ...]:
    """The statuses that the profile names under [transfer.orders] and that Severa does not have."""
    return once(ctx, "unknown statuses", lambda: _unknown(ctx))


def _unknown(ctx: Context) -> tuple[str, ...]:
    orders = ctx.profile.transfer.orders
    named = [*orders.take, *filter(None, (orders.taken, orders.sent, orders.paid))]
    return tuple(one for one in named if guid(ctx, one) is None)


def _take(ctx: Context) -> list[str]:
    return list(ctx.profile.transfer.orders.take)


def reached(status: str | None, ctx: Context) -> dict[str, bool]:
    """How far an invoice in a status is: taken, sent, paid, of those that the profile sets."""
    orders, stage = ctx.profile.transfer.orders, ctx.lookup.from_severa(STAGE, status)
    paid = stage == "paid" or _is(ctx, status, orders.paid)
    sent = paid or stage == "sent" or _is(ctx, status, orders.sent)
    taken = sent or _is(ctx, status, orders.taken)
    found = {"taken": taken, "sent": sent, "paid": paid}
    return {name: value for name, value in found.items() if getattr(orders, name)}


def follows(status: str | None, ctx: Context) -> bool:
    """Whether a status is one on the way of an invoice: from which it transfers, or that is set as
    it goes on, or that means sent or paid in Severa."""
    orders = ctx.profile.transfer.orders
    named = (orders.taken, orders.sent, orders.paid)
    on_its_way = ctx.lookup.from_severa(STAGE, status) in ("sent", "paid")
    return on_its_way or status in taking(ctx) or any(_is(ctx, status, one) for one in named)


def _is(ctx: Context, status: str | None, named: str) -> bool:
    return bool(named) and status is not None and guid(ctx, named) == status


def tells_day(ctx: Context) -> bool:
    """Whether Severa gets the day of the payment."""
    orders = ctx.profile.transfer.orders
    return bool(orders.paid) and orders.payment_date_in == "invoice"


def target(ctx: Context, name: str) -> str:
    """The guid of the status for taken, sent or paid; `Refused` where Severa does not have it."""
    named = getattr(ctx.profile.transfer.orders, name)
    found = guid(ctx, named)
    if found is None:
        raise Refused(
            f"Severa has no invoice status {named}",
            todo=f"Correct {name} under [transfer.orders] in the profile",
            fields=(name,),
        )
    return found
