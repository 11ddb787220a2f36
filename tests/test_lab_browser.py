"""Notebooks 1 and 2 in JupyterLab and headless Chromium: all is shown, nothing leaves the machine.

Every connection of the browser, of JupyterLab and of its kernels that is not to this machine would
end at the gate, which remembers it. Screenshots are left in build/screenshots.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from recon.sandbox import severa_server, world
from tests import jupyter
from tests.gate import Gate, gate
from tests.jupyter import CHROMIUM, NO_CHROMIUM, SCREENSHOTS, Lab

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM),
]
NOTEBOOKS = ("1_checklist", "2_proposals")
HEADINGS = {
    "1_checklist": ["The checks that found something", "The records concerned"],
    "2_proposals": ["The proposals, the surest first"],
}
WORDS = {
    "1_checklist": ["blocker", "Where to fix it"],
    "2_proposals": ["Score", "Evidence", "sure"],
}
ERRORS = "[data-mime-type*='error'], [data-mime-type*='stderr']"
LOCAL = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "file:")


@dataclass
class Seen:
    """A notebook that was opened and run, and what its page asked for and complained of."""

    page: Page
    urls: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        context = self.page.context
        context.on("request", lambda request: self.urls.append(request.url))
        context.on("serviceworker", lambda worker: self.urls.append(worker.url))
        self.page.on("websocket", lambda socket: self.urls.append(socket.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._said)

    def _said(self, message: object) -> None:
        if message.type in ("error", "warning"):  # type: ignore[attr-defined]
            self.complaints.append(message.text)  # type: ignore[attr-defined]

    def outside(self) -> list[str]:
        """What was asked of another machine."""
        return [url for url in self.urls if not url.startswith(LOCAL)]


@pytest.fixture(scope="module")
def way_out() -> Iterator[Gate]:
    with gate() as found:
        yield found


@pytest.fixture(scope="module")
def served(way_out: Gate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    profile = world.create(tmp_path_factory.mktemp("company"), 30, 7)
    with jupyter.lab(profile, **way_out.environment) as found:
        yield found
    severa_server.release(profile.parent)


@pytest.fixture(scope="module")
def browser(way_out: Gate) -> Iterator[Browser]:
    with jupyter.chromium(*way_out.browser) as opened:
        yield opened


@pytest.fixture(scope="module", params=NOTEBOOKS)
def seen(request: pytest.FixtureRequest, browser: Browser, served: Lab) -> Iterator[Seen]:
    page = browser.new_page(viewport=jupyter.SIZE)
    found = Seen(page)
    found.watch()
    page.goto(served.page(f"{request.param}.ipynb"))
    jupyter.ready(page)
    jupyter.run_all(page)
    yield found
    page.close()


def name(seen: Seen) -> str:
    return seen.page.url.rpartition("/")[2].partition(".")[0]


def test_all_is_shown_and_nothing_failed(seen: Seen) -> None:
    notebook = seen.page.locator(".jp-NotebookPanel")
    for heading in HEADINGS[name(seen)]:
        assert notebook.get_by_role("heading", name=heading).count() == 1
    for table in notebook.locator("table").all():
        assert table.locator("thead th").count() > 2 and table.locator("tbody tr").count() > 0
    told = notebook.text_content() or ""
    assert [word for word in WORDS[name(seen)] if word not in told] == []
    assert notebook.locator(ERRORS).all_text_contents() == []
    prompts = notebook.locator(".jp-CodeCell .jp-InputPrompt").all_text_contents()
    assert prompts == [f"[{n}]:" for n in range(1, len(prompts) + 1)]


def test_the_page_complains_of_nothing(seen: Seen) -> None:
    assert seen.complaints == []


def test_nothing_leaves_this_machine(seen: Seen, way_out: Gate) -> None:
    assert any(url.startswith("ws:") for url in seen.urls)
    assert seen.outside() == []
    assert way_out.asked == []


def test_an_exported_page_asks_for_nothing(
    seen: Seen, browser: Browser, way_out: Gate, tmp_path: Path
) -> None:
    with seen.page.expect_download() as download:
        jupyter.menu(seen.page, "File", "Save and Export Notebook As", "HTML")
        seen.page.locator(".jp-Dialog button", has_text="Ok").click()
    path = tmp_path / "exported.html"
    download.value.save_as(path)
    page = browser.new_page(viewport=jupyter.SIZE)
    shown = Seen(page)
    shown.watch()
    page.goto(path.as_uri())
    page.wait_for_load_state("networkidle")
    assert {url for url in shown.urls if not url.startswith("data:")} == {path.as_uri()}
    assert shown.complaints == [] and way_out.asked == []
    assert page.locator("table tbody tr").count() > 0
    assert "</" not in page.locator("body").inner_text()
    page.screenshot(path=SCREENSHOTS / f"{name(seen)}_exported.png")
    page.close()


def test_it_is_shown_by_day_and_by_night(seen: Seen) -> None:
    for theme in ("Light", "Dark"):
        jupyter.theme(seen.page, theme)
        screens(seen.page, f"{name(seen)}_{theme.lower()}")


def screens(page: Page, named: str) -> None:
    """The notebook's first screens; nothing of it is wider than a screen."""
    pane = page.locator(".jp-WindowedPanel-outer")
    height = pane.evaluate("e => e.clientHeight")
    wide = (
        "all => all.filter(e => e.innerText.trim() && e.scrollWidth > e.clientWidth)"
        ".map(e => e.innerText.slice(0, 80))"
    )
    assert page.locator(".jp-RenderedHTMLCommon:visible").evaluate_all(wide) == []
    for n in range(4):
        pane.evaluate(f"e => e.scrollTo(0, {n * height})")
        page.wait_for_timeout(150)
        page.screenshot(path=SCREENSHOTS / f"{named}_{n + 1}.png")


def test_the_gate_sees_what_goes_out(browser: Browser, way_out: Gate) -> None:
    page = browser.new_page()
    with pytest.raises(Exception, match="ERR_|net::"):
        page.goto("https://elsewhere.invalid/")
    page.close()
    assert "CONNECT elsewhere.invalid:443 HTTP/1.1" in way_out.asked
    way_out.asked.clear()
