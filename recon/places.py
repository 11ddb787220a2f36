"""Street addresses: normal forms, and an address that is glued on to a name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from recon.text import KEPT, fold, raw_words

STREET_NAMES = dict(
    pair.split(":")
    for pair in (
        "street:st avenue:av ave:av road:rd boulevard:blvd drive:dr place:pl lane:ln court:ct"
        " crescent:cr cres:cr close:cl highway:hwy parade:pde terrace:tce circuit:cct east:e west:w"
        " north:n south:s gate:g gata:g gaten:g gatan:g gt:g gade:g vei:v veien:v vegen:v veg:v"
        " vej:v vejen:v vagen:v vag:v vn:v postboks:pb boks:pb box:pb pob:pb postbox:pb nr:"
    ).split()
)
STREET_END = re.compile(
    r"(?:gata|gaten|gatan|gate|gade|gaden|gt|veien|vegen|vejen|vagen|vei|veg|vej|vag|vn"
    r"|strasse|str|straat|katu)$"
)
POST_CODE_AND_CITY = re.compile(
    r"(.{2,}?)[,\s]+(?:[A-Z]{1,2}-)?([0-9]{3} ?[0-9]{1,2})[,\s]+([^\W\d][^\d,]{1,30})$"
)
STREET_AT_END = re.compile(
    r"(.{2,}?),?\s+(\S*(?:gata|gaten|gatan|gate|gade|gt\.?|veien|vegen|vejen|vägen|vei|vej|tie"
    r"|katu|allé|plass|torg|torget|stra(?:ß|ss)e)\s+[0-9]+\s?[A-Za-z]?)$",
    re.IGNORECASE,
)
HOUSE_AT_END = re.compile(r"(.{2,}?),?\s+(\S{3,}\s+[0-9]+\s?[A-Za-z]?)$")
HOUSE = re.compile(r"(\d+)([a-z])")
FLOOR = re.compile(
    r"\b(\d+)\.?\s*(sal|etg|etasje|tr|vån|krs|kerros|floor|fl|stock)\b\.?"
    r"|\b(lgh|leil|leilighet|apt|as|unit|suite)\.?\s*(\d+)\b",
    re.IGNORECASE,
)
CARE_OF = re.compile(r"\bc/o\b[^,]*,|,\s*c/o\b.*$", re.IGNORECASE)
HOUSE_LETTER = re.compile(r"\b(\d+)\s+([A-Za-z])\b")


@lru_cache(KEPT)
def street_words(value: Any) -> tuple[str, ...]:
    """The words of a street address; words for street and the house letter count in any spelling:
    'Storgaten 5 A' = 'Storgt. 5a', 'Industrivegen' = 'Industriv.'."""
    if value is None:
        return ()
    joined = HOUSE_LETTER.sub(r"\1\2", str(value))
    return tuple(found for word in raw_words(joined) if (found := _street_word(word)))


def split_address(value: str) -> tuple[str, str | None, str | None]:
    """Street, post code and city of an address that is one text; the text alone if it has none."""
    found = POST_CODE_AND_CITY.match(value)
    if not found or not re.search(r"[0-9]", found[1]):
        return value, None, None
    return found[1].strip(" ,"), found[2], found[3]


@lru_cache(KEPT)
def house_words(value: Any) -> tuple[str, ...]:
    """The words of a street address with the house letter apart from the number, and a floor or
    flat as one word: its number is no house number."""
    if value is None:
        return ()
    joined = CARE_OF.sub("", str(value))
    joined = FLOOR.sub(lambda found: "".join(filter(None, found.groups())), joined)
    return tuple(part for word in street_words(joined) for part in _house(word))


def house(words: tuple[str, ...]) -> tuple[str | None, str | None, str | None]:
    """Street, house number and the number with its letter, of the words of a street address; None
    for what it has not."""
    at = next((at for at, word in enumerate(words) if word.isdigit()), len(words))
    street = " ".join((*words[:at], *words[at + 1 :])) if at == 0 else " ".join(words[:at])
    if at == len(words):
        return street or None, None, None
    letter = next((word for word in words[at + 1 : at + 2] if len(word) == 1), "")
    return street or None, words[at], words[at] + letter


def _house(word: str) -> tuple[str, ...]:
    found = HOUSE.fullmatch(word)
    return (found[1], found[2]) if found else (word,)


@lru_cache(KEPT)
def _street_word(word: str) -> str:
    folded = fold(word)
    if folded in STREET_NAMES:
        return STREET_NAMES[folded]
    return STREET_END.sub(lambda found: found[0][0], folded) if len(folded) > 4 else folded


def glued_address(value: str) -> tuple[str, str | None, str | None, str | None] | None:
    """A name with an address behind it, as name, street, post code and city; None if there is none.

    'Berg Bygg AS, Storgata 5, 0155 Oslo' and the same without commas; the address is known by a
    house number or a post code with a city at the end."""
    found = POST_CODE_AND_CITY.match(value)
    before, code, city = found.groups() if found else (value, None, None)
    name, comma, street = before.partition(",")
    split = None if comma else (HOUSE_AT_END if code else STREET_AT_END).match(before)
    if split:
        name, street = split.groups()
    if not re.search(r"[0-9]", street):
        name, street = before, ""
    if len(name.strip()) < 2 or not (street or (code and "," in value)):
        return None
    return name.strip(" ,"), street.strip(" ,") or None, code, city
