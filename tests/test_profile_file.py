"""A profile with more settings in it: what stood there stays, or nothing is touched."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from recon.profile_file import completed, merged, write
from recon.settings import text

OLD = """\
# our profile
[company]
name = "Fjord AS"  # as in the register
[global]

[severa]
quota = 5

[severa.defaults]
"user_type" = "Employee"

# the end
"""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("company.country", "NO"),
        ("global.user_no", 7),
        ("severa.quota", 9),
        ("severa.company", 'Fjord "Nord" AS'),
        ("severa.defaults.won_status", "Vunnet"),
        ("transfer.customer_types", [1, 2]),
        ("transfer.article_kinds.3", "work_type"),
        ("transfer.posting_templates.12,5", 3),
        ("global.numbers.customer.severa", [1, 9]),
    ],
)
def test_a_setting_finds_its_table_and_comments_stay(path: str, value: Any) -> None:
    answers = {tuple(part.replace(",", ".") for part in path.split(".")): value}
    made = completed(OLD, answers)
    assert made is not None
    assert tomllib.loads(made) == merged(tomllib.loads(OLD), answers)
    kept = [row for row in OLD.splitlines() if "#" in row]
    assert [row for row in kept if row not in made.splitlines()] == []


def test_many_settings_at_once_and_from_nothing() -> None:
    answers = {("company", "name"): "A", ("x", "y", "z"): True, ("company", "country"): "NO"}
    made = completed("", answers)
    assert made == '[company]\nname = "A"\ncountry = "NO"\n\n[x.y]\nz = true\n'


@pytest.mark.parametrize(
    "old",
    [
        'transfer = { leavers = true }\n[company]\nname = "A"\n',
        '[company]\nname = "A"\n[transfer]\ncustomer_types = [\n  1,\n]\n',
        '[company]\nname = """\n[transfer]\n"""\n',
    ],
)
def test_a_text_that_would_lose_something_is_not_touched(old: str) -> None:
    assert completed(old, {("transfer", "customer_types"): [1]}) is None


def test_what_stood_there_is_not_changed_by_merging() -> None:
    before = {"company": {"name": "A"}}
    assert merged(before, {("company", "country"): "NO"})["company"]["country"] == "NO"
    assert before == {"company": {"name": "A"}}


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "deep" / "profile.toml"
    write(path, "one\n")
    path.chmod(0o600)

    def full(_handle: int) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            write(path, "two\n")
    assert path.read_text("utf-8") == "one\n"
    assert [p.name for p in path.parent.iterdir()] == ["profile.toml"]
    write(path, "three\n")
    assert (path.read_text("utf-8"), path.stat().st_mode & 0o777) == ("three\n", 0o600)


@pytest.mark.parametrize(
    ("old", "comment"), [('quota = "#5"', '  # "not" more'), ("quota=[1, 2]", " # one, two")]
)
def test_a_comment_behind_a_setting_stays_behind_it(old: str, comment: str) -> None:
    made = completed(f"[severa]\n{old}{comment}\n", {("severa", "quota"): 9})
    assert made == f"[severa]\nquota = 9{comment}\n"


def test_a_mark_that_windows_puts_first_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_bytes(b"\xef\xbb\xbf[company]\r\nname = 'A'\r\n")
    assert text(path) == "[company]\nname = 'A'\n"


def test_the_ends_of_lines_stay(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_bytes(b"[severa]\r\nquota = 5\r\n")
    write(path, "[severa]\nquota = 9\n")
    assert path.read_bytes() == b"[severa]\r\nquota = 9\r\n"
