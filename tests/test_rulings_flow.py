"""Decisions about initial differences on a whole company: said, planned, applied, remembered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import jsonschema
import pytest

from recon import decisions, flow
from recon import store as memory
from recon.effects import Effect
from recon.errors import Stop
from recon.sandbox import acts_global, acts_severa
from recon.shapes import Difference, Facts
from tests.company import Sandbox
from tests.conftest import Ran
from tests.house import ROOT

pytestmark = pytest.mark.slow
SCHEMA = json.loads((ROOT / "docs" / "json.schema.json").read_text(encoding="utf-8"))
Say = Callable[..., Ran]


class Death(BaseException):
    """The process ends here, as far as the run can tell."""


class Killer:
    """Dies before the store hears of the first write that was done in Severa."""

    def __init__(self) -> None:
        self.written = False

    def before(self, effect: Effect) -> None:
        if self.written and effect.kind == "store" and effect.label == "done":
            raise Death

    def after(self, effect: Effect) -> None:
        self.written |= effect.kind == "http" and "PATCH" in effect.label


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A company before go-live; the tests tell its story in their order."""
    made = Sandbox.make(tmp_path_factory.mktemp("rulings"))
    yield made
    made.end()


@pytest.fixture
def say(sandbox: Sandbox, recon: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> Say:
    """`recon decide` as Kim says it."""
    monkeypatch.setenv("RECON_USER", "Kim")

    def decide(*words: str) -> Ran:
        ran = recon("--company", str(sandbox.profile), "decide", *words, "--json")
        jsonschema.validate(ran.document, SCHEMA)
        return ran

    return decide


def initial(facts: Facts) -> dict[tuple[str, str, str], Difference]:
    found = [one for one in facts.differences if one.kind == "initial difference"]
    return {(one.entity, one.field, one.global_key): one for one in found}


def rehearsed(sandbox: Sandbox, *, shown: bool) -> tuple[dict[str, Any], Facts]:
    with sandbox.open() as bench:
        plan, facts = flow.rehearse(bench, shown=shown)
    return {op.id: op for op in plan.operations if op.kind == "update"}, facts


def both(sandbox: Sandbox, entity: str, key: str, guid: str) -> tuple[str, str]:
    table, column, listing = {
        "business_unit": ("Department", "DepNo", "businessunits"),
        "customer": ("Customer", "CustomerNo", "customers"),
    }[entity]
    (row,) = sandbox.acts(lambda w: acts_global.rows(w, table, **{column: int(key)}))
    record = sandbox.acts(lambda w: w.severa.one(listing, guid))
    return row["Name"], record["name"]


def first(facts: Facts, entity: str) -> Difference:
    return next(one for spot, one in initial(facts).items() if spot[:2] == (entity, "name"))


def test_a_word_acts_in_a_plan_that_is_shown_and_in_no_other(sandbox: Sandbox, say: Say) -> None:
    before, facts = rehearsed(sandbox, shown=True)
    unit, person = first(facts, "business_unit"), first(facts, "employee")
    ran = say("business_unit", "name", "--right", "global", "--why", "as in the ledger")
    assert ran.code == 0 and "2 differ now" in ran.err and unit.name in ran.err
    assert {row["writes"] for row in ran.document["rows"]} == {"severa"}
    assert say("employee", f"name/{person.global_key}", "--right", "leave").code == 0
    hidden, facts = rehearsed(sandbox, shown=False)
    assert not any(op.reasons.get("name") for op in hidden.values())
    told = initial(facts)["business_unit", "name", unit.global_key]
    assert told.by == "Kim" and told.text.endswith("(as in the ledger); the onboarding writes it")
    shown, facts = rehearsed(sandbox, shown=True)
    (new, _) = sorted(set(shown) - set(before))
    assert "Kim on" in shown[new].because and "as in the ledger" in shown[new].because
    assert ("business_unit", "name", unit.global_key) not in initial(facts)
    assert "is left as it is: Kim" in initial(facts)["employee", "name", person.global_key].text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("employee", "nam", "--right", "global"), "There is no field 'nam' of employee"),
        (("employee", "title", "--right", "global"), "Title is never written into Severa"),
        (("customer", "name/1", "--right", "global"), "does not differ between the two systems"),
        (("customer,project", "name", "--right", "global"), "no entity 'customer,project'"),
        (("supplier_cost", "text", "--right", "leave"), "no entity 'supplier_cost' that runs"),
        (("customer", "name", "--right", "ours"), "Choose among global, severa, leave, open"),
        (("customer", "name", "x", "same", "--right", "global"), "--right takes ENTITY FIELD"),
    ],
)
def test_what_cannot_be_decided_is_told(say: Say, words: tuple[str, ...], sentence: str) -> None:
    ran = say(*words)
    assert ran.code == 2 and sentence in ran.document["error"]


