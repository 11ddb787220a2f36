"""What is kept of a word about a field that differs."""

from __future__ import annotations

from recon import rulings
from recon import store as memory
from tests.engine import store as made_up


def test_two_people_at_once_do_not_write_over_each_other() -> None:
    store = made_up()
    kim = rulings.Ruling("thing", "name", "1", "g", "global", "Kim", "", "", ("a", "b"))
    ola = rulings.Ruling("thing", "name", "1", "g", "severa", "Ola", "", "", ("a", "b"))
    (first_,) = rulings.keep(store, [rulings.Wish(kim)], lambda _: True)
    (second,) = rulings.keep(store, [rulings.Wish(ola)], lambda _: True)
    assert (first_.state, second.state, second.ruling.who) == ("kept", "overtaken", "Kim")
    (third,) = rulings.keep(store, [rulings.Wish(ola, first_.ruling.id)], lambda _: True)
    assert third.state == "kept" and rulings.read(store)[kim.spot].who == "Ola"
    assert len(store.rows(store.of(memory.ruling))) == 2, "nothing is changed or deleted"
