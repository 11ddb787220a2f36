"""The workbench's memory: one commit each, one version, clear words when it cannot be opened."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from recon import decisions
from recon import store as memory
from recon.effects import Effects
from recon.errors import Stop
from recon.store import Store


def test_what_is_written_survives_and_is_one_companys(tmp_path):
    url = f"sqlite:///{tmp_path / 's.db'}"
    first, second = Store(url, "A", Effects()), Store(url, "B", Effects())
    with first.write("note") as writer:
        writer.remember("x", {"æ": 1})
    assert Store(url, "A", Effects()).note("x")[1] == {"æ": 1}
    assert second.note("x") is None


def test_nothing_of_a_failed_block_is_kept(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 's.db'}", "A", Effects())
    with pytest.raises(ValueError, match="half"), store.write("note") as writer:
        writer.remember("x", 1)
        raise ValueError("half")
    assert store.note("x") is None


def test_every_commit_passes_the_seam(tmp_path):
    labels = []

    class Watch:
        def before(self, effect):
            labels.append((effect.kind, effect.label))

        def after(self, effect):
            labels.append("after")

    store = Store(f"sqlite:///{tmp_path / 's.db'}", "A", Effects(Watch()))
    with store.write("note") as writer:
        writer.remember("x", 1)
    assert labels == [("store", "note"), "after"]


def test_another_version_is_refused_with_advice(tmp_path):
    url = f"sqlite:///{tmp_path / 's.db'}"
    store = Store(url, "A", Effects())
    with store.engine.begin() as connection:
        connection.execute(memory.version.update().values(number=99))
    with pytest.raises(Stop, match="schema version 99"):
        Store(url, "A", Effects())


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all/s.db", "nonsense", "nodb://x/y"])
def test_a_store_that_cannot_be_opened_says_so(url):
    with pytest.raises(Stop, match="store cannot be opened"):
        Store(url, "A", Effects())


def test_a_password_in_the_stores_url_is_never_shown():
    with pytest.raises(Stop) as caught:
        Store("postgresql+nodriver://me:hemmelig@127.0.0.1/x", "A", Effects())
    assert "hemmelig" not in str(caught.value)


def test_put_replaces_by_key(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 's.db'}", "A", Effects())
    row = {"listing": "/x", "guid": "g", "data": "1"}
    for data in ("1", "2"):
        with store.write("mirror") as writer:
            writer.put(memory.mirror, [{**row, "data": data}], ("listing", "guid"))
    assert [r["data"] for r in store.rows(sa.select(memory.mirror))] == ["2"]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://lin:s3cret@127.0.0.1:9/recon?sslpassword=s3cret",
        "nosuch://lin:s3cret@host/db",
        "no url with s3cret",
    ],
)
def test_where_it_cannot_be_opened_no_secret_is_told(url):
    with pytest.raises(Stop) as caught:
        Store(url, "Fjord", Effects())
    assert "s3cret" not in str(caught.value) and "lin" not in caught.value.where


def test_a_store_that_cannot_be_written_tells_a_code_alone(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'store.db'}", "Fjord", Effects())
    with (
        pytest.raises(Stop, match="busy or not writable \\(SQLITE_") as caught,
        store.write("x") as w,
    ):
        w.execute(sa.text("SELECT s3cret FROM nowhere"))
    assert "s3cret" not in str(caught.value)
    store.close()


def test_a_store_of_an_earlier_version_is_taken_along(tmp_path):
    """Version 2 had no index for what is open in the journal; nothing of it is lost."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    made = Store(url, "A", Effects())
    with made.write("test") as writer:
        writer.remember("kept", 7)
        writer.execute(sa.text("DROP INDEX recon_journal_open"))
        writer.execute(memory.version.update().values(number=2))
    made.close()
    again = Store(url, "A", Effects())
    assert again.note("kept")[1] == 7
    found = sa.inspect(again.engine).get_indexes("recon_journal")
    assert "recon_journal_open" in {index["name"] for index in found}
    again.close()


def test_an_earlier_store_of_decisions_is_widened(tmp_path):
    """Version 3 kept no score with a decision; what was decided stays decided."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    made = Store(url, "A", Effects())
    with made.write("test") as writer:
        said = {"entity": "thing", "global_key": "1", "severa_guid": "g", "verdict": "same"}
        writer.insert(memory.decision, [said | {"why": ""}])
        for column in ("score", "saw"):
            writer.execute(sa.text(f"ALTER TABLE recon_decision DROP COLUMN {column}"))
        writer.execute(memory.version.update().values(number=3))
    made.close()
    again = Store(url, "A", Effects())
    (kept,) = decisions.read(again)
    assert (kept.verdict, kept.score, kept.saw) == ("same", None, {})
    again.close()
