"""Answers that are lost, runs that are killed, a memory that is gone: never a second fee."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal

import pytest

from recon import store as memory
from recon.effects import Effect
from recon.sandbox.ledger_suppliers import Cost
from tests.company import Sandbox
from tests.costs import book, company, fees, ledger, made, open_projects, outcome

pytestmark = pytest.mark.slow
POST = {"methods": ["POST"], "path": "^/v1/projectfees$"}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with company(tmp_path_factory.mktemp("costs")) as made:
        yield made


@pytest.fixture(scope="module")
def projects(sandbox: Sandbox) -> list[tuple[str, int]]:
    return open_projects(sandbox)


class Death(Exception):
    """The process is killed."""


class Killer:
    """Ends a run before or after its nth effect that writes."""

    def __init__(self, at: int, when: str) -> None:
        self._at, self._when, self.seen = at, when, 0
        self.killed: list[str] = []

    def before(self, effect: Effect) -> None:
        if effect.writes:
            self.seen += 1
        self._kill(effect, "before")

    def after(self, effect: Effect) -> None:
        self._kill(effect, "after")

    def _kill(self, effect: Effect, when: str) -> None:
        if effect.writes and self.seen == self._at and when == self._when and not self.killed:
            self.killed.append(f"{effect.kind} {effect.label}")
            raise Death


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_leads_to_no_duplicate(sandbox, projects, when):
    (key,) = book(sandbox, Cost(4500, Decimal(100), projects[0][1]))
    known = set(fees(sandbox))
    sandbox.fault({**POST, "action": "lose", "when": when})
    facts = sandbox.sync()
    sandbox.fault()
    assert outcome(facts, key) == ("created", "")
    assert set(fees(sandbox)) - known == {key}
    assert ledger(sandbox)[key]["SeveraGUID"] == fees(sandbox)[key]["guid"]
    assert made(sandbox.sync()) == []


def test_equal_lines_whose_answers_are_lost_get_a_fee_each(sandbox, projects):
    lines = [Cost(4500, Decimal(100), projects[0][1], text="Lik")] * 3
    keys = book(sandbox, *lines)
    known = set(fees(sandbox))
    sandbox.fault({**POST, "action": "lose", "when": "after", "times": 3})
    sandbox.sync()
    sandbox.fault()
    assert set(fees(sandbox)) - known == set(keys)
    carried = {key: ledger(sandbox)[key]["SeveraGUID"] for key in keys}
    assert carried == {key: fees(sandbox)[key]["guid"] for key in keys}


def dead(sandbox: Sandbox) -> None:
    """This process lives on, so its lease must be taken from it."""
    with sandbox.open() as bench, bench.store.write("dead") as writer:
        writer.clear(memory.lease)


@pytest.mark.long
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_killed_at_any_write_leads_to_one_fee_that_is_marked(sandbox, projects, when):
    killed: list[str] = []
    for at in range(1, 40):
        (key,) = book(sandbox, Cost(4500, Decimal(at), projects[1][1]))
        killer = Killer(at, when)
        with suppress(Death):
            sandbox.sync(watchers=(killer,))
        dead(sandbox)
        killed += killer.killed
        sandbox.sync()
        assert ledger(sandbox)[key]["SeveraGUID"] == fees(sandbox)[key]["guid"], killer.killed
        if not killer.killed:
            break
    assert any("projectfees" in one for one in killed)
    assert any(one.startswith("sql") for one in killed)
    assert made(sandbox.sync(full=True)) == []


def test_a_lost_store_links_what_is_there(sandbox):
    known = fees(sandbox)
    with sandbox.open() as bench, bench.store.write("lost") as writer:
        table = memory.link
        writer.execute(table.delete().where(table.c.entity == "supplier_cost"))
    facts = sandbox.sync(full=True)
    assert {op.kind for op, *_ in facts.operations if op.entity == "supplier_cost"} == {"link"}
    assert fees(sandbox) == known
