"""How fast the review board is, measured in the browser.

    python bench/board.py [--proposals 20000] [--out bench/out]

Serves JupyterLab on a sandbox company and opens a notebook with a board of made-up customers in
headless Chromium. `paint`: from pressing Shift+Enter on a cell that makes and shows the board to
the frame in which its first card stands. `key` and `filter`: from the browser's time stamp of a
key press to the frame in which the next card, or the filtered list, stands. `kept`: from the first
of 100 decisions keyed one after another until all are in the store, read by another process.
The table goes to stdout, the figures to board.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import nbformat  # noqa: E402
from playwright.sync_api import Page  # noqa: E402

from recon import decisions, settings  # noqa: E402
from recon.effects import Effects  # noqa: E402
from recon.sandbox import severa_server, world  # noqa: E402
from recon.store import Store  # noqa: E402
from tests import jupyter  # noqa: E402

NAME = "board_bench.ipynb"
LIMITS = {"paint_s": 2.0, "key_p95_ms": 50.0, "filter_p95_ms": 200.0, "kept_s": 5.0}
# After the handler a frame is drawn; what is posted from that frame runs once it is painted.
WATCH = """() => {
  window.took = [];
  const painted = (start) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.took.push(performance.now() - start);
    channel.port2.postMessage(0);
  });
  const watch = (event) => {
    const typing = event.target.matches('.recon-board input');
    if (typing === (event.type === 'input')) painted(event.timeStamp);
  };
  window.addEventListener('keydown', watch, true);
  window.addEventListener('input', watch, true);
}"""
PAINT = """() => new Promise((done) => {
  const look = () => document.querySelector('.recon-board .row:not([hidden])')
    && document.querySelector('.recon-board .sides tbody tr')
    ? requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0))
    : requestAnimationFrame(look);
  window.pressed = 0;
  window.addEventListener('keydown', (e) => { window.pressed ||= e.timeStamp; }, true);
  look();
}).then((at) => at - window.pressed)"""


def notebook(folder: Path, count: int) -> None:
    """A notebook whose second cell makes and shows a board."""
    cells = [f"from bench.measure import board\nmade = board.made({count})", "board.board(*made)"]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, folder / NAME)


def painted(page: Page) -> float:
    """Seconds from running the board's cell to its first card."""
    page.locator(".jp-CodeCell").first.click()
    page.keyboard.press("Shift+Enter")
    page.locator(".jp-CodeCell .jp-InputPrompt", has_text="[1]").wait_for(timeout=60_000)
    waiting = page.evaluate_handle(f"() => {{ window.paint = ({PAINT})(); }}")
    page.keyboard.press("Shift+Enter")
    found = float(page.evaluate("() => window.paint")) / 1000
    waiting.dispose()
    return found


def loaded(page: Page, count: int) -> float:
    """Seconds until all proposals are in the browser."""
    start = time.monotonic()
    page.locator(".recon-board .count", has_text=f"of {count:,}").wait_for()
    page.wait_for_function(
        "!document.querySelector('.recon-board .count').textContent.includes('read')"
    )
    return time.monotonic() - start


def timed(page: Page, keys: str) -> dict[str, float]:
    """Median, 95th percentile and most of what keys took, in milliseconds."""
    page.evaluate("() => { window.took = []; }")
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(30)
    took = sorted(page.evaluate("() => window.took"))
    assert len(took) == len(keys), f"{len(took)} of {len(keys)} keys were seen"
    return {
        "count": len(took),
        "median": round(took[len(took) // 2], 1),
        "p95": round(took[int(len(took) * 0.95)], 1),
        "most": round(took[-1], 1),
    }


def filtered(page: Page) -> dict[str, float]:
    """What each key typed into the filter took."""
    page.locator(".recon-board .bar input").focus()
    found = timed(page, "bergen data 1999 oslo ab fisk 7")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Escape")
    return found


def kept(page: Page, profile: Path) -> tuple[float, float]:
    """Seconds until 100 keyed decisions are in the store, and until all keys were pressed."""
    read = settings.load(profile)
    store = Store(read.store_url(), read.company.name, Effects())
    before = len(decisions.read(store))
    start = time.monotonic()
    for n in range(100):
        page.keyboard.press("arl"[n % 3])
    pressed = time.monotonic() - start
    while len(decisions.read(store)) < before + 100:
        time.sleep(0.02)
        assert time.monotonic() - start < 60, "decisions do not arrive"
    ended = time.monotonic() - start
    store.close()
    return round(ended, 2), round(pressed, 2)


def differences(page: Page, count: int) -> dict[str, Any]:
    """The same of the board's other room, with as many differences."""
    start = time.monotonic()
    page.keyboard.press("t")
    page.locator(".recon-board .facts dd").first.wait_for()
    first = time.monotonic() - start
    rest = loaded(page, count)
    page.locator(".recon-board .list").focus()
    found = {"key": timed(page, "jjjkjjjjj1" * 20), "filter": filtered(page)}
    return {"differences_s": round(first, 2), "differences_rest_s": round(rest, 2)} | {
        f"differences_{name}_ms": took for name, took in found.items()
    }


def measure(folder: Path, count: int) -> dict[str, Any]:
    """All figures of one board."""
    profile = world.create(folder, 10, 7)
    with jupyter.lab(profile) as served, jupyter.chromium() as browser:
        notebook(profile.parent / "notebooks", count)
        page = jupyter.opened(browser, served, NAME)
        paint = painted(page)
        rest = loaded(page, count)
        page.evaluate(WATCH)
        page.locator(".recon-board .list").focus()
        key = timed(page, "jjjkjjjjja" * 20)
        typed = filtered(page)
        stored, pressed = kept(page, profile)
        differing = differences(page, count)
        page.close()
    severa_server.release(profile.parent)
    found = {"paint_s": round(paint, 2), "key_p95_ms": key["p95"], "filter_p95_ms": typed["p95"]}
    return {
        "proposals": count,
        **found,
        "kept_s": stored,
        "pressed_s": pressed,
        "rest_read_s": round(rest, 2),
        "key_ms": key,
        "filter_ms": typed,
        **differing,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--proposals", type=int, default=20_000)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "out")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder) / "company", given.proposals)
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "board.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    for name, limit in LIMITS.items():
        print(f"{name:>14} {found[name]:>8} {'within' if found[name] < limit else 'OVER'} {limit}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
