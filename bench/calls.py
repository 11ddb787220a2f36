"""Calls to Severa against the least number that had to be made: onboarding, a working day's sync,
and two idle syncs of the demo company, with random latency at the quota of 10 calls a second.

    python bench/calls.py        prints a table, writes bench/out/calls.json
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from recon import flow
from recon.sandbox import acts_mix, severa_server, world
from recon.shapes import Facts, blocking
from recon.workbench import Options

OUT = Path(__file__).parent / "out" / "calls.json"
LATENCY_MS = (50, 900)
QUOTA = 10
EDITS = 30


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "company"
        profile = world.create(folder, "demo", 1)
        url = severa_server.attach(folder, quota=QUOTA, latency_ms=LATENCY_MS).base_url
        try:
            rows = measured(profile, url)
        finally:
            severa_server.release(folder)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    print(f"{'run':<28}{'calls':>7}{'least':>7}{'ratio':>7}{'seconds':>9}{'429':>5}")
    for row in rows:
        print(
            f"{row['name']:<28}{row['calls']:>7}{row['least']:>7}{row['ratio']:>7.3f}"
            f"{row['seconds']:>9.1f}{row['limited']:>5}"
        )


def measured(profile: Path, url: str) -> list[dict[str, object]]:
    """One row per run, in order."""
    options = Options(severa_url=url)
    with flow.open(profile, run_options=options) as bench:
        shown, facts = flow.rehearse(bench)
        flow.waive(bench, blocking(facts.findings), "a made-up company")
        rehearsed = [row("rehearsal, first full read", checked(bench))]
    with flow.open(profile, run_options=options) as bench:
        rehearsed.append(row("onboarding", flow.onboard(bench, shown.checksum)))
    with world.open_world(profile) as both:
        acts_mix.random_edits(both, 1, EDITS)
    for name in (f"sync after {EDITS} edits", "first idle sync", "second idle sync"):
        force = ("creates:customer", "updates:customer")
        with flow.open(profile, run_options=Options(severa_url=url, force=force)) as bench:
            rehearsed.append(row(name, flow.sync(bench)))
    return rehearsed


def checked(bench: flow.Bench) -> Facts:
    """The calls of a bench so far, as the facts of a run."""
    return flow.check(bench)


def row(name: str, facts: Facts) -> dict[str, object]:
    """What one run cost."""
    calls = sum(facts.calls.values())
    return {
        "name": name,
        "calls": calls,
        "least": facts.least,
        "ratio": calls / facts.least,
        "seconds": facts.seconds,
        "limited": facts.calls.get("429", 0),
        "kinds": dict(facts.calls),
    }


if __name__ == "__main__":
    main()
