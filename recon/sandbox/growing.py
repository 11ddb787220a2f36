"""Memory that only grows: Python's search for garbage is of no use in it, and slow."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def all_stay() -> Iterator[None]:
    """No search for garbage while very many objects are made that all stay."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def keep() -> None:
    """Never look at what is there now again: it stays until the process ends."""
    gc.freeze()
