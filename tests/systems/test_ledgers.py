"""Rows of the ledgers are bookkeeping: nothing but SeveraGUID is written there, and no stamp."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from recon.errors import Refused
from recon.systems.document_tables import LEDGERS, gl_account_transaction
from recon.systems.visma_global import VismaGlobal
from tests.global_fixtures import lay, opened

OLD = datetime(2026, 2, 1, 12)
LINE = {"UniqueNo": 1, "Amount": 100.0, "ProjectNo": 7, "LastUpdate": OLD, "LastUpdatedBy": 9}

pytestmark = pytest.mark.slow


@pytest.fixture
def glob(tmp_path: Path) -> Iterator[VismaGlobal]:
    with opened(lay(tmp_path, {"GLAccountTransaction": [LINE]})) as found:
        yield found


def line(glob: VismaGlobal) -> dict[str, Any]:
    names = (*LINE, "SeveraGUID")
    (found,) = glob.read(select(*(gl_account_transaction.c[name] for name in names)))
    return found


def write(glob: VismaGlobal, table: str, **values: Any) -> None:
    glob.in_transaction("test", lambda t: t.update(table, 1, values))


def test_a_guid_is_written_without_a_stamp(glob: VismaGlobal) -> None:
    before = line(glob)
    write(glob, "GLAccountTransaction", SeveraGUID="g-1")
    assert line(glob) == {**before, "SeveraGUID": "g-1"}


@pytest.mark.parametrize("table", sorted(LEDGERS))
@pytest.mark.parametrize(
    "values", [{"Amount": 1.0}, {"SeveraGUID": "g", "ProjectNo": 2}, {"LastUpdate": OLD}, {}]
)
def test_anything_else_is_refused(glob: VismaGlobal, table: str, values: Any) -> None:
    before = line(glob)
    with pytest.raises(Refused, match="bookkeeping"):
        write(glob, table, **values)
    assert line(glob) == before


def test_no_row_is_made(glob: VismaGlobal) -> None:
    with pytest.raises(Refused, match="bookkeeping"):
        glob.in_transaction("test", lambda t: t.insert("GLAccountTransaction", {"UniqueNo": 2}))
