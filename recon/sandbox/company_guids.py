"""Guids, dice and times that depend on the seed alone."""

from __future__ import annotations

import hashlib
import random
import uuid
from datetime import datetime, timedelta
from typing import Any

Document = dict[str, Any]
Row = dict[str, Any]

ROOT = uuid.UUID("6f0f3a52-7a34-5c1e-9d5b-0d6f4b2a9c11")
FIRST = datetime(2019, 1, 7, 8, 0)
LAST = datetime(2025, 10, 31, 15, 0)
MINUTES = int((LAST - FIRST).total_seconds() // 60)


class Guids:
    """Names guids and makes dice: the same label under the same seed gives the same."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._space = uuid.uuid5(ROOT, str(seed)).bytes

    def new(self, label: str) -> str:
        """The guid of a label, in lower case with hyphens: a uuid5, made without the detour over
        an object."""
        made = bytearray(hashlib.sha1(self._space + label.encode(), usedforsecurity=False).digest())
        made[6], made[8] = made[6] & 0x0F | 0x50, made[8] & 0x3F | 0x80
        text = made[:16].hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def dice(self, label: str) -> random.Random:
        """A source of chance of its own, so that one part does not disturb another."""
        return random.Random(f"{self.seed}/{label}")  # noqa: S311


def moments(rng: random.Random) -> tuple[datetime, datetime]:
    """When a record was made and last touched, the later one being the second."""
    first, second = rng.randrange(MINUTES), rng.randrange(MINUTES)
    return (
        FIRST + timedelta(minutes=min(first, second)),
        FIRST + timedelta(minutes=max(first, second)),
    )


def stamps(rng: random.Random) -> Row:
    """Created, LastUpdate and their users as a Global row has them (local time)."""
    made, touched = moments(rng)
    return {"Created": made, "CreatedBy": 2, "LastUpdate": touched, "LastUpdatedBy": 2}


def audit(rng: random.Random) -> Document:
    """When a Severa record was made and last touched (UTC)."""
    made, touched = moments(rng)
    return {"createdDateTime": utc(made), "lastUpdatedDateTime": utc(touched)}


def utc(moment: datetime) -> str:
    """A moment as Severa writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
