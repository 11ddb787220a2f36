"""The code plan: what records in Severa that have no code should get, for a person to approve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recon import text
from recon.entities import faults
from recon.entities.product import matching
from recon.entities.product.scope import creatable
from recon.entities.product.visma_global import SERIES
from recon.shapes import Record
from recon.spec import Checkup

NAME = "product"


def in_severa(checkup: Checkup) -> Iterator[Record]:
    """The records in Severa that are linked or should transfer, those that are held included."""
    for record in checkup.records(NAME, "severa").values():
        scope = creatable(record, checkup.context)
        if not scope or scope.state == "held" or checkup.link(NAME, "severa", record.key):
            yield record


def uncoded(checkup: Checkup) -> list[Record]:
    """The records in Severa that should transfer and have no code, by name."""
    return sorted((r for r in in_severa(checkup) if not r.number), key=lambda r: (r.name, r.key))


def codes(checkup: Checkup) -> Iterable[tuple[Record, str]]:
    """A code for each record without one: the number of the linked article or of the only article
    of that kind and name, else the next free number of the range given to Severa, if there is."""
    named = faults.groups(checkup.records(NAME, "global").values(), matching.name)
    given = {text.number(record.number) for record in checkup.records(NAME, "severa").values()}
    upcoming = _free(checkup)
    for record in uncoded(checkup):
        link = checkup.link(NAME, "severa", record.key)
        same = named.get(matching.name(record), [])
        code = _number(checkup, link.key) if link else same[0].number if len(same) == 1 else None
        if code is None or text.number(code) in given:
            code = None if link else next(upcoming, None)
        if code is not None:
            given.add(text.number(code))
            yield record, code


def _number(checkup: Checkup, key: str) -> str | None:
    """The number of an article by its key."""
    found = checkup.records(NAME, "global").get(key)
    return found.number if found else None


def _free(checkup: Checkup) -> Iterator[str]:
    """The numbers of Severa's range that are neither an article's number nor anybody's code."""
    rule = checkup.context.profile.global_.numbers.get(SERIES)
    if rule is None or rule.severa is None:
        return
    taken = {text.number(record.number) for record in faults.both_sides(checkup, NAME)}
    yield from (str(n) for n in range(rule.severa[0], rule.severa[1] + 1) if str(n) not in taken)
