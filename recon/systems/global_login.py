"""Who we are in Visma Global's database, and who may not work there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, String, func, literal, select
from sqlalchemy.exc import DBAPIError

from recon.errors import Usage

SCRIPT = (
    "Make a login of its own with the script that 'recon doctor --sql' prints, and name that one "
    "as login in [global]"
)


@dataclass(frozen=True, slots=True)
class Login:
    """A login and its roles; None where the server does not tell. `name` is '' for a file."""

    name: str = ""
    sysadmin: bool | None = None
    db_owner: bool | None = None

    @property
    def power(self) -> str:
        """In words, why it may do everything on the server; '' if it may not."""
        if self.name.casefold() == "sa":
            return "The login 'sa' may do everything on the server"
        if self.sysadmin:
            return f"The login {self.name} is a sysadmin and may do everything on the server"
        return ""


def refuse_administrators(login: Login) -> None:
    """`Usage` for a login that could change or delete more than our work needs."""
    if login.power:
        raise Usage(f"{login.power}; it is not accepted", where="[global] login", todo=SCRIPT)


def admit_anyone(login: Login) -> None:
    """Let every login in: for the doctor, who tells about it."""


def roles() -> Select[Any]:
    """One row: the login's name, and 1 for each role that it is a member of."""
    return select(
        func.suser_sname(type_=String()).label("name"),
        func.is_srvrolemember(literal("sysadmin")).label("sysadmin"),
        func.is_member(literal("db_owner")).label("db_owner"),
    )


def login_of(connection: Connection) -> Login:
    """The login behind a connection, as the server tells it; nothing stays open."""
    try:
        row = connection.execute(roles()).one()
    except DBAPIError:
        return Login("unknown")
    finally:
        connection.rollback()
    return Login(str(row.name or "unknown"), _is(row.sysadmin), _is(row.db_owner))


def _is(answer: Any) -> bool | None:
    return None if answer is None else answer == 1
