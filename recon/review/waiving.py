"""Notebook 1's panel: blockers by check, waived with one's name and a reason, or taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import ipywidgets
from IPython.core.getipython import get_ipython
from markupsafe import escape

from recon import waivers
from recon.displays import Note
from recon.effects import Effects
from recon.entities import ENTITIES
from recon.report.checklist import progress
from recon.report.findings import said_of, status
from recon.report.words import titles
from recon.review.form import Form
from recon.settings import user_name
from recon.shapes import Facts, Finding, blocking
from recon.store import Store
from recon.waivers import Verdict, Wish
from recon.workbench import Workbench

MOST_ROWS = 100
HEAD = "<thead><tr><th>Status</th><th>What is wrong</th><th>Waived by, when, why</th></tr></thead>"
NO_REASON = "Nothing was kept: write your reason first."
NO_ROWS = "Nothing was kept: tick a check first, and see which rows are meant."
CLEAR = "No blockers: nothing on the checklist stops an onboarding."
ELSEWHERE = (
    "Waive them by name and reason here in JupyterLab, by 'recon check --waive', or in the workbook"
    " of 'recon check --out FILE.xlsx'."
)
Check = tuple[str, str]
Titles = dict[Check, str]


@dataclass(slots=True)
class Waiving:
    """A person's words about the blockers of a run; there is no widget in it."""

    store: Store
    blockers: Sequence[Finding]

    def checks(self) -> dict[Check, list[Finding]]:
        """The blockers by check, with what was said of them until now."""
        said, found = waivers.read(self.store), dict[Check, list[Finding]]()
        for one in self.blockers:
            bare = replace(one, status="open", waiver=None)
            found.setdefault((one.entity, one.check), []).append(said.on(bare))
        return found

    def say(self, meant: Sequence[Finding], verdict: Verdict, why: str) -> str:
        """Keep a word about some blockers; what came of it, in a sentence."""
        if verdict == "waived" and not why.strip():
            return NO_REASON
        kept = waivers.keep(self.store, [Wish(one, verdict, why.strip()) for one in meant])
        count = sum(one.state == "kept" for one in kept)
        done = "waived" if verdict == "waived" else "taken back"
        rest = f"; {len(kept) - count} were so before" if count < len(kept) else ""
        return f"{count} {done} by {user_name()}{rest}."

    def summary(self) -> str:
        """How many blockers stand."""
        return _summary([one for rows in self.checks().values() for one in rows])


def _summary(blockers: Sequence[Finding]) -> str:
    stand = len(blocking(blockers))
    return f"{stand} blockers stand and stop an onboarding, {len(blockers) - stand} are waived."


@dataclass(slots=True)
class Panel:
    """The widgets in which a person says it: boxes to tick, fields and buttons, for JupyterLab
    takes a list's arrow keys for its own."""

    waiving: Waiving
    titles: Titles
    zone: str
    boxes: dict[Check, Any] = field(default_factory=dict)
    words: Any = field(default_factory=lambda: _text("Only rows with", "words; empty means all"))
    why: Any = field(default_factory=lambda: _text("Reason", "why it may go live all the same"))
    waive: Any = field(default_factory=lambda: _button("Waive with my name", "warning"))
    back: Any = field(default_factory=lambda: _button("Take back", ""))
    told: Any = field(default_factory=ipywidgets.HTML)
    shown: Any = field(default_factory=ipywidgets.HTML)

    def made(self) -> Form:
        """The panel as it is shown."""
        self.boxes = {check: _box() for check in self.waiving.checks()}
        for control in (*self.boxes.values(), self.words):
            control.observe(lambda _: self._show(), "value")
        self.waive.on_click(lambda _: self._say("waived"))
        self.back.on_click(lambda _: self._say("open"))
        self._show()
        self._tell(self.waiving.summary())
        buttons = ipywidgets.HBox([self.waive, self.back])
        fields = [self.words, self.why, buttons, self.shown]
        return Form([self.told, *self.boxes.values(), *fields])

    def meant(self) -> list[Finding]:
        """The rows of the ticked checks that hold all the words."""
        wanted = self.words.value.casefold().split()
        return [
            one
            for check, rows in self.waiving.checks().items()
            if self.boxes[check].value
            for one in rows
            if all(word in f"{one.key} {one.text}".casefold() for word in wanted)
        ]

    def _say(self, verdict: Verdict) -> None:
        meant = self.meant()
        told = self.waiving.say(meant, verdict, self.why.value) if meant else NO_ROWS
        self._show()
        self._tell(f"{told} {self.waiving.summary()}")

    def _show(self) -> None:
        for check, found in self.waiving.checks().items():
            stand = len(blocking(found))
            state = f"{stand} of {len(found)} stand" if stand else f"all {len(found)} waived"
            self.boxes[check].description = f"{state} · {self.titles.get(check, '/'.join(check))}"
        self.shown.value = self._table(self.meant())

    def _table(self, meant: Sequence[Finding]) -> str:
        rows = "".join(self._row(one) for one in meant[:MOST_ROWS])
        more = len(meant) - MOST_ROWS
        rest = f"<p>and {more:,} more, which are meant, too</p>" if more > 0 else ""
        table = f"<table>{HEAD}<tbody>{rows}</tbody></table>" if rows else ""
        return f"<p>{len(meant):,} rows are meant.</p>{table}{rest}"

    def _row(self, one: Finding) -> str:
        cells = (status(one), one.text, said_of(one, self.zone))
        return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"

    def _tell(self, text: str) -> None:
        self.told.value = f'<p role="status">{escape(text)}</p>'


def _box() -> Any:
    return ipywidgets.Checkbox(indent=False, layout=ipywidgets.Layout(width="100%"))


def _text(title: str, hint: str) -> Any:
    return ipywidgets.Text(
        description=title,
        placeholder=hint,
        continuous_update=False,
        layout=ipywidgets.Layout(width="100%"),
        style={"description_width": "8em"},
    )


def _button(title: str, style: str) -> Any:
    wide = ipywidgets.Layout(width="auto")
    return ipywidgets.Button(description=title, button_style=style, layout=wide)


def panel(bench: Workbench, facts: Facts) -> Form | Note:
    """Where to waive a run's blockers, which stays usable when the bench is closed; a sentence
    where there are none, or where nobody sits at the notebook."""
    blockers = [one for one in facts.findings if one.severity == "blocker"]
    line = " ".join(f"{text}." for text in progress(facts))
    if not blockers:
        return Note(f"{line} {CLEAR}")
    if not attended():
        return Note(f"{line} {_summary(blockers)} {ELSEWHERE}")
    profile = bench.profile
    waiving = Waiving(Store(profile.store_url(), profile.company.name, Effects()), blockers)
    named = titles(ENTITIES)
    known = {
        (f.entity, f.check): f"{named[f.entity]}: {named.get(f'check:{f.entity}.{f.check}')}"
        for f in blockers
    }
    shown = Panel(waiving, known, facts.timezone).made()
    return Form([ipywidgets.HTML(f"<p>{escape(line)}</p>"), shown])


def attended() -> bool:
    """Whether a person may answer this notebook: a program that executes one takes no input, and
    what it leaves should hold no buttons that lead nowhere."""
    kernel = getattr(get_ipython(), "kernel", None)
    return bool(getattr(kernel, "_allow_stdin", True))
