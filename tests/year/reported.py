"""The product's own document totals against the judge's. Imports nothing of recon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from tests.year.checker import Verdict
from tests.year.held import cents

MISSING = "the report has no block of documents yet: its totals were not compared"
OUTSIDE = "not transferred"
Line = Mapping[str, Any]


def compare(document: Mapping[str, Any], verdict: Verdict) -> tuple[list[str], str]:
    """Faults, and a line that says what was compared."""
    block = document.get("documents")
    if not block:
        return [], MISSING
    costs = list(block.get("costs", ()))
    faults = list(_unexplained(block)) + list(_invoices(block["invoices"], verdict))
    faults += _costs(costs, verdict.costs.totals) if costs else []
    words = f"{len(block['invoices'])} sums of invoices and {len(costs)} of costs were compared"
    return faults, words


def _unexplained(block: Mapping[str, Any]) -> Iterator[str]:
    for currency, amount in block["unexplained"].items():
        if Decimal(amount) != 0:
            yield f"the report leaves {amount} {currency} unexplained"
    for kind in ("invoices", "costs"):
        for line in block.get(kind, ()):
            if Decimal(line["unexplained"]) != 0:
                where = f"{kind} of {line['month']} {line['currency']}"
                yield f"{where}: {line['unexplained']} unexplained"


def _invoices(lines: Iterable[Line], verdict: Verdict) -> Iterator[str]:
    """Months, statuses and currencies in which either knows of other sums."""
    said = {
        (line["month"], line["status"], line["currency"]): line
        for line in lines
        if line["status"] != OUTSIDE
    }
    for key in sorted({*said, *verdict.totals}):
        if key not in said or key not in verdict.totals:
            who = "the judge" if key in said else "the report"
            yield f"{who} has no sum for {' '.join(key)}"
            continue
        for side, sums in verdict.totals[key].items():
            found = {name: _plain(said[key][side].get(name)) for name in sums}
            if found != {name: _plain(value) for name, value in sums.items()}:
                yield f"{' '.join(key)} in {side}: the report says {found}, the judge {sums}"


def _costs(lines: Iterable[Line], ours: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Months in which the fees come to something else."""
    said: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in lines:
        for name in ("count", "net"):
            said[line["month"]][name] += Decimal(line["severa"][name])
    for month, sums in sorted(ours.items()):
        for name, value in sums.items():
            if said[month][name] != value:
                yield f"costs of {month}: the report says {said[month][name]}, the judge {value}"


def _plain(value: Any) -> Decimal:
    return cents(Decimal(str(value or 0)))
