"""Where both systems stood, run after run: a sheet and a picture from earlier runs' documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from recon.document import counts
from recon.report.differences import KINDS
from recon.report.shapes import Chart, Column, Row, Sheet
from recon.report.words import duration, moment, readable
from recon.shapes import SIDES, WRITES, Facts

SERIES = ("Linked", "Differing", "Held", "Failures")
RESULTS = {0: "done", 1: "needs a person", 2: "wrong usage", 3: "could not run"}
WRITTEN = {"create": "Created", "update": "Changed", "link": "Linked", "code": "Numbered"}
MOST_POINTS = 40
Point = Mapping[str, Any]


def points(facts: Facts, earlier: Iterable[Point]) -> list[Point]:
    """The documents of earlier runs over the same entities, oldest first, and of this run."""
    kept = [
        point
        for point in earlier
        if point.get("linked")
        and set(point["linked"]) == set(facts.linked)
        and point["run"] != facts.run
    ]
    return [*kept, counts(facts)]


def measured(point: Point) -> dict[str, int]:
    """The figures of one run, all entities together. A linked pair that differs counts once."""
    states: Counter[str] = Counter()
    for sides in point["entities"].values():
        ours, theirs = (Counter(sides.get(side, {})) for side in SIDES)
        states["held"] += ours["held"] + theirs["held"]
        states["waiting"] += ours["waiting"] + theirs["waiting"]
        states["differing"] += max(sum(one[kind] for kind in KINDS) for one in (ours, theirs))
    return {
        "Linked": sum(point["linked"].values()),
        "Differing": states["differing"],
        "Held": states["held"],
        "Waiting": states["waiting"],
        "Failures": len(point["failures"]),
    }


def sheet(found: Sequence[Point], zone: str) -> Sheet:
    """One row per run, the newest first."""
    columns = (
        Column("Run", 20),
        Column("Command", 12),
        *(Column(name, 12) for name in ("Linked", "Differing", "Held", "Waiting", "Failures")),
        Column("Result", 20, toned=True),
    )
    rows: list[Row] = [
        (*_which(point, zone), *measured(point).values(), _result(point))
        for point in reversed(found)
    ]
    note = (
        "All entities together, the newest run first. Differing are linked pairs with drift, a"
        " conflict or an initial difference; failures are all that were open after the run."
    )
    return Sheet("Trend", "Trend over runs", note, columns, tuple(rows))


def _which(point: Point, zone: str) -> tuple[str, str]:
    return moment(str(point["started"]), zone), readable(str(point["command"]))


def _result(point: Point) -> str:
    return RESULTS.get(point.get("exit_code") or 0, "")


def runs(found: Iterable[Point], zone: str) -> Sheet:
    """What each run wrote and met, in the order given."""
    columns = (
        Column("Run", 20),
        Column("Command", 12),
        Column("Took", 12),
        *(Column(name, 12) for name in (*WRITTEN.values(), "Drift", "Conflicts", "Failures")),
        Column("Calls to Severa", 12),
        Column("Result", 20, toned=True),
        Column("What needs a person", 60),
    )
    rows = tuple(_run_row(point, zone) for point in found)
    return Sheet("Runs", "The last runs", "", columns, rows)


def _run_row(point: Point, zone: str) -> Row:
    wrote: Counter[str] = Counter()
    for what, count in point["operations"].items() if point["command"] in WRITES else ():
        wrote[what.split(" ")[0]] += count
    met = (len(point[name]) for name in ("drift", "conflicts", "failures"))
    calls = sum(count for kind, count in point["calls"].items() if kind != "least")
    which = (*_which(point, zone), duration(point["seconds"]))
    told = point["error"] or "; ".join(point["needs_person"])
    return (*which, *(wrote[kind] for kind in WRITTEN), *met, calls, _result(point), told)


def chart(found: Sequence[Point], zone: str) -> Chart:
    """The trend as a picture; one run alone is no trend and draws nothing."""
    shown = found[-MOST_POINTS:] if len(found) > 1 else ()
    labels = _labels([moment(str(point["started"]), zone) for point in shown])
    rows = [
        (label, name, measured(point)[name])
        for label, point in zip(labels, shown, strict=True)
        for name in SERIES
    ]
    note = "All entities together. Linked should rise; the other three should fall."
    return Chart("trend", "Trend over runs", note, tuple(rows))


def _labels(moments: Sequence[str]) -> list[str]:
    """Moments as labels, each once: the second run of a minute is told from the first."""
    seen: Counter[str] = Counter()
    found = []
    for one in moments:
        seen[one] += 1
        found.append(f"{one} ({seen[one]})" if seen[one] > 1 else one)
    return found
