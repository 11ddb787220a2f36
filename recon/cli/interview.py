"""`recon doctor --init`: a profile by asking. Both systems are tried as soon as their answers are
there, and then offer what may be chosen; what they cannot tell is asked all the same. Settings that
a profile has are kept, and nothing is written before the last answer.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from recon import profile_file, settings
from recon.cli import ask_rules, ask_systems, questions, questions_documents
from recon.cli.asking import Interview
from recon.cli.dialogue import Dialogue
from recon.cli.offers import Offers
from recon.cli.session import Session
from recon.doctor.scopes import ticks
from recon.errors import Usage

INTRO = """\
Each question has its meaning above it and its usual answer in [brackets]: Enter takes that one, or
leaves the setting out where there is none. Choose from a list by the number in front or by a part
of the name. Ctrl-C stops, and then nothing is written. Secrets are asked for by the place where
they are kept, never themselves."""


def write_profile(session: Session) -> Path:
    """Ask, and write or complete the profile; an existing setting is never changed unasked."""
    if not _someone():
        raise Usage(
            "'recon doctor --init' asks questions, and nobody is there to answer",
            where="standard input is no terminal",
            todo="Run it in a terminal, or write the profile by hand ('recon sandbox create' makes "
            "an example)",
        )
    path = Path(session.profile_path or settings.environment("RECON_COMPANY") or "profile.toml")
    before = settings.text(path) if path.exists() else ""
    if before:
        settings.parse(before, str(path))
    with closing(Offers()) as offers:
        dialogue = Dialogue(session.screen.say)
        talk = Interview(dialogue, offers, path, tomllib.loads(before))
        dialogue.tell(*INTRO.splitlines())
        for heading, part in _parts(talk):
            dialogue.say("")
            dialogue.say(f"== {heading} ==")
            part()
    _write(session, talk, before)
    return path


def _someone() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _parts(talk: Interview) -> Iterator[tuple[str, Callable[[], None]]]:
    yield "The company", lambda: talk.all(questions.COMPANY)
    yield "Visma Global's database", lambda: ask_systems.visma_global(talk)
    yield "Severa", lambda: ask_systems.severa(talk)
    yield "What transfers, and who decides", lambda: ask_rules.rules(talk)
    yield "New records in Severa", lambda: talk.all(questions.SEVERA)
    yield "New rows in Visma Global", lambda: ask_rules.new_rows(talk)
    yield "Numbers", lambda: ask_rules.numbers(talk)
    yield "Invoices and costs", lambda: talk.all(questions_documents.DOCUMENTS)


def _write(session: Session, talk: Interview, before: str) -> None:
    """Write what was answered, and say what to do next."""
    path, say = talk.path, session.screen.say
    say("")
    if talk.answers:
        _write_text(session, talk, before)
        say(f"Written: {path}")
    else:
        say(f"Nothing was missing: {path} is as it was")
    for what in dict.fromkeys(talk.unchecked):
        say(f"Not checked yet: {what}")
    say(f"For Severa: {ticks(talk.profile())}")
    say(f"For Visma Global: recon --company {path} doctor --sql")
    say(f"Next: recon --company {path} doctor")


def _write_text(session: Session, talk: Interview, before: str) -> None:
    """The old text with the answers in it; where that cannot be, anew, the old one beside it."""
    kept = profile_file.save(talk.path, before, talk.answers)
    if kept:
        session.screen.say(f"Comments could not be kept; the profile as it was is {kept}")
