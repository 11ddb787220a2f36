"""Two tables of records as normal forms, one under the other, ready to be compared in bulk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recon import places, text

Table = Mapping[str, Sequence[Any]]
Tokens = tuple[str, ...]
Ints = NDArray[Any]
Floats = NDArray[Any]
Flags = NDArray[Any]

COLUMNS = (
    "name",
    "first_name",
    "last_name",
    "number",
    "organisation_number",
    "email",
    "phone",
    "street",
    "postcode",
    "city",
    "country",
    "birth_date",
    "description",
)
"""What a table may tell of its records beside `id`."""
LINKED, WITHIN = "linked", "within"
"""Further columns: texts that name what hangs on a record, and the one group inside which alone
its partner is looked for."""
NAMES = ("name", "first_name", "last_name")
ADDRESS = ("street", "postcode", "city")
PUBLIC = frozenset(
    "gmail.com googlemail.com hotmail.com hotmail.no outlook.com live.no live.se live.dk yahoo.com"
    " yahoo.no icloud.com me.com online.no broadpark.no telia.com spray.se bredband.net mail.dk"
    " kolumbus.fi luukku.com msn.com".split()
)
QUIET = frozenset(
    "avd avdeling avdelning afdeling dept department filial region faktura fakturamottak"
    " prosjekt hk hovedkontor v c o co att attn the of i av for hr fru dr mr mrs ms".split()
)
COUNTRIES = {
    name: code
    for code, names in {
        "no": "norge norway noreg nor norwegen",
        "se": "sverige sweden swe schweden ruotsi",
        "dk": "danmark denmark dnk dänemark tanska",
        "fi": "finland suomi fin finnland",
        "is": "iceland island isl ísland",
        "de": "germany deutschland tyskland deu",
        "gb": "uk england storbritannia britain gbr",
        "us": "usa u.s.a amerika",
    }.items()
    for name in names.split()
}
REMARK = re.compile(r"[\s,]+(?:c/o|v/|att[.:]|attn[.:]?)\s*\S.*$", re.IGNORECASE)
DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?!\d)")
YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?!\d)")
THIS_CENTURY = 30
"""A year of two digits below this is one of this century."""
NOTHING = frozenset("null none nan nat n/a #n/a <na> (null) - -- ? .".split())
"""What exports write where there is nothing."""
WHOLE = re.compile(r"(\d+)[.,]0+")


@dataclass(frozen=True, slots=True)
class Column:
    """One field of all records: normal forms ('' for nothing), and a code per distinct one (-1)."""

    values: list[str]
    codes: Ints
    shared: Ints

    @property
    def filled(self) -> Flags:
        return self.codes >= 0


@dataclass(frozen=True, slots=True)
class Features:
    """Normal forms of the records of both tables: those of the left one come first.

    `raw` holds what stood in the tables; `words` the words of name, street, place and description.
    An address's street, house number and house letter are codes: -1 for no street or number.
    """

    left: int
    ids: list[str]
    raw: Mapping[str, list[str | None]]
    within: Column
    columns: Mapping[str, Column]
    words: Mapping[str, list[Tokens]]
    forms: list[Tokens]
    streets: Ints
    numbers: Ints
    houses: Ints

    @property
    def count(self) -> int:
        """How many records both tables have."""
        return len(self.ids)

    @property
    def sizes(self) -> tuple[int, int]:
        """How many records each table has."""
        return self.left, self.count - self.left

    @property
    def grouped(self) -> bool:
        """Whether partners are looked for inside groups only."""
        return bool(self.within.filled.any())

    @property
    def named(self) -> bool:
        """Whether records of both tables have names."""
        names = self.words["name"]
        return any(names[: self.left]) and any(names[self.left :])

    @property
    def choice(self) -> float:
        """Among how many records of the larger table a partner is looked for, on average."""
        if not self.grouped:
            return float(max(self.sizes))
        codes = self.within.codes
        ours, theirs = codes[: self.left], codes[self.left :]
        size = int(codes.max()) + 1
        m, n = (np.bincount(part[part >= 0], minlength=size) for part in (ours, theirs))
        return float(max((m * n).sum() / max(min(m.sum(), n.sum()), 1), 1.0))


def features(left: Table, right: Table) -> Features:
    """Normal forms of two tables with an `id` and any of the known columns."""
    sizes = len(left["id"]), len(right["id"])
    raw = {name: _joined(name, (left, right), sizes) for name in COLUMNS}
    half = [not n and bool(f) != bool(s) for n, f, s in _rows(raw, *NAMES)]
    raw["name"] = [_name(*parts) for parts in _rows(raw, *NAMES)]
    _take_out_addresses(raw)
    split = [text.name_words(_without_remark(name)) for name in raw["name"]]
    columns = {name: column(raw[name], form, sizes[0]) for name, form in FORMS.items()}
    columns["email_domain"] = column(columns["email"].values, _domain, sizes[0])
    whole = ["" if h else _written(words) for h, (words, _) in zip(half, split, strict=True)]
    columns["name"] = _coded(whole, sizes[0])
    words: dict[str, list[Tokens]] = {
        LINKED: [tuple(texts or ()) for texts in _stacked(LINKED, (left, right), sizes)],
        "name": [words for words, _ in split],
        "street": [places.house_words(value) for value in raw["street"]],
        "place": [_place(*parts) for parts in _rows(raw, "street", "postcode", "city")],
        "description": [text.name_words(value)[0] for value in raw["description"]],
    }
    ids = [str(key) for key in (*left["id"], *right["id"])]
    groups = [str(group or "") for group in _stacked(WITHIN, (left, right), sizes)]
    within = _coded(groups, sizes[0])
    forms = [forms for _, forms in split]
    return Features(sizes[0], ids, raw, within, columns, words, forms, *_houses(words["street"]))


def _houses(streets: Sequence[Tokens]) -> Iterator[Ints]:
    """Codes of street, house number, and number with letter."""
    for column_ in zip(*map(places.house, streets), strict=True):
        known: dict[Any, int] = {None: -1}
        yield np.array([known.setdefault(v, len(known) - 1) for v in column_], dtype=np.int64)


def _rows(raw: Mapping[str, list[str | None]], *names: str) -> Any:
    return zip(*(raw[name] for name in names), strict=True)


def _joined(name: str, tables: tuple[Table, Table], sizes: tuple[int, int]) -> list[str | None]:
    """A column of both tables, its values as texts."""
    found = [text.squeeze(_told(value)) for value in _stacked(name, tables, sizes)]
    return [None if value and value.casefold() in NOTHING else value for value in found]


def _stacked(name: str, tables: tuple[Table, Table], sizes: tuple[int, int]) -> list[Any]:
    """A column of both tables, one under the other; None where a table has none."""
    found: list[Any] = []
    for table, size in zip(tables, sizes, strict=True):
        found += table.get(name) or [None] * size
    return found


def _told(value: Any) -> Any:
    """A missing number is nothing, a whole one has no decimals."""
    if isinstance(value, float):
        return None if value != value else int(value) if value.is_integer() else value
    return value


def _without_remark(name: str | None) -> str | None:
    """A name without whom to turn to: 'Berg AS v/ regnskap', 'Berg AS c/o Dal'."""
    return name and (REMARK.sub("", name) or name)


def _written(words: Tokens) -> str:
    """A name as one word, without those that only say where in the company."""
    return "".join(word for word in words if word not in QUIET) or "".join(words)


def _take_out_addresses(raw: dict[str, list[str | None]]) -> None:
    """An address glued on to the name becomes the record's, if it has none of its own; a postcode
    and town behind the street become the record's, too."""
    for at, (name, *address) in enumerate(_rows(raw, "name", *ADDRESS)):
        if address[0] and not any(address[1:]):
            for column_, value in zip(ADDRESS, places.split_address(address[0]), strict=True):
                raw[column_][at] = value
        elif name and not any(address) and (found := places.glued_address(name)):
            raw["name"][at] = found[0]
            for column_, value in zip(ADDRESS, found[1:], strict=True):
                raw[column_][at] = value


