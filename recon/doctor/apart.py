"""Each system on its own: for the time before the access to both of them is there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

from recon.doctor import in_order
from recon.doctor.login import of_login
from recon.doctor.severa import ADDRESS as SEVERA
from recon.doctor.severa import of_severa
from recon.doctor.verdict import Verdict, failed
from recon.doctor.visma_global import ADDRESS as GLOBAL
from recon.doctor.visma_global import of_global
from recon.effects import Effects
from recon.errors import ReconError
from recon.settings import Profile
from recon.systems.severa import Severa
from recon.systems.visma_global import VismaGlobal
from recon.workbench import Options, database


def examine(profile: Profile, severa_url: str) -> list[Verdict]:
    """The answers about each system that can be opened; why the other one cannot be."""

    def of_database(found: VismaGlobal) -> list[Verdict]:
        return [*of_login(found), *of_global(profile, found)]

    found = _of(SEVERA, lambda: api(profile, severa_url), lambda one: of_severa(profile, one))
    options = Options(logins="any")
    found += _of(GLOBAL, lambda: database(profile, options, Effects()), of_database)
    return in_order(found)


def _of(name: str, opened: Callable[[], Any], ask: Callable[[Any], list[Verdict]]) -> list[Verdict]:
    try:
        system = opened()
    except ReconError as error:
        return [failed(name, error.what, error.todo)]
    with closing(system):
        return ask(system)


def api(profile: Profile, severa_url: str) -> Severa:
    """Severa at its own pace, not connected yet; `Usage` where a secret is not there."""
    given = profile.severa.model_copy(update={"base_url": severa_url})
    return Severa(
        given,
        Effects(),
        client_id=profile.secret(given.client_id),
        client_secret=profile.secret(given.client_secret),
    )
