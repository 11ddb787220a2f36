"""Reports in a real browser: nothing is requested or runs; readable by day, night, on paper."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from recon.report import data, html
from recon.shapes import Facts
from tests.report.conftest import facts, hostile  # noqa: F401 (fixtures)

CHROMIUM = shutil.which("chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None, reason="chromium is not installed (Debian: apt-get install chromium)"
    ),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as tools:
        opened = tools.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def seen() -> list[str]:
    """What a page did that it must not do."""
    return []


@pytest.fixture
def page(browser: Browser, seen: list[str]) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.on("request", lambda request: seen.append(f"request {request.url}"))
    opened.on("dialog", lambda dialog: seen.append(f"dialog {dialog.message}"))
    opened.on("console", lambda message: seen.append(f"console {message.text}"))
    opened.on("pageerror", lambda error: seen.append(f"error {error}"))
    yield opened
    opened.close()


def opened(page: Page, made: Facts, folder: Path) -> None:
    path = html.write(data.run(made), folder / "run.html")
    page.goto(path.as_uri())


def test_a_page_with_hostile_data_does_nothing(
    page: Page,
    seen: list[str],
    hostile: Facts,  # noqa: F811
    tmp_path: Path,
) -> None:
    opened(page, hostile, tmp_path)
    assert seen == [f"request {(tmp_path / 'run.html').as_uri()}"]
    assert page.locator("script, img, iframe, form").count() == 0
    assert page.locator("a:not([href^='#'])").count() == 0


def test_the_contents_lead_to_the_tables(
    page: Page,
    facts: Facts,  # noqa: F811
    tmp_path: Path,
) -> None:
    opened(page, facts, tmp_path)
    page.get_by_role("link", name="Conflicts").click()
    heading = page.get_by_role("heading", name="Conflicts")
    box = heading.bounding_box()
    assert box is not None and 0 <= box["y"] < 900


def test_the_page_does_not_scroll_sideways(
    page: Page,
    facts: Facts,  # noqa: F811
    tmp_path: Path,
) -> None:
    for width in (1280, 420):
        page.set_viewport_size({"width": width, "height": 900})
        opened(page, facts, tmp_path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_day_and_night_have_enough_contrast(
    page: Page,
    facts: Facts,  # noqa: F811
    tmp_path: Path,
) -> None:
    papers = set()
    opened(page, facts, tmp_path)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for place in ("body", "td", ".tone.warn", ".tone.bad", ".facts .bad", "th", "p.note"):
            assert contrast(page, place) >= 4.5, (scheme, place)
        papers.add(colours(page, "body")[1])
    assert len(papers) == 2


def test_pictures_take_the_ink_of_the_page(
    page: Page,
    facts: Facts,  # noqa: F811
    tmp_path: Path,
) -> None:
    opened(page, facts, tmp_path)
    page.emulate_media(color_scheme="dark")
    fill = "e => getComputedStyle(e).fill"
    ink = page.locator("svg text", has_text="50%").first.evaluate(fill)
    assert ink == colours(page, "body")[0]


def test_paper_repeats_headings_and_leaves_out_the_contents(
    page: Page,
    facts: Facts,  # noqa: F811
    tmp_path: Path,
) -> None:
    opened(page, facts, tmp_path)
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    shown = page.locator("thead").first.evaluate("e => getComputedStyle(e).display")
    assert shown == "table-header-group"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


COLOURS = """e => {
  const ink = getComputedStyle(e).color;
  let at = e, paper = 'rgba(0, 0, 0, 0)';
  while (at && paper === 'rgba(0, 0, 0, 0)') {
    paper = getComputedStyle(at).backgroundColor;
    at = at.parentElement;
  }
  return [ink, paper];
}"""


def colours(page: Page, place: str) -> tuple[str, str]:
    """The colours of the ink and of the paper behind it."""
    ink, paper = page.locator(place).first.evaluate(COLOURS)
    return str(ink), str(paper)


def contrast(page: Page, place: str) -> float:
    """The contrast of a place's ink and paper; 4.5 is enough for small text."""
    ink, paper = ([float(part) for part in c[4:-1].split(",")] for c in colours(page, place))
    return contrast_of(ink, paper)


def contrast_of(ink: Sequence[float], paper: Sequence[float]) -> float:
    """The contrast of two colours (red, green, blue; 0 to 255) as WCAG defines it."""
    low, high = sorted((_light(ink), _light(paper)))
    return (high + 0.05) / (low + 0.05)


def _light(colour: Sequence[float]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
