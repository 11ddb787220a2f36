"""Pages: escaped, self-contained, readable; the same data as the workbook."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from recon.errors import NotDone
from recon.report import data, html
from recon.report.shapes import Document
from recon.shapes import Facts, Outcome
from tests.report.conftest import CANARIES

VOID = {"meta", "br", "img", "link", "hr", "input"}
SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)


class Page(HTMLParser):
    """Collects what a browser would make of a page; fails on tags that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def values(self, *names: str) -> list[str]:
        return [value for _, name, value in self.attributes if name in names]


@pytest.mark.parametrize("name", ["plan", "run"])
def test_pages_look_as_they_looked(
    name: str, facts: Facts, plan: Facts, golden: Callable[[str, str], None]
) -> None:
    document = data.plan(plan) if name == "plan" else data.run(facts)
    golden(f"{name}.html", SVG.sub("<svg></svg>", html.render(document)))


@pytest.mark.parametrize("make", [data.run, data.checklist, data.proposals, data.reconciliation])
def test_hostile_texts_are_only_words(make: Callable[[Facts], Document], hostile: Facts) -> None:
    page = Page(html.render(make(hostile)))
    words = "\0".join(page.words)
    for text in CANARIES:
        assert text.strip() in words
    assert not {"script", "img", "iframe", "object", "form", "base"} & set(page.tags)
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert all(link.startswith("#") for link in page.values("href", "src", "xlink:href", "action"))


def test_a_page_asks_for_nothing(facts: Facts) -> None:
    text = html.render(data.reconciliation(facts))
    assert "url(" not in text and "@import" not in text and "<link" not in text
    assert set(re.findall(r"https?://[^\"'\s<]+", SVG.sub("", text))) <= {
        "https://sorensen.example"
    }
    drawn = "".join(SVG.findall(text))
    assert set(re.findall(r"https?://[^\"'\s<]+", drawn)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert "default-src 'none'" in text


def test_links_lead_to_parts_of_the_page(facts: Facts) -> None:
    page = Page(html.render(data.run(facts)))
    ids = page.values("id")
    links = [link[1:] for link in page.values("href")]
    assert links and set(links) <= set(ids)


def test_ids_are_unique(facts: Facts) -> None:
    ids = Page(html.render(data.reconciliation(facts))).values("id")
    assert len(ids) == len(set(ids))


def test_a_sandbox_says_so_and_a_real_company_does_not(facts: Facts) -> None:
    assert "invented company" in html.render(data.run(facts))
    assert "invented company" not in html.render(data.run(replace(facts, sandbox=False)))


def test_light_dark_and_paper_are_provided_for(facts: Facts) -> None:
    text = html.render(data.run(facts))
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text
    assert "table-header-group" in text


def test_every_state_that_occurs_is_explained(facts: Facts) -> None:
    document = data.run(facts)
    assert {word for word, _ in document.legend} == {o.state for o in facts.outcomes}
    assert "What the words mean" in html.render(document)


def test_an_empty_run_is_a_readable_page(empty: Facts) -> None:
    words = "".join(Page(html.render(data.run(empty))).words)
    assert "Nothing to show for: " in words and "What failed, why, and what to do" in words


def test_an_outcome_that_does_not_add_up_is_red(facts: Facts) -> None:
    text = html.render(data.run(replace(facts, read={})))
    assert '<span class="tone bad">no: ' in text


def test_long_tables_are_cut_and_say_so(facts: Facts, tmp_path: Path) -> None:
    many = tuple(
        Outcome("customer", "global", str(at), f"Kunde {at} AS", "held", "waits")
        for at in range(20_000)
    )
    begun = time.monotonic()
    path = html.write(data.run(replace(facts, outcomes=many)), tmp_path / "new" / "run.html")
    assert time.monotonic() - begun < 60
    text = path.read_text(encoding="utf-8")
    assert text.count('<td class="long">waits</td>') == html.MOST_ROWS
    assert "of 20\u202f000 rows" in text
    assert "in the workbook run.xlsx, sheet 'Held'" in text.replace("&#39;", "'")


def test_a_file_in_the_way_is_one_clear_sentence(facts: Facts, tmp_path: Path) -> None:
    (tmp_path / "run.html").mkdir()
    with pytest.raises(NotDone, match="cannot be written"):
        html.write(data.run(facts), tmp_path / "run.html")
    assert [path.name for path in tmp_path.iterdir()] == ["run.html"]
