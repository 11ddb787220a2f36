"""Asks a person on the terminal: plain questions, each with its meaning and a default."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import typer

MOST = 20
WIDTH = 92
NONE = "-"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: what is kept, the mark by which it is named, what is shown,
    and how much it is used."""

    value: Any
    mark: str
    label: str
    weight: int = 0


class Asked(Protocol):
    """A question: its title, its meaning, what is usual, and how an answer becomes a value."""

    @property
    def title(self) -> str: ...

    @property
    def why(self) -> str: ...

    @property
    def default(self) -> str: ...

    @property
    def several(self) -> bool: ...

    @property
    def take(self) -> Callable[[str], Any]: ...


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Says and asks; all of it on stderr."""

    say: Callable[[str], None]

    def tell(self, *lines: str) -> None:
        """Lines of explanation, apart from what stands above."""
        self.say("")
        for line in lines:
            self.say(f"  {line}")

    def line(self, text: str, default: str = "") -> str:
        """One answer, without the blanks around it; '' where nothing is given."""
        answer = typer.prompt(text, default=default, err=True, show_default=bool(default))
        return str(answer).strip()

    def opened(self, asked: Asked) -> None:
        """What a question means; '' where that was said before."""
        self.tell(*textwrap.wrap(asked.why, WIDTH))

    def taken(self, asked: Asked) -> Any:
        """The answer as a value, a list of them where there may be several; asked again while it
        cannot be one. An empty answer is None, if the question takes that."""
        self.opened(asked)
        while True:
            answer = self.line(asked.title, asked.default)
            try:
                if asked.several:
                    return [asked.take(part) for part in _parts(answer)]
                return asked.take(answer)
            except ValueError as error:
                self.say(f"  {error}")

    def chosen(self, asked: Asked, choices: Sequence[Choice]) -> list[Any]:
        """The values chosen from a list, by mark or by part of the name; none for an empty answer
        or '-'."""
        self.opened(asked)
        self._list(choices)
        while True:
            words = _parts(self.line(asked.title, asked.default))
            if len(words) > 1 and not asked.several:
                self.say("  Choose one")
                continue
            found = [self._found(word, choices) for word in words if word != NONE]
            if None not in found:
                return [choice.value for choice in found if choice]

    def picked(self, asked: Asked, choices: Sequence[Choice]) -> list[Any]:
        """The values chosen from a list; asked again while there are none."""
        while not (found := self.chosen(asked, choices)):
            self.say("  Choose one")
        return found

    def _list(self, choices: Sequence[Choice]) -> None:
        width = max((len(choice.mark) for choice in choices[:MOST]), default=0)
        for choice in choices[:MOST]:
            self.say(f"    {choice.mark:>{width}}  {choice.label}")
        if len(choices) > MOST:
            self.say(f"    … and {len(choices) - MOST} more: write a part of the name to find one")

    def _found(self, word: str, choices: Sequence[Choice]) -> Choice | None:
        """What a word names; None where it names nothing, or too much."""
        same = matching(word, choices)
        if len(same) == 1:
            return same[0]
        self.say(f"  {word[:60]!r} fits {'several:' if same else 'none of them'}")
        self._list(same)
        return None


def most_used(choices: Sequence[Choice]) -> str:
    """The mark of the choice that is used most; '' where none is used."""
    best = max(choices, key=lambda choice: choice.weight, default=None)
    return best.mark if best and best.weight else ""


def first(choices: Sequence[Choice]) -> str:
    """The mark of the first choice."""
    return choices[0].mark if choices else ""


def alone(choices: Sequence[Choice]) -> str:
    """The mark of the only choice; '' where there are several."""
    return choices[0].mark if len(choices) == 1 else ""


def matching(word: str, choices: Sequence[Choice]) -> list[Choice]:
    """The choice with this mark or value; else those whose name is it, or holds it."""
    plain = word.casefold()
    exact = [c for c in choices if plain in (c.mark.casefold(), str(c.value).casefold())]
    same = [c for c in choices if c.label.casefold() == plain]
    return exact or same or [c for c in choices if plain in c.label.casefold()]


def _parts(answer: str) -> list[str]:
    return [part for part in (one.strip() for one in answer.split(",")) if part]
