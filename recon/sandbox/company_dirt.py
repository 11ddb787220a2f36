"""How the same customer comes to look different in two systems."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from recon.sandbox.nordic import Firm, Place
from recon.sandbox.nordic_numbers import phone, spoilt

SHORT = {
    "Rådgivning": "Rådg.",
    "Konsult": "Kons.",
    "Advokatfirma": "Adv.firma",
    "Mekaniske Verksted": "Mek. Verksted",
    "Entreprenør": "Entr.",
    "Arkitekter": "Ark.",
    "Fastigheter": "Fast.",
    "Eiendom": "Eiend.",
    "Brødrene": "Brdr.",
}
PLAIN = str.maketrans({"æ": "a", "ø": "o", "å": "a", "ä": "a", "ö": "o", "Ø": "O", "Å": "A"})
Change = Callable[[Firm, random.Random], Firm]


def untidy(name: str, rng: random.Random) -> str:
    """The same name in another dress: capitals, spaces, plain letters, 'og' for '&', 'A/S'."""
    dressed = (
        name.upper(),
        f"{name}  ",
        name.replace(" & ", " og "),
        name.translate(PLAIN),
        f"{name[:-3]} A/S" if name.endswith(" AS") else name.upper(),
        name.replace(" ", "  ", 1),
    )
    return rng.choice([each for each in dressed if each != name])


def misspelt(name: str, rng: random.Random) -> str:
    """The name as somebody else once typed it; a person sees that it is the same."""
    ways = (_shortened(name), _swapped(name, rng), _turned(name))
    other = [each for each in ways if each.strip().lower() != name.lower()]
    return rng.choice(other) if other else f"{name} (hovedkontor)"


def _shortened(name: str) -> str:
    for long, short in SHORT.items():
        name = name.replace(long, short)
    return name


def _swapped(name: str, rng: random.Random) -> str:
    """Two neighbouring letters of the first word change places."""
    first = name.split()[0]
    at = rng.randrange(1, max(2, len(first) - 1))
    letters = list(name)
    letters[at : at + 2] = reversed(letters[at : at + 2])
    return "".join(letters)


def _turned(name: str) -> str:
    words = name.split()
    if len(words) == 3 and "&" not in words:
        return f"{words[1]} {words[0]} {words[2]}"
    return f"{' '.join(words)} avd. Vest"


def blurred(firm: Firm, rng: random.Random) -> Firm:
    """The firm with one field changed or empty, as the less tended system holds it."""
    return rng.choice(CHANGES)(firm, rng)


def wrong_number(firm: Firm, _rng: random.Random) -> Firm:
    """The organisation number with a wrong check digit."""
    return replace(firm, organisation=spoilt(firm.organisation))


def _without(name: str) -> Change:
    def change(firm: Firm, _rng: random.Random) -> Firm:
        return replace(firm, **{name: ""})  # type: ignore[arg-type]

    return change


def _other_days(firm: Firm, rng: random.Random) -> Firm:
    return replace(firm, days=rng.choice([days for days in (14, 20, 30, 45) if days != firm.days]))


def _other_phone(firm: Firm, rng: random.Random) -> Firm:
    return replace(firm, phone=phone(firm.land.phone, rng))


def _moved(firm: Firm, rng: random.Random) -> Firm:
    postcode, city = rng.choice(firm.land.places)
    street = f"{rng.choice(firm.land.streets)} {rng.randint(1, 99)}"
    return replace(firm, postal=Place((street,), postcode, city, firm.land.code))


def _without_postcode(firm: Firm, _rng: random.Random) -> Firm:
    return replace(firm, postal=replace(firm.postal, postcode=""))


def _fewer_people(firm: Firm, _rng: random.Random) -> Firm:
    return replace(firm, people=firm.people[:-1])


def _promoted(firm: Firm, _rng: random.Random) -> Firm:
    people = tuple(replace(person, title="Administrerende direktør") for person in firm.people[:1])
    return replace(firm, people=people + firm.people[1:])


def _one_address(firm: Firm, _rng: random.Random) -> Firm:
    return replace(firm, billing=None, visit=None)


def _bad_email(firm: Firm, _rng: random.Random) -> Firm:
    return replace(firm, email=firm.email.replace("@", "(at)"))


CHANGES: tuple[Change, ...] = (
    _without("email"),
    _without("website"),
    _without("phone"),
    _without("organisation"),
    _without("e_address"),
    _other_days,
    _other_phone,
    _moved,
    _without_postcode,
    _fewer_people,
    _promoted,
    _one_address,
    _bad_email,
    wrong_number,
)
