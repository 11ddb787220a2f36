"""The companies that all cases start from, each copied for a case: one before its onboarding, the
same onboarded and then edited by users of both systems, once more edited where it is linked, one
with records in Severa that have no code, and one with documents; and their uninterrupted runs."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from recon import settings
from recon import store as memory
from recon.effects import Effects
from recon.sandbox import world
from recon.store import Store
from tests.kills import checker, edits, edits_documents
from tests.kills.client import CODES, Command, Job
from tests.kills.processes import Server, run, served
from tests.kills.state import State

Phase = Literal["onboarding", "sync", "narrow", "codes", "documents"]
PHASES: tuple[Phase, ...] = ("onboarding", "sync", "narrow", "codes", "documents")
SIZE, SEED = 40, 1
SETTLE_S = 0.2
LICENCES = 50
PROFILE = "profile.toml"
TEMPORARY = re.compile(r".*(\.lock|\.port\.json|\.log|-journal)$")


@dataclass(frozen=True, slots=True)
class Script:
    """The commands of a phase: the one that meets the fault, the one that resumes it, and those
    after it, of which the last must be idle."""

    first: Command
    again: Command
    then: tuple[Command, ...] = ("sync",)


SCRIPTS: Mapping[Phase, Script] = {
    "onboarding": Script("onboard", "resume onboard"),
    "sync": Script("sync", "sync"),
    "narrow": Script("sync", "sync"),
    "codes": Script("apply codes", "apply codes", ("sync", "sync")),
    "documents": Script("sync", "sync", ("sync", "sync")),
}
# What shows the plan that a phase applies.
SHOWN: Mapping[Phase, Command] = {"onboarding": "plan", "codes": "plan codes"}


@dataclass(frozen=True)
class Start:
    """A company to start from, and what its uninterrupted run does.

    `posts` and `patches` are the calls with an effect; `effects` counts the client's writing
    effects by (kind, label).
    """

    phase: Phase
    folder: Path
    checksum: str
    before: State
    end: State
    posts: int
    patches: int
    effects: dict[tuple[str, str], int]
    seconds: float


def copy(source: Path, target: Path) -> Path:
    """A copy of a company whose server does not run."""
    names = [path.name for path in source.iterdir() if TEMPORARY.match(path.name)]
    shutil.copytree(source, target, ignore=lambda *_: names)
    return target


def prepare(
    folder: Path, wanted: Sequence[Phase] = PHASES, size: int = SIZE, seed: int = SEED
) -> dict[Phase, Start]:
    """Make the companies under a folder and run each once without a fault."""
    fresh = folder / "onboarding"
    world.create(fresh, size, seed)
    _tune(fresh / PROFILE)
    starts: dict[Phase, Start] = {"onboarding": _reference("onboarding", fresh, folder)}
    if {"sync", "narrow"} & set(wanted):
        edited = _onwards("onboarding", folder / "sync", lambda at: edits.make(at, seed))
        starts["sync"] = _reference("sync", edited, folder)
    if "narrow" in wanted:
        edited = _onwards("sync", folder / "narrow", lambda at: edits.make_narrow(at, seed))
        starts["narrow"] = _reference("narrow", edited, folder)
    if "codes" in wanted:
        edited = _onwards("onboarding", folder / "codes", lambda at: edits.make_uncoded(at, seed))
        starts["codes"] = _reference("codes", edited, folder)
    if "documents" in wanted:
        starts["documents"] = _reference("documents", _with_documents(folder, seed), folder)
    return starts


def _with_documents(folder: Path, seed: int) -> Path:
    """The onboarded company, with orders in several states and new documents in both systems."""
    made = copy(folder / "onboarding-end", folder / "documents")
    world.documents_on(made, edits_documents.BEGIN)
    world.costs_on(made, edits_documents.BEGIN)
    with served(made) as server:
        edits_documents.make(made, seed)
        for _ in range(2):
            _ran(made, server, "sync", "")
        edits_documents.go_on(made, seed)
    return made


def _onwards(phase: Phase, target: Path, edit: Callable[[Path], None]) -> Path:
    """What came of a phase, copied and edited."""
    copy(target.parent / f"{phase}-end", target)
    with served(target):
        edit(target)
    return target


def _tune(profile: Path) -> None:
    """Quick, no limits in the way of many edits, and more of Global's changes go to Severa."""
    plain = tomllib.loads(profile.read_text(encoding="utf-8"))
    plain["severa"] |= {"quota": 200, "settle_delay_s": SETTLE_S}
    fields = ("customer.website", "contact.title", "project.deadline")
    masters = plain["master"].get("field", {}) | dict.fromkeys(fields, "global")
    plain["master"] |= {"initial": "master", "field": masters}
    limits = {"share": 1.0, "floor": 500}
    plain["safety"] = {"creates": limits, "updates": limits, "licences": LICENCES}
    profile.write_text(settings.dump(plain), encoding="utf-8")


