"""What a person filled into a workbook of the checklist: read whole, or refused with every bad
cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from recon.errors import Usage
from recon.report.checklist import OVERVIEW
from recon.report.clean import cell_text
from recon.report.findings import CHOICES, HIDDEN, WAIVE, WHY
from recon.review import cells
from recon.review.cells import Book, Line, Rows
from recon.waivers import Spot, Verdict

TITLES = (WAIVE, WHY, *HIDDEN)
VERDICTS: Mapping[str, Verdict] = {"waive": "waived", "open": "open"}


@dataclass(frozen=True, slots=True)
class Filled:
    """A word and the cell it stands in; `seen` is the finding's fingerprint when the workbook was
    written, `knew` the id of the newest word about it then."""

    cell: str
    spot: Spot
    verdict: Verdict
    why: str
    seen: str
    knew: int


@dataclass(frozen=True, slots=True)
class Workbook:
    """The words of a workbook, and how many rows were left empty."""

    words: tuple[Filled, ...]
    empty: int


def is_one(book: Book) -> bool:
    """Whether a workbook is one of the checklist."""
    return OVERVIEW in book.sheets


def read(book: Book, company: str) -> Workbook:
    """What a person said in a workbook of this company; `Usage` names every cell that cannot be
    taken."""
    lines = [line for rows in book.sheets.values() for line in _lines(book, rows)]
    if not lines:
        raise book.unfit(f"No sheet has the headings {', '.join(TITLES)}")
    _of_company(book, lines, company)
    said = [line for line in lines if line[WAIVE].text]
    lone = [line[WHY] for line in lines if line[WHY].text and not line[WAIVE].text]
    faults = [why.bad(f"allowed: a reason beside a word under {WAIVE} alone") for why in lone]
    faults += [fault for line in said for fault in _bad(line)]
    found = [] if faults else [_filled(line) for line in said]
    faults += _twice(found)
    if faults:
        text = f"Nothing was stored; {len(faults)} to mend: {'; '.join(faults)}"
        raise Usage(text, where=book.path.name, todo="Mend these cells and try again")
    return Workbook(tuple(found), len(lines) - len(said))


def _lines(book: Book, rows: Rows) -> Iterator[Line]:
    """The rows below a sheet's heading; none of a sheet that has none of its titles, but one that
    lacks some of them was spoiled."""
    found = cells.lines(rows, TITLES)
    if found is None:
        row = cells.heading(rows, TITLES)
        lost = [title for title in TITLES if title not in {cell.text for cell in row}]
        if len(TITLES) - len(lost) > 2:
            raise book.unfit(f"{row[0].at} heads no column {', '.join(lost)}")
    for line in found or ():
        if any(cell.text for cell in line.values()):
            yield line


def _of_company(book: Book, lines: Iterable[Line], company: str) -> None:
    own = cell_text(company).strip()
    others = {line[HIDDEN[4]].text for line in lines} - {own, ""}
    if others:
        other = min(others)[: cells.MOST_SHOWN]
        raise Usage(
            f"The workbook is of another company, {other}",
            where=book.path.name,
            todo="Name that company's profile with --company, or a workbook of this one",
        )


def _bad(line: Line) -> Iterator[str]:
    """Each cell of a filled row that cannot be taken."""
    said, why = line[WAIVE], line[WHY]
    if said.text.casefold() not in CHOICES:
        yield said.bad(f"allowed: {', '.join(CHOICES)}, or nothing")
    if not why.plain:
        yield why.bad("allowed: plain text, no formula")
    elif said.text.casefold() == CHOICES[0] and not why.text:
        yield cells.named(line, WHY, WAIVE).bad("allowed: the reason of the waiver")
    for title in HIDDEN:
        may_be_empty = title == HIDDEN[3]
        if not line[title].plain or not (line[title].text or may_be_empty):
            yield cells.spoiled(line, title, WAIVE)
    if line[HIDDEN[5]].text and _seen(line[HIDDEN[5]].text) is None:
        yield cells.spoiled(line, HIDDEN[5], WAIVE)


def _seen(text: str) -> tuple[str, int] | None:
    shown, _, knew = text.partition("/")
    return (shown, int(knew)) if shown and knew.isascii() and knew.isdigit() else None


def _filled(line: Line) -> Filled:
    entity, check, system, key, _, token = (line[title].text for title in HIDDEN)
    shown, knew = _seen(token) or ("", 0)
    verdict = VERDICTS[line[WAIVE].text.casefold()]
    spot = (entity, check, system, key)
    return Filled(line[WAIVE].at, spot, verdict, line[WHY].text, shown, knew)


def _twice(found: Iterable[Filled]) -> Iterator[str]:
    """Findings of which two rows say different things."""
    first: dict[tuple[Spot, str], Filled] = {}
    for one in found:
        earlier = first.setdefault((one.spot, one.seen), one)
        if (earlier.verdict, earlier.why) != (one.verdict, one.why):
            yield f"{earlier.cell} and {one.cell} differ about one finding (allowed: one word)"
