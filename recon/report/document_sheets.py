"""The sheets of documents: sums of both sides, and what explains their difference, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from recon.report.document_causes import LATER
from recon.report.documents import Cause, Documents, Group, Kind
from recon.report.naming import Words
from recon.report.shapes import Cell, Column, Line, Row, Sheet
from recon.report.sheets import ENTITY

SUMS = (
    "Severa less Visma Global is the difference; what the named causes do not explain is left over"
    " and must be 0. Net amounts are in the document's own currency, VAT in the company's."
)
PLACES = (ENTITY, Column("Month", 10), Column("Status", 18), Column("Currency", 9))


def lines(found: Documents) -> Iterable[Line]:
    """The summary: is anything unexplained?"""
    if not any(kind.groups for kind in found.kinds):
        return
    whole = "yes" if found.adds_up else "no"
    yield Line("Documents agree or are explained", whole, "good" if found.adds_up else "bad")
    for currency, amount in found.unexplained.items():
        yield Line(f"Unexplained in {currency}", _plain(amount), "bad" if amount else "good")
    if found.earlier.count:
        said = f"{found.earlier.count}, {_plain(found.earlier.net)} {found.currency}"
        yield Line("Supplier costs before the cut-off, out of scope", said)


def sheets(found: Documents, said: Words) -> Iterable[Sheet]:
    """Sums, causes, the documents behind them; those that need nothing in the workbook alone."""
    yield _sums(found, said)
    yield _by_cause(found, said)
    causes = [cause for kind in found.kinds for cause in kind.causes]
    note = (
        "Every document that is not the same in both systems, and why. The difference is Severa's"
        " amount less Visma Global's."
    )
    rows = [cause for cause in causes if cause.cause not in LATER]
    yield _documents(rows, said, ("Documents that differ", note, False))
    note = "Documents that transfer later, or never by the profile's rules."
    rows = [cause for cause in causes if cause.cause in LATER]
    yield _documents(rows, said, ("Documents that stay apart", note, True))


def _sums(found: Documents, said: Words) -> Sheet:
    columns = (
        *PLACES,
        Column("In Severa", 8),
        Column("Net in Severa", 14),
        Column("VAT in Severa", 13, detail=True),
        Column("In Global", 8),
        Column("Net in Global", 14),
        Column("VAT in Global", 13, detail=True),
        Column("Difference", 13),
        Column("Explained", 13, detail=True),
        Column("Unexplained", 13),
        Column("All explained", 9, toned=True),
    )
    rows = tuple(_group_row(kind, group, said) for kind in found.kinds for group in kind.groups)
    title = "Documents by month, status and currency"
    return Sheet("Documents", title, SUMS, columns, rows)


def _group_row(kind: Kind, group: Group, said: Words) -> Row:
    place, gap, left = group.place, group.difference, group.unexplained
    head = (said.entity(kind.entity), place.month, place.status, place.currency)
    severa = (group.severa.count, _plain(group.severa.net), _plain(group.severa.vat))
    global_ = (group.global_.count, _plain(group.global_.net), _plain(group.global_.vat))
    gaps = (_plain(gap.net), _plain(gap.net - left.net), _plain(left.net))
    whole = "yes" if not (left.net or left.vat or left.count) else "no"
    return (*head, *severa, *global_, *gaps, whole)


def _by_cause(found: Documents, said: Words) -> Sheet:
    columns = (
        *PLACES,
        Column("Cause", 36),
        Column("Documents", 10),
        Column("Net", 15),
        Column("VAT", 13),
    )
    rows = tuple(
        (
            said.entity(kind.entity),
            *(group.place.month, group.place.status, group.place.currency),
            name,
            sum_.count,
            _plain(sum_.net),
            _plain(sum_.vat),
        )
        for kind in found.kinds
        for group in kind.groups
        for name, sum_ in group.causes.items()
    )
    note = (
        "Documents counts those that stand on one side alone, below 0 those in Visma Global alone;"
        " a changed one stands on both."
    )
    return Sheet("Document causes", "What explains the difference", note, columns, rows)


def _documents(causes: Sequence[Cause], said: Words, sheet: tuple[str, str, bool]) -> Sheet:
    title, note, detail = sheet
    columns = (
        ENTITY,
        Column("Month", 10, detail=True),
        Column("Status", 18, detail=True),
        Column("Currency", 8),
        Column("Number in Severa", 21),
        Column("Order in Global", 21),
        Column("Customer or supplier", 24),
        Column("Net in Severa", 13),
        Column("Net in Global", 13),
        Column("Difference", 12),
        Column("Cause", 22),
        Column("In words", 29),
        Column("What to do", 29),
        Column("Key in its system", 38, detail=True),
    )
    rows = tuple(_cause_row(cause, said) for cause in causes)
    return Sheet(title, title, note, columns, rows, detail=detail)


def _cause_row(cause: Cause, said: Words) -> Row:
    place, paper = cause.place, cause.paper
    head = (said.entity(paper.entity), place.month, place.status, place.currency)
    which = (paper.severa_number, paper.global_number, paper.party)
    amounts = (_plain(paper.severa_net), _plain(paper.global_net), _plain(cause.sum.net))
    return (*head, *which, *amounts, cause.cause, cause.words, cause.todo, paper.key)


def _plain(amount: Decimal | None) -> Cell:
    """With two digits, or all that it has."""
    if amount is None:
        return None
    two = amount.quantize(Decimal("0.01"))
    return two if two == amount else amount
