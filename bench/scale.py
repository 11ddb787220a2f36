"""A full compare without a change: time, CPU and memory of `sync --full` and `plan --full`, at
20,000 linked customers and projects against 5,000.

    python bench/scale.py [--sizes 5000 20000] [--quota 10]

Companies are made and onboarded first (minutes), and kept under bench/out/companies for as long
as the program stays as it is. Each command is measured twice: with the quota lifted (its wall
time then holds all reading), and at the quota, where `beyond` is the wall time less start-up and
calls / quota. Memory is the peak of all of the command's processes; the server's is apart.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from measure import company, process

COMMANDS = (("sync", "--full"), ("plan", "--full"))
BEYOND_S, PEAK_MB, RATIO = 30.0, 1500.0, 5.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[5_000, 20_000])
    parser.add_argument("--quota", type=int, default=10)
    parser.add_argument("--out", type=Path, default=company.OUT)
    given = parser.parse_args()
    rows = [row for size in given.sizes for row in measured(given.out, size, given.quota)]
    verdicts = judged(rows, given.sizes)
    company.write(given.out, "scale", {"rows": rows, "verdicts": verdicts})
    show(rows)
    for text, kept in verdicts.items():
        print(f"{'kept' if kept else 'NOT KEPT':<9}{text}")
    return 0


def measured(out: Path, size: int, quota: int) -> list[dict[str, Any]]:
    """One row per command and quota."""
    rows = []
    with company.linked(out, size) as one:
        print(f"{size}: {one.made}", file=sys.stderr)
        process.recon(one.profile, "sync")  # what the server does only once
        for rate in (company.LIFTED, quota):
            one.at(rate)
            rows += [{"size": size, **row(one, rate, command)} for command in COMMANDS]
    return rows


def row(one: company.Company, rate: int, command: tuple[str, ...]) -> dict[str, Any]:
    """What one command cost."""
    start, before = process.start_up(), process.cpu(one.server)
    ran = process.recon(one.profile, *command)
    waiting = 0.0 if rate == company.LIFTED else ran.calls / rate
    return {
        "command": " ".join(command),
        "quota": 0 if rate == company.LIFTED else rate,
        "start_s": start,
        "wall_s": ran.wall,
        "cpu_s": ran.cpu,
        "calls": ran.calls,
        "kinds": ran.document["calls"],
        "quota_s": waiting,
        "beyond_s": ran.wall - start - waiting,
        "peak_mb": ran.peak_mb,
        "server_mb": process.peak(one.server),
        "server_cpu_s": process.cpu(one.server) - before,
        "states": company.settled(ran),
    }


def judged(rows: list[dict[str, Any]], sizes: list[int]) -> dict[str, bool]:
    """The goals, and whether they were reached."""
    found: dict[str, bool] = {}
    small, large = min(sizes), max(sizes)
    of = {(one["size"], one["command"], one["quota"]): one for one in rows}
    for one in (one for one in rows if one["size"] == large):
        name = f"{one['command']}, quota {one['quota'] or 'lifted'}"
        beyond, mb = one["beyond_s"], one["peak_mb"]
        if one["quota"]:
            text = f"{name}: {beyond:.1f} s beyond start-up and calls (at most {BEYOND_S:.0f})"
            found[text] = beyond <= BEYOND_S
        found[f"{name}: {mb:.0f} MB (at most {PEAK_MB:.0f})"] = mb <= PEAK_MB
        ratio = beyond / max(of[small, one["command"], one["quota"]]["beyond_s"], 0.001)
        if small != large:
            text = f"{name}: {ratio:.2f} times the time beyond of {small} (at most {RATIO:.0f})"
            found[text] = ratio <= RATIO
    return found


def show(rows: list[dict[str, Any]]) -> None:
    names = (
        "size",
        "command",
        "quota",
        "start_s",
        "wall_s",
        "cpu_s",
        "calls",
        "quota_s",
        "beyond_s",
    )
    names += ("peak_mb", "server_mb", "server_cpu_s")
    print("".join(f"{name:>13}" for name in names))
    for one in rows:
        cells = [f"{v:.1f}" if isinstance(v, float) else str(v) for v in (one[n] for n in names)]
        print("".join(f"{cell:>13}" for cell in cells))


if __name__ == "__main__":
    sys.exit(main())
