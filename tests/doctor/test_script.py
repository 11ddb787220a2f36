"""The script for the SQL Server's administrator: all grants and no more, any name safe."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recon.doctor import grants
from recon.doctor.script import READER, WRITER, script
from recon.settings import Profile, load
from tests.conftest import Ran

NAMED = {"schema": "KuraasAS", "database": "KuraasGLOBALData", "login": "recon"}
STATEMENT = re.compile(
    r"^(USE \[.+\];|GO|IF DATABASE_PRINCIPAL_ID\(N'.+'\) IS (NOT )?NULL.*|CREATE USER .+;"
    r"|ALTER ROLE \[\w+\] ADD MEMBER \[.+\];|IF SUSER_ID\(.+"
    r"|IF COL_LENGTH\(N'.+', N'\w+'\) IS NOT NULL"
    r"|GRANT VIEW DEFINITION ON SCHEMA::\[.+\] TO \[\w+\];"
    r"|GRANT (SELECT|UPDATE) ON \[.+\]\.\[\w+\] \( ?\[\w+\](, ?\[\w+\])* ?\) TO \[\w+\];"
    r"|GRANT INSERT ON \[.+\]\.\[\w+\] TO \[\w+\];)$"
)


def profile(name: str = "Prøve AS", **database: Any) -> Profile:
    tables = {"company": {"name": name}, "global": {**NAMED, **database}, "severa": {}}
    return Profile.model_validate(tables)


def statements(text: str) -> list[str]:
    """The lines that are no comments, those in brackets joined."""
    rows = [row for row in text.splitlines() if row.strip() and not row.startswith("--")]
    return re.sub(
        r"\(\n(.*?)\n\)", lambda m: f"({' '.join(m[1].split())})", "\n".join(rows), flags=re.DOTALL
    ).split("\n")


def granted(text: str, right: str, role: str) -> set[tuple[str, str]]:
    grant = re.compile(rf"GRANT {right} ON \[KuraasAS\]\.\[(\w+)\] \(([^;]*)\) TO \[{role}\];")
    return {(t, c) for t, columns in grant.findall(text) for c in re.findall(r"\[(\w+)\]", columns)}


def flat(columns: grants.Columns) -> set[tuple[str, str]]:
    return {(table, column) for table, names in columns.items() for column in names}


def test_every_line_is_a_statement_of_a_known_form() -> None:
    assert [row for row in statements(script(profile())) if not STATEMENT.match(row.strip())] == []


def test_it_grants_what_the_code_uses() -> None:
    text, writing = script(profile()), grants.writing(profile())
    reads = granted(text, "SELECT", READER)
    assert reads == flat(grants.reading(profile()).reads)
    assert granted(text, "SELECT", WRITER) == flat(writing.reads) - reads
    assert granted(text, "UPDATE", WRITER) == flat(writing.sets)
    assert set(re.findall(r"GRANT INSERT ON \[KuraasAS\]\.\[(\w+)\]", text)) == writing.inserts


def test_it_never_lets_delete_alter_or_run() -> None:
    code = "\n".join(statements(script(profile())))
    assert re.findall(r"\b(DELETE|EXECUTE|CONTROL|ALTER(?! ROLE)|db_owner|sysadmin)\b", code) == []


def test_going_live_is_left_to_a_person() -> None:
    assert f"-- ALTER ROLE [{WRITER}] ADD MEMBER [recon];" in script(profile())
    assert f"ALTER ROLE [{WRITER}] ADD" not in "\n".join(statements(script(profile())))


def test_columns_that_a_version_may_lack_are_granted_if_they_are_there() -> None:
    rows = statements(script(profile()))
    at = [n for n, row in enumerate(rows) if "([SeveraGUID])" in row]
    assert at and all(rows[n - 1].startswith("IF COL_LENGTH(") for n in at)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"schema": "Odd]Name"}, "ON [Odd]]Name].[Customer]"),
        ({"login": "o'recon"}, "SUSER_ID(N'o''recon')"),
        (
            {"login": r"FJORD\recon"},
            r"LOGIN [FJORD\recon] FROM WINDOWS WITH DEFAULT_DATABASE",
        ),
        ({"database": ""}, "USE [the company's database]"),
        (
            {"database": "", "login": "", "url": "mssql+pyodbc://reader@host/FjordGLOBALData"},
            "USE [FjordGLOBALData]",
        ),
        ({"database": "", "url": "env:GLOBAL_URL"}, "USE [the company's database]"),
    ],
)
def test_names_are_quoted_and_found(changed: dict[str, str], words: str) -> None:
    assert words in script(profile(**changed))


def test_a_companys_name_cannot_leave_its_comment() -> None:
    text = script(profile("Prøve\nDROP DATABASE x; --"))
    assert [row for row in text.splitlines() if "DROP" in row and not row.startswith("--")] == []


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "profile.toml"
    path.write_text('[company]\nname = "A"\n[global]\nschema = "KuraasAS"\n[severa]\n', "utf-8")
    return path


def test_the_command_prints_it_without_reaching_anything(
    recon: Callable[..., Ran], file: Path
) -> None:
    ran = recon("--company", str(file), "doctor", "--sql")
    assert (ran.code, ran.out) == (0, script(load(file)))
    assert recon("--company", str(file), "doctor", "--sql", "--json").document["sql"] == ran.out
    assert [p.name for p in file.parent.iterdir()] == ["profile.toml"]
