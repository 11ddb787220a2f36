"""The server's documents: what the indexes give is what a look through all of them gives."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from recon.sandbox.severa_documents import Doc, Documents, dig
from recon.sandbox.severa_lists import changed

DAYS = [f"2026-01-{day:02d}T00:00:00.000Z" for day in range(1, 29)]


def doc(number: int, day: str | None) -> Doc:
    return {"guid": f"G{number}", "number": number, "lastUpdatedDateTime": day}


def test_what_changed_since_stays_right_whatever_is_done(tmp_path: Path) -> None:
    dice = random.Random(5)
    documents = Documents(tmp_path / "severa.db")
    for step in range(400):
        number, day = dice.randrange(40), dice.choice([*DAYS, None])
        if dice.random() < 0.2 and documents.get("customers", f"g{number}"):
            documents.delete("customers", f"g{number}")
        else:
            documents.put("customers", doc(number, day))
        dice.choice([documents.commit, documents.rollback, lambda: None])()
        since = dice.choice(["", *DAYS])
        found = documents.since("customers", changed, since)
        wanted = [e for e in documents.entries("customers") if changed(e.doc) >= since]
        assert list(found) == wanted, step
        assert len(documents.entries("customers")) == len(list(documents.all("customers")))
    documents.close()


def test_what_was_committed_is_there_again_in_its_order(tmp_path: Path) -> None:
    documents = Documents(tmp_path / "severa.db")
    for number in (3, 1, 2):
        documents.put("customers", doc(number, DAYS[number]))
    documents.commit()
    documents.put("customers", doc(9, None))
    documents.close()
    again = Documents(tmp_path / "severa.db")
    assert [entry.doc["number"] for entry in again.entries("customers")] == [3, 1, 2]
    assert again.by("customers", "number", 2) == [doc(2, DAYS[2])]
    again.close()


@pytest.mark.parametrize(
    ("value", "path", "found"),
    [
        ({"a": {"b": 1}}, "a.b", [1]),
        ({"a": {"b": None}}, "a.b", []),
        ({"a": None}, "a.b", []),
        ({}, "a", []),
        ({"a": [{"b": 1}, {"b": 2}, {}]}, "a.b", [1, 2]),
        ({"a": {"b": [1, None, 2]}}, "a.b", [1, 2]),
        ({"a": [{"b": [1, 2]}, {"b": 3}]}, "a.b", [1, 2, 3]),
        ({"a": 5}, "a.b", []),
        ({"a": False}, "a", [False]),
    ],
)
def test_values_at_a_path(value: Any, path: str, found: list[Any]) -> None:
    assert dig(value, path) == found
