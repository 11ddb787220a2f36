"""Organisation, VAT and telephone numbers with right check digits, and how to spoil them.

Norwegian numbers begin with 3, the series of the tax authority's synthetic test companies.
"""

from __future__ import annotations

import random

from recon.sandbox.nordic_lands import Land

WEIGHTS = {
    "NO": (3, 2, 7, 6, 5, 4, 3, 2, 1),
    "DK": (2, 7, 6, 5, 4, 3, 2, 1),
    "FI": (7, 9, 10, 5, 8, 4, 2, 1),
    "EE": (3, 7, 1, 3, 7, 1, 3, 7, 1),
}
MODULUS = {"NO": 11, "DK": 11, "FI": 11, "EE": 10}
STARTS = {"NO": "3", "DK": "3", "FI": "2", "EE": "10", "SE": "556", "DE": "2", "GB": "9"}


def organisation(land: Land, rng: random.Random) -> str:
    """A valid organisation or VAT number, digits only, without the country's prefix."""
    if land.code == "SE":
        return _luhn(STARTS["SE"] + _digits(6, rng))
    if land.code == "DE":
        return _iso7064(STARTS["DE"] + _digits(7, rng))
    if land.code == "GB":
        return _british(STARTS["GB"] + _digits(6, rng))
    return _weighted(land.code, rng)


def vat(land: Land, number: str) -> str:
    """The VAT number of an organisation number, as it is written in that country."""
    if not number:
        return ""
    suffix = {"NO": "MVA", "SE": "01"}.get(land.code, "")
    return f"{land.code}{number}{suffix}"


def pretty(land: Land, number: str) -> str:
    """An organisation number as people write it: in groups, or with its hyphen."""
    if land.code == "NO":
        return f"{number[:3]} {number[3:6]} {number[6:]}"
    if land.code == "SE":
        return f"{number[:6]}-{number[6:]}"
    if land.code == "FI":
        return f"{number[:7]}-{number[7:]}"
    return number


def spoilt(number: str) -> str:
    """A number whose last digit is wrong."""
    return number[:-1] + str((int(number[-1]) + 1) % 10) if number else ""


def phone(template: str, rng: random.Random) -> str:
    """A telephone number of a series that rings nowhere."""
    parts = [f"{rng.randrange(100):02d}" for _ in range(template.count("{}"))]
    return template.format(*parts)


def _digits(count: int, rng: random.Random) -> str:
    return "".join(rng.choices("0123456789", k=count))


def _weighted(country: str, rng: random.Random) -> str:
    """A number whose weighted sum is divisible; draws again where no digit fits."""
    weights, start = WEIGHTS[country], STARTS[country]
    while True:
        body = start + _digits(len(weights) - 1 - len(start), rng)
        total = sum(weight * int(digit) for weight, digit in zip(weights, body, strict=False))
        last = -total % MODULUS[country]
        if last < 10:
            return f"{body}{last}"


def _luhn(body: str) -> str:
    doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(body)]
    return f"{body}{-sum(value // 10 + value % 10 for value in doubled) % 10}"


def _iso7064(body: str) -> str:
    check = 5
    for digit in body:
        check = ((check or 10) * 2 % 11 + int(digit)) % 10
    return f"{body}{(1 - (check or 10) * 2 % 11) % 10}"


def _british(body: str) -> str:
    total = sum((8 - at) * int(digit) for at, digit in enumerate(body))
    return f"{body}{97 - total % 97:02d}"
