"""Severa's users and Visma Global's employees."""

from recon.entities.employee.checks import CHECKS
from recon.entities.employee.codes import codes
from recon.entities.employee.fields import FIELDS
from recon.entities.employee.matching import LIKENESS, RULES
from recon.entities.employee.scope import creatable
from recon.entities.employee.severa import SEVERA
from recon.entities.employee.visma_global import GLOBAL
from recon.spec import Entity

ENTITY = Entity(
    name="employee",
    title="Employees",
    needs=("business_unit",),
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
