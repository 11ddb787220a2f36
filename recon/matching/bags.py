"""The words of a text column as arrays: which record has which, and how much an equal word says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recon.matching.features import QUIET, Features, Flags, Floats, Ints, Tokens
from recon.places import STREET_NAMES

SHORTEST, LONG = 3, 6
WORLD = 1000
"""So many records more are taken for granted, so that a word of a short list is not called rare."""
EVERYDAY = frozenset(
    "bygg byg rakennus elektro el ror vvs putki data it media consult consulting konsult radgivning"
    " regnskap eiendom eiendommer fastigheter ejendomme holding invest drift service services"
    " transport maskin norge sverige danmark suomi norway sweden norsk svensk dansk nordic nordisk"
    " scandinavia international group gruppen entreprenor entreprenad arkitekter advokatfirma"
    " advokat handel trading hotel hotell restaurant cafe kafe the of de la le du i av for prosjekt"
    " project projekt drift vedlikehold diverse avdeling system systemer solutions team design"
    " teknikk teknik energi kontor office stiftelsen kommune skole new software microsoft".split()
)
GROUP = frozenset(
    "holding eiendom eiendommer invest drift utleie fastigheter forvaltning ejendomme kiinteistot"
    " finans kapital group gruppen konsern service montasje produksjon salg international"
    " property properties ejendomsselskab kiinteisto kiinteistoyhtio verwaltung immobilien"
    " vastgoed ventures capital".split()
)

STREET_WORDS = frozenset(STREET_NAMES.values()) | frozenset(
    "katu tie kuja polku torg plads s".split()
)


@dataclass(frozen=True, slots=True)
class Bags:
    """Words per record as codes: record r has `codes[starts[r]:starts[r + 1]]`.

    `bits` says per word how rare it is: the most that its being equal can say. `loud` says how
    much it counts that a word stands on one side alone. `exact` words are equal or are not.
    """

    vocabulary: list[str]
    codes: Ints
    starts: Ints
    bits: Floats
    loud: Floats
    exact: Flags

    @property
    def lengths(self) -> Ints:
        """How many words each record has."""
        return np.diff(self.starts)

    @property
    def records(self) -> Ints:
        """The record of each word."""
        return np.repeat(np.arange(len(self.starts) - 1), self.lengths)

    def spread(self, chosen: Ints) -> tuple[Ints, Ints]:
        """The words of these records, and for each the place of its record among the chosen."""
        sizes = self.lengths[chosen]
        owner = np.repeat(np.arange(len(chosen)), sizes)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return self.codes[self.starts[chosen][owner] + place], owner


def bags(rows: Sequence[Tokens], quiet: frozenset[str] = QUIET) -> Bags:
    """The words of all records; it counts little if a `quiet` one stands on one side alone."""
    known: dict[str, int] = {}
    codes = np.array([known.setdefault(w, len(known)) for row in rows for w in row], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    words = list(known)
    used = np.bincount(codes, minlength=len(words))
    bits = np.log2((len(rows) + WORLD) / (used + 1.0))
    everyday = _among(words, EVERYDAY | quiet)
    bits[everyday] = np.minimum(bits[everyday], 3.0)
    loud = np.ones(len(words))
    loud[_nearly(words, GROUP)] = 5.0
    loud[_among(words, quiet)] = 0.15
    exact = has_digit(words)
    loud[exact] = 2.0
    return Bags(words, codes, starts, bits, loud, exact)


def _among(words: Sequence[str], some: frozenset[str]) -> Flags:
    return np.array([word in some for word in words], dtype=bool)


def _nearly(words: Sequence[str], some: frozenset[str]) -> Flags:
    """Which words are some of these, or of long ones the beginning or a slip of the finger away."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    near = _among(words, some)
    known = sorted(word for word in some if len(word) >= LONG)
    places = [at for at, word in enumerate(words) if len(word) >= LONG - 1]
    slips = cdist([words[at] for at in places], known, scorer=OSA.distance, score_cutoff=1)
    near[np.array(places, dtype=np.int64)[(slips <= 1).any(axis=1)]] = True
    begun = frozenset(word[:at] for word in known for at in range(SHORTEST, len(word)))
    near |= _among(words, begun)
    return near


def has_digit(words: Sequence[str]) -> Flags:
    """Which words hold a digit."""
    return np.array([any(c.isdigit() for c in word) for word in words], dtype=bool)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Which words of one column stand in another column of a record."""

    codes: Ints
    keys: Ints
    size: int

    def holds(self, words: Ints, records: Ints) -> Flags:
        """Per word, whether the record beside it has it in the other column."""
        there = self.codes[words]
        wanted = records * self.size + there
        at = np.minimum(np.searchsorted(self.keys, wanted), max(len(self.keys) - 1, 0))
        if not len(self.keys):
            return np.zeros(len(words), dtype=bool)
        held: Flags = (there >= 0) & (self.keys[at] == wanted)
        return held


def elsewhere(words: Bags, others: Bags) -> Elsewhere:
    """Where the words of one column stand in another one."""
    known = {word: code for code, word in enumerate(others.vocabulary)}
    codes = np.array([known.get(word, -1) for word in words.vocabulary], dtype=np.int64)
    size = len(known) + 1
    return Elsewhere(codes, np.unique(others.records * size + others.codes), size)


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of names, streets, whole addresses and descriptions, and what hangs on a record."""

    name: Bags
    street: Bags
    place: Bags
    description: Bags
    linked: Bags


def texts(found: Features) -> Texts:
    """The words of all text columns as arrays."""
    quiet = {"street": STREET_WORDS}
    return Texts(*(bags(found.words[n], quiet.get(n, QUIET)) for n in Texts.__slots__))
