"""A person's word about a finding counts until the finding says something else."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from recon import store as tables
from recon import waivers
from recon.shapes import Finding, blocking
from recon.store import Store
from recon.waivers import Verdict, Wish
from tests.engine import store

TWIN = Finding("number_twice", "thing", "blocker", "severa", "g1", "A: 1 is also at B", "Menu")
OTHER = replace(TWIN, key="g2", text="B: 1 is also at A")


def say(
    memory: Store,
    *found: Finding,
    verdict: Verdict = "waived",
    why: str = "a branch",
    who: str = "Lin",
    knew: int | None = None,
) -> list[str]:
    """What became of a word about some findings."""
    wishes = [Wish(one, verdict, why, knew, who) for one in found]
    return [kept.state for kept in waivers.keep(memory, wishes)]


def now(memory: Store, *found: Finding) -> Sequence[Finding]:
    said = waivers.read(memory)
    return [said.on(one) for one in found]


def test_a_waiver_has_who_when_and_why_and_nothing_is_lost() -> None:
    memory = store()
    assert say(memory, TWIN) == ["kept"]
    (one,) = now(memory, TWIN)
    assert one.status == "waived" and one.waiver and blocking([one]) == ()
    assert (one.waiver.who, one.waiver.why) == ("Lin", "a branch") and one.waiver.when
    assert say(memory, TWIN, verdict="open", why="") == ["kept"]
    assert [one.status for one in now(memory, TWIN)] == ["open"]
    assert len(memory.rows(memory.of(tables.waiver))) == 2


def test_a_new_row_of_a_waived_check_is_not_waived() -> None:
    memory = store()
    say(memory, TWIN)
    assert blocking(now(memory, TWIN, OTHER)) == (OTHER,)


@pytest.mark.parametrize("changed", [{"text": "A: 2"}, {"others": (("severa", "g9"),)}])
def test_a_changed_row_is_asked_again_until_it_is_as_it_was(changed: dict[str, object]) -> None:
    memory = store()
    say(memory, TWIN)
    lapsed, same = now(memory, replace(TWIN, **changed), TWIN)  # type: ignore[arg-type]
    assert (lapsed.status, same.status) == ("asked again", "waived")
    assert lapsed.waiver and lapsed.waiver.why == "a branch" and blocking([lapsed])


def test_what_stands_already_is_not_kept_twice() -> None:
    memory = store()
    assert say(memory, TWIN, verdict="open") == ["known"]
    assert say(memory, TWIN) + say(memory, TWIN) == ["kept", "known"]
    assert say(memory, TWIN, why="another reason") == ["kept"]
    assert say(memory, TWIN, who="Kim") == ["known"]
    assert [one.waiver.who for one in now(memory, TWIN) if one.waiver] == ["Lin"]


def test_a_colleagues_newer_word_stands() -> None:
    memory = store()
    say(memory, TWIN)
    say(memory, TWIN, verdict="open", who="Kim")
    assert say(memory, TWIN, knew=1) == ["overtaken"]
    assert say(memory, TWIN, knew=2) == ["kept"]


def at_once(url: str) -> list[tuple[str, str]]:
    """Two people waive the same twenty findings at the same moment: whose words there are."""
    rows = [replace(TWIN, key=str(n)) for n in range(20)]

    def person(name: str) -> None:
        memory = store(url)
        for row in rows:
            say(memory, row, who=name)
        memory.close()

    store(url).close()
    with ThreadPoolExecutor() as both:
        list(both.map(person, ("Lin", "Kim")))
    memory = store(url)
    found = memory.rows(memory.of(tables.waiver))
    assert {one.status for one in now(memory, *rows)} == {"waived"}
    memory.close()
    return [(row["key"], row["who"]) for row in found]


def test_two_people_who_waive_at_once_leave_one_word_each_finding(tmp_path: Path) -> None:
    found = at_once(f"sqlite:///{tmp_path / 'store.db'}")
    assert sorted(key for key, _ in found) == sorted(str(n) for n in range(20))


def test_ten_thousand_rows_are_waived_in_one_go() -> None:
    memory = store()
    rows = [replace(TWIN, key=str(n)) for n in range(10_000)]
    assert set(say(memory, *rows)) == {"kept"} and blocking(now(memory, *rows)) == ()
