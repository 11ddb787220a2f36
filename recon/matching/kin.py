"""What different records of one table have in common: so much, and no more, kin share.

People of one household and companies of one owner have address, telephone or mailbox in common and
often a word of the name. How many there are, each table tells of itself: whatever two of its
records share does not make them the same. So these counts bound what it can say across tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from recon.matching.bags import Bags, Texts
from recon.matching.features import Features, Flags, Floats, Ints

LARGEST = 30
"""Groups of more records of one table than this are looked at in part."""
UNSEEN = 30
"""So many records more are reckoned with, so that a short list says something."""
NEIGHBOURS = 0.05
"""The share of records that are assumed to have another one in their street."""
TELLING = 4.0
"""A word of the name counts as shared if it says so many bits."""
NAME, PHONE, EMAIL, DOMAIN, STREET, NUMBER, HOUSE = (2**at for at in range(7))
COMBINATIONS = 2**7


@dataclass(frozen=True, slots=True)
class Kin:
    """Per combination of shared things (a sum of NAME, PHONE and so on) the most bits that
    they can say together of two records that are called differently."""

    most: Floats
    numbers: Ints
    houses: Ints

    def neighbours(self, a: Ints, b: Ints) -> Ints:
        """What the addresses of pairs in one street have in common: the house, its number without
        the letter, or no more than the street. A missing number is no other one."""
        unknown = (self.numbers[a] < 0) | (self.numbers[b] < 0)
        number = unknown | (self.numbers[a] == self.numbers[b])
        house = unknown | (self.houses[a] == self.houses[b])
        common: Ints = STREET + NUMBER * number + HOUSE * (number & house)
        return common


def kin(found: Features, words: Texts, assumed: float) -> Kin:
    """Count kin inside each table; `assumed` is the share of records that have some even if none
    are seen, so that a short list makes nothing certain."""
    counts, pairs = np.zeros(COMBINATIONS), 0.0
    keys = shared_things(found)
    for start, size in ((0, found.left), (found.left, found.count - found.left)):
        own = {thing: codes[start : start + size] for thing, codes in keys.items()}
        counts += _counted(own, start, found, words.name)
        pairs += (size + UNSEEN) * (size + UNSEEN - 1) / 2
    things = np.arange(COMBINATIONS)
    neighbours = ((things & STREET) > 0) & ((things & NUMBER) == 0)
    sure = 0.5 + assumed * found.count + NEIGHBOURS * neighbours * (found.count + 2 * UNSEEN)
    share = (counts + sure) / pairs
    most = np.maximum(-np.log2(np.minimum(share, 1.0)), 0.0)
    return Kin(most, found.numbers, found.houses)


def shared_things(found: Features) -> dict[int, Ints]:
    """Codes of what records may have in common, -1 for nothing: contacts, and in one town the
    street, the house number, and the whole address."""
    columns = {PHONE: "phone", EMAIL: "email", DOMAIN: "email_domain"}
    things = {thing: found.columns[name].codes for thing, name in columns.items()}
    towns = _towns(found)
    parts = [(STREET, found.streets), (NUMBER, found.numbers), (HOUSE, found.houses)]
    before = towns
    for thing, codes in parts:
        size = int(codes.max(initial=0)) + 2
        known = (before >= 0) & (codes >= 0)
        _, before = np.unique(np.where(known, before * size + codes, -1), return_inverse=True)
        before = np.where(known, before, -1)
        things[thing] = before
    return things


def _towns(found: Features) -> Ints:
    """A code per town: its name, else its postcode."""
    cities, codes = found.columns["city"].codes, found.columns["postcode"].codes
    size = int(cities.max(initial=0)) + 1
    return np.where(cities >= 0, cities, np.where(codes >= 0, size + codes, -1))


def _counted(keys: Mapping[int, Ints], start: int, found: Features, names: Bags) -> Floats:
    """How many pairs of one table share each combination, or more."""
    parts = {thing: _pairs(codes) for thing, codes in keys.items()}
    every = np.unique(np.concatenate([pairs for pairs, _ in parts.values()]))
    shared, stands_for = np.zeros(len(every), dtype=np.int64), np.ones(len(every))
    for thing, (pairs, weights) in parts.items():
        at = np.searchsorted(every, pairs)
        shared[at] |= thing
        stands_for[at] = np.maximum(stands_for[at], weights)
    one, two = np.divmod(every, len(next(iter(keys.values()))) + 1)
    one, two = one + start, two + start
    shared |= NAME * shares_word(names, one, two)
    called = found.columns["name"].codes
    other = (called[one] != called[two]) | (called[one] < 0)
    exact = np.bincount(shared[other], stands_for[other], minlength=COMBINATIONS)
    places = np.arange(COMBINATIONS)
    return np.array([exact[(places & it) == it].sum() for it in places])


def _pairs(codes: Ints) -> tuple[Ints, Floats]:
    """A number per pair of records with an equal code; of large groups only neighbours, and for how
    many pairs each stands."""
    filled = np.flatnonzero(codes >= 0)
    order = filled[np.argsort(codes[filled], kind="stable")]
    ordered = codes[order]
    sizes = np.bincount(ordered) if len(ordered) else ordered
    numbers: list[Ints] = [np.zeros(0, dtype=np.int64)]
    weights: list[Floats] = [np.zeros(0)]
    for step in range(1, min(LARGEST, len(order))):
        same = np.flatnonzero(ordered[step:] == ordered[:-step])
        a, b = order[same], order[same + step]
        numbers.append(np.minimum(a, b) * (len(codes) + 1) + np.maximum(a, b))
        weights.append(np.maximum(sizes[ordered[same]] / (2.0 * LARGEST), 1.0))
    return np.concatenate(numbers), np.concatenate(weights)


def shares_word(names: Bags, a: Ints, b: Ints) -> Flags:
    """Whether two records have a telling word of their names in common."""
    size = len(names.vocabulary) + 1
    telling = names.bits[names.codes] >= TELLING
    keys = np.unique(names.records[telling] * size + names.codes[telling])
    codes, owner = names.spread(a)
    at = np.searchsorted(keys, wanted := b[owner] * size + codes)
    held = keys[np.minimum(at, max(len(keys) - 1, 0))] == wanted if len(keys) else at < 0
    return np.bincount(owner, held, minlength=len(a)) > 0
