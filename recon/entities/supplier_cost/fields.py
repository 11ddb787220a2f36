"""The shared fields of supplier costs: all goes into the fee once; what changes afterwards on
either side is reported and never carried over, for booked amounts are changed by new lines."""

from __future__ import annotations

from typing import Any

from recon import money
from recon.shapes import Value
from recon.spec import Field


def amount(value: Any) -> Value:
    """An amount in its one form; none is zero."""
    return money.bare(money.exact(value) or None)


def unequalled(_value: Any) -> Value:
    """What is never compared: people in Severa may change it as they invoice."""
    return None


FIELDS = (
    Field(
        "name",
        "Text",
        "GLAccountTransaction.Description",
        "name",
        direction="once",
        compare=unequalled,
        loses="the text may be rewritten in Severa",
    ),
    Field(
        "project",
        "Project",
        "GLAccountTransaction.ProjectNo",
        "project",
        direction="once",
        refers="project",
        required=True,
    ),
    Field(
        "date",
        "Date",
        "GLAccountTransaction.VoucherDate",
        "eventDate",
        type="date",
        direction="once",
    ),
    Field(
        "cost",
        "Cost",
        "GLAccountTransaction.Amount",
        "unitCost",
        type="decimal",
        direction="once",
        compare=amount,
    ),
    Field(
        "price",
        "Price in company currency",
        "GLAccountTransaction.Amount",
        "unitPrice",
        type="decimal",
        direction="once",
        compare=unequalled,
        loses="in Severa it is in the project's currency, and may be changed there",
    ),
    Field(
        "billable",
        "Billable",
        "GLAccountTransaction",
        "isBillable",
        type="boolean",
        direction="once",
        compare=unequalled,
        loses="it may be changed in Severa",
    ),
    Field(
        "approved",
        "Final and approved",
        "GLAccountTransaction.AttestStatus",
        "guid",
        type="boolean",
        direction="once",
    ),
)
