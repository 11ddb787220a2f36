"""Contact persons of customers."""

from recon.entities.contact.checks import CHECKS
from recon.entities.contact.fields import FIELDS
from recon.entities.contact.matching import LIKENESS, RULES
from recon.entities.contact.scope import creatable
from recon.entities.contact.severa import SEVERA
from recon.entities.contact.visma_global import GLOBAL
from recon.spec import Entity

ENTITY = Entity(
    name="contact",
    title="Contacts",
    needs=("customer",),
    fields=FIELDS,
    global_side=GLOBAL,
    severa_side=SEVERA,
    rules=RULES,
    likeness=LIKENESS,
    creatable=creatable,
    checks=CHECKS,
    parent="customer",
)
