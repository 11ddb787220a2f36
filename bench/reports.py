"""How long a run's report takes to write, how much memory, and how large its files are.

    python bench/reports.py [--outcomes 100000]

`usual` is a run in which one record of 25 is to be told of, `heavy` one in which two of five are:
held, waiting, or written. Each is written in a process of its own, the libraries' loading included.
The table goes to stdout, the figures to bench/out/reports.json.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from recon.report import data, render  # noqa: E402
from recon.shapes import Facts, Operation, Outcome, State  # noqa: E402

OUT = Path(__file__).parent / "out" / "reports.json"
TOLD: tuple[State, ...] = ("held", "waiting", "created", "updated")
DETAILS = {
    "held": "may be the same as Kunde {0} AS ({0}) in Severa: the names are equal; decide it",
    "waiting": "waits for customer Kunde {0} AS, which is held",
    "out of scope": "it is inactive",
}
RUNS = {
    "usual": ("unchanged",) * 70 + ("out of scope",) * 26 + TOLD,
    "heavy": ("unchanged",) * 4 + ("out of scope",) * 2 + TOLD,
}


def outcomes(states: tuple[str, ...], count: int) -> Iterator[Outcome]:
    """Customers of Global, each in one state."""
    for at in range(count):
        state: State = states[at % len(states)]  # type: ignore[assignment]
        detail = DETAILS.get(state, "").format(at)
        yield Outcome("customer", "global", str(at), f"Kunde {at} AS", state, detail, (), str(at))


def operations(found: tuple[Outcome, ...]) -> Iterator[tuple[Operation, str, str]]:
    """What was written for those that were created or changed."""
    for o in found:
        if o.state in ("created", "updated"):
            kind, before = ("create", {}) if o.state == "created" else ("update", {"name": "Old"})
            after = {"name": o.name, "email": f"post{o.key}@kunde.example", "active": True}
            yield (
                Operation(
                    o.key, o.entity, "severa", kind, o.key, None, before, after, (), "edited"  # type: ignore[arg-type]
                ),
                "done",
                "",
            )  # fmt: skip


def measure(name: str, count: int) -> dict[str, object]:
    """Write one run's report; seconds, megabytes at most, and kilobytes of the files."""
    found = tuple(outcomes(RUNS[name], count))
    facts = Facts(
        name, "sync", "Fjord AS", True, "2026-11-24T06:00:00+00:00", 60.0, 0,
        {"customer": {"global": count, "severa": 0}}, found, tuple(operations(found)),
    )  # fmt: skip
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        document = data.run(facts)
        paths = render.write(document, Path(folder))
        seconds = time.monotonic() - begun
        sizes = {path.suffix[1:]: path.stat().st_size // 1024 for path in paths}
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    rows = sum(sheet.count for sheet in document.sheets)
    return {"run": name, "rows": rows, "seconds": round(seconds, 1), "more_mb": more, **sizes}


def main() -> None:
    """Measure both runs and print the table."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--outcomes", type=int, default=100_000)
    count = words.parse_args().outcomes
    found = []
    for name in RUNS:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            found.append(pool.apply(measure, (name, count)))
    print(f"{count:,} outcomes\n| " + " | ".join(found[0]) + " |")
    for row in found:
        print("| " + " | ".join(str(value) for value in row.values()) + " |")
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
