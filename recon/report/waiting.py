"""Sheets of what is not written: held and what waits behind it, reasons counted, licences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from recon.report.naming import Words
from recon.report.shapes import Cell, Column, Row, Sheet
from recon.report.sheets import ENTITY, KEY, NAME, NUMBER, OWNER, SYSTEM, record_head, totalled
from recon.report.words import counted, reason, state_word, system
from recon.shapes import Facts, Hold, Outcome, Spot, State


def held(facts: Facts, words: Words) -> Sheet:
    """What is held: why, since when, and what waits behind it; the most waited for first."""
    columns = (
        ENTITY,
        SYSTEM,
        NUMBER,
        NAME,
        OWNER,
        Column("Why", 60),
        Column("Held since", 12),
        Column("Days", 7),
        Column("Waiting behind it", 10),
        Column("Of these", 28),
        KEY,
    )
    known = {(h.entity, h.side, h.key): h for h in facts.holds}
    found = [(o, known.get((o.entity, o.side, o.key))) for o in facts.outcomes if o.state == "held"]
    found.sort(key=_weight)
    rows = tuple(_held_row(facts, o, hold, words) for o, hold in found)
    note = (
        "Not created until somebody decides or corrects it, and what waits for it waits too. What"
        " most others wait for stands first. 'Held since' counts from the first run that wrote."
    )
    return Sheet("Held", "What is held, and what waits behind it", note, columns, rows)


def _weight(pair: tuple[Outcome, Hold | None]) -> tuple[int, str]:
    hold = pair[1]
    return (-sum(hold.behind.values()), hold.since or "9") if hold else (0, "9")


def _held_row(facts: Facts, o: Outcome, hold: Hold | None, words: Words) -> Row:
    since = _day(hold.since) if hold else None
    now = _day(facts.started)
    days = (now - since).days if now and since else None
    behind: Mapping[str, int] = hold.behind if hold else {}
    titled = {words.entity(name): count for name, count in behind.items()}
    age: tuple[Cell, Cell] = (since, days)
    waits = (sum(behind.values()), counted(titled))
    return (*record_head(o, words), o.detail, *age, *waits, o.key)


def _day(moment: str) -> date | None:
    try:
        return date.fromisoformat(moment[:10])
    except ValueError:
        return None


def reasons(facts: Facts, words: Words, states: Sequence[State], title: str, note: str) -> Sheet:
    """Records in these states counted by reason, the most frequent of a state first."""
    columns = (
        Column("State", 14, toned=True, detail=len(states) == 1),
        ENTITY,
        SYSTEM,
        Column("Reason", 70),
        Column("Records", 10),
    )
    said: Counter[tuple[State, str, str, str]] = Counter(
        (o.state, o.entity, o.side, o.detail) for o in facts.outcomes if o.state in states
    )
    counts: Counter[tuple[State, str, str, str]] = Counter()
    for (state, entity, side, detail), count in said.items():
        counts[state, entity, side, reason(detail)] += count
    ordered = sorted(counts.items(), key=lambda pair: (states.index(pair[0][0]), -pair[1]))
    rows: list[Row] = [
        (state_word(state, facts.command), words.entity(entity), system(side), why, count)
        for (state, entity, side, why), count in ordered
    ]
    return Sheet(title, title, note, columns, totalled(rows, 4), totalled=bool(rows))


# --- what costs something in Severa -------------------------------------------------------------


def licences(facts: Facts, words: Words) -> Sheet:
    """New records that cost something in Severa: what, and whether that is approved."""
    columns = (
        Column("Costs", 30),
        ENTITY,
        NUMBER,
        NAME,
        Column("State", 20, toned=True),
        Column("Why", 60, detail=True),
    )
    found = sorted((o for o in facts.outcomes if o.costs), key=lambda o: o.costs)
    rows = tuple(
        (
            o.costs,
            words.entity(o.entity),
            words.number(*_spot(o)),
            words.record(*_spot(o)),
            state_word(o.state, facts.command),
            o.detail,
        )
        for o in found
    )
    return Sheet("Licences", "New licences in Visma Severa", _costs_note(found), columns, rows)


def _spot(o: Outcome) -> Spot:
    return o.entity, o.side, o.key


def _costs_note(found: Sequence[Outcome]) -> str:
    asked = costs([o for o in found if o.state == "held"])
    planned = costs([o for o in found if o.state == "created"])
    parts = [f"Approved: {planned}." if planned else ""]
    if asked:
        number = sum(o.state == "held" for o in found)
        parts.append(
            f"To be approved: {asked}. To approve all of them, plan again with --licences"
            f" {number}, or set licences = {number} under [safety] in the profile; with a lower"
            " number none is created."
        )
    return " ".join(part for part in parts if part)


def costs(found: Sequence[Outcome]) -> str:
    """What records cost in one text: `3 × licence of type Employee`."""
    counts = Counter(o.costs for o in found)
    return ", ".join(f"{count:,} × {cost}" for cost, count in sorted(counts.items()))
