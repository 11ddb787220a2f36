"""Amounts as Decimal: read exactly, rounded half up to the currency's digits, never as float."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
DIGITS: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(_NONE.split(), 0) | dict.fromkeys(_THREE.split(), 3)
)
USUAL_DIGITS = 2
PLACES = 4
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


def digits(currency: str | None) -> int:
    """Decimals of a currency by its ISO code; 2 where nothing else is known."""
    return DIGITS.get((currency or "").upper(), USUAL_DIGITS)


def exact(value: Any) -> Decimal | None:
    """A number as it stands: a float through its shortest text, so that 0.1 is 0.1.

    None and '' give None; what is not a finite number raises ValueError.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        raise ValueError("a yes/no is not an amount")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a finite number")
    try:
        number = Decimal(repr(value) if isinstance(value, float) else str(value).strip())
    except InvalidOperation as error:
        raise ValueError("not a number") from error
    if not number.is_finite():
        raise ValueError("not a finite number")
    return number


def bare(value: Decimal | None) -> Decimal | None:
    """The same number in its one form: no zeros at the end, no exponent, no -0."""
    return None if value is None else Decimal(format(value.normalize(_WIDE) or Decimal(0), "f"))


def rounded(value: Decimal, places: int) -> Decimal:
    """Rounded half up (away from zero) to so many decimals."""
    found = value.quantize(Decimal(1).scaleb(-places), context=_WIDE)
    return _WIDE.add(found, Decimal(0))  # no -0.00


def amount(value: Any, currency: str | None = None) -> Decimal | None:
    """An amount of any source, rounded half up to the currency's digits."""
    number = exact(value)
    return None if number is None else rounded(number, digits(currency))


def total(values: Iterable[Decimal | None], currency: str | None = None) -> Decimal:
    """The exact sum, rounded once at the end."""
    result = Decimal(0)
    for value in values:
        if value is not None:
            result = _WIDE.add(result, value)
    return rounded(result, digits(currency))


def scaled(value: Decimal | None) -> int | None:
    """An amount or price as a whole number of ten-thousandths (what frames hold)."""
    return None if value is None else int(rounded(value, PLACES).scaleb(PLACES, context=_WIDE))


def unscaled(value: int | None) -> Decimal | None:
    """The amount that a whole number of ten-thousandths stands for."""
    return None if value is None else Decimal(value).scaleb(-PLACES, context=_WIDE)


def equal(left: Decimal | None, right: Decimal | None, currency: str | None = None) -> bool:
    """Whether two amounts are the same once rounded to the currency's digits."""
    if left is None or right is None:
        return left is right
    return rounded(left, digits(currency)) == rounded(right, digits(currency))
