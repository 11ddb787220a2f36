"""Invoices, which become orders in Visma Global; "sent" and "paid" come back."""

from recon.entities.invoice.checks import CHECKS
from recon.entities.invoice.fields import FIELDS
from recon.entities.invoice.scope import creatable, draws, idle, worth
from recon.entities.invoice.severa import SEVERA
from recon.entities.invoice.telling import untold
from recon.entities.invoice.visma_global import GLOBAL
from recon.spec import Entity

ENTITY = Entity(
    name="invoice",
    title="Invoices",
    needs=("customer", "project", "product", "employee", "business_unit"),
    fields=FIELDS,
    global_side=GLOBAL,
    severa_side=SEVERA,
    rules=(),
    creatable=creatable,
    checks=CHECKS,
    idle=idle,
    rests=True,
    draws=draws,
    whole=("product",),
    worth=worth,
    untold=untold,
)
