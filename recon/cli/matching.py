"""`recon match`: links between any two tables, for exports that arrive before access does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from recon.cli.document import Result
from recon.cli.session import Session
from recon.errors import Usage

if TYPE_CHECKING:
    from recon.matching.engine import Match
    from recon.settings_matching import Kind, Weights

HEADER = ("left_id", "right_id", "score", "band", "reasons")
OUT = (".csv", ".xlsx", ".parquet")


def add_to(app: typer.Typer) -> None:
    """Register the command of this module."""
    app.command()(match)


def match(
    ctx: typer.Context,
    left: Annotated[Path, typer.Argument(help="CSV, Excel or Parquet with a column id.")],
    right: Annotated[Path, typer.Argument(help="The table to find the same records in.")],
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="company, person, product, project or unit.")
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the pairs are written.")
    ] = None,
) -> Result:
    """Propose which rows of two tables are the same; at most one partner each."""
    session: Session = ctx.obj
    weights = _weights(session, kind)
    if out and out.suffix.casefold() not in OUT:
        raise Usage(
            f"Pairs cannot be written as {out.suffix or 'a file without ending'}",
            where=str(out),
            todo=f"Choose among {', '.join(OUT)}",
        )
    found = _proposed(session, (left, right), weights)
    rows = [_row(one) for one in found if one.taken]
    _show(session, found, rows)
    if out:
        _write(out, rows)
        session.screen.say(f"Written to {out}")
    told = [dict(zip(HEADER, row, strict=True)) for row in rows]
    return Result(0, {"rows": told, "files": [str(out)] if out else []})


def _weights(session: Session, kind: str) -> Weights:
    """The weights of a kind of record: those of the named company, if there is one."""
    from recon import settings
    from recon.settings_matching import KINDS, Matching

    if kind not in KINDS:
        raise Usage(
            f"There is no kind {kind!r}", where="--kind", todo=f"Choose among {', '.join(KINDS)}"
        )
    named = session.profile_path or settings.environment("RECON_COMPANY")
    chosen = session.load(Path(named)).matching if named else Matching()
    return chosen.of(cast("Kind", kind))


def _proposed(session: Session, paths: tuple[Path, Path], weights: Weights) -> list[Match]:
    from recon.matching.engine import propose
    from recon.matching.features import COLUMNS
    from recon.table_files import read

    known = [name for name in COLUMNS if name != "linked"]
    tables = [read(path, known) for path in paths]
    for path, table in zip(paths, tables, strict=True):
        if table.renamed:
            taken = ", ".join(f"{old} as {new}" for old, new in table.renamed.items())
            session.screen.say(f"Taken from {path.name}: {taken}")
        if table.ignored:
            session.screen.say(f"Not used of {path.name}: {', '.join(table.ignored)}")
    left, right = (table.values for table in tables)
    if not (set(left) & set(right)) - {"id"} and not _named(left, right):
        raise Usage("The two files have no column in common", todo=f"Known are {', '.join(known)}")
    return propose(left, right, weights)


def _named(*tables: Any) -> bool:
    return all(set(table) & {"name", "first_name", "last_name"} for table in tables)


def _row(one: Match) -> tuple[str, str, float, str, str]:
    reasons = "; ".join(f"{e.text} ({e.bits:+.1f})" for e in one.evidence[1:-1])
    return one.left, one.right, one.score, one.band, reasons


def _show(session: Session, found: Sequence[Match], rows: Sequence[tuple[Any, ...]]) -> None:
    screen, bands = session.screen, Counter(row[3] for row in rows)
    screen.table("Pairs", HEADER, [row for row in rows if row[3] != "sure"])
    ties = [(t.left, t.right, f"{t.score:.2f}") for t in found if not t.taken]
    screen.table("Ties, left open: look at these yourself", HEADER[:3], ties)
    told = ", ".join(f"{count} {band}" for band, count in bands.items()) or "none"
    screen.say(f"Pairs proposed: {told}; ties left open: {len(ties)}")


def _write(out: Path, rows: Sequence[tuple[Any, ...]]) -> None:
    from recon import table_files

    kind = out.suffix.casefold()
    if kind == ".csv":
        table_files.write_csv(out, HEADER, rows)
        return
    try:
        (_parquet if kind == ".parquet" else _excel)(out, rows)
    except OSError as error:
        raise table_files.unwritable(out, error) from None


def _parquet(out: Path, rows: Sequence[tuple[Any, ...]]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    types = (pa.string(), pa.string(), pa.float64(), pa.string(), pa.string())
    columns = zip(*rows, strict=True) if rows else ((),) * len(HEADER)
    arrays = [pa.array(list(column), kind) for column, kind in zip(columns, types, strict=True)]
    parquet.write_table(pa.table(arrays, names=list(HEADER)), out)


def _excel(out: Path, rows: Sequence[tuple[Any, ...]]) -> None:
    """One plain sheet with the header in its first row, so that programs can read it too."""
    import xlsxwriter

    from recon.report.clean import cell_text
    from recon.report.excel import OPTIONS

    book = xlsxwriter.Workbook(str(out), OPTIONS)
    sheet = book.add_worksheet("Pairs")
    for at, row in enumerate([HEADER, *rows]):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(at, place, cell_text(cell))
            else:
                sheet.write_number(at, place, cell)
    book.close()
