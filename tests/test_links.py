"""Identity is looked up in one place, from both ends, and survives in the store."""

from __future__ import annotations

from recon.links import Links, counted
from tests.engine import linked, loaded, store

BASE = {"global": {"name": "a"}, "severa": {"name": "b"}}


def test_both_ends_find_the_link():
    links = Links([linked("1", "g", BASE)])
    assert links.counterpart("thing", "global", "1") == "g"
    assert links.counterpart("thing", "severa", "g") == "1"
    assert links.counterpart("other", "severa", "g") is None


def test_a_link_moved_to_another_record_leaves_the_old_one_free():
    links = Links([linked("1", "g", BASE)])
    links.put(linked("1", "h", BASE))
    assert links.of("thing", "severa", "g") is None
    assert links.of("thing", "severa", "h").key == "1"


def test_what_is_saved_is_read_back_with_its_base():
    memory = store()
    links = Links()
    with memory.write("links") as writer:
        links.save(writer, [linked("1", "g", BASE)])
        links.save(writer, [linked("1", "h", BASE)])
    found = loaded(memory).all("thing")
    assert [(link.key, link.guid, dict(link.base)) for link in found] == [("1", "h", BASE)]


def test_a_copy_is_tried_without_touching_the_original():
    links = Links([linked("1", "g", BASE)])
    links.copy().put(linked("2", "h", BASE))
    assert links.of("thing", "global", "2") is None


def test_links_are_counted_where_they_are_kept():
    memory, links = store(), Links()
    with memory.write("links") as writer:
        links.save(writer, [linked("1", "g", BASE), linked("2", "h", BASE)])
        links.save(writer, [linked("7", "c", BASE, "contact"), linked("1", "i", BASE)])
    assert counted(memory) == {"thing": 2, "contact": 1}
