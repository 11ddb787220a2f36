"""What users of both systems did before the run that is killed: creates, updates, drift and
conflicts on both sides for a sync, changes to what is linked for a narrow one, and records without
codes for a code plan. Each needs the company's server running."""

from __future__ import annotations

from pathlib import Path

from recon.sandbox import acts_global as ours
from recon.sandbox import acts_severa as theirs
from tests.kills import edits_work as work
from tests.kills.desk import Desk, sitting
from tests.kills.state import Key, inner

EACH = 3
COMPANIES = 1


def make(folder: Path, seed: int) -> None:
    """Something of everything, for a sync that must look at all."""
    with sitting(folder, seed) as desk:
        customers = _new_in_global(desk)
        work.new_in_global(desk, customers)
        work.new_in_severa(desk, _new_in_severa(desk))
        _changed_in_severa(desk)
        _changed_in_global(desk)
        _changed_in_both(desk)
        work.changed(desk)


def make_narrow(folder: Path, seed: int) -> None:
    """Changes to what is linked and new records below it: their families are enough to see."""
    with sitting(folder, seed + 1) as desk:
        for at in range(EACH):
            _contact(desk, desk.customers[at][0], f"Smal Global{at}")
            _person(desk, desk.customers[EACH + at][1], f"Smal{at}")
        _changed_in_severa(desk)
        _changed_in_global(desk)
        work.changed(desk)


def make_uncoded(folder: Path, seed: int) -> None:
    """Records without codes, for a code plan."""
    with sitting(folder, seed) as desk:
        work.uncoded(desk)


def _new_in_global(desk: Desk) -> list[int]:
    """The numbers of the new customers."""
    made = []
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
        made.append(number)
        _contact(desk, number, f"Global Ny{at}")
        _contact(desk, desk.customers[at][0], f"Global Ekstra{at}")
    for _ in range(2):
        _contact(desk, desk.customers[EACH - 1][0], "Tvilling Hansen")
    return made


def _contact(desk: Desk, customer: Key, name: str) -> None:
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


def _new_in_severa(desk: Desk) -> list[str]:
    """The guids of the new customers."""
    made = []
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
        made.append(customer)
        theirs.win_customer(desk.world, customer)
        _person(desk, customer, f"Severa{at}")
        _person(desk, desk.customers[EACH + at][1], f"Tillegg{at}")
    return made


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
    for number, _ in desk.linked["Department"][:4]:
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
