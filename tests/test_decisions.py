"""A person's word about a pair counts until the data that she saw has changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from recon import decisions
from recon.decisions import Wish
from recon.shapes import Decision
from tests.engine import store

SAID = Decision("thing", "1", "g", "same", "controller", "", "same address", ("a", "b"))


def test_the_newest_word_counts_and_none_is_lost():
    memory = store()
    decisions.decide(memory, SAID)
    decisions.decide(memory, replace(SAID, verdict="different"))
    (found,) = decisions.read(memory)
    assert (found.verdict, found.who, found.why) == ("different", "controller", "same address")
    assert len(memory.rows(memory.of(decisions.memory.decision))) == 2


def test_later_is_no_verdict():
    later = replace(SAID, global_key="2", verdict="later")
    assert decisions.verdicts([SAID, later]) == {"thing": {("1", "g"): "same"}}


def rivals_at_once(url: str) -> list[tuple[str, str]]:
    """Two people give the records 0 to 9 partners at the same moment; the pairs that stand."""

    def person(name: str) -> None:
        memory = store(url)
        for n in range(10):
            said = replace(SAID, global_key=str(n), severa_guid=f"{name}{n}", who=name)
            decisions.keep(memory, [Wish(said)], lambda _: True)
        memory.close()

    store(url).close()
    with ThreadPoolExecutor() as both:
        list(both.map(person, ("Lin", "Ola")))
    memory = store(url)
    found = [(d.global_key, d.severa_guid) for d in decisions.read(memory)]
    memory.close()
    return found


def test_two_people_at_once_cannot_give_a_record_two_partners(tmp_path):
    found = rivals_at_once(f"sqlite:///{tmp_path / 'store.db'}")
    assert sorted(key for key, _ in found) == [str(n) for n in range(10)]


def test_a_band_of_ten_thousand_is_kept_in_one_go():
    memory = store()
    wishes = [Wish(replace(SAID, global_key=str(n), severa_guid=f"g{n}")) for n in range(10_000)]
    kept = decisions.keep(memory, wishes, lambda _: True)
    assert {one.state for one in kept} == {"kept"} and len(decisions.read(memory)) == 10_000
