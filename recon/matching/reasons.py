"""The evidence of one pair in plain words, field by field, with both values."""

from __future__ import annotations

import math
from collections.abc import Mapping

from recon.matching.features import Features, Floats
from recon.shapes import Evidence

SAID = {
    "name": "names",
    "number": "numbers",
    "organisation_number": "organisation numbers",
    "email": "e-mail addresses",
    "email_domain": "e-mail domains",
    "phone": "telephone numbers",
    "street": "streets",
    "postcode": "postcodes",
    "city": "cities",
    "country": "countries",
    "birth_date": "birth dates",
    "description": "descriptions",
}
WHOLE = {
    "address_in_name": "the address of one stands in the name of the other",
    "name_in_domain": "the e-mail domain of one is the name of the other",
    "linked": "what hangs on them is the same",
}
START, RIVALS = "start", "rivals"
LEAST = 0.05


def reasons(
    found: Features, pair: tuple[int, int], said: Mapping[str, Floats], at: int
) -> list[Evidence]:
    """What every field said of the pair at this place, the strongest first."""
    rows = [
        Evidence(name, round(float(bits[at]), 2), _text(found, pair, name, bits[at]), *values)
        for name, bits in said.items()
        if abs(bits[at]) >= LEAST
        for values in [_values(found, pair, name)]
    ]
    return sorted(rows, key=lambda row: -abs(row.bits))


def around(start: float, bits: float, score: float) -> tuple[Evidence, Evidence]:
    """What stands against any pair at the start, and what other candidates do to this one: with
    these two all evidence adds up to the odds of the score."""
    sure = min(max(score, 1e-9), 1 - 1e-9)
    rest = math.log2(sure / (1 - sure)) - bits
    before = "before anything is compared, any pair is unlikely"
    others = "beside the other candidates for either record"
    return Evidence(START, round(start, 2), before), Evidence(RIVALS, round(rest, 2), others)


def _text(found: Features, pair: tuple[int, int], name: str, bits: float) -> str:
    if name in WHOLE:
        return WHOLE[name]
    left, right = (found.columns[name].values[at] for at in pair)
    if left == right:
        return f"the {SAID[name]} are equal"
    return f"the {SAID[name]} are {'alike' if bits > 0 else 'different'}"


def _values(found: Features, pair: tuple[int, int], name: str) -> tuple[str, str]:
    if name in WHOLE:
        return "", ""
    raw = found.raw.get("email" if name == "email_domain" else name, [])
    left, right = (raw[at] or "" for at in pair)
    return left, right
