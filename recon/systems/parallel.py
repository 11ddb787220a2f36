"""Independent tasks done at the same time, answers in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TypeVar

from recon.errors import Stop

T = TypeVar("T")
WORKERS = 8
EVERY_S = 5.0


def nothing() -> None:
    """What is done while tasks are waited for, by default."""


def parallel(
    tasks: Iterable[Callable[[], T]],
    workers: int = WORKERS,
    meanwhile: Callable[[], None] = nothing,
) -> list[T]:
    """The answers of all tasks, in their order; `meanwhile` is called every few seconds.

    The first error (an interrupt too) ends it: tasks not begun are dropped, those under way are
    finished, then it is raised; a `Stop` among several errors comes first.
    """
    pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="recon")
    futures: list[Future[T]] = []
    try:
        futures += [pool.submit(task) for task in tasks]
        while not _ended(futures):
            meanwhile()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    errors = [error for future in futures if (error := _error(future)) is not None]
    if errors:
        raise next((error for error in errors if isinstance(error, Stop)), errors[0])
    return [future.result() for future in futures]


@contextmanager
def background(
    tasks: Mapping[str, Callable[[], T]], workers: int = WORKERS
) -> Iterator[Mapping[str, Future[T]]]:
    """Tasks under way while the block does other work and takes their answers by name. When the
    block ends or fails, tasks not begun are dropped and those under way are finished."""
    pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="recon")
    try:
        yield {name: pool.submit(task) for name, task in tasks.items()}
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _ended(futures: list[Future[T]]) -> bool:
    """Whether all have ended, or one with an error, within a few seconds."""
    found = wait(futures, EVERY_S, FIRST_EXCEPTION)
    return not found.not_done or any(_error(future) is not None for future in found.done)


def awaited(future: Future[T], meanwhile: Callable[[], None]) -> T:
    """A future's answer; `meanwhile` is called every few seconds."""
    while not wait([future], EVERY_S).done:
        meanwhile()
    return future.result()


def _error(future: Future[T]) -> BaseException | None:
    return None if future.cancelled() else future.exception()
