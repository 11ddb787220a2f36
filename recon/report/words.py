"""The words of the reports: titles, states and what they mean, values as a person reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from recon.report.shapes import Cell, Line, Names, Tone
from recon.shapes import SIDES, Facts, Operation, Outcome, Side, State, other
from recon.spec import Entity

NO_NAMES: Names = {}

SYSTEMS: Mapping[str, str] = {
    "global": "Visma Global",
    "severa": "Visma Severa",
    "both": "Both systems",
}

STATES: Mapping[State, str] = {
    "created": "was made new in the other system",
    "updated": "an edit was carried over to the other system",
    "linked": "was found in both systems and connected",
    "unchanged": "is in both systems and nothing changed",
    "initial difference": "was connected, but the two systems already differed in a field",
    "drift": "was edited in the system that does not own the field; not carried over",
    "conflict": "was edited differently in both systems",
    "held": "is not created until a person has decided whether it already exists",
    "waiting": "waits for another record, such as its customer",
    "out of scope": "does not transfer by the rules of the profile",
    "refused": "could not be written; it is tried again in the next run",
    "parked": "failed too often; it is left alone until a person releases it",
    "unknown": "an answer was lost; it is looked up before anything is sent again",
    "vanished": "was there in earlier runs and is no longer found",
    "unreadable": "holds data that cannot be read",
}

WRITES = ("sync", "onboard", "apply")

DONE: Mapping[State, str] = {
    "created": "new",
    "updated": "equal",
    "linked": "equal",
    "unchanged": "equal",
    "initial difference": "differing",
    "drift": "differing",
    "conflict": "differing",
    "held": "only",
    "waiting": "only",
    "out of scope": "outside",
}

PLANNED: Mapping[State, str] = {
    **DONE,
    "created": "only",
    "updated": "differing",
    "linked": "unlinked",
}

STANDINGS = (
    "In both, equal",
    "In both, differing",
    "In both, not linked",
    "Only in Global",
    "Only in Severa",
    "Out of scope",
    "Unsettled",
)

MEANINGS: Mapping[str, str] = {
    "In both, equal": "linked, and every compared field agrees",
    "In both, differing": "linked, but at least one field differs",
    "In both, not linked": "the same record by the rules, but not connected yet",
    "Only in Global": "in Visma Global alone: to be created, held or waiting",
    "Only in Severa": "in Visma Severa alone: to be created, held or waiting",
    "Out of scope": "in one system alone, and meant to be by the rules of the profile",
    "Unsettled": "refused, parked, unknown, vanished or unreadable: needs a look",
    "blocker": "must be put right before go-live",
    "warning": "should be put right; the work can go on",
    "info": "for your information",
    "sure": "the two are almost certainly the same",
    "likely": "the two are probably the same: please look",
    "possible": "advice only; nothing waits for it",
    "create": "a new record is made in the system named",
    "update": "fields of an existing record are changed",
    "link": "two existing records are connected; no field of theirs changes",
    "because": "the rule or decision that leads to the change",
}

TONES: Mapping[str, Tone] = {
    "created": "good",
    "updated": "good",
    "linked": "good",
    "unchanged": "good",
    "initial difference": "warn",
    "drift": "warn",
    "conflict": "warn",
    "held": "warn",
    "waiting": "warn",
    "refused": "bad",
    "parked": "bad",
    "unknown": "bad",
    "vanished": "bad",
    "unreadable": "bad",
    "blocker": "bad",
    "warning": "warn",
    "sure": "good",
    "likely": "warn",
    "done": "good",
    "yes": "good",
    "no": "bad",
}


def tone(word: Cell) -> Tone:
    """The colour of a word in a toned column; the word before a colon counts."""
    return TONES.get(word.split(":")[0], "") if isinstance(word, str) else ""


def standing_of(state: State, command: str) -> str:
    """Where a record stands after a run of this command; a run that only looked changed nothing."""
    return (DONE if command in WRITES else PLANNED).get(state, "unsettled")


def state_word(state: State, command: str) -> str:
    """A state in words; after a run that only looked, what has not been done is still to be."""
    undone = state in ("created", "updated", "linked") and command not in WRITES
    return f"to be {state}" if undone else state


def titles(entities: Iterable[Entity]) -> Names:
    """The titles that entities give to themselves, their fields and their checks."""
    found: dict[str, str] = {}
    for entity in entities:
        found[entity.name] = entity.title
        found |= {f"{entity.name}.{field.name}": field.title for field in entity.fields}
        found |= {f"check:{entity.name}.{check.name}": check.line for check in entity.checks}
    return found


def legend(words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """What the given words mean, in their order, each once; words without a meaning drop out."""
    known: dict[str, str] = {**MEANINGS, **{str(state): said for state, said in STATES.items()}}
    return tuple((word, known[word]) for word in dict.fromkeys(words) if word in known)


def readable(name: str) -> str:
    """A name of ours as a heading: `vat_number_missing` becomes `Vat number missing`."""
    words = name.replace("_", " ").replace(".", " ").strip()
    return words[:1].upper() + words[1:]


def system(side: str) -> str:
    """A system's name."""
    return SYSTEMS.get(side, readable(side))


