"""Shapes of what a person goes through before go-live beside findings and proposals: how many
records there are of each type, and records of one system that may be the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from recon.shapes import Band, Side


@dataclass(frozen=True, slots=True)
class Count:
    """How many records of one side are in one group, such as a customer type.

    `by` is what tells the groups apart, `key` the group's own key, `name` what it is called there.
    `linked` records stay linked whatever is chosen; `to_create` would be made in the other system
    today. `setting` is the list under [transfer] in which the key may stand ('' for none), and
    `transfers` says whether the group transfers by the profile of today.
    """

    entity: str
    side: Side
    by: str
    key: str
    name: str
    active: int
    inactive: int
    linked: int
    to_create: int
    transfers: bool
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Twin:
    """One of several records of a system that may be the same: what tells it apart, how many
    records of which kind hang on it, and with which record of the other system it is linked."""

    key: str
    number: str
    name: str
    organisation_number: str = ""
    email: str = ""
    place: str = ""
    hangs: Mapping[str, int] = field(default_factory=dict)
    linked: str = ""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Records of one system that may be one and the same, why, and where a person merges or
    deactivates them. They are never merged by us."""

    entity: str
    side: Side
    records: tuple[Twin, ...]
    band: Band
    score: float
    reasons: tuple[str, ...]
    where_to_fix: str
