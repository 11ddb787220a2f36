"""What notebooks show of the worklists: counts per type with a panel for the answers, duplicates.

A panel needs a running kernel; without one its table of today stands in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from recon import choices
from recon.choices import Answers, Choice
from recon.displays import Table
from recon.errors import ReconError
from recon.report import worklists
from recon.review.waiving import attended
from recon.settings import Profile
from recon.shapes import Facts
from recon.show import named
from recon.spec import Context
from recon.workbench import Workbench
from recon.worklists import Count

ALL = "All rows stand in the checklist workbook: run 'recon report'."


def types(facts: Facts) -> Table:
    """How many records there are of each type, and whether they transfer today."""
    return Table(worklists.counts(facts, named(facts)), ALL, most=100)


def duplicates(facts: Facts) -> Table:
    """Records of one system that may be one and the same."""
    return Table(worklists.duplicates(facts, named(facts)), ALL, most=40)


def transfer(facts: Facts, bench: Workbench) -> Panel:
    """The panel in which a person says which types transfer; the bench that was checked may be
    closed."""
    there = {entity.name for entity in bench.running}
    return Panel(bench.profile, bench.context, facts.counts, tuple(sorted(there)))


@dataclass(slots=True)
class Panel:
    """One box per question: which way, and a tick per type with its count; then what would change,
    and Save."""

    profile: Profile
    context: Context
    counts: Sequence[Count]
    there: tuple[str, ...]
    boxes: dict[str, _Box] = field(default_factory=dict)

    def answers(self) -> Answers:
        """What the ticks say beyond what the profile says."""
        found: Answers = {}
        for box in self.boxes.values():
            found |= box.answers(self.profile)
        return found

    def told(self) -> str:
        """What would change."""
        given = self.answers()
        if not given:
            return "As in the profile."
        then = choices.changed(self.profile, given)
        lines = choices.told(choices.effects(self.context, then, self.there))
        return " ".join(f"{line.rstrip('.')}." for line in (*lines, choices.STAYS))

    def save(self) -> str:
        """Write the answers into the profile."""
        given = self.answers()
        if not given:
            return "Nothing to save: the profile says just this."
        kept = choices.save(self.profile.path, given)
        self.profile = choices.reread(self.profile)
        return f"Saved; as it was: {kept.name}. Run this notebook again to see what it changes."

    def widget(self) -> Any:
        """The panel as a widget."""
        import ipywidgets

        said = ipywidgets.HTML()
        show = _safely(self.told, said)
        self.boxes = {
            choice.entity: _Box(choice, self._of(choice), self.profile, show)
            for choice in choices.CHOICES
            if choice.entity in self.there
        }
        button = ipywidgets.Button(description="Save", button_style="primary")
        button.on_click(_safely(self.save, said))
        show()
        return ipywidgets.VBox([*(box.widget for box in self.boxes.values()), said, button])

    def _of(self, choice: Choice) -> list[Count]:
        found = [one for one in self.counts if one.entity == choice.entity]
        return [one for one in found if one.setting] if choice.setting else found

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, Any]:
        from html import escape

        bundle: dict[str, Any] = {}
        if attended():
            bundle |= self.widget()._repr_mimebundle_()
        rows = [f"<li>{escape(_label(one))}</li>" for one in self.counts if one.transfers]
        note = (
            "The panel for the answers needs a running kernel; 'recon transfer' does the same. As"
            " of now these transfer:"
        )
        bundle["text/html"] = f"<p>{note}</p><ul>{''.join(rows)}</ul>"
        bundle["text/plain"] = note
        return bundle


class _Box:
    """One question: its direction, and a tick per type."""

    def __init__(
        self, choice: Choice, found: Sequence[Count], profile: Profile, changed: Callable[..., None]
    ) -> None:
        import ipywidgets

        self._choice, self._found = choice, found
        # JupyterLab takes the arrow keys of a list for its own; Tab and Space reach every button.
        self._way = ipywidgets.ToggleButtons(
            options=[(words, way) for way, words in choices.WAYS.items()],
            value=profile.transfer.direction(choice.entity),
            description=choice.question,
            style={"description_width": "initial", "button_width": "auto"},
        )
        chosen = self._chosen(profile)
        self._ticks = [
            ipywidgets.Checkbox(
                value=not chosen or int(one.key) in chosen,
                description=_label(one),
                indent=False,
                layout={"width": "auto"},
            )
            for one in (found if choice.setting else [])
        ]
        told = [ipywidgets.Label(_label(one)) for one in (() if choice.setting else found)]
        for one in (self._way, *self._ticks):
            one.observe(changed, "value")
        self.widget = ipywidgets.VBox([self._way, *self._ticks, *told])

    def _chosen(self, profile: Profile) -> list[int]:
        """The types that the profile names; none: all."""
        found: list[int] = getattr(profile.transfer, self._choice.setting or "-", [])
        return found

    def answers(self, profile: Profile) -> Answers:
        """What is ticked, where the profile says otherwise."""
        found: Answers = {}
        if self._way.value != profile.transfer.direction(self._choice.entity):
            found |= choices.way(self._choice.entity, self._way.value)
        ticked = [int(c.key) for c, t in zip(self._found, self._ticks, strict=False) if t.value]
        every = len(ticked) == len(self._ticks)
        if self._ticks and not ticked:
            raise choices.nothing(self._choice)
        known = self._chosen(profile)
        if self._ticks and sorted(known) != ([] if every else ticked) and not (every and not known):
            found["transfer", self._choice.setting] = [] if every else ticked
        return found


def _label(one: Count) -> str:
    parts = (one.by, one.key if one.setting else "", one.name)
    inactive = f", {one.inactive} inactive" if one.inactive else ""
    linked = f", {one.linked} linked" if one.linked else ""
    return f"{' '.join(part for part in parts if part)}: {one.active} active{inactive}{linked}"


def _safely(tell: Callable[[], str], said: Any) -> Callable[..., None]:
    """Show what a function says, or the error of ours that stopped it."""

    def show(*_event: Any) -> None:
        from html import escape

        try:
            said.value = f"<p>{escape(tell())}</p>"
        except ReconError as error:
            said.value = f"<p><strong>{escape(str(error))}</strong></p>"

    return show
