"""`recon doctor --init` in a real terminal, against a real sandbox and without one."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from recon.sandbox import severa_server, world
from recon.settings import load
from tests.conftest import Ran
from tests.terminal import Terminal, terminal

pytestmark = pytest.mark.slow
SECRET = "hunter2-in-clear"


@dataclass(frozen=True)
class Place:
    """A sandbox company's folder and its Severa's address."""

    folder: Path
    url: str

    @property
    def answers(self) -> dict[str, str | list[str]]:
        """What leads to the sandbox's two systems."""
        return {
            "Name of the company": "Fjord AS",
            "SQL Server": "sqlite:///global.db",
            "Number of the user": "recon",
            "Address of Severa's API": self.url,
            "Client id": "file:secrets/severa_client_id",
            "Client secret": "file:secrets/severa_client_secret",
        }


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    profile = world.create(tmp_path_factory.mktemp("interview") / "company", 12)
    yield Place(profile.parent, severa_server.attach(profile.parent, quota=500).base_url)
    severa_server.release(profile.parent)


@pytest.fixture
def nowhere(tmp_path: Path) -> Place:
    """Two systems that do not answer."""
    return Place(tmp_path, "http://127.0.0.1:9/rest-api")


def init(place: Place, name: str, **answers: str | list[str]) -> Terminal:
    with terminal("--company", str(place.folder / name), "doctor", "--init") as person:
        assert person.answered(place.answers | answers) == 0, person.screen
    return person


def test_it_leads_to_a_profile_with_which_the_doctor_is_content(
    place: Place, recon: Callable[..., Ran]
) -> None:
    chosen: dict[str, str | list[str]] = {
        "Customer types": "bedrift, 2",
        "Category of internal": "intern",
        "Project types": "1",
        "Invoices from": ["soon", "2026-01-01"],
        "Statuses from": "klar",
        "Status of transferred": "overført",
        "Article of hours": "4000",
        "Voucher types of sales": "1",
        "Voucher types of credit": "2",
        "Voucher types of payments": "innbetaling",
        "Voucher types of suppliers": "4",
        "Cost accounts": "4000-4999, 6000-7999",
        "Supplier costs from": "2026-02-01",
        "Percentage": "7,5",
    }
    person = init(place, "full.toml", **chosen, **{"Article types of travel": "3"})
    made = load(place.folder / "full.toml")
    assert made.global_.schema_name == "ProvefjordAS"
    assert made.severa.company == "Prøvefjord Rådgivning AS"
    assert made.transfer.customer_types == [1, 2]
    assert made.transfer.article_kinds == {3: "travel_expense_type"}
    assert made.transfer.posting_templates == {0: 4, 12: 3, 15: 2}
    assert made.transfer.new_customers["CustomerGrpNo"] == 10, "the group that most customers have"
    assert (made.master.of("project", "name"), made.master.of("contact", "name")) == (
        "severa",
        "global",
    )
    orders, books = made.transfer.orders, made.global_.books
    assert (orders.take, orders.taken) == (["Klar til fakturering"], "Overført til regnskap")
    assert (orders.sent, orders.paid) == ("Sendt", "Betalt"), "by what they mean in Severa"
    assert (books.sales, books.credits, books.payments, books.suppliers) == ([1], [2], [3], [4])
    assert books.cost_accounts == [(4000, 4999), (6000, 7999)]
    assert made.transfer.costs.percentage == Decimal("7.5")
    assert "Not checked yet" not in person.screen.replace("Project owner", "")
    ran = recon("--company", str(made.path), "doctor", "--json")
    assert [v for v in ran.document["verdicts"] if v["ok"] == "failed"] == []


def test_a_secret_in_clear_is_never_taken(place: Place) -> None:
    secrets = [SECRET, "file:secrets/severa_client_secret"]
    person = init(place, "secret.toml", **{"Client secret": secrets})
    assert "it is not kept" in person.screen
    for file in place.folder.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes()


def test_an_address_with_a_password_is_never_taken(place: Place) -> None:
    addresses = [f"mssql+pyodbc://me:{SECRET}@host/db", "sqlite:///global.db"]
    person = init(place, "address.toml", **{"SQL Server": addresses})
    assert "holds a password in clear" in person.screen
    assert SECRET not in (place.folder / "address.toml").read_text("utf-8")


def test_a_second_time_it_asks_for_what_is_missing_alone(place: Place) -> None:
    first = init(place, "twice.toml")
    path = place.folder / "twice.toml"
    said = "[safety]\npark_after = 3  # three times is enough\n\n" + path.read_text("utf-8")
    path.write_text(said.replace("country = ", "# where they pay tax\ncountry = "), "utf-8")
    with terminal("--company", str(path), "doctor", "--init") as person:
        assert person.answered({"Numbers that Severa gives, customers": "50000-59999"}) == 0
    assert set(person.asked) < set(first.asked)
    assert "Name of the company" not in person.asked
    after = path.read_text("utf-8")
    assert "# where they pay tax" in after and "# three times is enough" in after
    assert tomllib.loads(after) == tomllib.loads(said) | {
        "global": tomllib.loads(said)["global"]
        | {"numbers": {"customer": {"severa": [50000, 59999]}}}
    }


