"""The answer to one question of the doctor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from recon.errors import ReconError


@dataclass(frozen=True, slots=True)
class Verdict:
    """`name` is the question, `text` what was found; `todo` is '' only where all is well."""

    name: str
    ok: Literal["ok", "warning", "failed"]
    text: str
    todo: str = ""

    @property
    def passed(self) -> bool:
        """Whether work can go on."""
        return self.ok != "failed"


def fine(name: str, text: str) -> Verdict:
    """All is well."""
    return Verdict(name, "ok", text)


def warning(name: str, text: str, todo: str) -> Verdict:
    """Work can go on, but a person should know."""
    return Verdict(name, "warning", text, todo)


def failed(name: str, text: str, todo: str) -> Verdict:
    """Work cannot go on, or would go wrong."""
    return Verdict(name, "failed", text, todo)


def asked(name: str, check: Callable[[str], Iterable[Verdict]]) -> Iterator[Verdict]:
    """The verdicts of one check; whatever it raises becomes a failed one."""
    try:
        yield from check(name)
    except ReconError as error:
        where = f" ({error.where})" if error.where else ""
        todo = error.todo or "Report this with the text above"
        yield failed(name, f"{error.what.rstrip('.')}{where}", todo)
    except Exception as error:  # a doctor who falls ill helps nobody
        text = f"The answer was not understood ({type(error).__name__})"
        yield failed(name, text, "Report this; the other answers still hold")
