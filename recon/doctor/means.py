"""What the doctor's questions need of the two transports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.sql import Executable

from recon.doctor.verdict import Verdict
from recon.spec import Listing
from recon.systems.catalogue import Column

Row = dict[str, Any]
Question = Callable[[str], Iterator[Verdict]]


class Api(Protocol):
    """Severa's API."""

    @property
    def scopes(self) -> frozenset[str]: ...

    @property
    def server_time(self) -> str: ...

    @property
    def calls(self) -> Counter[str]: ...

    def get(self, path: str, *, kind: str = "lookup") -> Any: ...

    def find(self, path: str, *, kind: str = "lookup") -> Row | None: ...

    def read(self, listing: Listing, *, kind: str = "list", **params: Any) -> list[Row]: ...

    def convert(self, guids: Sequence[str]) -> dict[str, str]: ...


class Database(Protocol):
    """Visma Global's database."""

    @property
    def engine(self) -> Engine: ...

    def read(self, statement: Executable) -> list[Row]: ...

    def catalogue(self, table_name: str) -> Mapping[str, Column]: ...

    def has_guid(self, table_name: str) -> bool: ...


def listed(api: Api, path: str, **params: Any) -> list[Row]:
    """All rows of one of Severa's lists that are read by row numbers."""
    return api.read(Listing(path, "rows", changes=()), kind="lookup", **params)


def named(wanted: str, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The row that has this guid or (in any case) this name."""
    plain = wanted.casefold()
    return next(
        (r for r in rows if plain in (str(r.get("guid")).casefold(), called(r).casefold())), None
    )


def called(row: Mapping[str, Any]) -> str:
    """What people call a row of Severa: its name, first and last name, or code."""
    both = " ".join(str(row.get(n) or "") for n in ("firstName", "lastName")).strip()
    return str(row.get("name") or both or row.get("code") or "").strip()
