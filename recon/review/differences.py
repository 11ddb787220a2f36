"""One person's review of initial differences: answers what the board asks, keeps what she says."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from recon.review import cards
from recon.review.cards import Card, Company
from recon.review.initials import Initials
from recon.review.reviewer import Answer, Message
from recon.rulings import Kept, Right, Ruling, Spot, Wish, whole

EXAMPLES = 5


@dataclass(slots=True)
class Differences:
    """The board's other half for differences: no browser in it. `who` decides."""

    company: Company
    known: Initials
    who: str
    heading: str = ""
    spots: list[Spot] = field(default_factory=list)
    _at: dict[Spot, int] = field(default_factory=dict)
    _answered: dict[str, Card] = field(default_factory=dict)

    def __post_init__(self) -> None:
        order = {name: at for at, name in enumerate(self.company.entities)}
        places = {
            (entity.name, one.name): at
            for entity in self.company.entities.values()
            for at, one in enumerate(entity.fields)
        }
        there = (spot for spot in self.known.found if spot[0] in order and all(self._pair(spot)))
        self.spots = sorted(there, key=lambda s: (order[s[0]], places[s[:2]], s[2], s[3]))
        self._at = {spot: at for at, spot in enumerate(self.spots)}

    def answer(self, message: Message) -> Answer:
        """Do what the board asks, and what it is told back."""
        asked = {
            "open": self._open,
            "cards": self._cards,
            "decide": self._decide,
            "field": self._field,
            "all": self._all,
            "news": self._news,
        }[str(message["ask"])]
        return asked(message)

    # --- showing ----------------------------------------------------------------------------

    def _open(self, _message: Message) -> Answer:
        used = {spot[:2] for spot in self.spots}
        entities = {
            name: {
                "title": entity.title,
                "fields": {f.name: f.title for f in entity.fields if (name, f.name) in used},
            }
            for name, entity in self.company.entities.items()
            if name in {entity_ for entity_, _ in used}
        }
        return Answer(
            {
                "tell": "open",
                "who": self.who,
                "heading": self.heading,
                "total": len(self.spots),
                "entities": entities,
                "newest": self._newest(),
            }
        )

    def _newest(self) -> int:
        return max((one.id for one in self.known.said.values()), default=0)

    def _cards(self, message: Message) -> Answer:
        start, end = int(message["from"]), int(message["to"])
        found = [self._card(spot) for spot in self.spots[start:end]]
        return Answer({"tell": "cards", "from": start}, _bulk(found))

    def _card(self, spot: Spot) -> Card:
        pair = self._pair(spot)
        case, one = self.known.case(spot), self.known.entities[spot[0]].field(spot[1])
        return {
            "entity": spot[0],
            "field": spot[1],
            "title": one.title,
            "lead": case.lead,
            "global": self._side(pair[0], spot[1]),
            "severa": self._side(pair[1], spot[1]),
            "cannot": {side: self.known.obstacle(spot, side) for side in ("global", "severa")},
            **self._state(spot),
        }

    def _side(self, record: Any, name: str) -> Card:
        one = self.company.entities[record.entity].field(name)
        value = cards.shown(self.company, one, record)
        return {
            "key": record.key,
            "number": record.number or "",
            "name": record.name,
            "value": value,
        }

    def _state(self, spot: Spot) -> Card:
        """What changes of a card: what the onboarding does now, and what was said."""
        fate, own = self.known.fate(spot), self.known.said.get(spot)
        word = _word(own) | {"stale": not self.known.counts(own)} if own else None
        return {
            "decision": word if own and own.verdict != "open" else None,
            "knew": own.id if own else 0,
            "target": fate.target or "",
            "text": fate.text,
            "state": "open" if fate.asks else "decided" if fate.by else "rule",
        }

    def _pair(self, spot: Spot) -> tuple[Any, Any]:
        return (
            self.company.record(spot[0], "global", spot[2]),
            self.company.record(spot[0], "severa", spot[3]),
        )

    # --- deciding ---------------------------------------------------------------------------

    def _decide(self, message: Message) -> Answer:
        """Keep a batch; what was kept before under the same token is not kept twice."""
        items = message["items"]
        new = [item for item in items if str(item["token"]) not in self._answered]
        for item, told in zip(new, self._kept(new), strict=True):
            self._answered[str(item["token"])] = told | {"token": item["token"]}
        found = [self._answered[str(item["token"])] for item in items]
        return Answer({"tell": "kept", "batch": message["batch"], "items": found})

    def _kept(self, items: Iterable[Message]) -> list[Card]:
        asked = [(_spot(item), cast(Right, item["verdict"]), item) for item in items]
        faults = [self.known.obstacle(spot, verdict) for spot, verdict, _ in asked]
        good = [one for one, fault in zip(asked, faults, strict=True) if not fault]
        kept = iter(self.known.keep([self._wish(*one) for one in good]))
        return [
            {"state": "refused", "decision": None, "text": fault}
            if fault
            else self._told(spot, next(kept))
            for (spot, _, _), fault in zip(asked, faults, strict=True)
        ]

    def _wish(self, spot: Spot, verdict: Right, item: Message) -> Wish:
        said = self.known.ruling(spot, verdict, self.who, str(item.get("why", "")))
        return Wish(said, int(item.get("knew", 0)))

    def _told(self, spot: Spot, kept: Kept) -> Card:
        now = self._state(spot) if spot in self._at else {}
        return {"state": kept.state, "decision": _word(kept.ruling), "text": "", "now": now}

    # --- a whole field ----------------------------------------------------------------------

    def _field(self, message: Message) -> Answer:
        """What a word about a whole field would decide: how many, some of them, what stands."""
        place = (str(message["entity"]), str(message["field"]))
        found = [spot for spot in self.known.open(*place) if spot in self._at]
        stands = self.known.said.get(whole(*place))
        return Answer(
            {
                "tell": "field",
                "entity": place[0],
                "field": place[1],
                "many": len(found),
                "examples": [self._card(spot) for spot in found[:EXAMPLES]],
                "stands": _word(stands) if stands and stands.verdict != "open" else None,
                "knew": stands.id if stands else 0,
                "cannot": {
                    side: self.known.obstacle(whole(*place), side) for side in ("global", "severa")
                },
            }
        )

    def _all(self, message: Message) -> Answer:
        """Keep a word about a whole field; every card of it is told anew."""
        spot = whole(str(message["entity"]), str(message["field"]))
        (told,) = self._kept([{**message, "global": "", "severa": ""}])
        cards_now = [[at, self._state(s)] for s, at in self._at.items() if s[:2] == spot[:2]]
        return Answer({"tell": "all", **told, "newest": self._newest()}, _bulk(cards_now))

    def _news(self, message: Message) -> Answer:
        """What was said since, and the cards that it changes."""
        found = self.known.news(int(message["since"]))
        places = {one.spot[:2] for one in found if not one.global_key}
        spots = {one.spot for one in found}
        now = [
            [at, self._state(spot)]
            for spot, at in self._at.items()
            if spot in spots or spot[:2] in places
        ]
        return Answer({"tell": "news", "newest": self._newest()}, _bulk(now))


def _spot(item: Message) -> Spot:
    entity, name, key, guid = (str(item[n]) for n in ("entity", "field", "global", "severa"))
    return (entity, name, key, guid)


def _word(one: Ruling) -> Card:
    """A ruling in plain data."""
    return {
        "id": one.id,
        "verdict": one.verdict,
        "who": one.who,
        "at": one.when,
        "why": one.why,
    }


def _bulk(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
