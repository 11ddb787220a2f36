"""What is known about each entity, one folder each; an entity never runs anything."""

from typing import Any

from recon.entities.address import ENTITY as ADDRESS
from recon.entities.business_unit import ENTITY as BUSINESS_UNIT
from recon.entities.communication import ENTITY as COMMUNICATION
from recon.entities.contact import ENTITY as CONTACT
from recon.entities.customer import ENTITY as CUSTOMER
from recon.entities.employee import ENTITY as EMPLOYEE
from recon.entities.invoice import ENTITY as INVOICE
from recon.entities.product import ENTITY as PRODUCT
from recon.entities.project import ENTITY as PROJECT
from recon.entities.supplier_cost import ENTITY as SUPPLIER_COST
from recon.spec import Entity

ENTITIES: tuple[Entity, ...] = (
    BUSINESS_UNIT,
    EMPLOYEE,
    PRODUCT,
    CUSTOMER,
    ADDRESS,
    CONTACT,
    COMMUNICATION,
    PROJECT,
    INVOICE,
    SUPPLIER_COST,
)


def running(profile: Any) -> tuple[Entity, ...]:
    """The entities that run with a profile, in order; documents need settings for it."""
    return tuple(entity for entity in ENTITIES if not entity.idle(profile))


def family(name: str) -> list[str]:
    """An entity and all that lives under it."""
    found = [name]
    for other in ENTITIES:
        if other.parent in found:
            found.append(other.name)
    return found
