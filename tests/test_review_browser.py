"""Notebook 3 in JupyterLab and headless Chromium: deciding by keyboard and mouse, kept for good.

Screenshots are left in build/screenshots.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from recon import decisions, flow, rulings, settings
from recon.cli.session import severa_url
from recon.effects import Effects
from recon.review.cards import Company
from recon.review.reviewer import Reviewer
from recon.sandbox import severa_server, world
from recon.shapes import Decision, Verdict
from recon.store import Store
from recon.workbench import Options
from tests import jupyter
from tests.jupyter import CHROMIUM, NO_CHROMIUM, Lab
from tests.test_browser import COLOURS, contrast_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM),
]
SAVED = ".saving[data-state=good]"


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A company with proposals of several entities."""
    made: Path = world.create(tmp_path_factory.mktemp("company"), 30, 7)
    yield made
    severa_server.release(made.parent)


@pytest.fixture(scope="module")
def served(profile: Path) -> Iterator[Lab]:
    with jupyter.lab(profile) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with jupyter.chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def page(browser: Browser, served: Lab) -> Iterator[Page]:
    """Notebook 3, run from its first cell to its last."""
    opened = jupyter.opened(browser, served, "3_review.ipynb")
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    run(opened)
    yield opened
    outside = [url for url in asked if not url.startswith((served.url, "data:", "blob:"))]
    opened.close()
    assert outside == []


@pytest.fixture
def pictures() -> Path:
    return jupyter.SCREENSHOTS


def run(page: Page) -> None:
    """Run all cells and wait for the board."""
    jupyter.run_all(page)
    page.locator(".recon-board .row").first.wait_for(timeout=30_000)
    page.locator(".recon-board .list").focus()


def kept(profile: Path) -> list[tuple[Verdict, str]]:
    """Every decision in the store: the verdict and who."""
    read = settings.load(profile)
    store = Store(read.store_url(), read.company.name, Effects())
    found = [(one.verdict, one.why) for one in decisions.read(store)]
    store.close()
    return found


def open_pairs(profile: Path) -> list[tuple[str, str, str]]:
    """The undecided pairs in the board's order, with nothing said of them."""
    read = settings.load(profile)
    with flow.open(profile, run_options=Options(severa_url=severa_url(read))) as bench:
        facts = flow.propose(bench)
        found = Reviewer(
            Company({e.name: e for e in bench.entities}, bench.mirror.records, bench.links),
            bench.store,
            "Ola",
            facts.proposals,
        )
        said = {one.pair for one in decisions.read(bench.store) if one.verdict != "open"}
        pairs = [(p.entity, p.global_key, p.severa_guid) for p in found.proposals]
        return [pair for pair in pairs if pair not in said]


def by_colleague(profile: Path, pair: tuple[str, str, str]) -> None:
    """Another person accepts a pair meanwhile, in a process of her own."""
    read = settings.load(profile)
    said = Decision(*pair, "same", "Ola", "", "", ("", ""))
    with flow.open(profile, run_options=Options(severa_url=severa_url(read))) as bench:
        flow.decide(bench, said)


def signs(page: Page) -> list[str]:
    """The signs of the rows in the list, from the top."""
    rows: list[Any] = page.locator(".recon-board .row:visible").evaluate_all(
        "rows => rows.map(r => [Number(r.dataset.place), r.querySelector('.sign').textContent])"
    )
    return [sign for _, sign in sorted(rows)]


def test_keys_and_buttons_decide_and_the_store_has_it(
    page: Page, profile: Path, pictures: Path
) -> None:
    for key in "arlau":
        page.keyboard.press(key)
    page.locator(SAVED).wait_for()
    assert signs(page)[:4] == ["✓", "✗", "…", ""]
    assert [verdict for verdict, _ in kept(profile)] == ["same", "different", "later", "open"]
    page.keyboard.press("y")
    page.keyboard.type("asked them")
    page.get_by_role("button", name="Accept", exact=True).click()
    page.get_by_role("button", name="Reject", exact=True).click()
    page.locator(SAVED).wait_for()
    assert kept(profile)[3:] == [("same", "asked them"), ("different", "")]
    assert readable(page)
    page.screenshot(path=pictures / "board_light.png")


def contrast(page: Page, place: str) -> float:
    """As WCAG defines it; JupyterLab's own ink lets a little of the paper through."""
    ink, paper = page.locator(f".recon-board {place}").first.evaluate(COLOURS)
    *over, solid = [
        float(part) for part in re.findall(r"[\d.]+", ink + (", 1" if "rgba" not in ink else ""))
    ]
    under = [float(part) for part in re.findall(r"[\d.]+", paper)]
    return contrast_of(
        [a * solid + b * (1 - solid) for a, b in zip(over, under, strict=True)], under
    )


