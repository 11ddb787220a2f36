"""Private data end here: dropped from every answer, and kept out of every message."""

from __future__ import annotations

import re
from typing import Any

PRIVATE = frozenset(
    {
        "socialsecuritynumber",
        "socialsecurityno",
        "ssn",
        "nationalid",
        "nationalidnumber",
        "nationalidentitynumber",
        "nationalidentificationnumber",
        "personalid",
        "personalidentitynumber",
        "personalnumber",
        "birthdate",
        "birthday",
        "dateofbirth",
        "bankaccount",
        "bankaccountnumber",
        "bankaccountno",
        "accountnumber",
        "iban",
        "bic",
        "salary",
        "hourlysalary",
        "monthlysalary",
        "wage",
        "hourlywage",
        "password",
        "clientsecret",
        "accesstoken",
        "refreshtoken",
    }
)
# A person's cost per hour is a salary; a work type's, under the same name, is a price.
PRIVATE_INSIDE = {"workcontract": frozenset({"hourcost"})}
NUMBERS = re.compile(  # IBAN; Norwegian, then other Nordic personal numbers; bank accounts
    r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]){11,30}\b|\b\d{6}[-+ ]?\d{5,}\b"
    r"|\b\d{6}[-+A]\d{3}[0-9A-Z]\b|\b\d{4}[. ]\d{2}[. ]\d{5}\b"
)
SURROGATES = re.compile("[\ud800-\udfff]")
MESSAGE = 300
HIDDEN = "(the message is about a private field and is not shown)"


def drop(value: Any, inside: str = "") -> Any:
    """A JSON value without its private fields, at any depth; halves of characters become U+FFFD."""
    if isinstance(value, dict):
        also = PRIVATE_INSIDE.get(inside, frozenset())
        kept = ((key, _plain(key), item) for key, item in value.items())
        return {
            _text(key): drop(item, name)
            for key, name, item in kept
            if name not in PRIVATE and name not in also
        }
    if isinstance(value, list):
        return [drop(item, inside) for item in value]
    return _text(value) if isinstance(value, str) else value


def tell(text: str, *secrets: str) -> str:
    """A foreign message fit to be shown: one line, at most 300 characters, nothing private."""
    line = " ".join(text[: 20 * MESSAGE].split())
    for secret in filter(None, secrets):
        line = line.replace(secret, "***")
    if about_private(line):
        return HIDDEN
    line = NUMBERS.sub("***", line)
    return line if len(line) <= MESSAGE else line[: MESSAGE - 1] + "…"


def about_private(text: str) -> bool:
    """Whether a text names a private field."""
    plain = _plain(text)
    return any(word in plain for word in PRIVATE if len(word) > 4)


def _plain(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower())


def _text(value: str) -> str:
    return value if value.isascii() else SURROGATES.sub("\ufffd", value)
