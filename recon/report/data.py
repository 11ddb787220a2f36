"""What each report says, as plain data: one function per document."""

from recon.report.checklist import checklist
from recon.report.plan import plan
from recon.report.proposals import proposals
from recon.report.reconciliation import reconciliation
from recon.report.run import run
from recon.report.shapes import Cell, Chart, Column, Document, Line, Names, Row, Sheet

__all__ = [
    "Cell",
    "Chart",
    "Column",
    "Document",
    "Line",
    "Names",
    "Row",
    "Sheet",
    "checklist",
    "plan",
    "proposals",
    "reconciliation",
    "run",
]
