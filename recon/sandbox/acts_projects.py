"""What users of both systems do to projects: sell, hand over, delay, close, register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from recon.sandbox import acts_global, acts_severa
from recon.sandbox.world import Act, World

if TYPE_CHECKING:
    from recon.sandbox.acts_mix import Day

Row = dict[str, Any]
NEW_PROJECT: Mapping[str, Any] = {
    "ProjectType": 1,
    "ProjectCategoryNo": 1,
    "DepNo": 100,
    "StartTime": datetime(2025, 11, 1),
}


def create_in_global(world: World, customer: int, values: Mapping[str, Any]) -> int:
    """Register a project in Global, of a type that transfers; its number comes back."""
    row = {**NEW_PROJECT, "CustomerNo": customer, **values}
    return int(acts_global.create(world, "Project", row))


def change_status(world: World, project: str, sales_status: str) -> None:
    """Move a project to another sales status, such as lost (by the status type's guid)."""
    acts_severa.edit(world, "projects", project, {"salesStatusTypeGuid": sales_status})


def hand_over(world: World, project: str, user: str) -> None:
    """Give a project in Severa another manager."""
    acts_severa.edit(world, "projects", project, {"projectOwner": {"guid": user}})


# --- moves of a day in Severa -----------------------------------------------------------------


def rename_project(day: Day) -> Act:
    """A project gets another name."""
    row = _open(day)
    name = f"{row['name']} {day.dice.randint(2, 99)}"
    acts_severa.edit(day.world, "projects", row["guid"], {"name": name})
    return _act(row, f"renamed '{row['name']}' to '{name}'")


def delay_project(day: Day) -> Act:
    """A project gets another deadline."""
    row, until = _open(day), f"2026-{day.dice.randint(7, 12):02d}-30"
    acts_severa.edit(day.world, "projects", row["guid"], {"deadline": until})
    return _act(row, f"'{row['name']}' has the deadline {until}")


def hand_over_project(day: Day) -> Act:
    """A project gets another manager."""
    row = _open(day)
    users = [user for user in acts_severa.documents(day.world, "users") if user["isActive"]]
    user = day.dice.choice([u for u in users if u["guid"] != row["projectOwner"]["guid"]])
    hand_over(day.world, row["guid"], user["guid"])
    return _act(row, f"'{row['name']}' is managed by {user['firstName']} {user['lastName']}")


def close_project(day: Day) -> Act:
    """A project is closed."""
    row = _open(day)
    acts_severa.deactivate(day.world, "projects", row["guid"])
    return _act(row, f"closed '{row['name']}'")


def lose_project(day: Day) -> Act:
    """A project turns out not to be won."""
    won = day.world.profile.transfer.won_statuses
    kinds = acts_severa.documents(day.world, "salesstatustypes")
    sold = [row for row in day.projects if row["salesStatus"]]
    row = day.one([r for r in sold if r["salesStatus"]["salesStatusTypeGuid"] in won], "guid")
    change_status(day.world, row["guid"], next(k["guid"] for k in kinds if k["guid"] not in won))
    return _act(row, f"'{row['name']}' is not won any more")


def project_in_severa(day: Day) -> Act:
    """A customer buys once more."""
    customer = day.one(day.theirs, "guid")
    guid = acts_severa.create_project(day.world, customer["guid"], {"deadline": "2026-12-31"})
    return Act("severa", "project", guid, f"won a new project for '{customer['name']}'")


def _open(day: Day) -> Row:
    return day.one([row for row in day.projects if not row["isClosed"]], "guid")


def _act(row: Row, text: str) -> Act:
    return Act("severa", "project", row["guid"], text)


# --- moves of a day in Global -----------------------------------------------------------------


def project_in_global(day: Day) -> Act:
    """A new project of a customer."""
    customer = day.one(day.ours, "CustomerNo")
    name = f"Nytt i Global {day.dice.randint(100, 999)}"
    number = create_in_global(day.world, customer["CustomerNo"], {"Name": name})
    return Act("global", "project", str(number), f"registered '{name}'")


def move_project_in_global(day: Day) -> Act:
    """A project gets another department."""
    row = _in_global(day)
    unit = day.dice.choice([d["DepNo"] for d in day.departments if d["DepNo"] != row["DepNo"]])
    acts_global.edit(day.world, "Project", row["ProjectNo"], {"DepNo": unit})
    return Act("global", "project", str(row["ProjectNo"]), f"'{row['Name']}': DepNo = {unit}")


def close_project_in_global(day: Day) -> Act:
    """A project is made inactive."""
    row = _in_global(day)
    acts_global.deactivate(day.world, "Project", row["ProjectNo"])
    return Act("global", "project", str(row["ProjectNo"]), f"'{row['Name']}' is inactive")


def _in_global(day: Day) -> Row:
    return day.one(acts_global.rows(day.world, "Project", InActiveYesNo=0), "ProjectNo")
