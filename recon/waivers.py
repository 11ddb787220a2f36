"""What a person said of findings: waived, or open again; append-only, with who, when and why.

A word is about one finding as it was read: once its text or the records beside it are others, the
person is asked again. A whole check is waived finding by finding, so that a new one is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import sqlalchemy as sa

from recon import store as memory
from recon.settings import user_name
from recon.shapes import Finding, Waiver, fingerprint
from recon.store import Store, Writer

Spot = tuple[str, str, str, str]
Mark = tuple[str, str, str, str, str]
Verdict = Literal["waived", "open"]
OPEN: Verdict = "open"


@dataclass(frozen=True, slots=True)
class Wish:
    """A word about a finding that is to be kept, and the id of the newest word that its speaker
    knew; None for one who is told what stands as it is kept."""

    finding: Finding
    verdict: Verdict
    why: str
    knew: int | None = None
    who: str = field(default_factory=user_name)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a wish: `kept`; `known`, for it stood already; or `overtaken`, for a colleague
    said something else meanwhile. `waiver` is the word that counts now."""

    state: Literal["kept", "known", "overtaken"]
    waiver: Waiver | None


@dataclass(frozen=True, slots=True)
class Words:
    """All that was said: the newest word of every finding, and of every record of a check."""

    by_mark: Mapping[Mark, Waiver]
    by_spot: Mapping[Spot, Waiver]

    def about(self, finding: Finding) -> Waiver | None:
        """The newest word about a finding as it stands."""
        return self.by_mark.get(mark(finding))

    def on(self, finding: Finding) -> Finding:
        """The finding with what was said of it."""
        said = self.about(finding)
        if said:
            return replace(finding, waiver=said, status=said.verdict)
        earlier = self.by_spot.get(finding.spot)
        if earlier and earlier.verdict == "waived":
            return replace(finding, waiver=earlier, status="asked again")
        return finding


def mark(finding: Finding) -> Mark:
    """A finding as it stands, to tell whether a word about it still counts."""
    return (*finding.spot, fingerprint(finding))


def read(store: Store) -> Words:
    """All that was said in this company."""
    table = memory.waiver
    return _words(store.rows(store.of(table).order_by(sa.asc(table.c.id))))


def keep(store: Store, wishes: Sequence[Wish]) -> list[Kept]:
    """Keep words in one commit, each unless it stands already or a colleague was faster. One
    writer at a time."""
    table = memory.waiver
    with store.write("waivers") as writer:
        writer.select(sa.select(memory.version).with_for_update())
        known = _read(writer).by_mark
        found = [_judged(wish, known.get(mark(wish.finding))) for wish in wishes]
        writer.insert(table, [_row(k.waiver) for k in found if k.state == "kept" and k.waiver])
        now = _read(writer).by_mark
    return [
        replace(one, waiver=now.get(mark(w.finding))) for one, w in zip(found, wishes, strict=True)
    ]


def _read(writer: Writer) -> Words:
    table = memory.waiver
    mine = sa.select(table).where(table.c.company == writer.company)
    return _words(writer.select(mine.order_by(sa.asc(table.c.id))))


def _judged(wish: Wish, last: Waiver | None) -> Kept:
    said = _said(wish)
    if last and wish.knew is not None and last.id > wish.knew and last.who != said.who:
        return Kept("known" if last.verdict == said.verdict else "overtaken", last)
    return Kept("known", last) if _stands(said, last) else Kept("kept", said)


def _stands(said: Waiver, last: Waiver | None) -> bool:
    """Whether a word says nothing new; its own speaker may give another reason."""
    if last is None or last.verdict == OPEN:
        return said.verdict == OPEN
    return said.verdict == last.verdict and (said.why == last.why or said.who != last.who)


def _said(wish: Wish) -> Waiver:
    shown = fingerprint(wish.finding)
    return Waiver(*wish.finding.spot, wish.verdict, wish.who, memory.now(), wish.why, shown)


def _words(rows: Iterable[Mapping[str, Any]]) -> Words:
    said = [_of(row) for row in rows]
    spots = {(one.entity, one.check, one.system, one.key): one for one in said}
    marks = {(*spot, one.fingerprint): one for one in said for spot in [_spot(one)]}
    return Words(marks, spots)


def _spot(one: Waiver) -> Spot:
    return (one.entity, one.check, one.system, one.key)


def _of(row: Mapping[str, Any]) -> Waiver:
    return Waiver(
        entity=row["entity"],
        check=row["check_name"],
        system=row["system"],
        key=row["key"],
        verdict=row["verdict"],
        who=row["who"],
        when=row["at"],
        why=row["why"],
        fingerprint=row["fingerprint"],
        id=row["id"],
    )


def _row(one: Waiver) -> dict[str, Any]:
    return {
        "entity": one.entity,
        "check_name": one.check,
        "system": one.system,
        "key": one.key,
        "verdict": one.verdict,
        "who": one.who,
        "at": one.when,
        "why": one.why,
        "fingerprint": one.fingerprint,
    }
