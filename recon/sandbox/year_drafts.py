"""A month's invoices as people of a consultancy draft them in Severa: hours, fees, expenses and
flat rates, one project or several, and credit notes of what was invoiced before."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from recon.sandbox.acts_invoices import TEXT, release, status_of
from recon.sandbox.world import World
from recon.sandbox.year import Year

Call = dict[str, Any]
Document = dict[str, Any]
CREDITED, SEVERAL, LEFT, LONG = 0.05, 0.10, 0.02, 0.08
AT_ONCE = 100
KINDS, WEIGHTS = ("hours", "fee", "expense", "discount"), (58, 22, 15, 5)


@dataclass(slots=True)
class Office:
    """What invoices are drafted from: the open projects by customer, and the articles."""

    projects: list[Document]
    articles: dict[str, list[Document]]
    ready: str
    used: set[str] = field(default_factory=set)

    def next(self, rng: random.Random) -> list[Document]:
        """One project, seldom some of one customer, none of them used since the last `clear`."""
        free = [one for one in self.projects if one["guid"] not in self.used]
        if not free:
            return []
        first = rng.choice(free)
        found = [first]
        if rng.random() < SEVERAL:
            owner = first["customer"]["guid"]
            alike = [one for one in free if one["customer"]["guid"] == owner and one is not first]
            found += rng.sample(alike, min(len(alike), rng.choice((1, 1, 2))))
        self.used |= {one["guid"] for one in found}
        return found


def draft_month(world: World, year: Year, month: int) -> list[str]:
    """Draft and release a month's invoices and credit notes; the guids of those drafted. Some stay
    drafts, and the first month has some from before the cut-off."""
    rng = year.dice(f"drafts/{month}")
    credits = _credit_notes(world, year, month, rng)
    office = open_office(world)
    made: list[str] = []
    wanted = max(0, year.share(year.invoices, month) - len(credits))
    while len(made) < wanted:
        office.used.clear()
        made += _drafted(world, office, (year, month, min(AT_ONCE, wanted - len(made))), rng)
    return made + credits


def open_office(world: World) -> Office:
    """The projects and articles as they are now."""
    projects = [
        one for one in world.severa.all("projects") if not one["isClosed"] and not one["isInternal"]
    ]
    names = {"hours": "worktypes", "fee": "products", "expense": "travelexpensetypes"}
    articles = {
        kind: sorted((a for a in world.severa.all(n) if a["isActive"]), key=lambda a: a["guid"])
        for kind, n in names.items()
    }
    ready = status_of(world, world.profile.transfer.orders.take[0])["guid"]
    return Office(sorted(projects, key=lambda one: str(one["guid"])), articles, ready)


def _drafted(
    world: World, office: Office, asked: tuple[Year, int, int], rng: random.Random
) -> list[str]:
    """So many invoices of different projects, in one go; fewer where there are no more projects."""
    year, month, count = asked
    calls: list[Call] = []
    for at in range(count):
        projects = office.next(rng)
        if not projects:
            break
        calls += _sources(office, projects, rng, year.rows)
        calls.append(_invoice(office, projects, _day(year, month, at, rng), rng))
    answers = world.severa.calls(calls)
    pairs = zip(calls, answers, strict=True)
    return [one["guid"] for call, made in pairs if call["path"] == "/v1/invoices" for one in made]


def _day(year: Year, month: int, at: int, rng: random.Random) -> str:
    if month == 1 and at % 40 == 39:
        return f"{year.calendar - 1}-12-{rng.randint(20, 31)}"
    return year.day(month, rng.randrange(28)).isoformat()


def _invoice(office: Office, projects: Sequence[Document], day: str, rng: random.Random) -> Call:
    body: Document = {
        "projects": [{"guid": one["guid"]} for one in projects],
        "groupProjects": len(projects) > 1,
        "date": day,
    }
    if rng.random() >= LEFT:
        body["invoiceStatusGuid"] = office.ready
    return _post("invoices", body)


def _sources(
    office: Office, projects: Sequence[Document], rng: random.Random, rows: int
) -> Iterator[Call]:
    """What is billable: enough hours first that no invoice comes to less than nothing."""
    count = max(len(projects), rng.randint(1, 2 * rows - 1))
    for at in range(count):
        project = projects[at % len(projects)]
        kind = "hours" if at < len(projects) else rng.choices(KINDS, WEIGHTS)[0]
        yield _source(office, project, kind, rng)
    if rng.random() < 0.15:
        yield _flat_rate(projects[0], rng)


def _source(office: Office, project: Document, kind: str, rng: random.Random) -> Call:
    place = {
        "phase": {"guid": project["rootPhase"]["guid"]},
        "user": {"guid": project["projectOwner"]["guid"]},
    }
    article = {"guid": rng.choice(office.articles["fee" if kind == "discount" else kind])["guid"]}
    said = {"description": _text(rng)}
    if kind == "hours":
        body = {**place, "workType": article, **_amount(project, rng, (8, 600), 4)}
        return _post("workhours", {**said, "eventDate": "2025-12-01", **body})
    owner = {"project": {"guid": project["guid"]}, "eventDate": "2025-12-01", **said}
    if kind == "expense":
        body = {**place, "travelExpense": article, **_amount(project, rng, (1, 40), 1)}
        return _post("projecttravelexpenses", {**owner, **body})
    quantity = (-2, -1) if kind == "discount" else (1, 12)
    return _post("projectfees", {**owner, "product": article, **_amount(project, rng, quantity, 1)})


def _amount(
    project: Document, rng: random.Random, quantity: tuple[int, int], parts: int
) -> Document:
    """A quantity in whole parts, and a price with none to four decimals."""
    places = rng.choice((0, 2, 2, 3, 4))
    highest = 900 if quantity[0] < 0 else 2_500
    price = round(rng.uniform(40, highest), places)
    return {
        "quantity": rng.randint(*quantity) / parts,
        "unitPrice": {"amount": price, "currencyCode": project["currency"]["code"]},
    }


def _flat_rate(project: Document, rng: random.Random) -> Call:
    price = {
        "amount": round(rng.uniform(1_000, 90_000), 2),
        "currencyCode": project["currency"]["code"],
    }
    phase = {"guid": project["rootPhase"]["guid"]}
    return _post("flatrates", {"phase": phase, "billingSchedule": "Immediately", "price": price})


def _text(rng: random.Random) -> str:
    """What was done: a line, seldom a paragraph of several lines."""
    if rng.random() < LONG:
        return "\n".join(f"{at}. {TEXT.strip()}" for at in range(1, rng.randint(2, 5)))
    subjects = ("Rådgivning", "Møte", "Utvikling", "Test – runde", "Opplæring", "Feilretting")
    return f"{rng.choice(subjects)} {rng.randrange(10_000)}"


def _post(collection: str, body: Document) -> Call:
    return {"method": "POST", "path": f"/v1/{collection}", "body": body}


def _credit_notes(world: World, year: Year, month: int, rng: random.Random) -> list[str]:
    """Credit notes of invoices that were transferred in earlier months."""
    if month == 1:
        return []
    count = round(year.share(year.invoices, month) * CREDITED * year.months / (year.months - 1))
    last = year.day(month, 0).isoformat()
    fit = [
        one["guid"]
        for one in world.severa.all("invoices")
        if one["number"] and not one["isCreditNote"] and not one["creditNoteInvoice"]
        and year.first.isoformat() <= one["date"] < last
    ]  # fmt: skip
    chosen = rng.sample(sorted(fit), min(count, len(fit)))
    made = []
    for guid in chosen:
        day = year.day(month, rng.randrange(28)).isoformat()
        note = world.severa.credit(guid, day)["guid"]
        release(world, note)
        made.append(str(note))
    return made
