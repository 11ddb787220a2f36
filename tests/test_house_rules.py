"""Counts what STYLE promises, and knows the layers: imports go one way."""

from __future__ import annotations

import ast
import re
import statistics
import tomllib
from collections.abc import Iterator

import pytest
import yaml

from tests import house

RECON = house.sources("recon")

# Functions over 50 lines, each with its reason.
LONG: dict[str, str] = {}

# A module imports from its own row or from rows above; a package's modules share its row.
LAYERS = (
    ("errors", "settings_documents", "settings_matching", "settings_text", "settings")
    + ("profile_file",),
    ("findings",),
    ("shapes", "worklists"),
    ("spec",),
    ("frames", "text", "places", "money", "table_files"),
    ("effects",),
    (
        "systems",
        "store",
        "store_tables",
        "journal",
        "lease",
        "links",
        "decisions",
        "waivers",
        "advance",
        "rulings",
        "failures",
        "dirty",
        "standing",
        "apart",
    ),
    ("entities", "reference", "rates"),
    ("mirror",),
    ("workbench", "global_reader", "reader", "families"),
    (
        "compare",
        "initial",
        "because",
        "numbers",
        "situation",
        "desk",
        "creates",
        "plan",
        "matching",
        "safety",
    )
    + ("checks", "codes", "doctor", "overall", "counts")
    + ("choices", "duplicates"),
    ("drafts", "earlier", "guard", "taken_back", "global_writes", "apply", "undo", "unknowns"),
    ("outcomes", "document", "background"),
    ("report", "review", "trace", "displays", "show", "panels", "notebook"),
    ("session", "publish", "said", "recall", "checklist", "flow", "fleet"),
    ("cli", "demo", "lab", "__main__"),
)
RANK = {name: rank for rank, row in enumerate(LAYERS) for name in row}

# Narrower than their row: what these may import at all.
NARROW = {
    "entities": (
        "entities",
        "systems.tables",
        "systems.document_tables",
        "systems.table_forms",
        "reference",
        "text",
        "money",
        "findings",
        "shapes",
        "spec",
        "settings",
        "settings_documents",
        "settings_matching",
    )
    + ("errors", "frames"),
    "sandbox": ("sandbox", "systems.tables", "systems.table_forms", "systems.stand_in")
    + ("effects", "text", "money", "settings", "errors"),
}
USES_SANDBOX = {"cli", "demo", "sandbox"}

ENGINE = ("mirror", "checks", "matching", "plan", "apply", "links", "journal", "store", "safety")

Edges = list[tuple[str, str]]


def room(module: str) -> str:
    """The first part of a module's name after `recon`: its row is found by it."""
    return module.partition(".")[2].partition(".")[0]


def edges(*, types_too: bool = True) -> Edges:
    return [
        (source.name, target)
        for source in RECON
        for target, only_types in source.imports()
        if target != "recon" and (types_too or not only_types)
    ]


def functions(tree: tuple[house.Source, ...]) -> Iterator[tuple[str, house.Function]]:
    for source in tree:
        yield from ((source.label(name), node) for name, node in source.functions())


def is_protocol(node: house.Function) -> bool:
    """A body of `...` alone."""
    last = node.body[-1]
    return isinstance(last, ast.Expr) and ast.dump(last.value) == "Constant(value=Ellipsis)"


LENGTHS = {name: house.length(node) for name, node in functions(RECON) if not is_protocol(node)}


def test_half_of_the_functions_have_at_most_8_lines() -> None:
    assert statistics.median(LENGTHS.values()) <= 8


def test_nine_of_ten_functions_have_under_30_lines() -> None:
    assert sum(n < 30 for n in LENGTHS.values()) / len(LENGTHS) >= 0.9


def test_no_function_has_over_50_lines_but_the_listed() -> None:
    over = {name for name, n in LENGTHS.items() if n > 50}
    assert over == set(LONG)


@pytest.mark.parametrize("folder", ["recon", "tests", "bench", "tools"])
def test_files_have_under_400_lines(folder: str) -> None:
    assert {s.name: s.lines() for s in house.sources(folder) if s.lines() >= 400} == {}


def test_every_return_is_typed() -> None:
    assert [name for name, node in functions(RECON) if node.returns is None] == []


def test_at_most_five_parameters() -> None:
    def count(node: house.Function) -> int:
        given = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
        return len([a for a in given if a.arg not in ("self", "cls")])

    rest = [s for s in RECON if room(s.name) != "cli"]
    assert {name: count(n) for name, n in functions(tuple(rest)) if count(n) > 5} == {}


def test_every_module_has_a_layer() -> None:
    rooms = {room(source.name) for source in RECON} - {"", "sandbox"}
    assert rooms - set(RANK) == set()


def test_imports_go_one_way() -> None:
    wrong = [
        (module, target)
        for module, target in edges()
        if room(module) in RANK and room(target) in RANK and RANK[room(module)] < RANK[room(target)]
    ]
    assert wrong == []


