"""The judge: two end states compared, doubles, losses. Imports nothing of recon.

It reads Global's rows and Severa's documents as they are on disk and knows neither how the
workbench links, nor how it plans, nor what it remembers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.kills.normal import OWNER, POINTERS, TIMES, TITLES, Form, Forms, forms
from tests.kills.state import ARTICLES, LINKED, TABLES, Doc, Key, State, guid_of, inner, read

__all__ = ["State", "compare", "crossed", "duplicates", "lost", "read"]

SAID = 5
# What rows and records refer to: the column, the table it leads to; Severa's property and list.
REFERENCES = (
    ("Employee", "DepNo", "Department", "businessUnit"),
    ("Project", "CustomerNo", "Customer", "customer"),
    ("Project", "PMEmployeeNo", "Employee", "projectOwner"),
    ("Project", "DepNo", "Department", "businessUnit"),
)
COLUMNS = (
    *((table, column, target) for table, column, target, _ in REFERENCES),
    *(("Customer", column, table) for column, table in POINTERS.items()),
)
PROPERTIES = (
    ("addresses", "customer", "customers"),
    ("contactpersons", "customer", "customers"),
    ("contactcommunications", "contact", "contactpersons"),
    ("phases", "project", "projects"),
    ("projectbillingcustomers", "project", "projects"),
    ("projectfees", "project", "projects"),
    ("projectbillingcustomers", "billingCustomer", "customers"),
    *((LINKED[t][0], name, LINKED[target][0]) for t, _, target, name in REFERENCES),
)
# Which of Severa's lists the articles of a type live in; all other types are products.
ARTICLE_TYPES = {3: "travelexpensetypes", 4: "worktypes"}
NAMED = ("businessunits", *ARTICLES, "customers")
NUMBERED = (*NAMED, "users", "projects", "invoices")


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
            yield LINKED[table][0], folded(row["Name"])
    for row in state.rows["Article"].values():
        yield ARTICLE_TYPES.get(row["ArtTypeNo"], "products"), folded(row["Name"])
    for row in state.rows["Employee"].values():
        yield "users", folded(row["Name"]), folded(row["InternalEmailAddress"])
    for row in state.rows["Project"].values():
        owner = row["CustomerNo"]
        yield "projects", parents.get(owner, owner), folded(row["Name"])
    for row in state.rows["Contact"].values():
        owner = row["CustomerNo"]
        yield "contactpersons", parents.get(owner, owner), folded(row["Name"])
    for row in state.rows["CustomerOrder"].values():
        yield "invoices", guid_of(row) or row["OrderNo"]
    for table in ("CustomerInvoiceAdresses", "CustomerDeliveryAddresses"):
        for row in state.rows[table].values():
            place = [str(v) for n, v in sorted(row.items()) if _is_place(n)]
            yield TITLES[table], row[OWNER[table]], folded(" ".join(place))


def _is_place(column: str) -> bool:
    words = ("Adress1", "Address1", "PostCode", "Postoffice", "PostOffice")
    return column.endswith(words)


def _severa_things(state: State) -> Iterator[tuple[Any, ...]]:
    for name in NAMED:
        for doc in state.docs[name].values():
            yield name, folded(doc.get("name"))
    for name in NUMBERED:
        for doc in state.docs[name].values():
            yield name, "number", doc.get("number") or doc.get("code") or doc["guid"]
    for guid, doc in state.docs["projectfees"].items():
        yield "projectfees", doc.get("description") or guid
    for doc in state.docs["users"].values():
        yield "users", _person(doc), folded(doc.get("email"))
    for doc in state.docs["projects"].values():
        yield "projects", inner(doc, "customer"), folded(doc.get("name"))
    for doc in state.docs["contactpersons"].values():
        yield "contactpersons", inner(doc, "customer"), _person(doc)
    for doc in state.docs["contactcommunications"].values():
        kind = inner(doc, "communicationType")
        yield "contactcommunications", inner(doc, "contact"), kind, folded(doc.get("value"))
    for doc in state.docs["addresses"].values():
        flags = tuple(sorted(n for n, v in doc.items() if n.endswith("Address") and v is True))
        place = folded(" ".join(str(doc.get(n)) for n in ("addressline", "postalCode", "city")))
        yield "addresses", inner(doc, "customer"), flags, place


def _person(doc: Doc) -> str:
    return folded(f"{doc.get('firstName') or ''} {doc.get('lastName') or ''}")


def folded(text: object) -> str:
    """A text as people compare it: no case, single spaces, no '-' for a missing first name."""
    return " ".join(str(text or "").casefold().split()).removeprefix("- ")


def _guids(before: State, after: State) -> Iterator[str]:
    for table, collections in LINKED.items():
        then, now = _holders(before, table), _holders(after, table)
        for guid, holders in now.items():
            if len(holders) > max(1, len(then.get(guid, ()))):
                yield f"{len(holders)} rows of {table} carry the SeveraGUID {guid}"
            fresh = holders - then.get(guid, set())
            if fresh and not any(guid in after.docs[name] for name in collections):
                yield f"{table} {sorted(fresh, key=str)}: its SeveraGUID {guid} points to nothing"


def _holders(state: State, table: str) -> dict[str, set[Key]]:
    found: dict[str, set[Key]] = {}
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
    for table, column, target in COLUMNS:
        for key, row in after.rows[table].items():
            then = before.rows[table].get(key, {})
            found = row.get(column)
            if found and found != then.get(column) and found not in after.rows[target]:
                yield f"Global: {table} {key}: {column} {found} points to nothing"
    for name, part, target in PROPERTIES:
        for guid, doc in after.docs[name].items():
            pointed = inner(doc, part)
            old = inner(before.docs[name].get(guid, {}), part)
            if pointed and pointed != old and pointed not in after.docs[target]:
                yield f"Severa: {name} {guid}: its {part} {pointed} is not there"


# --- references -------------------------------------------------------------------------------


def crossed(before: State, after: State) -> list[str]:
    """References of records that one system got from the other that do not lead to the same
    thing in both; where Global names nothing, Severa may have what it requires."""
    found = []
    for table, column, target, part in REFERENCES:
        linked, docs = after.guids(target), after.docs[LINKED[table][0]]
        for key, guid in after.guids(table).items():
            old = key in before.rows[table] and guid in before.docs[LINKED[table][0]]
            pointed = linked.get(after.rows[table][key][column])
            if not old and guid in docs and pointed not in (None, inner(docs[guid], part)):
                found.append(f"{table} {key}: {column} and {part} lead to different things")
    return found
