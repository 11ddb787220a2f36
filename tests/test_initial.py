"""Who decides an initial difference, in which order, and what no word can do (rule 3)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from recon.compare import Comparison, Rules, compare
from recon.initial import refused
from recon.links import Links
from recon.plan import Made, make
from recon.rulings import Ruling, prints, whole
from recon.settings import Master
from recon.shapes import Decision, Verdict
from recon.spec import Field
from tests.engine import FIELDS, entity, linked, ours, profile, situation, theirs

KIM = "Kim on 2026-03-01"


def word(field: str, verdict: str, values: tuple[Any, Any] | None = None, **more: Any) -> Ruling:
    """A word about the pair (with the values seen), or about the whole field."""
    pair = ("1", "g") if values else ("", "")
    seen = prints(*values) if values else ("", "")
    given = {"who": "Kim", "when": "2026-03-01T10:00:00", "why": "", "id": 1, **more}
    return Ruling("thing", field, *pair, verdict, prints=seen, **given)  # type: ignore[arg-type]


def found(
    here: Any, there: Any, *words: Ruling, field: str = "name", shown: bool = True, **master: Any
) -> Comparison:
    pair = (ours("1", fields={field: here}), theirs("g", fields={field: there}))
    known = {one.spot: one for one in words}
    rules = Rules(Master(**master), shown, Links(), rulings=known)
    return compare(entity(), linked("1", "g", {}), pair, rules)


def told(result: Comparison) -> str:
    return "; ".join(difference.text for difference in result.differences)


SEEN = ("a", "b")
# the word about the pair, about the field, do masters decide → Global gets, Severa gets, because
ORDER = [
    ("global", None, False, None, "a", f"{KIM} said that it is right in Visma Global"),
    ("severa", "global", True, "b", None, f"{KIM} said that it is right in Severa"),
    (None, "global", False, None, "a", "wherever the field differs"),
    (None, "severa", True, "b", None, "wherever the field differs"),
    (None, None, True, None, "a", "Visma Global is master of it"),
    ("leave", "global", True, None, None, f"{KIM} left it"),
    (None, "leave", True, None, None, f"{KIM} left it wherever the field differs"),
    (None, None, False, None, None, "decide which is right"),
    ("open", "severa", False, "b", None, "wherever the field differs"),
    (None, "open", False, None, None, "decide which is right"),
]


@pytest.mark.parametrize(("own", "all_", "masters", "to_global", "to_severa", "why"), ORDER)
def test_the_pairs_word_counts_before_the_fields_and_the_masters(
    own: str, all_: str, masters: bool, to_global: str, to_severa: str, why: str
) -> None:
    words = [word("name", own, SEEN)] if own else []
    words += [word("name", all_)] if all_ else []
    result = found("a", "b", *words, initial="master" if masters else "report")
    assert result.changes["global"].get("name") == to_global
    assert result.changes["severa"].get("name") == to_severa
    reasons = [*result.reasons["global"].values(), *result.reasons["severa"].values()]
    assert why in "".join(reasons) + told(result)
    assert bool(reasons) != bool(result.differences)
    assert len(result.initial) == 1, "decided or not, the board shows it"


def test_a_sync_never_acts_on_a_word_and_says_what_the_onboarding_does() -> None:
    result = found("a", "b", word("name", "global", SEEN, why="the register"), shown=False)
    assert result.changes == {"global": {}, "severa": {}}
    assert "(the register); the onboarding writes it" in told(result)
    assert result.differences[0].by == "Kim"


def test_a_word_counts_only_while_both_values_are_as_seen() -> None:
    for here, there in (("A", "b"), ("a", "B")):
        result = found(here, there, word("name", "global", SEEN), initial="master")
        assert result.changes == {"global": {}, "severa": {}}
        assert f"Name changed since {KIM} said" in told(result)


def test_what_was_left_and_then_edited_is_asked_again_and_never_carried_over() -> None:
    left = word("name", "leave", SEEN)
    for shown in (True, False):
        result = found("a", "edited", left, shown=shown, default="severa", initial="master")
        assert result.changes == {"global": {}, "severa": {}} and result.base["severa"] == {}
        assert "decide it again" in told(result)
    assert found("a", "b", left).base == {"global": {}, "severa": {}}, "leaving makes no base"


def test_a_newer_word_about_the_field_covers_what_was_to_be_asked_again() -> None:
    older, newer = word("name", "leave", SEEN, id=1), word("name", "global", id=2)
    assert found("a", "edited", older, newer).changes["severa"] == {"name": "a"}
    older, newer = word("name", "global", id=1), word("name", "leave", SEEN, id=2)
    assert "decide it again" in told(found("a", "edited", older, newer))


def test_an_empty_side_is_filled_whatever_is_said_of_the_field() -> None:
    result = found(None, "b", word("email", "global"), field="email")
    assert result.changes["global"] == {"email": "b"}
    assert (
        result.reasons["global"]["email"] == "E-mail is empty in Visma Global: filled from Severa"
    )
    assert found(None, "b", word("email", "leave"), field="email").changes["global"] == {}


def test_a_word_for_the_empty_side_is_refused_with_the_reason() -> None:
    result = found(None, "b", word("email", "global", (None, "b")), field="email")
    assert result.changes == {"global": {}, "severa": {}}
    assert "an empty value never overwrites a filled one" in told(result)


@given(
    some.sampled_from([None, "", "a", "b"]),
    some.sampled_from([None, "", "a", "b"]),
    some.sampled_from([None, "global", "severa", "leave"]),
    some.sampled_from([None, "global", "severa", "leave"]),
    some.booleans(),
)
def test_no_word_makes_an_empty_value_overwrite_a_filled_one(
    here: Any, there: Any, own: Any, all_: Any, shown: bool
) -> None:
    for masters in ("report", "master"):
        for lead in ("global", "severa"):
            words = [word("email", own, (here, there))] if own else []
            words += [word("email", all_)] if all_ else []
            result = found(
                here, there, *words, field="email", shown=shown, default=lead, initial=masters
            )
            assert not (here and result.changes["global"].get("email", "kept") in (None, ""))
            assert not (there and result.changes["severa"].get("email", "kept") in (None, ""))


@pytest.mark.parametrize(
    ("field", "verdict", "sentence"),
    [
        ("title", "global", "Title is never written into Severa: correct it by hand in Severa"),
        ("billable", "severa", "Billable is only compared: correct it by hand in Visma Global"),
    ],
)
def test_a_field_that_is_not_written_there_says_so(field: str, verdict: str, sentence: str) -> None:
    result = found("a", "b", word(field, verdict, SEEN), field=field)
    assert result.changes == {"global": {}, "severa": {}} and sentence in told(result)
    one: Field = next(one for one in FIELDS if one.name == field)
    assert sentence in refused(one, verdict) and refused(one, "leave") == ""
    once = Field("x", "X", "X", "x", direction="once")
    assert "written into new records only" in refused(once, "global")


# --- the plan names it --------------------------------------------------------------------------


def planned(*records: Any, **more: Any) -> Made:
    return make(situation([entity()], records, **more))


def test_an_update_names_who_decided_it_and_each_field_its_reason() -> None:
    pair = (
        ours("1", fields={"name": "a", "email": None}),
        theirs("g", fields={"name": "b", "email": "x@y.example"}),
    )
    words = {whole("thing", "name"): word("name", "severa", why="they know")}
    made = planned(*pair, links=[linked("1", "g", {})], shown=True, rulings=words)
    update = next(op for op in made.plan.operations if op.kind == "update")
    assert update.reasons["name"].startswith(f"{KIM} said that it is right in Severa")
    assert update.because.startswith(f"Name: {KIM}") and "(they know); E-mail:" in update.because
    assert [one.field for one in made.initial] == ["name", "email"]


def decided(verdict: Verdict, **more: Any) -> dict[str, Any]:
    when = "2026-03-01T10:00:00"
    said = Decision("thing", "1", "g", verdict, "Kim", when, "rang them", ("", ""))
    return {
        "decisions": {said.pair: said},
        "verdicts": {"thing": {("1", "g"): verdict}},
        **more,
    }


def test_a_link_names_the_person_who_accepted_the_pair() -> None:
    pair = (ours("1"), theirs("g", number="21", fields={"name": "Thing 1"}))
    (link,) = planned(*pair, **decided("same")).plan.operations
    assert link.because == f"said to be the same by {KIM}: rang them"


def test_a_new_record_names_what_it_was_said_to_differ_from() -> None:
    numbers = {
        "global": {"url": "sqlite://", "schema": "P", "numbers": {"thing": {"severa": [20, 29]}}}
    }
    pair = (ours("1"), theirs("g", number="21", fields={"name": "Thing 1"}))
    made = planned(*pair, **decided("different", profile=profile(**numbers)))
    because = {op.id: op.because for op in made.plan.operations if op.kind == "create"}
    assert because == {
        "thing/create/severa/1": (
            f"only in Visma Global; said to be different from Thing 1 (21) by {KIM}: rang them"
        ),
        "thing/create/global/g": (
            f"only in Severa; said to be different from Thing 1 (1) by {KIM}: rang them"
        ),
    }


def test_later_and_undecided_pairs_stay_held() -> None:
    pair = (ours("1"), theirs("g", number="21", fields={"name": "Thing 1"}))
    for more in ({}, decided("later", verdicts={})):
        made = planned(*pair, **more)
        assert {one.state for one in made.plan.outcomes} == {"held"} and not made.plan.operations
