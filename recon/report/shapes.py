"""The shapes of a report: what it says, before anyone decides how it looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Cell = str | int | bool | Decimal | date | None
Row = tuple[Cell, ...]
Tone = Literal["", "good", "warn", "bad"]
ChartKind = Literal["outcomes", "standing", "trend", "money"]
Names = Mapping[str, str]
"""Titles by name: `customer`, `customer.email`, `check:customer.name_missing`, `customer/10001`;
and what is known of a name: `refers:project.customer`, `direction:customer.email`,
`parent:contact`."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in characters, and the words a person may choose there.

    A `toned` column holds a word such as a state, which the renderings colour. A `detail` stands
    in the workbook alone, where there is room for it; one without width is hidden even there, for
    the program that reads the workbook back.
    """

    title: str
    width: int = 14
    toned: bool = False
    choices: tuple[str, ...] = ()
    detail: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: a sheet of the workbook, a section of the page. `name` is unique and short.

    `totalled` says that the last row holds the totals of the others. A `detail` stands in the
    workbook alone; a page only says so.
    """

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totalled: bool = False
    detail: bool = False

    @property
    def count(self) -> int:
        """How many rows there are, totals apart."""
        return len(self.rows) - self.totalled


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture's data: (group, series, count) rows in the order in which they are drawn; `money`
    counts whole units of a currency."""

    kind: ChartKind
    title: str
    note: str
    rows: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the summary."""

    label: str
    value: Cell
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One report. `name` is its file's stem; `about` says whose and when, `summary` what came of
    it, and `legend` explains the words it uses."""

    name: str
    title: str
    company: str
    sandbox: bool
    about: tuple[Line, ...]
    summary: tuple[Line, ...]
    sheets: tuple[Sheet, ...]
    charts: tuple[Chart, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
