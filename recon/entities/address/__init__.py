"""Customers' addresses by role: postal, billing, visit."""

from recon.entities.address.checks import CHECKS
from recon.entities.address.fields import FIELDS
from recon.entities.address.matching import RULES
from recon.entities.address.scope import creatable
from recon.entities.address.severa import SEVERA
from recon.entities.address.visma_global import GLOBAL
from recon.spec import Entity

ENTITY = Entity(
    name="address",
    title="Addresses",
    needs=("customer",),
    fields=FIELDS,
    global_side=GLOBAL,
    severa_side=SEVERA,
    rules=RULES,
    creatable=creatable,
    checks=CHECKS,
    parent="customer",
)
