"""Canaries in every secret and private field, real commands that go wrong in every way, and a
search through every byte that they left: files, databases, packed workbooks, both streams."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.canary import search
from tests.canary.company import MARK, SYSTEMS, Company, planted

pytestmark = pytest.mark.slow
LISTS = ("runs", "unknowns", "failures", "links")
LAB = "from recon.cli import jupyter; from pathlib import Path; jupyter.command(Path(), 'x')"
WAIVE = """
from recon import flow, lab
from recon.shapes import blocking
with lab.open("profile.toml") as bench:
    flow.waive(bench, blocking(flow.findings(bench)), "made up")
"""


@dataclass
class Told:
    """What each step ended with, by name."""

    company: Company
    steps: dict[str, tuple[int, str]] = field(default_factory=dict)

    def step(self, name: str, *given: str, canary: str = "", profile: Path | None = None) -> None:
        self.steps[name] = self.company.recon(*given, canary=canary, profile=profile)

    def texts(self) -> list[tuple[str, bytes]]:
        """All that was written and said."""
        return [*search.written(self.company.folder, SYSTEMS), *self.company.heard]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The company's whole story, with everything going wrong on the way."""
    with planted(tmp_path_factory.mktemp("canary") / "company") as company:
        told = Told(company)
        look(told)
        write(told)
        as_notebooks(told)
        elsewhere(told)
        yield told


def look(told: Told) -> None:
    """Commands that only read; the server's own faults quote all that it holds."""
    echo = told.company.echo
    told.step("doctor", "doctor")
    echo.fail("GET", "/users", 500, 9)
    echo.fail("GET", "/organizationdetails", 401, 9)
    told.step("doctor, refused", "doctor", "--json")
    echo.rules.clear()
    echo.fail("POST", "/token", 401, 1)
    told.step("check, no token", "check", "--json")
    echo.fail("GET", "/customers", 500, 9)
    told.step("check, 500", "check")
    echo.rules.clear()
    echo.fail("GET", "/contactpersons", 400, 1)
    told.step("check, 400", "check", "--json")
    told.company.faults({"action": "cut", "path": "/addresses", "times": 9})
    told.step("check, broken JSON", "check")
    told.company.faults()
    told.step("check", "check", "--json")
    told.step("propose", "propose", "--json")
    told.step("plan", "plan", "--out", "plan.json")
    told.step("report", "report")


def write(told: Told) -> None:
    """Commands that write: answers are lost or broken, records refused, inserts fail, it breaks."""
    company, echo = told.company, told.company.echo
    told.steps["waive"] = company.python("-c", WAIVE)
    told.step("onboard, broken", "onboard", "--yes", canary="crash")
    company.faults(
        {"action": "lose", "methods": ["POST"], "path": "/customers", "times": 1},
        {"action": "cut", "methods": ["POST"], "path": "/contactpersons", "times": 1},
    )
    echo.fail("PATCH", "/customers", 400, 9)
    echo.fail("POST", "/businessunits", 400, 1)
    echo.fail("POST", "/addresses", 500, 1)
    told.step("onboard, refused", "onboard", "--yes", "--json", canary="sql")
    echo.rules.clear()
    company.faults()
    told.step("failures after it", "failures", "--json")
    told.step("unknowns after it", "unknowns", "--json")
    told.step("sync", "sync", "--full", "--json", "--force", "creates:customer")
    echo.fail("POST", "/refreshtoken", 401, 9)
    told.step("sync, no refresh", "sync", "--full", "--force", "updates:customer")
    echo.rules.clear()
    told.step("sync, broken", "sync", "--json", canary="crash")
    for name in LISTS:
        told.step(name, name, "--json")
    told.step("trace", "trace", "invoice", "1", "--json", "--out", "trace.html")
    told.steps["lab"] = company.python("-c", LAB)


def as_notebooks(told: Told) -> None:
    """The same as executed notebooks."""
    told.step("notebook", "sync", "--notebook", "--json")
    told.step("notebook, broken", "sync", "--notebook", canary="crash")
    told.company.echo.fail("GET", "/businessunits", 500, 9)
    told.step("notebook, 500", "onboard", "--notebook", "--checksum", "x", "--json")
    told.company.echo.rules.clear()


