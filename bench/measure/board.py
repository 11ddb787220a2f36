"""A review board on made-up customers, as many as wanted; a notebook of bench/board.py shows it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from recon import settings
from recon.effects import Effects
from recon.entities.customer import ENTITY
from recon.links import Links
from recon.review.board import Board
from recon.review.cards import Company
from recon.review.differences import Differences
from recon.review.initials import Initials, spot_of
from recon.review.reviewer import Reviewer
from recon.shapes import Band, Difference, Proposal, Record
from recon.store import Store

PLACES = ("Bergen", "Oslo", "Tromsø", "Ålesund", "Malmö", "Århus", "Åbo", "Hamar", "Voss")
TRADES = ("Bygg", "Data", "Regnskap", "Transport", "Renhold", "Elektro", "Fisk", "Maskin")
FORMS = ("AS", "ASA", "AB", "Oy", "A/S", "ApS")
EVIDENCE = ("the names are alike", "the e-mail domains are equal", "the phone numbers are equal")
BANDS: tuple[Band, ...] = ("sure", "likely", "possible")


def made(count: int) -> tuple[Company, list[Proposal]]:
    """What reading both systems and proposing would leave: the records and the proposals."""
    chance = random.Random(7)
    ours = {str(n): _record(n, "global", chance) for n in range(count)}
    theirs = {f"g{n}": _record(n, "severa", chance) for n in range(count)}
    known = Company(
        {"customer": ENTITY}, lambda _, side: ours if side == "global" else theirs, Links()
    )
    return known, list(_proposals(count, chance))


def board(company: Company, proposals: list[Proposal]) -> Board:
    """A board on them; decisions go to the store of the company that is set."""
    profile = settings.load(Path(settings.environment("RECON_COMPANY")))
    store = Store(profile.store_url(), profile.company.name, Effects())
    found = {spot_of(one): one for one in _differences(company)}
    known = Initials(company.entities, profile.master, store, found)
    return Board(
        {
            "proposals": Reviewer(company, store, "bench", proposals, "Bench"),
            "differences": Differences(company, known, "bench", "Bench"),
        }
    )


def _differences(company: Company) -> Iterator[Difference]:
    """A field of every pair, as if all of them were linked."""
    theirs = company.records("customer", "severa")
    for one in company.records("customer", "global").values():
        values = one.fields["name"], theirs[f"g{one.key}"].fields["name"]
        place = ("customer", one.key, f"g{one.key}", one.name, "name")
        yield Difference(*place, "initial difference", *values, "")


def _record(number: int, side: str, chance: random.Random) -> Record:
    fixed = random.Random(number)
    names = fixed.choice(PLACES), fixed.choice(TRADES), str(number), fixed.choice(FORMS)
    name = " ".join(names if side == "global" or chance.random() < 0.5 else names[:3])
    domain = f"{names[0]}{number}.example".lower()
    fields = {
        "name": name,
        "organisation_number": str(900_000_000 + number),
        "email": f"post@{domain}",
        "website": f"www.{domain}",
        "currency": fixed.choice(("NOK", "SEK", "DKK", "EUR")),
        "payment_term": fixed.choice((10, 14, 30)),
        "e_invoice_address": f"9908:{900_000_000 + number}",
        "e_invoice_operator": "",
        "active": True,
    }
    key = str(number) if side == "global" else f"g{number}"
    return Record("customer", side, key, fields, number=str(10_000 + number))  # type: ignore[arg-type]


def _proposals(count: int, chance: random.Random) -> Iterator[Proposal]:
    for n in range(count):
        score = round(chance.random(), 4)
        told = tuple(chance.sample(EVIDENCE, chance.randint(1, 3)))
        rivals = (f"g{(n + 1) % count}",) if chance.random() < 0.1 else ()
        band = BANDS[0 if score > 0.6 else 1 if score > 0.3 else 2]
        yield Proposal("customer", str(n), f"g{n}", score, band, told, rivals)
