"""One case: a copy of a company, one fault, a resume with the same command, and the verdict."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.kills import checker
from tests.kills.cases import Case
from tests.kills.client import Job
from tests.kills.companies import PROFILE, SCRIPTS, Phase, Start, balance, copy, idle
from tests.kills.processes import Server, run, served

STORE = "profile.store.db"
DONE = "SELECT COUNT(*) FROM recon_journal WHERE state = 'done' AND system = 'severa' AND kind = ?"


@dataclass(slots=True)
class Verdict:
    """What came of a case. `in_doubt`: POSTs (of a code plan: PATCHes) that had their
    effect and no `done` at the kill."""

    case: str
    phase: str
    fault: str
    killed: bool = False
    happened: bool = False
    kills: int = 0
    in_doubt: int = 0
    seconds: float = 0.0
    tries: int = 1
    problems: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """The verdict as JSON-able data."""
        return asdict(self)


def judge(case: Case, start: Start, scratch: Path) -> Verdict:
    """Carry out a case in a new folder under `scratch`, which is removed if all is well."""
    began = time.monotonic()
    folder = copy(start.folder, scratch)
    verdict = Verdict(case.name, case.phase, case.fault)
    try:
        with served(folder) as server:
            answers = _carried_out(case, start, (folder, server), verdict)
        verdict.problems += _documents(answers) if answers else []
        verdict.problems += _states(start, folder)
    except (RuntimeError, OSError) as error:
        verdict.problems.append(f"{type(error).__name__}: {error}")
    verdict.seconds = round(time.monotonic() - began, 2)
    if not verdict.problems:
        shutil.rmtree(folder, ignore_errors=True)
    return verdict


def _carried_out(
    case: Case, start: Start, place: tuple[Path, Server], verdict: Verdict
) -> list[dict[str, Any]]:
    """The fault, then the same command again, then one more run; the answers of the last two."""
    folder, server = place
    done_before = _done(folder, case.phase)
    server.reset()
    first = _first(case, start, folder, server)
    verdict.killed = first is None
    verdict.kills = int(verdict.killed)
    verdict.happened = verdict.killed or server.hits > 0
    if verdict.killed:
        done = _done(folder, case.phase) - done_before
        verdict.in_doubt = _effects(server, case.phase) - done
    if case.kills and not verdict.killed:
        verdict.problems.append("it was not killed: the place of the fault was never reached")
    elif not verdict.happened:
        verdict.problems.append("the fault did not happen")
    script = SCRIPTS[case.phase]
    commands = script.then if first else (script.again, *script.then)
    job = Job(
        folder / PROFILE,
        server.url,
        commands,
        folder / "answers.json",
        start.checksum,
        broken=case.broken,
    )
    found = run(job, server, case.second_rules)
    if found is None:
        verdict.kills += 1
        found = run(job, server, [])
    answers: list[dict[str, Any]] = [*(first or {}).get("answers", []), *(found or {})["answers"]]
    verdict.tries = answers[0]["document"].get("tries", 1)
    return answers


def _first(case: Case, start: Start, folder: Path, server: Server) -> dict[str, Any] | None:
    job = Job(
        folder / PROFILE,
        server.url,
        (SCRIPTS[case.phase].first,),
        folder / "answers.json",
        start.checksum,
        case.kill,
        case.broken,
    )
    return run(job, server, case.rules)


def _effects(server: Server, phase: Phase) -> int:
    method = "PATCH " if phase == "codes" else "POST "
    return sum(str(one["operation"]).startswith(method) for one in server.log()["effects"])


def _done(folder: Path, phase: Phase) -> int:
    """How many creates in Severa (or codes) the workbench's own journal calls done."""
    if not (folder / STORE).exists():
        return 0
    kind = "code" if phase == "codes" else "create"
    with closing(sqlite3.connect(folder / STORE, timeout=30)) as store:
        try:
            return int(store.execute(DONE, (kind,)).fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def _documents(answers: list[dict[str, Any]]) -> list[str]:
    *earlier, last = answers
    found = [f"the resumed run failed: {a['error']}" for a in earlier if a["error"]]
    for answer in earlier:
        if not answer["error"]:
            found += [f"resumed: {text}" for text in balance(answer["document"])]
    return found + idle(last)


def _states(start: Start, folder: Path) -> list[str]:
    after = checker.read(folder)
    found = checker.compare(start.end, after, start.before)
    found += checker.duplicates(start.before, after)
    found += checker.crossed(start.before, after)
    return found + checker.lost(start.before, after)
