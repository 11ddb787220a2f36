"""Runs a numbered notebook from its first cell to its last, and keeps it as a record."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from pathlib import Path

from recon import errors
from recon.errors import ReconError, Stop, Usage

# Over a file that only we can read; Windows has TCP alone.
TRANSPORT = "tcp" if os.name == "nt" else "ipc"
Parameter = str | int | float | bool | None


def folder() -> Path:
    """Where the notebooks lie: inside the wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "notebooks"
    return inside if inside.is_dir() else package.parent / "notebooks"


def names() -> list[str]:
    """The notebooks in their order, such as `0_doctor`."""
    return sorted(path.stem for path in folder().glob("[0-9]_*.ipynb"))


def run(name: str, output: Path, parameters: Mapping[str, Parameter]) -> Path:
    """Execute a notebook and return the executed copy; cells are never tried again.

    Parameters are written into the copy in clear: names and paths, never a secret. An error of
    ours in a cell is raised here as the same error; the copy then shows how far it came.
    """
    if name not in names():
        raise Usage(f"There is no notebook {name[:40]!r}", todo=f"Choose from {', '.join(names())}")
    output.parent.mkdir(parents=True, exist_ok=True)
    _execute(folder() / f"{name}.ipynb", output, parameters)
    return output


def _execute(source: Path, output: Path, parameters: Mapping[str, Parameter]) -> None:
    from traitlets.config import Config

    with warnings.catch_warnings():
        # papermill and what it stands on use calls that Python has marked as going away
        warnings.simplefilter("ignore", DeprecationWarning)
        import papermill
        from papermill.exceptions import PapermillExecutionError

        try:
            papermill.execute_notebook(
                str(source),
                str(output),
                parameters=dict(parameters),
                kernel_name="python3",
                progress_bar=False,
                config=Config({"KernelManager": {"transport": TRANSPORT}}),
            )
        except PapermillExecutionError as error:
            raise _ours(error.ename, error.evalue, output) from None


def _ours(name: str, text: str, output: Path) -> ReconError:
    known = getattr(errors, name, None)
    if isinstance(known, type) and issubclass(known, ReconError):
        return known(text)
    return Stop(
        f"The notebook stopped: {name}",
        where=str(output),
        todo="Open it and look at its last cell",
    )
