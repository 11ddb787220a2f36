"""Which faults happen: seeded lists of cases for all phases."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.kills.client import Kill, When
from tests.kills.companies import PHASES, Phase, Start

ENTITIES = (
    "^/v1/(businessunits|users|products|travelexpensetypes|worktypes|customers|addresses"
    "|contactpersons|contactcommunications|projects|invoices|projectfees)"
)


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
    ("killed before a POST", "POST", {"action": "kill", "when": "before"}, 5),
    ("killed after a POST, no answer", "POST", {"action": "kill", "when": "after"}, 20),
    ("killed in mid-answer to a POST", "POST", {"action": "kill", "when": "mid"}, 12),
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
    ("killed at the commit of `done`", "store", "done", 16),
    ("killed at a commit in Global", "sql", "", 8),
    ("killed at any commit of the store", "store", "", 6),
    ("killed while reading, at a commit of Severa's rows", "store", "mirror", 4),
    ("killed while reading, at a commit of Global's rows", "store", "global", 4),
    ("killed at the commit of links that were there", "store", "linked", 2),
    ("killed at the commit of what stands after a run", "store", "standing", 2),
)
# A call's answer is lost, and the client dies where it looks for what came of it: name, phases,
# when the connection is lost, the store's commit, and its number beside those of a run without
# fault.
LOST: tuple[tuple[str, tuple[Phase, ...], str, str, int], ...] = (
    ("while all is read for it", ("narrow",), "after", "global", 3),
    ("while Severa is read again", ("sync", "narrow"), "after", "mirror", 1),
    ("when it is adopted", ("onboarding", "sync", "narrow"), "after", "adopted", 1),
    ("when it is looked for in vain", ("onboarding", "sync", "narrow"), "before", "looked", 1),
    ("when it is settled", PHASES, "before", "settled", 1),
)
BOTH: tuple[When, ...] = ("before", "after")
LOST_EACH = 2
TWICE = 10
RESUMED_CALLS = 40
# A code plan has few calls, and no other than PATCHes.
SHARE: Mapping[Phase, int] = {"codes": 2}


def make(starts: Mapping[Phase, Start], seed: int, share: float = 1.0) -> list[Case]:
    """The cases of all phases in mixed order; `share` thins every kind out, but keeps one."""
    dice = random.Random(seed)
    found = [case for start in starts.values() for case in _of(start, dice, share)]
    dice.shuffle(found)
    return found


def sample(found: Sequence[Case], count: int) -> list[Case]:
    """So many cases, of all phases in turn."""
    phases = [[case for case in found if case.phase == phase] for phase in PHASES]
    turns = itertools.chain.from_iterable(itertools.zip_longest(*phases))
    return [case for case in turns if case][:count]


def _of(start: Start, dice: random.Random, share: float) -> Iterator[Case]:
    for fault, method, rule, count in SERVER:
        most = start.posts if method == "POST" else start.patches
        whole = {"methods": [method], "path": ENTITIES, **rule}
        wanted = max(1, round(count * share * SHARE.get(start.phase, 1)))
        for n in _places(most, wanted, dice):
            yield Case(start.phase, fault, n, rule={**whole, "at": n})
    yield from _twice(start, dice, max(1, round(TWICE * share)))
    yield from _lost(start, dice, max(1, round(LOST_EACH * share)))
    for fault, kind, label, count in CLIENT:
        places = _places(_count(start, kind, label), max(1, round(count * share)), dice)
        for n, when in _timed(places, count):
            yield Case(start.phase, f"{fault} ({when})", n, kill=Kill(kind, label, n, when))


def _timed(places: Sequence[int], count: int) -> list[tuple[int, When]]:
    """Before and after in turn; each place both ways where there are few."""
    if 2 * len(places) <= count:
        return list(itertools.product(places, BOTH))
    return list(zip(places, itertools.cycle(BOTH), strict=False))


def _twice(start: Start, dice: random.Random, count: int) -> Iterator[Case]:
    """Killed after a call; and the run that resumes is killed too, at one of its calls."""
    method, most = _main(start)
    for n in _places(most, count, dice):
        first = {"methods": [method], "path": ENTITIES, "action": "kill", "at": n}
        again = {"action": "kill", "when": "after", "at": dice.randint(1, RESUMED_CALLS)}
        fault = f"killed after a {method}, and again while resuming"
        yield Case(start.phase, fault, n, rule=first, second=again)


def _lost(start: Start, dice: random.Random, count: int) -> Iterator[Case]:
    method, most = _main(start)
    for text, phases, lost, label, n in LOST:
        usual = start.effects.get(("store", label), 0) if label == "mirror" else 0
        for at in _places(most, count, dice) if start.phase in phases else ():
            rule = {"methods": [method], "path": ENTITIES, "action": "lose", "when": lost}
            for when in BOTH:
                kill = Kill("store", label, usual + n, when)
                fault = f"{method}'s answer lost, killed {text} ({when})"
                yield Case(start.phase, fault, at, rule={**rule, "at": at}, kill=kill)


def _main(start: Start) -> tuple[str, int]:
    """The method that matters in a phase, and how often it is called."""
    return ("POST", start.posts) if start.posts else ("PATCH", start.patches)


def _count(start: Start, kind: str, label: str) -> int:
    """How often the effect certainly happens; batches of `sent` may be fewer than last time."""
    found = sum(n for (k, word), n in start.effects.items() if k == kind and label in ("", word))
    return found if label == "done" or found < 2 else found * 3 // 4


def _places(most: int, count: int, dice: random.Random) -> list[int]:
    """`count` different places from 1 to `most`, spread evenly with a little chance."""
    if most <= count:
        return list(range(1, most + 1))
    step = most / count
    edges = [int(step * at) for at in range(count + 1)]
    return [dice.randint(a + 1, b) for a, b in itertools.pairwise(edges)]