def readable(page: Page) -> bool:
    """Whether what is small on the board has enough contrast, marks and chosen rows too."""
    page.keyboard.press("Home")
    places = (".more", ".score", ".chip", "mark", ".names", ".saving", ".count", ".system")
    low = {place: contrast(page, place) for place in places}
    assert {place: light for place, light in low.items() if light < 4.5} == {}
    return True


def test_a_screen_reader_is_told_what_is_where(page: Page) -> None:
    page.keyboard.press("Home")
    chosen = page.get_by_role("listbox", name="Proposals").get_by_role("option", selected=True)
    assert (chosen.get_attribute("aria-posinset"), chosen.count()) == ("1", 1)
    listed = page.get_by_role("listbox", name="Proposals").get_attribute("aria-activedescendant")
    assert listed == chosen.get_attribute("id")
    unnamed = page.locator(".recon-board :is(button, input, select):visible").evaluate_all(
        "all => all.filter(e => !(e.getAttribute('aria-label') || e.textContent.trim())).length"
    )
    assert unnamed == 0
    assert page.get_by_role("toolbar", name="Decide").get_by_role("button").count() == 6


def test_all_of_it_fits_a_small_screen(page: Page) -> None:
    """1280 × 720, with JupyterLab's bars around it."""
    board = page.locator(".recon-board")
    box = board.bounding_box()
    assert box is not None and box["height"] <= 720 - 90
    assert board.evaluate("e => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight")
    assert page.locator(".card .scroll").evaluate("e => e.scrollWidth <= e.clientWidth")


def test_filters_narrow_the_list_and_blind_mode_hides_the_score(page: Page, pictures: Path) -> None:
    page.keyboard.press("/")
    page.keyboard.type("xyz nobody")
    assert "0 of" in page.locator(".count").inner_text()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    page.get_by_label("Filter by entity").select_option("customer")
    assert "customer" in page.locator(".card h3").inner_text().lower()
    page.get_by_label("Filter by entity").select_option("")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    assert page.locator(".score:visible", has_text="0.").count() == 0
    assert not page.locator(".evidence").is_visible()
    page.screenshot(path=pictures / "board_blind.png")
    page.keyboard.press("b")
    assert page.locator(".score", has_text="0.").count() > 0


def test_another_record_is_searched_by_hand(page: Page, pictures: Path) -> None:
    before = page.locator(".card th .who").last.inner_text()
    page.keyboard.press("s")
    page.locator(".hits button").first.wait_for()
    page.screenshot(path=pictures / "board_search.png")
    hits = page.locator(".hits button").all_inner_texts()
    other = next(n for n, text in enumerate(hits) if not text.startswith(before))
    page.locator(".hits button").nth(other).click()
    page.get_by_text("put together by hand").wait_for()
    page.keyboard.press("Escape")
    assert page.locator(".card th .who").last.inner_text() == before


def test_a_colleagues_word_is_shown_and_never_written_over_unasked(
    page: Page, profile: Path, pictures: Path
) -> None:
    """While the page does not ask for news, it cannot know; afterwards it hears by itself."""
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    first, second = open_pairs(profile)[:2]
    by_colleague(profile, first)
    before = kept(profile)
    page.keyboard.press("Home")
    page.keyboard.press("r")
    page.get_by_text("Ola meanwhile accepted").wait_for()
    assert kept(profile) == before
    page.screenshot(path=pictures / "board_colleague.png")
    page.get_by_role("button", name="Dismiss").click()
    by_colleague(profile, second)
    page.evaluate("delete document.hidden")
    page.locator(".recon-board .row .sign", has_text="✓").nth(1).wait_for(timeout=8000)


def test_a_whole_band_needs_its_sample(page: Page, profile: Path, pictures: Path) -> None:
    page.get_by_label("Filter by entity").select_option("customer")
    page.get_by_role("button", name="Accept a band…").click()
    accept = page.locator("[data-do=accept-band]")
    accept.wait_for()
    assert accept.is_disabled()
    page.screenshot(path=pictures / "board_band.png")
    for _ in range(int(page.locator(".count").inner_text().split()[0])):
        page.keyboard.press("a")
    page.locator("[data-do=accept-band]:enabled").click()
    page.get_by_text("pairs accepted").wait_for()
    page.get_by_role("button", name="Dismiss").click()
    page.get_by_label("Filter by entity").select_option("")
    page.keyboard.press("Escape")