def _name(name: str | None, first: str | None, last: str | None) -> str | None:
    return name or text.join(first, last)


def _place(street: str | None, postcode: str | None, city: str | None) -> Tokens:
    code = _post_code(postcode)
    return (*places.street_words(street), *((code.casefold(),) if code else ()), *_city(city))


@lru_cache(text.KEPT)
def _city(value: str | None) -> Tokens:
    return tuple(text.words(value))


def column(values: Sequence[Any], form: Callable[[Any], str | None], left: int) -> Column:
    """A column in a normal form."""
    return _coded([(form(value) or "") if value else "" for value in values], left)


def _coded(values: list[str], left: int) -> Column:
    """`shared` is, per record, in how many records of one table its value stands at most."""
    known: dict[str, int] = {"": -1}
    codes = np.array([known.setdefault(v, len(known) - 1) for v in values], dtype=np.int64)
    size = len(known)
    first = np.bincount(codes[:left] + 1, minlength=size)
    second = np.bincount(codes[left:] + 1, minlength=size)
    return Column(values, codes, np.maximum(np.maximum(first, second), 1)[codes + 1])


# --- normal forms -----------------------------------------------------------------------------


def _domain(value: str | None) -> str | None:
    """The domain of an e-mail address, if it is not one that everybody may have."""
    _, at, domain = (value or "").rpartition("@")
    return domain if at and domain not in PUBLIC else None


