"""Where a record of a plain company is, and whether Global knows its guid."""

from __future__ import annotations

from typing import Literal

# linked: in both, Global's row carries the guid; both: in both, to be found by number and name.
State = Literal["linked", "both", "global", "severa"]
States = tuple[State, ...]
LINKED: States = ("linked",)
MIXED: States = ("both", "global", "both", "global", "severa", "both", "global", "both", "global",
                 "severa")  # fmt: skip


def in_global(state: State) -> bool:
    """Whether Global has it."""
    return state != "severa"


def in_severa(state: State) -> bool:
    """Whether Severa has it."""
    return state != "global"


def held(state: State, guid: str) -> str:
    """What stands in Global's SeveraGUID."""
    return guid if state == "linked" else ""
