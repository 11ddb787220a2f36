"""The product's own document totals against the judge's. Imports nothing of recon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from tests.year.checker import Verdict
from tests.year.held import cents

MISSING = "the report has no block of documents yet: its totals were not compared"


def compare(document: Mapping[str, Any], verdict: Verdict) -> tuple[list[str], str]:
    """Faults, and a line that says what was compared."""
    block = document.get("documents")
    if not block:
        return [], MISSING
    faults = list(_unexplained(block)) + list(_totals(block["invoices"], verdict.totals))
    faults += _totals(block.get("costs", ()), verdict.costs.totals)
    lines = len(block["invoices"]) + len(block.get("costs", ()))
    return faults, f"{lines} lines of the report's totals were compared"


def _unexplained(block: Mapping[str, Any]) -> Iterator[str]:
    for currency, amount in block["unexplained"].items():
        if Decimal(amount) != 0:
            yield f"the report leaves {amount} {currency} unexplained"
    for kind in ("invoices", "costs"):
        for line in block.get(kind, ()):
            if Decimal(line["unexplained"]) != 0:
                where = f"{kind} of {line['month']} {line['currency']}"
                yield f"{where}: {line['unexplained']} unexplained"


def _totals(lines: Any, ours: Mapping[tuple[str, str, str], Any]) -> Iterator[str]:
    """Months, statuses and currencies in which either knows of other sums."""
    said: dict[tuple[str, ...], Any] = {
        (one["month"], one["status"], one["currency"]): one for one in lines
    }
    for key, sums in sorted(ours.items()):
        line = said.get(key)
        if line is None:
            yield f"the report has no line for {' '.join(key)}"
            continue
        for side in ("severa", "global"):
            wanted = {n: str(v) for n, v in sums[side].items()}
            found = {n: _plain(line[side].get(n)) for n in wanted}
            if found != wanted:
                yield f"the report says {found} of {' '.join(key)} in {side}; {wanted} was counted"


def _plain(value: Any) -> str:
    return str(value) if isinstance(value, int) else str(cents(Decimal(str(value or 0))))
