"""The doctor's questions about Global's switches and number series (CommonParameter)."""

from __future__ import annotations

from collections.abc import Iterator

from recon.doctor import lists
from recon.doctor.means import Database, Row
from recon.doctor.verdict import Verdict, failed, fine, warning
from recon.entities import running
from recon.settings import Numbers, Profile
from recon.spec import Entity
from recon.systems.transaction import SERIES

TABLE = "CommonParameter"
COUNTER = "LastUsedCustomerNo"


def switches(database: Database) -> Row:
    """The one row of switches; an empty one where there is none."""
    found = database.read(lists.statements()["parameters"])
    return found[0] if found else {}


def created(profile: Profile) -> list[Entity]:
    """The entities of which new rows are made in Global."""
    wanted = ("both", "to_global")
    return [
        entity
        for entity in running(profile)
        if entity.global_side.series and profile.transfer.direction(entity.name) in wanted
    ]


def alphanumeric(database: Database, name: str) -> Iterator[Verdict]:
    """Are there numbers with letters, where we know numbers only?"""
    found = switches(database)
    on = [table for switch, table in lists.ALPHANUMERIC.items() if found.get(switch)]
    if on:
        text = f"Numbers with letters are switched on for {', '.join(on)}; recon uses the numeric "
        todo = "Compare some numbers of the checklist with those that Visma Global shows; where "
        todo += "they differ, tell who looks after recon before you go live"
        yield warning(name, text + "number behind them", todo)
    else:
        yield fine(name, "Customers, departments and projects have plain numbers")


def series(profile: Profile, database: Database, name: str) -> Iterator[Verdict]:
    """Do the number ranges of the profile stay clear of each other and of Global's own series?"""
    last = int(switches(database).get(COUNTER) or 0)
    faults = [fault for entity in created(profile) for fault in _faults(profile, entity, last)]
    todo = "Correct [global.numbers] in the profile; both ends of a range belong to it"
    if faults:
        yield failed(name, "; ".join(faults), todo)
    missing = sorted(e.global_side.series for e in created(profile) if _unnumbered(profile, e))
    if missing:
        text = f"Severa has no range of numbers for {', '.join(missing)}: new ones are held"
        todo = "Set a range for each under [global.numbers], for example "
        yield warning(name, text, todo + f"{missing[0]} = {{ severa = [50000, 59999] }}")
    if not faults and not missing:
        yield fine(name, f"The ranges are clear of each other; Global's last customer is {last}")


def _faults(profile: Profile, entity: Entity, last: int) -> Iterator[str]:
    series_, table = entity.global_side.series, entity.global_side.table
    rule = profile.global_.numbers.get(series_, Numbers())
    ranges = {"severa": rule.severa, "range": rule.range}
    for word, ends in ranges.items():
        if ends and ends[0] > ends[1]:
            yield f"{series_}: {word} {ends[0]} to {ends[1]} begins after its end"
    if rule.severa and rule.range and _overlap(rule.severa, rule.range):
        yield f"{series_}: the range of Severa and that of Global overlap"
    own = next((s for s in SERIES if s.table == table), None)
    if rule.policy == "series" and own is None:
        yield f"{series_}: Global counts none itself, so policy 'series' cannot be"
    if (
        own
        and own.column == COUNTER
        and rule.severa
        and rule.severa[0] <= last + 1 <= rule.severa[1]
    ):
        yield f"{series_}: Global's next own number {last + 1} lies inside Severa's range"


def _overlap(one: tuple[int, int], another: tuple[int, int]) -> bool:
    return one[0] <= another[1] and another[0] <= one[1]


def _unnumbered(profile: Profile, entity: Entity) -> bool:
    """Whether new rows take Severa's number, and the profile gives it no range."""
    rule = profile.global_.numbers.get(entity.global_side.series, Numbers())
    free = entity.global_side.alphanumeric or rule.range or rule.severa
    return entity.numbered and rule.policy == "severa" and not free
