"""What is wrong in the world ends in one sentence (what, where, what to do), the exit code by
contract, and nothing half-written: told end to end, through the command line."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager

import jsonschema
import pytest

from recon.cli import run
from recon.sandbox import acts_global, acts_severa, severa_server
from recon.sandbox.company import make
from recon.sandbox.global_database import Options, create
from tests.company import Sandbox, onboarded
from tests.house import ROOT

pytestmark = pytest.mark.slow
SCHEMA = json.loads((ROOT / "docs" / "json.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with onboarded(tmp_path_factory.mktemp("bad")) as company:
        yield company


@pytest.fixture
def profile(sandbox, tmp_path):
    """Write a changed profile beside the company's own, with a memory of its own."""
    made = []

    def change(old, new):
        text = sandbox.profile.read_text("utf-8")
        assert old in text
        path = sandbox.profile.with_name(f"bad-{len(made)}.toml")
        path.write_text(text.replace(old, new), "utf-8")
        made.append(path)
        return path

    yield change
    for path in made:
        path.unlink()


@pytest.fixture
def ended(capfd):
    """Run a command; its document and what people read."""

    def call(path, *arguments):
        code = run(["--company", str(path), *arguments, "--json"])
        out, err = capfd.readouterr()
        document = json.loads(out)
        jsonschema.validate(document, SCHEMA)
        assert document["exit_code"] == code
        assert "Traceback" not in err
        return code, document, err

    return call


def counted(sandbox):
    """What both systems hold, to see that nothing was written."""
    rows = sandbox.acts(lambda w: acts_global.rows(w, "Customer"))
    return rows, sandbox.acts(lambda w: acts_severa.documents(w, "customers"))


@contextmanager
def faulty(sandbox, *rules):
    sandbox.fault(*rules)
    try:
        yield
    finally:
        sandbox.fault()


WRONG_PROFILES = [
    ("an unreachable host", '"sandbox:"', '"http://127.0.0.1:9/rest-api"', 3, "127.0.0.1"),
    ("a wrong database file", "global.db", "nowhere/global.db", 3, "global.db"),
    ("a wrong schema name", 'schema = "', 'schema = "Feil', 3, "Feil"),
    ("a secret that is not there", "severa_client_secret", "nothing", 2, "nothing"),
    ("a secret in clear", "file:secrets/severa_client_secret", "hemmelig123", 2, "reference"),
    ("invalid TOML", "[company]", "[company", 2, "line"),
    ("a setting that does not exist", "quota = ", "qouta = ", 2, "qouta"),
    ("an unknown time zone", "Europe/Oslo", "Europe/Atlantis", 2, "Atlantis"),
]


@pytest.mark.parametrize(
    ("old", "new", "code", "word"),
    [w[1:] for w in WRONG_PROFILES],
    ids=[w[0] for w in WRONG_PROFILES],
)
def test_wrong_settings(sandbox, profile, ended, old, new, code, word):
    found, document, err = ended(profile(old, new), "sync")
    assert found == code
    assert word in document["error"] and document["error"] in err
    assert "hemmelig123" not in err


def test_a_wrong_password(sandbox, profile, ended):
    secrets = sandbox.profile.parent / "secrets"
    (secrets / "wrong").write_text("not the secret", "utf-8")
    path = profile("severa_client_secret", "wrong")
    code, document, _ = ended(path, "sync")
    assert code == 3 and "client_secret" in document["error"]
    assert "not the secret" not in json.dumps(document)


def test_an_unknown_entity(sandbox, ended):
    code, document, _ = ended(sandbox.profile, "sync", "--entities", "custmer")
    assert code == 2 and "custmer" in document["error"] and "customer" in document["error"]


def test_a_missing_scope_names_what_to_tick(sandbox, ended):
    import httpx

    door = severa_server.attach(sandbox.profile.parent).control_url
    missing = {"missing_scopes": ["customers:read"]}
    httpx.post(f"{door}/switches", json=missing, trust_env=False).raise_for_status()
    try:
        code, document, _ = ended(sandbox.profile, "sync")
    finally:
        httpx.post(f"{door}/switches", json={"missing_scopes": []}, trust_env=False)
    assert code == 3 and "customers:read" in document["error"]


