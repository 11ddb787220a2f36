"""The stages, in order: read → check → propose → plan → apply → report. Notebooks and the command
line call these and nothing below them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from recon import checklist, choices, codes, counts, decisions, lease, outcomes, safety, waivers
from recon import duplicates as worklist
from recon.apply import Applier, Result
from recon.checklist import Said as Said
from recon.choices import Answers, Effect
from recon.doctor import access
from recon.document import document as document
from recon.document import load as load
from recon.document import save as save
from recon.errors import Busy, Stop, Usage
from recon.failures import read as read_failures
from recon.families import read_changes
from recon.links import Links
from recon.plan import Made, make
from recon.publish import publish, publish_reconciliation
from recon.publish import trend as trend
from recon.reader import absent, counted, read, widen, worth
from recon.recall import failures as failures
from recon.recall import links as links
from recon.recall import release as release
from recon.recall import runs as runs
from recon.recall import unknowns as unknowns
from recon.report.documents import Documents
from recon.rulings import read as read_rulings
from recon.said import apart as apart
from recon.said import counting
from recon.said import decide as keep_word
from recon.said import together as together
from recon.session import Session, run, writing
from recon.settings import load as load_profile
from recon.shapes import Decision, Facts, Finding, Operation, Plan, Side, Spot
from recon.situation import Situation
from recon.taken_back import check as check_words
from recon.trace import trace as trace
from recon.undo import plan as undo_plan
from recon.unknowns import settle
from recon.waivers import Kept, Wish
from recon.workbench import Options, Workbench, assembled
from recon.worklists import Count, Duplicate

ROUNDS = 3


@contextmanager
def open(path: Path, *, run_options: Options | None = None) -> Iterator[Workbench]:
    """Open a company by its profile for one run; closes everything at the end."""
    profile = load_profile(path)
    bench = assembled(profile, run_options or Options())
    try:
        yield bench
    finally:
        bench.close()


def doctor(bench: Workbench) -> list[Any]:
    """Can we work here? Rights, versions, scopes, company, schema, defaults, clock."""
    from recon import doctor as examiner

    bench.links.load()
    known = {link.guid for entity in bench.entities for link in bench.links.all(entity.name)}
    return examiner.examine(bench.profile, bench.severa, bench.visma_global, known)


# --- reading stages -----------------------------------------------------------------------------


def check(bench: Workbench, said: Sequence[Said] = ()) -> Facts:
    """The checklist: what is wrong in which system, and where to fix it; `said` is kept of it
    first. A check of all entities is what the next one tells its progress from."""
    with run(bench, "check") as session:
        _seen(bench)
        made = _made(bench, {}, shown=True)
        session.take(made)
        checklist.say(bench, said)
        session.check()
        session.counts_as_check = not bench.options.entities
        session.duplicates = worklist.found(bench)
        return session.facts()


def waive(bench: Workbench, findings: Iterable[Finding], why: str) -> list[Kept]:
    """Waive findings with the user's name and a reason, as far as they are not waived yet."""
    wishes = [Wish(one, "waived", why) for one in findings if one.status != "waived"]
    return waivers.keep(bench.store, wishes) if wishes else []


def findings(bench: Workbench) -> tuple[Finding, ...]:
    """What is wrong now, with what people said of it; no check, and so no progress, is noted."""
    _seen(bench)
    return checklist.findings(bench)


def transfer(bench: Workbench, given: Answers) -> tuple[tuple[Count, ...], list[Effect]]:
    """How many records there are of each type, and what these answers would change; neither the
    profile nor a system is written."""
    with run(bench, "transfer") as session:
        _seen(bench)
        session.counts = counts.found(bench)
        then = choices.changed(bench.profile, given) if given else bench.profile
        wanted = [entity.name for entity in bench.running]
        return session.counts, choices.effects(bench.context, then, wanted)


def duplicates(bench: Workbench) -> tuple[Duplicate, ...]:
    """Records of one system that may be the same, for people to merge; nothing is written."""
    with run(bench, "duplicates") as session:
        _seen(bench)
        session.duplicates = worklist.found(bench)
        return session.duplicates


def propose(bench: Workbench) -> Facts:
    """Which unlinked records may be the same, with evidence and rivals."""
    with run(bench, "propose") as session:
        _seen(bench)
        session.take(_made(bench, {}, shown=True))
        return session.facts()


