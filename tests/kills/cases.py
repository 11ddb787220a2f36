"""Which faults happen: seeded lists of cases for the two companies."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.kills.client import Kill
from tests.kills.companies import Phase, Start

ENTITIES = "^/v1/(businessunits|customers|contactpersons|contactcommunications|addresses)"


@dataclass(frozen=True, slots=True)
class Case:
    """One fault: the server's rule, or the place where the client ends itself; and perhaps a
    second one, from the server, that meets the resumed run."""

    phase: Phase
    fault: str
    n: int
    rule: Mapping[str, Any] | None = None
    kill: Kill | None = None
    second: Mapping[str, Any] | None = None
    broken: bool = False

    @property
    def name(self) -> str:
        return f"{self.phase}: {self.fault}, number {self.n}"

    @property
    def kills(self) -> bool:
        """Whether the client must die; else only an answer is lost."""
        return self.kill is not None or (self.rule or {}).get("action") == "kill"

    @property
    def rules(self) -> list[dict[str, Any]]:
        return [dict(self.rule)] if self.rule else []

    @property
    def second_rules(self) -> list[dict[str, Any]]:
        return [dict(self.second)] if self.second else []


# Server's faults: name, method, rule, and the share of a phase's cases. The client's: kind, label.
SERVER: tuple[tuple[str, str, dict[str, Any], int], ...] = (
    ("killed before a POST", "POST", {"action": "kill", "when": "before"}, 8),
    ("killed after a POST, no answer", "POST", {"action": "kill", "when": "after"}, 26),
    ("killed in mid-answer to a POST", "POST", {"action": "kill", "when": "mid"}, 18),
    ("killed before a PATCH", "PATCH", {"action": "kill", "when": "before"}, 3),
    ("killed after a PATCH, no answer", "PATCH", {"action": "kill", "when": "after"}, 5),
    ("killed in mid-answer to a PATCH", "PATCH", {"action": "kill", "when": "mid"}, 3),
    ("POST: 503 after it", "POST", {"action": "status", "when": "after"}, 4),
    ("POST: connection reset after it", "POST", {"action": "lose", "when": "after"}, 4),
    ("POST: answer broken off", "POST", {"action": "lose", "when": "mid"}, 3),
    ("POST: JSON cut short", "POST", {"action": "cut", "when": "after"}, 4),
    ("POST: web page instead of JSON", "POST", {"action": "html", "when": "after"}, 2),
    ("POST: connection reset before it", "POST", {"action": "lose", "when": "before"}, 3),
    ("POST: five 503 in a row, after it", "POST", {"action": "status", "times": 5}, 4),
    ("PATCH: connection reset after it", "PATCH", {"action": "lose", "when": "after"}, 3),
    ("PATCH: 503 before it", "PATCH", {"action": "status", "when": "before"}, 2),
)
CLIENT: tuple[tuple[str, str, str, int], ...] = (
    ("killed at the commit of `sent`", "store", "sent", 6),
    ("killed at the commit of `done`", "store", "done", 22),
    ("killed at a commit in Global", "sql", "", 10),
    ("killed at another commit of the store", "store", "", 6),
)
TWICE = 12
RESUMED_CALLS = 40


def make(starts: Mapping[Phase, Start], seed: int, share: float = 1.0) -> list[Case]:
    """The cases of both phases in mixed order; `share` thins every kind out, but keeps one."""
    dice = random.Random(seed)
    found = [case for start in starts.values() for case in _of(start, dice, share)]
    dice.shuffle(found)
    return found


def _of(start: Start, dice: random.Random, share: float) -> Iterator[Case]:
    for fault, method, rule, count in SERVER:
        most = start.posts if method == "POST" else start.patches
        whole = {"methods": [method], "path": ENTITIES, **rule}
        for n in _places(most, max(1, round(count * share)), dice):
            yield Case(start.phase, fault, n, rule={**whole, "at": n})
    yield from _twice(start, dice, max(1, round(TWICE * share)))
    for fault, kind, label, count in CLIENT:
        when = ("before", "after")
        most = _count(start, kind, label)
        for at, n in enumerate(_places(most, max(1, round(count * share)), dice)):
            kill = Kill(kind, label, n, "before" if at % 2 == 0 else "after")
            yield Case(start.phase, f"{fault} ({when[at % 2]})", n, kill=kill)


def _twice(start: Start, dice: random.Random, count: int) -> Iterator[Case]:
    """Killed after a POST; and the run that resumes is killed too, at one of its calls."""
    for n in _places(start.posts, count, dice):
        first = {"methods": ["POST"], "path": ENTITIES, "action": "kill", "at": n}
        again = {"action": "kill", "when": "after", "at": dice.randint(1, RESUMED_CALLS)}
        fault = "killed after a POST, and again while resuming"
        yield Case(start.phase, fault, n, rule=first, second=again)


def _count(start: Start, kind: str, label: str) -> int:
    """How often the effect certainly happens; batches of `sent` may be fewer than last time."""
    counts = [n for (k, word), n in start.effects.items() if k == kind and label in ("", word)]
    return sum(counts) * 3 // 4 if label != "done" else sum(counts)


def _places(most: int, count: int, dice: random.Random) -> list[int]:
    """`count` different places from 1 to `most`, spread evenly with a little chance."""
    if most <= count:
        return list(range(1, most + 1))
    step = most / count
    edges = [int(step * at) for at in range(count + 1)]
    return [dice.randint(a + 1, b) for a, b in itertools.pairwise(edges)]
