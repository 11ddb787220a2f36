"""Notebook 1's panel: blockers by check, waived with one's name and a reason, or taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import ipywidgets
from IPython.core.getipython import get_ipython
from markupsafe import escape

from recon import waivers
from recon.effects import Effects
from recon.entities import ENTITIES
from recon.report.checklist import progress
from recon.report.findings import said_of, status
from recon.report.words import titles
from recon.settings import user_name
from recon.shapes import Facts, Finding, blocking
from recon.show import Note
from recon.store import Store
from recon.waivers import Verdict, Wish
from recon.workbench import Workbench

MOST_ROWS = 500
NO_REASON = "Nothing was kept: write your reason first."
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
    """The widgets in which a person says it: plain form controls, each reached by Tab."""

    waiving: Waiving
    titles: Titles
    zone: str
    check: Any = field(default_factory=lambda: _field(ipywidgets.Select, "Check", rows=6))
    rows: Any = field(default_factory=lambda: _field(ipywidgets.SelectMultiple, "Rows", rows=8))
    why: Any = field(default_factory=lambda: _field(ipywidgets.Text, "Reason"))
    waive: Any = field(default_factory=lambda: _button("Waive with my name", "warning"))
    back: Any = field(default_factory=lambda: _button("Take back", ""))
    told: Any = field(default_factory=ipywidgets.HTML)

    def made(self) -> ipywidgets.VBox:
        """The panel as it is shown."""
        self.waive.on_click(lambda _: self._say("waived"))
        self.back.on_click(lambda _: self._say("open"))
        self.check.observe(lambda _: self._show_rows(), "value")
        self._show_checks()
        self._tell(self.waiving.summary())
        hint = "Choose a check; choose rows (Ctrl or Shift for several), or none to mean all."
        buttons = ipywidgets.HBox([self.waive, self.back])
        parts = [self.told, ipywidgets.Label(hint), self.check, self.rows, self.why, buttons]
        return ipywidgets.VBox(parts)

    def _say(self, verdict: Verdict) -> None:
        found = self._found()
        meant = [found[at] for at in self.rows.value] or found
        told = self.waiving.say(meant, verdict, self.why.value)
        if told != NO_REASON:
            self._show_checks()
        self._tell(f"{told} {self.waiving.summary()}")

    def _found(self) -> list[Finding]:
        return self.waiving.checks().get(self.check.value, [])

    def _show_checks(self) -> None:
        chosen = self.check.value
        found = self.waiving.checks()
        self.check.options = [(self._check_line(*item), item[0]) for item in found.items()]
        self.check.value = chosen if chosen in found else next(iter(found))
        self._show_rows()

    def _check_line(self, check: Check, found: Sequence[Finding]) -> str:
        stand = len(blocking(found))
        state = f"{stand} of {len(found)} stand" if stand else f"all {len(found)} waived"
        return f"{state} · {self.titles.get(check, '/'.join(check))}"

    def _show_rows(self) -> None:
        found = self._found()
        self.rows.options = [(self._row_line(one), at) for at, one in enumerate(found[:MOST_ROWS])]
        self.rows.value = ()

    def _row_line(self, one: Finding) -> str:
        said = said_of(one, self.zone)
        return f"{status(one)} · {one.text}" + (f" · {said}" if said else "")

    def _tell(self, text: str) -> None:
        self.told.value = f'<p role="status">{escape(text)}</p>'


def _field(kind: Any, title: str, **more: Any) -> Any:
    wide = ipywidgets.Layout(width="100%")
    return kind(description=title, layout=wide, **more)


def _button(title: str, style: str) -> Any:
    wide = ipywidgets.Layout(width="auto")
    return ipywidgets.Button(description=title, button_style=style, layout=wide)


def panel(bench: Workbench, facts: Facts) -> ipywidgets.VBox | Note:
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
    return ipywidgets.VBox([ipywidgets.HTML(f"<p>{escape(line)}</p>"), shown])


def attended() -> bool:
    """Whether a person may answer this notebook: a program that executes one takes no input, and
    what it leaves should hold no buttons that lead nowhere."""
    kernel = getattr(get_ipython(), "kernel", None)
    return bool(getattr(kernel, "_allow_stdin", True))
