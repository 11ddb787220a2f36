"""What a notebook opens: the company that it names, or else the sandbox's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from recon import flow, settings
from recon.cli import crash
from recon.cli.session import DEMO, Session, severa_url
from recon.cli.show import Screen
from recon.errors import ReconError, Stop
from recon.workbench import Options, Workbench


@contextmanager
def open(company: str = "", **options: Any) -> Iterator[Workbench]:
    """A bench on the company's profile; '' means RECON_COMPANY, or else the sandbox company.

    `options` are those of `flow.Options`, such as `full=True`. A fault of our own becomes a `Stop`
    without its message, which may quote data: a notebook is kept and passed on.
    """
    path = _profile(company)
    profile = settings.load(path)
    chosen = Options(severa_url=severa_url(profile), **options)
    try:
        with flow.open(path, run_options=chosen) as bench:
            yield bench
    except ReconError:
        raise
    except Exception as error:
        raise Stop(crash.report(error, profile.reports())) from None


def _profile(company: str) -> Path:
    """A demo made earlier beside or above the notebook counts before a new one is made."""
    session = Session(Screen(), profile_path=company)
    made = Path("..") / DEMO / "profile.toml"
    named = company or settings.environment("RECON_COMPANY")
    return made if not named and made.exists() else session.path_or_demo()
