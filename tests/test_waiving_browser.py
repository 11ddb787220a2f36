"""Notebook 1 in JupyterLab: a blocker is waived by keyboard, and nothing leaves this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from recon import waivers
from recon.effects import Effects
from recon.sandbox import severa_server, world
from recon.settings import load
from recon.shapes import Waiver
from recon.store import Store
from tests import jupyter
from tests.jupyter import CHROMIUM, NO_CHROMIUM

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM),
]
WHY = "two catalogues"


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made: Path = world.create(tmp_path_factory.mktemp("company"), 12, 5)
    yield made
    severa_server.release(made.parent)


@pytest.fixture
def page(profile: Path) -> Iterator[Page]:
    """Notebook 1, run from its first cell to its last."""
    with jupyter.ran(profile, "1_checklist.ipynb") as opened:
        opened.get_by_label("Reason").wait_for(timeout=60_000)
        yield opened


def kept(profile: Path) -> list[Waiver]:
    """The newest words about blockers."""
    found = load(profile)
    store = Store(found.store_url(), found.company.name, Effects())
    said = list(waivers.read(store).by_mark.values())
    store.close()
    return said


def picture(page: Page, folder: Path, name: str) -> None:
    page.get_by_label("Reason").scroll_into_view_if_needed()
    page.screenshot(path=str(folder / name))


def test_a_check_is_waived_and_taken_back_by_keyboard(page: Page, profile: Path) -> None:
    pictures = jupyter.SCREENSHOTS
    box = page.get_by_role("checkbox", name="same number but different names").first
    box.focus()
    page.keyboard.press("Space")
    page.get_by_text("Markedsføring (130)").first.wait_for()
    page.get_by_label("Reason").focus()
    page.keyboard.type(WHY)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("1 waived by Lin.").wait_for()
    picture(page, pictures, "checklist-waived.png")
    assert [(one.entity, one.why, one.verdict) for one in kept(profile)] == [
        ("business_unit", WHY, "waived")
    ]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("1 taken back by Lin.").wait_for()
    assert [one.verdict for one in kept(profile)] == ["open"]
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= jupyter.SIZE["width"]
