"""Values and sentences as a person reads them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from recon.entities import ENTITIES
from recon.report.words import STATES, counted, duration, moment, reason, state_word, titles, value
from recon.shapes import Outcome
from tests import engine


def test_numbers_stay_numbers() -> None:
    assert value(Decimal("10.50")) == Decimal("10.50")


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.44, "0.4 s"), (133.4, "2 min 13 s"), (7320, "2 h 2 min")]
)
def test_durations(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("started", "zone", "said"),
    [
        ("2026-11-24T08:30:15.123456+00:00", "", "2026-11-24 08:30 UTC"),
        ("2026-11-24T08:30:15+00:00", "Europe/Oslo", "2026-11-24 09:30"),
        ("2026-06-24T22:30:15+00:00", "Europe/Helsinki", "2026-06-25 01:30"),
        ("r0", "Europe/Oslo", "r0"),
    ],
)
def test_moments_are_the_companys(started: str, zone: str, said: str) -> None:
    assert moment(started, zone) == said


def test_what_has_not_been_done_is_still_to_be() -> None:
    assert state_word("created", "plan") == "to be created"
    assert state_word("created", "sync") == "created"
    assert state_word("held", "plan") == "held"


def test_counts_begin_with_the_largest() -> None:
    assert counted({"Addresses": 1, "Contacts": 1_200, "E-mails": 1}) == (
        "Contacts 1,200, Addresses 1, E-mails 1"
    )


@pytest.mark.parametrize(
    ("detail", "general"),
    [
        (
            "may be the same as Fjord AS (10001) in Severa: the names are equal; decide it",
            "may be the same as a record in Severa: the names are equal",
        ),
        ("waits for customer Alta AS, which is held", "waits for its customer, which is held"),
        (
            "waits for its project manager Kari Lie, which is waiting",
            "waits for its project manager, which is waiting",
        ),
        ("customer Alta AS does not transfer", "its customer does not transfer"),
        ("its number 499 is outside 500 to 599", "its number … is outside … to …"),
        ("its number or code 'HK-1' is not a number", "its number or code '…' is not a number"),
        ("the rows 10157, 10158 in Global carry the same SeveraGUID",
         "the rows … in Global carry the same SeveraGUID"),
        ("it is inactive", "it is inactive"),
        ("", "no reason was given"),
    ],
)  # fmt: skip
def test_reasons_are_counted_without_names_and_numbers(detail: str, general: str) -> None:
    assert reason(detail) == general


def test_the_engines_own_reasons_lose_their_records() -> None:
    """Two held records with one reason are counted together, whatever the engine's words."""
    from recon.plan import make

    pairs = [
        record
        for at in ("1", "2")
        for record in (
            engine.ours(at, fields={"name": f"Fjord {at}"}),
            engine.theirs(f"g{at}", number=at, fields={"name": f"Berg {at}"}),
        )
    ]
    made = make(engine.situation([engine.entity()], pairs))
    held = [o for o in made.plan.outcomes if o.side == "global" and o.state == "held"]
    assert len(held) == 2 and len({reason(o.detail) for o in held}) == 1


def test_every_state_has_a_meaning() -> None:
    assert all(STATES.values())


def test_titles_know_what_fields_refer_to_and_what_entities_belong_to() -> None:
    names = titles(ENTITIES)
    assert names["parent:contact"] == "customer"
    assert all(names[f"direction:{e.name}.{f.name}"] for e in ENTITIES for f in e.fields)
    refers = {f"refers:{e.name}.{f.name}": f.refers for e in ENTITIES for f in e.fields if f.refers}
    assert refers.items() <= names.items()


def test_an_outcome_is_the_shape_that_the_engine_makes() -> None:
    fields = set(Outcome.__dataclass_fields__)
    assert {"number", "parent", "partner", "costs"} <= fields
