"""The shared fields of contacts."""

from __future__ import annotations

from recon import text
from recon.spec import Field

FIELDS = (
    Field(
        "name",
        "Name",
        "Contact.Name",
        "firstName, lastName",
        compare=text.person,
        loses="Global has one text: the last word with its particles is the last name in Severa; a "
        "one-word name is written to Severa with the first name '-'",
    ),
    Field("title", "Title", "Contact.Titel", "jobTitle", compare=text.squeeze),
    Field("active", "Active", "Contact.InActiveYesNo", "isActive", type="boolean"),
)