@pytest.mark.parametrize("narrow", NARROW)
def test_entities_and_sandbox_import_only_what_they_may(narrow: str) -> None:
    allowed = tuple(f"recon.{name}" for name in NARROW[narrow])
    wrong = [
        (module, target)
        for module, target in edges()
        if room(module) == narrow
        and not any(target == name or target.startswith(name + ".") for name in allowed)
    ]
    assert wrong == []


def test_only_the_command_line_uses_the_sandbox() -> None:
    users = {room(module) for module, target in edges() if room(target) == "sandbox"}
    assert users - USES_SANDBOX == set()


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    graph: dict[str, set[str]] = {}
    for module, target in edges(types_too=False):
        graph.setdefault(module, set()).add(target)
    assert _circle(graph) == []


def _circle(graph: dict[str, set[str]]) -> list[str]:
    """A circle of modules, or nothing: modules without open imports are taken away first."""
    left = {module: set(targets) - {module} for module, targets in graph.items()}
    while free := [m for m, targets in left.items() if not targets & set(left)]:
        for module in free:
            del left[module]
    return sorted(left)


def test_the_engine_names_no_entity() -> None:
    entities = {p.name for p in (house.ROOT / "recon/entities").iterdir() if p.is_dir()}
    entities = {name for name in entities if not name.startswith("_")}
    named = [
        (source.name, node.value, node.lineno)
        for source in RECON
        if room(source.name) in ENGINE
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and node.value in entities
    ]
    assert named == []


def test_only_the_command_line_prints() -> None:
    found = [
        (source.name, node.lineno)
        for source in RECON
        if room(source.name) != "cli"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert found == []


def test_only_settings_read_the_environment() -> None:
    reads = re.compile(r"\bos\.(environ|getenv|putenv)\b|from os import .*\b(environ|getenv)\b")
    found = [s.name for s in RECON if reads.search(s.text) and s.name != "recon.settings"]
    assert found == []


MUTABLE = (ast.List, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp)
MUTABLE_CALLS = {"dict", "list", "set", "defaultdict", "deque", "Counter", "OrderedDict"}


def _is_mutable(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id in MUTABLE_CALLS
    return isinstance(value, MUTABLE)


def _is_constant(node: ast.Assign | ast.AnnAssign) -> bool:
    """Written in capitals, or `__all__`: said to be constant, and so never changed."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = [t.id for t in targets if isinstance(t, ast.Name)]
    return all(n.isupper() or n == "__all__" for n in names)


def test_modules_hold_no_mutable_state() -> None:
    found = [
        (source.name, node.lineno)
        for source in RECON
        for node in source.tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and _is_mutable(node.value)
        and not _is_constant(node)
    ]
    found += [
        (source.name, node.lineno)
        for source in RECON
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Global)
    ]
    assert found == []


def test_constants_are_not_changed() -> None:
    """`NAME.append(…)`, `NAME[…] = …` on a name in capitals changes what was said constant."""
    change = re.compile(
        r"^\s*_?[A-Z][A-Z0-9_]{2,}"
        r"(\.(append|extend|add|update|pop|clear|insert)\(|\[[^\]]*\] \+?= )",
        re.MULTILINE,
    )
    assert [s.name for s in RECON if change.search(s.text)] == []


NOT_OURS = (
    (re.compile(r"(?<![\w.])/(?:home|root|work|Users)/\w"), "a machine path"),
    (re.compile(r"[A-Z]:\\\\?(?:Users|work)\\", re.IGNORECASE), "a machine path"),
    (re.compile("py" + r"pi\.org|python" + r"hosted|npm" + r"js\.|deb\.deb" + "ian"), "a registry"),
)


@pytest.mark.parametrize("kind", ["a machine path", "a registry"])
def test_tracked_files_name_no_machine_path_or_registry(kind: str) -> None:
    found = [
        (str(path.relative_to(house.ROOT)), match.group())
        for path in house.tracked()
        for pattern, what in NOT_OURS
        if what == kind and (match := pattern.search(_text(path.read_bytes())))
    ]
    assert found == []


def _text(data: bytes) -> str:
    return "" if b"\0" in data else data.decode("utf-8", "replace")


def test_environment_yml_agrees_with_pyproject() -> None:
    project = tomllib.loads((house.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = yaml.safe_load((house.ROOT / "environment.yml").read_text("utf-8"))
    python, pip, packages = wanted["dependencies"]
    assert wanted["name"] == project["name"]
    assert (python, pip) == (f"python{project['requires-python']}", "pip")
    assert packages == {"pip": ["--constraint requirements.lock", "--editable ."]}


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9._-]", r)[0].lower().replace("_", "-") for r in requirements}


def test_the_lock_holds_every_dependency() -> None:
    project = tomllib.loads((house.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = _names(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        wanted |= _names(extra)
    rows = (house.ROOT / "requirements.lock").read_text("utf-8").splitlines()
    locked = [row for row in rows if row and not row.lstrip().startswith("#")]
    assert [row for row in locked if "==" not in row] == []
    assert wanted - _names(locked) == set()
