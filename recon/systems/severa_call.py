"""One HTTP call to Severa and its answer, as data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

PLAIN = re.compile(r"^[a-z_.]+(?:\d(?:\.\d)?)?$")
Params = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A call: `kind` is what it is counted as, `safe` says that sending it twice does no harm.

    An `open` call needs no token; one that `may_miss` takes 404 for an answer. `body` is JSON
    text, or None.
    """

    method: str
    path: str
    kind: str
    params: Params = ()
    body: str | None = field(default=None, repr=False)
    safe: bool = False
    open: bool = False
    may_miss: bool = False

    @property
    def label(self) -> str:
        """Method and path without data: each guid or date becomes {}."""
        parts = (p if PLAIN.match(p) else "{}" for p in self.path.strip("/").split("/"))
        return f"{self.method} /{'/'.join(parts)}"

    @property
    def where(self) -> str:
        return f"Severa, {self.label}"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: status, headers (lower-case names), the whole body, or what was read from it."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(default=b"", repr=False)
    data: Any = field(default=None, repr=False)

    @property
    def html(self) -> bool:
        """A web page instead of data."""
        kind = self.headers.get("content-type", "").lower()
        return "html" in kind or self.body[:200].lstrip().lower().startswith((b"<!doctype", b"<ht"))

    @property
    def pause(self) -> float | None:
        """Seconds named by Retry-After, where they are a number."""
        text = self.headers.get("retry-after", "").strip()
        return float(text) if re.fullmatch(r"\d{1,6}(\.\d+)?", text) else None

    def json(self) -> Any:
        """The body as JSON with exact decimals; `ValueError` where it is none, None where empty."""
        if self.status == 204:
            return None
        try:
            return json.loads(
                self.body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number
            )
        except RecursionError:
            raise ValueError("nested too deeply") from None


def segments(path: str) -> list[str]:
    """The words of a path: no version, no guids."""
    parts = path.strip("/").split("/")
    return [p for p in parts if PLAIN.match(p) and not re.fullmatch(r"v1(\.0)?", p)]


def encoded(params: Mapping[str, Any]) -> Params:
    """Query parameters as the contract has them: arrays repeated, UTC times, true and false."""
    return tuple(
        (name, _word(item))
        for name, value in params.items()
        for item in (value if _many(value) else (value,))
        if item is not None
    )


def body(value: Any) -> str:
    """A value as JSON text; decimals become numbers of the same digits."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_extra)


def utc(moment: datetime) -> str:
    """A moment as Severa writes it; one without a zone is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _many(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return utc(value)
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _extra(value: Any) -> Any:
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return int(value) if whole else float(value)
    if isinstance(value, datetime):
        return utc(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


def _no_number(text: str) -> Any:
    raise ValueError(text)
