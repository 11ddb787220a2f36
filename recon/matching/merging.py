"""Rules and likeness become one proposal per pair, with its rivals."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from recon.shapes import Band, Evidence, Proposal
from recon.spec import Rule

if TYPE_CHECKING:
    from recon.matching.engine import Match

Pair = tuple[str, str]
ORDER: tuple[Band, ...] = ("sure", "likely", "possible")
HOLDING = ("sure", "likely")
WORTH = 1.5
"""Evidence of fewer bits is not worth a word."""


def proposals(
    entity: str, ruled: Mapping[Pair, list[Rule]], alike: Sequence[Match]
) -> list[Proposal]:
    """One proposal per pair, the best first."""
    matches = {(one.left, one.right): one for one in alike}
    pairs = [*ruled, *(pair for pair in matches if pair not in ruled)]
    partners: dict[str, set[str]] = defaultdict(set)
    for key, guid in pairs:
        partners[f"g{key}"].add(guid)
        partners[f"s{guid}"].add(key)
    found = [
        _proposal(entity, pair, (ruled.get(pair, []), matches.get(pair)), partners)
        for pair in pairs
    ]
    return sorted(found, key=lambda p: (-p.score, p.global_key, p.severa_guid))


def _proposal(
    entity: str,
    pair: Pair,
    says: tuple[list[Rule], Match | None],
    partners: Mapping[str, set[str]],
) -> Proposal:
    rules, match = says
    best = max(rules, key=lambda rule: rule.score, default=None)
    bands = [one.band for one in (best, match) if one]
    score = max(one.score for one in (best, match) if one)
    rivals = partners[f"g{pair[0]}"] | partners[f"s{pair[1]}"] | set(match.rivals if match else ())
    return Proposal(
        entity=entity,
        global_key=pair[0],
        severa_guid=pair[1],
        score=score,
        band=min(bands, key=ORDER.index),
        evidence=_words(rules, match),
        rivals=tuple(sorted(rivals - set(pair))),
        holds=any(rule.holds for rule in rules) or bool(match and match.band in HOLDING),
        parts=_parts(best, match, score),
    )


def _words(rules: list[Rule], match: Match | None) -> tuple[str, ...]:
    """The rules' words, and what other fields say for the pair."""
    ruled = {rule.name for rule in rules}
    parts = match.evidence[1:-1] if match else ()
    more = [part.text for part in parts if part.bits >= WORTH and part.field not in ruled]
    return tuple(dict.fromkeys([*(rule.words for rule in rules), *more]))


def _parts(best: Rule | None, match: Match | None, score: float) -> tuple[Evidence, ...]:
    """The evidence per field; where a rule says more than all of it, that is a part of its own."""
    if match is None:
        return ()
    if best is None or match.score >= score:
        return match.evidence
    more = _bits(score) - sum(part.bits for part in match.evidence)
    return (*match.evidence, Evidence("rule", round(more, 2), best.words))


def _bits(score: float) -> float:
    sure = min(max(score, 1e-9), 1 - 1e-9)
    return math.log2(sure / (1 - sure))
