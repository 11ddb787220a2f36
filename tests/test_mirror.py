"""What was last seen of Severa survives; cursors stay in the server's own clock."""

from __future__ import annotations

from recon.mirror import Mirror, Shelf
from recon.spec import Listing
from tests.engine import ours, store

LISTING = Listing("/v1/things", "rows")


def row(guid, changed="2026-01-01T10:00:00Z", **more):
    return {"guid": guid, "lastUpdatedDateTime": changed, **more}


def test_a_delta_tells_only_what_differs():
    shelf = Shelf(LISTING)
    shelf.replace([row("a"), row("b")])
    assert shelf.merge([row("a"), row("b", name="new"), row("c"), {"noguid": 1}]) == ["b", "c"]


def test_the_cursor_follows_the_servers_stamps_not_our_clock():
    shelf = Shelf(LISTING)
    shelf.replace([row("a"), row("b", changed="2031-05-05T00:00:10Z"), row("c", changed=None)])
    shelf.advance("2020-01-01T00:00:00+00:00")
    assert shelf.position == "2031-05-05T00:00:05.000000Z"


def test_a_list_without_stamps_moves_with_the_servers_time():
    shelf = Shelf(LISTING)
    shelf.replace([{"guid": "a"}])
    shelf.advance("2026-01-01T12:00:00+00:00")
    assert shelf.position == "2026-01-01T11:50:00.000000Z"


def test_the_cursor_never_goes_back():
    shelf = Shelf(LISTING, position="2026-01-01T12:00:00.000000Z")
    shelf.replace([row("a", changed="2025-01-01T00:00:00Z")])
    shelf.advance(None)
    assert shelf.position == "2026-01-01T12:00:00.000000Z"


def test_shelves_survive_and_deltas_are_written_alone():
    memory = store()
    first = Mirror(memory)
    first.shelf(LISTING).replace([row("a"), row("b")])
    first.shelf(LISTING).advance(None)
    with memory.write("mirror") as writer:
        first.save(writer, LISTING)
    first.shelf(LISTING).merge([row("b", name="new")])
    with memory.write("mirror") as writer:
        first.save(writer, LISTING, ["b"])
    again = Mirror(memory).shelf(LISTING)
    assert again.rows == {"a": row("a"), "b": row("b", name="new")}
    assert (again.counted, again.due()) == (2, False)


def test_a_key_that_occurs_twice_is_reported_not_lost():
    mirror = Mirror(store())
    mirror.fill("thing", "global", [ours("1"), ours("1"), ours("2")])
    assert mirror.read["thing", "global"] == 3
    assert len(mirror.records("thing", "global")) == 2
    assert mirror.unreadable[0][:3] == ("thing", "global", "1")