def value(given: Any) -> Cell:
    """A value for a cell: symbols in words, booleans as yes and no, None as an empty cell."""
    if isinstance(given, bool):
        return "yes" if given else "no"
    if given is None or isinstance(given, int | Decimal | date):
        return given
    text = str(given)
    if text.startswith("ref:"):
        kind, _, key = text[4:].partition("/")
        return f"{readable(kind)} {key} (its own key, known once it exists)"
    if text.startswith("next:"):
        return f"the next free number ({text[5:]})"
    return text


def phrase(given: Any) -> str:
    """A value inside a sentence; an empty one is said to be empty."""
    cell = value(given)
    return "(empty)" if cell is None or cell == "" else str(cell)


def duration(seconds: float) -> str:
    """Seconds as a person says them."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def moment(started: str) -> str:
    """A moment in ISO form without its fractions; any other text as it stands."""
    head = started[:19].replace("T", " ")
    zone = " UTC" if started.endswith(("Z", "+00:00")) else ""
    return head + zone


@dataclass(frozen=True, slots=True)
class Words:
    """Finds titles and record names: `names` as given by the caller, `records` from a run."""

    names: Names = field(default_factory=dict)
    records: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    def entity(self, name: str) -> str:
        return self.names.get(name) or readable(name)

    def field(self, entity: str, name: str) -> str:
        """A field's title; `@number` and the like are not fields but belong to the record."""
        return self.names.get(f"{entity}.{name}") or readable(name.lstrip("@"))

    def check(self, entity: str, name: str) -> str:
        return self.names.get(f"check:{entity}.{name}") or readable(name)

    def record(self, entity: str, side: str, key: str | None) -> str:
        """A record's name on a side (or on either, for `both`), or '' where it is not known."""
        sides = SIDES if side == "both" else (side,)
        named = (self.records.get((entity, one, key or ""), "") for one in sides)
        found = next((name for name in named if name), "")
        return found or self.names.get(f"{entity}/{key}", "")

    def given(self, operation: Operation) -> dict[str, Any]:
        """What an operation writes, by field; a new record's empty fields are left out.

        A reference to a record that is created in the same plan is shown by that record's name.
        """
        return {
            name: self._named(operation, value)
            for name, value in operation.after.items()
            if operation.kind != "create" or value not in (None, "")
        }

    def _named(self, operation: Operation, given: Any) -> Any:
        if not isinstance(given, str) or not given.startswith("ref:"):
            return given
        entity, _, key = given[4:].partition("/")
        return self.record(entity, other(operation.system), key) or given

    def target(self, operation: Operation) -> str:
        """The name of the record that an operation is about."""
        side: Side = other(operation.system) if operation.kind == "create" else "global"
        name = self.record(operation.entity, side, operation.key)
        name = name or self.record(operation.entity, "severa", operation.guid)
        return name or str(operation.after.get("name") or operation.before.get("name") or "")


def words(outcomes: Iterable[Outcome], names: Names) -> Words:
    """Words that know the names of a run's records."""
    return Words(names, {(o.entity, o.side, o.key): o.name for o in outcomes})


def head(facts: Facts) -> tuple[Line, ...]:
    """The lines with which a run's report begins."""
    return (
        Line("Company", facts.company),
        Line("Run", facts.run),
        Line("Started", moment(facts.started)),
    )
