"""A profile holds no secret, only references; what stands in it in clear is refused unshown."""

from __future__ import annotations

from pathlib import Path

import pytest

from recon import settings
from recon.errors import Usage
from tests.conftest import PROFILE

SECRET = "Zz9-s3cret"
CLEAR = (
    ('url = "sqlite:///global.db"', f'url = "mssql+pyodbc://lin:{SECRET}@srv/D"'),
    (
        'url = "sqlite:///global.db"',
        f'url = "mssql+pyodbc:///?odbc_connect=UID%3Dl%3BPWD%3D{SECRET}"',
    ),
    ('url = "sqlite:///global.db"', f'url = "mssql+pyodbc://srv/D?Password={SECRET}"'),
    ('schema = "fjord"', f'schema = "fjord"\noptions = {{ PWD = "{SECRET}" }}'),
    ('base_url = "http://127.0.0.1:9"', f'base_url = "https://me:{SECRET}@host"'),
    ("[severa]", f'[store]\nurl = "postgresql://u:{SECRET}@host/db"\n\n[severa]'),
)


@pytest.mark.parametrize(("given", "written"), CLEAR)
def test_a_password_in_clear_is_refused_and_not_shown(given: str, written: str) -> None:
    with pytest.raises(Usage, match="in clear.*env:NAME") as caught:
        settings.parse(PROFILE.replace(given, written, 1), "p.toml")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "env:GLOBAL_URL",
        "keyring:recon/global:x@y",
        "sqlite:///a b/c.db",
        "mssql+pyodbc://lin@srv:1433/D?driver=ODBC+Driver+18+for+SQL+Server",
    ],
)
def test_an_address_without_a_password_is_taken(url: str) -> None:
    text = PROFILE.replace("sqlite:///global.db", url)
    assert settings.parse(text, "p.toml").global_.url == url


@pytest.mark.parametrize("name", ["client_secret", "client_id"])
def test_a_secret_that_stands_in_clear_is_not_used(name: str) -> None:
    profile = settings.parse(PROFILE.replace("env:", SECRET), "p.toml")
    with pytest.raises(Usage, match="in clear") as caught:
        profile.secret(getattr(profile.severa, name))
    assert SECRET not in str(caught.value)


def test_references_lead_to_the_environment_a_file_or_the_key_ring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECON_TEST_SECRET", SECRET)
    monkeypatch.setattr("keyring.get_password", lambda service, user: f"{service}+{user}")
    (tmp_path / "secret").write_text(f"{SECRET}\n", "utf-8")
    assert settings.secret("env:RECON_TEST_SECRET") == SECRET
    assert settings.secret("file:secret", tmp_path) == SECRET
    assert settings.secret("keyring:recon/severa") == "recon+severa"


@pytest.mark.parametrize("reference", ["env:RECON_TEST_NOT_SET", "file:nowhere"])
def test_a_reference_that_leads_nowhere_is_named(reference: str) -> None:
    with pytest.raises(Usage, match=reference):
        settings.secret(reference)


def test_costs_need_voucher_types_and_accounts() -> None:
    bare = PROFILE + "\n[transfer]\ncosts_from = 2026-01-01\n"
    toml = bare + "\n[global.books]\nsuppliers = [4]\n"
    for text in (bare, toml):
        with pytest.raises(Usage, match="suppliers and cost_accounts under"):
            settings.parse(text, "profile.toml")
    whole = toml.replace("suppliers = [4]", "suppliers = [4]\ncost_accounts = [[4000, 7999]]")
    assert settings.parse(whole, "profile.toml").global_.books.cost_accounts == [(4000, 7999)]
