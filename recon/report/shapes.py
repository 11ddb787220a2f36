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
ChartKind = Literal["outcomes", "standing", "trend"]
Names = Mapping[str, str]
"""Titles by name: `customer`, `customer.email`, `check:customer.name_missing`, `customer/10001`."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in characters, and the words a person may choose there.

    A `toned` column holds a word such as a state, which the renderings colour.
    """

    title: str
    width: int = 14
    toned: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: a sheet of the workbook, a section of the page. `name` is unique and short."""

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture's data: (group, series, count) rows in the order in which they are drawn."""

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
    """One report. `name` is its file's stem; `legend` explains the words it uses."""

    name: str
    title: str
    company: str
    sandbox: bool
    summary: tuple[Line, ...]
    sheets: tuple[Sheet, ...]
    charts: tuple[Chart, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
