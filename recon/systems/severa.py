"""Severa's REST API for the rest of the workbench: read lists, look up, create, patch.

Rows come as dicts with exact decimals and without private fields. `Stop`, `Refused` and
`NotDone` mean that a write was certainly not done, `Unknown` that it may have been.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from recon import settings as profile
from recon.effects import Effects
from recon.errors import Refused, Stop
from recon.spec import Listing
from recon.systems.pacer import Gate, Pacer
from recon.systems.parallel import parallel
from recon.systems.severa_call import Answer, Call, body, encoded
from recon.systems.severa_errors import failed, named
from recon.systems.severa_patch import operations
from recon.systems.severa_scopes import SCOPES
from recon.systems.severa_token import Token
from recon.systems.severa_wire import Means, Wire

__all__ = ["Options", "Row", "Severa", "parallel"]

MOST_SHIFTS = 5
SURE_PAGE = 100  # the page that every list takes
BATCH = 100  # values of one list filter that fit into an address
CONVERT_BATCH = 500
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may choose: scopes to ask for, a shared gate, clocks, the biggest body."""

    scopes: tuple[str, ...] = SCOPES
    gate: Gate | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    cap: int = 200_000_000


class Severa:
    """One organisation's API; safe to use from up to 8 threads.

    `deadline` may be set to a function that gives the seconds left in which calls may be made
    (the lease's rest); no call takes longer.
    """

    def __init__(
        self,
        settings: profile.Severa,
        effects: Effects,
        *,
        client_id: str,
        client_secret: str,
        options: Options | None = None,
    ) -> None:
        chosen = options or Options()
        self._settings, self.wanted = settings, frozenset(chosen.scopes)
        self.deadline: Callable[[], float] | None = None
        credentials = (client_id, client_secret)
        means = Means(
            effects,
            chosen.gate or Pacer(settings.quota, clock=chosen.clock, sleep=chosen.sleep),
            self.timeout,
            chosen.clock,
            chosen.sleep,
            chosen.cap,
        )
        self._wire = Wire(settings.base_url, credentials, means)
        self._token = Token(credentials, chosen.scopes, self._wire.send, chosen.clock)
        self._pages: dict[str, int] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._wire.close()

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes granted; fetches the token if there is none yet."""
        self._token.bearer()
        return self._token.scopes

    @property
    def calls(self) -> Counter[str]:
        """HTTP calls made so far, by kind; their sum is all that were sent.

        A repeated call counts as `retry`, or as `429` where the quota was the reason.
        """
        with self._wire.meter.lock:
            return Counter(self._wire.meter.calls)

    @property
    def server_time(self) -> str:
        """Severa's clock at its last answer, as ISO text in UTC; '' before the first."""
        return self._wire.meter.server_time

    def timeout(self) -> float:
        """Seconds that a call may take now."""
        left = self.deadline() if self.deadline else self._settings.timeout_s
        if left <= 0:
            raise Stop(
                "There is no time left to call Severa, the run's lease has ended",
                todo="Start the run again",
            )
        return min(self._settings.timeout_s, left)

    def read(self, listing: Listing, *, kind: str = "list", **params: Any) -> list[Row]:
        """All rows of a list, each guid once (the one read last), in the order of the list.

        A list read by row numbers shifts when rows are deleted meanwhile: each page begins with
        the last row of the one before, and where it does not, the read goes back.
        A filter with many values is split over several reads. `Stop` if the list repeats itself.
        """
        pages = {"token": self._by_token, "rows": self._by_rows, "none": self._at_once}
        given = {**dict(listing.params), **params}
        rows = [r for part in batches(given) for r in pages[listing.paging](listing, kind, part)]
        return distinct(rows)

    def get(self, path: str, *, kind: str = "lookup", **params: Any) -> Any:
        """What stands at a path, as JSON; `Refused` where a guid in it is unknown."""
        return self._send(Call("GET", path, kind, encoded(params), safe=True)).data

    def find(self, path: str, *, kind: str = "lookup") -> Row | None:
        """The record at a path, or None where there is none."""
        call = Call("GET", path, kind, safe=True, may_miss=True)
        answer = self._send(call)
        return None if answer.status in (404, 410) else _record(call, answer.data)

    def convert(self, guids: Sequence[str]) -> dict[str, str]:
        """The present guid for each guid of the older API that Severa knows."""
        found: dict[str, str] = {}
        for start in range(0, len(guids), CONVERT_BATCH):
            found.update(self._converted(guids[start : start + CONVERT_BATCH]))
        return found

    def create(self, path: str, record: Mapping[str, Any], *, kind: str = "create") -> Row:
        """The record as Severa created it."""
        call = Call("POST", path, kind, body=body(record))
        data = self._send(call).data
        if isinstance(data, list) and len(data) == 1:
            data = data[0]
        return _record(call, data)

    def patch(
        self, path: str, resource: str, values: Mapping[str, Any], *, kind: str = "update"
    ) -> Row:
        """The record after these properties were replaced."""
        changes = operations(resource, values, self._settings.patch_values)
        call = Call("PATCH", path, kind, body=body(changes))
        data = self._send(call).data
        if isinstance(data, list):
            guid = path.rstrip("/").rsplit("/", 1)[-1].lower()
            same = [r for r in data if _guid(r).lower() == guid]
            data = same[0] if len(same) == 1 else data[0] if len(data) == 1 else data
        return _record(call, data)

    def _send(self, call: Call) -> Answer:
        return self._wire.send(call, self._token)

    def _converted(self, guids: Sequence[str]) -> Iterator[tuple[str, str]]:
        call = Call("POST", "/v1/guids/convert", "lookup", body=body(list(guids)), safe=True)
        given = {guid.lower(): guid for guid in guids}
        for row in _rows(call, self._send(call).data):
            old, new = str(row.get("guid") or "").lower(), row.get("converted")
            if old in given and new:
                yield given[old], str(new)

    def _at_once(self, listing: Listing, kind: str, params: Row) -> Iterator[Row]:
        yield from self._page(listing, kind, params)[0]

    def _by_token(self, listing: Listing, kind: str, params: Row) -> Iterator[Row]:
        used: set[str] = set()
        token: str | None = None
        while True:
            size = self._size(listing)
            asked = {**params, "rowCount": size, "pageToken": token}
            rows, answer = self._page(listing, kind, asked)
            yield from rows
            token = answer.headers.get("nextpagetoken", "").strip()
            if not token:
                return
            if token in used:
                raise repeats(listing, "page token repeats")
            used.add(token)

    def _by_rows(self, listing: Listing, kind: str, params: Row) -> Iterator[Row]:
        seen: set[str] = set()
        last: set[str] = set()
        first, shifts = 0, 0
        while True:
            size = self._size(listing)
            rows, _ = self._page(listing, kind, {**params, "firstRow": first, "rowCount": size})
            size = min(size, self._size(listing))
            yield from rows
            guids = {_guid(row) for row in rows}
            if len(rows) >= size and guids == last:
                raise repeats(listing, "list starts again from its first row")
            capped = len(rows) == SURE_PAGE < size  # a server may cut the page without a word
            if len(rows) < size and not capped:
                return
            shifted = bool(seen) and shifts < MOST_SHIFTS and not _overlaps(rows, seen)
            shifts += shifted
            last = guids
            seen |= guids
            first = max(0, first - size) if shifted else first + len(rows) - 1

    def _page(self, listing: Listing, kind: str, params: Row) -> tuple[list[Row], Answer]:
        try:
            return self._list(listing, kind, params)
        except (Refused, Stop) as error:
            if params.get("rowCount", 0) <= SURE_PAGE or "rowcount" not in error.what.lower():
                raise
        with self._lock:
            self._pages[listing.path] = SURE_PAGE
        return self._list(listing, kind, {**params, "rowCount": SURE_PAGE})

    def _list(self, listing: Listing, kind: str, params: Row) -> tuple[list[Row], Answer]:
        call = Call("GET", listing.path, kind, encoded(params), safe=True)
        answer = self._send(call)
        return _rows(call, answer.data), answer

    def _size(self, listing: Listing) -> int:
        with self._lock:
            learned = self._pages.get(listing.path, listing.page)
        return min(learned, listing.page, self._settings.page)


