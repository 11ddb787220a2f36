"""The initial differences of a company as last planned, beside what was said of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from recon import rulings
from recon.desk import NAMED
from recon.initial import Case, Fate, fate, of_case, refused
from recon.rulings import Kept, Right, Ruling, Spot, Wish
from recon.settings import Master
from recon.shapes import Difference
from recon.spec import Entity
from recon.store import Store
from recon.workbench import Workbench


def spot_of(one: Difference) -> Spot:
    """What a ruling about just this difference is about."""
    return (one.entity, one.field, one.global_key, one.guid)


@dataclass(slots=True)
class Initials:
    """Differences by spot; `said` is the newest word about each, and about whole fields."""

    entities: Mapping[str, Entity]
    master: Master
    store: Store
    found: dict[Spot, Difference]
    said: dict[Spot, Ruling] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.said = rulings.read(self.store)

    def case(self, spot: Spot) -> Case:
        """A difference with all that decides it."""
        one, (entity, name) = self.found[spot], spot[:2]
        shared = self.entities[entity].field(name)
        lead = shared.source or self.master.of(entity, name)
        decide = self.master.initial == "master"
        values = {"global": one.global_value, "severa": one.severa_value}
        return Case(shared, values, lead, decide, *of_case(self.said, spot))  # type: ignore[arg-type]

    def fate(self, spot: Spot) -> Fate:
        """What the onboarding would do with a difference now."""
        return fate(self.case(spot))

    def counts(self, one: Ruling) -> bool:
        """Whether a word still counts: that of a pair while both values are as they were seen."""
        if not one.global_key:
            return True
        return one.spot in self.found and self.case(one.spot).seen == one.prints

    def open(self, entity: str, name: str) -> list[Spot]:
        """The differences of a field that a word about all of it would decide."""
        return [spot for spot in self.found if spot[:2] == (entity, name) and not self.own(spot)]

    def own(self, spot: Spot) -> Ruling | None:
        """The word about just this difference, while it counts."""
        one = of_case(self.said, spot)[0]
        return one if one and self.counts(one) else None

    def known(self, spot: Spot) -> bool:
        """Whether there is a field that a word can be about."""
        entity = self.entities.get(spot[0])
        return entity is not None and spot[1] in [one.name for one in entity.fields]

    def obstacle(self, spot: Spot, verdict: Right) -> str:
        """Why a difference, or a whole field, cannot be decided so; '' where it can."""
        if verdict not in rulings.VERDICTS or bool(spot[2]) != bool(spot[3]):
            return f"Nothing can be said so: choose among {', '.join(rulings.VERDICTS)}"
        if not self.known(spot):
            return "There is no such field"
        if verdict == "open":
            return ""
        if fault := refused(self.entities[spot[0]].field(spot[1]), verdict):
            return fault
        if not spot[2]:
            return ""
        if spot not in self.found:
            return "The two do not differ in this field any more, or are not linked"
        if verdict != "leave" and self.case(spot).empty(verdict):
            return f"It is empty in {NAMED[verdict]}: an empty value never overwrites a filled one"
        return ""

    def ruling(self, spot: Spot, verdict: Right, who: str, why: str) -> Ruling:
        """A word as it is to be kept, with what is seen now."""
        seen = self.case(spot).seen if spot in self.found else ("", "")
        return Ruling(*spot, verdict, who, "", why, seen)

    def keep(self, wishes: Sequence[Wish]) -> list[Kept]:
        """Keep rulings in one commit; what was kept, or what stands against it, is known now."""
        kept = rulings.keep(self.store, wishes, self.counts) if wishes else []
        self.said.update({one.ruling.spot: one.ruling for one in kept})
        return kept

    def news(self, since: int) -> list[Ruling]:
        """What was said since, by anybody."""
        found = rulings.read(self.store, since)
        self.said.update(found)
        return [one for one in found.values() if one.entity in self.entities]


def initials(bench: Workbench, found: Iterable[Difference], store: Store | None = None) -> Initials:
    """The initial differences that were just planned on a bench."""
    entities = {one.name: one for one in bench.entities}
    by_spot = {spot_of(one): one for one in found}
    return Initials(entities, bench.profile.master, store or bench.store, by_spot)
