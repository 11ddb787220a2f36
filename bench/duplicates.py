"""Duplicates inside one system: how many are found, how many of them are true, how long it takes.

    python bench/duplicates.py

Lists of made-up Nordic companies (tests/matching/nordic_pairs.py), some of which stand in them a
second time with what goes wrong on the way. Chains, companies of one owner and shared mailboxes are
in them. The table goes to stdout.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.matching.doubled import Doubled, doubled, groups  # noqa: E402
from tests.matching.nordic_pairs import HARD, TEST  # noqa: E402

CASES = {
    "5,000 with 150 doubles": lambda: doubled(101, 5_000, 150, TEST),
    "5,000 with 150 doubles, hard": lambda: doubled(103, 5_000, 150, HARD),
    "20,000 with 600 doubles": lambda: doubled(102, 20_000, 600, TEST),
}
BANDS = (("sure",), ("sure", "likely"), ("sure", "likely", "possible"))


def figures(name: str, made: Doubled) -> Iterable[str]:
    """One row per band, and those above it."""
    start = time.perf_counter()
    found = groups(made.records)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for bands in BANDS:
        got = made.pairs(one for one in found if one.band in bands)
        true = len(got & made.truth)
        shares = f"{true / max(len(got), 1):.3f} | {true / len(made.truth):.3f}"
        yield f"| {name} | {bands[-1]} | {len(got)} | {shares} | {seconds:.1f} | {peak} |"


def main() -> None:
    print("| list | band, and those above | pairs | precision | recall | seconds | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, make in CASES.items():
        for row in figures(name, make()):
            print(row, flush=True)


if __name__ == "__main__":
    main()
