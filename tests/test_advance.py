"""The checklist beside the last check: what is fixed, what is new, since when the rest stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from recon import advance
from recon import store as tables
from recon.advance import Advance
from recon.shapes import Finding
from recon.store import Store
from tests.engine import store

ONE = Finding("name_missing", "thing", "warning", "global", "1", "1 has no name", "Menu")
TWO = replace(ONE, key="2", text="2 has no name")
ELSEWHERE = replace(ONE, entity="other")
ALL = ("thing", "other")


def check(memory: Store, found: Sequence[Finding], at: str, names: Iterable[str] = ALL) -> Advance:
    """What a check says; it is kept, as a check of all entities is."""
    told = look(memory, found, at, names)
    with memory.write("run") as writer:
        advance.keep(writer, told.findings, set(names), at)
    return told


def look(memory: Store, found: Sequence[Finding], at: str, names: Iterable[str] = ALL) -> Advance:
    return advance.compared(memory, found, set(names), at)


def counts(told: Advance) -> tuple[str, int, int]:
    return (told.progress.before, told.progress.new, told.progress.fixed)


def test_the_first_check_has_nothing_to_compare_with() -> None:
    told = check(store(), [ONE], "t1")
    assert counts(told) == ("", 0, 0)
    assert [(one.since, one.new) for one in told.findings] == [("t1", False)]


def test_new_and_fixed_are_told_once_and_two_checks_in_a_row_tell_nothing() -> None:
    memory = store()
    check(memory, [ONE], "t1")
    told = check(memory, [TWO], "t2")
    assert counts(told) == ("t1", 1, 1)
    assert [(one.key, one.since, one.new) for one in told.findings] == [("2", "t2", True)]
    assert [(one.key, one.since, one.gone) for one in told.fixed] == [("1", "t1", "t2")]
    again = check(memory, [TWO], "t3")
    assert counts(again) == ("t2", 0, 0) and not again.findings[0].new
    assert [(one.key, one.gone) for one in again.fixed] == [("1", "t2")]


def test_a_check_that_was_not_kept_loses_no_progress() -> None:
    """One that was killed, or that looked at some entities alone."""
    memory = store()
    check(memory, [ONE, ELSEWHERE], "t1")
    assert counts(look(memory, [TWO, ELSEWHERE], "t2")) == ("t1", 1, 1)
    assert counts(look(memory, [ONE], "t3", ["thing"])) == ("t1", 0, 0)
    assert counts(check(memory, [TWO, ELSEWHERE], "t4")) == ("t1", 1, 1)


def test_an_entity_that_is_off_fixes_nothing() -> None:
    memory = store()
    check(memory, [ONE, ELSEWHERE], "t1")
    assert counts(check(memory, [ONE], "t2", ["thing"])) == ("t1", 0, 0)
    assert counts(check(memory, [ONE, ELSEWHERE], "t3")) == ("t2", 0, 0)


def test_a_changed_text_is_the_same_finding_and_stands_since_it_began() -> None:
    memory = store()
    check(memory, [ONE], "t1")
    changed = replace(ONE, text="1 has a blank for a name")
    told = check(memory, [changed], "t2")
    assert counts(told) == ("t1", 0, 0) and told.findings[0].since == "t1"
    (row,) = memory.rows(memory.of(tables.finding))
    assert (row["text"], row["since"]) == (changed.text, "t1")


def test_one_record_may_have_several_findings_of_one_check() -> None:
    memory = store()
    twin = replace(ONE, text="1 has no second name")
    check(memory, [ONE, twin], "t1")
    told = check(memory, [twin], "t2")
    assert counts(told) == ("t1", 0, 1) and told.fixed[0].text == ONE.text


def test_what_comes_back_is_new() -> None:
    memory = store()
    check(memory, [ONE], "t1")
    check(memory, [], "t2")
    told = check(memory, [ONE], "t3")
    assert counts(told) == ("t2", 1, 0) and told.findings[0].since == "t3"


def test_waived_and_standing_blockers_are_counted() -> None:
    blocker = replace(ONE, severity="blocker")
    told = look(store(), [blocker, replace(blocker, key="2", status="waived"), TWO], "t1")
    assert (told.progress.waived, told.progress.blockers) == (1, 1)


def test_thousands_of_fixed_rows_are_one_check() -> None:
    memory = store()
    rows = [replace(ONE, key=str(n)) for n in range(3000)]
    check(memory, rows, "t1")
    told = check(memory, [], "t2")
    assert counts(told) == ("t1", 0, 3000) and len(told.fixed) == advance.MOST_FIXED
