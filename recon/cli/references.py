"""Asks where a secret is kept; a secret itself is never taken, shown or written."""

from __future__ import annotations

from pathlib import Path

from recon import settings
from recon.cli.dialogue import Dialogue
from recon.errors import Usage

WHY = """\
Where it is kept, not the secret itself:
    keyring:SERVICE/USER  the key ring of this machine (Windows: Credential Manager); put it there
                          with: keyring set SERVICE USER
    file:PATH             a file that only you may read; a path without folder is beside the profile
    env:NAME              an environment variable"""
NEVER = (
    "  That is not one of the three. If it was the secret itself: it is not kept, but it stood on "
    "the screen. Write the place where it is kept"
)
AGAIN, ANOTHER, LATER = "again", "another", "later"


def ask_reference(dialogue: Dialogue, what: str, default: str, folder: Path) -> str:
    """A reference to a secret; asked again until it is one, and looked up if that can be."""
    while True:
        answer = dialogue.line(what, default)
        if not settings.SECRET.match(answer):
            dialogue.say(NEVER)
        elif _there(dialogue, answer, folder):
            return answer


def _there(dialogue: Dialogue, reference: str, folder: Path) -> bool:
    """Whether to go on with a reference: something is there, or will be put there later."""
    while fault := _fault(reference, folder):
        dialogue.say(f"  {fault}")
        answer = dialogue.line(
            f"Look {AGAIN}, name {ANOTHER} place, or put it there {LATER}?", LATER
        )
        if answer.casefold() == ANOTHER:
            return False
        if answer.casefold() != AGAIN:
            return True
    return True


def _fault(reference: str, folder: Path) -> str:
    """Why nothing is found there; '' where something is."""
    try:
        settings.secret(reference, folder)
    except Usage as error:
        return str(error)
    return ""
