"""The pace at which an organisation's quota is used: first come first served, and it learns.

One `Pacer` per organisation and process. Several processes that share a quota can be given
another `Gate` that keeps the same two promises.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

MARGIN = 0.04  # calls arrive less evenly than they are sent: the window is kept this much wider
PAUSE = 1.0  # seconds to wait after a refusal that does not say how long
SOON = 30.0  # refusals closer together than this mean that somebody else uses the quota too
MILD, HARD = 0.96, 0.82  # what is left of the rate after a lone refusal, after a repeated one
GAIN, LEAST_GAIN = 0.002, 0.0002  # share of the quota won back per second
CREDIT = 0.25  # seconds of delay (a busy machine) that may be made up for at once
FORGET = 60.0  # seconds after which half of the caution is forgotten


class Gate(Protocol):
    """What the transport asks of a pacer; safe to use from several threads."""

    def wait(self) -> float:
        """Wait for this thread's turn; gives the moment on the gate's own clock."""
        ...

    def slow(self, sent: float, pause: float | None) -> None:
        """Told that the call let through at `sent` was one too many; pause in seconds."""
        ...


class Pacer:
    """Lets at most `quota` calls through in any second, evenly, in the order they came.

    A refusal (429) pauses everything and lowers the rate; the rate then recovers slowly, and
    more slowly the more often it was refused. `clock` and `sleep` are in seconds.
    """

    def __init__(
        self,
        quota: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._quota, self._clock, self._sleep = quota, clock, sleep
        self._turn = threading.Condition()
        self._queue: deque[object] = deque()
        self._sent: deque[float] = deque(maxlen=quota)
        self._top = self._rate = quota / (1.0 + MARGIN)
        self._full = self._gain = quota * GAIN
        self._next = self._resume = self._slowed = float("-inf")
        self._mild = False
        self._seen = clock()

    @property
    def rate(self) -> float:
        """Calls per second that are let through at present."""
        return self._rate

    @property
    def waiting(self) -> int:
        """How many threads stand in the queue."""
        return len(self._queue)

    def wait(self) -> float:
        """Wait for this thread's turn; gives the moment on the pacer's clock."""
        ticket = object()
        try:
            with self._turn:
                self._queue.append(ticket)
                while self._queue[0] is not ticket:
                    self._turn.wait()
            return self._go()
        finally:
            with self._turn:
                self._queue.remove(ticket)
                self._turn.notify_all()

    def slow(self, sent: float, pause: float | None) -> None:
        """Pause, and lower the rate.

        Of the calls sent before it was last lowered only one more counts, and only if that was
        mild: a lone refusal is chance, a second one is another client.
        """
        with self._turn:
            now = self._clock()
            self._resume = max(self._resume, now + (PAUSE if pause is None else pause))
            if sent > self._slowed:
                self._lower(HARD if now - self._slowed < SOON else MILD)
                self._slowed = now
            elif self._mild:
                self._lower(HARD)

    def _lower(self, factor: float) -> None:
        self._mild = factor == MILD
        self._rate = max(self._rate * factor, self._quota * 0.1)
        self._gain = max(self._gain / 2, self._quota * LEAST_GAIN)

    def _go(self) -> float:
        while True:
            with self._turn:
                now = self._clock()
                due = self._due()
                if due <= now:
                    self._note(now)
                    return now
            self._sleep(due - now)

    def _due(self) -> float:
        full = len(self._sent) == self._quota
        window = self._sent[0] + 1.0 + MARGIN if full else float("-inf")
        return max(self._next, self._resume, window)

    def _note(self, now: float) -> None:
        self._recover(now)
        self._next = max(self._next, now - CREDIT) + 1.0 / self._rate
        self._sent.append(now)

    def _recover(self, now: float) -> None:
        passed, self._seen = now - self._seen, now
        self._rate = min(self._top, self._rate + self._gain * passed)
        self._gain = min(self._full, self._gain * 2.0 ** (min(passed, 600.0) / FORGET))
