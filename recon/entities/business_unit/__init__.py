"""Severa's business units and Visma Global's departments."""

from recon.entities.business_unit.checks import CHECKS, codes
from recon.entities.business_unit.fields import FIELDS
from recon.entities.business_unit.matching import LIKENESS, RULES
from recon.entities.business_unit.scope import creatable
from recon.entities.business_unit.severa import SEVERA
from recon.entities.business_unit.visma_global import GLOBAL
from recon.spec import Entity

ENTITY = Entity(
    name="business_unit",
    title="Business units",
    needs=(),
    fields=FIELDS,
    global_side=GLOBAL,
    severa_side=SEVERA,
    rules=RULES,
    likeness=LIKENESS,
    creatable=creatable,
    checks=CHECKS,
    numbered=True,
    codes=codes,
)
