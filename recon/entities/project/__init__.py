"""Projects, with their customer, manager and department."""

from recon.entities.project.checks import CHECKS
from recon.entities.project.fields import FIELDS
from recon.entities.project.matching import LIKENESS, RULES
from recon.entities.project.scope import creatable
from recon.entities.project.severa import SEVERA
from recon.entities.project.visma_global import GLOBAL
from recon.spec import Entity

ENTITY = Entity(
    name="project",
    title="Projects",
    needs=("business_unit", "employee", "customer"),
    fields=FIELDS,
    global_side=GLOBAL,
    severa_side=SEVERA,
    rules=RULES,
    likeness=LIKENESS,
    creatable=creatable,
    checks=CHECKS,
    numbered=True,
)
