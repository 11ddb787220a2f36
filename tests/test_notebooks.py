"""The notebooks: short cells, no outputs, no secrets; and they run."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from typing import Any

import nbformat
import pytest

from recon import flow, lab, notebook
from recon.errors import Stop, Usage
from recon.shapes import blocking

NAMES = (
    "0_doctor",
    "1_checklist",
    "2_proposals",
    "3_review",
    "4_onboarding",
    "5_sync",
    "6_reconciliation",
)


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def code(name: str) -> list[Any]:
    cells = read(notebook.folder() / f"{name}.ipynb").cells
    return [cell for cell in cells if cell.cell_type == "code"]


def test_the_notebooks_are_numbered_in_the_order_of_the_flow() -> None:
    assert tuple(notebook.names()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_valid_and_has_no_outputs(name: str) -> None:
    path = notebook.folder() / f"{name}.ipynb"
    nbformat.validate(read(path))
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code(name))


@pytest.mark.parametrize("name", NAMES)
def test_cells_have_one_to_three_lines(name: str) -> None:
    assert all(1 <= len(cell.source.splitlines()) <= 3 for cell in code(name))


@pytest.mark.parametrize("name", NAMES)
def test_one_cell_holds_the_parameters(name: str) -> None:
    tagged = [cell for cell in code(name) if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    values: dict[str, object] = {}
    exec(tagged[0].source, values)
    assert values["company"] == ""


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_begins_with_words_for_a_person(name: str) -> None:
    first = read(notebook.folder() / f"{name}.ipynb").cells[0]
    assert first.cell_type == "markdown" and first.source.startswith(f"# {name[0]} · ")


@pytest.mark.parametrize("name", NAMES)
def test_notebooks_call_only_what_is_there(name: str) -> None:
    tree = ast.parse("\n".join(cell.source for cell in code(name)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert _is_there(node.value.id, node.attr), f"{node.value.id}.{node.attr}"


def _is_there(owner: str, name: str) -> bool:
    """Names that are not modules of ours are the cell's own."""
    if owner not in ("flow", "lab", "panels", "show"):
        return True
    return hasattr(importlib.import_module(f"recon.{owner}"), name)


def test_an_unknown_notebook_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="no notebook"):
        notebook.run("../../etc/passwd", tmp_path / "out.ipynb", {})


def _fake(folder: Path, *cells: str) -> None:
    book = read(notebook.folder() / "0_doctor.ipynb")
    kept = [cell for cell in book.cells if cell.cell_type == "code"][: len(cells)]
    for cell, source in zip(kept, cells, strict=True):
        cell.source = source
    book.cells = kept
    nbformat.write(book, folder / "0_doctor.ipynb")  # type: ignore[no-untyped-call]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "kind", "words"),
    [
        ("from recon.errors import Usage; raise Usage('Wrong', todo='Mend')", Usage, "Wrong"),
        ("1 / 0", Stop, "ZeroDivisionError"),
    ],
)
def test_an_error_in_a_cell_is_raised_and_the_copy_kept(
    cell: str, kind: type[Exception], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake(tmp_path, "company = ''", cell)
    monkeypatch.setattr(notebook, "folder", lambda: tmp_path)
    output = tmp_path / "new" / "out.ipynb"
    with pytest.raises(kind, match=words):
        notebook.run("0_doctor", output, {"company": "x.toml"})
    assert 'company = "x.toml"' in output.read_text(encoding="utf-8").replace("\\", "")


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The profile of a small sandbox company."""
    world = pytest.importorskip("recon.sandbox.world", reason="the sandbox is not built yet")
    pytest.importorskip("recon.flow", reason="the flow is not built yet")
    made: Path = world.create(tmp_path_factory.mktemp("company"), 12, 7)
    return made


def outputs(book: Any) -> list[Any]:
    return [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]


@pytest.mark.slow
def test_the_notebooks_run_in_their_order(profile: Path, tmp_path: Path) -> None:
    """One company goes through the whole flow; the plan's checksum is what approves it."""
    approve = ""
    for name in ("0_doctor", "1_checklist", "2_proposals", "3_review", "4_onboarding"):
        done = read(notebook.run(name, tmp_path / f"{name}.ipynb", {"company": str(profile)}))
        assert not [o for o in outputs(done) if o.output_type in ("error", "stream")], name
        if name == "4_onboarding":
            cell = next(c for c in done.cells if c.source == "plan.checksum")
            approve = ast.literal_eval(cell.outputs[0].data["text/plain"])
            assert "not been approved" in str(outputs(done))
    given = {"company": str(profile), "approve": approve}
    with pytest.raises(Stop, match="blockers on the checklist stop the onboarding"):
        notebook.run("4_onboarding", tmp_path / "stopped.ipynb", given)
    with lab.open(str(profile)) as bench:
        flow.waive(bench, blocking(flow.findings(bench)), "made up")
    done = read(notebook.run("4_onboarding", tmp_path / "applied.ipynb", given))
    assert "not been approved" not in str(outputs(done))
    for name in ("5_sync", "6_reconciliation"):
        path = notebook.run(name, tmp_path / f"{name}.ipynb", {"company": str(profile)})
        assert not [o for o in outputs(read(path)) if o.output_type == "error"]
        assert path.stat().st_size < 2_000_000
    _no_secrets(profile.parent, tmp_path)


def _no_secrets(company: Path, notebooks: Path) -> None:
    secrets = [p.read_text(encoding="utf-8").strip() for p in (company / "secrets").iterdir()]
    for path in notebooks.glob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert not [secret for secret in secrets if len(secret) > 8 and secret in text]


@pytest.mark.slow
def test_a_plan_that_nobody_read_is_not_applied(profile: Path, tmp_path: Path) -> None:
    given = {"company": str(profile), "approve": "another checksum"}
    with pytest.raises(Stop, match="checksum"):
        notebook.run("4_onboarding", tmp_path / "refused.ipynb", given)
