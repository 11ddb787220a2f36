"""Visma Global for tests: a small hostile company, faults of the driver, statements in T-SQL.

`RECON_TEST_GLOBAL_URL` runs the tests against another database; its schema
(`RECON_TEST_GLOBAL_SCHEMA`, else recon_test) must be empty or the sandbox's own.
"""

from __future__ import annotations

import atexit
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.dialects import mssql
from sqlalchemy.sql import ClauseElement, Executable

from recon.effects import Effects, Watcher
from recon.sandbox.global_database import Options, create
from recon.settings import Global, environment
from recon.systems.table_forms import SCHEMA
from recon.systems.visma_global import VismaGlobal

FJORD = "fjord"
ELSEWHERE = environment("RECON_TEST_GLOBAL_URL")

ROWS: dict[str, list[dict[str, Any]]] = {
    "Customer": [
        {"CustomerNo": 10001, "Name": "Fjord AS", "SeveraGUID": "aaaa-1", "UtilityBits": b"\x07"},
        {"CustomerNo": 10002, "Name": "Vidde AS   ", "Balance": 12.1},
        {"CustomerNo": 10005, "Name": "Skog AS"},
    ],
    "Department": [{"DepNo": 1, "Name": "Salg"}],
    "PostOffice": [{"PostCode": "0150", "PostOffice": "OSLO"}],
    "CommonParameter": [{"UniqueNo": 1, "LastUsedCustomerNo": 10001}],
    "InvoicePurchasingParameter": [{"UniqueNo": 1, "LastSalesOrderNo": 500}],
    "CustomerOrder": [{"OrderNo": "501"}],
    "Contact": [],
    "Article": [],
}

needs_sqlite = pytest.mark.skipif(
    bool(ELSEWHERE), reason="needs RECON_TEST_GLOBAL_URL to be unset: it looks into the file"
)


@dataclass(frozen=True)
class Place:
    """A laid company: its URL and schema, and settings that lead there."""

    url: str
    schema: str

    def settings(self, **changes: Any) -> Global:
        return Global.model_validate({"schema": self.schema, "lock_timeout_s": 2, **changes})

    def connect(self, *watchers: Watcher, **changes: Any) -> VismaGlobal:
        return VismaGlobal(self.settings(**changes), Effects(*watchers), url=self.url)


def lay(
    folder: Path,
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = ROWS,
    options: Options | None = None,
) -> Place:
    """A company in a SQLite file of this folder, or in the database of RECON_TEST_GLOBAL_URL."""
    if ELSEWHERE and options is None:
        place = Place(ELSEWHERE, environment("RECON_TEST_GLOBAL_SCHEMA") or "recon_test")
        create(place.url, place.schema, rows)
        return place
    file = folder / "global.db"
    if rows is ROWS and options is None:
        copy_usual(file)
    else:
        create(f"sqlite:///{file}", FJORD, rows, options)
    return Place(f"sqlite:///{file}", FJORD)


def copy_usual(file: Path) -> None:
    """The usual company as a SQLite file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_template(), file)


@cache
def _template() -> Path:
    """The usual company, made once per test process and then copied."""
    file = Path(tempfile.mkdtemp(prefix="recon-global-")) / "global.db"
    atexit.register(shutil.rmtree, file.parent, ignore_errors=True)
    create(f"sqlite:///{file}", FJORD, ROWS)
    return file


@contextmanager
def opened(place: Place, *watchers: Watcher, **changes: Any) -> Iterator[VismaGlobal]:
    """The transport onto a laid company, closed afterwards."""
    found = place.connect(*watchers, **changes)
    try:
        yield found
    finally:
        found.close()


def odbc_error(state: str, message: str) -> sqlite3.OperationalError:
    """An error in the shape in which pyodbc tells SQL Server's."""
    return sqlite3.OperationalError(
        state, f"[{state}] [Microsoft][ODBC Driver 18 for SQL Server][SQL Server]{message}"
    )


DEADLOCK = ("40001", "Transaction (Process ID 52) was deadlocked. Rerun. (1205) (SQLExecDirectW)")
LOST = ("08S01", "Communication link failure (10054) (SQLExecDirectW)")


@dataclass
class Faults:
    """Raises errors of the driver in place of statements or of the commit; counts what passed."""

    glob: VismaGlobal
    statements: list[str] = field(default_factory=list)
    commits: int = 0

    def at_statement(self, pattern: str, make: Callable[[], Exception], times: int = 1) -> None:
        """Fail the first `times` statements that match, before they are done."""
        left = [times]

        @event.listens_for(self.glob.engine, "do_execute")
        def _fail(_cursor: Any, statement: str, _parameters: Any, _context: Any) -> None:
            self.statements.append(statement)
            if left[0] and re.search(pattern, statement):
                left[0] -= 1
                raise make()

    def at_commit(
        self, monkeypatch: pytest.MonkeyPatch, make: Callable[[], Exception], *, done: bool
    ) -> None:
        """Fail the first commit, before or after it is done."""
        dialect = self.glob.engine.dialect
        real = dialect.do_commit

        def commit(connection: Any) -> None:
            self.commits += 1
            if self.commits > 1:
                return real(connection)
            if done:
                real(connection)
            raise make()

        monkeypatch.setattr(dialect, "do_commit", commit)


def compiled(statement: Executable, schema: str = "KuraasAS") -> str:
    """The statement as SQL Server gets it; fails for what SQL Server would not take.

    Shared with the entities' tests: no OUTPUT or RETURNING, TOP and OFFSET only with ORDER BY, no
    more than 2,100 parameters, no placeholder left where the schema stands.
    """
    assert isinstance(statement, ClauseElement)
    made = statement.compile(
        dialect=mssql.dialect(),  # type: ignore[no-untyped-call]
        schema_translate_map={SCHEMA: schema},
        compile_kwargs={"render_postcompile": True},
        render_schema_translate=True,
    )
    text = str(made)
    assert not re.search(r"\b(RETURNING|OUTPUT|LIMIT|ILIKE)\b", text), text
    assert "ORDER BY" in text or not re.search(r"\b(TOP|OFFSET)\b", text), text
    assert len(made.params) <= 2100, f"{len(made.params)} parameters"
    assert f"[{SCHEMA}]" not in text and "SCHEMA_" not in text, text
    return text
