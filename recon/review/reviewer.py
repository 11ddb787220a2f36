"""One person's review: answers what the board asks, and keeps what she decides in the store."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, cast, get_args

from recon import decisions
from recon.review import cards
from recon.review.cards import Card, Company
from recon.shapes import SIDES, Decision, Proposal, Record, Side, Verdict
from recon.store import Store

SAMPLE = 20
MOST_FOUND = 50
BY_HAND = "found by hand"
Pair = tuple[str, str, str]
Message = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the board: a small message, and bulk data as JSON beside it."""

    tell: Card
    bulk: bytes = b""


@dataclass(slots=True)
class Reviewer:
    """The board's other half: no browser in it. `who` decides; proposals in the board's order."""

    company: Company
    store: Store
    who: str
    proposals: Sequence[Proposal]
    heading: str = ""
    choose: Callable[[Sequence[Pair], int], list[Pair]] = random.sample
    _decided: dict[Pair, Decision] = field(default_factory=dict)
    _at: dict[Pair, int] = field(default_factory=dict)
    _samples: dict[tuple[str, str], list[Pair]] = field(default_factory=dict)
    _answered: dict[str, Card] = field(default_factory=dict)
    _hay: dict[tuple[str, Side], list[tuple[str, Record]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._decided = {one.pair: one for one in decisions.read(self.store)}
        shown = {_pair(proposal): proposal for proposal in self.proposals}
        for pair, one in self._decided.items():
            if pair not in shown and one.verdict != "open" and self._is_free(pair):
                shown[pair] = _again(one)
        order = {name: at for at, name in enumerate(self.company.entities)}
        known = [p for p in shown.values() if p.entity in order and all(self._records(_pair(p)))]
        self.proposals = sorted(
            known, key=lambda p: (order[p.entity], -p.score, p.global_key, p.severa_guid)
        )
        self._at = {_pair(proposal): at for at, proposal in enumerate(self.proposals)}

    def answer(self, message: Message) -> Answer:
        """Do what the board asks, and what it is told back."""
        asked = {
            "open": self._open,
            "cards": self._cards,
            "pair": self._one,
            "decide": self._decide,
            "news": self._news,
            "search": self._search,
            "sample": self._sample,
            "band": self._band,
        }[str(message["ask"])]
        return asked(message)

    # --- showing ----------------------------------------------------------------------------

    def _open(self, _message: Message) -> Answer:
        used = {proposal.entity for proposal in self.proposals}
        entities = {
            name: {"title": entity.title, "rows": cards.titles(entity)}
            for name, entity in self.company.entities.items()
            if name in used
        }
        return Answer(
            {
                "tell": "open",
                "who": self.who,
                "heading": self.heading,
                "total": len(self.proposals),
                "entities": entities,
                "sample": SAMPLE,
                "newest": self._newest(),
            }
        )

    def _newest(self) -> int:
        return max((one.id for one in self._decided.values()), default=0)

    def _cards(self, message: Message) -> Answer:
        start, end = int(message["from"]), int(message["to"])
        found = [self._card(proposal) for proposal in self.proposals[start:end]]
        return Answer({"tell": "cards", "from": start}, _bulk(found))

    def _card(self, proposal: Proposal) -> Card | None:
        return cards.card(self.company, proposal, self._decided.get(_pair(proposal)))

    def _one(self, message: Message) -> Answer:
        """Any two records as a card: a proposal, or a pair that was put together by hand."""
        pair = _asked(message)
        proposal = self._proposal(pair) or Proposal(*pair, 0.0, "possible", (BY_HAND,))
        return Answer({"tell": "pair", "card": self._card(proposal)})

    def _proposal(self, pair: Pair) -> Proposal | None:
        return self.proposals[self._at[pair]] if pair in self._at else None

    def _search(self, message: Message) -> Answer:
        """Unlinked records of one side that hold all the words."""
        entity, side = str(message["entity"]), cast(Side, message["side"])
        words = str(message["text"]).casefold().split()
        hits = (r for text, r in self._free(entity, side) if all(w in text for w in words))
        found = [cards.side(self.company, record) for record in islice(hits, MOST_FOUND)]
        return Answer({"tell": "found", "side": side, "records": found})

    def _free(self, entity: str, side: Side) -> list[tuple[str, Record]]:
        """The unlinked records of a side, each with the text in which it is looked for."""
        if (entity, side) not in self._hay:
            counterpart = self.company.links.counterpart
            self._hay[entity, side] = [
                (" ".join(cards.side(self.company, record)["values"]).casefold(), record)
                for record in self.company.records(entity, side).values()
                if counterpart(entity, side, record.key) is None
            ]
        return self._hay[entity, side]

    def _is_free(self, pair: Pair) -> bool:
        """Whether both records of a pair are there and linked to nothing yet."""
        ends = zip(SIDES, pair[1:], strict=True)
        linked = any(self.company.links.counterpart(pair[0], side, key) for side, key in ends)
        return not linked and all(self._records(pair))

    # --- deciding ---------------------------------------------------------------------------

    def _decide(self, message: Message) -> Answer:
        """Keep a batch; what was kept before under the same token is not kept twice."""
        items = message["items"]
        new = [item for item in items if str(item["token"]) not in self._answered]
        for item, told in zip(new, self._kept([self._wish(item) for item in new]), strict=True):
            self._answered[str(item["token"])] = told | {"token": item["token"]}
        return Answer(
            {
                "tell": "kept",
                "batch": message["batch"],
                "items": [self._answered[str(item["token"])] for item in items],
            }
        )

    def _wish(self, item: Message) -> decisions.Wish | None:
        """A decision as asked for; None where one of the records is not there."""
        pair = _asked(item)
        if self._fingerprints(pair) is None or item["verdict"] not in get_args(Verdict):
            return None
        saw = {"blind": True} if item.get("blind") else {}
        said = self._decision(pair, cast(Verdict, item["verdict"]), str(item.get("why", "")), saw)
        return decisions.Wish(said, int(item.get("knew", 0)))

    def _decision(self, pair: Pair, verdict: Verdict, why: str, saw: Mapping[str, Any]) -> Decision:
        proposal = self._proposal(pair)
        seen = self._fingerprints(pair) or ("", "")
        more: Card = {"evidence": [BY_HAND]}
        if proposal:
            more = {"band": proposal.band, "evidence": list(proposal.evidence)}
        score = proposal.score if proposal else None
        return Decision(*pair, verdict, self.who, "", why, seen, score, {**more, **saw})

    def _kept(self, wishes: Sequence[decisions.Wish | None]) -> list[Card]:
        there = [wish for wish in wishes if wish]
        found = iter(decisions.keep(self.store, there, self._counts) if there else ())
        return [self._told(next(found)) if wish else _missing() for wish in wishes]

    def _told(self, kept: decisions.Kept) -> Card:
        if kept.state != "taken":
            self._decided[kept.decision.pair] = kept.decision
        told = {"state": kept.state, "decision": cards.word(kept.decision), "text": ""}
        if kept.state == "taken":
            told["text"] = self._taken(kept.decision)
        return told

    def _taken(self, by: Decision) -> str:
        found = zip(self._records(by.pair), by.pair[1:], strict=True)
        names = [record.name if record else key for record, key in found]
        return f"{by.who} said that {names[0]} and {names[1]} are the same; take that back first"

    def _counts(self, decision: Decision) -> bool:
        """Whether the data that a decision rests on are still the same."""
        return self._fingerprints(decision.pair) == decision.fingerprints

    def _records(self, pair: Pair) -> tuple[Record | None, Record | None]:
        return (
            self.company.record(pair[0], "global", pair[1]),
            self.company.record(pair[0], "severa", pair[2]),
        )

    def _fingerprints(self, pair: Pair) -> tuple[str, str] | None:
        ours, theirs = self._records(pair)
        return (ours.digest, theirs.digest) if ours and theirs else None

    def _news(self, message: Message) -> Answer:
        """Decisions since the one that the board knew last, its own ones too."""
        found = decisions.read(self.store, int(message["since"]))
        self._decided.update({one.pair: one for one in found})
        items = [
            [*one.pair, cards.word(one) | {"stale": not self._counts(one)}]
            for one in found
            if one.pair[0] in self.company.entities
        ]
        return Answer({"tell": "news", "newest": self._newest()}, _bulk(items))

    # --- a whole band -----------------------------------------------------------------------

    def _sample(self, message: Message) -> Answer:
        """Choose the pairs of a band that have to be looked at before all of it is accepted."""
        name = (str(message["entity"]), str(message["band"]))
        free = self._clear(*name)
        if not self._samples.get(name) or self._spoiled(self._samples[name]):
            self._samples[name] = self.choose(free, min(SAMPLE, len(free)))
        chosen = [self._at[pair] for pair in self._samples[name]]
        return Answer({"tell": "sample", "cards": chosen, "all": len(free)})

    def _clear(self, entity: str, band: str) -> list[Pair]:
        """The open pairs of a band that no other record competes for."""
        return [
            _pair(p)
            for p in self.proposals
            if p.entity == entity and p.band == band and not p.rivals
            if not self._is_settled(_pair(p))
        ]

    def _is_settled(self, pair: Pair) -> bool:
        found = self._decided.get(pair)
        return bool(found and found.verdict in decisions.COUNTING and self._counts(found))

    def _band(self, message: Message) -> Answer:
        """Accept the rest of a band, if this person found every pair of its sample the same."""
        name = (str(message["entity"]), str(message["band"]))
        if fault := self._unfit(self._samples.get(name, [])):
            return Answer({"tell": "error", "text": fault})
        why = f"band {name[1]} accepted after a sample of {len(self._samples.pop(name))} was seen"
        wishes = [
            decisions.Wish(self._decision(pair, "same", why, {"sampled": True}), self._knew(pair))
            for pair in self._clear(*name)
        ]
        kept = [told for told in self._kept(wishes) if told["state"] == "kept"]
        return Answer({"tell": "band", "kept": len(kept), "left": len(wishes) - len(kept)})

    def _knew(self, pair: Pair) -> int:
        found = self._decided.get(pair)
        return found.id if found else 0

    def _unfit(self, sample: Sequence[Pair]) -> str:
        """Why a band may not be accepted as a whole; '' where it may."""
        found = [self._decided.get(pair) for pair in sample]
        if self._spoiled(sample):
            return "A pair of the sample is not the same: decide one by one, or draw another sample"
        mine = [one for one in found if one and one.verdict == "same" and one.who == self.who]
        if not sample or len(mine) < len(sample):
            return f"Look at the whole sample first: {len(mine)} of {len(sample)} accepted by you"
        return ""

    def _spoiled(self, sample: Sequence[Pair]) -> bool:
        """Whether a pair of the sample is not the same; another sample may be drawn then."""
        found = (self._decided.get(pair) for pair in sample)
        return any(one and one.verdict == "different" for one in found)


def _pair(proposal: Proposal) -> Pair:
    return (proposal.entity, proposal.global_key, proposal.severa_guid)


def _asked(message: Message) -> Pair:
    return (str(message["entity"]), str(message["global"]), str(message["severa"]))


def _again(one: Decision) -> Proposal:
    """A decided pair that is not proposed any more, as it was seen when it was decided."""
    shown = tuple(str(text) for text in one.saw.get("evidence", ()))
    return Proposal(*one.pair, one.score or 0.0, one.saw.get("band", "possible"), shown)


def _missing() -> Card:
    return {"state": "refused", "decision": None, "text": "One of the two records is gone"}


def _bulk(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
