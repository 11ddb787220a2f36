"""How far long work has come: bars on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from recon.cli.show import Screen

QUIET_S = 5.0


class Meter(Protocol):
    """Told how far a piece of work has come (`total` 0 where nobody knows); may be hidden."""

    def __call__(self, text: str, done: int, total: int) -> None: ...

    def hide(self) -> None: ...


class Lines:
    """A line when a piece of work begins, every QUIET_S seconds, and when it is done."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._next: dict[str, float] = {}

    def __call__(self, text: str, done: int, total: int) -> None:
        now = time.monotonic()
        ended = total > 0 and done >= total
        if ended or now >= self._next.get(text, 0.0):
            self._next[text] = now + QUIET_S
            self._screen.say(f"{text} ({done} of {total})" if total else text)

    def hide(self) -> None:
        """Lines hide nothing."""


class Bars:
    """A bar for each piece of work; they vanish when the call ends."""

    def __init__(self, screen: Screen) -> None:
        self._bar = _bar(screen)
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, text: str, done: int, total: int) -> None:
        if text not in self._tasks:
            self._bar.start()
            self._tasks[text] = self._bar.add_task(text, total=total or None)
        self._bar.update(self._tasks[text], completed=done, total=total or None)

    def hide(self) -> None:
        """Clear the bars away, for a prompt or for good."""
        self._bar.stop()
        for task in self._tasks.values():
            self._bar.remove_task(task)
        self._tasks.clear()


def _bar(screen: Screen) -> Progress:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}", markup=False), BarColumn())
    times = (MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, *times, console=screen.console, transient=True)


@contextmanager
def shown(screen: Screen) -> Iterator[Meter]:
    """A meter for this screen, hidden at the end."""
    meter: Meter = Bars(screen) if screen.is_terminal else Lines(screen)
    try:
        yield meter
    finally:
        meter.hide()
