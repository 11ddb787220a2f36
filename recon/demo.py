"""The whole story on a fresh sandbox company, told in notebooks: doctor, checklist, onboarding
(rehearsed, killed, resumed), edits in both systems, sync, invoices until they are paid, and the
report that proves the end."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import httpx

from recon import flow, notebook
from recon.errors import Stop
from recon.sandbox import (
    acts_global,
    acts_invoices,
    acts_mix,
    ledger_orders,
    ledger_payments,
    ledger_suppliers,
    severa_server,
    world,
)
from recon.sandbox.acts_invoices import Entry
from recon.sandbox.company_books import ATTESTED
from recon.sandbox.ledger_suppliers import Bought, Cost
from recon.settings import load
from recon.shapes import Facts, blocking
from recon.workbench import Options

KILLED_AT = 40
WORK = "Rådgivning"
DRAFTED = tuple((Decimal(n) / 4, Decimal(1450)) for n in (26, 30, 14, 62, 9, 41, 18, 35))
RELEASED, PROJECTS = 7, 4
BOUGHT = (
    (50_001, 4500, Decimal(18400)),
    (50_002, 7140, Decimal("3290.50")),
    (50_003, 6800, Decimal("1249.90")),
    (50_001, 4500, Decimal(9200)),
)
FEE, PART = Decimal(65), Decimal(5000)
Say = Callable[[str], None]
WHY = "held and reported by every run until it is mended; the others may go live"
EDITS = (
    acts_mix.clash_in_both,
    acts_mix.agree_in_both,
    acts_mix.phone_in_global,
    acts_mix.email_in_global,
    acts_mix.silently_in_global,
    acts_mix.promote_in_severa,
    acts_mix.move_in_severa,
    acts_mix.rename_in_severa,
    acts_mix.rename_department,
    acts_mix.new_in_severa,
    acts_mix.new_in_global,
)


@dataclass(slots=True)
class Story:
    """A demo in the making: where it lies, and who is told what."""

    folder: Path
    profile: Path
    url: str
    control: str
    say: Say

    def stage(self, do: Callable[[flow.Bench], Facts], **options: bool) -> Facts:
        """One stage of the flow, in this process."""
        chosen = Options(severa_url=self.url, **options)  # type: ignore[arg-type]
        with flow.open(self.profile, run_options=chosen) as bench:
            return do(bench)

    def notebook(self, name: str, as_name: str, **parameters: str) -> Path:
        """Execute a notebook on the company; the executed copy stays in the folder."""
        output = self.folder / "executed" / f"{as_name}.ipynb"
        given = {"company": str(self.profile), **parameters}
        made = notebook.run(name, output, given)
        self.say(f"   notebook: {made}")
        return made


def run(directory: Path, say: Say = lambda text: None) -> Facts:
    """Tell the story in `directory` (default `./demo`); returns the facts of the last report."""
    story = _begin(directory, say)
    say("1. Doctor: can we work here?")
    story.notebook("0_doctor", "0_doctor")
    say("2. Checklist: what is wrong in which system, and where to fix it")
    story.notebook("1_checklist", "1_checklist")
    _waived(story)
    say("3. Onboarding: rehearsed first, nothing is written")
    story.notebook("4_onboarding", "4_onboarding_rehearsed")
    _killed(story)
    _resumed(story)
    _edited(story)
    say("7. Sync: what users edited is carried over by the rules; drift and conflict are reported")
    story.notebook("5_sync", "5_sync")
    _idle(story)
    _drafted(story)
    _paid(story)
    say("11. Reconciliation: where both systems stand, and how far the money is")
    story.notebook("6_reconciliation", "6_reconciliation")
    return _end(story)


def _begin(directory: Path, say: Say) -> Story:
    directory = directory.resolve()
    say(f"A fresh sandbox company in {directory}")
    if directory.is_dir():
        severa_server.release(directory)
    profile = world.create(directory, "demo", 1)
    address = severa_server.attach(directory)
    return Story(directory, profile, address.base_url, address.control_url, say)


def _waived(story: Story) -> None:
    """Blockers stop an onboarding: the demo's stand on purpose, so each check is waived by name."""
    with flow.open(story.profile, run_options=Options(severa_url=story.url)) as bench:
        blockers = blocking(flow.findings(bench))
        counts = Counter(f"{one.entity}/{one.check}" for one in blockers)
        flow.check(bench, [flow.Said(name, "waived", WHY) for name in counts])
    story.say(f"   {len(blockers)} blockers of {len(counts)} checks would stop the onboarding;")
    story.say(f"   waived by name, with the reason: {WHY!r}")
    for name, count in counts.items():
        story.say(f"   {name}: {count}")


def _checksum(story: Story) -> tuple[str, int]:
    with flow.open(story.profile, run_options=Options(severa_url=story.url)) as bench:
        planned = flow.plan(bench)
    return planned.checksum, len(planned.operations)


