"""docs/checks.md lists every check that there is; `--update-golden` writes its tables anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recon.entities import ENTITIES
from recon.overall import OVERALL
from tests import house

PATH = house.ROOT / "docs" / "checks.md"
BEGIN = "<!-- the tables below are written by tests/report/test_checks_doc.py -->\n"
HEAD = "| check | severity | what it says | where to fix it |\n| --- | --- | --- | --- |\n"


def _row(name: str, severity: str, line: str, where: str) -> str:
    return f"| `{name}` | {severity} | {line} | {where} |\n"


def tables() -> Iterator[str]:
    """One table per entity, then that of the checks of the whole."""
    for entity in ENTITIES:
        own = [_row(c.name, c.severity, c.line, c.where_to_fix) for c in entity.checks]
        yield f"\n### {entity.title} (`{entity.name}`)\n\n{HEAD}{''.join(own)}"
    whole = [_row(c.name, c.severity, c.line, c.where_to_fix) for c in OVERALL]
    yield f"\n### Every entity, or the whole company\n\n{HEAD}{''.join(whole)}"


def test_the_documented_checks_are_those_of_the_code(request: pytest.FixtureRequest) -> None:
    text = PATH.read_text(encoding="utf-8")
    prose, _, _ = text.partition(BEGIN)
    made = prose + BEGIN + "".join(tables())
    if request.config.getoption("--update-golden", default=False):
        PATH.write_text(made, encoding="utf-8")
    assert made == PATH.read_text(encoding="utf-8"), "run with --update-golden"


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_every_check_says_what_and_where(entity: object) -> None:
    for check in entity.checks:  # type: ignore[attr-defined]
        assert check.line.endswith("."), check.name
        assert ":" in check.where_to_fix, f"{check.name} names no menu"
        assert "`" not in check.line and "|" not in check.line
