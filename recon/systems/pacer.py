"""The pace at which an organisation's quota is used: first come first served, and it learns.

One `Pacer` per organisation and process. Where several processes use one organisation, each has
a pacer of its own and all share one `Pace` (see `shared_pace`).
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol

LATE = 0.01  # seconds after its turn from which it matters when a call really left
MARGIN = 0.04  # calls arrive less evenly than they are sent: the window is kept this much wider
PAUSE = 1.0  # seconds to wait after a refusal that does not say how long
SOON = 30.0  # refusals closer together than this mean that somebody else uses the quota too
MILD, HARD = 0.96, 0.82  # what is left of the rate after a lone refusal, after a repeated one
GAIN, LEAST_GAIN = 0.002, 0.0002  # share of the quota won back per second
CREDIT = 0.25  # seconds of delay (a busy machine) that may be made up for at once
FORGET = 60.0  # seconds after which half of the caution is forgotten
NEVER = float("-inf")
RANK: ContextVar[int] = ContextVar("rank", default=0)
"""Of those who wait at the same time the lowest rank goes first: what is needed first."""


class Gate(Protocol):
    """What the transport asks of a pacer; safe to use from several threads."""

    def wait(self) -> float:
        """Wait for this thread's turn; gives the moment on the gate's own clock."""
        ...

    def left(self, sent: float) -> None:
        """Told that the call let through at `sent` has just left this machine."""
        ...

    def slow(self, sent: float, pause: float | None) -> None:
        """Told that the call let through at `sent` was one too many; pause in seconds."""
        ...


@dataclass(slots=True)
class Pace:
    """What is known of an organisation's quota; moments in seconds of one clock.

    Turns are given out ahead, one after the other, so that whoever asks first goes first.
    """

    quota: int
    rate: float
    gain: float
    seen: float
    next: float = NEVER
    resume: float = NEVER
    slowed: float = NEVER
    mild: bool = False
    turns: list[float] = field(default_factory=list)

    @classmethod
    def fresh(cls, quota: int, now: float) -> Pace:
        """The full pace, with nothing sent so far."""
        return cls(quota, quota / (1.0 + MARGIN), quota * GAIN, now)

    def reserve(self, now: float) -> float:
        """Give out the next turn: `now`, or a moment to come."""
        full = len(self.turns) >= self.quota
        window = self.turns[-self.quota] + 1.0 + MARGIN if full else NEVER
        turn = max(now, self.next, self.resume, window)
        self._recover(now)
        self.next = max(self.next, turn - CREDIT) + 1.0 / self.rate
        self._note(turn)
        return turn

    def take(self, turn: float, now: float) -> bool:
        """Use a turn, somewhat late; False if all were told meanwhile to wait: ask for another."""
        if turn in self.turns:
            self.turns.remove(turn)
        if now < self.resume:
            return False
        self._note(now)
        return True

    def late(self, turn: float, now: float) -> None:
        """A call that was let through at `turn` counts from `now`: a busy process held it back."""
        if turn in self.turns:
            self.turns.remove(turn)
            self._note(now)

    def slow(self, now: float, sent: float, pause: float | None) -> None:
        """Pause, and lower the rate.

        Of the calls sent before it was last lowered only one more counts, and only if that was
        mild: a lone refusal is chance, a second one is another client.
        """
        self.resume = max(self.resume, now + (PAUSE if pause is None else pause))
        if sent > self.slowed:
            self._lower(HARD if now - self.slowed < SOON else MILD)
            self.slowed = now
        elif self.mild:
            self._lower(HARD)

    def limit(self, quota: int) -> None:
        """The lower of two quotas that are named counts."""
        if quota < self.quota:
            self.quota = quota
            self.rate = min(self.rate, self._top)

    @property
    def _top(self) -> float:
        return self.quota / (1.0 + MARGIN)

    def _note(self, turn: float) -> None:
        self.turns = sorted([*self.turns, turn])[-self.quota :]

    def _lower(self, factor: float) -> None:
        self.mild = factor == MILD
        self.rate = max(self.rate * factor, self.quota * 0.1)
        self.gain = max(self.gain / 2, self.quota * LEAST_GAIN)

    def _recover(self, now: float) -> None:
        passed, self.seen = now - self.seen, now
        self.rate = min(self._top, self.rate + self.gain * passed)
        self.gain = min(self.quota * GAIN, self.gain * 2.0 ** (min(passed, 600.0) / FORGET))


class Keeper(Protocol):
    """Where a pace is kept."""

    def held(self, now: float) -> AbstractContextManager[Pace]:
        """The pace, for one holder at a time; what the holder changes is kept."""
        ...


class Own:
    """A pace that this process alone knows."""

    def __init__(self, quota: int, now: float) -> None:
        self._pace, self._lock = Pace.fresh(quota, now), threading.Lock()

    @contextmanager
    def held(self, now: float) -> Iterator[Pace]:
        """The pace, under a lock."""
        with self._lock:
            yield self._pace


class Pacer:
    """Lets at most `quota` calls through in any second, evenly, by rank and in the order they came.

    A refusal (429) pauses everything and lowers the rate; the rate then recovers slowly, and
    more slowly the more often it was refused. `clock` and `sleep` are in seconds. A process has
    one turn at a time, so that those that share a pace (`keeper`) take turns.
    """

    def __init__(
        self,
        quota: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        keeper: Keeper | None = None,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._keeper = keeper or Own(quota, clock())
        self._turn = threading.Condition()
        self._queue: list[tuple[int, int]] = []
        self._came = 0
        self._busy = False

    @property
    def rate(self) -> float:
        """Calls per second that are let through at present."""
        with self._keeper.held(self._clock()) as pace:
            return pace.rate

    @property
    def waiting(self) -> int:
        """How many threads stand in the queue, the one whose turn is next included."""
        return len(self._queue) + self._busy

    def wait(self) -> float:
        """Wait for this thread's turn; gives the moment on the pacer's clock."""
        with self._turn:
            self._came += 1
            ticket = (RANK.get(), self._came)
            heapq.heappush(self._queue, ticket)
            try:
                while self._busy or self._queue[0] is not ticket:
                    self._turn.wait()
                self._busy = True
            finally:
                self._queue.remove(ticket)
                heapq.heapify(self._queue)
        try:
            return self._go()
        finally:
            with self._turn:
                self._busy = False
                self._turn.notify_all()

    def left(self, sent: float) -> None:
        """Count the call let through at `sent` from the present moment, if that is much later."""
        now = self._clock()
        if now - sent > LATE:
            with self._keeper.held(now) as pace:
                pace.late(sent, now)

    def slow(self, sent: float, pause: float | None) -> None:
        """Pause, and lower the rate (see `Pace.slow`)."""
        now = self._clock()
        with self._keeper.held(now) as pace:
            pace.slow(now, sent, pause)

    def _go(self) -> float:
        while True:
            now = self._clock()
            with self._keeper.held(now) as pace:
                turn = pace.reserve(now)
            if turn <= now:
                return now
            while (now := self._clock()) < turn:
                self._sleep(turn - now)
            with self._keeper.held(now) as pace:
                if pace.take(turn, now):
                    return now
