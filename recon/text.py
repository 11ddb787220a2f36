"""Pure clean-up and normal forms of names, numbers, phones, organisation numbers, addresses.

Two strengths: a *clean* form is what may be shown and written (spaces squeezed, nothing lost), a
*normal* form is what is compared (spellings of the same thing become equal). Every function takes
any value and gives None for nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
LETTERS = str.maketrans(
    {"æ": "a", "ä": "a", "å": "a", "ø": "o", "ö": "o", "œ": "o", "ü": "u", "ß": "ss"}
    | {"ð": "d", "þ": "th", "đ": "d", "ł": "l"}
)
SPELLED_OUT = re.compile(r"ae|aa|oe|ue")
SLASHED = re.compile(r"\b(a)/(s)\b|\b(k)/(s)\b|\b(i)/(s)\b|\b(p)/(s)\b")
DOTTED = re.compile(r"\b(?:\w\.){2,}")
AND = frozenset({"og", "och", "ja", "and", "und"})
LEGAL_FORMS = _set(
    "as asa ab oy oyj aps ltd limited gmbh nuf enk ans da sa ba ks is ps hb kb ky inc plc llc"
    " sarl bv ag publ"
)
LEADING_FORMS = _set("as ab oy aps")
FORM_NAMES = {form: form for form in LEGAL_FORMS | _set("co corp llp spa srl gmbh ev sp")} | {
    "limited": "ltd",
    "aksjeselskap": "as",
    "aktieselskab": "as",
    "aktiebolag": "ab",
    "osakeyhtiö": "oy",
    "incorporated": "inc",
    "corporation": "corp",
    "company": "co",
}
PARTICLES = _set("von van der den de af av la du di ter ten zu zur")
NOBODY = "-"
EMAIL = re.compile(r"[^@\s,;:<>()\[\]\"]+@[^@\s,;:<>()\[\]\"]+\.[a-z]{2,24}", re.ASCII)
EXTENSION = re.compile(r"(?:ext|int|linje|lnr|x)\.?\s*\d+\s*$", re.IGNORECASE)
PREFIXED = re.compile(r"^[A-Z]{1,2}-(?=\d)")
INT32 = 2**31 - 1
KEPT = 100_000  # normal forms remembered: each is asked for by several rules and checks


# --- clean forms ------------------------------------------------------------------------------


def squeeze(value: Any) -> str | None:
    """One line, single spaces, composed letters, nothing invisible; None if nothing is left."""
    if value is None:
        return None
    text = str(value)
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text).translate(INVISIBLE)
    return " ".join(text.split()) or None


def lines(value: Any) -> str | None:
    """Squeezed lines joined by newlines, without the empty ones."""
    if value is None:
        return None
    rows = [squeeze(row) for row in str(value).splitlines()]
    return "\n".join(row for row in rows if row) or None


def one_line(value: Any) -> str | None:
    """Lines compared as one: a line break is as good as a comma."""
    text = lines(value)
    return None if text is None else ", ".join(row.rstrip(" ,") for row in text.split("\n"))


def unencodable(value: str, code_page: str = "cp1252") -> str:
    """The characters of a text that a code page cannot hold, each once, in order."""
    if value.isascii():
        return ""
    missing = [c for c in dict.fromkeys(value) if not c.encode(code_page, "ignore")]
    return "".join(missing)


# --- names ------------------------------------------------------------------------------------


def fold(value: Any) -> str:
    """Case, accents and the spellings of æøå/äöü (ae, oe, aa, ue) do not count; '' for nothing."""
    text = (squeeze(value) or "").casefold().translate(LETTERS)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c))
    return SPELLED_OUT.sub(lambda found: found[0][0], text)


def words(value: Any) -> list[str]:
    """The folded words of a text, without punctuation and without the words for 'and'."""
    return list(_folded(value))


@lru_cache(KEPT)
def _folded(value: Any) -> tuple[str, ...]:
    return tuple(fold(word) for word in raw_words(value))


def raw_words(value: Any) -> list[str]:
    """The words of a text in lower case as they are spelled, without the words for 'and'."""
    text = (squeeze(value) or "").casefold().replace("'", "").replace("’", "")
    text = SLASHED.sub(lambda found: "".join(g for g in found.groups() if g), text)
    text = DOTTED.sub(lambda found: found[0].replace(".", ""), text)
    return [word for word in re.findall(r"\w+", text) if word not in AND]


@lru_cache(KEPT)
def company(value: Any) -> str | None:
    """A company's name without legal form, punctuation, case and ways of spelling.

    'Ås & Sønn A/S' and 'AAS OG SOENN AS' are one. A name that is only legal forms stays.
    """
    found = raw_words(value)
    while len(found) > 1 and found[-1] in LEGAL_FORMS:
        found.pop()
    while len(found) > 1 and found[0] in LEADING_FORMS:
        found.pop(0)
    return " ".join(fold(word) for word in found) or None


def name_words(value: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The folded words of a name, and apart from them its legal forms, wherever they stand:
    'Ås & Sønn A/S, avd. Nord' → ('as', 'sonn', 'avd', 'nord'), ('as',)."""
    found = raw_words(value)
    rest: list[str] = []
    forms: list[str] = []
    for at, word in enumerate(found):
        leads = at == 0 and (word not in LEADING_FORMS or len(found) == 1)
        form = None if leads else FORM_NAMES.get(word)
        (rest if form is None else forms).append(_folded_word(word) if form is None else form)
    return (tuple(rest), tuple(forms)) if rest else (tuple(map(_folded_word, found)), ())