def _overlaps(rows: Sequence[Row], seen: Set[str]) -> bool:
    """Whether a page begins with a row of the pages before it."""
    return not _guid(rows[0]) or _guid(rows[0]) in seen


def batches(params: Mapping[str, Any]) -> Iterator[Row]:
    """The same parameters, the longest list filter among them cut to what an address can hold."""
    lists = {n: list(v) for n, v in params.items() if isinstance(v, list | tuple | set | frozenset)}
    longest = max(lists, key=lambda name: len(lists[name]), default="")
    if not longest or len(lists[longest]) <= BATCH:
        yield dict(params)
        return
    for start in range(0, len(lists[longest]), BATCH):
        yield {**params, longest: lists[longest][start : start + BATCH]}


def distinct(rows: Iterable[Row]) -> list[Row]:
    """Each guid once, the row read last; rows without a guid all stay."""
    kept: dict[str, Row] = {}
    for number, row in enumerate(rows):
        kept[_guid(row) or f"#{number}"] = row
    return list(kept.values())


def repeats(listing: Listing, how: str) -> Stop:
    """The stop for a list that would never end."""
    return Stop(
        f"Severa's list cannot be read to its end: {how}",
        where=f"Severa, GET {listing.path}",
        todo="Run again; if it stays so, ask Visma's support",
    )


def _rows(call: Call, data: Any) -> list[Row]:
    if data is None:
        return []
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise failed(call, "Severa answered with something else than a list of records")
    return data


def _record(call: Call, data: Any) -> Row:
    if not isinstance(data, dict) or (call.method == "POST" and not _guid(data)):
        raise named(call, data)
    return data


def _guid(row: Any) -> str:
    return str(row.get("guid") or "") if isinstance(row, dict) else ""
