"""The shared field of a contact's e-mail addresses and phones."""

from __future__ import annotations

from recon import text
from recon.spec import Field

ROLES = ("email", "phone", "mobile")

FIELDS = (
    Field(
        "value",
        "E-mail or phone",
        "Contact.EmailAddress, Contact.DirectTelephone, Contact.InternalTelephone, "
        "Contact.MobileTelephone",
        "value",
        compare=text.reachable,
        loses="Global holds one e-mail, one phone (the direct one, else the internal one) and one "
        "mobile per contact; further ones stay in Severa. Severa cannot hold an empty one",
    ),
)
