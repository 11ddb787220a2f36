"""What a workbook says of initial differences, laid beside the company as it is now and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recon.report.clean import cell_text
from recon.review.answers import Answer
from recon.review.filled import FilledRuling
from recon.review.initials import Initials
from recon.rulings import Kept, Ruling, Spot, Wish, whole
from recon.settings import user_name

CHANGED = "one of the two values changed since the workbook was written"


def seen(known: Initials, mark: str) -> dict[tuple[str, ...], str]:
    """By spot, what is seen now: both values, the newest word about it, and the workbook."""
    found = {spot: known.case(spot).seen for spot in known.found}
    found |= {whole(*spot[:2]): ("-", "-") for spot in known.found}
    return {
        spot: "/".join([*prints, str(known.said[spot].id if spot in known.said else 0), mark])
        for spot, prints in found.items()
    }


def keep(known: Initials, filled: Sequence[FilledRuling]) -> list[Answer]:
    """Keep what a person filled in, in one commit: what can be decided so, is as it was seen, and
    goes against no newer word."""
    spots = _spots(known, filled)
    told = {one.cell: _obstacle(known, one, spots[one.cell]) for one in filled}
    asked = [one for one in filled if told[one.cell] is None]
    kept = known.keep([_wish(known, one, spots[one.cell]) for one in asked])
    became = {one.cell: _told(one, what) for one, what in zip(asked, kept, strict=True)}
    return [told[one.cell] or became[one.cell] for one in filled]


def _spots(known: Initials, filled: Sequence[FilledRuling]) -> Mapping[str, Spot]:
    """What each row is about, by the keys as the systems have them: a cell may lack invisible
    characters."""
    clean = {_clean(spot): spot for spot in (*known.said, *known.found)}
    return {one.cell: clean.get(one.spot, one.spot) for one in filled}


def _clean(spot: Spot) -> Spot:
    entity, name, key, guid = (cell_text(part).strip() for part in spot)
    return (entity, name, key, guid)


def _obstacle(known: Initials, one: FilledRuling, spot: Spot) -> Answer | None:
    """Why a row is not to be stored, or that it is already; None where it is to be."""
    if not known.known(spot):
        return Answer(one, "refused", "There is no such field")
    last = known.said.get(spot)
    mine = (last.who, last.verdict, last.why) if last and known.counts(last) else None
    if mine == (user_name(), one.verdict, one.why):
        return Answer(one, "known")
    if spot in known.found and known.case(spot).seen != one.seen:
        return Answer(one, "refused", CHANGED)
    fault = known.obstacle(spot, one.verdict)
    return Answer(one, "refused", fault) if fault else None


def _wish(known: Initials, one: FilledRuling, spot: Spot) -> Wish:
    said = known.ruling(spot, one.verdict, user_name(), one.why)
    return Wish(Ruling(*spot, one.verdict, said.who, "", one.why, said.prints, one.stamp), one.knew)


def _told(one: FilledRuling, became: Kept) -> Answer:
    if became.state == "kept":
        return Answer(one, "kept")
    other = became.ruling
    text = f"{other.who} said {other.verdict!r} of it after the workbook was written"
    return Answer(one, "refused", f"{text}; change it on the board")