def test_a_value_that_changes_after_the_plan_is_asked_again(sandbox: Sandbox, say: Say) -> None:
    one = first(rehearsed(sandbox, shown=True)[1], "customer")
    assert say("customer", f"name/{one.global_key}", "--right", "global").code == 0
    checksum = sandbox.plan().checksum
    edit = {"name": str(one.severa_value).lower()}
    sandbox.acts(lambda w: acts_severa.edit(w, "customers", one.guid, edit))
    with sandbox.open() as bench, pytest.raises(Stop, match="not the one that was shown"):
        flow.onboard(bench, checksum)
    shown, facts = rehearsed(sandbox, shown=True)
    assert "decide it again" in initial(facts)["customer", "name", one.global_key].text
    assert say("customer", f"name/{one.global_key}", "--right", "severa").code == 0


def test_a_killed_onboarding_leaves_every_word_done_once_and_then_rests(sandbox: Sandbox) -> None:
    _, facts = rehearsed(sandbox, shown=False)
    unit, customer = first(facts, "business_unit"), first(facts, "customer")
    checksum = sandbox.rehearsed().checksum
    with suppress(Death), sandbox.open(watchers=(Killer(),)) as bench:
        flow.onboard(bench, checksum)
        pytest.fail("it was not killed")
    with sandbox.open() as bench, bench.store.write("dead") as writer:
        assert bench.journal.open()
        writer.clear(memory.lease)
    sandbox.onboard()
    assert both(sandbox, "business_unit", unit.global_key, unit.guid) == (unit.name,) * 2
    name = str(customer.severa_value)
    assert name == name.lower(), "as it was edited a moment ago"
    assert both(sandbox, "customer", customer.global_key, customer.guid) == (name, name)
    for facts in (sandbox.onboard(), sandbox.sync(), sandbox.sync(full=True)):
        assert facts.operations == ()
        left = initial(facts)["employee", "name", first(facts, "employee").global_key]
        assert left.by == "Kim"


def test_what_was_left_is_no_base_for_a_later_edit(sandbox: Sandbox) -> None:
    """Severa's name is edited; whoever is master, it goes nowhere without a person."""
    left = first(sandbox.sync(full=True), "employee")
    edit = {"firstName": "Redigert"}
    sandbox.acts(lambda w: acts_severa.edit(w, "users", left.guid, edit))
    facts = sandbox.sync()
    assert facts.operations == ()
    assert "decide it again" in initial(facts)["employee", "name", left.global_key].text


def test_a_pair_decided_on_the_command_line_keeps_the_score_that_was_seen(
    sandbox: Sandbox, say: Say
) -> None:
    with sandbox.open() as bench:
        one = flow.propose(bench).proposals[0]
    assert say(one.entity, one.global_key, one.severa_guid, "different").code == 0
    with sandbox.open() as bench:
        kept = {said.pair: said for said in decisions.read(bench.store)}
    said = kept[one.entity, one.global_key, one.severa_guid]
    assert said.score == one.score and said.saw["evidence"] == list(one.evidence)


def test_a_saved_plan_is_refused_while_a_word_in_it_is_taken_back(
    sandbox: Sandbox, say: Say
) -> None:
    """Nothing of it is written; with the word as it was, it may be done."""
    one = first(rehearsed(sandbox, shown=True)[1], "employee")
    place = f"name/{one.global_key}"
    assert say("employee", place, "--right", "severa").code == 0
    plan = sandbox.plan()
    assert [op.id for op in plan.operations] == [f"employee/update/global/{one.global_key}"]
    for later in ("open", "leave"):
        assert say("employee", place, "--right", later).code == 0
        with sandbox.open() as bench, pytest.raises(Stop, match="taken back, or decided otherwise"):
            flow.apply(bench, plan, plan.checksum)
    assert say("employee", place, "--right", "severa").code == 0
    with sandbox.open() as bench:
        assert len(flow.apply(bench, plan, plan.checksum).operations) == 1


def test_a_saved_plan_is_refused_once_a_pair_in_it_is_not_the_same(
    sandbox: Sandbox, say: Say
) -> None:
    with sandbox.open() as bench:
        found = flow.propose(bench).proposals
    one = next(p for p in found if p.entity == "customer")
    pair = (one.entity, one.global_key, one.severa_guid)
    assert say(*pair, "same").code == 0
    plan = sandbox.rehearsed()
    assert f"customer/link/global/{one.global_key}" in [op.id for op in plan.operations]
    for later in ("later", "different"):
        assert say(*pair, later).code == 0
        with sandbox.open() as bench, pytest.raises(Stop, match=f"link/global/{one.global_key}"):
            flow.apply(bench, plan, plan.checksum)
    assert say(*pair, "same").code == 0
    with sandbox.open() as bench:
        states = {
            op.id: state for op, state, _ in flow.apply(bench, plan, plan.checksum).operations
        }
    assert states[f"customer/link/global/{one.global_key}"] == "done"
