"""A seeded mix of what users of both systems do on one day."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from recon.errors import Refused
from recon.sandbox import acts_global, acts_goods, acts_projects, acts_severa, acts_staff
from recon.sandbox.company_cases import TRANSFERRING
from recon.sandbox.nordic import slug
from recon.sandbox.nordic_lands import NORWAY, TITLES
from recon.sandbox.nordic_numbers import phone
from recon.sandbox.world import Act, World

Row = dict[str, Any]
TRIES = 20
SUFFIXES = ("Gruppen", "Norge", "Nord", "Partner", "Invest")


class Day:
    """Both systems as they stand in the morning, and dice; each record is touched once."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.dice = random.Random(f"day/{seed}")  # noqa: S311
        self.touched: set[str] = set()
        self.made = 0
        customers = acts_global.rows(world, "Customer", InActiveYesNo=0)
        self.ours = [row for row in customers if row["CustomerTypeNo"] in TRANSFERRING]
        self.our_contacts = acts_global.rows(world, "Contact", InActiveYesNo=0)
        self.departments = acts_global.rows(world, "Department", InActiveYesNo=0)
        self.theirs = [row for row in acts_severa.documents(world, "customers") if row["isActive"]]
        self.their_contacts = acts_severa.documents(world, "contactpersons")
        self.addresses = acts_severa.documents(world, "addresses")
        self.projects = acts_severa.documents(world, "projects")
        self.articles = acts_global.rows(world, "Article", InActiveYesNo=0)
        self.products = acts_severa.documents(world, "products")
        self.employees = acts_global.rows(world, "Employee", InActiveYesNo=0)
        self.users = [row for row in acts_severa.documents(world, "users") if row["isActive"]]

    def one(self, rows: Sequence[Row], key: str) -> Row:
        """A record that nobody touched today; `Refused` where there is none left."""
        left = [row for row in rows if str(row[key]) not in self.touched]
        if not left:
            raise Refused("Nothing is left to act on", todo="Ask for fewer edits")
        chosen = self.dice.choice(left)
        self.touched.add(str(chosen[key]))
        return chosen

    def linked(self) -> tuple[Row, Row]:
        """A customer in both systems, by the SeveraGUID in Global."""
        theirs = {row["guid"]: row for row in self.theirs}
        rows = [row for row in self.ours if row["SeveraGUID"] in theirs]
        ours = self.one(rows, "CustomerNo")
        self.touched.add(ours["SeveraGUID"])
        return ours, theirs[ours["SeveraGUID"]]

    def new_name(self) -> str:
        """A company name that nobody has yet."""
        self.made += 1
        stem = self.dice.choice(("Vinterhavn", "Solberget", "Elvestad", "Gråstein", "Lyngmo"))
        return f"{stem} {self.dice.choice(NORWAY.trades)} {self.made}{self.dice.randint(10, 99)} AS"

    def renamed(self, name: str) -> str:
        """The name of a company after a change of owners."""
        first = name.split()[0]
        return f"{first} {self.dice.choice(SUFFIXES)} {self.dice.randint(2, 99)} AS"


Move = Callable[[Day], Act]


# --- in Severa --------------------------------------------------------------------------------


def rename_in_severa(day: Day) -> Act:
    """A customer gets another name."""
    row = day.one(day.theirs, "guid")
    name = day.renamed(row["name"])
    acts_severa.edit(day.world, "customers", row["guid"], {"name": name})
    return Act("severa", "customer", row["guid"], f"renamed '{row['name']}' to '{name}'")


def email_in_severa(day: Day) -> Act:
    """A customer gets another e-mail address."""
    row = day.one(day.theirs, "guid")
    email = f"ny{day.dice.randint(10, 99)}@{slug(row['name'])}.example"
    acts_severa.edit(day.world, "customers", row["guid"], {"email": email})
    return Act("severa", "customer", row["guid"], f"e-mail of '{row['name']}' is now {email}")


