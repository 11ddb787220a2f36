"""Two tables of records: who is the same, with what evidence, and what stays open."""

from __future__ import annotations

import math

import pytest

from recon.matching.engine import Pairs, propose
from recon.settings_matching import KINDS, Matching
from recon.shapes import plain
from tests.matching import nordic_pairs

COMPANY = Matching().of("company")
PERSON = Matching().of("person")


def table(*rows, **columns):
    """A table of names with ids a0, a1 …, or of whole columns."""
    names = {"name": list(rows)} if rows else {}
    size = len(rows or next(iter(columns.values())))
    return {"id": [str(at) for at in range(size)], **names, **columns}


def taken(left, right, weights=COMPANY):
    return {(one.left, one.right) for one in propose(left, right, weights) if one.taken}


OTHERS = ("Fjord Marin AS", "Solheim Elektro AS", "Kvist & Løv Gartneri ANS", "Tind Data AB")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Ås & Sønn Bygg A/S", "AAS OG SOENN BYGG AS"),
        ("Hansson Åkeri AB", "Hansson Akeri Aktiebolag"),
        ("Nordlys Rørservice AS", "Nordlys Rør Service"),
        ("Bergström Fastigheter AB", "Fastigheter Bergström, AB"),
        ("Larsen Entreprenør AS", "Larsen Entr. AS avd. Nord"),
        ("Tveit Tømrer AS", "Tveit Tømrer AS, Storgata 5, 0155 Oslo"),
        ("Virtanen Rakennus Oy", "Virtannen Rakennus oy"),
        ("Jørgensen Møbler ApS", "Jorgensen Mobler"),
    ],
)
def test_a_lone_name_is_known_in_another_spelling(ours, theirs):
    found = taken(table(ours, *OTHERS), table(*OTHERS, theirs))
    assert ("0", "4") in found
    assert len(found) == 5


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Nordlys Bygg AS", "Sørlys Rør AS"),
        ("Hansen Holding AS", "Hansen Eiendom AS"),
        ("Kiwi avd 112", "Kiwi avd 215"),
        ("Tveit Tømrer AS", "Tveit Regnskap AS"),
    ],
)
def test_other_companies_stay_apart(ours, theirs):
    assert ("0", "4") not in taken(table(ours, *OTHERS), table(*OTHERS, theirs))


def test_companies_of_one_owner_are_told_apart_by_their_numbers():
    names = ["Hansen AS", "Hansen Eiendom AS"]
    same = {"street": ["Storgata 5"] * 2, "postcode": ["0155"] * 2, "email": ["post@hansen.no"] * 2}
    left = table(*names, organisation_number=["923609016", "989106025"], **same)
    right = table(*names[::-1], organisation_number=["989106025", "923609016"], **same)
    assert taken(left, right) == {("0", "1"), ("1", "0")}


def test_a_tie_is_left_open_and_both_are_shown():
    found = propose(table("Berg Bygg AS"), table("Berg Bygg AS", "Berg Bygg AS"), COMPANY)
    assert [(one.left, one.right, one.taken) for one in found] == [
        ("0", "0", False),
        ("0", "1", False),
    ]
    assert [one.rivals for one in found] == [("1",), ("0",)]


def test_persons_may_be_turned_round_misspelled_or_written_with_initials():
    left = table(
        first_name=["Kari", "Ole Martin", "Anne"],
        last_name=["Nordmann", "Berg", "Lie"],
        birth_date=["1980-02-01", "12.3.1975", None],
        phone=["+47 22 33 44 55", None, "90112233"],
    )
    right = table(
        name=["Lie, Anna", "Berg Ole M.", "Kari Nordman"],
        birth_date=["", "1975-03-12", "1980-01-02"],
        phone=["901 12 233", "", "22334455"],
    )
    assert taken(left, right, PERSON) == {("0", "2"), ("1", "1"), ("2", "0")}


def test_evidence_adds_up_to_the_score():
    right = table("Berg Bygg", "Berg Rør AS", phone=["99887766", "1"])
    found = propose(table("Berg Bygg AS", phone=["99887766"]), right, COMPANY)
    bits = sum(part.bits for part in found[0].evidence)
    assert 1 / (1 + 2**-bits) == pytest.approx(found[0].score, abs=0.01)
    said = {part.field: (part.text, part.global_value) for part in found[0].evidence}
    assert said["phone"] == ("the telephone numbers are equal", "99887766")


def test_a_pair_that_was_rejected_is_never_proposed_again():
    left, right = table("Berg Bygg AS"), table("Berg Bygg AS")
    assert propose(left, right, COMPANY, Pairs(never=[("0", "0")])) == []


def test_a_pair_may_be_told_of_in_any_case():
    found = propose(table("Berg"), table("Dal"), COMPANY, Pairs(always=[("0", "0")]))
    assert [(one.taken, one.band) for one in found] == [(False, "possible")]


def test_groups_are_never_crossed():
    left, right = table("Anne Lie", within=["a"]), table("Anne Lie", "Ann Lie", within=["b", "a"])
    assert taken(left, right, PERSON) == {("0", "1")}


