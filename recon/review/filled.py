"""What a person filled into a workbook of proposals and differences: read whole, or refused with
every bad cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from recon.errors import Usage
from recon.report import rulings as ruled
from recon.report.proposals import DECISION, HIDDEN, SHEET, VERDICTS, WHY
from recon.review import cells
from recon.review.cells import Book, Line
from recon.rulings import Right, Spot
from recon.shapes import Verdict, digest

TITLES = (DECISION, WHY, *HIDDEN)
SHEETS = (SHEET, ruled.SHEET, ruled.FIELDS)
Pair = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Filled:
    """A decision and the cell it stands in; `seen` are the fingerprints of both records when the
    workbook was written, `knew` the id of the pair's newest decision then, `stamp` the
    workbook's."""

    cell: str
    pair: Pair
    verdict: Verdict
    why: str
    seen: tuple[str, str]
    knew: int
    stamp: str


@dataclass(frozen=True, slots=True)
class FilledRuling:
    """Which system is right, and the cell it stands in; the rest as in `Filled`, of both values
    of one field. Without keys it is about the whole field."""

    cell: str
    spot: Spot
    verdict: Right
    why: str
    seen: tuple[str, str]
    knew: int
    stamp: str


@dataclass(frozen=True, slots=True)
class Workbook:
    """What was said in a workbook, and how many proposals and differences were left empty."""

    decisions: tuple[Filled, ...]
    empty: int
    rulings: tuple[FilledRuling, ...] = ()
    unruled: int = 0

    def of_company(self, name: str) -> bool:
        """Whether all that was filled in stands in rows that were written for this company."""
        marks = {one.stamp for one in self.decisions} | {one.stamp for one in self.rulings}
        return all(mark.startswith(stamp(name, "")) for mark in marks)


def stamp(company: str, run: str) -> str:
    """What marks the rows of a workbook: whose company's, and which run wrote it."""
    return f"{digest(company)[:8]}.{run}"


def read(book: Book) -> Workbook:
    """What was filled into a workbook; `Usage` names every cell that cannot be taken."""
    if not set(SHEETS) & set(book.sheets):
        raise book.unfit(f"It has no sheet {', '.join(SHEETS)}")
    page = _Page(book)
    _no_others(book)
    found = [_filled(line) for line in page.lines(SHEET, TITLES, VERDICTS)]
    pairs = page.lines(ruled.SHEET, (ruled.RIGHT, WHY, *ruled.HIDDEN), ruled.WORDS)
    fields = page.lines(ruled.FIELDS, (ruled.RIGHT, WHY, *ruled.HIDDEN_FIELDS), ruled.WORDS)
    rulings = [_ruling(line, (*ruled.HIDDEN,)) for line in pairs]
    rulings += [_ruling(line, (*ruled.HIDDEN_FIELDS,)) for line in fields]
    faults = [*page.faults, *_twice(found), *_second_partners(found), *_ruled_twice(rulings)]
    if faults:
        text = f"Nothing was stored; {len(faults)} to mend: {'; '.join(faults)}"
        raise Usage(text, where=book.path.name, todo="Mend these cells and try again")
    return Workbook(tuple(found), page.empty[SHEET], tuple(rulings), page.empty[ruled.SHEET])


def _no_others(book: Book) -> None:
    """`Usage` where a sheet of ours has another name: what was filled into it would be lost."""
    for name, rows in book.sheets.items():
        if name not in SHEETS and cells.lines(rows, (WHY, HIDDEN[-1])) is not None:
            raise Usage(
                f"Nothing was stored; the sheet {name[: cells.MOST_SHOWN]} has a name that the"
                " workbook was not written with",
                where=book.path.name,
                todo=f"Call it {', '.join(SHEETS[:-1])} or {SHEETS[-1]} again, or remove it",
            )