def _whole(value: Any) -> str:
    """Digits without the decimals that a spreadsheet gave them."""
    found = WHOLE.fullmatch(str(value))
    return found[1] if found else str(value)


def _number(value: Any) -> str | None:
    return text.number(_whole(value))


def _organisation(value: Any) -> str | None:
    """Without leading zeros, which spreadsheets lose."""
    return (text.organisation_number(_whole(value)) or "").lstrip("0") or None


def _phone(value: Any) -> str | None:
    """The last eight digits: country codes and trunk zeros come and go."""
    digits = re.sub(r"[^0-9]", "", text.EXTENSION.sub("", _whole(value)))
    return digits[-8:] if len(digits) >= 5 else None


def _date(value: Any) -> str | None:
    """Eight digits, year first, whichever way the date was written."""
    found = _whole(value)
    if match := DAY_FIRST.match(found):
        year = match[3] if len(match[3]) == 4 else _year(match[3])
        return f"{year}{match[2]:0>2}{match[1]:0>2}"
    if match := YEAR_FIRST.match(found):
        return f"{match[1]}{match[2]:0>2}{match[3]:0>2}"
    return re.sub(r"[^0-9]", "", found)[:8] or None


def _year(two: str) -> str:
    return f"20{two}" if int(two) < THIS_CENTURY else f"19{two}"


def _post_code(value: Any) -> str | None:
    """Without leading zeros, which spreadsheets lose."""
    return (text.post_code(_whole(value)) or "").lstrip("0") or None


def _country(value: Any) -> str | None:
    """A two-letter code; what is none and no known name says nothing."""
    name = str(value).casefold().strip(". ")
    code = COUNTRIES.get(name, name)
    return code if len(code) == 2 else None


def _plain(value: Any) -> str | None:
    return " ".join(_city(value)) or None


FORMS: Mapping[str, Callable[[Any], str | None]] = {
    "number": _number,
    "organisation_number": _organisation,
    "email": text.email,
    "phone": _phone,
    "street": lambda value: " ".join(places.street_words(value)) or None,
    "postcode": _post_code,
    "city": _plain,
    "country": _country,
    "birth_date": _date,
    "description": _plain,
}
