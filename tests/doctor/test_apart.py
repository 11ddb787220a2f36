"""The doctor before the access to both systems is there: each half on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recon.doctor.scopes import reading
from recon.sandbox import severa_server, world
from recon.settings import load
from tests.conftest import Ran

Recon = Callable[..., Ran]
CLIENT = "file:secrets/severa_client_id"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    profile = world.create(tmp_path_factory.mktemp("apart") / "company", 5)
    yield profile
    severa_server.release(profile.parent)


def asked(recon: Recon, company: Path, old: str, new: str) -> dict[str, str]:
    """The verdicts by name, of the company with one setting changed."""
    changed = company.with_name("changed.toml")
    text = company.read_text("utf-8")
    assert old in text
    changed.write_text(text.replace(old, new), "utf-8")
    ran = recon("--company", str(changed), "doctor", "--json")
    assert (ran.code, bool(ran.document["error"])) == (3, True)
    return {v["name"]: v["ok"] for v in ran.document["verdicts"]}


def test_without_severas_secret_global_is_asked(recon: Recon, company: Path) -> None:
    found = asked(recon, company, CLIENT, "env:RECON_TEST_NOT_THERE")
    assert found["Severa: address and credentials"] == "failed"
    assert found["Global: number ranges"] == found["Global: login"] == "ok"


def test_without_globals_place_severa_is_asked(recon: Recon, company: Path) -> None:
    found = asked(recon, company, "sqlite:///global.db", "env:RECON_TEST_NOT_THERE")
    assert found["Global: address and login"] == "failed"
    assert found["Severa: scopes to read"] == found["Severa: company"] == "ok"


def test_what_is_no_matter_of_access_stays_an_error(recon: Recon, company: Path) -> None:
    changed = company.with_name("store.toml")
    changed.write_text(company.read_text("utf-8") + '\n[store]\nurl = "nowhere://x"\n', "utf-8")
    assert recon("--company", str(changed), "doctor", "--json").code in (2, 3)


def test_the_scopes_to_tick_are_told_before_there_is_access(recon: Recon, company: Path) -> None:
    ran = recon("--company", str(company), "doctor", "--sql")
    assert ", ".join(sorted(reading(load(company)))) in ran.err
