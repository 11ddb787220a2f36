"""The table of rules and tests is true: each rule is named by tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| ([RE]\d+)(?:\.\d+)? \| .+ \| (.+) \|$")


def rows() -> list[tuple[str, list[str]]]:
    lines = (ROOT / "docs" / "rule_tests.md").read_text("utf-8").splitlines()
    found = [match for line in lines if (match := ROW.match(line))]
    return [(match[1], re.findall(r"`([^`]+)`", match[2])) for match in found]


def test_every_rule_has_a_test() -> None:
    named = {rule for rule, tests in rows() if tests}
    wanted = {f"R{n}" for n in range(1, 22)} | {f"E{n}" for n in range(1, 6)}
    assert wanted <= named


@pytest.mark.parametrize("node", sorted({node for _, tests in rows() for node in tests}))
def test_every_test_named_is_there(node: str) -> None:
    file, _, name = node.partition("::")
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    assert name in {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