def _reference(phase: Phase, start: Path, folder: Path) -> Start:
    """The uninterrupted run of a copy, twice, so that the end is known to be one."""
    checksum = _checksum(start, phase, folder / f"{phase}-shown")
    before, end = checker.read(start), copy(start, folder / f"{phase}-end")
    with served(end) as server:
        server.reset()
        answers = _ran(end, server, SCRIPTS[phase].first, checksum)
        log = server.log()
        for command in SCRIPTS[phase].then:
            last = _ran(end, server, command, "")["answers"][0]
    _idle(last, f"after the {phase}")
    done = answers["answers"][0]
    if done["error"] or not done["document"]["balanced"]:
        raise RuntimeError(f"The {phase} without a fault: {done['error'] or 'is not balanced'}")
    if phase == "narrow" and not done["narrow"]:
        raise RuntimeError("The sync that was to be narrow looked at everything")
    return Start(
        phase=phase,
        folder=start,
        checksum=checksum,
        before=before,
        end=checker.read(end),
        posts=_effects(log, "POST"),
        patches=_effects(log, "PATCH"),
        effects={(kind, label): count for kind, label, count in answers["effects"]},
        seconds=done["document"]["seconds"],
    )


def _ran(folder: Path, server: Server, command: Command, checksum: str) -> dict[str, Any]:
    job = Job(folder / PROFILE, server.url, (command,), folder / "answers.json", checksum)
    found = run(job, server, [])
    assert found is not None, "nothing was to kill it"
    return found


def _checksum(start: Path, phase: Phase, scratch: Path) -> str:
    """The checksum of the plan that a phase applies; a code plan is left beside the profile."""
    command = SHOWN.get(phase)
    if command is None:
        return ""
    copy(start, scratch)
    with served(scratch) as server:
        shown = _ran(scratch, server, command, "")["answers"][0]
    if shown["error"]:
        raise RuntimeError(f"The plan: {shown['error']}")
    if phase == "codes":
        shutil.copy(scratch / CODES, start)
    _take_over_waivers(scratch, start)
    return str(shown["document"]["checksum"])


def _take_over_waivers(scratch: Path, start: Path) -> None:
    """Who was shown the plan has waived what would stop it."""
    opened = [_store(folder) for folder in (scratch, start)]
    rows = [{**row, "id": None} for row in opened[0].rows(opened[0].of(memory.waiver))]
    with opened[1].write("waivers") as writer:
        writer.insert(memory.waiver, rows)
    for store in opened:
        store.close()


def _store(folder: Path) -> Store:
    profile = settings.load(folder / PROFILE)
    return Store(profile.store_url(), profile.company.name, Effects())


def _effects(log: dict[str, Any], method: str) -> int:
    return sum(str(one["operation"]).startswith(f"{method} ") for one in log["effects"])


def idle(answer: dict[str, Any]) -> list[str]:
    """Why a run was not idle and balanced, by its own document."""
    if answer["error"]:
        return [f"the next run failed: {answer['error']}"]
    document = answer["document"]
    found = [f"the next run did {n} {what}" for what, n in document["operations"].items() if n]
    if document["unknowns"]:
        found.append(f"operations are still unknown: {document['unknowns']}")
    return found + balance(document)


def balance(document: dict[str, Any]) -> list[str]:
    """Entities whose outcomes do not add up to the records read."""
    found = [] if document["balanced"] else ["the run says that it is not balanced"]
    for entity, sides in document["entities"].items():
        for side, counts in sides.items():
            total = sum(n for state, n in counts.items() if state != "read")
            if total != counts["read"]:
                found.append(f"{entity} in {side}: {counts['read']} read, {total} outcomes")
    return found


def _idle(answer: dict[str, Any], when: str) -> None:
    problems = idle(answer)
    if problems:
        raise RuntimeError(f"Without any fault {when}: {'; '.join(problems)}")
