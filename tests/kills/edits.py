"""What users of both systems did since the onboarding, so that a sync has something of everything:
creates, updates, drift and conflicts on both sides."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from recon.sandbox import acts_global as ours
from recon.sandbox import acts_severa as theirs
from recon.sandbox import world as worlds
from recon.sandbox.world import World
from tests.kills.state import State, guid_of, inner, read

EACH = 3
COMPANIES = 1


@dataclass(frozen=True)
class Desk:
    """An open company and what is linked in it: (Global's number, Severa's guid), in order."""

    world: World
    state: State
    customers: list[tuple[int, str]]
    contacts: list[tuple[int, str]]
    departments: list[tuple[int, str]]


def make(folder: Path, seed: int) -> None:
    """Do all edits; the company's server must be running."""
    state, dice = read(folder), random.Random(seed)
    linked = {t: _linked(state, t, dice) for t in ("Customer", "Contact", "Department")}
    with worlds.open_world(folder) as opened:
        desk = Desk(opened, state, linked["Customer"], linked["Contact"], linked["Department"])
        _new_in_global(desk)
        _new_in_severa(desk)
        _changed_in_severa(desk)
        _changed_in_global(desk)
        _changed_in_both(desk)


def _linked(state: State, table: str, dice: random.Random) -> list[tuple[int, str]]:
    collection = {"Customer": "customers", "Contact": "contactpersons"}.get(table, "businessunits")
    rows = sorted(state.rows[table].items())
    active = [(n, guid_of(row)) for n, row in rows if not row["InActiveYesNo"]]
    found = [(number, guid) for number, guid in active if guid in state.docs[collection]]
    dice.shuffle(found)
    return found


def _new_in_global(desk: Desk) -> None:
    for at in range(EACH):
        number = ours.create_customer(
            desk.world,
            {
                "Name": f"Nykunde Global {at} AS",
                "CustomerTypeNo": COMPANIES,
                "CountryNo": 578,
                "CurrencyNo": 578,
                "TermsOfPayCustNo": 5,
                "Address1": f"Storgata {at + 1}",
                "PostCode": "7010",
                "PostOffice": "TRONDHEIM",
                "Telephone": f"7350010{at}",
                "EmailAddress": f"post@nykunde{at}.no",
            },
        )
        _contact(desk, number, f"Global Ny{at}")
        _contact(desk, desk.customers[at][0], f"Global Ekstra{at}")
    for _ in range(2):
        _contact(desk, desk.customers[EACH - 1][0], "Tvilling Hansen")
    for at in range(2):
        ours.create(desk.world, "Department", {"Name": f"Ny avdeling {at}"})


def _contact(desk: Desk, customer: int, name: str) -> None:
    mailbox = name.replace(" ", ".").lower()
    values = {
        "CustomerNo": customer,
        "Name": name,
        "Titel": "Innkjøper",
        "EmailAddress": f"{mailbox}@kunde.no",
        "DirectTelephone": "73500200",
        "MobileTelephone": "91500200",
    }
    ours.create(desk.world, "Contact", values)


def _new_in_severa(desk: Desk) -> None:
    norway = theirs.country(desk.world, "NO")
    for at in range(EACH):
        place = {
            "addressline": f"Lillegata {at + 1}",
            "postalCode": "0150",
            "city": "OSLO",
            "phone": f"2250030{at}",
            "country": {"guid": norway},
        }
        body = {"name": f"Nykunde Severa {at} AS", "email": f"hei@severakunde{at}.no"}
        customer = theirs.create_customer(desk.world, body, place)
        theirs.win_customer(desk.world, customer)
        _person(desk, customer, f"Severa{at}")
        _person(desk, desk.customers[EACH + at][1], f"Tillegg{at}")


def _person(desk: Desk, customer: str, name: str) -> None:
    body = {"firstName": "Kari", "lastName": name, "jobTitle": "Daglig leder"}
    contact = theirs.create_contact(desk.world, customer, body)
    theirs.add_communication(desk.world, contact, "EmailAddress", f"kari.{name.lower()}@kunde.no")
    theirs.add_communication(desk.world, contact, "MobilePhone", "91500300")


def _changed_in_severa(desk: Desk) -> None:
    for at, (_, guid) in enumerate(desk.customers[: 2 * EACH]):
        theirs.edit(desk.world, "customers", guid, {"email": f"ny.adresse{at}@kunde.no"})
        for address, doc in desk.state.docs["addresses"].items():
            if inner(doc, "customer") == guid and doc.get("isPostalAddress"):
                theirs.edit(desk.world, "addresses", address, {"phone": f"2250040{at}"})
    for _, guid in desk.contacts[:EACH]:
        theirs.edit(desk.world, "contactpersons", guid, {"lastName": "Navnbytte"})


def _changed_in_global(desk: Desk) -> None:
    """The master's changes are transferred, the others are drift."""
    for number, _ in desk.departments[:4]:
        name = desk.state.rows["Department"][number]["Name"]
        ours.edit(desk.world, "Department", number, {"Name": f"{name} II"})
    for at, (number, _) in enumerate(desk.customers[: 4 * EACH]):
        ours.edit(desk.world, "Customer", number, {"WWWAddress": f"www.nettsted{at}.no"})
    for number, _ in desk.contacts[: 2 * EACH]:
        ours.edit(desk.world, "Contact", number, {"Titel": "Prosjektleder"})
    ours.edit_silently(desk.world, "Customer", desk.customers[0][0], {"EmailAddress": "b@kunde.no"})


def _changed_in_both(desk: Desk) -> None:
    number, guid = desk.customers[-1]
    ours.edit(desk.world, "Customer", number, {"EmailAddress": "global@begge.no"})
    theirs.edit(desk.world, "customers", guid, {"email": "severa@begge.no"})
