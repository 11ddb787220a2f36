"""A profile in the making: what it has, what was answered, and one question after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recon import profile_file, settings
from recon.cli.dialogue import Choice, Dialogue
from recon.cli.offers import Offers
from recon.cli.questions import Question
from recon.entities import running
from recon.errors import ReconError
from recon.settings import Profile


@dataclass(slots=True)
class Interview:
    """The questions, what is known already, and what was answered; nothing is written here."""

    dialogue: Dialogue
    offers: Offers
    path: Path
    before: dict[str, Any]
    answers: dict[tuple[str, ...], Any] = field(default_factory=dict)
    unchecked: list[str] = field(default_factory=list)

    def tables(self) -> dict[str, Any]:
        """The profile as it would be written now."""
        return profile_file.merged(self.before, self.answers)

    def get(self, path: str) -> Any:
        """A setting of the profile in the making; None where it has none."""
        found: Any = self.tables()
        for name in path.split("."):
            found = found.get(name) if isinstance(found, dict) else None
        return found

    def put(self, path: str, value: Any) -> None:
        """Keep an answer."""
        self.answers[tuple(path.split("."))] = value

    def profile(self) -> Profile:
        """The profile in the making; tables that are not there yet are empty."""
        whole = {"global": {}, "severa": {}, **self.tables()}
        return settings.parsed(settings.dump(whole), self.path)

    def transfers(self, entity: str, directions: Sequence[str]) -> bool:
        """Whether an entity is there and transfers in one of these directions."""
        profile = self.profile()
        there = entity in {one.name for one in running(profile)}
        return there and profile.transfer.direction(entity) in directions

    def all(self, asked: Sequence[Question]) -> None:
        """Ask what the profile does not have."""
        for one in asked:
            wanted = not one.entity or self.transfers(one.entity, one.directions)
            if wanted and self.get(one.path) is None and one.when(self.tables()):
                self.one(one)

    def one(self, asked: Question) -> None:
        """Ask one question; an empty answer leaves the setting out."""
        choices = self.choices(asked)
        if choices:
            usual = asked.default or asked.propose(choices)
            ask = self.dialogue.picked if asked.needed else self.dialogue.chosen
            found = ask(asked.usually(usual), choices)
            value: Any = found if asked.several else next(iter(found), None)
        else:
            value = self.dialogue.taken(asked)
        if value in (None, []):
            return
        self.put(asked.path, value)
        if asked.offer and not choices:
            self.leave(asked.title, value)

    def choices(self, asked: Question) -> Sequence[Choice]:
        """What a question offers; a list that cannot be read is told, and offers nothing."""
        try:
            return asked.offer(self.offers) if asked.offer else ()
        except ReconError as error:
            self.dialogue.tell(f"The list to choose from cannot be read: {error}")
            return ()

    def leave(self, what: str, value: Any) -> None:
        """Note an answer that could not be looked up."""
        self.unchecked.append(f"{what} ({value}), for want of a connection")