def terms_in_severa(day: Day) -> Act:
    """A customer gets another payment term."""
    row = day.one(day.theirs, "guid")
    days = day.dice.choice([each for each in (14, 20, 30, 45) if each != row["paymentTerm"]])
    acts_severa.edit(day.world, "customers", row["guid"], {"paymentTerm": days})
    return Act("severa", "customer", row["guid"], f"'{row['name']}' now pays in {days} days")


def move_in_severa(day: Day) -> Act:
    """An address gets another street."""
    row = day.one(day.addresses, "guid")
    street = f"{day.dice.choice(NORWAY.streets)} {day.dice.randint(200, 299)}"
    acts_severa.edit(day.world, "addresses", row["guid"], {"addressline": street})
    return Act("severa", "address", row["guid"], f"moved to {street}")


def promote_in_severa(day: Day) -> Act:
    """A contact gets another title."""
    row = day.one(day.their_contacts, "guid")
    title = day.dice.choice([each for each in TITLES if each != row["jobTitle"]])
    acts_severa.edit(day.world, "contactpersons", row["guid"], {"jobTitle": title})
    return Act("severa", "contact", row["guid"], f"{row['name']} is now {title}")


def mobile_in_severa(day: Day) -> Act:
    """A contact gets a mobile phone."""
    row = day.one(day.their_contacts, "guid")
    number = phone(NORWAY.mobile, day.dice)
    acts_severa.add_communication(day.world, row["guid"], "MobilePhone", number)
    return Act("severa", "contact", row["guid"], f"{row['name']} has the mobile phone {number}")


def contact_in_severa(day: Day) -> Act:
    """A customer gets a new contact."""
    row = day.one(day.theirs, "guid")
    name = {"firstName": "Nina", "lastName": f"Nyansatt{day.dice.randint(100, 999)}"}
    guid = acts_severa.create_contact(day.world, row["guid"], name)
    return Act("severa", "contact", guid, f"new contact {name['lastName']} at '{row['name']}'")


def new_in_severa(day: Day) -> Act:
    """A new customer, with a won project."""
    name = day.new_name()
    guid = acts_severa.create_customer(day.world, {"name": name})
    acts_severa.win_customer(day.world, guid)
    return Act("severa", "customer", guid, f"registered '{name}' and won a project")


def win_in_severa(day: Day) -> Act:
    """A project that was only hoped for is won."""
    won = day.world.profile.transfer.won_statuses
    sold = [row for row in day.projects if row["salesStatus"]]
    hoped = [row for row in sold if row["salesStatus"]["salesStatusTypeGuid"] not in won]
    row = day.one(hoped, "guid")
    acts_severa.win(day.world, row["guid"])
    return Act("severa", "project", row["guid"], f"won '{row['name']}'")


def renumber_in_severa(day: Day) -> Act:
    """A customer gets another number."""
    row = day.one(day.theirs, "guid")
    number = max(each["number"] or 0 for each in day.theirs) + day.dice.randint(100, 9999)
    acts_severa.renumber(day.world, row["guid"], number)
    return Act("severa", "customer", row["guid"], f"'{row['name']}' has number {number} now")


def deactivate_in_severa(day: Day) -> Act:
    """A customer is made inactive."""
    row = day.one(day.theirs, "guid")
    acts_severa.deactivate(day.world, "customers", row["guid"])
    return Act("severa", "customer", row["guid"], f"'{row['name']}' is inactive")


def twice_in_severa(day: Day) -> Act:
    """A customer is registered a second time."""
    row = day.one(day.theirs, "guid")
    guid = acts_severa.duplicate_customer(day.world, row["guid"])
    return Act("severa", "customer", guid, f"registered '{row['name']}' a second time")