def test_what_hangs_on_records_tells_equal_names_apart():
    left = table("Berg AS", "Berg AS", linked=[("project/1",), ("project/2",)])
    right = table("Berg AS", "Berg AS", linked=[("project/2",), ("project/1",)])
    assert taken(left, right) == {("0", "1"), ("1", "0")}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_works_with_twenty_records(kind):
    names = [
        f"{a} {b}" for a in ("Alfa", "Beta", "Gamma", "Delta") for b in "Vest Øst Nord".split()
    ]
    numbers = [str(100 + at) for at in range(len(names))]
    both = table(*names, number=numbers), table(*names[::-1], number=numbers[::-1])
    found = propose(*both, Matching().of(kind))
    last = len(names) - 1
    assert {(o.left, o.right) for o in found if o.taken} == {
        (str(at), str(last - at)) for at in range(len(names))
    }
    assert {one.band for one in found if one.taken} <= {"sure", "likely"}


def test_empty_tables_and_empty_columns_are_no_error():
    assert propose(table(name=[]), table("Berg"), COMPANY) == []
    assert propose(table(name=[None, ""]), table(name=["", None]), COMPANY) == []


def test_the_order_of_rows_changes_nothing():
    pairs = nordic_pairs.make(11, 150, nordic_pairs.TUNING)
    forward, backward = (
        propose(columns(pairs.left[::step]), columns(pairs.right[::step]), COMPANY)
        for step in (1, -1)
    )
    assert [plain(one) for one in forward] == [plain(one) for one in backward]


def columns(rows):
    return {name: [row[name] for row in rows] for name in rows[0]}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_nordic_register_is_matched(seed):
    """A small one; bench/matching.py measures 5,000 by 5,000."""
    pairs = nordic_pairs.make(seed, 800, nordic_pairs.TEST)
    found = propose(columns(pairs.left), columns(pairs.right), COMPANY)
    named = {(one.left, one.right) for one in found if one.taken}
    sure = {(one.left, one.right) for one in found if one.taken and one.band == "sure"}
    right = len(named & pairs.truth)
    assert 2 * right / (len(named) + len(pairs.truth)) > 0.95
    assert len(sure - pairs.truth) <= 2
    assert len(sure & pairs.truth) > 0.75 * len(pairs.truth)
    assert len({a for a, _ in named}) == len({b for _, b in named}) == len(named)


def test_a_profile_may_weigh_a_field_otherwise():
    left, right = table("Berg", phone=["99887766"]), table("Dal", phone=["99887766"])
    deaf = Matching.model_validate({"weights": {"company": {"phone": {"equal": 0}}}})
    phones = [
        math.fsum(p.bits for one in propose(left, right, weights, every) for p in one.evidence
                  if p.field == "phone")
        for every in [Pairs(always=[("0", "0")])]
        for weights in (COMPANY, deaf.of("company"))
    ]  # fmt: skip
    assert phones[0] > 0 == phones[1]


def test_an_unknown_field_of_a_weight_is_a_fault_of_the_profile():
    with pytest.raises(ValueError, match="fax"):
        Matching.model_validate({"weights": {"company": {"fax": {"equal": 1}}}})


@pytest.mark.parametrize(
    ("column", "ours", "theirs"),
    [
        ("number", "1001.0", "01001"),
        ("organisation_number", "923609016.0", "NO 923 609 016 MVA"),
        ("phone", 22334455.0, "+47 22 33 44 55"),
        ("birth_date", "1/2/1980", "1980/02/01"),
        ("birth_date", "01.02.80", 19800201.0),
        ("postcode", "155.0", "0155"),
    ],
)
def test_values_are_known_in_the_forms_that_spreadsheets_give_them(column, ours, theirs):
    left, right = table("Berg", **{column: [ours]}), table("Berg", **{column: [theirs]})
    said = {part.field: part.text for part in propose(left, right, COMPANY)[0].evidence}
    assert said[column].endswith("equal")


@pytest.mark.parametrize("nothing", ["NULL", "nan", "n/a", "-", ""])
def test_what_exports_write_for_nothing_says_nothing(nothing):
    left, right = (table("Berg", email=[value]) for value in (nothing, "post@berg.no"))
    assert "email" not in {part.field for part in propose(left, right, COMPANY)[0].evidence}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Nordlys Taktekking AS v/ regnskap", "Nordlys Taktekking AS"),
        ("Nordlys Taktekking AS c/o Dal Regnskap", "Nordlys Taktekking AS"),
    ],
)
def test_whom_to_turn_to_is_no_part_of_the_name(ours, theirs):
    found = propose(table(ours, *OTHERS), table(*OTHERS, theirs), COMPANY)
    said = next(one for one in found if one.left == "0").evidence
    assert "the names are equal" in {part.text for part in said}


@pytest.mark.parametrize("word", ["Eiendom", "Eiendm", "Property", "Holdingg"])
def test_a_company_of_the_same_owner_is_another_one_though_misspelled(word):
    same = {"street": ["Storgata 5"], "city": ["Oslo"], "email": ["post@rognli.no"]}
    found = propose(table("Rognli AS", **same), table(f"Rognli {word} AS", **same), COMPANY)
    assert all(one.band != "sure" for one in found)


@pytest.mark.parametrize(("ours", "theirs"), [("Aarhus", "Aarhus C"), ("Lunde", "Ljunde")])
def test_places_are_alike_in_part_or_but_for_a_slip(ours, theirs):
    found = propose(table("Berg", city=[ours]), table("Berg", city=[theirs]), COMPANY)
    assert {part.text for part in found[0].evidence} >= {"the cities are alike"}
