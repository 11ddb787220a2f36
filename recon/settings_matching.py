"""How much each kind of evidence counts, set by hand per kind of record, in bits.

One bit doubles the odds that two records are the same thing. A `Weight` says what a field brings
where its values are equal (at most: a value that many records share brings less), alike (a slip of
the finger away), and different. A field that one side leaves empty says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import Field, field_validator

from recon.settings_documents import Table

Kind = Literal["company", "person", "product", "project", "unit"]


@dataclass(frozen=True, slots=True)
class Weight:
    """What a field brings, in bits: equal (at most), alike, different."""

    equal: float
    alike: float
    different: float


class Adjusted(Table):
    """A profile's own weight; what it does not say stays."""

    equal: float | None = None
    alike: float | None = None
    different: float | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of one kind of record.

    `place` is the most that the fields of an address say together. `siblings` is the share of
    records that are assumed to have kin, more than the tables show: companies of one owner share
    address and e-mail, and so do people of one household.
    """

    fields: Mapping[str, Weight]
    place: float = 9.0
    siblings: float = 0.005

    def __getitem__(self, name: str) -> Weight:
        return self.fields[name]

    def nameless(self) -> Weights:
        """The weights where no record has a name: their addresses tell them apart."""
        return replace(self, fields={**self.fields, **NAMELESS}, place=NAMELESS_PLACE, siblings=0.0)


SHARED = {
    "number": Weight(6, 1, -0.5),
    "organisation_number": Weight(20, 6, -9),
    "email": Weight(11, 3, -0.7),
    "email_domain": Weight(6, 0, -1.5),
    "name_in_domain": Weight(5, 0, 0),
    "phone": Weight(10, 4, -1),
    "street": Weight(8, 5, -2),
    "postcode": Weight(4, 1.5, -1.5),
    "city": Weight(3, 1.5, -1.5),
    "country": Weight(0.3, 0, -4),
    "birth_date": Weight(13, 7, -4),
    "description": Weight(10, 4, -1),
    "linked": Weight(9, 3, -4),
}
PERSON = {
    **SHARED,
    "name": Weight(18, 9, -4),
    "email_domain": Weight(1.5, 0, 0),
    "phone": Weight(9, 3, -0.7),
    "street": Weight(8, 5, -1),
    "postcode": Weight(4, 1.5, -0.7),
    "city": Weight(3, 1.5, -0.7),
}
NAMELESS = {
    "street": Weight(16, 8, -3),
    "postcode": Weight(6, 1.5, -3),
    "city": Weight(4, 1.5, -3),
}
NAMELESS_PLACE = 24.0
BY_KIND: Mapping[str, Weights] = {
    "company": Weights({**SHARED, "name": Weight(18, 9, -5)}),
    "person": Weights(PERSON, place=14.0, siblings=0.0),
    "product": Weights(
        {**SHARED, "name": Weight(20, 8, -4), "number": Weight(10, 4, -1.5)}, siblings=0.01
    ),
    "project": Weights(
        {**SHARED, "name": Weight(18, 8, -4), "number": Weight(9, 3, -1)}, siblings=0.01
    ),
    "unit": Weights({**SHARED, "name": Weight(18, 8, -5), "number": Weight(8, 2, -1)}),
}
KINDS = tuple(BY_KIND)


class Matching(Table):
    """How much evidence counts, per kind of record and field, where the profile says otherwise."""

    weights: dict[Kind, dict[str, Adjusted]] = Field(default_factory=dict)

    @field_validator("weights")
    @classmethod
    def _known(cls, weights: dict[Kind, dict[str, Adjusted]]) -> dict[Kind, dict[str, Adjusted]]:
        for kind, fields in weights.items():
            if unknown := set(fields) - set(BY_KIND[kind].fields):
                known = ", ".join(BY_KIND[kind].fields)
                raise ValueError(f"no field of {kind} is called {sorted(unknown)}: write {known}")
        return weights

    def of(self, kind: Kind) -> Weights:
        """The weights of a kind of record, some of them replaced by the profile's."""
        fields = dict(BY_KIND[kind].fields)
        for name, adjusted in self.weights.get(kind, {}).items():
            fields[name] = replace(fields[name], **adjusted.model_dump(exclude_none=True))
        return replace(BY_KIND[kind], fields=fields)
