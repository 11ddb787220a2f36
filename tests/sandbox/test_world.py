"""A sandbox company on disk: whole, replaceable, and never laid over anything else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from recon import settings
from recon.errors import Usage
from recon.sandbox import global_database, severa_server, world
from recon.systems.tables import TABLES

pytestmark = pytest.mark.slow

SIZE = 12


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One company that the tests only read; the last one replaces it."""
    folder = tmp_path_factory.mktemp("world") / "company"
    yield world.create(folder, SIZE, 4)
    severa_server.release(folder)


@pytest.fixture
def papers(made: Path, tmp_path: Path) -> Path:
    """The profile and the mark alone, to be spoilt."""
    for name in ("profile.toml", "sandbox.json"):
        shutil.copy(made.parent / name, tmp_path / name)
    return tmp_path / "profile.toml"


def customers(profile: Path) -> list[int]:
    with world.open_world(profile) as opened, opened.in_global() as connection:
        numbers = connection.execute(select(TABLES["Customer"].c.CustomerNo)).scalars().all()
        return sorted(numbers)


def test_everything_is_in_the_folder(made: Path) -> None:
    names = {path.name for path in made.parent.iterdir()}
    assert {"profile.toml", "README.txt", "global.db", "severa.db", "secrets"} <= names
    assert made.name == "profile.toml"


def test_the_profile_opens_both_systems(made: Path) -> None:
    profile = settings.load(made)
    assert profile.company.sandbox
    assert profile.secret(profile.severa.client_id)
    assert profile.secret(profile.severa.client_secret)
    assert len(customers(made)) == SIZE
    with world.open_world(made) as opened:
        assert len(opened.severa.all("customers")) == SIZE
        assert opened.severa.all("businessunits")


def test_the_server_takes_the_profile_s_credentials(made: Path) -> None:
    import httpx

    profile = settings.load(made)
    address = severa_server.attach(made.parent)
    body = {
        "client_id": profile.secret(profile.severa.client_id),
        "client_secret": profile.secret(profile.severa.client_secret),
        "scope": "customers:read",
    }
    with httpx.Client(trust_env=False) as client:
        answer = client.post(f"{address.base_url}/v1/token", json=body)
        wrong = client.post(f"{address.base_url}/v1/token", json={**body, "client_secret": "wrong"})
    assert answer.status_code == 200
    assert answer.json()["access_token"]
    assert wrong.status_code == 401


def test_no_secret_stands_in_the_profile_or_the_readme(made: Path) -> None:
    profile = settings.load(made)
    secret = profile.secret(profile.severa.client_secret)
    for name in ("profile.toml", "README.txt", "sandbox.json"):
        assert secret not in (made.parent / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["thesis.docx", "profile.toml", "global.db"])
def test_a_folder_with_other_files_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(Usage, match="not a sandbox's"):
        world.create(tmp_path, SIZE)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(Usage, match="not a sandbox's"):
        world.create(tmp_path / "file", SIZE)


@pytest.mark.parametrize("size", [0, -1, 2_000_000])
def test_impossible_sizes_are_refused(tmp_path: Path, size: int) -> None:
    with pytest.raises(Usage, match="cannot be made"):
        world.create(tmp_path / "new", size)
    assert not (tmp_path / "new").exists()


def test_a_real_company_is_never_opened(papers: Path) -> None:
    text = papers.read_text(encoding="utf-8")
    for old, new in (("sandbox = true", "sandbox = false"), ('"sandbox:"', '"https://s.invalid"')):
        assert old in text
        papers.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(Usage, match="not a sandbox"):
            world.open_world(papers)


def test_a_lost_mark_is_said(papers: Path) -> None:
    (papers.parent / "sandbox.json").write_text("{")
    with pytest.raises(Usage, match="mark"):
        world.open_world(papers.parent)


def test_global_alone_goes_into_any_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    world.create_global(url, "KundeAS", SIZE, 4)
    engine = global_database.open_engine(url, "KundeAS")
    assert global_database.marked(engine, "KundeAS")
    engine.dispose()
    world.create_global(url, "KundeAS", SIZE, 4)


def test_an_earlier_sandbox_is_replaced_also_while_it_is_served(made: Path) -> None:
    severa_server.attach(made.parent)
    (made.parent / "profile.store.db").write_text("old memory")
    (made.parent / "reports").mkdir()
    world.create(made.parent, SIZE + 3, 5)
    assert len(customers(made)) == SIZE + 3
    assert not (made.parent / "profile.store.db").exists()
    assert (made.parent / "reports").exists()
    with world.open_world(made) as opened:
        assert len(opened.severa.all("customers")) == SIZE + 3
        assert (opened.size, opened.seed) == (SIZE + 3, 5)
