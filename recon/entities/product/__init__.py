"""Severa's products, travel expense types and work types, which are Visma Global's articles."""

from recon.entities.product.checks import CHECKS
from recon.entities.product.codes import codes
from recon.entities.product.fields import FIELDS
from recon.entities.product.matching import LIKENESS, RULES
from recon.entities.product.scope import creatable
from recon.entities.product.severa import PRODUCTS, TRAVEL_EXPENSE_TYPES, WORK_TYPES
from recon.entities.product.visma_global import GLOBAL
from recon.spec import Entity

ENTITY = Entity(
    name="product",
    title="Products",
    needs=(),
    fields=FIELDS,
    global_side=GLOBAL,
    severa_side=PRODUCTS,
    more_sides=(TRAVEL_EXPENSE_TYPES, WORK_TYPES),
    rules=RULES,
    likeness=LIKENESS,
    creatable=creatable,
    checks=CHECKS,
    numbered=True,
    codes=codes,
)
