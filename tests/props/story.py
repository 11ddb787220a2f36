"""A story: users act in both systems in rounds, each followed by a sync that is judged."""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from recon import settings
from recon.sandbox import world
from recon.shapes import Facts
from recon.systems.tables import TABLES
from tests.company import Sandbox
from tests.kills.companies import copy
from tests.kills.processes import Server, served
from tests.props.acts import Desk, Step, do
from tests.props.judge import Judge, Told
from tests.props.model import MASTERS, Snapshot, read

SIZE, SEED = 12, 5
LONG_AGO = datetime(2026, 1, 15, 12)
PROFILE = "profile.toml"


@dataclass(frozen=True)
class Round:
    """What users do before a sync, and what follows it: `whole` a full one, `later` hours pass."""

    steps: tuple[Step, ...]
    whole: bool = False
    later: bool = False

    def __repr__(self) -> str:
        ends = "".join(f", {name}=True" for name in ("whole", "later") if getattr(self, name))
        return f"Round({self.steps!r}{ends})"


@dataclass
class Ended:
    """What came of a story: acts done, syncs run, and what was wrong (nothing, if all is well)."""

    acts: int = 0
    syncs: int = 0
    problems: list[str] = field(default_factory=list)


@cache
def company() -> Path:
    """A company that went live, copied for every story."""
    folder = Path(tempfile.mkdtemp(prefix="recon-props-")) / "start"
    world.create(folder, SIZE, SEED)
    _tune(folder / PROFILE)
    with served(folder) as server:
        server.switch({"guid_seed": SEED})
        sandbox = Sandbox(folder / PROFILE, server.url)
        sandbox.onboard()
        sandbox.sync()
        _age(sandbox)
        sandbox.sync(full=True)
    return folder


def _tune(profile: Path) -> None:
    """Quick, no limits in the way, and masters on both sides."""
    plain = tomllib.loads(profile.read_text(encoding="utf-8"))
    plain["severa"] |= {"quota": 1000, "settle_delay_s": 0.1}
    plain["master"] |= {
        "initial": "master",
        "field": {name: side for name, side in MASTERS.items() if "." in name},
    }
    limits = {"share": 1.0, "floor": 100_000}
    plain["safety"] = {"creates": limits, "updates": limits, "short_list": 0.0, "licences": 1000}
    profile.write_text(settings.dump(plain), encoding="utf-8")


def _age(sandbox: Sandbox) -> None:
    """Hours pass: what Global stamped is out of the reach of overlapping reads."""
    tables = [t for t in TABLES.values() if "LastUpdate" in t.c and "SeveraGUID" in t.c]

    def set_back(opened: world.World) -> None:
        with opened.in_global() as connection:
            for table in tables:
                connection.execute(table.update().values(LastUpdate=LONG_AGO))

    sandbox.acts(set_back)


@contextmanager
def told() -> Iterator[Teller]:
    """A teller with a company of its own, just gone live."""
    folder = Path(tempfile.mkdtemp(prefix="recon-props-"))
    try:
        place = copy(company(), folder / "company")
        with served(place) as server:
            server.switch({"guid_seed": SEED})
            yield Teller(Sandbox(place / PROFILE, server.url), server)
            assert server.log()["violations"] == []
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Teller:
    """Lets users act and syncs run; keeps what was wrong."""

    def __init__(self, sandbox: Sandbox, server: Server) -> None:
        self.sandbox, self.server, self.ended = sandbox, server, Ended()
        self.judge, self.unseen = Judge(), set[tuple[str, Any]]()
        self.judge.start(self.look())

    def look(self) -> Snapshot:
        return read(self.sandbox.profile.parent)

    def round(self, one: Round) -> list[str]:
        """Do a round; what was wrong in it."""
        if not self._act(one.steps):
            return []
        _, problems = self.sync()
        facts, more = self.idle()
        problems += more + (self.whole(facts) if one.whole else [])
        if one.later:
            _age(self.sandbox)
        return problems

    def _act(self, steps: Sequence[Step]) -> bool:
        done = 0
        now = self.look()

        def act(opened: world.World) -> None:
            nonlocal done
            for number, step in enumerate(steps):
                desk = Desk(opened, now, self.ended.acts + number)
                done += do(desk, step)
                self.unseen |= desk.silent

        if steps:
            self.sandbox.acts(act)
        self.ended.acts += len(steps)
        return bool(done)

    def sync(self, *, full: bool = False) -> tuple[Facts, list[str]]:
        """One judged sync."""
        before = self.look()
        facts = self.sandbox.sync(full=full)
        self.ended.syncs += 1
        unseen = set() if full else self.unseen
        return facts, self.judge.after(before, self.look(), facts, unseen)

    def idle(self) -> tuple[Facts, list[str]]:
        """A sync right after another writes nothing."""
        before, written = self.look(), self.server.log()["written"]
        again, problems = self.sync()
        done = Told(again).done()
        if done or self.look() != before or self.server.log()["written"] != written:
            problems.append(f"a second sync wrote again: {done}")
        return again, problems

    def whole(self, narrow: Facts) -> list[str]:
        """A full sync concludes the same, but for what only it can see; then all is idle."""
        full, problems = self.sync(full=True)
        if not self.unseen:
            if Told(full).done():
                problems.append(f"a full sync found more to do: {Told(full).done()}")
            return problems + _unlike(narrow, full)
        self.unseen.clear()
        again, more = self.idle()
        return [*problems, *more, *self.whole(again)]


def _unlike(narrow: Facts, full: Facts) -> list[str]:
    """Where two runs leave different words for people."""
    one, other = Told(narrow), Told(full)
    pairs = ((one.standing(), other.standing()), (one.differences, other.differences))
    return [
        f"{spot}: narrow {a.get(spot, 'nothing')}, full {b.get(spot, 'nothing')}"
        for a, b in pairs
        for spot in sorted({*a, *b}, key=str)
        if a.get(spot) != b.get(spot)
    ]


def tell(rounds: Sequence[Round]) -> Ended:
    """Tell a whole story on a company of its own, until something is wrong."""
    with told() as teller:
        for number, one in enumerate(rounds):
            found = teller.round(one)
            teller.ended.problems += [f"round {number}: {text}" for text in found]
            if found:
                break
        return teller.ended
