"""The review board as a widget in a notebook; what it decides is in the store at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget

from recon.effects import Effects
from recon.errors import ReconError
from recon.review.cards import Company
from recon.review.differences import Differences
from recon.review.form import Form
from recon.review.initials import initials
from recon.review.reviewer import Answer, Reviewer
from recon.settings import user_name
from recon.shapes import Facts
from recon.store import Store
from recon.workbench import Workbench

STATIC = Path(__file__).parent / "static"
PROPOSALS, DIFFERENCES = "proposals", "differences"


Rooms = Mapping[str, Reviewer | Differences]
NOT_UNDERSTOOD = "The board asked what is not understood: run the cell again and reload the page"
SCRIPTS = ("board.js", "differences.js", "page.js")


class Board(anywidget.AnyWidget):
    """Shows a reviewer's cards. No record is part of its state, so none is saved with a notebook:
    the page in the browser asks for them, and forgets them when it is closed. `again` makes what
    is shown anew from what was read."""

    _esm = "\n".join((STATIC / name).read_text(encoding="utf-8") for name in SCRIPTS)
    _css = (STATIC / "board.css").read_text(encoding="utf-8")

    def __init__(self, rooms: Rooms, again: Callable[[], Rooms] | None = None) -> None:
        super().__init__()
        self._rooms, self._again = rooms, again
        self.on_msg(self._asked)

    def _asked(self, _widget: Any, message: Mapping[str, Any], _buffers: Any) -> None:
        """Answer a page; `view` says which one asked."""
        try:
            if message["ask"] == "rooms":
                found = self._counted()
            elif message["ask"] == "again" and self._again:
                self._rooms = self._again()
                found = self._counted()
            else:
                found = self._rooms[str(message.get("room", PROPOSALS))].answer(message)
            told, bulk = found.tell, [found.bulk] if found.bulk else None
        except ReconError as error:
            told, bulk = {"tell": "error", "text": str(error)}, None
        except (LookupError, TypeError, ValueError, AttributeError):
            told, bulk = {"tell": "error", "text": NOT_UNDERSTOOD}, None
        self.send({**told, "view": message.get("view")}, buffers=bulk)

    def _counted(self) -> Answer:
        rooms = {
            PROPOSALS: len(getattr(self._rooms[PROPOSALS], "proposals", ())),
            DIFFERENCES: len(getattr(self._rooms.get(DIFFERENCES), "spots", ())),
        }
        return Answer({"tell": "rooms", "rooms": rooms, "again": self._again is not None})


def page(bench: Workbench, facts: Facts, look: Callable[[Workbench], Facts]) -> Form:
    """The board on a company that was read, with what is to be decided about it; it stays usable
    when the bench is closed. `look` proposes anew what was read, after decisions were made."""
    profile = bench.profile
    store = Store(profile.store_url(), profile.company.name, Effects())
    return Form([Board(_rooms(bench, facts, store), lambda: _rooms(bench, look(bench), store))])


def _rooms(bench: Workbench, facts: Facts, store: Store) -> Rooms:
    bench.links.load()
    company = Company({one.name: one for one in bench.entities}, bench.mirror.records, bench.links)
    heading = facts.company + (" (sandbox)" if facts.sandbox else "")
    known = initials(bench, facts.initials, store)
    return {
        PROPOSALS: Reviewer(company, store, user_name(), facts.proposals, heading),
        DIFFERENCES: Differences(company, known, user_name(), heading),
    }
