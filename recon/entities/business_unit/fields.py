"""The shared fields of business units and departments."""

from __future__ import annotations

from recon import text
from recon.spec import Field

FIELDS = (
    Field("name", "Name", "Department.Name", "name", compare=text.squeeze),
    Field(
        "active",
        "Active",
        "Department.InActiveYesNo",
        "isActive",
        type="boolean",
        loses="Global's period (StartTime, StopTime) is not looked at",
    ),
)
