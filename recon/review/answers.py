"""What became of the cells that a person filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from recon.review.filled import Filled, FilledRuling


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a filled cell: `kept`, `known` (it was kept before), or `refused` and why."""

    filled: Filled | FilledRuling
    state: Literal["kept", "known", "refused"]
    text: str = ""
