"""The review board as a widget in a notebook; what it decides is in the store at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets

from recon.effects import Effects
from recon.errors import ReconError
from recon.review.cards import Company
from recon.review.reviewer import Reviewer
from recon.settings import user_name
from recon.shapes import Proposal
from recon.store import Store
from recon.workbench import Workbench

STATIC = Path(__file__).parent / "static"


class Board(anywidget.AnyWidget):
    """Shows a reviewer's cards. No record is part of its state, so none is saved with a notebook:
    the page in the browser asks for them, and forgets them when it is closed."""

    _esm = (STATIC / "board.js").read_text(encoding="utf-8")
    _css = (STATIC / "board.css").read_text(encoding="utf-8")

    def __init__(self, reviewer: Reviewer) -> None:
        super().__init__()
        self._reviewer = reviewer
        self.on_msg(self._asked)

    def _asked(self, _widget: Any, message: Mapping[str, Any], _buffers: Any) -> None:
        """Answer a page; `view` says which one asked."""
        try:
            found = self._reviewer.answer(message)
            told, bulk = found.tell, [found.bulk] if found.bulk else None
        except ReconError as error:
            told, bulk = {"tell": "error", "text": str(error)}, None
        self.send({**told, "view": message.get("view")}, buffers=bulk)


def page(bench: Workbench, proposals: Iterable[Proposal]) -> ipywidgets.VBox:
    """The board on a company that was read, with what is to be decided about it; it stays usable
    when the bench is closed."""
    bench.links.load()
    profile = bench.profile
    company = Company({one.name: one for one in bench.entities}, bench.mirror.records, bench.links)
    reviewer = Reviewer(
        company=company,
        store=Store(profile.store_url(), profile.company.name, Effects()),
        who=user_name(),
        proposals=tuple(proposals),
        heading=profile.company.name + (" (sandbox)" if profile.company.sandbox else ""),
    )
    return ipywidgets.VBox([Board(reviewer)])
