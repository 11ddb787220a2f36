"""A small run, a plan and hostile texts; and the switch that renews the golden files.

`pytest tests/report --update-golden`
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from recon.shapes import (
    Difference,
    Facts,
    Failure,
    Finding,
    Hold,
    Operation,
    Outcome,
    Proposal,
)

GOLDEN = Path(__file__).parent.parent / "golden"
CANARIES = (
    '=HYPERLINK("http://example.invalid/steal","click")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "http://example.invalid/",
    "mailto:someone@example.invalid",
    "{{ 7*7 }}{% raw %}",
    "+47 22 33 44 55",
    "00123",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with its golden file, or writes it when asked to."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden", default=False):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert text == path.read_text(encoding="utf-8"), f"{name}: run with --update-golden"

    return compare


def operation(at: int, kind: str = "update", system: str = "severa", **values: object) -> Operation:
    """An operation about customer number `10000 + at`."""
    before = {} if kind == "create" else {"name": "Old name AS"}
    return Operation(
        id=f"op{at}",
        entity="customer",
        system=system,  # type: ignore[arg-type]
        kind=kind,  # type: ignore[arg-type]
        key=str(10000 + at),
        guid=f"00000000-0000-0000-0000-{at:012d}",
        before=before,
        after={} if kind == "link" else {"name": "Fjord Rør AS", **values},  # type: ignore[dict-item]
        needs=(),
        because="edited in the master, Visma Global",
    )


GUID = "00000000-0000-0000-0000-00000000000{}".format
OUTCOMES = (
    Outcome("business_unit", "global", "10", "Oslo", "unchanged", number="10"),
    Outcome("business_unit", "global", "20", "Bergen", "linked", "number and name equal"),
    Outcome("customer", "global", "10001", "Fjord Rør AS", "updated", partner=GUID(1)),
    Outcome("customer", "global", "10002", "Ås Bygg AS", "drift", "e-mail", partner=GUID(2)),
    Outcome("customer", "global", "10003", "Sørensen & Sønn ANS", "conflict", "website"),
    Outcome("customer", "global", "10004", "Nordlys Kraft ASA", "held", "open proposal"),
    Outcome("customer", "global", "10005", "Gammel Kunde AS", "out of scope", "inactive"),
    Outcome("customer", "severa", GUID(2), "Ås Bygg", "drift", number="502", partner="10002"),
    Outcome("customer", "severa", GUID(6), "Nordlys Kraft", "held", "open proposal",
            number="50006"),
    Outcome("customer", "severa", GUID(7), "Østfold Tre AS", "created", number="50007"),
    Outcome("customer", "severa", GUID(8), "Çelik Ltd", "refused", "name does not fit"),
    Outcome("contact", "global", "77", "Kari Lie", "waiting",
            "waits for customer Nordlys Kraft ASA, which is held", parent="10004"),
    Outcome("employee", "global", "112", "Ola Vik", "held",
            "needs your approval of what it costs (1 × licence of type Employee): plan again",
            number="112", costs="licence of type Employee"),
)  # fmt: skip
HOLDS = (
    Hold("customer", "global", "10004", "2026-11-21T06:00:00+00:00", {"contact": 1}),
    Hold("customer", "severa", GUID(6), "", {}),
)
READ = {
    "business_unit": {"global": 2, "severa": 0},
    "customer": {"global": 5, "severa": 4},
    "contact": {"global": 1, "severa": 0},
    "employee": {"global": 1, "severa": 0},
}
DIFFERENCES = (
    Difference(
        "customer", "10002", GUID(2), "Ås Bygg AS", "email", "drift",
        "post@aasbygg.example", "faktura@aasbygg.example",
        "edited in Severa, which does not own the field; not carried over",
    ),
    Difference(
        "customer", "10003", GUID(3), "Sørensen & Sønn ANS", "website", "conflict",
        "https://sorensen.example", None, "edited in both; Global's value was carried over",
    ),
    Difference(
        "customer", "10001", GUID(1), "Fjord Rør AS", "payment_term", "initial difference",
        14, 30, "already different when connected",
    ),
    Difference(
        "customer", "10001", GUID(1), "Fjord Rør AS", "manager", "initial difference",
        "112", GUID(9), "already different when connected",
    ),
)  # fmt: skip
FINDINGS = (
    Finding("email_invalid", "customer", "warning", "global", "10002", "no @ in 'post.aasbygg'",
            "Global: Customer > Contact"),
    Finding("series_overlap", "customer", "blocker", "both", "", "10000-10999 is used by both",
            "Severa: Settings > Numbering"),
    Finding("email_invalid", "customer", "warning", "severa", GUID(6), "no domain in 'a@'",
            "Severa: Customer > Basic data"),
)  # fmt: skip
PROPOSALS = (
    Proposal(
        "customer", "10004", GUID(6), 0.93, "sure", ("organisation number equal",), (GUID(9),)
    ),
    Proposal("customer", "10005", GUID(7), 0.51, "possible", ("name similar",), holds=False),
)
FAILURES = (
    Failure("customer", "severa", GUID(8), "Çelik Ltd", "Name is longer than 50 characters",
            "Shorten the name in Severa", 2, False, {"name": "Çelik Ltd", "phone": "(hidden)"}),
)  # fmt: skip


@pytest.fixture
def facts() -> Facts:
    """A run in which a little of everything happened."""
    made = operation(7, "create", "global", number="next:CustomerNo", parent="ref:customer/10001")
    return Facts(
        run="20261124-0830-7f3a",
        command="sync",
        company="Fjellheim Consulting AS",
        sandbox=True,
        started="2026-11-24T08:30:15.123456+00:00",
        seconds=133.4,
        exit_code=1,
        read=READ,  # type: ignore[arg-type]
        outcomes=OUTCOMES,
        operations=(
            (operation(1), "done", ""),
            (made, "done", "number 20417"),
            (operation(8, credit=Decimal("1234567.50"), since=date(2026, 1, 31)), "unknown", ""),
        ),
        differences=DIFFERENCES,
        findings=FINDINGS,
        proposals=PROPOSALS,
        failures=FAILURES,
        unknowns=(operation(8),),
        linked={"business_unit": 2, "customer": 3, "contact": 0, "employee": 0},
        holds=HOLDS,
        named={f"employee/{GUID(9)}": "Ida Moe (109)"},
        masters={"customer.payment_term": "global", "customer.manager": "severa"},
        timezone="Europe/Oslo",
        calls={"token": 1, "list": 12, "create": 1, "change": 2},
        least=16,
        needs_person=("1 proposal holds 2 records", "1 record was refused"),
    )


@pytest.fixture
def plan(facts: Facts) -> Facts:
    """A plan with every kind of operation, in both systems, and a licence that is approved."""
    created = operation(7, "create", "global", manager="ref:employee/112", active=True)
    code = replace(operation(6, "code"), key="", before={}, after={"@number": "50006"})
    approved = Outcome("employee", "global", "113", "Per Ås", "created", costs="licence of type PM")
    planned = (
        replace(operation(1, credit=Decimal("10.50")), before={"name": "Old name AS"}),
        operation(2, "link"),
        replace(operation(3, "link"), guid=None),
        code,
        replace(created, key=GUID(7)),
    )
    read: dict[str, Any] = {**READ, "employee": {"global": 2, "severa": 0}}
    return replace(
        facts,
        command="plan",
        operations=tuple((one, "planned", "") for one in planned),
        outcomes=(*OUTCOMES, approved),
        read=read,
        checksum="084bf6066d25e9bd6396",
    )


@pytest.fixture
def empty() -> Facts:
    """A run that read nothing."""
    return Facts("r0", "sync", "Tom AS", False, "2026-11-24T08:30:15", 0.4, 0, {})


@pytest.fixture
def hostile(facts: Facts) -> Facts:
    """The run with hostile texts wherever data can stand."""
    text = CANARIES
    rows = [replace(OUTCOMES[2], key=t, name=t, detail=t, number=t) for t in text]
    return replace(
        facts,
        company=text[0],
        outcomes=(*rows, *(replace(OUTCOMES[5], key=t, name=t, detail=t, costs=t) for t in text)),
        differences=tuple(
            replace(d, name=t, global_value=t, severa_value=t, text=t)
            for t in text
            for d in DIFFERENCES
        ),
        findings=tuple(replace(FINDINGS[0], key=t, text=t, where_to_fix=t) for t in text),
        proposals=tuple(replace(PROPOSALS[0], global_key=t, evidence=(t,)) for t in text),
        failures=tuple(replace(FAILURES[0], name=t, reason=t, payload={t: t}) for t in text),
        operations=tuple((operation(1, text=t), "done", t) for t in text),
        holds=tuple(replace(HOLDS[0], key=t, since=t, behind={t: 1}) for t in text),
        named={f"employee/{GUID(9)}": text[6]},
        needs_person=text,
        calls=dict.fromkeys(text, 1),
        error=text[6],
    )
