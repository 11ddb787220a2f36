"""`recon doctor --init`: a profile, by asking; secrets are asked for by reference only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from recon.cli.session import Session
from recon.errors import Usage

HOW = "a reference: env:NAME, file:PATH or keyring:SERVICE/USER"


def write_profile(session: Session) -> Path:
    """Ask, and write a new profile; an existing file is never overwritten."""
    from recon import settings

    path = Path(session.profile_path or "profile.toml")
    if path.exists():
        raise Usage("That profile exists already", where=str(path), todo="Name another --company")
    text = settings.dump(answers())
    settings.parse(text, str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    session.screen.say(f"Written: {path}. Next: recon --company {path} doctor")
    return path


def answers() -> dict[str, Any]:
    """The tables that a profile needs, as the person answered."""
    return {"company": _company(), "global": _global(), "severa": _severa()}


def ask(question: str, default: str | None = None) -> str:
    """One answer, asked on stderr."""
    return str(typer.prompt(question, default=default, err=True)).strip()


def ask_reference(question: str, default: str) -> str:
    """A reference to a secret; asked again until it is one."""
    from recon import settings

    while True:
        answer = ask(f"{question} ({HOW})", default)
        if settings.SECRET.match(answer):
            return answer
        typer.echo("Never the secret itself, please", err=True)


def _company() -> dict[str, Any]:
    return {
        "name": ask("Name of the company"),
        "timezone": ask("Time zone of Visma Global's server", "Europe/Oslo"),
        "currency": ask("Currency of the books", "NOK"),
        "country": ask("Country", "NO"),
    }


def _global() -> dict[str, Any]:
    server = ask("SQL Server of Visma Global (name or name\\instance)")
    return {
        "server": server,
        "database": ask("Database"),
        "login": ask("Login"),
        "password": ask_reference("Password", "keyring:recon/global"),
        "schema": ask("Schema (the part before the table, as in Fjord.Customer)"),
        "user_no": typer.prompt("UserNo for CreatedBy", type=int, default=1, err=True),
    }


def _severa() -> dict[str, Any]:
    return {
        "company": ask("Severa's company, if the organisation has several", ""),
        "client_id": ask_reference("Severa client id", "keyring:recon/severa_id"),
        "client_secret": ask_reference("Severa client secret", "keyring:recon/severa_secret"),
    }
