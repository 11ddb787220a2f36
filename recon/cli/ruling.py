"""`recon decide ENTITY FIELD[/KEY] --right SYSTEM`: which system is right where a field differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from recon.cli.document import Result
from recon.cli.session import Session
from recon.errors import Usage

if TYPE_CHECKING:
    from recon.review.initials import Initials
    from recon.rulings import Right, Spot

RIGHTS = ("global", "severa", "leave", "open")
SAID = {
    "global": "Visma Global is right",
    "severa": "Severa is right",
    "leave": "both are left as they are",
    "open": "it is open again",
}
MOST_SHOWN = 3


def one_field(session: Session, place: tuple[str, str], right: str, why: str) -> Result:
    """Keep a word about one pair's field, or about a whole field."""
    if right not in RIGHTS:
        raise Usage(f"--right cannot be {right!r}", todo=f"Choose among {', '.join(RIGHTS)}")
    entity, (name, _, key) = place[0], place[1].partition("/")
    with session.open() as bench:
        from recon import flow
        from recon.review.initials import initials
        from recon.rulings import Wish
        from recon.settings import user_name

        facts = flow.propose(bench)
        known = initials(bench, facts.initials)
        spot = _spot(known, (entity, name, key))
        verdict = cast("Right", right)
        if fault := known.obstacle(spot, verdict):
            raise Usage(fault, where=f"{entity} {place[1]}")
        concerned = [spot] if key else known.open(entity, name)
        said = known.ruling(spot, verdict, user_name(), why)
        last = known.said.get(spot)
        known.keep([Wish(said, last.id if last else 0)])
        rows = [_row(known, one) for one in concerned]
    session.screen.say(f"Kept: {entity} {place[1]}: {SAID[right]} ({len(rows)} differ now)")
    for row in rows[:MOST_SHOWN]:
        session.screen.say(f"  {row['key']} {row['name']}: {row['text']}")
    if len(rows) > MOST_SHOWN:
        session.screen.say(f"  and {len(rows) - MOST_SHOWN} more")
    return Result(0, {"run": facts.run, "rows": rows})


def _spot(known: Initials, place: tuple[str, str, str]) -> Spot:
    """What the word is about; `Usage` where there is no such field or no such difference."""
    entity, name, key = place
    if entity not in known.entities:
        text = f"There is no entity {entity[:40]!r} that runs for this company"
        raise Usage(text, todo=f"Choose among {', '.join(known.entities)}")
    fields = [one.name for one in known.entities[entity].fields]
    if name not in fields:
        text = f"There is no field {name[:40]!r} of {entity}"
        raise Usage(text, todo=f"Choose among {', '.join(fields)}")
    if not key:
        return (entity, name, "", "")
    spots = {**known.found, **known.said}
    found = [spot for spot in spots if spot[:3] == place]
    if not found:
        raise Usage(
            f"The field {name} does not differ between the two systems, or no pair has this key",
            where=f"{entity} {key[:80]}",
            todo="Take entity, field and Global's key from the sheet Differences of "
            "'recon propose --out FILE.xlsx'",
        )
    return found[0]


def _row(known: Initials, spot: Spot) -> dict[str, Any]:
    """A difference after the word, as the JSON document and the screen tell it."""
    if spot not in known.found:
        return {"entity": spot[0], "field": spot[1], "key": spot[2], "name": "", "text": "gone"}
    one, fate = known.found[spot], known.fate(spot)
    return {
        "entity": one.entity,
        "field": one.field,
        "key": one.global_key,
        "name": one.name,
        "writes": fate.target or "",
        "text": fate.text,
    }
