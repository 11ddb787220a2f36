"""Tables that people hand over: CSV, Excel and Parquet files read as columns, and CSV written.

A file that cannot be used is `Usage` with one sentence: what is wrong, where, what to do.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recon.errors import Usage

Values = Mapping[str, Sequence[Any]]
SEPARATORS = ";,\t|"
ENCODINGS = ("utf-8-sig", "cp1252")
WORD = re.compile(r"[^\W_]+")
KINDS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".parquet")
ID = "id"
ALSO = {
    name: known
    for known, names in {
        "name": "navn namn nimi",
        "first_name": "firstname given_name fornavn förnamn etunimi",
        "last_name": "lastname surname family_name etternavn efternamn efternavn sukunimi",
        "organisation_number": "organization_number organisasjonsnummer organisationsnummer"
        " org_number org_no org_nr orgnr cvr cvr_nr y_tunnus business_id",
        "email": "e_mail mail epost e_post email_address sähköposti",
        "phone": "telephone telefon tlf puhelin phone_number",
        "street": "address adresse adress osoite street_address gateadresse gatuadress",
        "postcode": "post_code postal_code zip zip_code postnummer postnr postinumero",
        "city": "town poststed postort by ort kaupunki postal_city",
        "country": "land maa country_code",
        "birth_date": "date_of_birth birthdate dob fødselsdato födelsedatum fødselsdag",
    }.items()
    for name in names.split()
}
"""Other names of columns that are understood where the known one is not there."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The known columns of a file, with its `id`, the names of those that are not used, and what
    those that have other names are taken for."""

    values: Values
    ignored: tuple[str, ...]
    renamed: Mapping[str, str]


def read(path: Path, known: Sequence[str]) -> Columns:
    """A file's known columns, its ids as texts; `Usage` where there are no usable ids."""
    header, rows = _cells(path)
    written = ["_".join(WORD.findall(str(name or "").casefold())) for name in header]
    names = _known_names(written, known)
    _demand(path, names, known)
    columns = dict(zip(names, _turned(rows, len(names)), strict=True))
    columns[ID] = _ids(path, columns[ID])
    ignored = tuple(name for name in names if name and name not in (ID, *known))
    used = {name: columns[name] for name in (ID, *known) if name in columns}
    renamed = {old: new for old, new in zip(written, names, strict=True) if old != new}
    return Columns(used, ignored, renamed)


def _known_names(written: Sequence[str], known: Sequence[str]) -> list[str]:
    """Names of columns, the first other name of one that is not there replaced by the known one."""
    names = list(written)
    for at, name in enumerate(written):
        other = ALSO.get(name, "")
        if name not in known and other in known and other not in names:
            names[at] = other
    return names


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file in UTF-8."""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)
    except OSError as error:
        raise unwritable(path, error) from None


def unwritable(path: Path, error: OSError) -> Usage:
    """What is said where a file cannot be written."""
    return Usage(
        f"The file cannot be written: {error.strerror or error}",
        where=str(path),
        todo="Name a file in a folder that is there, and close it in Excel",
    )


def _demand(path: Path, names: Sequence[str], known: Sequence[str]) -> None:
    double = [name for name, count in Counter(names).items() if name and count > 1]
    if ID not in names:
        found = ", ".join(name for name in names if name)[:200]
        raise _fault(path, f"There is no column id; found: {found}", "Name the key's column id")
    if double:
        raise _fault(path, f"The column {double[0]} is there twice", "Rename or remove one of them")
    if not set(names) & set(known):
        raise _fault(
            path, "There is no column to compare", f"Name at least one of {', '.join(known)}"
        )


def _ids(path: Path, values: Sequence[Any]) -> list[str]:
    ids = [_text(value) for value in values]
    if not ids:
        raise _fault(path, "The file has no rows", "Export it again")
    if "" in ids:
        raise _fault(path, f"Row {ids.index('') + 2} has no id", "Every row needs one")
    key, count = Counter(ids).most_common(1)[0]
    if count > 1:
        more = f"The id {key[:80]!r} stands in {count} rows"
        raise _fault(path, more, "Every row needs an id of its own")
    return ids


def _text(value: Any) -> str:
    if isinstance(value, float):
        value = "" if value != value else int(value) if value.is_integer() else value
    return "" if value is None else str(value).strip()


def _turned(rows: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows as columns; a short row is filled up, an empty one left out."""
    whole = [[*row[:width], *([None] * (width - len(row)))] for row in rows if any(row)]
    return [list(column) for column in zip(*whole, strict=True)] or [[] for _ in range(width)]


def _fault(path: Path, what: str, todo: str) -> Usage:
    return Usage(what, where=str(path), todo=todo)


# --- kinds of file ----------------------------------------------------------------------------


def _cells(path: Path) -> tuple[Sequence[Any], Iterable[Sequence[Any]]]:
    """Header and rows of a file."""
    kind = path.suffix.casefold()
    if kind not in KINDS:
        raise _fault(
            path, f"Files of the kind {kind or 'without ending'} are not read",
            "Save it as CSV, Excel (.xlsx) or Parquet",
        )  # fmt: skip
    try:
        if kind == ".parquet":
            return _parquet(path)
        rows = iter(_excel(path) if kind.startswith(".xls") else _csv(path))
        header = next(rows, None)
    except FileNotFoundError:
        raise _fault(path, "There is no such file", "Check the name and the folder") from None
    except OSError as error:
        raise _fault(
            path, f"The file cannot be read: {error.strerror or error}", "Check its rights"
        ) from None
    if not header:
        raise _fault(path, "The file is empty", "Export it again, with a row of column names")
    return header, rows


def _csv(path: Path) -> Iterator[list[str]]:
    text = _decoded(path, path.read_bytes())
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        raise _fault(path, f"The file is no CSV file: {error}", "Export it again") from None


def _decoded(path: Path, data: bytes) -> str:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ENCODINGS
    if encodings == ENCODINGS and b"\0" in data:
        raise _fault(path, "The file is no text", "Export it again as CSV")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _fault(path, "The file is neither UTF-8 nor Windows text", "Save it as CSV UTF-8")


def _excel(path: Path) -> Iterator[tuple[Any, ...]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with path.open("rb") as file:
            book = load_workbook(file, read_only=True, data_only=True)
            yield from book.worksheets[0].iter_rows(values_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, EOFError):
        raise _fault(path, "The file is no Excel workbook", "Save it as .xlsx anew") from None


def _parquet(path: Path) -> tuple[Sequence[Any], Iterable[Sequence[Any]]]:
    import pyarrow
    from pyarrow import parquet

    try:
        table = parquet.read_table(path)
    except pyarrow.ArrowException:
        raise _fault(path, "The file is no Parquet file", "Export it again") from None
    columns = [column.to_pylist() for column in table.columns]
    return table.column_names, zip(*columns, strict=True)
