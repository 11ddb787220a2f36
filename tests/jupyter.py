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

from recon.cli.story import own_notebooks, quiet

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


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that is served: where, and the pass to it."""

    url: str
    token: str

    def page(self, notebook: str) -> str:
        return f"{self.url}lab/tree/{notebook}?token={self.token}&reset"


@contextmanager
def lab(profile: Path) -> Iterator[Lab]:
    """Serve JupyterLab as `recon lab` does; it is ended with the block."""
    folder = own_notebooks(profile.parent)
    home = profile.parent / "jupyter"
    home.mkdir(exist_ok=True)
    places = ("CONFIG", "DATA", "RUNTIME")
    environment = {
        **os.environ,
        **{f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in places},
        "RECON_COMPANY": str(profile),
        "RECON_USER": "Lin",
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--ServerApp.root_dir={folder}", "--ServerApp.port=0", "--ServerApp.ip=127.0.0.1"]
    with (home / "log.txt").open("w") as log:
        server = subprocess.Popen(
            [*command, *quiet(profile.parent)], env=environment, stdout=log, stderr=log
        )
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
                return Lab(told["url"], told["token"])
        time.sleep(0.05)
    raise RuntimeError("JupyterLab did not start")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as tools:
        opened = tools.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield opened
        opened.close()


def opened(browser: Browser, served: Lab, notebook: str) -> Page:
    """A notebook in a fresh JupyterLab page, its kernel ready; its code has not run."""
    page = browser.new_page(viewport=SIZE)
    page.goto(served.page(notebook))
    page.locator(".jp-Notebook").wait_for(timeout=PATIENCE * 1000)
    idle(page)
    return page


def run_all(page: Page) -> None:
    """Run all cells; every one is queued or has run when this returns."""
    last = page.locator(".jp-CodeCell .jp-InputPrompt").last
    before = last.inner_text()
    for _ in range(5):
        menu(page, "Run", "Run All Cells")
        for _ in range(20):
            if last.inner_text() not in (before, "[ ]:", ""):
                return
            page.wait_for_timeout(100)
    raise RuntimeError("the cells do not run")


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
