"""What is left of a fault of our own: one sentence, and a file without anyone's data."""

from __future__ import annotations

import tempfile
import traceback
from datetime import datetime
from pathlib import Path


def report(error: BaseException, folder: Path | None) -> str:
    """Write where it broke into a file, and say so in one sentence."""
    kind = type(error).__name__
    path = _write(described(error), folder)
    place = f"; where it broke is written in {path}" if path else ""
    return (
        f"Something unexpected went wrong ({kind}){place}. "
        "What was done is in the journal: run again, and send that file if it happens again"
    )


def described(error: BaseException) -> str:
    """The chain of errors: types and lines of code. Their messages may quote a row, an address or
    a secret, and are left out."""
    parts: list[str] = []
    step: BaseException | None = error
    while step is not None:
        frames = traceback.format_list(traceback.extract_tb(step.__traceback__))
        parts.append(f"{type(step).__name__}\n{''.join(frames)}")
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)
    return "\ncaused by\n".join(parts)


def _write(text: str, folder: Path | None) -> Path | None:
    name = f"error-{datetime.now():%Y%m%d-%H%M%S-%f}.txt"
    for place in (folder, Path(tempfile.gettempdir())):
        try:
            if place:
                place.mkdir(parents=True, exist_ok=True)
                (place / name).write_text(text, encoding="utf-8")
                return place / name
        except OSError:
            continue
    return None