def decide(bench: Workbench, decision: Decision) -> None:
    """Keep a person's word about a pair, with what both records hold now and, where the pair is
    proposed, its score and evidence."""
    _seen(bench)
    found = _made(bench, {}, shown=True).proposals
    pairs = {(p.entity, p.global_key, p.severa_guid): p for p in found}
    proposal = pairs.get(decision.pair)
    if proposal:
        saw = {"band": proposal.band, "evidence": list(proposal.evidence)}
        decision = replace(decision, score=proposal.score, saw=saw)
    keep_word(bench, decision)


def look_again(bench: Workbench) -> Facts:
    """Propose anew from what was read: what was decided meanwhile counts, no system is asked."""
    bench.links = Links(store=bench.store)
    return propose(bench)


def plan(bench: Workbench, *, shown: bool = True) -> Plan:
    """What would bring the systems in step; nothing is written into either."""
    return rehearse(bench, shown=shown)[0]


def rehearse(bench: Workbench, *, shown: bool = True) -> tuple[Plan, Facts]:
    """The plan, and all that is known about the run that made it."""
    with run(bench, "plan") as session:
        _seen(bench)
        _settle_if_alone(bench)
        made = _made(bench, _open_words(bench), shown=shown)
        session.take(made)
        session.check()
        facts = session.facts()
        publish(bench, facts, "plan")
        return made.plan, facts


def code_plan(bench: Workbench) -> tuple[Plan, Facts]:
    """The plan that gives codes to Severa's records that have none; nothing is written."""
    with run(bench, "plan") as session:
        _seen(bench)
        shown = codes.plan(bench)
        session.take(Made(shown, (), ()))
        session.reads = _plan_reads(shown)
        facts = session.facts()
        publish(bench, facts, "plan")
        return shown, facts


def report(bench: Workbench) -> tuple[list[Path], Documents]:
    """Reads both systems and writes what they hold now: reconciliation and checklist, as Excel
    and HTML; their paths, and the invoices and costs of both with what explains their difference.
    Nothing is written into either system."""
    with run(bench, "report") as session:
        _seen(bench)
        session.take(_made(bench, _open_words(bench), shown=False))
        session.check()
        session.duplicates = worklist.found(bench)
        facts = session.facts()
        files, found = publish_reconciliation(bench, facts)
        return [*files, *publish(bench, facts, "checklist")], found


def _seen(bench: Workbench) -> None:
    """Read both systems, unless an earlier stage on this bench just did."""
    if bench.reference is None:
        read(bench)


def _settle_if_alone(bench: Workbench) -> None:
    """Look for what an earlier run left in doubt, so that the plan shown is the plan applied;
    while another run is under way, what it has just sent is left alone."""
    if bench.journal.open():
        with suppress(Busy), lease.held(bench.store, bench.run):
            settle(bench)


def _open_words(bench: Workbench) -> dict[Spot, str]:
    text = "an earlier run sent it and the answer was lost; the next sync looks for it first"
    spots = [outcomes.origin(entry.operation) for entry in bench.journal.open()]
    return dict.fromkeys(spots, text)


def _made(bench: Workbench, unknown: Mapping[Spot, str], *, shown: bool) -> Made:
    parked = {spot: f.reason for spot, f in read_failures(bench.store).items() if f.parked}
    said = counting(bench)
    return make(
        Situation(
            profile=bench.profile,
            entities=bench.entities,
            mirror=bench.mirror,
            links=bench.links,
            context=bench.context,
            run=bench.run,
            shown=shown,
            converted=bench.converted(),
            verdicts=decisions.verdicts(said.values()),
            decisions=said,
            rulings=read_rulings(bench.store),
            parked=parked,
            absent=absent(bench),
            unknown=unknown,
            licences=max(bench.options.licences, bench.profile.safety.licences),
            length=bench.visma_global.length,
        )
    )


# --- writing stages -----------------------------------------------------------------------------


def onboard(bench: Workbench, checksum: str) -> Facts:
    """Apply the plan that was shown: it is made anew, and only done if its checksum is the same and
    no blocker stands unwaived in what was just read."""
    with writing(bench, "onboard") as session:
        read(bench)
        session.look()
        unknown = settle(bench)
        made = _made(bench, unknown, shown=True)
        session.take(made)
        if made.plan.checksum != checksum:
            raise Stop(
                f"The plan is not the one that was shown: its checksum is {made.plan.checksum}",
                todo="Something changed since; look at the new plan with 'recon plan'",
            )
        checklist.admit(checklist.findings(bench), set(session.reads))
        _apply(bench, session, made)
        return _told(bench, session)


