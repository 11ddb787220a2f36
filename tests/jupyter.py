"""A real JupyterLab on a company's notebooks, and a headless Chromium that opens one of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

CHROMIUM = shutil.which("chromium")
NO_CHROMIUM = "chromium is not installed (Debian: apt-get install chromium)"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
)
SIZE: ViewportSize = {"width": 1280, "height": 720}
PATIENCE = 60.0
SCREENSHOTS = Path(__file__).parents[1] / "build" / "screenshots"


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that is served: where, the pass to it, and the file that a person's browser
    would open."""

    url: str
    token: str
    opens: Path

    def page(self, notebook: str) -> str:
        return f"{self.url}lab/tree/{notebook}?token={self.token}&reset"


@contextmanager
def lab(profile: Path, *, user: str = "Lin", **more: str) -> Iterator[Lab]:
    """`recon lab`, with settings of its own and a browser that opens nothing; `more` are
    environment variables. It is ended with the block."""
    home = profile.parent / "jupyter"
    places = {f"JUPYTER_{name.upper()}_DIR": home / name for name in ("config", "data", "runtime")}
    for place in places.values():
        place.mkdir(parents=True, exist_ok=True)
    for old in (home / "runtime").glob("jpserver-*"):
        old.unlink()
    environment = {
        **os.environ,
        **{name: str(place) for name, place in places.items()},
        "BROWSER": "true",
        "RECON_USER": user,
        "PYTHONPATH": str(Path(__file__).parents[1]),
        **more,
    }
    command = [sys.executable, "-m", "recon", "--company", str(profile), "lab"]
    with (home / "log.txt").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            yield _served(home / "runtime", server)
        finally:
            server.terminate()
            server.wait(20)


def _served(runtime: Path, server: subprocess.Popen[bytes]) -> Lab:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        for found in runtime.glob("jpserver-*.json"):
            told = json.loads(found.read_text("utf-8") or "{}")
            if told:
                return Lab(told["url"], told["token"], found.with_name(f"{found.stem}-open.html"))
        time.sleep(0.05)
    raise RuntimeError("JupyterLab did not start")


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """A headless Chromium; `more` are arguments for it."""
    with sync_playwright() as tools:
        opened = tools.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *more])
        yield opened
        opened.close()


def opened(browser: Browser, served: Lab, notebook: str) -> Page:
    """A notebook in a fresh JupyterLab page, its kernel ready; its code has not run."""
    page = browser.new_page(viewport=SIZE)
    page.goto(served.page(notebook))
    ready(page)
    return page


def ready(page: Page) -> None:
    """Wait until a notebook stands and its kernel waits for work."""
    page.locator(".jp-Notebook").wait_for(timeout=PATIENCE * 1000)
    idle(page)


def run_all(page: Page) -> None:
    """Press Run all and wait until every cell has run."""
    last = page.locator(".jp-CodeCell .jp-InputPrompt").last
    page.locator(".jp-NotebookPanel-toolbar:visible").get_by_text("Run all", exact=True).click()
    for waiting in (False, True):
        until = time.monotonic() + PATIENCE
        while (last.text_content() == "[*]:") is waiting:
            assert time.monotonic() < until, "the cells do not run"
            page.wait_for_timeout(20)
    idle(page)


def theme(page: Page, name: str) -> None:
    """Change to JupyterLab's theme Light or Dark."""
    light = str(name == "Light").lower()
    if page.locator("body").get_attribute("data-jp-theme-light") != light:
        menu(page, "Settings", "Theme", f"JupyterLab {name}")
        page.locator(f"body[data-jp-theme-light={light}]").wait_for(state="attached")
        page.locator("#jupyterlab-splash").wait_for(state="detached")


@contextmanager
def ran(profile: Path, notebook: str) -> Iterator[Page]:
    """A notebook in a lab of its own, run from its first cell to its last; nothing of it may leave
    this machine."""
    with lab(profile) as served, chromium() as browser:
        page = opened(browser, served, notebook)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        run_all(page)
        yield page
        outside = [url for url in asked if not url.startswith((served.url, "data:", "blob:"))]
        page.close()
        assert outside == []


def restart(page: Page) -> None:
    """Restart the kernel without running anything."""
    menu(page, "Kernel", "Restart Kernel…")
    page.locator(".jp-Dialog button", has_text="Restart").click()
    page.wait_for_timeout(500)
    idle(page)


def idle(page: Page) -> None:
    """Wait until the kernel has nothing to do."""
    patience = PATIENCE * 1000
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=patience)
    page.locator("#jp-main-statusbar", has_text="| Idle").wait_for(timeout=patience)


def menu(page: Page, *names: str) -> None:
    """Choose a menu's item by its names, from the menu bar on."""
    page.locator(".lm-MenuBar-item", has_text=names[0]).first.click()
    for name in names[1:]:
        page.locator(".lm-Menu-item", has_text=name).first.click()
