"""How far the money of invoices has come: drafted, transferred, sent, paid; in company currency."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from recon import money
from recon.report.document_causes import NET, NULLIFIED, VAT, Source
from recon.report.documents import ZERO, Documents, Stage
from recon.report.html import cell
from recon.report.shapes import Chart
from recon.shapes import Record

NAMES = ("Drafted", "Transferred", "Sent", "Paid")
PARTS = ("gross", "invoiced", "paid")


def stages(source: Source) -> tuple[Stage, ...]:
    """What was drafted in Severa from the cut-off on, and what of it Visma Global has, invoiced and
    got paid, each as the system itself holds it."""
    drafted = [_drafted(record, source.home) for record in source.severa.values()
               if _begun(record, source)]  # fmt: skip
    orders = [r for r in source.global_.values() if r.attributes.get("stage") != NULLIFIED]
    parts = ([_part(record, name) for record in orders] for name in PARTS)
    return tuple(_stage(name, found) for name, found in zip(NAMES, (drafted, *parts), strict=True))


def _stage(name: str, amounts: Iterable[Decimal]) -> Stage:
    found = [amount for amount in amounts if amount]
    return Stage(name, len(found), sum(found, ZERO))


def _begun(record: Record, source: Source) -> bool:
    """From the cut-off on, and not another company's."""
    day = record.fields.get("date")
    outcome = source.outcomes.get((record.entity, record.side, record.key))
    theirs = outcome is not None and outcome.detail.startswith("it belongs to another company")
    early = isinstance(day, date) and source.since is not None and day < source.since
    return not early and not theirs


def _drafted(record: Record, home: str) -> Decimal:
    net, vat = (money.exact(record.fields.get(name)) or ZERO for name in (NET[record.entity], VAT))
    rate = money.exact(record.attributes.get("rate")) or Decimal(1)
    return money.rounded(net * rate, money.digits(home)) + vat


def _part(record: Record, name: str) -> Decimal:
    return money.exact(record.attributes.get(name)) or ZERO


def chart(found: Documents) -> Chart:
    """How far the money is, as a picture; its note says the same in words."""
    rows = tuple(
        (s.name, f"{cell(s.amount)} {found.currency}", int(s.amount)) for s in found.stages
    )
    said = "; ".join(f"{s.name.lower()} {cell(s.amount)} ({s.count:,})" for s in found.stages)
    note = (
        f"Invoices from the cut-off on, in {found.currency} with VAT, and how many: {said}."
        " Drafted is what Severa holds, the others are what Visma Global holds."
    )
    empty = not any(s.count for s in found.stages)
    return Chart("money", "How far the money is", note, () if empty else rows)