def vanish_in_severa(day: Day) -> Act:
    """A contact is deleted."""
    row = day.one(day.their_contacts, "guid")
    acts_severa.vanish(day.world, "contactpersons", row["guid"])
    return Act("severa", "contact", row["guid"], f"deleted {row['name']}")


# --- in Global --------------------------------------------------------------------------------


def phone_in_global(day: Day) -> Act:
    """A customer gets another phone number."""
    return _in_global(day, lambda _row: {"Telephone": phone(NORWAY.phone, day.dice)})


def email_in_global(day: Day) -> Act:
    """A customer gets another e-mail address."""
    return _in_global(
        day, lambda row: {"EmailAddress": f"regnskap{row['CustomerNo']}@global.example"}
    )


def lock_in_global(day: Day) -> Act:
    """A customer is locked."""
    return _in_global(day, lambda _row: {"LockedYesNo": 1})


def deactivate_in_global(day: Day) -> Act:
    """A customer is made inactive."""
    return _in_global(day, lambda _row: {"InActiveYesNo": 1})


def _in_global(day: Day, change: Callable[[Row], Row]) -> Act:
    row = day.one(day.ours, "CustomerNo")
    values = change(row)
    acts_global.edit(day.world, "Customer", row["CustomerNo"], values)
    told = ", ".join(f"{name} = {value}" for name, value in values.items())
    return Act("global", "customer", str(row["CustomerNo"]), f"'{row['Name'].strip()}': {told}")


def silently_in_global(day: Day) -> Act:
    """Another program writes a web address and leaves LastUpdate alone."""
    row = day.one(day.ours, "CustomerNo")
    site = f"www.ny{day.dice.randint(10, 99)}.example"
    acts_global.edit_silently(day.world, "Customer", row["CustomerNo"], {"WWWAddress": site})
    text = f"'{row['Name'].strip()}': WWWAddress = {site}, without LastUpdate"
    return Act("global", "customer", str(row["CustomerNo"]), text)


def promote_in_global(day: Day) -> Act:
    """A contact gets another title."""
    row = day.one(day.our_contacts, "ContactNo")
    title = day.dice.choice([each for each in TITLES if each != row["Titel"]])
    acts_global.edit(day.world, "Contact", row["ContactNo"], {"Titel": title})
    return Act("global", "contact", str(row["ContactNo"]), f"{row['Name']} is now {title}")


def rename_department(day: Day) -> Act:
    """A department gets another name."""
    row = day.one(day.departments, "DepNo")
    name = f"{row['Name']} {day.dice.choice(('øst', 'vest', 'nord'))}"
    acts_global.edit(day.world, "Department", row["DepNo"], {"Name": name})
    return Act("global", "department", str(row["DepNo"]), f"renamed to '{name}'")


def new_in_global(day: Day) -> Act:
    """A new customer, with a contact."""
    name = day.new_name()
    number = acts_global.create_customer(day.world, {**acts_global.NEW_CUSTOMER, "Name": name})
    contact = {
        "CustomerNo": number,
        "Name": "Kari Ny",
        "EmailAddress": f"kari@{slug(name)}.example",
    }
    acts_global.create(day.world, "Contact", contact)
    return Act("global", "customer", str(number), f"registered '{name}'")


def twice_in_global(day: Day) -> Act:
    """A customer is registered a second time."""
    row = day.one(day.ours, "CustomerNo")
    number = acts_global.duplicate_customer(day.world, row["CustomerNo"])
    return Act("global", "customer", str(number), f"registered '{row['Name']}' a second time")


def guid_in_global(day: Day) -> Act:
    """Somebody writes a SeveraGUID that points to nothing."""
    row = day.one([row for row in day.ours if not row["SeveraGUID"]], "CustomerNo")
    guid = day.world.guids.new(f"by hand/{row['CustomerNo']}")
    acts_global.set_guid(day.world, "Customer", row["CustomerNo"], guid)
    return Act("global", "customer", str(row["CustomerNo"]), "a SeveraGUID that points to nothing")


