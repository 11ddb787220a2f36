"""Records of one system that may be the same: found, explained, never merged, and asked once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from recon import apart, duplicates
from recon import store as memory
from recon.entities import ENTITIES
from recon.links import Links
from recon.matching.likeness import World
from recon.settings_matching import Matching
from recon.shapes import Record
from recon.store import Store
from recon.worklists import Duplicate
from tests.engine import linked, store
from tests.matching.doubled import doubled, groups
from tests.matching.nordic_pairs import TEST

BY_NAME = {entity.name: entity for entity in ENTITIES}
NOBODY = apart.Words({})


def record(entity: str, key: str, name: str, **more: Any) -> Record:
    parent = more.pop("parent", None)
    fields = {"name": name, "active": True, **more}
    return Record(entity, "global", key, fields, number=key, parent=parent)


def address(key: str, customer: str, street: str, postcode: str, city: str) -> Record:
    fields: dict[str, Any] = {"street": street, "postcode": postcode, "city": city}
    return Record("address", "global", key, fields, parent=customer, role="postal")


def found(entity: str, records: Iterable[Record], **more: Any) -> list[Duplicate]:
    known = list(records)

    def of(one: Any, where: Any) -> dict[str, Record]:
        return {r.key: r for r in known if (r.entity, r.side) == (one.name, where)}

    world = World(ENTITIES, of, Links(more.get("links", ())), Matching())
    side, words = more.get("side", "global"), more.get("words", NOBODY)
    return list(duplicates.of_side(BY_NAME[entity], side, world, words))


def keys(groups: Iterable[Duplicate]) -> list[list[str]]:
    return [[twin.key for twin in group.records] for group in groups]


TWINS = (
    record("customer", "1", "Fjord Rør AS", organisation_number="923609016", email="post@fjord.no"),
    record("customer", "2", "FJORD RØR A/S", organisation_number="NO923609016MVA"),
    record("customer", "3", "Berg Bygg AS", organisation_number="982463718"),
    address("a1", "1", "Storgata 1", "0150", "Oslo"),
    Record("project", "global", "77", {"name": "Bro", "customer": "1"}),
    record("contact", "9", "Kari Lie", parent="1"),
)


def test_a_group_shows_both_records_why_and_where_to_merge_them() -> None:
    (group,) = found("customer", TWINS, links=[linked("1", "g", {}, "customer")])
    one, two = group.records
    assert (group.entity, group.side, group.band) == ("customer", "global", "sure")
    assert group.reasons[:2] == ("the organisation numbers are equal", "the names are equal")
    assert (one.number, one.email, one.place) == ("1", "post@fjord.no", "Storgata 1, 0150, Oslo")
    assert (one.hangs, one.linked) == ({"projects": 1, "contacts": 1}, "g")
    assert (two.hangs, two.linked) == ({}, "")
    assert "Register > Customers > Merge" in group.where_to_fix


def test_in_severa_one_is_set_inactive_because_it_cannot_merge() -> None:
    theirs = [replace(one, side="severa") for one in TWINS]
    (group,) = found("customer", theirs, side="severa")
    assert group.where_to_fix.startswith("Severa: ") and "inactive" in group.where_to_fix


def test_what_rules_do_not_see_the_engine_does() -> None:
    alike = [
        record("customer", "1", "Nordland Mekaniske Verksted AS", email="post@nordlandmek.no"),
        record("customer", "2", "Nordland Mek. Verksted", email="firma@nordlandmek.no"),
        record("customer", "3", "Sørland Eiendom AS"),
        address("a1", "1", "Havnegata 12", "8006", "Bodø"),
        address("a2", "2", "Havnegt. 12", "8006", "Bodø"),
    ]
    others = [record("customer", f"{n}", f"Firma {n} Handel AS") for n in range(10, 60)]
    groups = found("customer", [*alike, *others])
    assert ["1", "2"] in keys(groups)
    (group,) = (one for one in groups if one.records[0].key == "1")
    assert group.band in ("sure", "likely") and "the streets are equal" in group.reasons


def test_a_shared_mailbox_alone_is_possible_at_most() -> None:
    two = [
        record("employee", "1", "Anne Aas", email="lager@prove.no"),
        record("employee", "2", "Bo Bakke", email="lager@prove.no"),
    ]
    (group,) = found("employee", two)
    assert (group.band, group.reasons) == ("possible", ("the e-mail addresses are equal",))


def test_what_very_many_share_says_nothing() -> None:
    names = [f"{first} {last}" for first in ("Ane", "Bo", "Ulf", "Siv") for last in
             ("Lie", "Dahl", "Ruud", "Moen")]  # fmt: skip
    many = [record("employee", f"{n}", one, email="x@prove.no") for n, one in enumerate(names)]
    assert len(many) > duplicates.MOST
    assert keys(found("employee", many)) == []


@pytest.mark.parametrize(
    "other",
    [
        record("customer", "2", "Fjord Rør AS", active=False),
        record("customer", "2", "Fjord Rør Holding AS", organisation_number="982463718"),
    ],
)
def test_an_inactive_record_is_dealt_with_and_another_company_is_none(other: Record) -> None:
    one = record("customer", "1", "Fjord Rør AS", organisation_number="923609016")
    assert keys(found("customer", [one, other])) == []


def test_contacts_are_compared_under_one_customer_alone() -> None:
    people = [
        record("contact", "1", "Kari Lie", parent="1"),
        record("contact", "2", "Kari Lie", parent="1"),
        record("contact", "3", "Kari Lie", parent="2"),
    ]
    assert keys(found("contact", people)) == [["1", "2"]]


def test_articles_of_two_kinds_are_no_duplicates() -> None:
    def article(key: str, kind: str) -> Record:
        return replace(record("product", key, "Rådgivning"), kind=kind)

    two = [article("1", "product"), article("2", "work_type"), article("3", "work_type")]
    assert keys(found("product", two)) == [["2", "3"]]


# --- not the same -----------------------------------------------------------------------------

WHERE = ("customer", "global")


def said(kept: Store, verdict: str, records: Iterable[Record]) -> apart.Words:
    apart.say(kept, WHERE, records, "two branches", verdict)
    return apart.read(kept)


def test_what_is_not_the_same_is_not_asked_again_until_the_data_change() -> None:
    kept = store()
    words = said(kept, apart.APART, TWINS[:2])
    assert found("customer", TWINS, words=words) == []
    changed = replace(TWINS[0], fields={**TWINS[0].fields, "email": "ny@fjord.no"})
    assert keys(found("customer", [changed, *TWINS[1:]], words=words)) == [["1", "2"]]
    back = said(kept, apart.TOGETHER, TWINS[:2])
    assert keys(found("customer", TWINS, words=back)) == [["1", "2"]]


def test_a_word_is_kept_with_who_when_and_why() -> None:
    kept = store()
    said(kept, apart.APART, TWINS[:3])
    rows = kept.rows(kept.of(memory.waiver))
    assert [row["key"] for row in rows] == ["1|2", "1|3", "2|3"]
    assert all(row["who"] and row["at"] and row["why"] == "two branches" for row in rows)


def test_a_shared_mailbox_or_name_ties_no_two_groups_together() -> None:
    email = "post@regnskap.no"
    one = [
        record("customer", key, "Fjord Rør AS", organisation_number="923609016", email=email)
        for key in "12"
    ]
    two = [
        record("customer", key, "Berg Bygg AS", organisation_number="982463718", email=email)
        for key in "34"
    ]
    alone = record("customer", "5", "Sol Data AS", email=email)
    assert keys(found("customer", [*one, *two, alone])) == [["1", "2"], ["3", "4"]]


def test_in_a_list_with_chains_owners_and_accountants_the_sure_are_true() -> None:
    made = doubled(104, 2_000, 80, TEST)
    groups_ = groups(made.records)
    sure = made.pairs(one for one in groups_ if one.band == "sure")
    likely = made.pairs(one for one in groups_ if one.band != "possible")
    assert len(sure & made.truth) / len(sure) >= 0.97
    assert len(likely & made.truth) / len(made.truth) >= 0.75
