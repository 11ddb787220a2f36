"""What each field says about each pair, in bits: for it, against it, or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from recon.matching.alignment import align
from recon.matching.bags import WORLD, Bags, Texts, elsewhere
from recon.matching.features import Column, Features, Flags, Floats, Ints
from recon.matching.kin import DOMAIN, EMAIL, NAME, PHONE, TELLING, Kin, kin
from recon.matching.rivals import OVERLAP
from recon.settings_matching import Weight, Weights

PLACE, PLACE_LEAST = ("street", "postcode", "city", "address_in_name"), -4.5
CONTACT, CONTACT_MOST = ("email", "email_domain", "phone"), 15.0
IDENTIFIERS = ("number", "organisation_number", "email", "phone", "birth_date")
COMMON = ("postcode", "city", "country")
SLIPS = {"email": 2, "city": 2, "country": 0}
UNSEEN, UNSEEN_IN_GROUP = 30, 10
"""So many records more are reckoned with as rivals, so that a short list makes nothing certain."""
SHORT = 3
"""In names of more words than this, one that differs says less."""
HOUSE_NUMBER = 6.0
"""So many bits of an equal house number do not count in another street."""
SLIPPED = 0.3
"""So much of the words may stand alone on both sides: a slip of the finger."""
ONE_SIDED = 0.7
SAME_CODE = 0.3
"""So much is left of another town's name where the postcode is the same."""
OTHER_FORM = 2.5
NOT_EQUAL = 1.0
"""Bits that a name which is merely alike can say less than an equal one."""
NAME_ALONE = 6.5
"""Bits by which an equal name may pass the prior without any other evidence, at most."""


def evidence(
    found: Features, words: Texts, pairs: tuple[Ints, Ints], weights: Weights
) -> dict[str, Floats]:
    """Bits per field for every pair; fields of one theme never say more than the theme may."""
    said: dict[str, Floats] = {}
    for name in (*IDENTIFIERS, *COMMON):
        said[name] = _column(found.columns[name], pairs, name, weights[name])
    said["email_domain"] = _domain(found.columns["email_domain"], pairs, weights["email_domain"])
    said["email"][(said["email_domain"] != 0) & (said["email"] < 0)] = 0.0
    said["email_domain"][said["email"] > 0] = 0.0
    said["city"][(said["city"] < 0) & (said["postcode"] > 0)] *= SAME_CODE
    said["street"] = _street(words.street, found.numbers, pairs, weights["street"])
    named = _name(found, words, pairs, weights)
    said["name"], said["address_in_name"] = named.bits, named.address
    alone = (said["email"] <= 0) & (said["email_domain"] <= 0) & (named.more <= 1)
    said["name_in_domain"] = alone * _in_domain(found, pairs, weights, named.bits)
    said["description"] = _described(words.description, pairs, weights["description"])
    said["linked"] = np.minimum(_common(words.linked, *pairs), weights["linked"].equal)
    _limit(said, PLACE, PLACE_LEAST, weights.place)
    _limit(said, CONTACT, -np.inf, CONTACT_MOST)
    less = _kept_of_kin(said, named, pairs, kin(found, words, weights.siblings))
    for name in (*PLACE, *CONTACT):
        said[name] = np.where(said[name] > 0, said[name] * less, said[name])
    return said


def _kept_of_kin(
    said: Mapping[str, Floats], named: Named, pairs: tuple[Ints, Ints], known: Kin
) -> Floats:
    """The share of what address, telephone and e-mail say that is left where the names differ or
    are not known: all together, with the words that the names share, say no more than kin have in
    common."""
    shared = NAME * (named.matched >= TELLING) + PHONE * (said["phone"] > 0)
    shared += EMAIL * (said["email"] > 0) + DOMAIN * (said["email_domain"] > 0)
    shared += (said["street"] > 0) * known.neighbours(*pairs)
    themes = np.sum([np.maximum(said[name], 0.0) for name in (*PLACE, *CONTACT)], axis=0)
    over = np.maximum(named.matched + themes - known.most[shared], 0.0) * named.apart
    over *= said["birth_date"] <= 0
    left = themes - np.minimum(over, themes)
    kept: Floats = np.divide(left, themes, out=np.ones_like(themes), where=themes > 0)
    return kept


def prior(found: Features) -> float:
    """Bits against any pair before anything is known of it."""
    unseen = UNSEEN_IN_GROUP if found.grouped else UNSEEN
    return float(np.log2((found.choice + unseen) / OVERLAP))


def _limit(said: dict[str, Floats], names: tuple[str, ...], least: float, most: float) -> None:
    total = np.sum([said[name] for name in names], axis=0)
    kept = np.clip(total, least, most)
    factor = np.divide(kept, total, out=np.ones_like(total), where=total != 0)
    for name in names:
        said[name] = said[name] * factor


# --- columns ----------------------------------------------------------------------------------