class _Page:
    """The sheets of a workbook; gathers what cannot be taken and counts what was left empty."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.faults: list[str] = []
        self.empty: Counter[str] = Counter()

    def lines(self, sheet: str, titles: Sequence[str], words: Sequence[str]) -> list[Line]:
        """The decided rows of a sheet that can be taken; the first title holds the decision."""
        if sheet not in self._book.sheets:
            return []
        rows = cells.lines(self._book.sheets[sheet], titles)
        if rows is None:
            text = f"No row of {sheet} has the headings {', '.join(titles)}"
            raise self._book.unfit(text)
        decided = []
        for line in rows:
            if line[titles[0]].text:
                decided += [line] if self._good(line, titles, words) else []
            else:
                self.empty[sheet] += self._empty(line, titles)
        return decided

    def _empty(self, line: Line, titles: Sequence[str]) -> bool:
        """Whether a row without a word is one of ours; a reason beside no word is a fault."""
        if line[WHY].text:
            allowed = f"allowed: a reason beside a word under {titles[0]} alone"
            self.faults.append(line[WHY].bad(allowed))
        return any(line[title].text for title in titles[2:])

    def _good(self, line: Line, titles: Sequence[str], words: Sequence[str]) -> bool:
        bad = list(_bad(line, titles, words))
        self.faults += bad
        return not bad


def _bad(line: Line, titles: Sequence[str], words: Sequence[str]) -> Iterator[str]:
    """Each cell of a decided row that cannot be taken."""
    decision, hidden = titles[0], titles[2:]
    if line[decision].text.casefold() not in [word.casefold() for word in words]:
        yield line[decision].bad(f"allowed: {', '.join(words)}, or nothing")
    if not line[WHY].plain:
        yield line[WHY].bad("allowed: plain text, no formula")
    for title in hidden[:-1]:
        if not line[title].text or not line[title].plain:
            yield cells.spoiled(line, title, decision)
    if _seen(line[hidden[-1]].text) is None:
        yield cells.spoiled(line, hidden[-1], decision)


def _seen(text: str) -> tuple[str, str, int, str] | None:
    """Both fingerprints, the newest word then, and the workbook's stamp."""
    parts = text.split("/")
    if len(parts) != 4 or not all(parts) or not (parts[2].isascii() and parts[2].isdigit()):
        return None
    return (parts[0], parts[1], int(parts[2]), parts[3])


def _filled(line: Line) -> Filled:
    entity, key, guid, token = (line[title].text for title in HIDDEN)
    ours, theirs, knew, mark = cast("tuple[str, str, int, str]", _seen(token))
    verdict = cast("Verdict", line[DECISION].text.casefold())
    cell, why = line[DECISION].at, line[WHY].text
    return Filled(cell, (entity, key, guid), verdict, why, (ours, theirs), knew, mark)


def _ruling(line: Line, hidden: Sequence[str]) -> FilledRuling:
    *place, token = (line[title].text for title in hidden)
    entity, name, key, guid = (*place, "", "")[:4]
    ours, theirs, knew, mark = cast("tuple[str, str, int, str]", _seen(token))
    verdict = ruled.VERDICTS[line[ruled.RIGHT].text.casefold()]
    cell, why = line[ruled.RIGHT].at, line[WHY].text
    return FilledRuling(cell, (entity, name, key, guid), verdict, why, (ours, theirs), knew, mark)


def _twice(found: Iterable[Filled]) -> Iterator[str]:
    """Pairs that are decided in two rows."""
    first: dict[Pair, Filled] = {}
    for one in found:
        earlier = first.setdefault(one.pair, one)
        if earlier is not one:
            said = f"{earlier.verdict!r} and {one.verdict!r}"
            yield f"{earlier.cell} and {one.cell} hold {said} for one pair (allowed: one decision)"


def _ruled_twice(found: Iterable[FilledRuling]) -> Iterator[str]:
    """Differences that are decided in two rows."""
    first: dict[Spot, FilledRuling] = {}
    for one in found:
        earlier = first.setdefault(one.spot, one)
        if earlier is not one:
            yield f"{earlier.cell} and {one.cell} are about the same (allowed: one decision)"


def _second_partners(found: Iterable[Filled]) -> Iterator[str]:
    """Records that are called the same as two others."""
    first: dict[tuple[str, int, str], Filled] = {}
    for one in found:
        for side in (1, 2) if one.verdict == "same" else ():
            earlier = first.setdefault((one.pair[0], side, one.pair[side]), one)
            if earlier.pair != one.pair:
                system = "Visma Global" if side == 1 else "Severa"
                yield (
                    f"{earlier.cell} and {one.cell} hold 'same' for one record of {system}"
                    " (allowed: one partner)"
                )
