"""A report's file: there whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from recon.errors import NotDone


def write_whole(path: Path, fill: Callable[[Path], None]) -> Path:
    """Let `fill` write a draft beside `path` and put it in its place; `NotDone` if that fails."""
    draft = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fill(draft)
        draft.replace(path)
    except OSError as error:
        raise NotDone(
            f"The report cannot be written: {type(error).__name__}",
            where=str(path),
            todo="Close it where it is open, or choose a folder that you may write to",
        ) from None
    finally:
        if draft.is_file():
            draft.unlink()
    return path