def vanish_in_global(day: Day) -> Act:
    """A contact is deleted."""
    row = day.one(day.our_contacts, "ContactNo")
    acts_global.vanish(day.world, "Contact", row["ContactNo"])
    return Act("global", "contact", str(row["ContactNo"]), f"deleted {row['Name']}")


# --- in both ----------------------------------------------------------------------------------


def clash_in_both(day: Day) -> Act:
    """The same customer gets two different e-mail addresses."""
    return _both(day, "global.example", "severa.example")


def agree_in_both(day: Day) -> Act:
    """The same customer gets the same new e-mail address twice."""
    return _both(day, "felles.example", "felles.example")


def _both(day: Day, ours: str, theirs: str) -> Act:
    row, document = day.linked()
    number, guid = row["CustomerNo"], document["guid"]
    local = f"post{number}"
    acts_global.edit(day.world, "Customer", number, {"EmailAddress": f"{local}@{ours}"})
    acts_severa.edit(day.world, "customers", guid, {"email": f"{local}@{theirs}"})
    text = f"e-mail of '{document['name']}': {ours} in Global, {theirs} in Severa"
    return Act("global", "customer", str(number), text)


MOVES: tuple[tuple[int, Move], ...] = (
    (10, rename_in_severa),
    (8, email_in_severa),
    (6, terms_in_severa),
    (8, move_in_severa),
    (8, promote_in_severa),
    (5, mobile_in_severa),
    (5, contact_in_severa),
    (6, new_in_severa),
    (6, win_in_severa),
    (2, renumber_in_severa),
    (2, deactivate_in_severa),
    (2, twice_in_severa),
    (2, vanish_in_severa),
    (8, phone_in_global),
    (4, email_in_global),
    (2, lock_in_global),
    (2, deactivate_in_global),
    (4, silently_in_global),
    (5, promote_in_global),
    (4, rename_department),
    (6, new_in_global),
    (2, twice_in_global),
    (2, guid_in_global),
    (2, vanish_in_global),
    (4, clash_in_both),
    (3, agree_in_both),
    (3, acts_goods.price_in_global),
    (1, acts_goods.rename_article),
    (1, acts_goods.vat_in_global),
    (1, acts_goods.deactivate_article),
    (2, acts_goods.article_in_global),
    (2, acts_goods.price_in_severa),
    (1, acts_goods.rename_product),
    (1, acts_goods.deactivate_product),
    (2, acts_goods.product_in_severa),
    (2, acts_projects.rename_project),
    (2, acts_projects.delay_project),
    (2, acts_projects.hand_over_project),
    (2, acts_projects.close_project),
    (1, acts_projects.lose_project),
    (2, acts_projects.project_in_severa),
    (2, acts_projects.project_in_global),
    (1, acts_projects.move_project_in_global),
    (1, acts_projects.close_project_in_global),
    (2, acts_staff.marry_in_global),
    (2, acts_staff.reach_in_global),
    (1, acts_staff.move_in_global),
    (1, acts_staff.leave_in_global),
    (2, acts_staff.hire_in_global),
    (1, acts_staff.marry_in_severa),
    (2, acts_staff.promote_user),
    (1, acts_staff.phone_of_user),
    (1, acts_staff.deactivate_user),
    (1, acts_staff.renumber_user),
    (2, acts_staff.hire_in_severa),
)


def random_edits(world: World, seed: int, count: int) -> list[Act]:
    """Do `count` acts of a day that the seed decides; each record is touched once.

    `Refused` where no record is left for any of several tries.
    """
    day = Day(world, seed)
    return [_some_move(day) for _ in range(count)]


def _some_move(day: Day) -> Act:
    weights = [weight for weight, _ in MOVES]
    for _ in range(TRIES):
        _, move = day.dice.choices(MOVES, weights)[0]
        try:
            return move(day)
        except Refused as error:
            refusal = error
    raise refusal
