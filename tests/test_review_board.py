"""The review board without a browser: its cards, what it keeps, and two reviewers at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from recon import decisions, dirty
from recon import store as memory_tables
from recon.links import Links
from recon.review import cards
from recon.review.cards import Company
from recon.review.reviewer import SAMPLE, Reviewer
from recon.shapes import Link, Proposal, Record
from recon.spec import Field
from recon.store import Store
from tests.engine import FIELDS, entity, linked, ours, store, theirs

EVIDENCE = ("the name is equal",)
HOSTILE = "<img src=x onerror=alert(1)>"


def company(records: Sequence[Record], links: Sequence[Link] = (), **more: Any) -> Company:
    """A company with these records of one entity."""
    found: dict[tuple[str, str], dict[str, Record]] = {}
    for one in records:
        found.setdefault((one.entity, one.side), {})[one.key] = one
    known = {"thing": entity(**more), "group": entity("group")}
    return Company(known, lambda name, side: found.get((name, side), {}), Links(links))


def proposal(key: str, guid: str, **more: Any) -> Proposal:
    given: dict[str, Any] = {"score": 0.8, "band": "likely", "evidence": EVIDENCE, **more}
    return Proposal("thing", key, guid, **given)


def twins(count: int) -> tuple[list[Record], list[Proposal]]:
    """Records that come in pairs, and a proposal for each."""
    records = [r for n in range(count) for r in (ours(str(n)), theirs(f"g{n}"))]
    return records, [proposal(str(n), f"g{n}") for n in range(count)]


def reviewer(memory: Store, who: str = "Lin", count: int = 3, **more: Any) -> Reviewer:
    records, found = twins(count)
    return Reviewer(company(records), memory, who, more.pop("proposals", found), **more)


def item(key: str, guid: str, verdict: str, **more: Any) -> dict[str, Any]:
    pair = {"entity": "thing", "global": key, "severa": guid}
    return {
        "token": f"{key}{guid}{verdict}",
        "why": "",
        "knew": 0,
        **pair,
        "verdict": verdict,
    } | more


def say(person: Reviewer, *items: dict[str, Any]) -> list[Any]:
    """What became of decisions that are sent together."""
    answer = person.answer({"ask": "decide", "batch": 1, "items": items})
    found: list[Any] = answer.tell["items"]
    return found


def shown(person: Reviewer) -> list[Any]:
    """All cards, as the page gets them."""
    found: list[Any] = json.loads(person.answer({"ask": "cards", "from": 0, "to": 100}).bulk)
    return found


def newest(memory: Store) -> dict[str, str]:
    return {one.severa_guid: one.verdict for one in decisions.read(memory)}


# --- cards --------------------------------------------------------------------------------------


def test_a_card_holds_both_sides_and_says_what_differs() -> None:
    left = ours("1", fields={"name": "Fjord AS", "email": "a@b.no", "title": "", "billable": True})
    right = theirs("g", number="1", fields={"name": "FJORD as", "email": "", "title": None})
    found = cards.card(company([left, right]), proposal("1", "g"), None)
    assert found is not None
    assert cards.titles(entity()) == ["Number", "Name", "E-mail", "Title", "Billable"]
    assert found["marks"] == "==g-g"
    assert found["global"]["values"] == ["1", "Fjord AS", "a@b.no", "", "yes"]
    assert found["severa"]["values"] == ["1", "FJORD as", "", "", ""]
    assert found["evidence"] == [("the name is equal", None)]


def test_references_stand_under_names_and_agree_by_name_or_link() -> None:
    fields = (*FIELDS[:1], Field("group", "Group", "GroupNo", "groupGuid", refers="group"))
    groups = [
        ours("7", of="group"),
        theirs("x", of="group", number="7", fields={"name": "Thing 7"}),
    ]
    pair = [ours("1", fields={"name": "A", "group": "7"})]
    pair += [theirs("g", fields={"name": "B", "group": "x"})]
    found = cards.card(company([*groups, *pair], fields=fields), proposal("1", "g"), None)
    assert found is not None and found["global"]["values"][2] == "Thing 7 (7)"
    assert found["marks"] == "gx="
    other = replace(groups[1], fields={"name": "Another"})
    unlike = cards.card(company([groups[0], other, *pair], fields=fields), proposal("1", "g"), None)
    linked_ = company([groups[0], other, *pair], [linked("7", "x", {}, "group")], fields=fields)
    like = cards.card(linked_, proposal("1", "g"), None)
    assert unlike is not None and unlike["marks"] == "gxx"
    assert like is not None and like["marks"] == "gx="


def test_a_record_that_was_not_read_makes_no_card() -> None:
    assert cards.card(company([ours("1")]), proposal("1", "g"), None) is None


def test_evidence_has_its_weight_where_there_is_one() -> None:
    parts = [SimpleNamespace(field="name", text="the names are alike", bits=6.123)]
    parts.append(SimpleNamespace(field="number", text="", bits=-2.0))
    found = cards.evidence(SimpleNamespace(parts=parts, evidence=()))  # type: ignore[arg-type]
    assert found == [("the names are alike", 6.12), ("number", -2.0)]


def test_rivals_are_named_with_their_side() -> None:
    records = [ours("1"), ours("2"), theirs("g"), theirs("h")]
    found = cards.card(company(records), proposal("1", "g", rivals=("2", "h", "gone")), None)
    assert found is not None
    assert found["rivals"] == [("global", "2", "2", "Thing 2"), ("severa", "h", "", "Thing h")]


# --- deciding -----------------------------------------------------------------------------------


def test_a_decision_is_in_the_store_with_all_that_was_seen() -> None:
    memory = store()
    (told,) = say(reviewer(memory), item("1", "g1", "same", why="rang them"))
    (kept,) = decisions.read(memory)
    assert told["state"] == "kept" and told["decision"]["id"] == kept.id
    assert (kept.verdict, kept.who, kept.why, kept.score) == ("same", "Lin", "rang them", 0.8)
    assert kept.fingerprints == (ours("1").digest, theirs("g1").digest) and kept.when
    assert kept.saw == {"band": "likely", "evidence": list(EVIDENCE)}
    assert ("thing", "global", "1") in dirty.read(memory).spots


def test_a_batch_that_is_sent_again_is_not_kept_twice() -> None:
    memory, batch = store(), [item("0", "g0", "same"), item("1", "g1", "later")]
    person = reviewer(memory)
    assert say(person, *batch) == say(person, *batch)
    assert len(memory.rows(memory.of(memory_tables.decision))) == 2


def test_an_undo_appends_and_nothing_is_deleted() -> None:
    memory = store()
    person = reviewer(memory)
    say(person, item("1", "g1", "different"))
    say(person, item("1", "g1", "open", why="taken back"))
    rows = memory.rows(memory.of(memory_tables.decision))
    assert [row["verdict"] for row in rows] == ["different", "open"]
    assert decisions.verdicts(decisions.read(memory)) == {}
    assert [card["decision"] for card in shown(reviewer(memory))] == [None] * 3


def test_what_was_decided_is_shown_again_after_the_kernel_died() -> None:
    """A pair that was said to be different is not proposed again; its card comes from memory."""
    memory = store()
    say(reviewer(memory), item("1", "g1", "different"), item("2", "g2", "later"))
    again = reviewer(memory, proposals=[proposal("0", "g0"), proposal("2", "g2")])
    found = {card["global"]["key"]: card for card in shown(again)}
    assert found["1"]["decision"]["verdict"] == "different" and found["1"]["score"] == 0.8
    assert found["1"]["evidence"][0][0] == EVIDENCE[0]
    assert found["2"]["decision"]["verdict"] == "later" and found["0"]["decision"] is None


def test_a_decision_is_asked_again_if_its_data_changed() -> None:
    memory = store()
    say(reviewer(memory), item("1", "g1", "different"))
    changed = [ours("1", fields={"name": "New"}), theirs("g1")]
    (card,) = shown(Reviewer(company(changed), memory, "Lin", [proposal("1", "g1")]))
    assert card["decision"]["stale"] is True


def test_a_record_that_is_gone_is_told() -> None:
    (told,) = say(reviewer(store()), item("1", "nowhere", "same"))
    assert (told["state"], told["text"]) == ("refused", "One of the two records is gone")


# --- two reviewers ------------------------------------------------------------------------------


def test_a_second_word_by_another_person_is_asked_for_first() -> None:
    memory = store()
    lin, ola = reviewer(memory, "Lin"), reviewer(memory, "Ola")
    say(lin, item("1", "g1", "same"))
    (told,) = say(ola, item("1", "g1", "different"))
    assert (told["state"], told["decision"]["who"]) == ("overtaken", "Lin")
    assert newest(memory) == {"g1": "same"}
    (told,) = say(ola, item("1", "g1", "different", token="again", knew=told["decision"]["id"]))
    assert told["state"] == "kept" and newest(memory) == {"g1": "different"}


def test_the_other_persons_decisions_arrive() -> None:
    memory = store()
    lin, ola = reviewer(memory, "Lin"), reviewer(memory, "Ola")
    say(lin, item("1", "g1", "same"))
    news = ola.answer({"ask": "news", "since": 0})
    ((name, key, guid, told),) = json.loads(news.bulk)
    assert (name, key, guid) == ("thing", "1", "g1")
    assert (told["verdict"], told["who"], told["stale"]) == ("same", "Lin", False)
    again = ola.answer({"ask": "news", "since": news.tell["newest"]})
    assert json.loads(again.bulk) == []


def test_a_record_gets_one_partner_whoever_decides() -> None:
    memory = store()
    say(reviewer(memory, "Lin"), item("1", "g1", "same"))
    first, second = say(reviewer(memory, "Ola"), item("1", "g2", "same"), item("2", "g1", "same"))
    assert first["state"] == second["state"] == "taken"
    assert "Lin said that Thing 1 and Thing g1 are the same" in first["text"]
    (told,) = say(reviewer(memory, "Lin"), item("1", "g1", "open"))
    assert told["state"] == "kept"
    (told,) = say(reviewer(memory, "Ola"), item("1", "g2", "same"))
    assert told["state"] == "kept"


def test_within_one_batch_the_first_partner_counts() -> None:
    told = say(reviewer(store()), item("1", "g1", "same"), item("1", "g2", "same"))
    assert [one["state"] for one in told] == ["kept", "taken"]


# --- searching and whole bands ------------------------------------------------------------------


def test_a_search_finds_unlinked_records_by_all_words() -> None:
    records = [ours("1"), theirs("a", fields={"name": "Nordlys Bygg AS"})]
    records += [theirs("b", fields={"name": "Nordlys Data AS"})]
    records += [theirs("c", fields={"name": "Nordlys Bygg Øst AS"})]
    person = Reviewer(company(records, [linked("9", "c", {})]), store(), "Lin", ())
    answer = person.answer(
        {"ask": "search", "entity": "thing", "side": "severa", "text": "BYGG nord"}
    )
    assert [record["key"] for record in answer.tell["records"]] == ["a"]


def test_a_pair_found_by_hand_is_shown_and_kept_without_a_score() -> None:
    memory = store()
    person = reviewer(memory)
    pair = {"entity": "thing", "global": "0", "severa": "g2"}
    card = person.answer({"ask": "pair", **pair}).tell["card"]
    assert card["evidence"][0][0] == "found by hand"
    say(person, item("0", "g2", "same"))
    (kept,) = decisions.read(memory)
    assert kept.score is None and kept.saw == {"evidence": ["found by hand"]}


def band(person: Reviewer) -> dict[str, Any]:
    return person.answer({"ask": "band", "entity": "thing", "band": "likely"}).tell


def sampled(person: Reviewer) -> list[Any]:
    answer = person.answer({"ask": "sample", "entity": "thing", "band": "likely"})
    return [shown(person)[at] for at in answer.tell["cards"]]


def test_a_band_is_accepted_only_after_its_whole_sample() -> None:
    memory = store()
    records, found = twins(30)
    found[3] = replace(found[3], rivals=("g4",))
    person = Reviewer(company(records), memory, "Lin", found)
    assert "Look at the whole sample first" in band(person)["text"]
    keys = [card["global"]["key"] for card in sampled(person)]
    assert len(set(keys)) == SAMPLE and "3" not in keys
    say(person, *(item(key, f"g{key}", "same") for key in keys[1:]))
    assert f"{SAMPLE - 1} of {SAMPLE}" in band(person)["text"]
    say(person, item(keys[0], f"g{keys[0]}", "same"))
    assert band(person) == {"tell": "band", "kept": 30 - SAMPLE - 1, "left": 0}
    assert set(newest(memory)) == {f"g{n}" for n in range(30)} - {"g3"}
    assert "after a sample of 20 was seen" in decisions.read(memory)[-1].why


def test_a_band_with_a_wrong_pair_in_its_sample_needs_another_sample() -> None:
    person = reviewer(store(), count=5, choose=lambda pairs, _: list(pairs[:2]))
    first, *rest = sampled(person)
    say(person, item(first["global"]["key"], first["severa"]["key"], "different"))
    say(person, *(item(c["global"]["key"], c["severa"]["key"], "same") for c in rest))
    assert "draw another sample" in band(person)["text"]
    again = [card["global"]["key"] for card in sampled(person)]
    assert not {first["global"]["key"], *(c["global"]["key"] for c in rest)} & set(again)
    assert "Look at the whole sample first" in band(person)["text"]
    say(person, *(item(key, f"g{key}", "same") for key in again))
    assert band(person) == {"tell": "band", "kept": 1, "left": 0}


# --- what is shown ------------------------------------------------------------------------------


def test_the_widget_keeps_no_record_in_its_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """Widget states are saved with a notebook; messages are not."""
    board = pytest.importorskip("recon.review.board")
    records = [ours("1", fields={"name": HOSTILE}), theirs("g1")]
    person = Reviewer(company(records), store(), "Lin", [proposal("1", "g1")])
    made = board.Board({"proposals": person})
    assert HOSTILE not in str(made.get_state())
    sent: list[Any] = []
    monkeypatch.setattr(made, "send", lambda content, buffers=None: sent.append((content, buffers)))
    made._asked(made, {"ask": "cards", "from": 0, "to": 9, "view": "v"}, [])
    ((content, buffers),) = sent
    assert content == {"tell": "cards", "from": 0, "view": "v"}
    assert json.loads(buffers[0])[0]["global"]["name"] == HOSTILE


def test_amounts_and_answers_are_words() -> None:
    fields = (Field("price", "Price", "Price", "price", type="decimal"),)
    pair = [ours("1", fields={"price": Decimal("1234.50")}), theirs("g", fields={"price": None})]
    found = cards.card(company(pair, fields=fields), proposal("1", "g"), None)
    assert found is not None and found["global"]["values"][1] == "1\u202f234.50"


def test_the_page_sets_text_and_never_markup() -> None:
    board = pytest.importorskip("recon.review.board")
    code = "".join((board.STATIC / name).read_text("utf-8") for name in board.SCRIPTS)
    for word in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "http"):
        assert word not in code


def test_no_verdict_but_the_boards_own_is_kept() -> None:
    memory = store()
    (told,) = say(reviewer(memory), item("1", "g1", "whatever"))
    assert told["state"] == "refused" and newest(memory) == {}


@pytest.mark.parametrize(
    "message", [{}, {"ask": "x"}, {"ask": "cards", "from": "a", "to": None}, {"ask": ["open"]}]
)
def test_a_message_that_is_not_understood_is_answered(
    message: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    board = pytest.importorskip("recon.review.board")
    sent: list[Any] = []
    widget = board.Board({board.PROPOSALS: reviewer(store())})
    monkeypatch.setattr(widget, "send", lambda told, buffers=None: sent.append(told))
    widget._asked(widget, message, None)
    assert sent[0]["tell"] == "error" and "reload" in sent[0]["text"]
