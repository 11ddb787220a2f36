"""An idle sync: nothing changed since the last. Its time beyond start-up and calls, at 20,000
linked customers and projects against 1,000.

    python bench/idle.py [--sizes 1000 20000] [--quota 10] [--times 3]

The company is the one of bench/scale.py, where its stamps are months old. Each figure is the
median of some syncs at the quota; `beyond` is the wall time less start-up and calls / quota.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path
from typing import Any

from measure import company, process

BEYOND_S, RATIO = 3.0, 1.5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 20_000])
    parser.add_argument("--quota", type=int, default=10)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--out", type=Path, default=company.OUT)
    given = parser.parse_args()
    rows = [measured(given, size) for size in given.sizes]
    verdicts = judged(rows)
    company.write(given.out, "idle", {"rows": rows, "verdicts": verdicts})
    show(rows)
    for text, kept in verdicts.items():
        print(f"{'kept' if kept else 'NOT KEPT':<9}{text}")
    return 0


def measured(given: argparse.Namespace, size: int) -> dict[str, Any]:
    """The median of some idle syncs of a company."""
    quota: int = given.quota
    with company.linked(given.out, size) as one:
        one.at(quota)
        process.recon(one.profile, "sync")  # after a change of settings all is planned anew
        start = process.start_up()
        ran = [process.recon(one.profile, "sync") for _ in range(given.times)]
        company.settled(ran[-1])
        calls = statistics.median(each.calls for each in ran)
        wall = statistics.median(each.wall for each in ran)
        return {
            "size": size,
            "start_s": start,
            "wall_s": wall,
            "cpu_s": statistics.median(each.cpu for each in ran),
            "calls": calls,
            "kinds": ran[-1].document["calls"],
            "quota_s": calls / quota,
            "beyond_s": wall - start - calls / quota,
            "peak_mb": max(each.peak_mb for each in ran),
            "server_mb": process.peak(one.server),
        }


def judged(rows: list[dict[str, Any]]) -> dict[str, bool]:
    """The goals, and whether they were reached."""
    small, large = rows[0], rows[-1]
    ratio = large["wall_s"] / small["wall_s"]
    beyond = large["beyond_s"] / max(small["beyond_s"], 0.001)
    return {
        f"{large['beyond_s']:.2f} s beyond start-up and calls at {large['size']} "
        f"(at most {BEYOND_S})": large["beyond_s"] <= BEYOND_S,
        f"{ratio:.2f} times the wall time of {small['size']} (at most {RATIO})": ratio <= RATIO,
        f"{beyond:.2f} times its time beyond (at most {RATIO})": beyond <= RATIO,
    }


def show(rows: list[dict[str, Any]]) -> None:
    names = (
        "size",
        "start_s",
        "wall_s",
        "cpu_s",
        "calls",
        "quota_s",
        "beyond_s",
        "peak_mb",
        "server_mb",
    )
    print("".join(f"{name:>11}" for name in names))
    for one in rows:
        cells = [f"{v:.2f}" if isinstance(v, float) else str(v) for v in (one[n] for n in names)]
        print("".join(f"{cell:>11}" for cell in cells))


if __name__ == "__main__":
    sys.exit(main())
