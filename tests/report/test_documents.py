"""Documents of both systems: the sums, each cause of a difference, and what nothing explains."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from recon.report import data, document_causes, document_sheets, document_stages, excel, html
from recon.report.document_causes import Source
from recon.report.documents import Documents, Sum, block, grouped
from recon.report.naming import words
from recon.shapes import Facts, Link, Outcome, Record, State
from tests.report.conftest import CANARIES

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/json.schema.json").read_text("utf-8"))
CUT_OFF = date(2026, 1, 1)
NET, VAT = Decimal(1000), Decimal(250)


def invoice(key: str = "a", net: Any = NET, vat: Any = VAT, **more: Any) -> Record:
    fields = {"date": date(2026, 3, 5), "currency": "NOK", "total": net, "vat": vat, **more}
    rate = Decimal(1) if fields["currency"] == "NOK" else Decimal(10)
    given = {"rate": rate}
    return Record("invoice", "severa", key, fields, key, f"S{key}", attributes=given)


def order(key: str = "a", net: Any = NET, vat: Any = VAT, **more: Any) -> Record:
    known = {"stage": "sent", "words": "invoiced", "invoices": (300,), "fee": Decimal()}
    known |= {name: more.pop(name) for name in ("stage", "fee", "paid") if name in more}
    known |= {"gross": net + vat, "invoiced": net + vat}
    fields = {"date": date(2026, 3, 5), "currency": "NOK", "total": net, "vat": vat, **more}
    return Record("invoice", "global", key, fields, key, f"2{key}", attributes=known)


def link(key: str = "a", net: Any = NET, vat: Any = VAT, theirs: Any = None) -> Link:
    ours = {"total": str(net), "vat": str(vat)}
    base: Any = {"global": ours, "severa": {**ours, **(theirs or {})}}
    return Link("invoice", "CustomerOrder", key, "", key, "", "", "", base)


def ended(state: State, detail: str = "", key: str = "a") -> Outcome:
    return Outcome("invoice", "severa", key, "", state, detail)


def source(
    theirs: Record | None, ours: Record | None, joined: Link | None, *outcomes: Outcome
) -> Source:
    return Source(
        "invoice",
        {theirs.key: theirs} if theirs else {},
        {ours.key: ours} if ours else {},
        [joined] if joined else [],
        {(o.entity, o.side, o.key): o for o in outcomes},
        lambda record: "Fjord & Fjell AS",
        since=CUT_OFF,
    )


def documents(*sources: Source) -> Documents:
    kinds = tuple(document_causes.kind(one) for one in sources)
    return Documents(kinds, document_stages.stages(sources[0]), "NOK")


def told(found: Documents) -> list[tuple[str, int, Decimal, Decimal]]:
    causes = [cause for kind in found.kinds for cause in kind.causes]
    return [(c.cause, c.sum.count, c.sum.net, c.sum.vat) for c in causes]


EARLY, DRAFT = "dated before the cut-off 2026-01-01", "its status Draft is none of those that"
HELD = "the customer is locked in Visma Global. Unlock it"
ALONE = [
    (ended("out of scope", EARLY), "before the cut-off", ""),
    (ended("out of scope", DRAFT), "not released to transfer", ""),
    (ended("out of scope", "it belongs to another company of"), "of another company", ""),
    (ended("out of scope", "something else"), "out of scope", ""),
    (ended("created"), "not transferred yet", ""),
    (ended("waiting", "waits for its customer"), "waiting for another record", "waiting"),
    (ended("held", HELD), "held", "held"),
    (ended("refused", "no"), "refused", "refused"),
    (ended("parked", "no"), "parked", "parked"),
    (ended("unknown"), "answer lost", ""),
]


@pytest.mark.parametrize(("outcome", "cause", "person"), ALONE, ids=[c for _, c, _ in ALONE])
def test_an_invoice_that_is_in_severa_alone_has_its_cause(
    outcome: Outcome, cause: str, person: str
) -> None:
    found = documents(source(invoice(), None, None, outcome))
    assert told(found) == [(cause, 1, NET, VAT)]
    assert found.adds_up
    (row,) = found.kinds[0].causes
    assert (row.place.status, row.place.month) == ("not transferred", "2026-03")
    assert row.person == person
    assert row.words in (outcome.detail, cause)
    assert (row.paper.severa_net, row.paper.global_net) == (NET, None)


CHANGED = [
    pytest.param(
        source(invoice(net=Decimal(1100), vat=Decimal(275)), order(), link()),
        [("edited in Severa after the transfer", 0, Decimal(100), Decimal(25))],
        id="edited in Severa",
    ),
    pytest.param(
        source(invoice(), order(net=Decimal(900), vat=Decimal(225)), link()),
        [("order edited in Visma Global", 0, Decimal(100), Decimal(25))],
        id="order edited",
    ),
    pytest.param(
        source(
            invoice(net=Decimal(1100), vat=Decimal(275)),
            order(net=Decimal(900), vat=Decimal(225)),
            link(),
        ),
        [
            ("edited in Severa after the transfer", 0, Decimal(100), Decimal(25)),
            ("order edited in Visma Global", 0, Decimal(100), Decimal(25)),
        ],
        id="edited on both sides",
    ),
    pytest.param(
        source(invoice(), order(net=Decimal(1050), vat=Decimal("262.5"), fee=Decimal(50)), link()),
        [("fee in Visma Global", 0, Decimal(-50), Decimal("-12.5"))],
        id="a fee",
    ),
    pytest.param(
        source(invoice(), order(net=Decimal("1000.4")), link()),
        [("rounding", 0, Decimal("-0.4"), Decimal())],
        id="rounded in Global",
    ),
    pytest.param(
        source(invoice(net=Decimal("1000.02")), order(), link(theirs={"total": "1000.02"})),
        [("rounding", 0, Decimal("0.02"), Decimal())],
        id="rounded at the transfer",
    ),
    pytest.param(
        source(
            invoice(vat=Decimal("250.03"), currency="EUR"),
            order(currency="EUR"),
            link(theirs={"vat": "250.03"}),
        ),
        [("currency rounding", 0, Decimal(), Decimal("0.03"))],
        id="currency rounding",
    ),
    pytest.param(
        source(invoice(net=Decimal(1200)), order(), link(theirs={"total": "1200"})),
        [("differed at the transfer", 0, Decimal(200), Decimal())],
        id="differed when they were connected",
    ),
    pytest.param(
        source(invoice(), order(stage="nullified"), link()),
        [("nullified in Visma Global", 1, NET, VAT)],
        id="nullified",
    ),
    pytest.param(
        source(invoice(), None, link(), ended("vanished", "its counterpart is gone")),
        [("deleted in Visma Global", 1, NET, VAT)],
        id="deleted in Global",
    ),
    pytest.param(
        source(None, order(), link()),
        [("deleted in Severa", -1, -NET, -VAT)],
        id="deleted in Severa",
    ),
    pytest.param(
        source(invoice(), order(stage="part delivered"), link()),
        [("part delivered", 0, Decimal(), Decimal())],
        id="part delivered",
    ),
    pytest.param(
        source(invoice(), order(stage="closed otherwise"), link()),
        [("closed otherwise", 0, Decimal(), Decimal())],
        id="closed otherwise",
    ),
    pytest.param(
        source(invoice(currency="EUR"), order(), link()),
        [("another currency", 1, NET, VAT), ("another currency", -1, -NET, -VAT)],
        id="another currency",
    ),
    pytest.param(source(invoice(), order(), link()), [], id="equal"),
    pytest.param(source(None, order(stage="nullified"), link()), [], id="gone from both"),
]


@pytest.mark.parametrize(("given", "causes"), CHANGED)
def test_a_difference_is_explained_to_zero_by_named_causes(given: Source, causes: Any) -> None:
    found = documents(given)
    assert told(found) == causes
    assert found.adds_up
    assert set(found.unexplained.values()) <= {Decimal()}


def test_a_pair_is_summed_once_per_side_where_it_belongs() -> None:
    found = documents(source(invoice(), order(stage="ordered"), link()))
    (group,) = found.kinds[0].groups
    assert (group.place.month, group.place.status, group.place.currency) == (
        "2026-03",
        "taken",
        "NOK",
    )
    assert group.severa == group.global_ == Sum(1, NET, VAT)


# --- what nothing explains ------------------------------------------------------------------------


def test_a_cause_that_is_not_named_is_left_over() -> None:
    """The sums are taken over all documents, whatever the causes say."""
    given = source(invoice(), None, None, ended("created"))
    entries = document_causes.entries(given, list(document_causes.pairs(given)))
    found = Documents((grouped("invoice", entries, ()),), (), "NOK")
    assert found.unexplained == {"NOK": NET}
    assert found.unexplained_vat == VAT
    assert not found.adds_up
    said = {line.label: (line.value, line.tone) for line in document_sheets.lines(found)}
    assert said["Unexplained in NOK"] == (Decimal("1000.00"), "bad")
    assert said["Documents agree or are explained"] == ("no", "bad")


def test_what_two_groups_leave_over_does_not_settle_itself() -> None:
    ours = source(None, order("b", date=date(2026, 4, 1)), None)
    theirs = source(invoice("a"), None, None)
    both = (document_causes.entries(given, ()) for given in (ours, theirs))
    entries = [entry for several in both for entry in several]
    found = Documents((grouped("invoice", entries, ()),), (), "NOK")
    assert found.unexplained == {"NOK": 2 * NET}


def test_an_amount_that_a_cause_gets_wrong_is_left_over() -> None:
    given = source(invoice(), None, None, ended("created"))
    right = document_causes.kind(given)
    wrong = [replace(right.causes[0], sum=Sum(1, NET - 1, VAT))]
    entries = document_causes.entries(given, list(document_causes.pairs(given)))
    assert Documents((grouped("invoice", entries, wrong),)).unexplained == {"NOK": Decimal(1)}


def test_an_order_that_two_links_claim_is_counted_as_it_stands() -> None:
    """A wrong link does not hide a document: the invoice left over is told."""
    wrong = replace(link("b"), guid="a")
    both = source(invoice("a"), order("a"), link("a"))
    more = replace(both, global_={"a": order("a"), "b": order("b")}, links=[link("a"), wrong])
    assert documents(more).unexplained == {"NOK": NET}


# --- for programs, on paper -----------------------------------------------------------------------


def test_the_block_is_valid_and_amounts_are_text() -> None:
    held = source(invoice(currency="JPY"), None, None, ended("held", HELD))
    found = block(documents(held))
    jsonschema.validate(found, {**SCHEMA["$defs"]["documents"], "$defs": SCHEMA["$defs"]})
    (group,) = found["invoices"]
    assert group["severa"] == {"count": 1, "net": "1000", "vat": "250.00"}
    assert group["causes"] == [{"cause": "held", "count": 1, "net": "1000", "vat": "250.00"}]
    assert found["costs"] == []
    assert found["unexplained"] == {"JPY": "0"}


def test_how_far_the_money_is() -> None:
    given = source(invoice(), order(paid=Decimal(500)), link())
    early = invoice("b", date=date(2025, 12, 31))
    found = documents(replace(given, severa={**given.severa, "b": early}))
    assert [(s.name, s.count, s.amount) for s in found.stages] == [
        ("Drafted", 1, Decimal(1250)),
        ("Transferred", 1, Decimal(1250)),
        ("Sent", 1, Decimal(1250)),
        ("Paid", 1, Decimal(500)),
    ]
    chart = document_stages.chart(found)
    assert "paid 500" in chart.note
    assert [row[2] for row in chart.rows] == [1250, 1250, 1250, 500]


def test_those_with_most_money_come_first_among_those_that_need_a_person() -> None:
    first = source(invoice("a"), None, None, ended("held", HELD))
    more = {"a": invoice("a"), "b": invoice("b", net=Decimal(-5000)), "c": invoice("c")}
    ends = (ended("held", HELD, "a"), ended("held", HELD, "b"), ended("created", "", "c"))
    outcomes: Mapping[Any, Outcome] = {("invoice", "severa", o.key): o for o in ends}
    found = documents(replace(first, severa=more, outcomes=outcomes))
    assert [cause.paper.key for cause in found.to_look_at(9)] == ["b", "a"]
    assert [cause.paper.key for cause in found.to_look_at(1)] == ["b"]


def test_the_report_shows_documents_and_is_safe_against_them(facts: Facts, tmp_path: Path) -> None:
    hostile = [ended("held", text, str(at)) for at, text in enumerate(CANARIES)]
    given = source(None, None, None, *hostile)
    theirs = {o.key: invoice(o.key) for o in hostile}
    found = documents(replace(given, severa=theirs, party=lambda record: CANARIES[6]))
    document = data.reconciliation(facts, documents=found)
    names = [sheet.name for sheet in document.sheets]
    assert "Documents" in names
    assert "Documents that differ" in names
    page = html.render(document)
    assert "<script" not in page
    assert "How far the money is" in page
    assert excel.write(document, tmp_path / "r.xlsx").stat().st_size > 0
    assert list(document_sheets.sheets(Documents(), words(facts, {})))[0].rows == ()
