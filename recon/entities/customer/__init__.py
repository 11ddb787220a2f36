"""Customers, with the rule that decides which of them transfer."""

from recon.entities.customer.checks import CHECKS
from recon.entities.customer.fields import FIELDS
from recon.entities.customer.matching import LIKENESS, RULES
from recon.entities.customer.scope import creatable
from recon.entities.customer.severa import SEVERA
from recon.entities.customer.visma_global import GLOBAL
from recon.spec import Entity

ENTITY = Entity(
    name="customer",
    title="Customers",
    needs=(),
    fields=FIELDS,
    global_side=GLOBAL,
    severa_side=SEVERA,
    rules=RULES,
    likeness=LIKENESS,
    creatable=creatable,
    checks=CHECKS,
    numbered=True,
)
