"""Hostile names in both systems, through every stage: reports, plans, notebooks, both streams."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import openpyxl
import pytest

from recon import flow, notebook, show
from recon.sandbox import severa_server, world
from recon.sandbox.severa_documents import Documents
from recon.settings import load
from recon.shapes import Facts, Plan
from tests.company import QUOTA, Sandbox
from tests.conftest import Ran
from tests.report.test_hostile import inert
from tests.report.test_html import Page

pytestmark = pytest.mark.slow
NAMES = (
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.invalid","x")',
    "+1+cmd",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "</td></table><b>",
    "{{7*7}}{% raw %}",
    "a\x1b[2J\x1b]0;b\x07c",
    "[red]a[/red]\\",
    "$$x$$ `x` **x**",
)
ONLY_SEVERA = ("\u202e=1+1\u202c", "\u2066<b>\u2069", "\u200f-1", "=" + "Lang " * 900, "😀=1")
# What stands for a name in the list, and which columns hold one in Global's table.
LISTS = {"customers": "name", "businessunits": "name", "projects": "name", "addresses": "city"}
TABLES = {
    "Customer": ("CustomerNo", "Name"),
    "Department": ("DepNo", "Name"),
    "Contact": ("ContactNo", "Name"),
    "Project": ("ProjectNo", "Name"),
}
TAGS = {"p", "table", "thead", "tbody", "tr", "th", "td", "strong", "em", "span", "svg", "g"}
TAGS |= {"path", "text", "rect", "line", "ul", "li"}
PAGE = TAGS | set("html head meta title style body main div dl dt dd nav h1 h2 ol li a".split())
PAGE |= {"section", "figure"}


@dataclass
class Gone:
    """A company that went through everything: its plan, the facts of its runs."""

    company: Sandbox
    plan: Plan
    facts: list[Facts]

    def reports(self, kind: str) -> list[Path]:
        return sorted((self.company.profile.parent / "reports").rglob(f"*.{kind}"))


@pytest.fixture(scope="module")
def gone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gone]:
    folder = tmp_path_factory.mktemp("hostile") / "company"
    profile = world.create(folder, 24, 4)
    done = Sandbox(profile, severa_server.attach(folder, quota=QUOTA).base_url).onboard()
    severa_server.release(folder)
    _spoil_severa(folder)
    _spoil_global(profile)
    company = Sandbox(profile, severa_server.attach(folder, quota=QUOTA).base_url)
    with company.open(full=True) as bench:
        checked = flow.check(bench)
    with company.open(full=True) as bench:
        plan = flow.plan(bench, shown=True)
    limits = tuple(f"{kind}:{name}" for name in checked.read for kind in ("creates", "updates"))
    synced = company.sync(full=True, force=limits)
    with company.open(full=True) as bench:
        flow.report(bench)
        reported = flow.check(bench)
    yield Gone(company, plan, [done, checked, synced, reported])
    severa_server.release(folder)


def _spoil_severa(folder: Path) -> None:
    documents = Documents(folder / "severa.db")
    for collection, name in LISTS.items():
        for at, doc in enumerate(list(documents.all(collection))):
            bad = [*NAMES, *ONLY_SEVERA][at % (len(NAMES) + len(ONLY_SEVERA))]
            documents.put(collection, {**doc, name: f"{bad} {at}"})
    for at, doc in enumerate(list(documents.all("contactpersons"))):
        first = NAMES[at % len(NAMES)]
        documents.put("contactpersons", {**doc, "firstName": first, "lastName": f"{at}"})
    documents.commit()
    documents.close()


def _spoil_global(profile: Path) -> None:
    found = load(profile)
    with world.World(found, 0, 0).in_global() as connection:
        schema = found.global_.schema_name
        for table, (key, name) in TABLES.items():
            rows = connection.exec_driver_sql(f'SELECT {key} FROM "{schema}"."{table}"').all()
            for at, (number,) in enumerate(rows):
                bad = f"{NAMES[at % len(NAMES)]} {at}"[:40]
                statement = f'UPDATE "{schema}"."{table}" SET {name} = ? WHERE {key} = ?'
                connection.exec_driver_sql(statement, (bad, number))


def hostile(text: str) -> bool:
    """Whether one of the names stands in a text."""
    return any(name.strip()[:30] in text for name in NAMES)


def test_the_names_went_through_everything(gone: Gone) -> None:
    """Else the other tests would prove nothing."""
    _, checked, synced, _ = gone.facts
    assert sum(hostile(o.name) for o in checked.outcomes) > 50
    assert sum(hostile(f.text) for f in checked.findings) > 5
    written = [o for o, state, _ in synced.operations if state == "done"]
    assert sum(hostile(str(v)) for o in written for v in o.after.values()) > 10
    assert sum(hostile(str(d.severa_value)) for d in synced.differences) > 5
    assert len(gone.reports("xlsx")) >= 5 <= len(gone.reports("html"))


def test_workbooks_hold_only_plain_cells(gone: Gone) -> None:
    told = {path.name: inert(path) for path in gone.reports("xlsx")}
    assert {"run.xlsx", "plan.xlsx", "checklist.xlsx", "reconciliation.xlsx"} <= set(told)
    run = openpyxl.load_workbook(gone.reports("xlsx")[-1])
    values = [str(c.value) for page in run for row in page.iter_rows() for c in row if c.value]
    assert sum(hostile(value) for value in values) > 5


def test_pages_hold_only_our_own_elements(gone: Gone) -> None:
    telling = set()
    for path in gone.reports("html"):
        page = Page(path.read_text("utf-8"))
        assert set(page.tags) <= PAGE, path
        assert not [v for _, _, v in page.attributes if hostile(v)], path
        assert not [n for _, n, _ in page.attributes if n.startswith("on")], path
        assert all(v.startswith("#") for v in page.values("href", "src", "action", "xlink:href"))
        if hostile("\0".join(page.words)):
            telling.add(path.name)
    assert telling == {"run.html", "plan.html", "checklist.html", "reconciliation.html"}


OF_FACTS = (
    show.checklist,
    show.findings,
    show.proposals,
    show.outcomes,
    show.summary,
    show.person,
    show.differences,
    show.held,
    show.failures,
    show.calls,
    show.standing,
    show.run,
)


@pytest.mark.parametrize("make", OF_FACTS)
def test_what_notebooks_show_is_only_our_own_elements(
    gone: Gone, make: Callable[[Facts], Any]
) -> None:
    for facts in gone.facts:
        page = Page(make(facts)._repr_html_())
        assert set(page.tags) <= TAGS
        assert {name for _, name, _ in page.attributes} <= {"style"}


def test_executed_notebooks_hold_tables_and_pictures_alone(gone: Gone, tmp_path: Path) -> None:
    """The sandbox's own server is found by the notebook, as in every run of it."""
    seen = ""
    for name in ("1_checklist", "6_reconciliation"):
        given = {"company": str(gone.company.profile)}
        path = notebook.run(name, tmp_path / f"{name}.ipynb", given)
        book = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        for output in (o for cell in book.cells for o in cell.get("outputs", ())):
            assert output.output_type in ("execute_result", "display_data")
            assert set(output.data) <= {"text/plain", "text/html", "image/svg+xml", "image/png"}
            for kind in ("text/html", "image/svg+xml"):
                page = Page(output.data.get(kind, ""))
                assert set(page.tags) <= TAGS
                assert not [v for _, _, v in page.attributes if hostile(v)]
                seen += "\0".join(page.words)
    assert hostile(seen)


@pytest.mark.parametrize("command", ["check", "propose", "plan", "failures", "links", "runs"])
def test_both_streams_are_safe(gone: Gone, recon: Callable[..., Ran], command: str) -> None:
    ran = recon("--company", str(gone.company.profile), command, "--json")
    assert ran.code in (0, 1)
    assert ran.document["schema"] == "recon/1"
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", ran.err)
    assert len(ran.out.splitlines()) == 1


def test_a_saved_plan_is_json_that_is_read_again(gone: Gone, tmp_path: Path) -> None:
    flow.save(gone.plan, tmp_path / "plan.json")
    assert flow.load(tmp_path / "plan.json").checksum == gone.plan.checksum
    assert hostile(json.dumps(json.loads((tmp_path / "plan.json").read_text("utf-8"))["outcomes"]))
