"""The shared fields of users and employees. What is private is in neither of them."""

from __future__ import annotations

from recon import text
from recon.spec import Field

FIELDS = (
    Field(
        "name",
        "Name",
        "Employee.Name, Employee.FamilyName",
        "firstName, lastName",
        compare=text.person,
        loses="Global has one text. A new user's last name is Global's FamilyName if the text ends "
        "with it, else the last word with its particles; a change keeps the first or the last name "
        "that stays. A one-word name is written to Severa with the first name '-'. Global's "
        "MiddleName and FamilyName are joined to a Name of one word; else MiddleName is not read",
    ),
    Field(
        "email",
        "E-mail",
        "Employee.InternalEmailAddress",
        "email",
        compare=text.email,
        loses="an employee's private address is never read: who has only that has none",
    ),
    Field(
        "phone",
        "Phone",
        "Employee.MobileTelephone, Employee.InternalTelephone",
        "phone",
        compare=text.phone,
        loses="Severa has one phone: the mobile one, else the internal one; the private one is "
        "never read. It is written where it was read, and emptied in both",
    ),
    Field(
        "business_unit",
        "Business unit",
        "Employee.DepNo",
        "businessUnit",
        loses="Severa's topmost business unit stands for the company itself: no department",
        refers="business_unit",
    ),
    Field(
        "title",
        "Title",
        "Employee.Titel",
        "title",
        direction="to_global",
        compare=text.squeeze,
        loses="Severa's API takes no title of a user",
    ),
    Field(
        "active",
        "Active",
        "Employee.InActiveYesNo",
        "isActive",
        type="boolean",
        loses="Global's dates of hire and end are not looked at; a user who is created inactive "
        "first is activated by a person",
    ),
)
