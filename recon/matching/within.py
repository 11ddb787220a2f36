"""Compares a table with itself: which of its records may be one and the same thing."""

from __future__ import annotations

import numpy as np

from recon.matching import fields as compared
from recon.matching.bags import texts
from recon.matching.candidates import candidates
from recon.matching.engine import Match, band
from recon.matching.features import Table, features
from recon.matching.reasons import around, reasons
from recon.settings_matching import Weights

FEWER = 3.5
"""Bits more than between two systems: a record is far more seldom twice in one than in both."""
LEAST = 0.9


def alike(table: Table, weights: Weights) -> list[Match]:
    """Pairs of a table's own records that are surely or likely the same, the surest first; a record
    may be in several."""
    found = features(table, table)
    words = texts(found)
    a, b = candidates(found, words)
    once = a < b - found.left
    a, b = a[once], b[once]
    said = compared.evidence(found, words, (a, b), weights)
    start = -compared.prior(found) - FEWER
    bits = compared.combined(said) + start
    score = 1.0 / (1.0 + np.exp2(-np.clip(bits, -40, 40)))
    shown = np.flatnonzero(score >= LEAST).tolist()
    matches = []
    for at in shown:
        pair, sure = (int(a[at]), int(b[at])), float(score[at])
        before, _ = around(start, float(bits[at]), sure)
        parts = (before, *reasons(found, pair, said, at))
        ids = (found.ids[pair[0]], found.ids[pair[1]])
        matches.append(Match(*ids, min(round(sure, 4), 0.9999), band(sure), parts, (), True))
    return sorted(matches, key=lambda match: (-match.score, match.left, match.right))
