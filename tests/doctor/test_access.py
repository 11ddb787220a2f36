"""A plan is refused before its first write where a right or scope for any of it lacks."""

from __future__ import annotations

from typing import Any

import pytest

from recon.doctor.access import check
from recon.errors import Stop
from recon.shapes import Operation, Plan, Side
from tests.doctor.asked import Api, Server, profile

ALL = frozenset({"customers:read", "customers:write", "projects:write"})


def plan(*systems: Side) -> Plan:
    operations = [
        Operation(f"o{n}", "customer", system, "update", "1", None, {}, {}, (), "")
        for n, system in enumerate(systems)
    ]
    return Plan("r", "P", "", tuple(operations))


def asked(scopes: frozenset[str]) -> Api:
    api = Api()
    api.scopes = scopes
    return api


@pytest.mark.parametrize(
    ("systems", "scopes", "refused"),
    [
        (("severa", "global"), ALL, {}),
        (("global",), frozenset({"customers:read"}), {}),
        (("severa",), ALL, {"INSERT on Customer": 0}),
        (("severa", "global"), frozenset(), {}),
        ((), frozenset({"customers:read"}), {"INSERT on Customer": 0}),
    ],
)
def test_what_may_be_done_passes(systems: Any, scopes: Any, refused: Any) -> None:
    check(profile(), plan(*systems), asked(scopes), Server(refused=refused))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scopes", "refused", "words"),
    [
        (frozenset({"customers:read"}), {}, "lack customers:write"),
        (ALL, {"INSERT on Customer": 0}, "the login lacks INSERT on Customer"),
    ],
)
def test_what_may_not_be_done_stops_all_of_it(scopes: Any, refused: Any, words: str) -> None:
    with pytest.raises(Stop, match=words):
        check(profile(), plan("severa", "global"), asked(scopes), Server(refused=refused))  # type: ignore[arg-type]
