"""Addresses without names, kin that share them, and how many records have a partner at all."""

from __future__ import annotations

import pytest

from recon.matching.bags import texts
from recon.matching.engine import propose
from recon.matching.features import features
from recon.matching.kin import HOUSE, NAME, NUMBER, STREET, kin
from recon.places import house, house_words, split_address
from recon.settings_matching import KINDS, Matching
from tests.matching.test_engine import COMPANY, PERSON, table, taken

STREETS = "Storgata Kirkeveien Hamngatan Nørregade Rantatie Skolegata Lindealleen".split()
TOWNS = (("0155", "Oslo"), ("5003", "Bergen"), ("411 05", "Göteborg"), ("8000", "Aarhus C"))


def addresses(count):
    """Addresses of which each differs in street, number or town from every other one."""
    rows = [(f"{STREETS[at % 7]} {3 + at // 7 * 4}", *TOWNS[at % 4]) for at in range(count)]
    return dict(
        zip(("street", "postcode", "city"), map(list, zip(*rows, strict=True)), strict=True)
    )


@pytest.mark.parametrize("kind", KINDS)
def test_addresses_are_matched_where_no_record_has_a_name(kind):
    left, right = addresses(60), addresses(60)
    right["street"] = [f"{s.upper()} B" if at % 9 == 0 else s.replace("gata", "gt.")
                       for at, s in enumerate(right["street"])]  # fmt: skip
    right["postcode"] = [None if at % 7 == 1 else code for at, code in enumerate(right["postcode"])]
    found = taken(table(**left), table(**right), Matching().of(kind))
    assert len(found & {(str(at), str(at)) for at in range(60)}) >= 58
    assert len(found) <= 60


def test_another_house_in_the_street_is_another_address():
    left = table(street=["Storgata 5"], postcode=["0155"], city=["Oslo"])
    others = addresses(30)
    right = {key: ["Storgata 11" if key == "street" else left[key][0], *others[key]]
             for key in others}  # fmt: skip
    near = [one for one in propose(left, table(**right), COMPANY) if one.right == "0"]
    assert not near or near[0].band == "possible"


@pytest.mark.parametrize(
    ("value", "words", "parts"),
    [
        ("Storgaten 5 B", ("storg", "5", "b"), ("storg", "5", "5b")),
        ("c/o Anne Lie, Nørregade 12, 2. sal", ("norreg", "12", "2sal"), ("norreg", "12", "12")),
        ("66 Clifford Crescent", ("66", "clifford", "cr"), ("clifford cr", "66", "66")),
        ("Bryggen", ("bryggen",), ("bryggen", None, None)),
        (None, (), (None, None, None)),
    ],
)
def test_a_street_has_a_name_a_number_and_a_letter(value, words, parts):
    assert house_words(value) == words
    assert house(words) == parts


def test_an_address_in_one_text_is_taken_apart():
    assert split_address("Storgata 5, 0155 Oslo") == ("Storgata 5", "0155", "Oslo")
    assert split_address("Nedre Storgata 5") == ("Nedre Storgata 5", None, None)
    left = table("Berg AS", street=["Storgata 5, 0155 Oslo"])
    right = table("Berg AS", street=["Storgt. 5"], postcode=["155"], city=["OSLO"])
    said = {part.field: part.bits for part in propose(left, right, COMPANY)[0].evidence}
    assert min(said["street"], said["postcode"], said["city"]) > 0


def households(count, first):
    """Persons of whom each two live at one address under one name."""
    street = [f"{STREETS[at % 7]} {at}" for at in range(count) for _ in (0, 1)]
    last = [f"{STREETS[at % 7][:-3]}by{at % 11}" for at in range(count) for _ in (0, 1)]
    names = [f"{name} {family}" for name, family in zip(first * count, last, strict=True)]
    return table(*names, street=street, city=["Oslo"] * len(street))


def test_people_of_one_household_are_not_one_person():
    left, right = households(40, ["Anne", "Per"]), households(40, ["Kari", "Ola"])
    found = propose(left, right, PERSON)
    assert [one for one in found if one.taken and one.band in ("sure", "likely")] == []


def test_kin_are_counted_inside_each_table():
    at_home = households(40, ["Anne", "Per"])
    alone = {key: values[::2] for key, values in at_home.items()}
    bounds = []
    for side in (at_home, alone):
        found = features(side, table("Nobody"))
        bounds.append(kin(found, texts(found), 0.0).most[NAME + STREET + NUMBER + HOUSE])
    assert bounds[0] < bounds[1]


def test_a_table_of_which_few_have_a_partner_makes_any_pair_less_likely():
    names = [f"{a}{b} Bygg" for a in STREETS for b in ("berg", "dal", "vik", "nes", "lund", "mo")]
    both = table("Fjordheim Rør", *names)
    few = table("Fjordheim Rør", *(name[-6::-1] for name in names))
    starts = [next(one.evidence[0].bits for one in propose(both, right, COMPANY) if one.left == "0")
              for right in (few, both)]  # fmt: skip
    assert starts[0] < starts[1]
