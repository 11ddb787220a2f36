"""The clock of Global's server against the profile's time zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from recon.doctor.visma_global import Desk
from tests.doctor.asked import Server, only, profile


class Off(Server):
    """A SQL Server whose clock is off by some minutes."""

    def __init__(self, minutes: int) -> None:
        super().__init__()
        self._off = timedelta(minutes=minutes)

    def read(self, statement: Any) -> list[dict[str, Any]]:
        return [{"now": datetime.now(ZoneInfo("Europe/Oslo")).replace(tzinfo=None) + self._off}]


@pytest.mark.parametrize(
    ("minutes", "ok"), [(0, "ok"), (-60, "failed"), (120, "failed"), (7, "warning")]
)
def test_the_clock_of_the_server_is_compared(minutes: int, ok: str) -> None:
    assert only(Desk(profile(), Off(minutes)).tells_the_time).ok == ok
