"""The shapes of the checklist: what a check found, what a person said of it, and the progress."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["blocker", "warning", "info"]
Place = Literal["global", "severa", "both"]
Status = Literal["open", "waived", "asked again"]
End = tuple[Literal["global", "severa"], str]
Line = tuple[Place, str, str] | tuple[Place, str, str, tuple[End, ...]]
"""What a check yields: system, key, text, and the other records that it concerns, if any."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A person's word about one finding: `waived`, or `open` for one taken back.

    It counts as long as the finding still has the fingerprint that the person saw. `id` is the
    store's own.
    """

    entity: str
    check: str
    system: str
    key: str
    verdict: Literal["waived", "open"]
    who: str
    when: str
    why: str
    fingerprint: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the checklist about one record (or, with an empty key, about the whole).

    `others` are the records beside which it stands: its twins, or its rival in the other system.
    `since` is when it was first seen, `new` that the last check did not see it, `gone` when a check
    first missed it. `waiver` is the newest word about it; `asked
    again` is a finding whose words changed after it was waived.
    """

    check: str
    entity: str
    severity: Severity
    system: Place
    key: str
    text: str
    where_to_fix: str = ""
    others: tuple[End, ...] = ()
    status: Status = "open"
    waiver: Waiver | None = None
    since: str = ""
    new: bool = False
    gone: str = ""

    @property
    def spot(self) -> tuple[str, str, str, str]:
        """Which record of which check it is about."""
        return (self.entity, self.check, self.system, self.key)


@dataclass(frozen=True, slots=True)
class Progress:
    """The checklist beside the last check of the same company: `before` is when that was ('' where
    there was none), `fixed` counts what is gone since."""

    before: str
    new: int
    fixed: int
    waived: int
    blockers: int


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The blockers that nobody waived."""
    return tuple(f for f in findings if f.severity == "blocker" and f.status != "waived")
