"""The code plan: what users in Severa that have no code should get, for a person to approve."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from recon import text
from recon.entities import faults
from recon.entities.employee import matching
from recon.entities.employee.scope import creatable
from recon.entities.employee.visma_global import SERIES
from recon.shapes import Record
from recon.spec import Checkup

NAME = "employee"


def codes(checkup: Checkup) -> Iterable[tuple[Record, str]]:
    """A code for each user that has none."""
    for user, code in proposed(checkup):
        if code and not user.number:
            yield user, code


def proposed(checkup: Checkup) -> Iterator[tuple[Record, str | None]]:
    """The users without a code that Global could take, by name, and the code proposed: the number
    of the employee that the user plainly is, else the next free one of Severa's range, if there
    is one."""
    upcoming = _free(checkup)
    given: set[str] = set()
    for user in sorted(_uncoded(checkup), key=lambda user: (user.name, user.key)):
        code = _own(checkup, user)
        code = next(upcoming, None) if code is None or code in given else code
        given |= {code} if code else set()
        yield user, code


def _uncoded(checkup: Checkup) -> list[Record]:
    users = faults.concerned(checkup, NAME, "severa", creatable)
    return [user for user in users if text.numeric(user.number) is None]


def _own(checkup: Checkup, user: Record) -> str | None:
    """The number of the linked employee, else of the only one of that e-mail address, else of
    that name, unless another user has it as code."""
    link = checkup.link(NAME, "severa", user.key)
    ours = checkup.records(NAME, "global")
    found = (
        ours.get(link.key)
        if link
        else _only(checkup, user, matching.email) or _only(checkup, user, matching.name)
    )
    taken = {r.number for r in checkup.records(NAME, "severa").values()}
    return found.number if found and found.number not in taken else None


def _only(checkup: Checkup, user: Record, key: Callable[[Record], str | None]) -> Record | None:
    wanted = key(user)
    employees = checkup.records(NAME, "global").values()
    same = [one for one in employees if wanted is not None and key(one) == wanted]
    free = [one for one in same if not checkup.link(NAME, "global", one.key)]
    return free[0] if len(same) == len(free) == 1 else None


def _free(checkup: Checkup) -> Iterator[str]:
    """The numbers of Severa's range that are neither an employee's number nor anybody's code."""
    rule = checkup.context.profile.global_.numbers.get(SERIES)
    if rule is None or rule.severa is None:
        return
    taken = {record.number for record in faults.both_sides(checkup, NAME)}
    low, high = rule.severa
    yield from (str(n) for n in range(low, high + 1) if str(n) not in taken)
