"""The judge: two end states compared, doubles, losses. Imports nothing of recon.

It reads Global's rows and Severa's documents as they are on disk and knows neither how the
workbench links, nor how it plans, nor what it remembers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.kills.normal import OWNER, POINTERS, TIMES, TITLES, Form, Forms, forms
from tests.kills.state import LINKED, TABLES, State, guid_of, inner, read

__all__ = ["State", "compare", "duplicates", "lost", "read"]

SAID = 5


def compare(one: State, other: State, before: State) -> list[str]:
    """Where two end states of the same start differ, modulo guids, free numbers and times."""
    known = {guid for docs in before.docs.values() for guid in docs}
    a, b = forms(one, known), forms(other, known)
    return [text for label in sorted({*a, *b}) for text in _differences(label, a, b)]


def _differences(label: str, one: Forms, other: Forms) -> Iterator[str]:
    a, b = one.get(label, []), other.get(label, [])
    if len(a) != len(b):
        yield f"{label}: there {len(a)} times in one, {len(b)} times in the other"
        return
    for left, right in zip(a, b, strict=True):
        if left != right:
            yield f"{label}: {_fields(left, right)}"


def _fields(left: Form, right: Form) -> str:
    names = sorted(n for n in {*left, *right} if left.get(n) != right.get(n))
    return "; ".join(f"{n} {left.get(n)} ≠ {right.get(n)}" for n in names[:SAID])


# --- doubles ----------------------------------------------------------------------------------


def duplicates(before: State, after: State) -> list[str]:
    """Records of a source that stand twice in the target and did not before; SeveraGUIDs that
    point to nothing, or stand in two rows, and did not before."""
    parents = after.customers()
    then, now = _things(before, parents), _things(after, parents)
    found = [
        f"{system} has {' / '.join(map(str, thing))} {count} times, "
        f"before {then[system][thing]} times"
        for system, other in (("Global", "Severa"), ("Severa", "Global"))
        for thing, count in now[system].items()
        if count > max(1, then[system][thing], then[other][thing])
    ]
    return found + list(_guids(before, after))


def _things(state: State, parents: Mapping[int, str]) -> dict[str, Counter[tuple[Any, ...]]]:
    """How often each thing is in each system; `parents` tells which customers are the same."""
    return {
        "Global": Counter(_global_things(state, parents)),
        "Severa": Counter(_severa_things(state)),
    }


def _global_things(state: State, parents: Mapping[int, str]) -> Iterator[tuple[Any, ...]]:
    for table in ("Department", "Customer"):
        for row in state.rows[table].values():
            yield LINKED[table], folded(row["Name"])
    for row in state.rows["Contact"].values():
        owner = row["CustomerNo"]
        yield "contactpersons", parents.get(owner, owner), folded(row["Name"])
    for table in ("CustomerInvoiceAdresses", "CustomerDeliveryAddresses"):
        for row in state.rows[table].values():
            place = [str(v) for n, v in sorted(row.items()) if _is_place(n)]
            yield TITLES[table], row[OWNER[table]], folded(" ".join(place))


def _is_place(column: str) -> bool:
    words = ("Adress1", "Address1", "PostCode", "Postoffice", "PostOffice")
    return column.endswith(words)


def _severa_things(state: State) -> Iterator[tuple[Any, ...]]:
    for name in ("businessunits", "customers"):
        for doc in state.docs[name].values():
            yield name, folded(doc.get("name"))
            yield name, "number", doc.get("number") or doc.get("code") or doc["guid"]
    for doc in state.docs["contactpersons"].values():
        name = folded(f"{doc.get('firstName') or ''} {doc.get('lastName') or ''}")
        yield "contactpersons", inner(doc, "customer"), name
    for doc in state.docs["contactcommunications"].values():
        kind = inner(doc, "communicationType")
        yield "contactcommunications", inner(doc, "contact"), kind, folded(doc.get("value"))
    for doc in state.docs["addresses"].values():
        flags = tuple(sorted(n for n, v in doc.items() if n.endswith("Address") and v is True))
        place = folded(" ".join(str(doc.get(n)) for n in ("addressline", "postalCode", "city")))
        yield "addresses", inner(doc, "customer"), flags, place


def folded(text: object) -> str:
    """A text as people compare it: no case, single spaces, no '-' for a missing first name."""
    return " ".join(str(text or "").casefold().split()).removeprefix("- ")


def _guids(before: State, after: State) -> Iterator[str]:
    for table, collection in LINKED.items():
        then, now = _holders(before, table), _holders(after, table)
        for guid, holders in now.items():
            if len(holders) > max(1, len(then.get(guid, ()))):
                yield f"{len(holders)} rows of {table} carry the SeveraGUID {guid}"
            fresh = holders - then.get(guid, set())
            if fresh and guid not in after.docs[collection]:
                yield f"{table} {sorted(fresh)}: its SeveraGUID {guid} points to nothing"


def _holders(state: State, table: str) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for number, row in state.rows[table].items():
        if guid_of(row):
            found.setdefault(guid_of(row), set()).add(number)
    return found


# --- losses -----------------------------------------------------------------------------------


def lost(before: State, after: State) -> list[str]:
    """Records that are gone, fields that were filled and are empty, references to nothing."""
    found = [*_lost_rows(before, after), *_lost_docs(before, after)]
    return found + list(_dangling(before, after))


def _lost_rows(before: State, after: State) -> Iterator[str]:
    for table in TABLES:
        for number, row in before.rows[table].items():
            now = after.rows[table].get(number)
            if now is None:
                yield f"Global: {table} {number} is gone"
            else:
                yield from (f"Global: {table} {number}: {n} is empty" for n in _emptied(row, now))


def _lost_docs(before: State, after: State) -> Iterator[str]:
    for name, docs in before.docs.items():
        for guid, doc in docs.items():
            now = after.docs[name].get(guid)
            if now is None:
                yield f"Severa: {name} {guid} is gone"
            else:
                yield from (f"Severa: {name} {guid}: {n} is empty" for n in _emptied(doc, now))


def _emptied(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterable[str]:
    """Fields that held a text or a number; a flag that was cleared is a change, not a loss."""
    for name, value in then.items():
        flag = isinstance(value, bool) or name.endswith("YesNo")
        if value and not now.get(name) and not flag and name not in TIMES:
            yield name


def _dangling(before: State, after: State) -> Iterator[str]:
    for number, row in after.rows["Customer"].items():
        then = before.rows["Customer"].get(number, {})
        for column, table in POINTERS.items():
            target = row.get(column)
            if target and target != then.get(column) and target not in after.rows[table]:
                yield f"Global: customer {number}: {column} {target} points to nothing"
