"""The shared fields of addresses."""

from __future__ import annotations

from recon import text
from recon.entities.address.roles import FLAGS, PLACES, first
from recon.spec import Field


def _columns(*names: str) -> str:
    """'Table.Column' of the same part of an address in all three roles."""
    found = []
    for place in PLACES.values():
        for name in names:
            value = getattr(place, name)
            for column in value if isinstance(value, tuple) else (value,):
                found += [f"{place.table}.{column}"] if column else []
    return ", ".join(found)


FIELDS = (
    Field(
        "street",
        "Street",
        _columns("street"),
        "addressline",
        compare=text.one_line,
        loses="Global has three lines: further ones are joined to the third with commas",
    ),
    Field("postcode", "Post code", _columns("postcode"), "postalCode", compare=text.post_code),
    Field("city", "City", _columns("city"), "city", compare=text.squeeze),
    Field("country", "Country", _columns("country"), "country"),
    Field(
        "phone",
        "Phone",
        _columns("phone"),
        "phone",
        compare=text.phone,
        loses="Global keeps a phone on the customer's own address only; on invoice and delivery "
        "addresses Severa's phone is neither compared nor transferred",
    ),
    Field(
        "roles",
        "Roles",
        _columns("pointer"),
        ", ".join(FLAGS.values()),
        direction="to_severa",
        compare=first,
        loses="Only the first of postal, billing, visit is compared; the other flags are set when "
        "the address is created in Severa and left alone afterwards",
    ),
)
