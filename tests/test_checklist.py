"""The checklist on a real sandbox: what stops an onboarding, what lets it pass, what is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest

from recon import checklist, flow
from recon import store as memory
from recon.effects import Effect
from recon.errors import Stop
from recon.sandbox import acts_global
from recon.shapes import Decision, Facts, Finding, Operation, Plan, blocking
from tests.company import Sandbox
from tests.conftest import Ran
from tests.house import ROOT

pytestmark = pytest.mark.slow
Recon = Callable[..., Ran]
SCHEMA = json.loads((ROOT / "docs" / "json.schema.json").read_text(encoding="utf-8"))
NAMES = "same_number_different_name"
TWIN = f"product/{NAMES}"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    made = Sandbox.make(tmp_path_factory.mktemp("checklist") / "company", 12)
    yield made
    made.end()


@pytest.fixture(autouse=True)
def nothing_waived(company: Sandbox) -> Iterator[None]:
    yield
    with company.open() as bench, bench.store.write("test") as writer:
        writer.clear(memory.waiver)
        writer.clear(memory.finding)
        writer.clear(memory.decision)
        writer.clear(memory.note, name="checked")


@pytest.fixture
def ask(company: Sandbox, recon: Recon) -> Callable[..., Ran]:
    """A command on the company; its document is valid."""

    def call(*arguments: str) -> Ran:
        ran = recon("--company", str(company.profile), *arguments, "--json")
        jsonschema.validate(ran.document, SCHEMA)
        return ran

    return call


def found(company: Sandbox) -> tuple[Finding, ...]:
    with company.open() as bench:
        return flow.findings(bench)


def waive(company: Sandbox, *chosen: Finding) -> None:
    with company.open() as bench:
        flow.waive(bench, chosen or blocking(flow.findings(bench)), "a made-up company")


def rename(company: Sandbox, number: str, name: str) -> None:
    """A user of Visma Global gives an article another name."""
    company.acts(lambda both: acts_global.edit(both, "Article", number, {"Name": name}))


def onboard(company: Sandbox) -> Facts:
    checksum = company.plan().checksum
    with company.open() as bench:
        return flow.onboard(bench, checksum)


def stopped(company: Sandbox) -> str:
    """Why an onboarding is stopped; nothing is written then."""
    written = company.log()["written"]
    with pytest.raises(Stop) as fault:
        onboard(company)
    assert company.log()["written"] == written
    return str(fault.value)


def status(company: Sandbox, key: str) -> str:
    return next(f.status for f in found(company) if f.check == NAMES and f.key == key)


# --- what stops an onboarding -------------------------------------------------------------------


def test_blockers_stop_it_and_the_sentence_says_where_to_mend_and_how_to_waive(
    company: Sandbox,
) -> None:
    told = stopped(company)
    assert told.startswith("Nothing was written") and f"3 × {TWIN} (mend in Visma Global" in told
    assert "recon check --waive business_unit/code_not_numeric --why TEXT" in told


def test_one_waived_check_is_not_enough_and_a_new_row_of_it_stops(company: Sandbox) -> None:
    waive(company)
    rename(company, "1010", "Something else")
    told = stopped(company)
    assert f"1 × {TWIN}" in told and told.count("×") == 1
    rename(company, "1010", "Workshop")


def test_a_changed_row_is_asked_again(company: Sandbox) -> None:
    waive(company)
    rename(company, "3030", "Fly")
    assert status(company, "3030") == "asked again" and f"1 × {TWIN}" in stopped(company)
    rename(company, "3030", "Fly og tog")
    assert status(company, "3030") == "waived"


def test_other_entities_blockers_do_not_count() -> None:
    one = Finding(NAMES, "product", "blocker", "both", "1", "text", "Menu")
    checklist.admit([one], {"customer"})
    with pytest.raises(Stop, match="1 × product"):
        checklist.admit([one], {"customer", "product"})


@pytest.mark.parametrize(
    ("kinds", "stops"),
    [(("create",), True), (("link", "update"), True), (("update",), False), (("code",), False)],
)
def test_a_plan_that_only_mends_is_stopped_by_nothing(kinds: tuple[str, ...], stops: bool) -> None:
    made = [Operation(k, "product", "severa", k, "1", None, {}, {}, (), "") for k in kinds]  # type: ignore[arg-type]
    assert checklist.concerned(Plan("r", "c", "f", tuple(made))) == (
        {"product"} if stops else set()
    )


def test_a_saved_plan_is_stopped_too(company: Sandbox, ask: Recon, tmp_path: Path) -> None:
    saved = tmp_path / "plan.json"
    shown = ask("plan", "--out", str(saved))
    assert (shown.code, f"3 × {TWIN}" in " ".join(shown.document["needs_person"])) == (1, True)
    ran = ask("apply", str(saved), "--checksum", shown.document["checksum"])
    assert ran.code == 3 and "stop the onboarding" in ran.document["error"]


def test_a_rehearsal_shows_them_and_goes_on_an_onboarding_ends_with_3(ask: Recon) -> None:
    dry = ask("onboard", "--dry-run")
    assert (dry.code, dry.document["operations"] != {}) == (1, True)
    assert "stop an onboarding" in dry.err
    ran = ask("onboard", "--yes")
    assert ran.code == 3 and "stop the onboarding" in ran.document["error"]


def test_a_pair_that_was_accepted_is_no_blocker_any_more(company: Sandbox) -> None:
    rival = next(f for f in found(company) if f.check == NAMES and f.key == "4010")
    said = Decision("product", "4010", rival.others[0][1], "same", "Lin", "", "", ("", ""))
    with company.open() as bench:
        flow.decide(bench, said)
    assert "4010" not in [f.key for f in found(company) if f.check == NAMES]


# --- the command --------------------------------------------------------------------------------


def test_a_check_is_waived_by_name_and_reason_and_taken_back(ask: Recon) -> None:
    ran = ask("check", "--waive", TWIN, "--why", "two catalogues")
    mine = [f for f in ran.document["findings"] if f["check"] == NAMES and f["entity"] == "product"]
    assert {f["status"] for f in mine} == {"waived"} and len(mine) == 3
    assert {(f["waiver"]["who"], f["waiver"]["why"]) for f in mine} == {
        ("tester", "two catalogues")
    }
    assert ran.document["progress"]["waived"] == 3 and "waived by tester" in ran.err
    back = ask("check", "--unwaive", f"{TWIN}/both/3030")
    assert back.document["progress"]["waived"] == 2
    assert f"what {TWIN}/both/3030; found Fly og tog" in back.err


def test_the_exit_code_is_0_once_nothing_else_needs_a_person(company: Sandbox, ask: Recon) -> None:
    before = ask("check", "--entities", "address")
    assert (before.code, before.document["needs_person"]) == (0, [])
    waive(company)
    needs = ask("check").document["needs_person"]
    assert needs and not [need for need in needs if "blocker" in need]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--waive", TWIN), "A waiver needs a reason"),
        (("--waive", TWIN, "--why", "  "), "A waiver needs a reason"),
        (("--waive", "product/nothing", "--why", "x"), "There is no such check"),
        (("--waive", "product", "--why", "x"), "There is no such check"),
        (("--waive", f"{TWIN}/both", "--why", "x"), "There is no such check"),
        (("--waive", f"{TWIN}/both/77", "--why", "x"), "Nothing is found now under"),
        (("--waive", TWIN, "--waive", f"{TWIN}/both/77", "--why", "x"), "Nothing is found now"),
        (("--unwaive", TWIN), "Nothing is waived now under"),
        (("--why", "x"), "A reason for nothing"),
        (("--out", "list.csv"), "written as .xlsx"),
    ],
)
def test_wrong_words_are_told_and_nothing_is_kept(
    company: Sandbox, ask: Recon, arguments: tuple[str, ...], words: str
) -> None:
    ran = ask("check", *arguments)
    assert ran.code == 2 and words in ran.document["error"]
    assert {f.status for f in found(company)} == {"open"}


def test_progress_is_told_from_check_to_check(company: Sandbox, ask: Recon) -> None:
    assert "The first check" in ask("check").err
    rename(company, "1020", "Årslisens")
    rename(company, "1010", "Something else")
    ask("check", "--entities", "customer")
    ask("plan")
    ran = ask("check")
    told = ran.document["progress"]
    assert (told["new"] >= 1, told["fixed"] >= 1) == (True, True)
    assert f"{told['fixed']} fixed, {told['new']} new, 0 waived since the check of" in ran.err
    assert [f["key"] for f in ran.document["findings"] if f["new"] and f["check"] == NAMES] == [
        "1010"
    ]
    assert "1020" in [f["key"] for f in ran.document["fixed"] if f["check"] == NAMES]
    again = ask("check").document["progress"]
    assert (again["new"], again["fixed"]) == (0, 0)
    rename(company, "1020", "Lisens, årlig")
    rename(company, "1010", "Workshop")


class Killed(Exception):
    """The process ended here."""


class Axe:
    """Ends a run at the commit in which it would be kept."""

    def before(self, effect: Effect) -> None:
        if effect.label == "run":
            raise Killed

    def after(self, effect: Effect) -> None:
        """Nothing comes after it."""


def test_a_killed_check_loses_no_progress(company: Sandbox, ask: Recon) -> None:
    ask("check")
    rename(company, "1010", "Something else")
    with company.open(watchers=(Axe(),)) as bench, pytest.raises(Killed):
        flow.check(bench)
    assert ask("check").document["progress"]["new"] >= 1
    rename(company, "1010", "Workshop")
    assert ask("check").document["progress"]["fixed"] >= 1


# --- the end of the module: it goes live ----------------------------------------------------------


def test_once_all_are_waived_it_goes_live(company: Sandbox) -> None:
    waive(company)
    done = onboard(company)
    assert any(state == "done" for _, state, _ in done.operations)
