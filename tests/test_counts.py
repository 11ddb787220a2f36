"""Counts per type, the answers to "transfer all?", what they change, and how they are kept."""

from __future__ import annotations

import os
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recon import choices, counts
from recon.doctor import lists
from recon.entities import ENTITIES
from recon.entities.groups import GROUPS
from recon.errors import Usage
from recon.plan import make
from recon.settings import load
from recon.shapes import Record
from recon.spec import Context
from tests.doctor.asked import Server
from tests.engine import linked, situation
from tests.entities.staff import account, business, employee
from tests.entities.world import World, profile

FIVE = ["business_unit", "employee", "product", "customer", "project"]
NAMES = {"customer_types": {"1": "Bedrifter", "2": "Private", "9": "Tomme"}}


def customer(key: str, kind: int, *, active: bool = True) -> Record:
    fields: dict[str, Any] = {"name": f"Kunde {key}", "active": active}
    return Record("customer", "global", key, fields, number=key, attributes={"customer_type": kind})


def customers(**transfer: Any) -> Context:
    world = World(profile=profile(transfer=transfer))
    world.put(customer("1", 1), customer("2", 1, active=False), customer("3", 2), customer("4", 0))
    partners = {("customer", "global", "3"): "guid"}
    return replace(world.context, partner=lambda *spot: partners.get(spot))


def rows(found: Any) -> list[tuple[str, str, int, int, int, int, bool]]:
    return [
        (c.key, c.name, c.active, c.inactive, c.linked, c.to_create, c.transfers) for c in found
    ]


def test_all_five_questions_have_counts_on_both_sides() -> None:
    assert [choice.entity for choice in choices.CHOICES] == FIVE
    assert [(g.entity, g.side) for g in GROUPS] == [
        (e, s) for e in FIVE for s in ("global", "severa")
    ]
    settings = {group.setting for group in GROUPS if group.setting}
    assert settings == {choice.setting for choice in choices.CHOICES if choice.setting}
    assert all(group.lists in lists.statements() for group in GROUPS if group.lists)


def test_a_type_is_counted_by_name_whether_it_transfers_and_whether_any_record_has_it() -> None:
    found = counts.counted(customers(customer_types=[1]), {"customer"}, NAMES)
    assert rows(found)[:4] == [
        ("0", "none", 1, 0, 0, 0, False),
        ("1", "Bedrifter", 1, 1, 0, 1, True),
        ("2", "Private", 1, 0, 1, 0, False),
        ("9", "Tomme", 0, 0, 0, 0, False),
    ]


def test_without_a_choice_all_types_transfer_unless_the_entity_is_off() -> None:
    assert all(c.transfers for c in counts.counted(customers(), {"customer"}, NAMES))
    off = customers(entities={"customer": "off"})
    assert not any(c.transfers or c.to_create for c in counts.counted(off, {"customer"}, NAMES))


def test_articles_say_what_they_become_and_users_which_licence_they_have() -> None:
    world = World()
    article = Record("product", "global", "1", {"active": True}, attributes={"article_type": 3})
    world.put(article)
    world.severa("employee", account("a", "Anne Aas") | {"userType": "Subcontractor"})
    context = world.context
    assert [c.name for c in counts.counted(context, {"product"}, {})] == ["as travel expense type"]
    assert [c.key for c in counts.counted(context, {"employee"}, {})] == ["Subcontractor"]


def test_names_come_from_globals_lists_and_where_it_has_none_from_an_example() -> None:
    server = Server(
        {
            "CustomerType": [{"key": 1, "name": "Bedrifter", "count": 2}],
            "Project": [{"key": 1, "example": "Bro", "count": 2}, {"key": 2, "example": "Vei"}],
            "TimeProjectType": [{"key": 1, "name": "Fast pris"}],
        }
    )
    found = counts.names(server)  # type: ignore[arg-type]
    assert found["project_types"] == {"1": "Fast pris, such as 'Bro'", "2": "such as 'Vei'"}


def test_a_finding_per_type_for_the_checklist() -> None:
    found = list(
        counts.findings(counts.counted(customers(customer_types=[1]), {"customer"}, NAMES))
    )
    assert {(one.check, one.severity) for one in found} == {("count_by_type", "info")}
    assert found[1].text == (
        "Customer type 1 Bedrifter: 1 active, 1 inactive, 0 linked; it transfers"
    )


# --- answers ----------------------------------------------------------------------------------


