"""A person's name: one text in Global, first and last name in Severa."""

from __future__ import annotations

from recon import text

Parts = tuple[str | None, str | None]


def whole(name: str | None, middle: str | None, family: str | None) -> str | None:
    """The one text that Global's columns hold: Name, with MiddleName and FamilyName behind it
    where Name is a first name alone."""
    if apart(name, family):
        return text.squeeze(" ".join(part for part in (name, middle, family) if part))
    return name


def apart(name: str | None, family: str | None) -> bool:
    """Whether the family name stands in its own column alone: Name is one other word."""
    return bool(family) and len((name or "").split()) <= 1 and not ends_with(name, family)


def ends_with(name: str | None, family: str | None) -> bool:
    """Whether a name ends with a family name, however they are spelled."""
    ending = text.words(family)
    return text.words(text.person(name))[-len(ending) :] == ending


def split(name: object, known: Parts) -> tuple[str, str] | None:
    """First and last name. A known last or first name that the text still ends or begins with
    stays what it is; else the last word with its particles is the last name, and a single word
    is a last name with the first name '-'. None for no name."""
    found, (first, last) = text.person(name), known
    if found and last and found.endswith(f" {last}"):
        return found.removesuffix(f" {last}"), last
    if found and first and found.startswith(f"{first} "):
        return first, found.removeprefix(f"{first} ")
    return text.split(found)
