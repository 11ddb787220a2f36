"""Lines of suppliers' invoices in Visma Global's ledger, which become project fees in Severa."""

from recon.entities.supplier_cost.checks import CHECKS
from recon.entities.supplier_cost.fields import FIELDS
from recon.entities.supplier_cost.scope import creatable, draws, idle, worth
from recon.entities.supplier_cost.severa import SEVERA
from recon.entities.supplier_cost.texts import marked
from recon.entities.supplier_cost.visma_global import GLOBAL
from recon.spec import Entity, Rule

ENTITY = Entity(
    name="supplier_cost",
    title="Supplier costs",
    needs=("business_unit", "product", "project"),
    fields=FIELDS,
    global_side=GLOBAL,
    severa_side=SEVERA,
    rules=(Rule("ledger line", marked, "the fee names the ledger line", connects=True),),
    creatable=creatable,
    checks=CHECKS,
    numbered=True,
    idle=idle,
    rests=True,
    draws=draws,
    whole=("product",),
    worth=worth,
)
