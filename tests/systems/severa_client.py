"""What the tests of the Severa transport share: a client of the loopback server."""

from __future__ import annotations

from typing import Any

from recon import settings
from recon.effects import Effect, Effects
from recon.spec import Listing
from recon.systems.severa import Options, Severa
from tests.systems.loopback import Loopback

SECRET = "s3cret-Zz9"
CUSTOMERS = Listing("/v1/customers", "token", page=1000)
UNITS = Listing("/v1/businessunits", "rows", page=100)
RATES = Listing("/v1/vatrates", "none")


class Open:
    """A gate that is always open; remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[float | None] = []

    def wait(self) -> float:
        return 0.0

    def left(self, sent: float) -> None:
        pass

    def slow(self, sent: float, pause: float | None) -> None:
        self.told.append(pause)


class Seen:
    """A watcher that notes all effects."""

    def __init__(self) -> None:
        self.effects: list[Effect] = []

    def before(self, effect: Effect) -> None:
        self.effects.append(effect)

    def after(self, effect: Effect) -> None:
        pass


def client(
    server: Loopback,
    effects: Effects | None = None,
    url: str = "",
    cap: int = 200_000_000,
    **more: Any,
) -> Severa:
    waits: list[float] = []
    given = settings.Severa(base_url=url or server.url, **({"timeout_s": 5.0} | more))
    options = Options(gate=Open(), sleep=waits.append, cap=cap)
    severa = Severa(
        given, effects or Effects(), client_id="me", client_secret=SECRET, options=options
    )
    vars(severa)["waits"] = waits
    return severa


def rows(*numbers: int) -> list[dict[str, Any]]:
    return [{"guid": f"g{n}", "number": n} for n in numbers]


def guids(found: list[dict[str, Any]]) -> list[str]:
    return [row["guid"] for row in found]