@lru_cache(KEPT)
def _folded_word(word: str) -> str:
    return fold(word)


def join(first: Any, last: Any) -> str | None:
    """First and last name as one text; the stand-in for a missing first name is dropped."""
    parts = [squeeze(part) for part in (first, last)]
    return " ".join(part for part in parts if part and part != NOBODY) or None


def split(name: Any) -> tuple[str, str] | None:
    """One text as first and last name. The last name is the last word with its particles
    ('Ole von Berg' → 'Ole', 'von Berg'); a one-word name is a last name with first name '-'."""
    text = person(name)
    if text is None:
        return None
    parts = text.split(" ")
    if len(parts) == 1:
        return NOBODY, text
    start = len(parts) - 1
    while start > 1 and parts[start - 1].casefold() in PARTICLES:
        start -= 1
    return " ".join(parts[:start]), " ".join(parts[start:])


def person(value: Any) -> str | None:
    """A person's name in the order first, last: 'Berg, Anne' → 'Anne Berg'."""
    text = squeeze(value)
    if text is None or text.count(",") != 1:
        return text
    last, first = (part.strip() for part in text.split(","))
    return join(first, last)


@lru_cache(KEPT)
def person_key(value: Any) -> str | None:
    """A person's name for finding the same person: folded, without punctuation."""
    return " ".join(words(person(value))) or None


# --- numbers ----------------------------------------------------------------------------------


