"""What the tests of single questions share: a profile, and systems that say what a test says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from recon.doctor.means import Question
from recon.doctor.verdict import Verdict, asked
from recon.settings import Profile
from recon.systems.table_forms import GUID
from recon.systems.tables import TABLES

NOW = datetime(2026, 6, 1, 12)


def profile(**tables: Any) -> Profile:
    return Profile.model_validate({"company": {"name": "P"}, "global": {}, "severa": {}, **tables})


def answer(question: Question) -> list[Verdict]:
    """The verdicts of one question, each with what to do where it is not well."""
    found = list(asked("q", question))
    assert all(v.text and bool(v.todo) == (v.ok != "ok") for v in found)
    return found


def only(question: Question) -> Verdict:
    (found,) = answer(question)
    return found


class Server:
    """A database of made-up rows by table; on `mssql` all rights are there but those refused."""

    def __init__(
        self,
        rows: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
        refused: Mapping[str, int | None] | None = None,
        kind: str = "mssql",
    ) -> None:
        self._rows, self._refused = rows or {}, refused or {}
        self.engine: Any = type("Engine", (), {"dialect": type("Dialect", (), {"name": kind})})
        self.asked: list[Any] = []

    def read(self, statement: Any) -> list[dict[str, Any]]:
        self.asked.append(statement)
        text = str(statement)
        if "has_perms_by_name" in text:
            names = [column.name for column in statement.selected_columns]
            table = text.partition("].[")[2].partition("]")[0]
            return [{n: self._refused.get(f"{n} on {table}", 1) for n in names}]
        if "getdate" in text:
            return [{"now": NOW}]
        found = next((f.name for f in statement.get_final_froms() if hasattr(f, "name")), "")
        return [dict(row) for row in self._rows.get(found, ())]

    def catalogue(self, table_name: str) -> Mapping[str, Any]:
        return dict.fromkeys(TABLES[table_name].c.keys())

    def has_guid(self, table_name: str) -> bool:
        return GUID in TABLES[table_name].c


class Api:
    """Severa's lists by path, its calls, and the guids that it translates."""

    def __init__(
        self,
        lists: Mapping[str, list[dict[str, Any]]] | None = None,
        converted: Mapping[str, str] | None = None,
        turned_away: int = 0,
    ) -> None:
        self._lists, self._converted = lists or {}, converted or {}
        self.calls = Counter({"429": turned_away, "lookup": 5})
        self.scopes: frozenset[str] = frozenset()
        self.server_time = ""

    def read(self, listing: Any, *, kind: str = "list", **_params: Any) -> list[dict[str, Any]]:
        return self._lists.get(listing.path, [])

    def get(self, path: str, *, kind: str = "lookup") -> Any:
        return {}

    def find(self, path: str, *, kind: str = "lookup") -> dict[str, Any] | None:
        collection, _, guid = path.rpartition("/")
        return next((r for r in self._lists.get(collection, []) if r["guid"] == guid), None)

    def convert(self, guids: Any) -> dict[str, str]:
        return {guid: self._converted[guid] for guid in guids if guid in self._converted}