def _column(column: Column, pairs: tuple[Ints, Ints], name: str, weight: Weight) -> Floats:
    a, b = pairs
    both = column.filled[a] & column.filled[b]
    equal = both & (column.codes[a] == column.codes[b])
    unequal = np.flatnonzero(both & ~equal)
    bits = np.zeros(len(a))
    bits[equal] = _rare(column, name, weight.equal)[a[equal]]
    alike = _slip(column.values, a[unequal], b[unequal], SLIPS.get(name, 1))
    if name == "city":
        alike |= _part(column.values, a[unequal], b[unequal])
    if name == "birth_date":
        alike |= _turned(column.values, a[unequal], b[unequal])
    bits[unequal] = np.where(alike, weight.alike, weight.different)
    return bits


def _rare(column: Column, name: str, most: float) -> Floats:
    """What an equal value says: the less the more records share it."""
    shared = column.shared
    if name in COMMON:
        return np.clip(np.log2((len(shared) + WORLD) / (2.0 * shared + 1)), 0.0, most)
    return np.maximum(most - np.log2(shared), 0.0)


def _slip(values: list[str], a: Ints, b: Ints, most: int) -> Flags:
    """Values a slip of the finger apart; short ones never are."""
    from rapidfuzz.distance import OSA

    slips = compared(values, values, (a, b), OSA.distance)
    lengths = np.array([len(value) for value in values], dtype=np.int64)
    return np.asarray(slips <= np.minimum(np.minimum(lengths[a], lengths[b]) // 4, most))


def _part(values: list[str], a: Ints, b: Ints) -> Flags:
    """Places of which one is the beginning or the end of the other: 'Aarhus', 'Aarhus C'."""
    pairs = ((values[i], values[j]) for i, j in zip(a.tolist(), b.tolist(), strict=True))
    return np.array([_holds(*sorted(pair, key=len)) for pair in pairs], dtype=bool)


def _holds(short: str, long: str) -> bool:
    return len(short) >= 4 and (long.startswith(short) or long.endswith(f" {short}"))


def _turned(values: list[str], a: Ints, b: Ints) -> Flags:
    """Dates with day and month exchanged."""
    turned = [f"{v[:4]}{v[6:]}{v[4:6]}" for v in values]
    return np.array([turned[i] == values[j] for i, j in zip(a, b, strict=True)], dtype=bool)


def compared(ours: list[str], theirs: list[str], pairs: tuple[Ints, Ints], scorer: Any) -> Floats:
    """A RapidFuzz scorer over many pairs of values."""
    from rapidfuzz.process import cpdist

    if not len(pairs[0]):
        return np.zeros(0)
    left, right = [ours[i] for i in pairs[0].tolist()], [theirs[j] for j in pairs[1].tolist()]
    return np.asarray(cpdist(left, right, scorer=scorer), dtype=float)


def _domain(column: Column, pairs: tuple[Ints, Ints], weight: Weight) -> Floats:
    a, b = pairs
    both = column.filled[a] & column.filled[b]
    equal = both & (column.codes[a] == column.codes[b])
    bits = np.where(both, weight.different, 0.0)
    return np.where(equal, np.maximum(weight.equal - np.log2(column.shared[a]), 0.5), bits)


def _in_domain(
    found: Features, pairs: tuple[Ints, Ints], weights: Weights, named: Floats
) -> Floats:
    """The e-mail domain of one begins with the name of the other: as good as that name, where the
    names themselves say less."""
    from rapidfuzz.distance import Prefix

    names, domains = found.columns["name"].values, found.columns["email_domain"].values
    lengths = np.array([len(name) for name in names])
    begins = np.zeros(len(named), dtype=bool)
    for ours, theirs in (pairs, pairs[::-1]):
        some = np.flatnonzero(found.columns["email_domain"].filled[theirs] & (lengths[ours] > 5))
        begun = compared(names, domains, (ours[some], theirs[some]), Prefix.similarity)
        begins[some] |= begun == lengths[ours[some]]
    most = np.clip(prior(found) + _name_alone(found) - named, 0.0, weights["name_in_domain"].equal)
    return np.where(begins, most, 0.0)


# --- texts ------------------------------------------------------------------------------------


def _street(words: Bags, numbers: Ints, pairs: tuple[Ints, Ints], weight: Weight) -> Floats:
    """Number and name of the street; one of them different is little against it, and the number
    alone is little for it."""
    a, b = pairs
    found = align(words, a, b)
    two = np.minimum(found.left_alone, found.right_alone)
    two = np.clip((two - SLIPPED) / (1 - SLIPPED), 0.0, 1.0)
    bits = np.minimum(found.matched, weight.equal) * (1 - two)
    same = HOUSE_NUMBER * ((numbers[a] == numbers[b]) & (numbers[a] >= 0))
    bits += np.clip(found.matched - same, 0.0, weight.alike) * two + 1.2 * weight.different * two
    both = (words.lengths[a] > 0) & (words.lengths[b] > 0)
    return np.where(both, np.clip(bits, weight.different, weight.equal), 0.0)


def _name_alone(found: Features) -> float:
    """Bits that an equal name brings beyond the prior: the more names recur inside one table, the
    less it can mean that one recurs in the other."""
    column = found.columns["name"]
    again = int((column.shared > 1).sum())
    return float(min(-np.log2((again + 1) / (found.count + 40)), NAME_ALONE))


@dataclass(frozen=True, slots=True)
class Named:
    """What names say, what an address glued on to one says, how clearly they are different, and
    how many words one has more than the other."""

    bits: Floats
    matched: Floats
    address: Floats
    apart: Floats
    more: Floats


def _name(found: Features, words: Texts, pairs: tuple[Ints, Ints], weights: Weights) -> Named:
    """Words of the names found on the other side against those that stand alone on both; words
    found in the other's address are no part of its name."""
    a, b = pairs
    weight = weights["name"]
    said = align(words.name, a, b, elsewhere(words.name, words.place))
    one_word = _as_one_word(found, a, b)
    total = _total(words.name)
    matched = np.maximum(said.matched, one_word * np.minimum(total[a], total[b]))
    left, right = said.left_alone * (1 - one_word), said.right_alone * (1 - one_word)
    shared = np.maximum(found.columns["name"].shared[a], found.columns["name"].shared[b])
    most = np.minimum(weight.equal, prior(found) + _name_alone(found)) - np.log2(shared)
    equal = found.columns["name"].codes[a] == found.columns["name"].codes[b]
    matched = np.where(equal, np.maximum(matched, most), np.minimum(matched, most - NOT_EQUAL))
    words_each = np.minimum(words.name.lengths[a], words.name.lengths[b])
    two = np.maximum(np.minimum(left, right) - SLIPPED, 0.0)
    two = np.minimum(two / np.maximum(words_each / SHORT, 1.0), 2.0)
    more = np.minimum(np.abs(left - right), 5.0)
    bits = np.minimum(matched, most) + weight.different * (two - 0.6 * np.maximum(two - 1, 0))
    bits -= ONE_SIDED * more + _other_form(found, a, b)
    both = (words.name.lengths[a] > 0) & (words.name.lengths[b] > 0)
    bits = np.where(both, np.clip(bits, weight.different, weight.equal), 0.0)
    apart = np.where(both, np.clip(np.maximum(two, (more - 1) / 2), 0, 1), 1.0)
    address = _address_in_name(words, pairs, (said.left_placed, said.right_placed))
    return Named(bits, np.minimum(matched, most) * both, address, apart, more)


def _as_one_word(found: Features, a: Ints, b: Ints) -> Floats:
    """How alike the names are written without spaces: 'Nord Bygg', 'Nordbygg'; 0 if not much, or
    if their digits differ."""
    from rapidfuzz.distance import OSA

    values = found.columns["name"].values
    known: dict[str, int] = {}
    digits = [re.sub(r"[^0-9]", "", value) for value in values]
    codes = np.array([known.setdefault(d, len(known)) for d in digits], dtype=np.int64)
    same = np.flatnonzero(codes[a] == codes[b])
    ratio = np.zeros(len(a))
    ratio[same] = compared(values, values, (a[same], b[same]), OSA.normalized_similarity)
    return np.where(ratio >= 0.9, ratio, 0.0)


def _total(words: Bags) -> Floats:
    return np.bincount(words.records, words.bits[words.codes], minlength=len(words.lengths))


def _other_form(found: Features, a: Ints, b: Ints) -> Floats:
    """A little against two names whose legal forms have nothing in common."""
    known: dict[str, int] = {}
    bits = [sum({1 << known.setdefault(f, len(known) % 62) for f in row}) for row in found.forms]
    forms = np.array(bits, dtype=np.int64)
    apart: Floats = (forms[a] > 0) & (forms[b] > 0) & (forms[a] & forms[b] == 0)
    return OTHER_FORM * apart


def _address_in_name(
    words: Texts, pairs: tuple[Ints, Ints], placed: tuple[Floats, Floats]
) -> Floats:
    """The address glued on to a name speaks where the record has none of its own."""
    bits = np.zeros(len(pairs[0]))
    for records, found in zip(pairs, placed, strict=True):
        bits += np.where(words.place.lengths[records] == 0, 0.7 * np.minimum(found, 12.0), 0.0)
    return bits


def _described(words: Bags, pairs: tuple[Ints, Ints], weight: Weight) -> Floats:
    """The share of telling words that the poorer description has in common with the other."""
    a, b = pairs
    total = _total(words)
    common = _common(words, a, b)
    least = np.minimum(total[a], total[b])
    share = np.divide(common, least, out=np.zeros(len(a)), where=least > 0)
    bits = weight.different + (share / 0.8) * (weight.equal - weight.different)
    bits = np.minimum(bits, np.minimum(weight.equal, 0.5 * common))
    return np.where(least > 0, np.maximum(bits, weight.different), 0.0)


def _common(words: Bags, a: Ints, b: Ints) -> Floats:
    where = elsewhere(words, words)
    codes, owner = words.spread(a)
    bits = np.where(where.holds(codes, b[owner]), words.bits[codes], 0.0)
    return np.bincount(owner, bits, minlength=len(a))


def combined(said: Mapping[str, Floats]) -> Floats:
    """All evidence of each pair together."""
    total: Floats = np.sum(list(said.values()), axis=0)
    return total
