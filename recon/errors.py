"""Every error of the workbench, grouped by what the caller does about it.

Each says what happened, where, and what to do; `str(error)` is that one sentence.
"""

from __future__ import annotations


class ReconError(Exception):
    """Something went wrong that a person can understand: what, where, what to do."""

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what, where, todo)
        self.what, self.where, self.todo = what, where, todo

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        advice = f". {self.todo}" if self.todo else ""
        return f"{self.what.rstrip('.')}{place}{advice}"

    def _render_traceback_(self) -> list[str]:
        """In a notebook the sentence is enough: a controller reads no traceback."""
        return [str(self)]


class NotDone(ReconError):
    """The effect certainly did not happen; it may be tried again."""


class Unknown(ReconError):
    """The effect may or may not have happened: look before trying again."""


class Changed(ReconError):
    """Target or source is no longer as planned: plan this record anew."""


class Refused(ReconError):
    """This one record is refused; the others go on. `fields` names the fields at fault."""

    def __init__(
        self, what: str, *, where: str = "", todo: str = "", fields: tuple[str, ...] = ()
    ) -> None:
        super().__init__(what, where=where, todo=todo)
        self.fields = fields


class Stop(ReconError):
    """The run cannot go on: not reachable, no right, lock held, safety limit (exit 3)."""


class Unticked(Stop):
    """Severa gives no token for the scopes asked for; it may give one for fewer."""


class Usage(ReconError):
    """Wrong usage or settings (exit 2)."""


class Busy(Stop):
    """Another run of this company holds the lease."""


class Unsafe(Stop):
    """A safety limit forbids the plan; `limits` names those that `--force` could pass."""

    def __init__(
        self, what: str, *, where: str = "", todo: str = "", limits: tuple[str, ...] = ()
    ) -> None:
        super().__init__(what, where=where, todo=todo)
        self.limits = limits
