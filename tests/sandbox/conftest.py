"""One sandbox server for all tests of a file; each test finds it as if just started."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox.severa_world import Severa, fresh, serving


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Severa]:
    """The server of this file."""
    with serving(tmp_path_factory.mktemp("severa")) as severa:
        yield severa


@pytest.fixture
def severa(running: Severa) -> Iterator[Severa]:
    """The server as if just started; no test may make it break its own contract."""
    yield fresh(running)
    fresh_log = running.door("log")
    assert [v for v in fresh_log["violations"] if v["kind"] != "request"] == []
