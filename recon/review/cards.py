"""One proposal side by side: both records' fields in words, what differs, and the evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recon.compare import forms
from recon.links import Links
from recon.report.html import cell
from recon.report.words import value
from recon.shapes import Decision, Proposal, Record, Side
from recon.spec import Entity, Field

MOST_RIVALS = 9
Records = Callable[[str, Side], Mapping[str, Record]]
Card = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Company:
    """What cards are made from: the entities, both systems' records as read, and the links."""

    entities: Mapping[str, Entity]
    records: Records
    links: Links

    def record(self, entity: str, side: Side, key: str) -> Record | None:
        """A record as it was read, or None."""
        return self.records(entity, side).get(key)


def titles(entity: Entity) -> list[str]:
    """The rows of an entity's cards: its number, what it belongs to, its fields as declared."""
    return ["Number", *(["Belongs to"] if entity.parent else []), *(f.title for f in entity.fields)]


def card(company: Company, proposal: Proposal, decision: Decision | None) -> Card | None:
    """A proposal as the board shows it; None where one of its records was not read."""
    ours = company.record(proposal.entity, "global", proposal.global_key)
    theirs = company.record(proposal.entity, "severa", proposal.severa_guid)
    if ours is None or theirs is None:
        return None
    left, right = side(company, ours), side(company, theirs)
    both = list(zip(left["values"], right["values"], strict=True))
    return {
        "entity": proposal.entity,
        "global": left,
        "severa": right,
        "marks": marks(company, (ours, theirs), both),
        "score": round(proposal.score, 4) or None,
        "band": proposal.band,
        "evidence": evidence(proposal),
        "rivals": _rivals(company, proposal),
        "decision": said(decision, (ours, theirs)),
    }


def side(company: Company, record: Record) -> Card:
    """One record: its key, what a person calls it, and its values in the order of `titles`."""
    entity = company.entities[record.entity]
    values = [record.number or ""]
    if entity.parent:
        values.append(_named(company, entity.parent, record.side, record.parent))
    values += [shown(company, one, record) for one in entity.fields]
    return {
        "key": record.key,
        "number": record.number or "",
        "name": record.name,
        "values": values,
    }


def shown(company: Company, one: Field, record: Record) -> str:
    """A field's value in words; what it refers to by its name."""
    given = record.fields.get(one.name)
    if one.refers and given is not None:
        return _named(company, one.refers, record.side, str(given))
    return cell(value(given))


def _named(company: Company, entity: str, place: Side, key: str | None) -> str:
    """What a record that another one refers to is called."""
    if not key:
        return ""
    found = company.record(entity, place, key)
    if found is None:
        return "(a record that was not read)"
    return f"{found.name} ({found.number})" if found.number else found.name


def marks(company: Company, pair: tuple[Record, Record], shown: Sequence[tuple[str, str]]) -> str:
    """A sign per row of `titles`: `=` the same by the field's own comparison, `x` different,
    `g` and `s` in Global or in Severa alone, `-` in neither. References also agree where the two
    records that they lead to are `shown` by the same name, for these are often not linked yet."""
    entity = company.entities[pair[0].entity]
    ours, theirs = (_forms(company, entity, record) for record in pair)
    return "".join(
        _mark(*((left.casefold(), right.casefold()) if refers and a != b else (a, b)))
        for (refers, a), (_, b), (left, right) in zip(ours, theirs, shown, strict=True)
    )


def _forms(company: Company, entity: Entity, record: Record) -> list[tuple[str, Any]]:
    """By row of `titles`: the entity that it refers to, if any, and the value as compared."""
    found = forms(entity, record, company.links)
    parent = [(entity.parent, record.parent)] if entity.parent else []
    return [("", record.number), *parent, *((f.refers, found.get(f.name)) for f in entity.fields)]


def _mark(ours: Any, theirs: Any) -> str:
    empty = (ours in (None, ""), theirs in (None, ""))
    if any(empty):
        return {(True, True): "-", (True, False): "s", (False, True): "g"}[empty]
    return "=" if ours == theirs else "x"


def evidence(proposal: Proposal) -> list[tuple[str, float | None]]:
    """What speaks for and against a pair, each sentence with its weight where it has one."""
    parts: Sequence[Any] = proposal.parts
    if parts:
        return [(part.text or part.field, round(part.bits, 2)) for part in parts]
    return [(text, None) for text in proposal.evidence]


def _rivals(company: Company, proposal: Proposal) -> list[tuple[str, str, str, str]]:
    """The records that compete, each with its side, key, number and name."""
    found = []
    for key in proposal.rivals:
        for place in ("severa", "global"):
            record = company.record(proposal.entity, place, key)
            if record is not None:
                found.append((place, key, record.number or "", record.name))
                break
    return found[:MOST_RIVALS]


def said(decision: Decision | None, pair: tuple[Record, Record]) -> Card | None:
    """A decision for the board; `stale` where the data have changed since it was made."""
    if decision is None or decision.verdict == "open":
        return None
    stale = decision.fingerprints != (pair[0].digest, pair[1].digest)
    return word(decision) | {"stale": stale}


def word(decision: Decision) -> Card:
    """A decision in plain data."""
    return {
        "id": decision.id,
        "verdict": decision.verdict,
        "who": decision.who,
        "at": decision.when,
        "why": decision.why,
    }
