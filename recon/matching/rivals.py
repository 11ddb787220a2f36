"""From evidence to pairs: candidates compete, a tie is left open, everyone has one partner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recon.matching.features import Flags, Floats, Ints

OVERLAP = 0.35
"""The share of the larger table that has a partner, as long as nothing is known."""
SEEMING, GRANTED, LEAST, MOST = 0.1, 20, 0.005, 0.7
ROUNDS = (0.99, 0.9, 0.8, 0.7, 0.6, 0.5)
CLEAR = 2
"""So many rounds are decided before what is left is looked at as such."""
MOST_BITS = 40.0
POOR = 0.1
"""For each clear pair there are so many more whose evidence is poor."""
LOSS, GAIN = -0.7, 0.65
"""Bits that a pair may lose by how many others are left for its records, and the share of the
bits of the whole table that it may gain."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Per pair: how probable it is beside its rivals, and whether it is the one that is taken."""

    score: Floats
    taken: Flags


def settle(
    a: Ints, b: Ints, bits: Floats, sizes: tuple[int, int] | None, gained: float = 0.0
) -> Settled:
    """Take the clearest pairs first; what they leave competes anew without them. `sizes` are those
    of the tables, None where partners are looked for in small groups; `gained` is what the bits
    have gained already because many records have a partner."""
    score = _beside_rivals(a, b, _odds(bits))
    taken = np.zeros(len(a), dtype=bool)
    for at, least in enumerate(ROUNDS):
        while True:
            free = ~(np.isin(a, a[taken]) | np.isin(b, b[taken]))
            more = _change(sizes, int(taken.sum()), gained) if sizes and at >= CLEAR else 0.0
            now = _beside_rivals(a, b, np.where(free, _odds(bits + more), 0.0))
            score = np.where(free, now, score)
            new = free & (now >= least) & (now > 0.5)
            if not new.any():
                break
            taken |= new
    return Settled(score, taken)


def partnered(settled: Settled, sizes: tuple[int, int]) -> float:
    """The share of the smaller table that seems to have a partner; a few records change little of
    what is taken for granted."""
    found = float(settled.score[settled.score >= SEEMING].sum())
    return float(np.clip((found + GRANTED * OVERLAP) / (min(sizes) + GRANTED), LEAST, MOST))


def _odds(bits: Floats) -> Floats:
    odds: Floats = np.exp2(np.clip(bits, -MOST_BITS, MOST_BITS))
    return odds


def _change(sizes: tuple[int, int], taken: int, gained: float) -> float:
    """How the odds of any pair have changed since clear pairs were taken: fewer records are left to
    choose from, and fewer of them have a partner at all."""
    left, right = (max(size - taken, 1) for size in sizes)
    expected = min(max(POOR * taken, 1.0), 0.7 * min(left, right))
    before = np.log2(OVERLAP / max(sizes))
    most = GAIN * np.log2(max(sizes)) - max(gained, 0.0)
    return float(np.clip(np.log2(expected / (left * right)) - before, LOSS, most))


def _beside_rivals(a: Ints, b: Ints, odds: Floats) -> Floats:
    """Each pair's odds against those of all pairs of either of its records, and against none."""
    ours = np.bincount(a, odds, minlength=1)[a] if len(a) else odds
    theirs = np.bincount(b, odds, minlength=1)[b] if len(b) else odds
    beside: Floats = odds / (1.0 + np.maximum(ours, theirs))
    return beside
