"""The one seam through which every external effect passes, numbered.

HTTP calls, SQL commits of Global and commits of the store go through `Effects.run`.
Faults, the lease check and verification hang here as watchers; nothing else wraps effects.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

T = TypeVar("T")
Kind = Literal["http", "sql", "store"]


@dataclass(frozen=True, slots=True)
class Effect:
    """One external effect: its number in this process, its kind, and a label without data."""

    number: int
    kind: Kind
    label: str
    writes: bool


class Watcher(Protocol):
    """Told of each effect before and after it; may raise (or kill) to forbid it."""

    def before(self, effect: Effect) -> None: ...

    def after(self, effect: Effect) -> None: ...


class Effects:
    """Numbers effects and tells the watchers; safe to use from several threads."""

    def __init__(self, *watchers: Watcher) -> None:
        self._watchers = list(watchers)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def watch(self, watcher: Watcher) -> None:
        """Add a watcher for all later effects."""
        self._watchers.append(watcher)

    def run(self, kind: Kind, label: str, do: Callable[[], T], *, writes: bool = False) -> T:
        """Do one effect; whatever `do` raises passes through, `after` is then not called."""
        with self._lock:
            effect = Effect(next(self._numbers), kind, label, writes)
        for watcher in self._watchers:
            watcher.before(effect)
        answer = do()
        for watcher in self._watchers:
            watcher.after(effect)
        return answer