def elsewhere(told: Told) -> None:
    """A SQL Server and a PostgreSQL that refuse the password, and quote it."""
    company = told.company
    mine = 'url = "env:RECON_TEST_ADDRESS"\npassword = "env:RECON_TEST_PASSWORD"'
    parts = (
        'server = "127.0.0.1"\ndatabase = "D"\nlogin = "lin"\npassword = "env:RECON_TEST_PASSWORD"'
    )
    server = company.other("server", (mine, 'url = "env:RECON_TEST_SERVER"'))
    told.step("server", "doctor", "--json", canary="pyodbc", profile=server)
    named = company.other("named", (mine, parts))
    told.step("server, by parts", "check", canary="pyodbc", profile=named)
    store = company.other(
        "store", ("[severa]", '[store]\nurl = "env:RECON_TEST_STORE"\n\n[severa]')
    )
    told.step("store", "check", "--json", profile=store)


def test_no_canary_is_found_anywhere(told: Told) -> None:
    assert search.found(told.company.canaries, told.texts()) == []


@pytest.mark.parametrize(
    ("step", "code", "words"),
    [
        ("doctor", 0, "granted"),
        ("doctor, refused", 3, "does not accept"),
        ("check, no token", 3, "client_id and client_secret"),
        ("check, 500", 3, "fault of its own"),
        ("check, 400", 3, "refuses"),
        ("check, broken JSON", 3, "cannot be read"),
        ("check", 1, "findings"),
        ("plan", 1, "checksum"),
        ("waive", 0, ""),
        ("onboard, broken", 3, "RuntimeError"),
        ("onboard, refused", 1, "refuses"),
        ("failures after it", 0, "A text does not fit its column"),
        ("failures after it", 0, "Severa refuses this"),
        ("unknowns after it", 0, "Unknown"),
        ("sync, no refresh", 1, "Run"),
        ("sync, broken", 3, "RuntimeError"),
        ("links", 0, "customer"),
        ("lab", 0, ""),
        ("notebook", 1, "5_sync"),
        ("notebook, broken", 3, "RuntimeError"),
        ("notebook, 500", 3, "fault of its own"),
        ("server", 3, "refuses the login"),
        ("server, by parts", 3, "refuses the login"),
        ("store", 3, "store cannot be opened"),
    ],
)
def test_each_step_went_as_it_should_go(told: Told, step: str, code: int, words: str) -> None:
    ended, said = told.steps[step]
    assert (ended, words in said) == (code, True), said[-2000:]


def test_everything_that_could_leak_was_at_hand(told: Told) -> None:
    names = [name for name, _ in told.texts()]
    for part in (
        "profile.store.db/recon_journal",
        "profile.store.db/recon_mirror",
        "profile.store.db/recon_failure",
        "plan.json",
        ".ipynb",
        "run.html",
        "run.xlsx/xl/worksheets",
        "reconciliation.xlsx",
        "error-",
        "home/",
        "state/pace",
    ):
        assert any(part in name for name in names), part
    assert len(told.company.echo.tokens) >= 4
    assert told.company.echo.quoted >= 10


# --- the search can fail --------------------------------------------------------------------------


def _in_a_workbook(folder: Path) -> None:
    with ZipFile(folder / "a.xlsx", "w") as packed:
        packed.writestr("xl/sharedStrings.xml", f"<t>{MARK}</t>")


def _in_a_long_row(folder: Path) -> None:
    with sqlite3.connect(folder / "store.db") as database:
        database.execute("CREATE TABLE t (a TEXT)")
        database.execute("INSERT INTO t VALUES (?)", ("x" * 4040 + f" {MARK}-ssn " * 90,))
    database.close()


def _in_a_text(folder: Path) -> None:
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "error.txt").write_text(f"a{MARK.upper()}b", "utf-8")


def _in_another_form(folder: Path) -> None:
    (folder / "log").write_bytes(f"{MARK}".encode("utf-16-le"))


def _coded(folder: Path) -> None:
    import base64

    (folder / "b.ipynb").write_bytes(base64.b64encode(f"xy{MARK}-secret-{MARK}".encode()))


@pytest.mark.parametrize(
    "plant", [_in_a_workbook, _in_a_long_row, _in_a_text, _in_another_form, _coded]
)
def test_a_planted_canary_is_found(tmp_path: Path, plant: Callable[[Path], None]) -> None:
    assert search.found([MARK, f"{MARK}-secret"], search.written(tmp_path)) == []
    plant(tmp_path)
    assert search.found([MARK, f"{MARK}-secret"], search.written(tmp_path)) != []


def test_a_transport_that_drops_nothing_is_caught(tmp_path: Path) -> None:
    with planted(tmp_path / "company", 2) as company:
        company.recon("check", canary="open")
        leaks = search.found(company.canaries, search.written(company.folder, SYSTEMS))
    assert any("recon_mirror" in leak for leak in leaks)
