"""What people read, always on stderr: tables and bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from recon.doctor.verdict import Verdict
    from recon.report.shapes import Document
    from recon.shapes import Facts, Plan
    from recon.worklists import Count, Duplicate, Twin

MOST_ROWS = 40
# What could move the cursor, forge a line, or turn the reading direction of a terminal.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
Cells = Sequence[object]


class Screen:
    """Writes to stderr; knows whether a person sits there."""

    def __init__(self) -> None:
        self._console: Console | None = None

    @property
    def console(self) -> Console:
        from rich.console import Console

        if self._console is None:
            self._console = Console(stderr=True, highlight=False)
        return self._console

    @property
    def is_terminal(self) -> bool:
        return sys.stderr.isatty()

    def say(self, text: str) -> None:
        """One line; what in it is no visible sign becomes a space."""
        print(UNSEEN.sub(" ", text), file=sys.stderr, flush=True)

    def heading(self, company: str, *, sandbox: bool) -> None:
        """Whose data these are; a sandbox is always said to be one."""
        self.say(f"{company} - SANDBOX, no real data" if sandbox else company)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Cells]) -> None:
        """A titled table; nothing where it has no rows, and at most MOST_ROWS of them."""
        if not rows:
            return
        shown = [[_word(cell) for cell in row] for row in rows[:MOST_ROWS]]
        draw = self._drawn if self.is_terminal else self._plain
        draw(title, columns, shown)
        if len(rows) > MOST_ROWS:
            self.say(f"… and {len(rows) - MOST_ROWS} more")

    def _drawn(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        from rich.table import Table
        from rich.text import Text

        table = Table(title=Text(title), title_justify="left")
        for column in columns:
            table.add_column(Text(column), overflow="fold")
        for row in rows:
            table.add_row(*(Text(UNSEEN.sub(" ", cell)) for cell in row))
        self.console.print(table)

    def _plain(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.say(f"{title}:")
        for row in rows:
            pairs = zip(columns, row, strict=True)
            self.say("  " + "; ".join(f"{column} {cell}" for column, cell in pairs if cell))

    def rows(self, title: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Rows of one shape as a table, or that there are none."""
        if not rows:
            self.say(f"{title}: none")
            return
        columns = list(rows[0])
        self.table(title, columns, [[row.get(column) for column in columns] for row in rows])


def _word(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, Mapping):
        return ", ".join(f"{key} {_word(value)}" for key, value in cell.items())
    if isinstance(cell, list | tuple):
        return ", ".join(_word(item) for item in cell)
    return str(cell)


def facts(screen: Screen, found: Facts) -> None:
    """A run: outcomes per entity and side, what was found and done, and what needs a person."""
    states = Counter((o.entity, o.side, o.state) for o in found.outcomes)
    rows = [(entity, side, state, count) for (entity, side, state), count in sorted(states.items())]
    screen.table("Outcomes", ("entity", "side", "outcome", "records"), rows)
    findings(screen, found)
    proposals(screen, found)
    done = Counter((op.entity, op.system, op.kind, state) for op, state, _ in found.operations)
    screen.table(
        "Operations",
        ("entity", "in", "kind", "state", "count"),
        [(*what, count) for what, count in sorted(done.items())],
    )
    ending(screen, found)


def findings(screen: Screen, found: Facts) -> None:
    """The checklist: one line per check."""
    checks = Counter((f.severity, f.entity, f.check, f.where_to_fix) for f in found.findings)
    columns = ("severity", "entity", "check", "where to fix", "records")
    screen.table("Checklist", columns, [(*what, count) for what, count in sorted(checks.items())])


def checklist(screen: Screen, found: Facts) -> None:
    """What stands in the way of an onboarding, what was waived by whom and why, the progress."""
    from recon.report.checklist import progress, said_of
    from recon.shapes import blocking

    rows = [("/".join(f.spot).rstrip("/"), f.text) for f in blocking(found.findings)]
    screen.table("Blockers that stand", ("what", "found"), rows)
    waived = [f for f in found.findings if f.waiver]
    words = Counter((f.entity, f.check, f.status, said_of(f, found.timezone)) for f in waived)
    told = [(*what, count) for what, count in sorted(words.items()) if what[3]]
    screen.table("Waived", ("entity", "check", "now", "waived by", "records"), told)
    for line in progress(found):
        screen.say(line)


