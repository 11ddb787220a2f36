"""`recon match`: any two tables, three kinds of file, one sentence for each that cannot be used."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from pyarrow import parquet, table

from tests.conftest import Ran
from tests.house import ROOT

Recon = Callable[..., Ran]
Rows = Sequence[Sequence[str]]
SCHEMA = json.loads((ROOT / "docs" / "json.schema.json").read_text(encoding="utf-8"))
LEFT: Rows = (
    ("id", "Name", "Organisation Number", "City", "Colour"),
    ("1", "Ås & Sønn Bygg AS", "923 609 016", "Oslo", "red"),
    ("2", "Fjord Marin AS", "", "Bergen", "blue"),
    ("3", "Tind Data AB", "", "", ""),
)
RIGHT: Rows = (
    ("id", "name", "organisation_number", "city"),
    ("x", "Fjord Marine", "", "Bergen"),
    ("y", "Aas og Soenn Bygg", "NO923609016MVA", "OSLO"),
    ("z", "Noe annet", "", "Molde"),
)
PAIRS = [("1", "y"), ("2", "x")]


def written(path: Path, rows: Rows, separator: str = ",", encoding: str = "utf-8") -> str:
    """A CSV file of these rows."""
    text = "\n".join(separator.join(row) for row in rows)
    path.write_text(text, encoding=encoding)
    return str(path)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    return written(tmp_path / "left.csv", LEFT), written(tmp_path / "right.csv", RIGHT)


def pairs(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [tuple(row.values()) for row in csv.DictReader(file)]


def test_pairs_are_written_with_their_reasons(
    recon: Recon, files: tuple[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "pairs.csv"
    ran = recon("match", *files, "--kind", "company", "--out", str(out), "--json")
    jsonschema.validate(ran.document, SCHEMA)
    assert (ran.code, ran.document["files"]) == (0, [str(out)])
    found = pairs(out)
    assert sorted(row[:2] for row in found) == PAIRS
    assert found[0][3] == "sure" and 0.99 < float(found[0][2]) < 1
    assert "the organisation numbers are equal (+20.0)" in found[0][4]
    assert "Not used of left.csv: colour" in ran.err
    assert [row["left_id"] for row in ran.document["rows"]] == [row[0] for row in found]


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [(";", "cp1252"), ("\t", "utf-8"), (",", "utf-8-sig"), (";", "utf-16")],
)
def test_any_common_csv_is_read(
    recon: Recon, tmp_path: Path, separator: str, encoding: str
) -> None:
    names = [
        written(tmp_path / f"{name}.csv", rows, separator, encoding)
        for name, rows in (("left", LEFT), ("right", RIGHT))
    ]
    found = recon("match", *names, "--kind", "company", "--json").document["rows"]
    assert sorted((row["left_id"], row["right_id"]) for row in found) == PAIRS


def test_other_names_of_columns_are_understood_and_told(recon: Recon, tmp_path: Path) -> None:
    rows = [("ID ", "Navn", "E-mail", "Org.nr", "Address"), ("7.0", "Berg", "a@b.no", "1", "X 5")]
    left = written(tmp_path / "left.csv", rows, "|")
    right = written(
        tmp_path / "right.csv", [("id", "name", "email", "e-mail"), ("r", "Berg", "a@b.no", "")]
    )
    ran = recon("match", left, right, "--kind", "company", "--json")
    assert [(row["left_id"], row["right_id"]) for row in ran.document["rows"]] == [("7.0", "r")]
    taken = "navn as name, e_mail as email, org_nr as organisation_number, address as street"
    assert f"Taken from left.csv: {taken}" in ran.err
    assert "Not used of right.csv: e_mail" in ran.err


def test_excel_and_parquet_are_read_and_written(recon: Recon, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet(index=0)
    for row in LEFT:
        sheet.append([int(row[0]) if row[0].isdigit() else row[0], *row[1:]])
    book.save(tmp_path / "left.xlsx")
    columns = zip(*RIGHT[1:], strict=True)
    parquet.write_table(table(dict(zip(RIGHT[0], columns, strict=True))), tmp_path / "r.parquet")
    names = str(tmp_path / "left.xlsx"), str(tmp_path / "r.parquet")
    for ending in ("xlsx", "parquet"):
        out = tmp_path / f"out.{ending}"
        assert recon("match", *names, "--kind", "company", "--out", str(out)).code == 0
    rows = parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert sorted((row["left_id"], row["right_id"]) for row in rows) == PAIRS
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["Pairs"]
    assert [cell.value for cell in next(sheet.rows)] == list(rows[0])
    assert sheet.max_row == len(PAIRS) + 1


def test_a_formula_stays_a_text(recon: Recon, tmp_path: Path) -> None:
    evil = "=HYPERLINK(1)"
    left = written(tmp_path / "l.csv", [("id", "name"), (evil, "Fjord Marin AS")])
    right = written(tmp_path / "r.csv", [("id", "name"), ("1", "Fjord Marin AS")])
    out = tmp_path / "out.xlsx"
    recon("match", left, right, "--kind", "company", "--out", str(out))
    cell = openpyxl.load_workbook(out)["Pairs"]["A2"]
    assert (cell.value, cell.data_type) == (evil, "s")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"name,city\nBerg,Oslo", "There is no column id; found: name, city"),
        (b"id,colour\n1,red", "There is no column to compare"),
        (b"id,name", "The file has no rows"),
        (b"id,name\n1,Berg\n1,Dal", "The id '1' stands in 2 rows"),
        (b"id,name\n1,Berg\n,Dal", "Row 3 has no id"),
        (b"id,name,Name\n1,Berg,Dal", "The column name is there twice"),
        (b"PK\x03\x04\0\0\0", "The file is no text"),
        (b"id,name\n1,\x81\x8d", "neither UTF-8 nor Windows text"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_in_a_sentence(
    recon: Recon, files: tuple[str, str], tmp_path: Path, content: bytes, words: str
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(content)
    ran = recon("match", files[0], str(bad), "--kind", "company", "--json")
    jsonschema.validate(ran.document, SCHEMA)
    assert ran.code == 2
    assert words in ran.document["error"] and "bad.csv" in ran.document["error"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing.csv", "There is no such file"),
        ("left.doc", "Files of the kind .doc are not read"),
        ("left.xlsx", "no Excel workbook"),
        ("left.parquet", "no Parquet file"),
    ],
)
def test_a_file_of_another_kind_is_said_in_a_sentence(
    recon: Recon, files: tuple[str, str], tmp_path: Path, name: str, words: str
) -> None:
    path = tmp_path / name
    if name != "missing.csv":
        path.write_text("id,name\n1,Berg", encoding="utf-8")
    ran = recon("match", str(path), files[1], "--kind", "company", "--json")
    assert (ran.code, words in ran.document["error"]) == (2, True)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--kind", "firm"], "There is no kind 'firm'"),
        (["--kind", "company", "--out", "x.pdf"], "Pairs cannot be written as .pdf"),
        (["--kind", "company", "--out", "none/x.csv"], "The file cannot be written"),
    ],
)
def test_wrong_options_are_said_in_a_sentence(
    recon: Recon, files: tuple[str, str], more: list[str], words: str
) -> None:
    ran = recon("match", *files, *more, "--json")
    assert (ran.code, words in ran.document["error"]) == (2, True)


def test_columns_that_only_one_file_has_are_no_ground(recon: Recon, tmp_path: Path) -> None:
    left = written(tmp_path / "l.csv", [("id", "phone"), ("1", "99887766")])
    right = written(tmp_path / "r.csv", [("id", "email"), ("1", "a@b.no")])
    ran = recon("match", left, right, "--kind", "company", "--json")
    assert "no column in common" in ran.document["error"]


def test_neither_help_nor_a_profile_load_the_engine() -> None:
    code = (
        "import sys; from recon.cli import app; import recon.settings, recon.plan, recon.entities;"
        "bad = {'rapidfuzz', 'pyarrow', 'openpyxl', 'pandas', 'recon.matching.engine'};"
        "sys.exit(' '.join(bad & set(sys.modules)) or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
