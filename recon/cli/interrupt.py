"""Ctrl-C and SIGTERM: the operation in hand is finished, then the call ends."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from recon.cli.session import Session

RESUMES = "what was done is in the journal, the next run goes on from there"
NOTHING = "nothing was written into either system"
NAMES = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}


class Interrupted(BaseException):
    """A person or the system ended this call; `left` says what that leaves."""

    def __init__(self, number: int, left: str = RESUMES) -> None:
        self.exit_code = 128 + number
        name = NAMES.get(signal.Signals(number), "a signal")
        super().__init__(f"Stopped by {name}: {left}")


@contextmanager
def listening(session: Session) -> Iterator[None]:
    """The first signal lets the operation in hand end; a second one ends the call at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = _handler(session)
    before = {number: signal.signal(number, heard) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _handler(session: Session) -> Callable[[int, FrameType | None], Any]:
    def heard(number: int, _frame: FrameType | None) -> None:
        if session.stopped:
            raise Interrupted(number)
        if not session.can_finish:
            raise Interrupted(number, NOTHING)
        session.stopped = number
        session.bench.stopping.set()
        session.screen.say("Stopping after the operation in hand; once more stops at once")

    return heard
