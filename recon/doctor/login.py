"""The doctor's question about the login: does it have only the power that our work needs?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from recon.doctor.verdict import Verdict, asked, failed, fine, warning
from recon.errors import Stop
from recon.systems.global_login import SCRIPT, Login

ASKED = "Global: login"


class Database(Protocol):
    """What the question needs of the transport."""

    def login(self) -> Login: ...


def of_login(database: Database) -> list[Verdict]:
    """One verdict; none where the database cannot be reached, which the next question tells."""
    return list(asked(ASKED, lambda name: _verdicts(name, database)))


def _verdicts(name: str, database: Database) -> Iterator[Verdict]:
    try:
        login = database.login()
    except Stop:
        return
    if not login.name:
        yield fine(name, "The database is a file of this machine, without logins of its own")
    elif login.power:
        yield failed(name, f"{login.power}; no other command accepts it", SCRIPT)
    elif login.db_owner:
        text = f"{login.name} is a member of db_owner and may do everything in this database"
        yield warning(name, text, SCRIPT)
    elif login.sysadmin is None:
        text = f"The server does not tell whether {login.name} may do more than it needs"
        yield warning(name, text, "Let the administrator see to it that it is no sysadmin")
    else:
        yield fine(name, f"{login.name} is neither sysadmin nor db_owner")
