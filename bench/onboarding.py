"""An onboarding at the quota: calls against the least number, and how well the quota is used.

    python bench/onboarding.py [--customers 2000 --projects 1500 --users 300 --products 1000]

Of ten records of every kind four are in both systems (and are found by number and name), four in
Global alone and two in Severa alone. Severa answers after 50 to 900 ms. Figures come from the
server's own count of calls: `used` is the share of the quota between the first call and the last,
`idle_s` the seconds of that without any call.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from measure import company, process

from recon.sandbox import severa_server, world
from recon.sandbox.company_plain import MIXED, Counts

RATIO, USED, LIMITED = 1.05, 0.95, 0.005
LATENCY_MS = (50, 900)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=2_000)
    parser.add_argument("--projects", type=int, default=1_500)
    parser.add_argument("--users", type=int, default=300)
    parser.add_argument("--products", type=int, default=1_000)
    parser.add_argument("--quota", type=int, default=10)
    parser.add_argument("--out", type=Path, default=company.OUT)
    given = parser.parse_args()
    counts = Counts(given.customers, given.projects, given.users, given.products)
    start = process.start_up()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "company"
        try:
            rows = onboarded(folder, counts, given.quota, start)
        finally:
            severa_server.release(folder)
    verdicts = judged(rows[0])
    company.write(
        given.out, "onboarding", {"start_up_s": start, "rows": rows, "verdicts": verdicts}
    )
    show(rows)
    for text, kept in verdicts.items():
        print(f"{'kept' if kept else 'NOT KEPT':<9}{text}")
    return 0


def onboarded(folder: Path, counts: Counts, quota: int, start: float) -> list[dict[str, Any]]:
    """The onboarding, and the sync right after it, which has nothing left to write."""
    one = company.Company(world.create_plain(folder, counts, MIXED), {})
    approve(one.profile, counts.users)
    one.at(quota, latency_ms=list(LATENCY_MS))
    rows = []
    for name, arguments in (("onboard", ("onboard", "--yes")), ("sync after it", ("sync",))):
        one.forget()
        ran = process.recon(one.profile, *arguments)
        rows.append(row(name, ran, one.log(), quota, start))
    return rows


def approve(profile: Path, licences: int) -> None:
    """Approve as many licences as there are users."""
    text = profile.read_text(encoding="utf-8")
    profile.write_text(f"{text}\n[safety]\nlicences = {licences}\n", encoding="utf-8")


def row(
    name: str, ran: process.Ran, log: dict[str, Any], quota: int, start: float
) -> dict[str, Any]:
    """What one command cost, by its own count and the server's."""
    seconds = [int(second) for second in log["per_second"]]
    span = max(seconds) - min(seconds) + 1 if seconds else 0
    least = ran.document["calls"]["least"]
    admitted = sum(log["per_second"].values())
    return {
        "command": name,
        "exit_code": ran.exit_code,
        "wall_s": ran.wall,
        "cpu_s": ran.cpu,
        "beyond_s": ran.wall - start - admitted / quota,
        "peak_mb": ran.peak_mb,
        "calls": log["total"],
        "least": least,
        "ratio": log["total"] / least,
        "per_s": admitted / span if span else 0.0,
        "used": admitted / span / quota if span else 0.0,
        "idle_s": span - len(seconds),
        "limited": log["limited"] / log["total"] if log["total"] else 0.0,
        "kinds": ran.document["calls"],
        "operations": ran.document["operations"],
        "needs_person": ran.document["needs_person"],
        "entities": ran.document["entities"],
    }


def judged(one: dict[str, Any]) -> dict[str, bool]:
    """The goals, and whether they were reached."""
    return {
        f"{one['ratio']:.3f} times the least calls (at most {RATIO})": one["ratio"] <= RATIO,
        f"{one['used']:.1%} of the quota used (at least {USED:.0%})": one["used"] >= USED,
        f"{one['limited']:.2%} answers 429 (less than {LIMITED:.1%})": one["limited"] < LIMITED,
    }


def show(rows: list[dict[str, Any]]) -> None:
    names = ("command", "exit_code", "wall_s", "cpu_s", "beyond_s", "peak_mb", "calls", "least")
    names += ("ratio", "per_s", "used", "idle_s", "limited")
    print("".join(f"{name:>14}" for name in names))
    for one in rows:
        cells = [f"{v:.3f}" if isinstance(v, float) else str(v) for v in (one[n] for n in names)]
        print("".join(f"{cell:>14}" for cell in cells))
        print(f"  operations {one['operations']}; for a person {one['needs_person']}")


if __name__ == "__main__":
    sys.exit(main())
