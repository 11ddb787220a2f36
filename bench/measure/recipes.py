"""What other tools' own documents say how to link, on the same tables: pairs with a score each.

Splink and recordlinkage get the normal forms that their documents recommend (lower case, no
punctuation); Splink with weights by hand gets ours, so that only the engine differs.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from recon.matching.features import features
from recon.settings_matching import Kind, Matching

Scored = list[tuple[float, str, str]]
COMPANY = ("name", "number", "organisation_number", "email", "phone", "street", "postcode", "city")
PERSON = ("first_name", "last_name", "street", "postcode", "city", "birth_date")


@dataclass(frozen=True)
class Task:
    """Two tables to link and the truth."""

    name: str
    kind: Kind
    left: Mapping[str, list[Any]]
    right: Mapping[str, list[Any]]
    truth: set[tuple[str, str]]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that are compared."""
        names = COMPANY if self.kind == "company" else PERSON
        return tuple(name for name in names if name in self.left)


def persons(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """A Febrl frame under our names, without the social security number and the state."""
    whole = frame.reset_index()
    streets = zip(whole["street_number"], whole["address_1"], strict=True)
    joined = [" ".join(str(part) for part in row if pd.notna(part)) or None for row in streets]
    names = {
        "id": "rec_id",
        "first_name": "given_name",
        "last_name": "surname",
        "postcode": "postcode",
        "city": "suburb",
        "birth_date": "date_of_birth",
    }
    found = {
        ours: [None if pd.isna(v) else str(v) for v in whole[name]] for ours, name in names.items()
    }
    return {**found, "street": joined}


def frames(task: Task) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables in lower case without punctuation, numbers as digits."""
    return _plain(task.left, task.fields), _plain(task.right, task.fields)


def _plain(table: Mapping[str, list[Any]], names: tuple[str, ...]) -> pd.DataFrame:
    digits = ("organisation_number", "phone", "postcode", "birth_date")
    found: dict[str, list[Any]] = {"unique_id": list(table["id"])}
    for name in names:
        dropped = r"\D" if name in digits else r"[^\w@ ]"
        texts = [re.sub(dropped, "", str(v or "").lower()).strip() for v in table[name]]
        found[name] = [value[-8:] if name == "phone" else value for value in texts]
    return pd.DataFrame(found).replace("", None)


# --- the plain baseline -----------------------------------------------------------------------


def token_sort(task: Task) -> Scored:
    """All fields as one text, RapidFuzz's token_sort_ratio of all pairs, the best ten of each."""
    left, right = (
        [" ".join(str(v) for v in row if v) for row in frame[list(task.fields)].itertuples(False)]
        for frame in (f.astype(object).where(f.notna(), None) for f in frames(task))
    )
    found: Scored = []
    for start in range(0, len(left), 1_000):
        some = left[start : start + 1_000]
        scores = process.cdist(
            some, right, scorer=fuzz.token_sort_ratio, dtype=np.float32, workers=-1
        )
        best = np.argpartition(-scores, min(10, scores.shape[1] - 1), axis=1)[:, :10]
        for at, places in enumerate(best):
            key = task.left["id"][start + at]
            found += [(float(scores[at, j]), key, task.right["id"][j]) for j in places]
    return found


# --- recordlinkage ----------------------------------------------------------------------------


def recordlinkage(task: Task) -> Scored:
    """As its documents link Febrl: block on a name, texts by likeness, the rest exact, the sum of
    the agreements is the score. (Its Jaro-Winkler does not run with today's jellyfish.)"""
    import recordlinkage as rl

    left, right = (frame.set_index("unique_id") for frame in frames(task))
    indexer, comparer = rl.Index(), rl.Compare()
    for name in ("name", "first_name", "last_name", "birth_date"):
        if name in task.fields:
            indexer.block(name)
    if task.kind == "company":
        for name in sorted({"organisation_number", "postcode"} & set(task.fields)):
            indexer.block(name)
    for name in task.fields:
        if name in ("name", "first_name", "last_name", "street", "city"):
            comparer.string(name, name, method="damerau_levenshtein", threshold=0.75)
        else:
            comparer.exact(name, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scores = comparer.compute(indexer.index(left, right), left, right).sum(axis=1)
    return [(float(score), a, b) for (a, b), score in scores.items()]


# --- Splink -----------------------------------------------------------------------------------


def splink_trained(task: Task) -> Scored:
    """As its documents link persons and companies: library comparisons, u by sampling, m by EM."""
    import splink.comparison_library as cl
    from splink import block_on

    exact = ("number", "organisation_number", "email", "phone", "postcode", "city", "birth_date")
    comparisons = [
        cl.ExactMatch(name).configure(term_frequency_adjustments=True)
        if name in exact
        else cl.JaroWinklerAtThresholds(name, [0.9, 0.8]).configure(term_frequency_adjustments=True)
        for name in task.fields
    ]
    linker = _linker(task, frames(task), comparisons)
    strict = ("organisation_number", "email", "birth_date", "name")
    rules = [block_on(name) for name in strict if name in task.fields]
    rules = rules or [block_on("last_name", "postcode")]
    linker.training.estimate_probability_two_random_records_match(rules, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    blocks = ("name", "postcode") if task.kind == "company" else ("birth_date", "postcode")
    for name in sorted(set(blocks) & set(task.fields)) if len(task.fields) > 1 else ():
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(name))
    return _predicted(linker)


def splink_by_hand(task: Task) -> Scored:
    """Our normal forms and our weights, as far as Splink's levels can say them."""
    import splink.comparison_library as cl

    found = features(task.left, task.right)
    weights = Matching().of(task.kind)
    columns: dict[str, Any] = {"unique_id": found.ids}
    for name in (
        "number",
        "organisation_number",
        "email",
        "phone",
        "street",
        "postcode",
        "city",
        "birth_date",
    ):
        columns[name] = [value or None for value in found.columns[name].values]
    columns["name"] = [" ".join(sorted(words)) or None for words in found.words["name"]]
    whole = pd.DataFrame(columns)
    tables = whole[: found.left], whole[found.left :]
    used = [name for name in (*columns,) if name != "unique_id" and whole[name].notna().any()]
    comparisons = []
    for name in used:
        weight = weights[name]
        levels = (0.9,) if name in ("name", "street", "city") else (0.96,)
        bits = [weight.equal, weight.alike, weight.different]
        u = [min(0.4, 2.0 ** -max(b, 1)) for b in bits[:2]]
        m = [min(0.9, u[0] * 2 ** bits[0]), min(0.08, u[1] * 2 ** bits[1])]
        rest = (1 - sum(m), 1 - sum(u))
        comparisons.append(
            cl.JaroWinklerAtThresholds(name, list(levels)).configure(
                m_probabilities=[*m, max(rest[0], 2.0 ** bits[2] * rest[1])],
                u_probabilities=[*u, rest[1]],
                term_frequency_adjustments=True,
            )
        )
    return _predicted(_linker(task, tables, comparisons, tuple(used)))


def _linker(
    task: Task,
    tables: tuple[pd.DataFrame, pd.DataFrame],
    comparisons: list[Any],
    used: tuple[str, ...] = (),
) -> Any:
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    names = used or task.fields
    rules = [block_on(name) for name in names if name not in ("postcode", "city")]
    first = "name" if "name" in names else "last_name"
    rules.append(block_on(*(["postcode"] if "postcode" in names else []), f"substr({first}, 1, 3)"))
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
        probability_two_random_records_match=0.35 / len(task.left["id"]),
    )
    api = DuckDBAPI()
    sides = [api.register(frame, dataset_display_name=name)
             for frame, name in zip(tables, ("a_left", "b_right"), strict=True)]  # fmt: skip
    return Linker(sides, settings, log_level="ERROR")


def _predicted(linker: Any) -> Scored:
    found = linker.inference.predict(threshold_match_weight=-10).as_pandas_dataframe()
    return list(
        zip(found["match_weight"].tolist(), found["unique_id_l"], found["unique_id_r"], strict=True)
    )