@pytest.mark.parametrize("action", ["cut", "html"])
def test_a_list_that_cannot_be_read_stops_the_run(sandbox, ended, action):
    before = counted(sandbox)
    rule = {"action": action, "methods": ["GET"], "path": "^/v1/customers", "times": 99}
    with faulty(sandbox, rule):
        code, document, _ = ended(sandbox.profile, "sync")
    assert code == 3 and "Severa" in document["error"]
    assert counted(sandbox) == before


def test_a_list_that_is_cut_once_is_read_again(sandbox, ended):
    with faulty(sandbox, {"action": "cut", "methods": ["GET"], "path": "^/v1/customers"}):
        code, document, _ = ended(sandbox.profile, "sync")
    assert code in (0, 1) and document["calls"]["retry"] == 1


def test_a_name_of_ten_megabytes_is_refused_alone(sandbox, ended):
    guid = sandbox.acts(lambda w: acts_severa.create_customer(w, {"name": "Æ" * 10_000_000}))
    sandbox.acts(lambda w: acts_severa.win_customer(w, guid))
    other = sandbox.acts(lambda w: acts_severa.create_customer(w, {"name": "Kort Navn AS"}))
    sandbox.acts(lambda w: acts_severa.win_customer(w, other))
    code, document, err = ended(sandbox.profile, "sync")
    assert code == 1
    (failure,) = [f for f in document["failures"] if f["key"] == guid]
    assert "10000000 characters" in failure["reason"]
    assert len(json.dumps(failure, ensure_ascii=False)) < 3000
    assert len(err) < 100_000
    rows, _ = counted(sandbox)
    assert "Kort Navn AS" in [row["Name"] for row in rows]
    sandbox.acts(lambda w: acts_severa.edit(w, "customers", guid, {"name": "Kortere AS"}))


def test_a_number_beyond_int32_is_held_with_the_reason(sandbox, ended):
    body = {"name": "Stort Tall AS", "number": 2**40}
    guid = sandbox.acts(lambda w: acts_severa.create_customer(w, body))
    sandbox.acts(lambda w: acts_severa.win_customer(w, guid))
    code, document, _ = ended(sandbox.profile, "sync")
    assert code == 1
    assert any("customer" in need and "held" in need for need in document["needs_person"])
    rows, _ = counted(sandbox)
    assert "Stort Tall AS" not in [row["Name"] for row in rows]


def test_a_locked_table_is_told_and_done_later(sandbox, ended, profile):
    path = profile("user_no = ", "lock_timeout_s = 1\nuser_no = ")
    with sandbox.open(entities=("customer",)) as bench:
        bench.links.load()
        link = bench.links.all("customer")[0]
    sandbox.acts(lambda w: acts_severa.edit(w, "customers", link.guid, {"name": "Låst Ute AS"}))
    store = sandbox.profile.with_name("profile.store.db")
    path.write_text(path.read_text("utf-8") + f'\n[store]\nurl = "sqlite:///{store}"\n', "utf-8")
    with closing(sqlite3.connect(sandbox.profile.with_name("global.db"))) as other:
        other.execute("BEGIN IMMEDIATE")
        code, document, _ = ended(path, "sync")
        other.rollback()
    assert code in (1, 3)
    told = json.dumps([document["needs_person"], document["error"]], ensure_ascii=False)
    assert "lock" in told.lower() or "busy" in told.lower() or "other program" in told.lower()
    ended(sandbox.profile, "sync")
    rows, _ = counted(sandbox)
    assert "Låst Ute AS" in [row["Name"] for row in rows]


def _less(row, name):
    return {key: value for key, value in row.items() if key != name}


def test_a_table_without_severaguid_is_named(tmp_path, capfd):
    """Another version of Global: said clearly, before anything is written."""
    company = Sandbox.make(tmp_path / "old", size=6)
    try:
        old = make(6, 5)
        file = company.profile.with_name("global.db")
        file.unlink()
        schema = old.profile["global"]["schema"]
        without = Options(without=frozenset({"Contact.SeveraGUID"}))
        bare = {"Contact": [_less(row, "SeveraGUID") for row in old.global_rows["Contact"]]}
        create(f"sqlite:///{file}", schema, {**old.global_rows, **bare}, without)
        assert run(["--company", str(company.profile), "sync", "--json"]) == 3
        document = json.loads(capfd.readouterr().out)
        assert "SeveraGUID" in document["error"] and "Contact" in document["error"]
    finally:
        company.end()
