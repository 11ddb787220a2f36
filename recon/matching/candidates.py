"""Which pairs are worth comparing: those that share something rare, whatever field it is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from recon.matching.bags import Bags, Texts
from recon.matching.features import Features, Floats, Ints

LARGEST = 1_000
"""The most pairs that one shared thing may suggest by itself."""
FEW = 50_000
"""So many pairs are all compared."""
BUDGET = 4_000_000
KEPT = 12
"""For each record the best so many."""
ALIKE = {"c": "k", "q": "k", "z": "s", "w": "v", "x": "ks"}
SOUNDS = str.maketrans({**ALIKE, **dict.fromkeys("aeiouyh", "")})
FIELDS = {
    "organisation_number": 3.0,
    "email": 2.0,
    "phone": 2.0,
    "birth_date": 1.0,
    "number": 1.0,
    "email_domain": 1.0,
    "name": 1.0,
}
"""How much an equal value of a field counts when candidates are chosen."""


@dataclass(frozen=True, slots=True)
class Keys:
    """One kind of shared thing: codes, the records that have them, and how much it counts."""

    codes: Ints
    records: Ints
    counts: float = 1.0


def candidates(found: Features, words: Texts) -> tuple[Ints, Ints]:
    """Pairs (left record, right record) that may be the same, in a fixed order."""
    if not all(found.sizes):
        none = np.zeros(0, dtype=np.int64)
        return none, none
    if found.left * (found.count - found.left) <= FEW and not found.grouped:
        every = np.arange(found.left * (found.count - found.left))
        left, right = np.divmod(every, found.count - found.left)
        return left, right + found.left
    left, right, bits = _suggested(list(_keys(found, words)), found)
    if found.grouped:
        groups = found.within.codes
        same = (groups[left] == groups[right]) & (groups[left] >= 0)
        left, right, bits = left[same], right[same], bits[same]
    return _strongest(left, right, bits, found)


# --- what records share -----------------------------------------------------------------------


def _keys(found: Features, words: Texts) -> Iterator[Keys]:
    names, streets = words.name, words.street
    for name, counts in FIELDS.items():
        yield _column(found, name, counts)
    yield Keys(names.codes, names.records)
    for form in (_first, _last, _sound):
        yield _formed(names, form)
    yield _couples(names)
    for name in ("postcode", "city", "birth_date"):
        yield _joined(names, found.columns[name].codes, 0.5)
    if not found.named:
        yield from _addresses(found, streets)
    yield _couples(streets)
    for name in ("postcode", "city"):
        yield _joined(streets, found.columns[name].codes, 0.8)
    yield Keys(words.description.codes, words.description.records, 0.5)
    yield Keys(words.linked.codes, words.linked.records)
    inside = np.flatnonzero(found.within.filled)
    yield Keys(found.within.codes[inside], inside)
    yield from _whole(found)


def _addresses(found: Features, streets: Bags) -> Iterator[Keys]:
    """What addresses share beside couples of words: a word, its beginning, the postal place."""
    yield Keys(streets.codes, streets.records, 0.6)
    yield _formed(streets, _first)
    towns, codes = found.columns["city"].codes, found.columns["postcode"].codes
    filled = np.flatnonzero((towns >= 0) & (codes >= 0))
    size = int(codes.max(initial=0)) + 1
    yield Keys(towns[filled] * size + codes[filled], filled, 0.8)


def _column(found: Features, name: str, counts: float) -> Keys:
    codes = found.columns[name].codes
    filled = np.flatnonzero(codes >= 0)
    return Keys(codes[filled], filled, counts)


def _first(word: str) -> str:
    return word[:4] if len(word) > 3 else ""


def _last(word: str) -> str:
    return word[-4:] if len(word) > 3 else ""


def _sound(word: str) -> str:
    """The consonants, those that sound alike made one, doubles single."""
    plain = word[:1] + word[1:].translate(SOUNDS)
    once = "".join(c for at, c in enumerate(plain) if c != plain[at - 1 : at])
    return once if len(once) > 2 else ""


def _formed(found: Bags, form: Callable[[str], str]) -> Keys:
    known: dict[str, int] = {"": -1}
    forms = [known.setdefault(form(word), len(known)) for word in found.vocabulary]
    codes = np.array(forms, dtype=np.int64)[found.codes]
    filled = codes >= 0
    return Keys(codes[filled], found.records[filled], 0.4)


def _coded(values: list[str]) -> Keys:
    """Parts of texts written as one word; short ones do not count."""
    known: dict[str, int] = {}
    codes = np.array([known.setdefault(v, len(known)) if len(v) > 6 else -1 for v in values])
    filled = np.flatnonzero(codes >= 0)
    return Keys(codes[filled].astype(np.int64), filled, 0.4)


def _whole(found: Features) -> Iterator[Keys]:
    """The beginning and the end of the name as one word; its beginning in an e-mail domain."""
    names, domains = found.columns["name"].values, found.columns["email_domain"].values
    yield _coded([name[:7] for name in names])
    yield _coded([name[-7:] for name in names])
    begun = _coded([value[:7] for value in (*names, *domains)])
    yield Keys(begun.codes, begun.records % found.count, begun.counts)


def _couples(found: Bags) -> Keys:
    """Two words of one record, side by side or with one between."""
    size, last = len(found.vocabulary) + 1, len(found.codes)
    parts = []
    for step in (1, 2):
        here = np.arange(max(last - step, 0))
        here = here[found.records[here] == found.records[here + step]]
        one, two = found.codes[here], found.codes[here + step]
        codes = np.minimum(one, two) * size + np.maximum(one, two)
        parts.append((codes, found.records[here]))
    codes, records = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Keys(codes, records, 0.6)


def _joined(found: Bags, codes: Ints, counts: float) -> Keys:
    """A word together with the record's postcode, city or birth date."""
    there = codes[found.records]
    filled = there >= 0
    size = int(codes.max(initial=0)) + 1
    return Keys(found.codes[filled] * size + there[filled], found.records[filled], counts)


