"""The shared fields of projects.

Billable is not among them: Severa's API tells it by a list filter alone, and has nothing to write.
Neither is Global's Status: what its codes mean differs between installations.
"""

from __future__ import annotations

from recon import text
from recon.spec import Field

EMPTY_DAYS = "1970-01-01, 1900-01-01 and 1899-12-30 mean no date in Global"

FIELDS = (
    Field("name", "Name", "Project.Name", "name", compare=text.squeeze),
    Field(
        "customer",
        "Customer",
        "Project.CustomerNo",
        "customer",
        loses="an internal project has no customer: 0 in Global, the internal customer in Severa",
        refers="customer",
        required=True,
    ),
    Field(
        "manager",
        "Project manager",
        "Project.PMEmployeeNo",
        "projectOwner",
        loses="Severa has no project without an owner: where Global names none, it is the "
        "profile's project_owner, which is not carried back",
        refers="employee",
    ),
    Field(
        "department",
        "Department",
        "Project.DepNo",
        "businessUnit",
        loses="Severa's topmost business unit stands for the company itself: no department",
        refers="business_unit",
    ),
    Field("start", "Start", "Project.StartTime", "startDate", type="date", loses=EMPTY_DAYS),
    Field("deadline", "Deadline", "Project.StopTime", "deadline", type="date", loses=EMPTY_DAYS),
    Field(
        "closed",
        "Closed",
        "Project.InActiveYesNo",
        "isClosed, projectStatusTypeGuid",
        type="boolean",
        loses="Global's Status and Severa's project status are not read",
    ),
    Field(
        "internal",
        "Internal",
        "Project.ProjectCategoryNo",
        "isInternal",
        type="boolean",
        loses="of Global's categories only the internal one is carried over",
    ),
)
