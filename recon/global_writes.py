"""Does one operation in Visma Global: guard, write and read-back in a single transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from recon.errors import Changed, Refused
from recon.settings import Numbers
from recon.shapes import Record
from recon.spec import Draft, Entity, Next, RowInsert, RowUpdate, RowWrite
from recon.systems.tables import TABLES
from recon.systems.visma_global import Transaction
from recon.workbench import Workbench

GUID = "SeveraGUID"
WHOLE_RANGE = (1, 2**31 - 2)


def create(bench: Workbench, entity: Entity, draft: Draft, guid: str) -> Record:
    """Insert a record with its number and SeveraGUID; if the row is there already (a lost
    answer), it is taken as it is. The record as read back."""
    side = entity.global_side
    writes = side.insert(draft, bench.context)
    row = next((w for w in writes if isinstance(w, RowInsert)), None)
    carrier = row if row and bench.visma_global.has_guid(row.table) else None

    def do(tx: Transaction) -> Record:
        if carrier:
            for table in (carrier.table, *side.elsewhere):
                found = tx.by_guid(table, guid)
                if found:
                    return _again(bench, entity, tx, (draft, str(found[0][carrier.key])))
        rows = [_with_guid(carrier, guid) if carrier and w is carrier else w for w in writes]
        return _again(bench, entity, tx, (draft, _write(bench, tx, rows)), side.fresh)

    return bench.visma_global.in_transaction(f"create {entity.name}", do)


def _with_guid(row: RowInsert, guid: str) -> RowInsert:
    return RowInsert(row.table, {**row.values, GUID: guid}, row.key, row.copied)


def _write(bench: Workbench, tx: Transaction, writes: Sequence[RowWrite]) -> str:
    """Write rows in order, giving each series one number; the key of the record's own row."""
    numbers: dict[Next, int] = {}
    own = ""
    for write in writes:
        for one in _open(write):
            if one not in numbers:
                numbers[one] = _next(bench, tx, one, write.table)
        values = {name: _resolved(value, numbers) for name, value in write.values.items()}
        if isinstance(write, RowInsert):
            _free(tx, write, values)
            tx.insert(write.table, {**_copied(tx, write), **values})
            own = own or str(values[write.key])
        else:
            row = _resolved(write.row, numbers)
            if not tx.update(write.table, row, values):
                raise Changed(f"Row {row} is no longer in Global", where=write.table)
            own = own or str(row)
    return own


def _copied(tx: Transaction, write: RowInsert) -> dict[str, Any]:
    """What a new row takes over from another one, which must be there still."""
    if write.copied is None:
        return {}
    source, clear = write.copied, write.copied.clear
    found = tx.locked(source.table, source.row, *source.columns, *clear)
    where = f"{source.table} {source.row}"
    if found is None:
        raise Changed(f"{where} is no longer in Global", where=source.table)
    if now_set := [name for name in clear if found.get(name)]:
        text = f"{where} has got {', '.join(now_set)} in Global meanwhile; it is planned anew"
        raise Changed(text, where=source.table)
    return {name: found[name] for name in write.copied.columns if name in found}


def _open(write: RowWrite) -> list[Next]:
    values = [*write.values.values(), *([write.row] if isinstance(write, RowUpdate) else [])]
    return [value for value in values if isinstance(value, Next)]


def _resolved(value: Any, numbers: Mapping[Next, int]) -> Any:
    return numbers[value] if isinstance(value, Next) else value


def _next(bench: Workbench, tx: Transaction, one: Next, table: str) -> int:
    usual = Numbers(policy="series" if one.counted else "severa")
    rule = bench.profile.global_.numbers.get(one.series, usual)
    if rule.policy == "series":
        return tx.next_in_series(one.series)
    linked = bench.links.rows(table)
    number = tx.next_free(table, *(rule.range or WHOLE_RANGE))
    while str(number) in linked:  # of a row that was deleted: its link still stands
        number = tx.next_free(table, *(rule.range or WHOLE_RANGE))
    return number


def _free(tx: Transaction, write: RowInsert, values: Mapping[str, Any]) -> None:
    """The lock was taken by `next_free`, or is taken here for a given number."""
    if any(isinstance(value, Next) for value in write.values.values()):
        return
    if tx.locked(write.table, values[write.key]) is not None:
        raise Changed(
            f"Number {values[write.key]} has been taken in Global meanwhile",
            where=write.table,
            todo="It is planned anew in the next run",
        )


def _again(
    bench: Workbench,
    entity: Entity,
    tx: Transaction,
    made: tuple[Draft, str],
    names: Collection[str] = (),
) -> Record:
    """The record as it stands in Global now, read inside the transaction."""
    draft, own = made
    side = entity.global_side
    owner = draft.parent if side.scoped_by == "parent" else own
    found = [r for r in scoped(bench, entity, tx.read, owner, names) if r.role == draft.role]
    mine = [r for r in found if side.scoped_by == "parent" or r.row == own]
    if not mine:
        raise Refused(
            f"The new {entity.title.lower()} row cannot be read back",
            where=f"Visma Global, {side.table}",
            todo="Check the rights of the Global login on that table",
        )
    return mine[0]


def scoped(
    bench: Workbench,
    entity: Entity,
    read: Callable[[Any], list[dict[str, Any]]],
    owner: str | None,
    names: Collection[str] = (),
) -> list[Record]:
    """The records of one owner row, read by the entity's own statements (all, or those named)
    narrowed to it."""
    side = entity.global_side
    rows = {}
    for name, statement in side.selects(bench.profile).items():
        if names and name not in names:
            continue
        column = side.scope[name]
        value = int(owner or 0) if column.type.python_type is int else owner
        rows[name] = read(statement.where(column == value))
    return list(side.records(rows, bench.context))


def update(
    bench: Workbench,
    entity: Entity,
    changes: tuple[str | None, Mapping[str, Any]],
    record: Record,
) -> Record:
    """Change fields of a record that must still be as planned (its digest, if one is given, and
    the values to write); the record as read back."""
    planned, values = changes
    side = entity.global_side
    owner = record.parent if side.scoped_by == "parent" else record.row

    def do(tx: Transaction) -> Record:
        tx.locked(record.table, _key(record))
        now = _one(scoped(bench, entity, tx.read, owner), record.key)
        if now is None or now.digest != (planned or now.digest):
            raise Changed(
                f"{record.name} was changed in Global a moment ago",
                where=f"{record.table} {record.row}",
                todo="It is planned anew",
            )
        _write(bench, tx, side.update(now, values, bench.context))
        after = _one(scoped(bench, entity, tx.read, owner), record.key)
        return after or now

    return bench.visma_global.in_transaction(f"update {entity.name}", do)


def _one(records: Sequence[Record], key: str) -> Record | None:
    return next((record for record in records if record.key == key), None)


def _key(record: Record) -> Any:
    """The primary key in its column's own type."""
    column = next(iter(TABLES[record.table].primary_key.columns))
    return int(record.row) if column.type.python_type is int else record.row


def link(bench: Workbench, record: Record, guid: str, before: str | None) -> None:
    """Write SeveraGUID into a row where it is empty or the same (or as planned, `before`)."""

    def do(tx: Transaction) -> None:
        row = tx.locked(record.table, _key(record))
        now = (row or {}).get(GUID)
        if row is None or (now and now not in (guid, before)):
            raise Changed(
                f"SeveraGUID of {record.name} was set to another record meanwhile",
                where=f"{record.table} {record.row}",
                todo="Decide which of the two is right and clear the other",
            )
        if now != guid:
            tx.update(record.table, _key(record), {GUID: guid})

    bench.visma_global.in_transaction("link", do)
