"""Reads the project's own sources for test_house_rules.py: functions, imports, tracked files."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One module: its dotted name, its text and its tree."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    def lines(self) -> int:
        return len(self.text.splitlines())

    def functions(self) -> Iterator[tuple[str, Function]]:
        """Every function with its dotted name inside the module, inner ones too."""
        yield from _functions(self.tree, "")

    def imports(self) -> Iterator[tuple[str, bool]]:
        """Modules of this project that are imported, and whether only for the type checker."""
        yield from _imports(self.tree, self.name, False)

    def label(self, function: str) -> str:
        return f"{self.name}:{function}"


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield prefix + child.name, child
            yield from _functions(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")
        else:
            yield from _functions(child, prefix)


def _imports(node: ast.AST, module: str, typing: bool) -> Iterator[tuple[str, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from ((a.name, typing) for a in child.names if a.name.startswith("recon"))
        elif isinstance(child, ast.ImportFrom):
            yield from ((name, typing) for name in _from(child))
        else:
            only_types = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)
            yield from _imports(child, module, typing or only_types)


def _from(node: ast.ImportFrom) -> Iterator[str]:
    """`from recon import x` means the module recon.x where there is one."""
    base = node.module or ""
    if base != "recon" and not base.startswith("recon."):
        return
    for alias in node.names:
        inner = ROOT / Path(*base.split(".")) / alias.name
        is_module = inner.with_suffix(".py").exists() or (inner / "__init__.py").exists()
        yield f"{base}.{alias.name}" if is_module else base


def length(function: Function) -> int:
    """Lines from `def` to the end, docstring and all."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


@cache
def sources(folder: str) -> tuple[Source, ...]:
    """Every module under a folder of the project."""
    return tuple(_source(path) for path in sorted((ROOT / folder).rglob("*.py")))


def _source(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Source(name, path, text, ast.parse(text))


@cache
def tracked() -> tuple[Path, ...]:
    """Files that git holds or would hold."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    names = sorted({name for name in listed.decode().split("\0") if name})
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())
