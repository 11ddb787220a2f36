"""`python -m tests.year.run --out DIR`: a consultancy's year of invoices and supplier lines, synced
month by month and judged from outside; with --faults the same year twice, once with kills, lost
answers and users who act meanwhile, and both ends compared."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from recon.sandbox import severa_server
from recon.sandbox.year import Year
from tests.year import checker, reported
from tests.year.checker import Verdict
from tests.year.story import Story, Told, idle

ROOT = Path(__file__).resolve().parents[2]
KILLS, SAID = 20, 20


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if everything was transferred once and every total is equal or listed."""
    asked = _asked(arguments)
    year = Year(
        invoices=asked.invoices,
        rows=asked.rows,
        costs=asked.costs,
        people=asked.people,
        seed=asked.seed,
        months=asked.months,
    )
    found = {"plain": one(asked.out / "plain", year, 0, asked.idle)}
    if asked.faults:
        found["faults"] = one(asked.out / "faults", year, asked.kills, False)
        found["faults"]["faults"] += differing(found["plain"], found["faults"])
    for part in found.values():
        part.pop("outcomes")
    (asked.out / "year.json").write_text(json.dumps(found, indent=1, default=str), "utf-8")
    print(f"all figures: {asked.out / 'year.json'}")
    return int(any(part["faults"] for part in found.values()))


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.year.run", description=__doc__)
    parser.add_argument("--invoices", type=int, default=6_000)
    parser.add_argument("--rows", type=int, default=10, help="on average per invoice")
    parser.add_argument("--costs", type=int, default=4_000, help="supplier lines that transfer")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", action="store_true", help="the same year with faults, too")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--no-idle", dest="idle", action="store_false", help="no idle syncs")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args(arguments)


def one(folder: Path, year: Year, kills: int, measured: bool) -> dict[str, Any]:
    """One year told and judged, with its figures; `measured` adds idle syncs, early and late."""
    story = Story(folder, year, kills)
    story.say = lambda text: print(text, flush=True)
    if measured:
        story.early = folder.parent / "early"
    told = story.tell()
    verdict = checker.judge(folder)
    faults, compared = reported.compare(report(folder), verdict)
    severa_server.release(folder)
    found = figures(told, verdict) | {"report": compared}
    found["faults"] += faults
    if measured:
        found["idle, few paid"] = told.early
        found["idle, all paid"] = idle(folder, folder.parent / "idle")
    _show(folder.name, found)
    return found | {"outcomes": verdict.outcomes}


def figures(told: Told, verdict: Verdict) -> dict[str, Any]:
    """What a year came to."""
    paid = sum(rank == checker.PAID for rank in verdict.statuses.values())
    return {
        "seconds": told.seconds,
        "invoices": len(verdict.statuses),
        "with an order": sum(name.startswith("invoice ") for name in verdict.outcomes),
        "rows": verdict.rows,
        "paid": paid,
        "supplier lines with a fee": sum(n.startswith("cost ") for n in verdict.outcomes),
        **told.figures,
        "duplicates": verdict.duplicates,
        "lost": verdict.lost,
        "unknowns open": len(told.unknowns),
        "totals equal or listed": {
            "months × statuses × currencies": len(verdict.totals),
            "edited or nullified by users, listed": len(verdict.listed),
        },
        "difference by currency": differences(verdict),
        "unexplained": unexplained(verdict),
        "faults": told.faults + verdict.faults,
        "syncs": told.syncs,
    }


def differences(verdict: Verdict) -> dict[str, str]:
    """What Global's orders come to beyond Severa's invoices, by currency."""
    found: dict[str, Decimal] = {}
    for (_, _, currency), sums in verdict.totals.items():
        off = sums["global"]["net"] - sums["severa"]["net"]
        found[currency] = found.get(currency, Decimal("0.00")) + off
    return {currency: str(off) for currency, off in sorted(found.items())}


def unexplained(verdict: Verdict) -> dict[str, str]:
    """The same without what was listed as edited by users."""
    found = {name: Decimal(off) for name, off in differences(verdict).items()}
    for guid, off in verdict.listed.items():
        found[verdict.currencies[guid]] -= off
    return {currency: str(off) for currency, off in found.items()}


def differing(plain: dict[str, Any], faulty: dict[str, Any]) -> list[str]:
    """Documents whose outcome is another one after a year with faults."""
    one, other = plain["outcomes"], faulty["outcomes"]
    names = sorted({*one, *other})
    wrong = [name for name in names if one.get(name) != other.get(name)]
    return [f"{name}: {one.get(name)} ≠ {other.get(name)}"[:600] for name in wrong]


def report(folder: Path) -> dict[str, Any]:
    """The JSON document of `recon report`."""
    command = [sys.executable, "-m", "recon", "--company", str(folder / "profile.toml"), "--json"]
    done = subprocess.run([*command, "report"], capture_output=True, cwd=ROOT, check=False)
    found: dict[str, Any] = json.loads(done.stdout or b"{}")
    return found


def _show(name: str, found: dict[str, Any]) -> None:
    print(f"== {name}")
    for key, value in found.items():
        if key not in ("syncs", "faults"):
            print(f"{key:32} {value}")
    slowest = max((sync["seconds"] for sync in found["syncs"]), default=0)
    print(f"{'syncs':32} {len(found['syncs'])}, the slowest {slowest} s")
    print(f"{'faults':32} {len(found['faults'])}")
    for text in found["faults"][:SAID]:
        print(f"  {text}")


if __name__ == "__main__":
    sys.exit(main())