def number(value: Any) -> str | None:
    """A number or code: leading zeros, spaces and case do not count."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "".join((squeeze(value) or "").split()).upper()
    if re.fullmatch(r"[0-9]+", text):
        return text.lstrip("0") or "0"
    return text or None


def numeric(value: Any) -> int | None:
    """A code as a number that Global can take as a key (1 to 2,147,483,647), or None."""
    text = number(value)
    if text is None or not re.fullmatch(r"[0-9]{1,10}", text):
        return None
    return int(text) if 0 < int(text) <= INT32 else None


def phone(value: Any) -> str | None:
    """Digits, with + before a foreign country code: '+47 22 33 44 55' = '0047 22334455' =
    '22 33 44 55'. A text without digits stays as it is, in lower case."""
    text = squeeze(value)
    if text is None:
        return None
    bare = EXTENSION.sub("", text).strip().replace("(0)", "")
    digits = re.sub(r"[^0-9]", "", bare)
    if not digits:
        return text.casefold()
    if digits.startswith("00"):
        digits, abroad = digits[2:], True
    else:
        abroad = bare.lstrip("( ").startswith("+")
    if digits.startswith("47") and len(digits) == 10:
        return digits[2:]
    return f"+{digits}" if abroad else digits


def plausible_phone(value: str) -> bool:
    """Whether a text can be a phone number: five to fifteen digits and little else."""
    digits = re.sub(r"[^0-9]", "", EXTENSION.sub("", value))
    return 5 <= len(digits) <= 15 and not re.search(r"[A-Za-z]{4,}|@", value)


def email(value: Any) -> str | None:
    """An e-mail address in lower case, without 'mailto:' and angle brackets."""
    text = squeeze(value)
    if text is None:
        return None
    return text.casefold().removeprefix("mailto:").strip("<> ;,") or None


def plausible_email(value: str) -> bool:
    """Whether a text is one e-mail address that a mail server could take."""
    text = email(value) or ""
    return bool(EMAIL.fullmatch(text)) and ".." not in text and len(text) <= 254


def reachable(value: Any) -> str | None:
    """An e-mail address or a phone number in its normal form, told apart by the @."""
    return email(value) if "@" in str(value or "") else phone(value)


def website(value: Any) -> str | None:
    """A web address without scheme, 'www.' and closing slash; the host in lower case."""
    text = re.sub(r"^[a-z]+://", "", squeeze(value) or "", flags=re.IGNORECASE)
    host, slash, path = text.partition("/")
    host = host.casefold().removeprefix("www.")
    return (host + slash + path).rstrip("/") or None


def post_code(value: Any) -> str | None:
    """A post code without spaces and country prefix: 'SE-111 22' = '11122'."""
    text = PREFIXED.sub("", (squeeze(value) or "").upper())
    return text.replace(" ", "") or None


# --- organisation numbers ---------------------------------------------------------------------

ORGANISATION = (
    (re.compile(r"(?:NO)?([0-9]{9})(?:MVA)?"), "NO"),
    (re.compile(r"SE(?:16)?([0-9]{10})(?:01)?"), "SE"),
    (re.compile(r"16([0-9]{10})"), "SE"),
    (re.compile(r"DK([0-9]{8})"), "DK"),
    (re.compile(r"FI([0-9]{8})"), "FI"),
)
LABEL = re.compile(
    r"^(?:ORGANISASJONSNUMMER|ORGANISASJONSNR|ORGNUMMER|ORGNR|ORG|FORETAKSREGISTERET)"
)


def organisation_number(value: Any) -> str | None:
    """An organisation number bare: 'NO 987 654 325 MVA' = '987654325', 'SE556677889901' =
    '5566778899', 'DK12345674' = '12345674'. VAT numbers of other countries keep their prefix."""
    text = _letters_and_digits(value)
    for shape, _ in ORGANISATION:
        found = shape.fullmatch(text)
        if found:
            return found[1]
    return text or None


def _letters_and_digits(value: Any) -> str:
    text = re.sub(r"[^0-9A-Z]", "", (squeeze(value) or "").upper())
    return LABEL.sub("", text)


def organisation_country(value: Any) -> str | None:
    """The country that an organisation number itself tells (prefix or MVA), or None."""
    text = _letters_and_digits(value)
    if re.fullmatch(r"[0-9]{9}MVA", text):
        return "NO"
    found = re.match(r"([A-Z]{2})[0-9A-Z]", text)
    return found[1] if found else None


def valid_organisation_number(value: Any, country: str | None = None) -> bool | None:
    """Whether the check digit is right; None where it cannot be judged (country not known)."""
    bare = organisation_number(value)
    if bare is None:
        return None
    told = organisation_country(value) or country
    if told is None:
        told = "NO" if re.fullmatch(r"[0-9]{9}", bare) else None
    return _valid(bare, told)


def _valid(bare: str, country: str | None) -> bool | None:
    from stdnum.ch import uid
    from stdnum.ch import vat as swiss
    from stdnum.dk import cvr
    from stdnum.eu import vat
    from stdnum.fi import ytunnus
    from stdnum.gb import vat as british
    from stdnum.no import orgnr as norwegian
    from stdnum.se import orgnr as swedish

    nordic = {"NO": norwegian, "SE": swedish, "DK": cvr, "FI": ytunnus, "GB": british}
    if country in nordic:
        return bool(nordic[country].is_valid(bare))
    if country == "CH":
        return bool(uid.is_valid(bare) or swiss.is_valid(bare))
    if country is None or country.lower() not in (*vat.MEMBER_STATES, "el"):
        return None
    prefixed = bare if bare[:1].isalpha() else f"{country}{bare}"
    return bool(vat.is_valid(prefixed))


# --- e-invoice addresses ----------------------------------------------------------------------


E_SCHEMES: Mapping[str, str] = {
    "0192": "NO",
    "0007": "SE",
    "0096": "DK",
    "0184": "DK",
    "0212": "FI",
    "0213": "FI",
}
"""PEPPOL's schemes whose numbers are organisation numbers, by country."""


def plausible_e_invoice_address(value: str) -> bool:
    """Whether a text can be an e-invoice address: EAN location number (13 digits), OVT or PEPPOL
    (scheme:number, with the scheme's check digit), an organisation number, or an IBAN-like code;
    never an e-mail address."""
    text = re.sub(r"[\s-]", "", value)
    if re.fullmatch(r"[0-9]{13}", text):
        return _ean(text)
    scheme, colon, number_ = text.partition(":")
    if colon:
        formed = re.fullmatch(r"[0-9]{4}", scheme) and re.fullmatch(r"[0-9A-Za-z]{4,50}", number_)
        return bool(formed) and _of_scheme(scheme, number_)
    return re.fullmatch(r"(?=.*[0-9])[0-9A-Za-z]{8,35}", text) is not None


def _of_scheme(scheme: str, given: str) -> bool:
    if scheme == "0088":
        return bool(re.fullmatch(r"[0-9]{13}", given)) and _ean(given)
    country = E_SCHEMES.get(scheme)
    return country is None or _valid(organisation_number(given) or "", country) is True


def _ean(digits: str) -> bool:
    total = sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(digits[:12]))
    return (10 - total % 10) % 10 == int(digits[12])
