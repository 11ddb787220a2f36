"""`python -m tests.kills.run --all`: every case, on two cores, with a table and a JSON file.

Verdicts are kept as they come, so that an interrupted run goes on where it stopped (--resume).
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from tests.kills import cases as lists
from tests.kills import two
from tests.kills.cases import Case
from tests.kills.companies import SEED, SIZE, Phase, Start, prepare
from tests.kills.harness import Verdict, judge

OUT = Path(__file__).resolve().parent.parent.parent / "bench" / "out" / "kills.json"
SAMPLE = 0.05
TURNED_AWAY_S = 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if every case was judged good and there were enough of them."""
    asked = _asked(arguments)
    with tempfile.TemporaryDirectory(prefix="recon-kills-", ignore_cleanup_errors=True) as scratch:
        folder = asked.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        starts = prepare(folder / "starts", size=asked.size, seed=asked.seed)
        _introduce(starts)
        wanted = lists.make(starts, asked.seed, 1.0 if asked.all else SAMPLE)
        wanted = [case for case in wanted if asked.only in case.name]
        known = _known(asked.out) if asked.resume else {}
        left = [case for case in wanted if case.name not in known]
        for verdict in judged(left, starts, folder, asked.workers):
            known[verdict.case] = verdict.plain()
            _tell(verdict, len(known), len(wanted))
            _save(asked.out, known, asked, time.monotonic() - began)
        whole = asked.all and not asked.only
        at_once = _two_at_once(starts, folder, asked.out) if whole else []
    return 1 if _closed(known, whole=whole) or at_once else 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.kills.run", description=__doc__)
    parser.add_argument("--all", action="store_true", help="all cases, not a sample")
    parser.add_argument("--only", default="", help="cases whose name holds this text")
    parser.add_argument("--resume", action="store_true", help="leave out what OUT holds already")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--size", type=int, default=SIZE, help="customers on each side")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--keep", type=Path, help="a new folder that keeps what went wrong")
    return parser.parse_args(arguments)


def judged(
    wanted: Sequence[Case], starts: dict[Phase, Start], folder: Path, workers: int
) -> Iterator[Verdict]:
    """The verdicts of all cases as they come, `workers` at a time."""
    with ThreadPoolExecutor(workers) as pool:
        futures = [
            pool.submit(judge, case, starts[case.phase], folder / f"case-{at}")
            for at, case in enumerate(wanted)
        ]
        for future in as_completed(futures):
            yield future.result()


def _two_at_once(starts: dict[Phase, Start], folder: Path, out: Path) -> list[str]:
    """Two processes at once, so many times; the figures go into the file beside the cases."""
    pairs, problems = two.at_once(starts["sync"].folder, folder / "two", two.TIMES)
    problems += [text for pair in pairs for text in pair.problems()]
    away = [pair.turned_away.seconds for pair in pairs]
    if max(away) > TURNED_AWAY_S:
        problems.append(f"one was turned away after {max(away)} s, {TURNED_AWAY_S} s are allowed")
    found = {
        "times": len(pairs),
        "turned_away_after_s": {"median": statistics.median(away), "most": max(away)},
        "ran_s": {"median": statistics.median(pair.ran.seconds for pair in pairs)},
        "problems": problems,
    }
    document = json.loads(out.read_text(encoding="utf-8"))
    text = json.dumps({"two_at_once": found, **document}, ensure_ascii=False, indent=1)
    out.write_text(text, encoding="utf-8")
    print(f"two at once: {json.dumps(found, ensure_ascii=False)}")
    return problems


def _introduce(starts: dict[Phase, Start]) -> None:
    for start in starts.values():
        print(
            f"{start.phase}: {start.posts} POSTs, {start.patches} PATCHes, "
            f"{start.effects.get(('store', 'done'), 0)} times `done`, {start.seconds:.1f} s",
            flush=True,
        )


def _tell(verdict: Verdict, count: int, of: int) -> None:
    word = "ok " if not verdict.problems else "BAD"
    doubt = f", {verdict.in_doubt} in doubt" if verdict.in_doubt else ""
    print(f"{count:4}/{of} {word} {verdict.seconds:5.1f} s  {verdict.case}{doubt}", flush=True)
    for text in verdict.problems[:8]:
        print(f"          {text[:400]}", flush=True)


def _known(file: Path) -> dict[str, dict[str, Any]]:
    if not file.exists():
        return {}
    return {v["case"]: v for v in json.loads(file.read_text(encoding="utf-8"))["cases"]}


def _save(
    file: Path, known: dict[str, dict[str, Any]], asked: argparse.Namespace, seconds: float
) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "seed": asked.seed,
        "size": asked.size,
        "seconds": round(seconds, 1),
        **figures(list(known.values())),
        "cases": list(known.values()),
    }
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")


def figures(known: Sequence[dict[str, Any]]) -> dict[str, int]:
    """The numbers that docs/crash_safety.md shows."""
    return {
        "judged": len(known),
        "killed": sum(v["killed"] for v in known),
        "killed_again_while_resuming": sum(v["kills"] > 1 for v in known),
        "killed_between_effect_and_done": sum(v["in_doubt"] > 0 for v in known),
        "answers_lost_without_a_kill": sum(v["happened"] and not v["killed"] for v in known),
        "bad": sum(bool(v["problems"]) for v in known),
    }


def _closed(known: dict[str, dict[str, Any]], *, whole: bool) -> int:
    found = figures(list(known.values()))
    _table(list(known.values()))
    for name, count in found.items():
        print(f"{name.replace('_', ' '):32} {count:5}")
    few = whole and (found["killed"] < 200 or found["killed_between_effect_and_done"] < 100)
    if few:
        print("Too few cases: 200 kills are wanted, 100 of them between effect and `done`")
    return 1 if found["bad"] or few else 0


def _table(known: list[dict[str, Any]]) -> None:
    kinds = sorted({(v["phase"], v["fault"]) for v in known})
    counts = Counter((v["phase"], v["fault"]) for v in known)
    bad = Counter((v["phase"], v["fault"]) for v in known if v["problems"])
    doubt = Counter((v["phase"], v["fault"]) for v in known if v["in_doubt"])
    print(f"\n{'phase':11} {'fault':46} {'cases':>6} {'in doubt':>9} {'bad':>4}")
    for kind in kinds:
        print(f"{kind[0]:11} {kind[1]:46} {counts[kind]:6} {doubt[kind]:9} {bad[kind]:4}")


if __name__ == "__main__":
    sys.exit(main())