# --- pairs ------------------------------------------------------------------------------------


def _suggested(kinds: list[Keys], found: Features) -> tuple[Ints, Ints, Floats]:
    """Pairs that share a key, and how rare it is; the rarest first if there are too many."""
    parts = [part for keys in kinds if (part := _met(keys, found)) is not None]
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros(0)
    left, right, bits = (np.concatenate(column) for column in zip(*parts, strict=True))
    if len(left) > BUDGET:
        best = np.argsort(-bits, kind="stable")[:BUDGET]
        left, right, bits = left[best], right[best], bits[best]
    return left, right, bits


def _met(keys: Keys, found: Features) -> tuple[Ints, Ints, Floats] | None:
    codes, back = np.unique(keys.codes, return_inverse=True)
    ours = keys.records < found.left
    m = np.bincount(back[ours], minlength=len(codes))
    n = np.bincount(back[~ours], minlength=len(codes))
    kept = (m > 0) & (n > 0) & (m * n <= LARGEST)
    if not kept.any():
        return None
    left = _grouped(back[ours], keys.records[ours])
    right = _grouped(back[~ours], keys.records[~ours])
    first, second = np.cumsum(m) - m, np.cumsum(n) - n
    sizes = np.where(kept, m * n, 0)
    key = np.repeat(np.arange(len(codes)), sizes)
    place = np.arange(len(key)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    i, j = np.divmod(place, n[key])
    rare = np.log2(found.count + 1.0) - 0.5 * np.log2(m[key] * n[key])
    return left[first[key] + i], right[second[key] + j], keys.counts * rare


def _grouped(codes: Ints, records: Ints) -> Ints:
    return records[np.argsort(codes, kind="stable")]


def _strongest(left: Ints, right: Ints, bits: Floats, found: Features) -> tuple[Ints, Ints]:
    """The pairs that share most, a few per record of either side."""
    pairs, back = np.unique(left * found.count + right, return_inverse=True)
    worth = np.bincount(back, bits, minlength=len(pairs))
    a, b = pairs // found.count, pairs % found.count
    kept = (_rank(a, worth) < KEPT) | (_rank(b, worth) < KEPT)
    return a[kept], b[kept]


def _rank(records: Ints, worth: Floats) -> Ints:
    """The place of each pair among its record's, the strongest being 0."""
    order = np.lexsort((np.arange(len(records)), -worth, records))
    ordered = records[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    sizes = np.diff(np.concatenate([starts, [len(ordered)]]))
    rank = np.empty(len(records), dtype=np.int64)
    rank[order] = np.arange(len(ordered)) - np.repeat(starts, sizes)
    return rank
