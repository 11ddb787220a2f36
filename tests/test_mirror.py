"""What was last seen of Severa survives; cursors stay in the server's own clock."""

from __future__ import annotations

from dataclasses import replace

from recon.mirror import Mirror, Shelf
from recon.spec import Listing
from tests.engine import entity, ours, store

LISTING = Listing("/v1/things", "rows")
SIDE = replace(entity().severa_side, listing=LISTING, owner=("parent", "guid"))


def row(guid, changed="2026-01-01T10:00:00Z", **more):
    return {"guid": guid, "lastUpdatedDateTime": changed, **more}


def kept(memory, rows, *, whole=False):
    """Keep rows in the store; what the mirror says has changed."""
    mirror = Mirror(memory)
    mirror.shelf(LISTING)
    with memory.write("mirror") as writer:
        keep = mirror.replace if whole else mirror.take
        changed = keep(writer, SIDE, rows)
        mirror.shelf(LISTING).advance(rows, None)
        mirror.reached(writer, LISTING)
    return changed


def test_a_delta_tells_only_what_differs():
    memory = store()
    kept(memory, [row("a"), row("b")], whole=True)
    assert kept(memory, [row("a"), row("b", name="new"), row("C"), {"noguid": 1}]) == ["b", "c"]


def test_a_full_read_tells_what_is_gone_too():
    memory = store()
    kept(memory, [row("a"), row("b")], whole=True)
    assert kept(memory, [row("a")], whole=True) == ["b"]
    assert Mirror(memory).raw(LISTING) == {"a": row("a")}


def test_rows_are_found_by_guid_and_by_owner():
    memory = store()
    rows = [row(g, parent={"guid": p}) for g, p in (("a", "P"), ("b", "p"), ("c", "q"))]
    kept(memory, rows, whole=True)
    assert set(Mirror(memory).raw(LISTING, guids=["a", "x"])) == {"a"}
    assert set(Mirror(memory).raw(LISTING, owners=["p"])) == {"a", "b"}
    assert Mirror(memory).raw(LISTING, owners=[]) == {}


def test_the_cursor_follows_the_servers_stamps_not_our_clock():
    shelf = Shelf(LISTING)
    rows = [row("a"), row("b", changed="2031-05-05T00:00:10Z"), row("c", changed=None)]
    shelf.advance(rows, "2020-01-01T00:00:00+00:00")
    assert shelf.position == "2031-05-05T00:00:05.000000Z"


def test_a_list_without_stamps_moves_with_the_servers_time():
    shelf = Shelf(LISTING)
    shelf.advance([{"guid": "a"}], "2026-01-01T12:00:00+00:00")
    assert shelf.position == "2026-01-01T11:50:00.000000Z"


def test_the_cursor_never_goes_back():
    shelf = Shelf(LISTING, position="2026-01-01T12:00:00.000000Z")
    shelf.advance([row("a", changed="2025-01-01T00:00:00Z")], None)
    assert shelf.position == "2026-01-01T12:00:00.000000Z"


def test_shelves_survive():
    memory = store()
    kept(memory, [row("a"), row("b")], whole=True)
    kept(memory, [row("b", name="new")])
    again = Mirror(memory)
    assert again.raw(LISTING) == {"a": row("a"), "b": row("b", name="new")}
    assert (again.shelf(LISTING).counted, again.shelf(LISTING).due()) == (2, False)


def test_a_key_that_occurs_twice_is_reported_not_lost():
    mirror = Mirror(store())
    mirror.fill("thing", "global", [ours("1"), ours("1"), ours("2")])
    assert mirror.read["thing", "global"] == 3
    assert len(mirror.records("thing", "global")) == 2
    assert mirror.unreadable[0][:3] == ("thing", "global", "1")
