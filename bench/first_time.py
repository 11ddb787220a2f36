"""A first-time user's path, by a real browser: from opening the lab to "ready to onboard".

A made-up company with 400 customers; all goes through the page, as a person would do it. Every
click and key is counted as a decision (this pair is the same, that blocker may stand, and why) or
as something beside the decisions. Pictures of the way are left in docs/first_time. Fails unless
fewer than 40 lie beside the decisions, the page says that all is ready, and no request left this
machine.

    python bench/first_time.py
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Locator, Page, expect  # noqa: E402

from recon.sandbox import severa_server, world  # noqa: E402
from tests import jupyter  # noqa: E402

CUSTOMERS, SEED, MOST = 400, 1, 40
PICTURES = Path(__file__).parents[1] / "docs" / "first_time"
LOCAL = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")
WHY = "seen, will be mended in the first week"
READY = "Ready to onboard. The checksum of the plan is"
MOST_DECIDED, PATIENCE = 2000, 90_000


@dataclass
class Way:
    """A person on the way through the notebooks: what she pressed, step by step."""

    page: Page
    steps: dict[str, Counter[str]] = field(default_factory=dict)
    step: str = ""
    taken: int = 0

    def go(self, step: str) -> None:
        """A new step of the way begins."""
        self.step = step
        self.steps[step] = Counter()

    def count(self, what: str) -> None:
        self.steps[self.step][what] += 1

    def click(self, target: Locator) -> None:
        """Something beside the decisions."""
        target.click()
        self.count("beside")

    def press(self, key: str, what: str = "beside") -> None:
        """A key, which may be a decision."""
        self.page.keyboard.press(key)
        self.count(what)

    def read_on(self) -> None:
        """Most of a screen further down."""
        self.page.mouse.move(760, 400)
        self.page.mouse.wheel(0, 540)
        self.page.wait_for_timeout(500)

    def picture(self, name: str) -> None:
        """What is on the screen now."""
        self.taken += 1
        path = PICTURES / f"{self.taken:02}_{name}.png"
        self.page.screenshot(path=path)

    def run_all(self) -> None:
        """Run all, and wait."""
        last = shown(self.page).locator(".jp-CodeCell .jp-InputPrompt").last
        before = last.text_content()
        bar = shown(self.page).locator(".jp-NotebookPanel-toolbar")
        self.click(bar.get_by_text("Run all", exact=True))
        expect(last).not_to_have_text(re.compile(r"\[[ *]\]:"), timeout=PATIENCE)
        expect(last).not_to_have_text(before or "", timeout=PATIENCE)
        expect(last).not_to_have_text("[*]:", timeout=PATIENCE)
        ready(self.page)

    def follow(self, title: str) -> None:
        """The link to another notebook, at the end of this one."""
        self.click(shown(self.page).get_by_role("link", name=title).last)
        notebook = title.replace(" · ", "_").split()[0].lower()
        self.page.locator(f".lm-TabBar-tab.lm-mod-current:has-text('{notebook}')").wait_for()
        ready(self.page)

    def beside(self) -> int:
        """All that was no decision."""
        return sum(counts["beside"] for counts in self.steps.values())


def shown(page: Page) -> Locator:
    """The notebook in front."""
    return page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")


def ready(page: Page) -> None:
    """The notebook in front stands, and its kernel waits for work."""
    shown(page).locator(".jp-Notebook").wait_for(timeout=PATIENCE)
    idle = ".jp-Notebook-ExecutionIndicator[data-status=idle]"
    shown(page).locator(idle).wait_for(timeout=PATIENCE)
    page.locator("#jp-main-statusbar", has_text="| Idle").wait_for(timeout=PATIENCE)


def doctor(way: Way) -> None:
    way.go("0 · Doctor: can we work here?")
    way.picture("opened")
    way.run_all()


def checklist(way: Way) -> None:
    way.go("1 · Checklist: read it")
    way.follow("1 · Checklist")
    way.run_all()
    way.read_on()
    way.picture("checklist")


def proposals(way: Way) -> None:
    way.go("2 · Proposals: look them through")
    way.follow("2 · Proposals")
    way.run_all()
    way.read_on()
    way.picture("proposals")


def review(way: Way) -> None:
    """Pair by pair: what is sure or likely is the same, what is only possible is not."""
    way.go("3 · Review: which pairs are the same?")
    way.follow("3 · Review")
    way.run_all()
    board = shown(way.page).locator(".recon-board:visible")
    board.locator(".row").first.wait_for()
    way.click(board.locator(".list"))
    way.picture("board")
    decide(way, lambda: "r" if "possible" in board.locator("strong.words").inner_text() else "a")


def differences(way: Way) -> None:
    """What was just accepted shows its differences; the books are right, where they may be."""
    way.go("3 · Review: which system is right?")
    way.click(shown(way.page).get_by_role("button", name="Look again"))
    shown(way.page).locator("[data-do=again]", has_text="Look again").wait_for(timeout=60_000)
    way.click(shown(way.page).get_by_role("tab", name="Differences"))
    board = shown(way.page).locator(".recon-board:visible")
    board.locator(".row:visible").first.wait_for()
    way.click(board.locator(".list"))
    decide(way, lambda: "1")
    way.picture("differences")


def decide(way: Way, key: Callable[[], str]) -> None:
    """Decide what is open, one by one, by a key each; what cannot be said so is left."""
    chosen = shown(way.page).locator(".recon-board:visible .row[aria-selected=true]")
    for _ in range(MOST_DECIDED):
        if chosen.get_attribute("data-state"):
            way.press("n")
        if chosen.get_attribute("data-state"):
            break
        before = chosen.get_attribute("id")
        way.press(key(), "decisions")
        if chosen.get_attribute("id") == before and not chosen.get_attribute("data-state"):
            way.press("l", "decisions")
        way.page.wait_for_timeout(20)
    shown(way.page).locator(".recon-board:visible .saving[data-state=good]").wait_for()


def waivers(way: Way) -> None:
    """What stands on the checklist after the decisions is waived, check by check, with a reason."""
    way.go("1 · Checklist: waive what may stand")
    way.follow("1 · Checklist")
    way.run_all()
    panel = shown(way.page)
    panel.get_by_label("Reason").scroll_into_view_if_needed()
    for box in panel.locator(".jp-OutputArea input[type=checkbox]").all():
        label = box.locator("xpath=ancestor::label").text_content() or ""
        if re.match(r"\d+ of \d+ stand", label):
            box.check()
            way.count("decisions")
    way.picture("blockers")
    panel.get_by_label("Reason").fill(WHY)
    way.count("decisions")
    way.click(panel.get_by_role("button", name="Waive with my name"))
    panel.locator("[role=status]", has_text="waived by").wait_for()


def onboarding(way: Way) -> None:
    way.go("4 · Onboarding: rehearse")
    way.click(way.page.locator(".lm-TabBar-tab", has_text="3_review"))
    way.follow("4 · Onboarding")
    way.run_all()
    told = shown(way.page).locator(".jp-OutputArea-output", has_text=READY)
    if not told.count():
        print(shown(way.page).locator("table").first.inner_text())
        raise SystemExit("It is not ready to onboard")
    told.first.scroll_into_view_if_needed()
    way.page.wait_for_timeout(300)
    way.picture("ready")


STEPS = (doctor, checklist, proposals, review, differences, waivers, onboarding)


def walk(page: Page) -> Way:
    """The whole way."""
    way = Way(page)
    for step in STEPS:
        step(way)
    return way


def main() -> None:
    """Walk it on a fresh company, and tell what it took."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        profile = world.create(Path(folder) / "company", CUSTOMERS, SEED)
        with jupyter.lab(profile, user="Kari") as served, jupyter.chromium() as browser:
            page = browser.new_page(viewport=jupyter.SIZE)
            asked: list[str] = []
            broken: list[str] = []
            page.on("request", lambda request: asked.append(request.url))
            page.on("pageerror", lambda error: broken.append(str(error)))
            page.goto(served.page("0_doctor.ipynb"))
            ready(page)
            way = walk(page)
        severa_server.release(profile.parent)
    outside = [url for url in asked if not url.startswith(LOCAL)]
    print("| step | beside the decisions | decisions |\n| --- | --- | --- |")
    for name, counts in way.steps.items():
        print(f"| {name} | {counts['beside']} | {counts['decisions']} |")
    print(f"| all | {way.beside()} | {sum(c['decisions'] for c in way.steps.values())} |")
    assert (outside, broken) == ([], [])
    assert way.beside() < MOST, f"{way.beside()} clicks beside the decisions"


if __name__ == "__main__":
    main()
