"""Faults at the nth call of the sandbox's Severa server, as rules."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

Action = Literal["kill", "lose", "cut", "html", "status", "delay", "huge"]
When = Literal["before", "after", "mid"]
HUGE = 10_000_000


class Rule(BaseModel):
    """One fault of the server: at the `at`th matching call (from 1), `times` calls on end.

    kill: end process `pid`, then close the connection. lose: close it without an answer (mid:
    half-way through). cut: answer half of the JSON as if it were all. html: answer a web page.
    status: answer `status`. delay: wait `seconds`. huge: a name of 10 MB in the answer.
    `when` is relative to the effect; `path` is a pattern searched in the path from /v1 on.
    """

    model_config = ConfigDict(extra="forbid")
    action: Action
    when: When = "after"
    at: int = Field(default=1, ge=1)
    times: int = Field(default=1, ge=1)
    methods: list[str] = Field(default_factory=list)
    path: str = ""
    pid: int | None = None
    status: int = Field(default=503, ge=400, le=599)
    seconds: float = Field(default=1.0, ge=0)
    _seen: int = PrivateAttr(default=0)

    @property
    def seen(self) -> int:
        """How many calls have matched so far."""
        return self._seen

    def hit(self, method: str, path: str) -> bool:
        """Whether the fault happens at this call; counts the call if it matches."""
        if self.methods and method.upper() not in {one.upper() for one in self.methods}:
            return False
        if self.path and not re.search(self.path, path):
            return False
        self._seen += 1
        return self.at <= self._seen < self.at + self.times


def rules(plain: object) -> list[Rule]:
    """Rules from JSON-able data; ValueError says what is wrong with which."""
    if not isinstance(plain, list):
        raise ValueError("The faults must be a list of rules")
    found = [Rule.model_validate(one) for one in plain]
    for rule in found:
        try:
            re.compile(rule.path)
        except re.error as error:
            raise ValueError(f"The path is no pattern: {error}") from None
        if rule.action == "kill" and rule.pid is None:
            raise ValueError("A kill needs a pid")
    return found


def hit(known: Iterable[Rule], method: str, path: str) -> Rule | None:
    """The first rule that happens at this call; every rule counts it."""
    hits = [rule for rule in known if rule.hit(method, path)]
    return hits[0] if hits else None


def kill(pid: int) -> None:
    """End a process at once, without letting it clean up; a process that is gone is no error."""
    hard = getattr(signal, "SIGKILL", signal.SIGTERM)
    try:
        os.kill(pid, hard)
    except (ProcessLookupError, PermissionError):
        return


def huge(value: Any) -> Any:
    """The same JSON with its first name 10 MB long."""
    if isinstance(value, list) and value:
        return [huge(value[0]), *value[1:]]
    if isinstance(value, dict) and "name" in value:
        return value | {"name": "x" * HUGE}
    return value
