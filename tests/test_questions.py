"""The questions are held to the settings; answers become values or are asked for again."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from pydantic import BaseModel

from recon.cli import ask_systems, questions, questions_documents
from recon.cli.dialogue import Choice, Dialogue, alone, first, matching, most_used
from recon.cli.questions import Question
from recon.doctor.defaults import RECORDS, WORDS
from recon.settings import Profile

PARTS = (ask_systems.SERVER, ask_systems.DATABASE, ask_systems.LOGIN, ask_systems.SCHEMA)
ALL = (
    *questions.EVERY,
    *questions_documents.DOCUMENTS,
    *PARTS,
    ask_systems.ADDRESS,
    ask_systems.COMPANY,
)
CHOICES = (
    Choice(10, "10", "Innland (15 active)", 15),
    Choice(20, "20", "Utland EU (1 active)", 1),
    Choice(30, "30", "Utland utenfor EU (0 active)"),
)


def setting(path: str) -> bool:
    """Whether the profile has such a setting."""
    model: Any = Profile
    for name in path.split("."):
        known = {f.alias or n: f.annotation for n, f in getattr(model, "model_fields", {}).items()}
        if name not in known:
            return not hasattr(model, "model_fields") and typing.get_origin(model) is dict
        model = known[name]
    return True


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.path)
def test_each_question_leads_to_a_setting_and_says_what_it_means(question: Question) -> None:
    assert setting(question.path)
    assert question.title and question.why.endswith(".")
    name = question.path.removeprefix("severa.defaults.")
    assert name == question.path or name in {*RECORDS, *WORDS}


def test_a_setting_that_is_not_there_is_noticed() -> None:
    assert not setting("company.colour") and not setting("company.name.first")
    assert issubclass(Profile, BaseModel) and isinstance(questions, types.ModuleType)


@pytest.mark.parametrize(
    ("take", "answer", "value"),
    [
        (questions.text, "", None),
        (questions.zone, "Europe/Oslo", "Europe/Oslo"),
        (questions.code(3), "nok", "NOK"),
        (questions.whole, "", None),
        (questions.whole, "007", 7),
        (questions.ends, "50000 - 59999", [50000, 59999]),
        (questions.ends, "", None),
        (questions.guid, "", None),
        (questions.yes_or_no, "Ja", True),
        (questions.yes_or_no, "no", False),
        (questions.address, "SERVER\\SQL", "SERVER\\SQL"),
        (questions.address, "env:GLOBAL_URL", "env:GLOBAL_URL"),
        (questions.address, "sqlite:///a.db", "sqlite:///a.db"),
    ],
)
def test_an_answer_becomes_a_value(take: Callable[[str], Any], answer: str, value: Any) -> None:
    assert take(answer) == value


@pytest.mark.parametrize(
    ("take", "answer"),
    [
        (questions.filled, ""),
        (questions.zone, "Mars/Olympus"),
        (questions.zone, ""),
        (questions.code(2), "NOR"),
        (questions.whole, "²"),
        (questions.number, ""),
        (questions.ends, "59999-50000"),
        (questions.ends, "5"),
        (questions.guid, "Root"),
        (questions.yes_or_no, "perhaps"),
        (questions.address, ""),
        (questions.address, "mssql://me:pw@host/db"),
        (questions.address, "mssql+pyodbc:///?odbc_connect=UID%3Dme%3BPWD%3Dpw"),
        (questions.address, "://"),
    ],
)
def test_what_is_no_answer_is_asked_again(take: Callable[[str], Any], answer: str) -> None:
    with pytest.raises(ValueError, match="[A-Z]"):
        take(answer)


@pytest.mark.parametrize(
    ("word", "marks"),
    [
        ("10", ["10"]),
        ("innland", ["10"]),
        ("utland", ["20", "30"]),
        ("Utland EU (1 active)", ["20"]),
        ("1", ["10", "20"]),
        ("nothing", []),
    ],
)
def test_a_choice_is_named_by_its_mark_or_a_part_of_its_name(word: str, marks: list[str]) -> None:
    assert [choice.mark for choice in matching(word, CHOICES)] == marks


def test_what_is_usual_is_proposed() -> None:
    assert [most_used(CHOICES), first(CHOICES), alone(CHOICES)] == ["10", "10", ""]
    assert [most_used(CHOICES[2:]), alone(CHOICES[:1]), first(())] == ["", "10", ""]


@pytest.mark.parametrize(
    ("several", "typed", "chosen"),
    [
        (False, ["nothing", "utland", "20"], [20]),
        (False, ["10, 20", "30"], [30]),
        (True, ["10, utland", "10, utenfor"], [10, 30]),
        (True, [""], []),
        (True, ["-"], []),
    ],
)
def test_a_list_is_asked_about_until_it_is_clear(
    monkeypatch: pytest.MonkeyPatch, several: bool, typed: Sequence[str], chosen: list[int]
) -> None:
    left = list(typed)
    monkeypatch.setattr("typer.prompt", lambda *_given, **_named: left.pop(0))
    asked = Question("x", "Group", "Why.", several=several)
    assert Dialogue(lambda _: None).chosen(asked, CHOICES) == chosen
    assert left == []
