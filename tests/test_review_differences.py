"""Differences on the review board without a browser: its cards, what it keeps, two reviewers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from recon import dirty, rulings
from recon import store as memory_tables
from recon.review.cards import Company
from recon.review.differences import Differences
from recon.review.initials import Initials, spot_of
from recon.settings import Master
from recon.shapes import Difference
from recon.store import Store
from tests.engine import entity, ours, store, theirs
from tests.test_review_board import company

VALUES = {"name": ("Fjord AS", "FJORD og co"), "email": (None, "a@b.no"), "title": ("Boss", "Chef")}


def differing(count: int = 2, **values: tuple[Any, Any]) -> tuple[Company, list[Difference]]:
    """Linked pairs that differ in these fields, and the differences."""
    known = {**VALUES, **values}
    records, found = [], []
    for n in map(str, range(count)):
        left, right = ({name: both[at] for name, both in known.items()} for at in (0, 1))
        records += [ours(n, fields=left), theirs(f"g{n}", number=n, fields=right)]
        for name, both in known.items():
            place = ("thing", n, f"g{n}", str(left["name"]), name)
            found.append(Difference(*place, "initial difference", *both, ""))
    return company(records), found


def reviewer(memory: Store, who: str = "Lin", count: int = 2, **values: Any) -> Differences:
    made, found = differing(count, **values)
    by_spot = {spot_of(one): one for one in found}
    known = Initials({"thing": entity()}, Master(), memory, by_spot)
    return Differences(made, known, who)


def item(key: str, field: str, verdict: str, **more: Any) -> dict[str, Any]:
    pair = {"entity": "thing", "field": field, "global": key, "severa": f"g{key}"}
    return {
        "token": f"{key}{field}{verdict}",
        "why": "",
        "knew": 0,
        **pair,
        "verdict": verdict,
        **more,
    }


def say(person: Differences, *items: dict[str, Any]) -> list[Any]:
    answer = person.answer({"ask": "decide", "batch": 1, "items": items})
    found: list[Any] = answer.tell["items"]
    return found


def shown(person: Differences) -> dict[tuple[str, str], Any]:
    cards = json.loads(person.answer({"ask": "cards", "from": 0, "to": 100}).bulk)
    return {(card["global"]["key"], card["field"]): card for card in cards}


def field_word(person: Differences, field: str, verdict: str, knew: int = 0) -> dict[str, Any]:
    place = {"entity": "thing", "field": field, "verdict": verdict, "why": "all", "knew": knew}
    return person.answer({"ask": "all", **place}).tell


def test_a_card_shows_both_values_the_owner_and_what_the_onboarding_does() -> None:
    found = shown(reviewer(store()))
    card = found["0", "name"]
    assert (card["global"]["value"], card["severa"]["value"]) == ("Fjord AS", "FJORD og co")
    assert (card["global"]["number"], card["lead"], card["state"]) == ("0", "global", "open")
    assert "decide which is right" in card["text"] and card["target"] == ""
    filled = found["0", "email"]
    assert (filled["state"], filled["target"]) == ("rule", "global")
    assert "an empty value never overwrites" in filled["cannot"]["global"]
    assert "Title is never written into Severa" in found["0", "title"]["cannot"]["global"]
    assert found["0", "title"]["cannot"]["severa"] == ""


def test_cards_stand_in_the_order_of_the_fields() -> None:
    assert list(shown(reviewer(store()))) == [
        (key, field) for field in ("name", "email", "title") for key in ("0", "1")
    ]


def test_a_word_is_in_the_store_and_the_card_says_what_it_does() -> None:
    memory = store()
    (told,) = say(reviewer(memory), item("1", "name", "severa", why="the register"))
    (kept,) = rulings.read(memory).values()
    assert told["state"] == "kept" and told["decision"]["id"] == kept.id
    assert (told["now"]["state"], told["now"]["target"]) == ("decided", "global")
    assert (kept.verdict, kept.who, kept.why) == ("severa", "Lin", "the register")
    assert kept.prints == rulings.prints("Fjord AS", "FJORD og co") and kept.when
    assert ("thing", "global", "1") in dirty.read(memory).spots


def test_what_was_said_is_shown_again_after_the_kernel_died_unless_a_value_changed() -> None:
    memory = store()
    say(reviewer(memory), item("0", "name", "leave"), item("1", "name", "global"))
    again = shown(reviewer(memory))
    assert again["0", "name"]["decision"]["verdict"] == "leave"
    assert again["0", "name"]["state"] == "decided" and again["0", "name"]["target"] == ""
    changed = shown(reviewer(memory, name=("Fjord AS", "Edited")))
    assert changed["1", "name"]["decision"]["stale"] and changed["1", "name"]["state"] == "open"
    assert changed["1", "name"]["text"].endswith("decide it again")


def test_undo_appends_and_a_batch_sent_again_is_kept_once() -> None:
    memory = store()
    person = reviewer(memory)
    batch = [item("1", "name", "global")]
    assert say(person, *batch) == say(person, *batch)
    say(person, item("1", "name", "open"))
    rows = memory.rows(memory.of(memory_tables.ruling))
    assert [row["verdict"] for row in rows] == ["global", "open"]
    assert shown(person)["1", "name"]["decision"] is None


def test_what_cannot_be_decided_so_is_refused_with_its_sentence() -> None:
    memory = store()
    told = say(
        reviewer(memory),
        item("0", "email", "global"),
        item("0", "title", "global"),
        item("9", "name", "leave"),
        item("0", "name", "leave"),
    )
    assert [one["state"] for one in told] == ["refused", "refused", "refused", "kept"]
    assert [bool(one["text"]) for one in told] == [True, True, True, False]
    assert len(rulings.read(memory)) == 1


def test_a_second_word_by_another_person_is_asked_for_first() -> None:
    memory = store()
    lin, ola = reviewer(memory, "Lin"), reviewer(memory, "Ola")
    say(lin, item("1", "name", "global"))
    (told,) = say(ola, item("1", "name", "severa"))
    assert (told["state"], told["decision"]["who"]) == ("overtaken", "Lin")
    assert told["now"]["target"] == "severa", "the card shows what stands"
    knew = told["decision"]["id"]
    (told,) = say(ola, item("1", "name", "severa", token="again", knew=knew))
    assert told["state"] == "kept"
    news = lin.answer({"ask": "news", "since": knew})
    ((_, state),) = json.loads(news.bulk)
    assert (state["decision"]["who"], state["target"]) == ("Ola", "global")
    assert json.loads(lin.answer({"ask": "news", "since": news.tell["newest"]}).bulk) == []


def test_a_whole_field_is_shown_with_examples_decided_and_taken_back() -> None:
    memory = store()
    person, other = reviewer(memory, count=9), reviewer(memory, "Ola", count=9)
    say(person, item("3", "name", "severa"))
    asked = person.answer({"ask": "field", "entity": "thing", "field": "name"}).tell
    assert (asked["many"], len(asked["examples"]), asked["stands"]) == (8, 5, None)
    told = field_word(person, "name", "global")
    assert told["state"] == "kept"
    found = shown(person)
    assert {found[str(n), "name"]["target"] for n in range(9) if n != 3} == {"severa"}
    assert found["3", "name"]["target"] == "global", "a word about one pair counts first"
    assert len(json.loads(other.answer({"ask": "news", "since": 0}).bulk)) == 9
    assert field_word(other, "name", "severa")["state"] == "overtaken"
    stands = other.answer({"ask": "field", "entity": "thing", "field": "name"}).tell
    assert stands["stands"]["who"] == "Lin"
    assert field_word(other, "name", "open", stands["knew"])["state"] == "kept"
    assert shown(other)["0", "name"]["state"] == "open"


def test_a_whole_field_that_is_not_written_there_is_refused() -> None:
    memory = store()
    told = field_word(reviewer(memory), "title", "global")
    assert told["state"] == "refused" and "Title is never written into Severa" in told["text"]
    assert rulings.read(memory) == {}


def test_twenty_thousand_are_told_and_decided_in_one_go() -> None:
    memory = store()
    person = reviewer(memory, count=20_000)
    assert person.answer({"ask": "open"}).tell["total"] == 60_000
    assert field_word(person, "name", "global")["state"] == "kept"


def test_the_widget_tells_how_many_there_are_and_looks_again() -> None:
    board = pytest.importorskip("recon.review.board")
    sent: list[Any] = []
    rooms = [{"proposals": None, "differences": reviewer(store(), count=n)} for n in (1, 2)]
    made = board.Board(rooms[0], lambda: rooms[1])
    made.send = lambda content, buffers=None: sent.append(content)
    for ask in ("rooms", "again"):
        made._asked(made, {"ask": ask, "view": "v"}, [])
    made._asked(made, {"ask": "open", "room": "differences", "view": "v"}, [])
    assert [one["rooms"]["differences"] for one in sent[:2]] == [3, 6]
    assert sent[2]["total"] == 6 and sent[0]["again"] is True


@pytest.mark.parametrize(
    "wrong",
    [
        {"verdict": "ours"},
        {"verdict": "ours", "global": "", "severa": ""},
        {"global": ""},
        {"severa": ""},
        {"field": "nam"},
        {"entity": "any"},
    ],
)
def test_nothing_is_kept_of_what_no_board_asks(wrong: dict[str, str]) -> None:
    """An unknown verdict in the store would stop every later plan."""
    memory = store()
    person = reviewer(memory)
    (told,) = say(person, {**item("0", "name", "global"), **wrong})
    assert told["state"] == "refused" and told["text"]
    assert rulings.read(memory) == {}
