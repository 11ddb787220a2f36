"""What the server saw and did, for tests; and the pace at which it lets calls in."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from recon.sandbox.severa_switches import Switches

KEPT = 1000


@dataclass
class Log:
    """Counters since the start or the last reset; lists are cut to the newest thousand."""

    calls: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    per_second: Counter[int] = field(default_factory=Counter)
    peak: int = 0
    violations: deque[dict[str, str]] = field(default_factory=lambda: deque(maxlen=KEPT))
    effects: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT))
    written: int = 0

    def call(self, name: str, status: int) -> None:
        """Note a call and what it was answered."""
        self.calls[name] += 1
        self.statuses[str(status)] += 1

    def violation(self, kind: str, operation: str, message: str) -> None:
        """Note a breach of the contract: kind 'request' (the client's), 'answer' or 'server'."""
        self.violations.append({"kind": kind, "operation": operation, "message": message})

    def effect(self, operation: str, guid: str) -> None:
        """Number a write that happened."""
        self.written += 1
        self.effects.append({"number": self.written, "operation": operation, "guid": guid})

    def admitted(self, at: float, in_window: int) -> None:
        """Note that a call was let in, as the nth of its sliding second."""
        self.peak = max(self.peak, in_window)
        self.per_second[int(at)] += 1

    def plain(self) -> dict[str, Any]:
        """The log as JSON-able data."""
        return {
            "calls": dict(self.calls),
            "total": self.calls.total(),
            "statuses": dict(self.statuses),
            "limited": self.statuses["429"],
            "peak_per_second": self.peak,
            "per_second": {str(second): n for second, n in sorted(self.per_second.items())},
            "violations": list(self.violations),
            "effects": list(self.effects),
            "written": self.written,
        }


class Quota:
    """Lets at most `quota` calls in per sliding second, less what other clients take."""

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def admit(self, now: float, switches: Switches, log: Log) -> bool:
        """Whether a call at `now` (monotonic seconds) is within the quota; if so it counts."""
        while self._times and self._times[0] <= now - 1.0:
            self._times.popleft()
        others = _calls_of_others(now, switches.other_clients)
        if len(self._times) + others >= switches.quota:
            return False
        self._times.append(now)
        log.admitted(now, len(self._times))
        return True


def _calls_of_others(now: float, rate: float) -> int:
    """How many evenly spaced calls others made in the second before `now`."""
    return int(now * rate) - int((now - 1.0) * rate)
