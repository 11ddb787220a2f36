"""The words of the reports: titles, states and what they mean, values as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from recon.checks import lines
from recon.report.shapes import Cell, Line, Names, Tone
from recon.shapes import WRITES, Facts, Outcome, State
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
    "held": "is not created until a person has decided, approved or corrected something",
    "waiting": "waits for another record, such as its customer",
    "out of scope": "does not transfer by the rules of the profile",
    "refused": "could not be written; it is tried again in the next run",
    "parked": "failed too often; it is left alone until a person releases it",
    "unknown": "an answer was lost; it is looked up before anything is sent again",
    "vanished": "was there in earlier runs and is no longer found",
    "unreadable": "holds data that cannot be read",
}

PAIRED: tuple[State, ...] = (
    "updated",
    "linked",
    "unchanged",
    "initial difference",
    "drift",
    "conflict",
)
"""The states that only linked records end in."""

STANDINGS = (
    "Linked, equal",
    "Linked, differing",
    "To be linked",
    "Only in Global",
    "Only in Severa",
    "Out of scope",
    "Unsettled",
)

MEANINGS: Mapping[str, str] = {
    "Linked, equal": "the same thing in both systems, and every compared field agrees",
    "Linked, differing": "the same thing in both systems, but at least one field differs",
    "To be linked": "the same thing by the rules; the next run connects the two",
    "Only in Global": "should be in both and is in Global alone: to be created, held, waiting",
    "Only in Severa": "should be in both and is in Severa alone: to be created, held, waiting",
    "Out of scope": "in one system alone, and meant to be by the rules of the profile",
    "Unsettled": "refused, parked, unknown, vanished or unreadable: needs a look",
    "blocker": "must be put right before go-live",
    "warning": "should be put right; the work can go on",
    "info": "for your information",
    "new": "the last check did not find it",
    "waived": "a person goes live in spite of it, by name and reason",
    "asked again": "it was waived, but what it says has changed since",
    "sure": "the two are almost certainly the same",
    "likely": "the two are probably the same: please look",
    "possible": "advice only; nothing waits for it",
    "create": "a new record is made in the system named",
    "update": "fields of an existing record are changed",
    "link": "two existing records are connected; no field of theirs changes",
    "code": "a number or code is written into a record that has none",
    "note": "Visma Global notes which record was made in Severa for its own",
    "owner": "the system whose edits of a field are carried over: [master] in the profile",
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
    "new": "warn",
    "waived": "good",
    "asked again": "warn",
    "warning": "warn",
    "sure": "good",
    "likely": "warn",
    "done": "good",
    "yes": "good",
    "no": "bad",
    "to be created": "",
    "needs a person": "warn",
    "wrong usage": "bad",
    "could not run": "bad",
}


def tone(word: Cell) -> Tone:
    """The colour of a word in a toned column; the word before a colon counts."""
    return TONES.get(word.split(":")[0], "") if isinstance(word, str) else ""


def standing_of(outcome: Outcome, wrote: object) -> str:
    """Where a record stands after a run that wrote, or that only looked and changed nothing."""
    state = outcome.state
    if state == "linked" and not wrote:
        return "unlinked"
    if state == "unchanged" or (wrote and state in ("updated", "linked")):
        return "equal"
    if state in PAIRED or (outcome.partner and state in ("held", "waiting")):
        return "differing"
    if state == "created":
        return "new" if wrote else "only"
    return {"held": "only", "waiting": "only", "out of scope": "outside"}.get(state, "unsettled")


def state_word(state: State, command: str) -> str:
    """A state in words; after a run that only looked, what has not been done is still to be."""
    undone = state in ("created", "updated", "linked") and command not in WRITES
    return f"to be {state}" if undone else state


def titles(entities: Iterable[Entity]) -> Names:
    """The titles that entities give to themselves, their fields and their checks; each field's
    direction and what it refers to; and what an entity belongs to."""
    found: dict[str, str] = {}
    for entity in entities:
        found[entity.name] = entity.title
        for field in entity.fields:
            spot = f"{entity.name}.{field.name}"
            found |= {spot: field.title, f"direction:{spot}": field.direction}
            found |= {f"refers:{spot}": field.refers} if field.refers else {}
        found |= {f"parent:{entity.name}": entity.parent} if entity.parent else {}
        found |= {f"check:{entity.name}.{name}": line for name, line in lines([entity]).items()}
    return {**found, **{f"check:.{name}": line for name, line in lines([]).items()}}


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
    if text.startswith("next:"):
        return "the next free number"
    return text


def duration(seconds: float) -> str:
    """Seconds as a person says them."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def moment(started: str, zone: str = "") -> str:
    """A moment to the minute, in the company's time zone if one is given; other text as it is."""
    try:
        found = datetime.fromisoformat(started)
    except ValueError:
        return started
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    there = aware.astimezone(ZoneInfo(zone)) if zone else aware
    return f"{there:%Y-%m-%d %H:%M}{'' if zone else ' UTC'}"


def counted(counts: Mapping[str, int]) -> str:
    """Counts by word in one text, the largest first: `Contacts 3, Addresses 1`."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{word} {count:,}" for word, count in ordered)


REASONS = (
    (r"^may be the same as .* in (Visma Global|Severa): (.*?)(; decide it)?$",
     r"may be the same as a record in \1: \2"),
    (r"^waits for (?:its )?([^\W\d_A-ZÆØÅÄÖ]+(?: [^\W\d_A-ZÆØÅÄÖ]+)?) .*, which is (.+)$",
     r"waits for its \1, which is \2"),
    (r"^(\w+) .+ does not transfer$", r"its \1 does not transfer"),
    (r"'[^']*'", "'…'"),
    (r"(?<![\w.-])\d[\d ]*(?:, \d[\d ]*)*(?![\w.-])", "… "),
)  # fmt: skip


def reason(detail: str) -> str:
    """A reason without the names and numbers that make it one record's own, for counting."""
    for pattern, general in REASONS:
        detail = re.sub(pattern, general, detail)
    return " ".join(detail.split()) or "no reason was given"


def head(facts: Facts) -> tuple[Line, ...]:
    """Whose run a report is about, and when it was."""
    return (
        Line("Company", facts.company),
        Line("Made", moment(facts.started, facts.timezone)),
        Line("Run", facts.run),
    )
