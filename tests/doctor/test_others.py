"""Other programs that write SeveraGUIDs or use the quota: what can be seen, and what is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from recon.doctor.others import older_guids, quota, writers
from tests.doctor.asked import NOW, Api, Server, only, profile

LONG_AGO = NOW - timedelta(days=200)
YESTERDAY = NOW - timedelta(days=1)
USERS: list[Any] = [{"key": 7, "name": "Integration"}, {"key": 8, "name": None}]


def row(guid: str, made: datetime | None = LONG_AGO, changed: datetime | None = LONG_AGO) -> Any:
    return {"SeveraGUID": guid, "Created": made, "LastUpdate": changed, "LastUpdatedBy": 7}


@pytest.mark.parametrize(
    ("rows", "known", "ok", "words"),
    [
        ([], set(), "ok", "No SeveraGUID"),
        ([row("{A-1} ")], {"a-1"}, "ok", "No SeveraGUID"),
        ([row("a-1")], set(), "ok", "An earlier integration left SeveraGUIDs (Customer 1)"),
        ([row("a-1", None, None)], set(), "ok", "An earlier integration"),
        ([row("a-1", changed=YESTERDAY)], set(), "warning", "1 rows (Customer 1; last changed by"),
        ([row("a-1", YESTERDAY, YESTERDAY)], set(), "warning", "by user 7 Integration"),
        ([row("a-1"), row("b-2", YESTERDAY)], {"a-1"}, "failed", "made with a SeveraGUID"),
    ],
)
def test_who_wrote_severaguids(rows: list[Any], known: set[str], ok: str, words: str) -> None:
    server = Server({"Customer": rows, "LogonUser": USERS})
    verdict = only(partial(writers, profile(), server, known))
    assert (verdict.ok, words in verdict.text) == (ok, True), verdict.text


def test_guids_of_the_older_api_are_counted() -> None:
    server = Server({"Customer": [row("OLD"), row("same"), row("gone"), row("ours")]})
    api = Api(converted={"old": "NEW", "same": "Same"})
    verdict = only(partial(older_guids, (profile(), server, api), {"ours"}))
    assert verdict.text.startswith("Of 3 SeveraGUIDs that are no links of recon, 1 are")


def test_without_strange_guids_nothing_is_looked_up() -> None:
    assert (
        "none to translate" in only(partial(older_guids, (profile(), Server(), Api()), set())).text
    )


@pytest.mark.parametrize(("turned_away", "ok"), [(0, "ok"), (2, "warning")])
def test_a_quota_that_others_use_is_told(turned_away: int, ok: str) -> None:
    assert only(partial(quota, profile(), Api(turned_away=turned_away))).ok == ok