def ruled(profile: Path) -> dict[tuple[str, ...], tuple[str, str]]:
    """What was said of differences: by field and Global's key the verdict and the reason."""
    read = settings.load(profile)
    store = Store(read.store_url(), read.company.name, Effects())
    found = rulings.read(store)
    store.close()
    return {spot[:3]: (one.verdict, one.why) for spot, one in found.items()}


def test_differences_are_decided_on_the_same_board(
    page: Page, profile: Path, pictures: Path
) -> None:
    page.keyboard.press("t")
    page.locator(".recon-board .facts dd").first.wait_for()
    page.get_by_role("tab", name="Differences", selected=True).wait_for()
    listed = page.get_by_role("listbox", name="Differences").get_by_role("option", selected=True)
    assert listed.get_attribute("aria-posinset") == "1"
    page.screenshot(path=pictures / "differences_light.png")
    page.keyboard.press("y")
    page.keyboard.type("as in the register")
    page.keyboard.press("Enter")
    for key in ("1", "ArrowRight", "l", "u"):
        page.keyboard.press(key)
    page.locator(SAVED).wait_for()
    said = list(ruled(profile).values())
    assert said == [("global", "as in the register"), ("severa", ""), ("open", "taken back")]
    page.get_by_label("Filter by decision").select_option("decided")
    assert page.locator(".count").inner_text().startswith("2 of")
    assert "writes Visma Severa: Lin on" in page.locator(".facts").inner_text()
    unnamed = page.locator(".recon-review :is(button, input, select):visible").evaluate_all(
        "all => all.filter(e => !(e.getAttribute('aria-label') || e.textContent.trim())).length"
    )
    assert unnamed == 0
    board = page.locator(".recon-board")
    assert board.evaluate("e => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight")


def test_all_differences_of_a_field_are_decided_after_examples(
    page: Page, profile: Path, pictures: Path
) -> None:
    page.get_by_label("Filter by decision").select_option("open")
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    page.locator("[data-do=all-leave]").wait_for()
    assert page.locator(".extra tbody tr").count() >= 1
    page.screenshot(path=pictures / "differences_field.png")
    page.locator("[data-do=all-leave]").click()
    page.get_by_text("differences of this field").wait_for()
    page.get_by_role("button", name="Dismiss").click()
    assert {key[2]: said for key, said in ruled(profile).items()}[""] == ("leave", "")


def test_what_was_accepted_meanwhile_is_there_after_looking_again(page: Page) -> None:
    def told(name: str) -> int:
        return int(re.sub(r"\D", "", page.get_by_role("tab", name=name).inner_text()))

    before = told("Differences")
    page.get_by_role("button", name="Look again").click()
    page.locator("[data-do=again]:enabled").wait_for(timeout=30_000)
    assert told("Differences") > before
    page.get_by_label("Filter by decision").select_option("decided")
    page.locator(".recon-board .row .sign", has_text="◂").first.wait_for()
    page.keyboard.press("t")
    page.get_by_role("listbox", name="Proposals").wait_for()


def test_the_notebooks_own_keys_do_not_hear_the_boards(page: Page) -> None:
    """In JupyterLab `a` makes a cell, `x` cuts it, `d d` deletes it."""
    cells = page.locator(".jp-Cell").count()
    for key in ("x", "d", "d", "z", "m"):
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    assert page.locator(".jp-Cell").count() == cells


def test_decisions_outlive_the_kernel_and_the_night_is_readable(
    page: Page, profile: Path, pictures: Path
) -> None:
    before, words = kept(profile), ruled(profile)
    jupyter.restart(page)
    page.locator(".recon-board .list").first.focus()
    page.keyboard.press("a")
    page.locator(".saving[data-state=bad]").wait_for(timeout=15_000)
    assert "run the cell again" in page.locator(".saving").inner_text()
    run(page)
    assert (kept(profile), ruled(profile)) == (before, words)
    page.get_by_label("Filter by decision").select_option("same")
    assert f"{sum(v == 'same' for v, _ in before)} of" in page.locator(".count").inner_text()
    page.get_by_label("Filter by decision").select_option("")
    jupyter.theme(page, "Dark")
    page.locator(".recon-board .list").focus()
    assert readable(page)
    page.screenshot(path=pictures / "board_dark.png")
    page.keyboard.press("t")
    page.get_by_label("Filter by decision").select_option("decided")
    page.locator(".recon-board .facts dd").first.wait_for()
    places = (".more", ".chip", "mark", ".names", ".system", ".facts dt", ".facts dd")
    assert {place for place in places if contrast(page, place) < 4.5} == set()
    page.screenshot(path=pictures / "differences_dark.png")
