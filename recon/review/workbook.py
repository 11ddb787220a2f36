"""The round trip of a workbook: proposals written for a person to decide, her decisions kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from recon import decisions
from recon.entities import ENTITIES
from recon.report import excel
from recon.report.clean import cell_text
from recon.report.proposals import Pair, proposals
from recon.report.words import titles
from recon.review import workbook_rulings as ruled
from recon.review.answers import Answer as Answer
from recon.review.filled import Filled, stamp
from recon.review.initials import initials
from recon.settings import user_name
from recon.shapes import SIDES, Decision, Facts, Proposal
from recon.workbench import Workbench

GONE = "the pair is no proposal any more"
CHANGED = "a record of the pair changed since the workbook was written"


def write(bench: Workbench, facts: Facts, path: Path) -> Path:
    """Write the proposals and differences of a run as a workbook to be filled in; the path."""
    known = {one.pair: one.id for one in decisions.read(bench.store)}
    mark = stamp(facts.company, facts.run)
    pairs = [_pair(proposal) for proposal in facts.proposals]
    seen: dict[tuple[str, ...], str] = {
        pair: "/".join([*prints, str(known.get(pair, 0)), mark])
        for pair in pairs
        if (prints := _fingerprints(bench, pair))
    }
    seen |= ruled.seen(initials(bench, facts.initials), mark)
    return excel.write(proposals(facts, titles(ENTITIES), seen), path)


def keep(bench: Workbench, now: Iterable[Proposal], filled: Sequence[Filled]) -> list[Answer]:
    """Keep what a person filled in, in one commit: what still is a proposal of unchanged records
    and goes against no colleague's newer word."""
    desk = _Desk(bench, {_clean(_pair(one)): one for one in now})
    found = {one.cell: desk.obstacle(one) for one in filled}
    asked = [one for one in filled if found[one.cell] is None]
    wishes = [decisions.Wish(desk.decision(one), one.knew) for one in asked]
    kept = decisions.keep(bench.store, wishes, desk.counts) if wishes else []
    told = {one.cell: _told(one, became) for one, became in zip(asked, kept, strict=True)}
    return [found[one.cell] or told[one.cell] for one in filled]


@dataclass(slots=True)
class _Desk:
    """The company as it is now, beside which a filled row is laid."""

    bench: Workbench
    proposals: Mapping[Pair, Proposal]
    who: str = field(default_factory=user_name)
    decided: dict[Pair, Decision] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.decided = {_clean(one.pair): one for one in decisions.read(self.bench.store)}

    def obstacle(self, one: Filled) -> Answer | None:
        """Why a row is not to be stored; None where it is."""
        seen = _fingerprints(self.bench, self._pair(one))
        if seen is not None and seen != one.seen:
            return Answer(one, "refused", CHANGED)
        last = self.decided.get(one.pair)
        if last and self.counts(last) and self._said(last) == (self.who, one.verdict, one.why):
            return Answer(one, "known")
        if seen is None or not (one.pair in self.proposals or (last and self._is_free(one))):
            return Answer(one, "refused", GONE)
        return None

    def _said(self, last: Decision) -> tuple[str, str, str]:
        return (last.who, last.verdict, last.why)

    def _pair(self, one: Filled) -> Pair:
        """The pair by its keys as the systems have them: a cell may lack invisible characters."""
        if one.pair in self.proposals:
            return _pair(self.proposals[one.pair])
        return self.decided[one.pair].pair if one.pair in self.decided else one.pair

    def _is_free(self, one: Filled) -> bool:
        entity, *ends = self._pair(one)
        counterpart = self.bench.links.counterpart
        return not any(counterpart(entity, s, key) for s, key in zip(SIDES, ends, strict=True))

    def decision(self, one: Filled) -> Decision:
        """A row as it is to be kept."""
        proposal, last = self.proposals.get(one.pair), self.decided.get(one.pair)
        score, saw = (last.score, dict(last.saw)) if last else (None, {})
        if proposal:
            score = proposal.score
            saw = {"band": proposal.band, "evidence": list(proposal.evidence)}
        saw["workbook"] = one.stamp
        pair = self._pair(one)
        return Decision(*pair, one.verdict, self.who, "", one.why, one.seen, score, saw)

    def counts(self, one: Decision) -> bool:
        """Whether the data that a decision rests on are still the same."""
        return _fingerprints(self.bench, one.pair) == one.fingerprints


def _told(one: Filled, became: decisions.Kept) -> Answer:
    other = became.decision
    if became.state == "overtaken":
        return Answer(one, "refused", f"{other.who} said {other.verdict!r} of the pair meanwhile")
    if became.state == "taken":
        text = f"{other.who} gave one of the two records another partner; take that back first"
        return Answer(one, "refused", text)
    return Answer(one, "kept")


def _pair(proposal: Proposal) -> Pair:
    return (proposal.entity, proposal.global_key, proposal.severa_guid)


def _clean(pair: Pair) -> Pair:
    """A pair as its cells hold it."""
    entity, key, guid = (cell_text(part).strip() for part in pair)
    return (entity, key, guid)


def _fingerprints(bench: Workbench, pair: Pair) -> tuple[str, str] | None:
    ours, theirs = (bench.record(pair[0], *end) for end in zip(SIDES, pair[1:], strict=True))
    return (ours.digest, theirs.digest) if ours and theirs else None
