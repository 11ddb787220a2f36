"""A loopback server in Severa's place, and a client of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recon.systems.severa import Severa
from tests.systems.loopback import Loopback, serve
from tests.systems.severa_client import (
    client,
)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with serve() as loopback:
        yield loopback


@pytest.fixture
def severa(server: Loopback) -> Iterator[Severa]:
    with client(server) as made:
        yield made
