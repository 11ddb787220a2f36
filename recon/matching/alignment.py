"""How well the words of two texts cover each other, for many pairs of records at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from recon.matching.bags import Bags, Elsewhere
from recon.matching.features import Floats, Ints

CHUNK = 1_500_000
"""So many words are held beside each other at once, which bounds the memory."""
LEADING = 2.0
ONE_SLIP, TWO_SLIPS, BEGINNING, INITIAL = 0.9, 0.75, 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Aligned:
    """Per pair: `matched` bits of words found on the other side; per side the words that stand
    `alone` (a slip of the finger in part), and the bits of words that stand in the other record's
    address instead (`placed`)."""

    matched: Floats
    left_alone: Floats
    right_alone: Floats
    left_placed: Floats
    right_placed: Floats


@dataclass(frozen=True, slots=True)
class Side:
    """One side of many pairs: each word, its pair, how alike and how telling its best match is."""

    words: Ints
    pair: Ints
    loud: Floats
    alike: Floats
    worth: Floats


def align(found: Bags, a: Ints, b: Ints, places: Elsewhere | None = None) -> Aligned:
    """Cover the words of records `a` by those of records `b` and back, spelling slips allowed;
    nothing is said of pairs of which one has no words."""
    whole = [np.zeros(len(a)) for _ in fields(Aligned)]
    both = np.flatnonzero((found.lengths[a] > 0) & (found.lengths[b] > 0))
    for some in _chunks(both, found.lengths[a[both]] * found.lengths[b[both]]):
        for target, part in zip(whole, _chunk(found, a[some], b[some], places), strict=True):
            target[some] = part
    return Aligned(*whole)


def _chunks(places: Ints, sizes: Ints) -> Iterator[Ints]:
    """Places in parts of about one size each."""
    if len(places):
        part = np.cumsum(sizes) // CHUNK
        yield from np.split(places, np.flatnonzero(np.diff(part)) + 1)


def _chunk(found: Bags, a: Ints, b: Ints, places: Elsewhere | None) -> tuple[Floats, ...]:
    left, right = _sides(found, a, b)
    left_alone, left_placed = _rest(found, left, b, places)
    right_alone, right_placed = _rest(found, right, a, places)
    matched = np.minimum(*(np.bincount(s.pair, s.worth, minlength=len(a)) for s in (left, right)))
    return matched, left_alone, right_alone, left_placed, right_placed


def _sides(found: Bags, a: Ints, b: Ints) -> tuple[Side, Side]:
    """Every word of the one record is held beside every word of the other."""
    m, n = found.lengths[a], found.lengths[b]
    sizes = m * n
    starts = np.cumsum(sizes) - sizes
    pair = np.repeat(np.arange(len(a)), sizes)
    place = np.arange(len(pair)) - starts[pair]
    i, j = np.divmod(place, n[pair])
    ours = found.codes[found.starts[a][pair] + i]
    theirs = found.codes[found.starts[b][pair] + j]
    alike = similarity(found, ours, theirs)
    worth = alike * np.minimum(found.bits[ours], found.bits[theirs])
    j, i = np.divmod(place, m[pair])
    turned = starts[pair] + i * n[pair] + j
    left_words, left_pair = found.spread(a)
    right_words, right_pair = found.spread(b)
    left = _best(alike, worth, n[left_pair])
    right = _best(alike[turned], worth[turned], m[right_pair])
    return (
        Side(left_words, left_pair, _loud(found, left_words, left_pair), *left),
        Side(right_words, right_pair, _loud(found, right_words, right_pair), *right),
    )


def _loud(found: Bags, words: Ints, pair: Ints) -> Floats:
    """How much it counts that a word stands alone: twice for the first of several words."""
    first = np.concatenate([[True], pair[1:] != pair[:-1]])
    return found.loud[words] * np.where(first, LEADING, 1.0)


def _best(alike: Floats, worth: Floats, sizes: Ints) -> tuple[Floats, Floats]:
    """Per word, the best that any word of the other side does for it."""
    starts = np.cumsum(sizes) - sizes
    return np.maximum.reduceat(alike, starts), np.maximum.reduceat(worth, starts)


def _rest(found: Bags, side: Side, others: Ints, places: Elsewhere | None) -> tuple[Floats, Floats]:
    """Per pair, the words without a match, and the bits of those that the other's address has."""
    alone = (1 - side.alike) * side.loud
    if places is None:
        return np.bincount(side.pair, alone, minlength=len(others)), np.zeros(len(others))
    there = places.holds(side.words, others[side.pair]) & (side.alike < 1)
    bits = np.where(there, found.bits[side.words], 0.0)
    alone = np.where(there, 0.0, alone)
    size = len(others)
    return (
        np.bincount(side.pair, alone, minlength=size),
        np.bincount(side.pair, bits, minlength=size),
    )


def similarity(found: Bags, a: Ints, b: Ints) -> Floats:
    """How alike two words are, 0 to 1: equal, one or two slips, a beginning, an initial."""
    alike: Floats = (a == b).astype(float)
    open_ = np.flatnonzero((a != b) & ~found.exact[a] & ~found.exact[b])
    size = len(found.vocabulary)
    low, high = np.minimum(a[open_], b[open_]), np.maximum(a[open_], b[open_])
    distinct, back = np.unique(low * size + high, return_inverse=True)
    alike[open_] = _spelled(found.vocabulary, distinct // size, distinct % size)[back]
    return alike


def _spelled(words: list[str], a: Ints, b: Ints) -> Floats:
    from rapidfuzz.distance import OSA, Prefix
    from rapidfuzz.process import cpdist

    if not len(a):
        return np.zeros(0)
    lengths = np.array([len(word) for word in words])
    short, long = np.minimum(lengths[a], lengths[b]), np.maximum(lengths[a], lengths[b])
    ours, theirs = [words[i] for i in a.tolist()], [words[i] for i in b.tolist()]
    slips = cpdist(ours, theirs, scorer=OSA.distance, score_cutoff=2, dtype=np.int32)
    begun = cpdist(ours, theirs, scorer=Prefix.similarity, dtype=np.int32)
    alike = np.zeros(len(a))
    alike[(begun == short) & (short <= 2)] = INITIAL
    alike[(begun == short) & (short >= 3)] = BEGINNING
    alike[(slips == 2) & (short >= 7)] = np.where(begun > 0, TWO_SLIPS, 0.5)[
        (slips == 2) & (short >= 7)
    ]
    alike[(slips == 1) & (long >= 4)] = np.maximum(ONE_SLIP - 0.5 / long, 0.75)[
        (slips == 1) & (long >= 4)
    ]
    return alike
