"""The checklist of a company that was read: what was found, what people said of it, and whether it
lets an onboarding pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from recon import advance, checks, overall, said, waivers
from recon.advance import Advance
from recon.entities import ENTITIES
from recon.errors import Stop, Usage
from recon.findings import blocking
from recon.shapes import Finding, Link, Plan, Spot
from recon.waivers import Kept, Verdict, Wish
from recon.workbench import Workbench

FORM = "ENTITY/CHECK or ENTITY/CHECK/SYSTEM/KEY, as 'recon check' lists them"
MOST_TOLD = 12


@dataclass(frozen=True, slots=True)
class Said:
    """A person's word about the findings that a name covers, such as `customer/number_missing` or
    `customer/number_missing/severa/0f8e…`."""

    name: str
    verdict: Verdict
    why: str = ""

    def covers(self, one: Finding) -> bool:
        """Whether a finding is meant."""
        parts = self.name.split("/", 3)
        return list(one.spot[: len(parts)]) == parts


def findings(bench: Workbench, more: Sequence[Finding] | None = None) -> tuple[Finding, ...]:
    """What is wrong in the systems as they were read, with what people said of it; `more` is what
    was found of the whole company already."""
    whole = overall.found(bench, ()) if more is None else more
    systems = (bench.mirror, bench.links, bench.visma_global)
    desk = checks.Bench(bench.context, *systems, _decided(bench))
    words = waivers.read(bench.store)
    return tuple(words.on(one) for one in checks.run(bench.entities, desk, whole))


def _decided(bench: Workbench) -> dict[Spot, Link]:
    """The links that accepted pairs are about to get, by either record."""
    found: dict[Spot, Link] = {}
    for (entity, key, guid), one in said.counting(bench).items():
        if one.verdict == "same":
            link = Link(entity, "", key, "", guid, "", "", "decision")
            found |= {(entity, "global", key): link, (entity, "severa", guid): link}
    return found


def advanced(bench: Workbench, at: str, more: Sequence[Finding]) -> Advance:
    """The findings as of a moment with these `more`, beside those of the last check."""
    names = {"", *(entity.name for entity in bench.entities)}
    return advance.compared(bench.store, findings(bench, more), names, at)


def understood(words: Iterable[Said]) -> None:
    """`Usage` for a word without a reason, or about a check that does not exist."""
    known = {"": checks.lines([]), **{one.name: checks.lines([one]) for one in ENTITIES}}
    for one in words:
        entity, check, *rest = [*one.name.split("/", 3), ""]
        option = f"--{'waive' if one.verdict == 'waived' else 'unwaive'} {one.name[:120]}"
        if check not in known.get(entity, {}) or len(rest) == 2:
            raise Usage("There is no such check", where=option, todo=f"Name it as {FORM}")
        if one.verdict == "waived" and not one.why.strip():
            raise Usage("A waiver needs a reason", where=option, todo="Give one with --why TEXT")


def say(bench: Workbench, words: Sequence[Said]) -> list[Kept]:
    """Keep people's words about what was found; `Usage`, and nothing is kept, where one of them is
    about nothing."""
    found = findings(bench) if words else ()
    wishes = [
        Wish(finding, one.verdict, one.why.strip())
        for one in words
        for finding in _meant(one, found)
    ]
    return waivers.keep(bench.store, wishes) if wishes else []


def _meant(word: Said, found: Iterable[Finding]) -> list[Finding]:
    """The findings that a word is about, of which there must be some."""
    meant = [one for one in found if word.covers(one)]
    if word.verdict == "open":
        meant = [one for one in meant if one.status == "waived"]
    if not meant:
        state = "found" if word.verdict == "waived" else "waived"
        raise Usage(f"Nothing is {state} now under {word.name[:120]}", todo=f"Name it as {FORM}")
    return meant


def admit(found: Iterable[Finding], entities: Collection[str]) -> None:
    """Stop an onboarding of these entities while their blockers stand and nobody waived them."""
    blockers = [one for one in blocking(found) if one.entity in {"", *entities}]
    if blockers:
        raise Stop(sentence(blockers))


def sentence(blockers: Sequence[Finding]) -> str:
    """Blockers by check with their counts and where to mend them, and how to waive them."""
    first = blockers[0]
    return (
        f"Nothing was written: blockers on the checklist stop the onboarding: {listed(blockers)}."
        " Mend them, or waive each check by name and reason:"
        f" recon check --waive {first.entity}/{first.check} --why TEXT"
    )


def listed(blockers: Iterable[Finding]) -> str:
    """Blockers by check with their counts and where to mend them."""
    counts = Counter((f"{f.entity}/{f.check}", f.where_to_fix) for f in blockers)
    told = [f"{count} × {name} (mend in {where})" for (name, where), count in counts.items()]
    more = [f"{len(told) - MOST_TOLD} more checks"] if len(told) > MOST_TOLD else []
    return "; ".join(told[:MOST_TOLD] + more)


def concerned(shown: Plan) -> set[str]:
    """The entities whose blockers stop a plan: those of a plan that brings records together. One
    that only writes codes, or takes updates back, mends things and is stopped by none."""
    joins = any(operation.kind in ("create", "link") for operation in shown.operations)
    found = {operation.entity for operation in shown.operations}
    return found | {outcome.entity for outcome in shown.outcomes} if joins else set()