def proposals(screen: Screen, found: Facts) -> None:
    """The pairs that a person is asked about, the surest first."""
    ordered = sorted(found.proposals, key=lambda p: (-p.score, p.entity, p.global_key))
    rows = [
        (p.entity, p.global_key, p.severa_guid, p.band, f"{p.score:.2f}", p.evidence)
        for p in ordered
    ]
    columns = ("entity", "Visma Global", "Severa", "band", "score", "evidence")
    screen.table("Proposals", columns, rows)


def counts(screen: Screen, found: Sequence[Count]) -> None:
    """Records per type."""
    titles = ("entity", "in", "by", "type", "name", "active", "inactive", "linked", "transfers")
    rows = [
        (c.entity, c.side, c.by, c.key, c.name, c.active, c.inactive, c.linked, c.transfers)
        for c in found
    ]
    screen.table("Counts per type", titles, rows)


def duplicates(screen: Screen, found: Sequence[Duplicate]) -> None:
    """Groups of records of one system that may be the same, a row each."""
    titles = ("group", "band", "entity", "in", "key", "number", "name", "why")
    rows = [
        (at, one.band, one.entity, one.side, *_twin(twin), "; ".join(one.reasons))
        for at, one in enumerate(found, 1)
        for twin in one.records
    ]
    screen.table("Duplicates inside one system, never merged by recon", titles, rows)
    screen.say(f"{len(found)} groups may be duplicates")


def _twin(twin: Twin) -> tuple[str, str, str]:
    return (twin.key, twin.number, twin.name)


def ending(screen: Screen, found: Facts) -> None:
    """The run in a sentence, and what a person must do."""
    calls = sum(found.calls.values())
    screen.say(
        f"Run {found.run}: {found.command}, {found.seconds:.1f} s, "
        f"{calls} calls to Severa (at least {found.least} were needed)"
    )
    for need in found.needs_person:
        screen.say(f"Needs a person: {need}")
    if found.error:
        screen.say(found.error)


def plan(screen: Screen, planned: Plan) -> None:
    """What would be done, and the checksum that allows just that."""
    counts = Counter((o.entity, o.system, o.kind) for o in planned.operations)
    screen.table(
        "Would be done",
        ("entity", "in", "kind", "count"),
        [(*what, count) for what, count in sorted(counts.items())],
    )
    screen.table(
        "Differences",
        ("entity", "record", "field", "kind", "Visma Global", "Severa"),
        [
            (d.entity, d.name, d.field, d.kind, d.global_value, d.severa_value)
            for d in planned.differences
        ],
    )
    licences(screen, planned)
    screen.say(f"{len(planned.operations)} operations; checksum {planned.checksum}")


def licences(screen: Screen, planned: Plan) -> None:
    """What new records cost in Severa: how many of which type, and whether that is approved."""
    costs = Counter((o.costs, o.state == "created") for o in planned.outcomes if o.costs)
    for (cost, approved), count in sorted(costs.items()):
        word = "approved" if approved else f"not approved: held without --licences {count}"
        screen.say(f"New in Severa: {count} × {cost} ({word})")


def verdicts(screen: Screen, found: Sequence[Verdict]) -> None:
    """The doctor's answers, a line each, with what to do below those that are not well."""
    marks = {"ok": "ok     ", "warning": "to know", "failed": "TO MEND"}
    for verdict in found:
        screen.say(f"{marks[verdict.ok]}  {verdict.name}: {verdict.text}")
        if verdict.todo:
            screen.say(f"         -> {verdict.todo}")
    counts = Counter(verdict.ok for verdict in found)
    screen.say(
        f"{len(found)} answers: {counts['ok']} well, {counts['warning']} to know, "
        f"{counts['failed']} to mend"
    )


def document(screen: Screen, found: Document) -> None:
    """A page as lines and tables; its cells are as the page has them."""
    from recon.report.html import cell

    for line in found.summary:
        screen.say(f"{line.label}: {cell(line.value)}")
    for sheet in found.sheets:
        titles = [column.title for column in sheet.columns]
        rows = [[cell(value) for value in row] for row in sheet.rows]
        screen.table(sheet.title, titles, rows)
