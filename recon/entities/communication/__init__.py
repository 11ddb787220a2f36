"""Contacts' e-mail addresses, phones and mobiles."""

from recon.entities.communication.checks import CHECKS
from recon.entities.communication.fields import FIELDS
from recon.entities.communication.matching import RULES
from recon.entities.communication.scope import creatable
from recon.entities.communication.severa import SEVERA
from recon.entities.communication.visma_global import GLOBAL
from recon.spec import Entity

ENTITY = Entity(
    name="communication",
    title="E-mails and phones of contacts",
    needs=("contact",),
    fields=FIELDS,
    global_side=GLOBAL,
    severa_side=SEVERA,
    rules=RULES,
    creatable=creatable,
    checks=CHECKS,
    parent="contact",
)