def test_answers_are_types_by_number_or_a_direction() -> None:
    found = choices.answers(["customer_types=2, 1", "project_types=all", "customers=to_severa"])
    assert found["transfer", "customer_types"] == [1, 2]
    assert found["transfer", "project_types"] == []
    under = {path[-1] for path in found if path[1] == "entities"}
    assert under == {"customer", "address", "contact", "communication"}


@pytest.mark.parametrize(
    ("word", "todo"),
    [
        ("customer_types", "Write it as in"),
        ("customer_types=a", "Give the numbers"),
        ("customers=sometimes", "both, to_global, to_severa, off"),
        ("invoices=off", "departments, employees"),
    ],
)
def test_what_is_no_answer_says_what_would_be(word: str, todo: str) -> None:
    with pytest.raises(Usage, match=todo):
        choices.answers([word])


def test_what_an_answer_changes_is_told_before() -> None:
    context = customers(customer_types=[1])
    then = profile(transfer={"customer_types": [1, 2], "entities": {"customer": "to_global"}})
    found = choices.effects(context, then, ["customer"])
    assert [(one.side, one.before, one.after, one.linked) for one in found] == [("global", 1, 0, 1)]
    assert choices.told(found) == [
        "Customers: 0 instead of 1 are created in Severa; 1 linked ones stay linked"
    ]
    assert choices.told([]) == ["Nothing that is created changes."]


TOML = """\
# ours
[company]
name = "Fjord AS"  # as in the register
[global]
[severa]
[transfer]
customer_types = [1]  # firms
"""


def test_saved_answers_keep_comments_and_the_old_profile_beside(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(TOML, "utf-8")
    kept = choices.save(path, choices.answers(["customer_types=1,3", "employees=off"]))
    assert kept.read_text("utf-8") == TOML
    assert "# ours" in path.read_text("utf-8") and "# as in" in path.read_text("utf-8")
    made = load(path)
    assert made.transfer.customer_types == [1, 3]
    assert made.transfer.direction("employee") == "off"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_the_kept_profile_is_no_more_readable_than_the_profile(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(TOML, "utf-8")
    path.chmod(0o600)
    kept = choices.save(path, choices.answers(["customer_types=1,3"]))
    assert [file.stat().st_mode & 0o777 for file in (path, kept)] == [0o600, 0o600]


def test_a_profile_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "profile.toml"
    path.write_text(TOML, "utf-8")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(Usage, match="The profile cannot be written: Permission denied"):
        choices.save(path, choices.answers(["customer_types=1,3"]))
    assert path.read_text("utf-8") == TOML


def test_an_answer_that_makes_no_valid_profile_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(TOML, "utf-8")
    with pytest.raises(Usage):
        choices.save(path, {("transfer", "customer_types"): ["x"]})
    assert path.read_text("utf-8") == TOML
    assert sorted(file.name for file in tmp_path.iterdir()) == ["profile.toml"]
    assert tomllib.loads(TOML)["transfer"]["customer_types"] == [1]


# --- rule 6 -----------------------------------------------------------------------------------

STAFF = next(entity for entity in ENTITIES if entity.name == "employee")


@pytest.mark.parametrize(
    "transfer", [{"employee_categories": [7]}, {"entities": {"employee": "off"}}]
)
def test_a_changed_filter_neither_unlinks_nor_deactivates(transfer: dict[str, Any]) -> None:
    world = business()
    user = world.severa("employee", account("a", "Anne Aas", "1", email="1@prove.no"))[0]
    ours = employee("1", "Anne Aas", guid="a")
    settings = world.profile.model_copy(update={"transfer": profile(transfer=transfer).transfer})
    link = linked("1", "a", {"global": {}, "severa": {}}, "employee")
    seen: dict[Any, str] = {"global": ours.digest, "severa": user.digest}
    now = situation([STAFF], [ours, user], [replace(link, seen=seen)], profile=settings)
    made = make(replace(now, context=replace(world.context, profile=settings)))
    assert made.plan.operations == ()
    assert now.links.of("employee", "global", "1") is not None
    assert {one.state for one in made.plan.outcomes} <= {"unchanged", "out of scope"}


def test_a_new_employee_of_another_category_is_out_of_scope() -> None:
    world = business()
    world.profile.transfer.employee_categories.append(7)
    scope = STAFF.creatable(employee("1", "Anne Aas"), world.context)
    assert scope and scope.reason == "employee category 0 does not transfer ([transfer])"
