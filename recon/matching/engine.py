"""Proposes which records of two tables are the same: one code for every kind of record.

Pure and deterministic: candidates that share something rare, bits of evidence per field, rivals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from recon.matching import fields as compared
from recon.matching.bags import texts
from recon.matching.candidates import candidates
from recon.matching.features import Features, Flags, Floats, Ints, Table, features
from recon.matching.reasons import around, reasons
from recon.matching.rivals import OVERLAP, Settled, partnered, settle
from recon.settings_matching import Weights
from recon.shapes import Band, Evidence

BANDS: tuple[tuple[float, Band], ...] = ((0.995, "sure"), (0.9, "likely"), (0.0, "possible"))
OPEN = 0.15
"""A pair of a tie is shown if it has this share of its records' odds."""
NEAR, MOST_RIVALS = 6.0, 3
"""Another candidate is a rival if it lies no more than so many bits below the pair."""


@dataclass(frozen=True, slots=True)
class Match:
    """A pair that is proposed: its probability, band, evidence per field, and other candidates.

    `taken` says that it is the one partner of both; an open one is part of a tie.
    """

    left: str
    right: str
    score: float
    band: Band
    evidence: tuple[Evidence, ...]
    rivals: tuple[str, ...]
    taken: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """All candidate pairs with what is known of each."""

    found: Features
    a: Ints
    b: Ints
    said: Mapping[str, Floats]
    bits: Floats
    start: float
    settled: Settled

    @property
    def codes(self) -> Ints:
        """One number per pair."""
        return self.a * self.found.count + self.b


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs by their ids: those that are told of in any case, and those that are never."""

    always: Collection[tuple[str, str]] = ()
    never: Collection[tuple[str, str]] = ()


NONE = Pairs()


def propose(left: Table, right: Table, weights: Weights, pairs: Pairs = NONE) -> list[Match]:
    """Pairs of records of two tables with an `id` and any of the known columns, the surest first.

    Every record has one partner at most; of a tie all pairs are given, none of them taken."""
    every = compare(left, right, weights, pairs)
    rivals = _rivals(every)
    shown = _shown(every) | np.isin(every.codes, _codes(pairs.always, every.found))
    matches = [_match(every, rivals, int(at)) for at in np.flatnonzero(shown)]
    return sorted(matches, key=lambda match: (-match.score, match.left, match.right))


def compare(left: Table, right: Table, weights: Weights, pairs: Pairs = NONE) -> Compared:
    """Every candidate pair, its evidence, and which are taken."""
    found = features(left, right)
    words = texts(found)
    if not found.named:
        weights = weights.nameless()
    a, b = _named(pairs, found, candidates(found, words))
    said = compared.evidence(found, words, (a, b), weights)
    start = -compared.prior(found)
    bits = compared.combined(said) + start
    sizes = None if found.grouped else found.sizes
    settled = settle(a, b, bits, sizes)
    if sizes:
        more = float(np.log2(partnered(settled, sizes) / OVERLAP))
        bits, start = bits + more, start + more
        settled = settle(a, b, bits, sizes, more)
    return Compared(found, a, b, said, bits, start, settled)


def _codes(pairs: Collection[tuple[str, str]], found: Features) -> Ints:
    """One number per pair of ids."""
    left = {key: at for at, key in enumerate(found.ids[: found.left])}
    right = {key: at for at, key in enumerate(found.ids[found.left :], found.left)}
    codes = [left[a] * found.count + right[b] for a, b in pairs if a in left and b in right]
    return np.array(sorted(codes), dtype=np.int64)


def _named(pairs: Pairs, found: Features, some: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """The candidates, with the pairs that are always told of and without those that never are."""
    codes = np.union1d(some[0] * found.count + some[1], _codes(pairs.always, found))
    codes = np.setdiff1d(codes, _codes(pairs.never, found))
    return codes // found.count, codes % found.count


def _shown(every: Compared) -> Flags:
    """The pairs that are taken, and of records without partner those that only rivals keep from
    being taken."""
    a, b, taken = every.a, every.b, every.settled.taken
    free = ~(np.isin(a, a[taken]) | np.isin(b, b[taken]))
    return taken | (free & (every.bits > 0) & (every.settled.score >= OPEN))


def _match(every: Compared, rivals: Mapping[int, list[int]], at: int) -> Match:
    ids = every.found.ids
    a, b = int(every.a[at]), int(every.b[at])
    score, taken = float(every.settled.score[at]), bool(every.settled.taken[at])
    bits = float(every.bits[at])
    evidence = reasons(every.found, (a, b), every.said, at)
    start, others = around(every.start, bits, score)
    return Match(
        left=ids[a],
        right=ids[b],
        score=min(round(score, 4), 0.9999),
        band=band(score) if taken else _open(bits),
        evidence=(start, *evidence, others),
        rivals=tuple(ids[r] for r in _near(every, rivals, at)),
        taken=taken,
    )


def band(score: float) -> Band:
    """The band of a probability."""
    return next(name for least, name in BANDS if score >= least)


def _open(bits: float) -> Band:
    """A tie is never sure; it is likely that one of its pairs is right if each would be alone."""
    return "likely" if bits >= np.log2(9) else "possible"


def _rivals(every: Compared) -> dict[int, list[int]]:
    """The places of all pairs that are more likely than not by themselves, or nearly, by record."""
    found: dict[int, list[int]] = defaultdict(list)
    for at in np.flatnonzero(every.bits > -NEAR / 2).tolist():
        found[int(every.a[at])].append(at)
        found[int(every.b[at])].append(at)
    return found


def _near(every: Compared, rivals: Mapping[int, list[int]], at: int) -> list[int]:
    a, b = int(every.a[at]), int(every.b[at])
    least = every.bits[at] - NEAR
    near = [
        (-float(every.bits[place]), int(others[place]))
        for own, others in ((a, every.b), (b, every.a))
        for place in rivals.get(own, ())
        if place != at and every.bits[place] >= least
    ]
    return [record for _, record in sorted(near)[:MOST_RIVALS]]