def _killed(story: Story) -> None:
    """Go live in a process of its own, which the server kills in the middle of a write."""
    checksum, count = _checksum(story)
    story.say(f"4. Onboarding approved ({count} operations) and killed in the middle")
    line = [sys.executable, "-m", "recon", "--company", str(story.profile)]
    with subprocess.Popen(
        [*line, "onboard", "--checksum", checksum],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        rule = {"action": "kill", "when": "after", "at": KILLED_AT, "pid": process.pid}
        armed = [{**rule, "methods": ["POST"], "path": "^/v1/(customers|contact)"}]
        httpx.post(f"{story.control}/faults", json=armed, trust_env=False).raise_for_status()
        ended = process.wait(timeout=300)
    if ended in (0, 1, 2, 3):
        raise Stop("The onboarding was to be killed, but it ended by itself", where="recon demo")
    story.say(f"   killed at its {KILLED_AT}th creation: done in Severa, its answer never came")


def _resumed(story: Story) -> None:
    checksum, count = _checksum(story)
    story.say(f"5. Resumed: what was in doubt is looked for first, {count} operations are left")
    story.notebook("4_onboarding", "4_onboarding", approve=checksum)


def _edited(story: Story) -> None:
    story.say("6. Users of both systems edit")
    with world.open_world(story.profile) as both:
        day = _among_linked(acts_mix.Day(both, 3))
        for edit in EDITS:
            act = edit(day)
            story.say(f"   {act.side}: {act.text}")


def _among_linked(day: acts_mix.Day) -> acts_mix.Day:
    """The same day among records that are in both systems, where rules decide what happens."""
    guids = {row["SeveraGUID"] for row in (*day.ours, *day.departments) if row["SeveraGUID"]}
    day.ours = [row for row in day.ours if row["SeveraGUID"] in guids]
    day.departments = [row for row in day.departments if row["SeveraGUID"] in guids]
    day.theirs = [row for row in day.theirs if row["guid"] in guids]
    mine = {row["guid"] for row in day.theirs}
    day.addresses = [row for row in day.addresses if row["customer"]["guid"] in mine]
    day.their_contacts = [row for row in day.their_contacts if row["customer"]["guid"] in mine]
    return day


def _idle(story: Story) -> None:
    facts = story.stage(flow.sync)
    calls = sum(facts.calls.values())
    story.say(f"8. A second sync right after: {len(facts.operations)} operations, {calls} calls")


def _drafted(story: Story) -> None:
    """From the cut-off on invoices transfer: some are drafted and released, two are not ready."""
    story.say(
        "9. Invoices are drafted in Severa, suppliers' invoices booked in Visma Global; a sync"
    )
    today = load(story.profile).company.today()
    world.documents_on(story.profile, today.replace(day=1))
    world.costs_on(story.profile, today.replace(day=1))
    with world.open_world(story.profile) as both:
        projects = _billable(both)
        for at, (hours, price) in enumerate(DRAFTED):
            project = projects[at % len(projects)]
            acts_invoices.register_hours(both, project, Entry(hours, price, text=WORK))
            guid = acts_invoices.draft_invoice(both, project, today.isoformat())
            if at < RELEASED:
                acts_invoices.release(both, guid)
        _booked(both, projects)
    done = [op for op, state, _ in story.stage(flow.sync).operations if state == "done"]
    orders, fees = (
        sum((op.entity, op.kind) == (name, "create") for op in done)
        for name in ("invoice", "supplier_cost")
    )
    story.say(f"   {len(DRAFTED)} drafted, {RELEASED} released, {orders} orders made")
    story.say(f"   {len(BOUGHT)} suppliers' invoices booked, {fees} project fees made")


def _booked(both: world.World, projects: Sequence[str]) -> None:
    """One of the suppliers' invoices is not approved yet."""
    numbers = {row["SeveraGUID"]: row["ProjectNo"] for row in acts_global.rows(both, "Project")}
    for at, (supplier, account, net) in enumerate(BOUGHT):
        project = numbers[projects[at % len(projects)]]
        attested = 0 if at == len(BOUGHT) - 1 else ATTESTED
        lines = [Cost(account, net, project)]
        bought = Bought(supplier, lines, number=f"F-{at + 1}", attested=attested)
        ledger_suppliers.supplier_invoice(both, bought)


def _billable(both: world.World) -> list[str]:
    """Open projects that are in both systems, as their customers are."""
    ours = [
        *acts_global.rows(both, "Project", InActiveYesNo=0),
        *acts_global.rows(both, "Customer"),
    ]
    linked = {row["SeveraGUID"] for row in ours if row["SeveraGUID"]}
    found = [row for row in both.severa.all("projects") if row["guid"] in linked]
    fit = (r for r in found if not r["isClosed"] and not r["isInternal"])
    return sorted(r["guid"] for r in fit if r["customer"]["guid"] in linked)[:PROJECTS]


def _paid(story: Story) -> None:
    story.say("10. Users of Visma Global invoice and are paid; a sync tells Severa")
    with world.open_world(story.profile) as both:
        orders = sorted(
            row["OrderNo"] for row in acts_global.rows(both, "CustomerOrder") if row["SeveraGUID"]
        )
        ledger_orders.add_fee(both, orders[0], FEE)
        bills = [ledger_orders.invoice_order(both, number) for number in orders[:-2]]
        ledger_orders.nullify(both, orders[-1])
        for bill in bills[1:]:
            ledger_payments.pay(both, bill)
        ledger_payments.pay(both, bills[0], PART)
        story.say(f"   {len(bills)} invoiced, {len(bills) - 1} paid, one in part, one nullified")
    story.notebook("5_sync", "5_sync_invoices")


def _end(story: Story) -> Facts:
    facts = story.stage(flow.check)
    with flow.open(story.profile, run_options=Options(severa_url=story.url)) as bench:
        runs = flow.runs(bench)
    reports = sorted(load(story.profile).reports().rglob("reconciliation.html"))
    total = sum(n for r in runs for n in _calls(r["document"]).values())
    story.say(f"   {len(runs)} runs, {total} calls to Severa; all files lie in {story.folder}")
    story.say(f"   profile: {story.profile}")
    story.say(f"The report: {reports[-1]}")
    return facts


def _calls(document: dict[str, object]) -> dict[str, int]:
    found = document.get("calls")
    return {k: v for k, v in found.items() if k != "least"} if isinstance(found, dict) else {}