def apply(bench: Workbench, shown: Plan, checksum: str) -> Facts:
    """Apply a saved plan, if the caller repeats the checksum that he was shown."""
    if shown.checksum != checksum:
        raise Stop(
            "The checksum differs from the plan's own",
            todo="Give the checksum that 'recon plan' printed, for just this file",
        )
    if shown.company != bench.profile.company.name:
        raise Usage(
            f"The plan is for another company, {shown.company[:80]}",
            todo="Name that company's profile with --company",
        )
    with writing(bench, "apply") as session:
        read(bench)
        settle(bench)
        session.take(Made(shown, (), ()))
        session.reads = _plan_reads(shown)
        if concerned := checklist.concerned(shown):
            checklist.admit(checklist.findings(bench), concerned)
        check_words(bench, shown)
        _apply(bench, session, Made(shown, (), ()))
        return _told(bench, session)


def _plan_reads(shown: Plan) -> dict[str, dict[Side, int]]:
    found: dict[str, dict[Side, int]] = {}
    for outcome in shown.outcomes:
        sides = found.setdefault(outcome.entity, {"global": 0, "severa": 0})
        sides[outcome.side] += 1
    return found


def sync(bench: Workbench) -> Facts:
    """Keep the two in step: read, settle, plan within the safety limits, apply, plan anew what
    changed meanwhile. With `dry_run` the plan is only made."""
    if bench.options.dry_run:
        return rehearse(bench, shown=False)[1]
    with writing(bench, "sync") as session:
        read_changes(bench)
        session.look()
        unknown = settle(bench)
        made = _made(bench, unknown, shown=False)
        session.take(made)
        money = safety.Money(_new_documents(bench, made.plan), worth(bench))
        found = safety.breaches(made.plan, _sizes(bench, session), bench.profile.safety, money)
        safety.check(found, bench.options.force)
        _apply(bench, session, made)
        for number in range(2, ROUNDS + 1):
            if not session.reopened() or bench.stopping.is_set():
                break
            again = _made(bench, settle(bench), shown=False)
            again = replace(again, plan=replace(again.plan, run=f"{bench.run}.{number}"))
            _apply(bench, session, again)
        return _told(bench, session)


def _told(bench: Workbench, session: Session) -> Facts:
    """The run's facts; a run that did something, or met what is new, leaves a report."""
    session.finish()
    facts = session.facts()
    if facts.operations or session.news or not facts.balanced:
        publish(bench, facts, "run")
    return facts


def _sizes(bench: Workbench, session: Session) -> dict[str, int]:
    """The records of each entity, also of those that a narrow sync did not look at."""
    found: Mapping[str, Mapping[Any, int]] = session.reads
    if bench.mirror.narrow:
        found = counted(bench)
    return {name: max(sides.values(), default=0) for name, sides in found.items()}


def _new_documents(bench: Workbench, plan_: Plan) -> dict[str, Decimal]:
    """What each document that a plan makes comes to, by operation."""
    worths = {entity.name: entity.worth for entity in bench.entities}
    found = {}
    for op in plan_.operations:
        value, record = worths[op.entity], bench.record(*outcomes.origin(op))
        if op.kind == "create" and value and record:
            found[op.id] = value(record)
    return found


def _apply(bench: Workbench, session: Session, made: Made) -> None:
    """Apply a plan that may be; what stays unknown is looked for and, if it did not happen, done
    again."""
    access.check(bench.profile, made.plan, bench.severa, bench.visma_global)
    with bench.store.write("bases") as writer:
        bench.links.save(writer, made.rebased)
    applier = Applier(bench, made.plan)
    try:
        applier.apply()
        for _ in range(ROUNDS):
            if bench.stopping.is_set() or not _retry(bench, applier):
                break
            applier.apply()
    finally:
        session.applied(made, applier.applied.results)


def _retry(bench: Workbench, applier: Applier) -> bool:
    """Settle what is unknown; whether some operations are to be done now."""
    results = applier.applied.results
    lost = [op for op in applier.plan.operations if _state(results, op) == "unknown"]
    if not lost:
        return False
    if bench.mirror.narrow:
        widen(bench)
    settle(bench)
    still = {entry.operation.id for entry in bench.journal.open()}
    done = bench.journal.done(applier.plan.run)
    for op in lost:
        if op.id in done:
            results[op.id] = Result("done", "found after its answer was lost")
        elif op.id not in still:
            del results[op.id]
    for op in applier.plan.operations:
        if _state(results, op) == "waiting":
            del results[op.id]
    return True


def _state(results: Mapping[str, Result], op: Operation) -> str:
    found = results.get(op.id)
    return found.state if found else ""


def undo(bench: Workbench, run_id: str) -> Plan:
    """The plan that takes back a run's updates; nothing is written before it is applied."""
    _seen(bench)
    return undo_plan(bench, run_id)


Bench = Workbench
