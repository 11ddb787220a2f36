"""Notebook 1 in JupyterLab: which types transfer is answered by keyboard and saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from recon.sandbox import severa_server, world
from recon.settings import load
from tests import jupyter
from tests.jupyter import CHROMIUM, NO_CHROMIUM

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM),
]


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Path]:
    made: Path = world.create(tmp_path / "company", 12, 5)
    yield made
    severa_server.release(made.parent)


@pytest.fixture
def page(profile: Path) -> Iterator[Page]:
    """Notebook 1, run from its first cell to its last."""
    with jupyter.ran(profile, "1_checklist.ipynb") as opened:
        opened.get_by_role("button", name="Save", exact=True).wait_for(timeout=60_000)
        yield opened


def test_a_type_and_a_direction_are_chosen_by_keyboard_and_saved(page: Page, profile: Path) -> None:
    pictures = jupyter.SCREENSHOTS
    before = profile.read_text("utf-8")
    private = page.get_by_role("checkbox", name="Privatpersoner")
    private.focus()
    page.keyboard.press("Space")
    page.get_by_text("are created in Severa").first.wait_for()
    page.screenshot(path=str(pictures / "types-chosen.png"))
    assert profile.read_text("utf-8") == before, "nothing is written before Save"
    page.get_by_role("button", name="not at all").nth(1).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_text("as it was: profile.toml.bak").wait_for()
    page.screenshot(path=str(pictures / "types-saved.png"))
    made = load(profile).transfer
    assert 3 in made.customer_types and made.direction("employee") == "off"
    assert profile.with_name("profile.toml.bak").read_text("utf-8") == before
    assert page.evaluate("document.documentElement.scrollWidth") <= jupyter.SIZE["width"]
