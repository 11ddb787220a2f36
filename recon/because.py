"""The decision or rule behind an operation, in words that stay the same from run to run."""

from __future__ import annotations

from collections.abc import Mapping

from recon.desk import NAMED, Desk
from recon.shapes import Decision, Record, other
from recon.spec import Entity

MOST_NAMED = 3
SAME = "said to be the same by "


def same(said: Decision) -> str:
    """Why a pair is linked that a person accepted."""
    return f"{SAME}{_by(said)}"


def is_word(because: str) -> bool:
    """Whether a link rests on a person's word."""
    return because.startswith(SAME)


def new(desk: Desk, record: Record) -> str:
    """Why a record is created: it is alone, and which ones a person said to be others."""
    apart = [_other(desk, record, said) for said in desk.said_apart(record)]
    more = f", and from {len(apart) - MOST_NAMED} more" if len(apart) > MOST_NAMED else ""
    told = f"; said to be different from {', from '.join(apart[:MOST_NAMED])}{more}"
    return f"only in {NAMED[record.side]}" + (told if apart else "")


def _other(desk: Desk, record: Record, said: Decision) -> str:
    key = said.severa_guid if record.side == "global" else said.global_key
    found = desk.now.mirror.records(record.entity, other(record.side)).get(key)
    named = f"{found.name} ({found.number or key})" if found else key
    return f"{named} by {_by(said)}"


def _by(said: Decision) -> str:
    return f"{said.who} on {said.when[:10]}" + (f": {said.why}" if said.why else "")


def joined(entity: Entity, reasons: Mapping[str, str]) -> str:
    """The reasons of an update in one text; each field is named where they are not all one."""
    if len(set(reasons.values())) == 1:
        return next(iter(reasons.values()))
    return "; ".join(f"{entity.field(name).title}: {why}" for name, why in reasons.items())