def test_where_comments_cannot_be_kept_the_old_text_is(place: Place) -> None:
    init(place, "inline.toml")
    path = place.folder / "inline.toml"
    inline = "[global]\nnumbers = { contact = { range = [1, 9] } }  # ours"
    old = path.read_text("utf-8").replace("[global]", inline)
    path.write_text(old, "utf-8")
    with terminal("--company", str(path), "doctor", "--init") as person:
        assert person.answered({"Numbers that Severa gives, customers": "50000-59999"}) == 0
    assert "Comments could not be kept" in person.screen
    assert path.with_name("inline.toml.before").read_text("utf-8") == old
    numbers = {"contact": {"range": [1, 9]}, "customer": {"severa": [50000, 59999]}}
    tables = tomllib.loads(old)
    assert tomllib.loads(path.read_text("utf-8")) == tables | {
        "global": tables["global"] | {"numbers": numbers}
    }


def test_without_a_word_nothing_is_written_again(place: Place) -> None:
    init(place, "still.toml")
    path = place.folder / "still.toml"
    before = path.read_bytes(), path.stat().st_mtime_ns
    with terminal("--company", str(path), "doctor", "--init") as person:
        assert person.answered({}) == 0
    assert "Nothing was missing" in person.screen
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_systems_that_do_not_answer_are_left_for_later(nowhere: Place) -> None:
    answers: dict[str, str | list[str]] = {
        "SQL Server": "sqlite:///none.db",
        "Schema": "FjordAS",
        "Number of the user": ["x", "7"],
        "Client id": "env:RECON_TEST_NOT_SET",
        "Client secret": "env:RECON_TEST_NOT_SET",
        "Customer types": "1, 2",
    }
    person = init(nowhere, "later.toml", **answers)
    made = load(nowhere.folder / "later.toml")
    assert (made.global_.schema_name, made.global_.user_no) == ("FjordAS", 7)
    assert made.transfer.customer_types == [1, 2]
    assert "Visma Global is not reached" in person.screen
    for what in ("the connection to Severa", "Customer types ([1, 2])", "Schema (FjordAS)"):
        assert f"Not checked yet: {what}" in person.screen


def test_a_wrong_answer_can_be_changed_when_the_system_does_not_answer(place: Place) -> None:
    answers: dict[str, str | list[str]] = {
        "SQL Server": ["sqlite:///none.db", "sqlite:///global.db"],
        "Try again": "change",
    }
    init(place, "changed.toml", **answers)
    assert load(place.folder / "changed.toml").global_.url == "sqlite:///global.db"


def test_a_sql_server_is_asked_for_in_parts(nowhere: Place) -> None:
    answers: dict[str, str | list[str]] = {
        "SQL Server": "nohost.invalid",
        "Database": "FjordGLOBALData",
        "Login": "reader",
        "Password of the login": "file:password",
        "Trust the server": ["perhaps", "yes"],
        "Schema": "FjordAS",
        "Number of the user": "1",
    }
    (nowhere.folder / "password").write_text("not a real one", "utf-8")
    init(nowhere, "server.toml", **answers)
    made = load(nowhere.folder / "server.toml").global_
    assert (made.server, made.database, made.login) == (
        "nohost.invalid",
        "FjordGLOBALData",
        "reader",
    )
    assert made.options == {"TrustServerCertificate": "yes"}
    assert made.password == "file:password"


@pytest.mark.parametrize("there", [False, True])
def test_ctrl_c_leaves_nothing_half_written(tmp_path: Path, there: bool) -> None:
    path = tmp_path / "profile.toml"
    text = '[company]\nname = "Fjord AS"\n[global]\n[severa]\n'
    if there:
        path.write_text(text, "utf-8")
    with terminal("--company", str(path), "doctor", "--init") as person:
        while (title := person.question()) not in ("SQL Server", None):
            person.type("Fjord AS" if title == "Name of the company" else "")
        person.interrupt()
        assert person.question() is None
    assert person.process.returncode == 130
    assert "nothing was written" in person.screen
    assert [p.name for p in tmp_path.iterdir()] == (["profile.toml"] if there else [])
    assert not there or path.read_text("utf-8") == text


def test_without_a_terminal_it_says_so(
    recon: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path(os.devnull).open(encoding="utf-8") as nobody:
        monkeypatch.setattr("sys.stdin", nobody)
        ran = recon("--company", str(tmp_path / "new.toml"), "doctor", "--init", "--json")
    assert ran.code == 2
    assert "Run it in a terminal" in ran.document["error"]
    assert list(tmp_path.iterdir()) == []


def test_a_broken_profile_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("[company\n", "utf-8")
    with terminal("--company", str(path), "doctor", "--init") as person:
        assert person.question() is None
    assert person.process.returncode == 2
    assert path.read_text("utf-8") == "[company\n"
