"""What users do between syncs, as data: an act's name, which record, which value.

Every act takes numbers of any size; it chooses among the records that are there. Linked records
come first and in the same order in both systems, so that equal numbers meet the same pair.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from recon.errors import ReconError
from recon.sandbox import acts_global, acts_goods, acts_projects, acts_severa, acts_staff
from recon.sandbox.world import World
from tests.kills.state import Doc, Row, guid_of
from tests.props.fields import DAYS, GLOBAL_EDITS, PRICES, SEVERA_EDITS, TITLES, Pool, mail
from tests.props.model import LISTS, TABLE_OF, Snapshot, place


@dataclass(frozen=True)
class Step:
    """One act of a user: `which` chooses the record, `what` the value."""

    act: str
    which: int = 0
    what: int = 0

    def __repr__(self) -> str:
        return f"Step({self.act!r}, {self.which}, {self.what})"


class NothingThere(Exception):
    """No record is left for an act."""


@dataclass
class Desk:
    """Both systems as they were before a round, open for users; `silent` are the Global rows that
    were changed without LastUpdate or deleted, `serial` makes names unique."""

    world: World
    now: Snapshot
    serial: int
    silent: set[tuple[str, Any]] = field(default_factory=set)

    def key(self, table: str, which: int) -> Any:
        """The key of a row of a table."""
        linked = [place(p)[1] for p in sorted(self.now.pairs) if place(p)[0] == table]
        return _chosen(linked, self.now.state.rows[table], which)

    def guid(self, collection: str, which: int) -> str:
        """The guid of a document of a collection."""
        pairs = [p for p in sorted(self.now.pairs) if collection in LISTS[p.entity]]
        docs = dict(sorted(self.now.state.docs[collection].items(), key=_said))
        return str(_chosen([p.guid for p in pairs], docs, which))

    def row(self, table: str, which: int) -> Row:
        return self.now.state.rows[table][self.key(table, which)]

    def doc(self, collection: str, which: int) -> Doc:
        return self.now.state.docs[collection][self.guid(collection, which)]


def _said(item: tuple[str, Doc]) -> list[str]:
    """An order that does not depend on the guids that a run makes."""
    return [str(item[1].get(name) or "") for name in ("name", "value", "addressline", "guid")]


def _chosen(linked: Sequence[Any], there: Mapping[Any, Any], which: int) -> Any:
    known = list(dict.fromkeys(key for key in linked if key in there))
    found = known + [key for key in there if key not in known]
    if not found:
        raise NothingThere
    return found[which % len(found)]


Act = Callable[[Desk, int, int], None]


def _value(desk: Desk, pool: Pool, which: int, what: int) -> Any:
    if isinstance(pool, tuple):
        return pool[what % len(pool)]
    if callable(pool):
        return pool(which, what)
    if pool in GLOBAL_EDITS:
        return desk.key(pool, what)
    return {"guid": desk.guid(pool, what)}


def _in_global(table: str, column: str, pool: Pool) -> Act:
    def act(desk: Desk, which: int, what: int) -> None:
        value = _value(desk, pool, which, what)
        acts_global.edit(desk.world, table, desk.key(table, which), {column: value})

    return act


def _silently(table: str, column: str, pool: Pool) -> Act:
    def act(desk: Desk, which: int, what: int) -> None:
        key = desk.key(table, which)
        value = _value(desk, pool, which, what)
        acts_global.edit_silently(desk.world, table, key, {column: value})
        desk.silent.add((table, key))

    return act


def _in_severa(collection: str, name: str, pool: Pool) -> Act:
    def act(desk: Desk, which: int, what: int) -> None:
        value = _value(desk, pool, which, what)
        given = acts_goods.money(value) if isinstance(value, float) and name != "vatRate" else value
        acts_severa.edit(desk.world, collection, desk.guid(collection, which), {name: given})

    return act


# --- new records, and what users should not do ------------------------------------------------


def _new_customer_in_global(desk: Desk, which: int, what: int) -> None:
    name = {"Name": f"Global {desk.serial} AS", "EmailAddress": mail(desk.serial, what)}
    number = acts_global.create_customer(desk.world, {**acts_global.NEW_CUSTOMER, **name})
    contact = {"CustomerNo": number, "Name": f"Ny {desk.serial}", "EmailAddress": mail(which, 0)}
    acts_global.create(desk.world, "Contact", contact)


def _new_customer_in_severa(desk: Desk, which: int, what: int) -> None:
    place_ = {"addressline": "Nygata 1", "postalCode": "7010", "city": "TRONDHEIM"}
    country = {"guid": acts_severa.country(desk.world, "NO")}
    body = {"name": f"Severa {desk.serial} AS", "email": mail(desk.serial, what)}
    guid = acts_severa.create_customer(desk.world, body, {**place_, "country": country})
    if which % 4:
        acts_severa.win_customer(desk.world, guid)


def _new_contact_in_severa(desk: Desk, which: int, what: int) -> None:
    body = {"firstName": "Nina", "lastName": f"Ny{desk.serial}", "jobTitle": TITLES[what % 4]}
    guid = acts_severa.create_contact(desk.world, desk.guid("customers", which), body)
    acts_severa.add_communication(desk.world, guid, "MobilePhone", f"9150{desk.serial:04d}")


def _new_contact_in_global(desk: Desk, which: int, what: int) -> None:
    customer = desk.key("Customer", which)
    values = {"CustomerNo": customer, "Name": f"Per Ny{desk.serial}", "Titel": TITLES[what % 4]}
    acts_global.create(desk.world, "Contact", values)


def _new_communication(desk: Desk, which: int, what: int) -> None:
    kind = ("EmailAddress", "Phone", "MobilePhone")[what % 3]
    value = f"ny{desk.serial}@kunde.example" if what % 3 == 0 else f"2250{desk.serial:04d}"
    acts_severa.add_communication(desk.world, desk.guid("contactpersons", which), kind, value)


def _new_department(desk: Desk, _which: int, _what: int) -> None:
    acts_global.create(desk.world, "Department", {"Name": f"Ny avdeling {desk.serial}"})


def _new_employee(desk: Desk, _which: int, _what: int) -> None:
    acts_staff.create_employee(desk.world, f"Anne Ny{desk.serial}")


def _new_user(desk: Desk, which: int, _what: int) -> None:
    code = f"{900 + desk.serial % 100}" if which % 3 else ""
    acts_staff.create_user(desk.world, f"Lise Ny{desk.serial}", code)


def _new_article(desk: Desk, which: int, what: int) -> None:
    values = {
        "Name": f"Nyhet {desk.serial}",
        "Price1": PRICES[what % 4],
        "ArtTypeNo": 2 + which % 3,
    }
    acts_goods.create_article(desk.world, f"N{desk.serial}", values)


def _new_product(desk: Desk, which: int, what: int) -> None:
    code = f"{1900 + desk.serial % 100}" if which % 3 else f"P{desk.serial}"
    acts_goods.create_product(desk.world, f"Produkt {desk.serial}", code, PRICES[what % 4] or 1.0)


def _new_project_in_severa(desk: Desk, which: int, what: int) -> None:
    values = {"name": f"Vunnet {desk.serial}", "deadline": DAYS[what % 3]}
    acts_severa.create_project(desk.world, desk.guid("customers", which), values)


def _new_project_in_global(desk: Desk, which: int, what: int) -> None:
    values = {"Name": f"Prosjekt {desk.serial}", "DepNo": desk.key("Department", what)}
    acts_projects.create_in_global(desk.world, desk.key("Customer", which), values)


def _bill_another(desk: Desk, which: int, what: int) -> None:
    project, customer = desk.guid("projects", which), desk.guid("customers", what)
    acts_severa.bill_another(desk.world, project, customer)


def _status(desk: Desk, which: int, what: int) -> None:
    kinds = acts_severa.documents(desk.world, "salesstatustypes")
    status = sorted(kind["guid"] for kind in kinds)[what % len(kinds)]
    acts_projects.change_status(desk.world, desk.guid("projects", which), status)


def _merge(desk: Desk, which: int, what: int) -> None:
    one, into = desk.key("Customer", which), desk.key("Customer", which + 1 + what % 3)
    if one != into:
        acts_global.merge(desk.world, one, into)


def _twice_in_global(desk: Desk, which: int, _what: int) -> None:
    acts_global.duplicate_customer(desk.world, desk.key("Customer", which))


def _twice_in_severa(desk: Desk, which: int, what: int) -> None:
    guid = acts_severa.duplicate_customer(desk.world, desk.guid("customers", which))
    if what % 2:
        acts_severa.win_customer(desk.world, guid)


def _guid(table: str) -> Act:
    """A SeveraGUID is emptied, copied from another row, or points to nothing."""

    def act(desk: Desk, which: int, what: int) -> None:
        key, other = desk.key(table, which), desk.row(table, which + what)
        value = ("", guid_of(other), desk.world.guids.new(f"by hand/{what}"))[what % 3]
        acts_global.set_guid(desk.world, table, key, value)
        desk.silent.add((table, key))

    return act


def _gone_in_global(table: str) -> Act:
    def act(desk: Desk, which: int, _what: int) -> None:
        key = desk.key(table, which)
        acts_global.vanish(desk.world, table, key)
        desk.silent.add((table, key))

    return act


def _gone_in_severa(collection: str) -> Act:
    def act(desk: Desk, which: int, _what: int) -> None:
        guid = desk.guid(collection, which)
        acts_severa.vanish(desk.world, collection, guid)
        desk.silent.add((collection, guid))

    return act


def _edits() -> dict[str, Act]:
    found: dict[str, Act] = {}
    for table, columns in GLOBAL_EDITS.items():
        for column, pool in columns.items():
            found[f"Global {table}.{column}"] = _in_global(table, column, pool)
            found[f"silently {table}.{column}"] = _silently(table, column, pool)
    for collection, names in SEVERA_EDITS.items():
        for name, pool in names.items():
            found[f"Severa {collection}.{name}"] = _in_severa(collection, name, pool)
    return found


NEW: Mapping[str, Act] = {
    "new customer in Global": _new_customer_in_global,
    "new customer in Severa": _new_customer_in_severa,
    "new contact in Global": _new_contact_in_global,
    "new contact in Severa": _new_contact_in_severa,
    "new communication in Severa": _new_communication,
    "new department": _new_department,
    "new employee": _new_employee,
    "new user": _new_user,
    "new article": _new_article,
    "new product": _new_product,
    "new project in Global": _new_project_in_global,
    "new project in Severa": _new_project_in_severa,
}
MOVES: Mapping[str, Act] = {
    "bill another customer": _bill_another,
    "another sales status": _status,
}
ODD: Mapping[str, Act] = {
    "merge customers": _merge,
    "customer twice in Global": _twice_in_global,
    "customer twice in Severa": _twice_in_severa,
    **{f"SeveraGUID by hand in {t}": _guid(t) for t in sorted(TABLE_OF.values())},
    "contact gone in Global": _gone_in_global("Contact"),
    "customer gone in Global": _gone_in_global("Customer"),
    "project gone in Global": _gone_in_global("Project"),
    "contact gone in Severa": _gone_in_severa("contactpersons"),
    "communication gone in Severa": _gone_in_severa("contactcommunications"),
    "project gone in Severa": _gone_in_severa("projects"),
    "customer gone in Severa": _gone_in_severa("customers"),
}
EDITS = _edits()
ACTS: Mapping[str, Act] = {**EDITS, **NEW, **MOVES, **ODD}


def do(desk: Desk, step: Step) -> bool:
    """Do one act; whether it could be done (systems refuse some, and records go)."""
    try:
        ACTS[step.act](desk, step.which, step.what)
    except (ReconError, NothingThere):
        return False
    return True
