"""`recon sandbox …`: both systems on this machine; what is not the sandbox's is never touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recon.cli.document import Result
from recon.cli.sandbox_acts import act, chosen, profile_in
from recon.cli.session import DEMO, Session
from recon.errors import Usage

if TYPE_CHECKING:
    from recon.settings import Profile

app = typer.Typer(rich_markup_mode=None)
app.add_typer(act, name="act", help="Do what a user of either system would do.")

Dir = Annotated[Path, typer.Option(help="The sandbox company's folder.")]
Size = Annotated[str, typer.Option(metavar="demo|N", help="Customers on each side.")]
Count = Annotated[int | None, typer.Option(min=0, help="How many of them, on the whole.")]
Seed = Annotated[int, typer.Option(help="The same seed makes the same company.")]


@app.command()
def create(
    ctx: typer.Context,
    dir: Dir = DEMO,
    size: Size = "demo",
    seed: Seed = 1,
    customers: Count = None,
    projects: Count = None,
    users: Count = None,
    products: Count = None,
    linked: Annotated[
        bool, typer.Option("--linked", help="The same clean records in both systems, all linked.")
    ] = False,
) -> Result:
    """Make a company on disk, with a ready profile.toml.

    With --customers, --projects, --users, --products or --linked it is one without dirt, for
    measuring: some records in both systems, some in one (with --linked all in both).
    """
    session: Session = ctx.obj
    given = {"customers": customers, "projects": projects, "users": users, "products": products}
    counts = {name: count for name, count in given.items() if count is not None}
    if linked or counts:
        path = create_plain(dir, Plain(size, seed, counts, linked))
    else:
        path = create_company(dir, size, seed)
    session.load(path)
    session.screen.say(f"Made: {path}. Next: recon --company {path} check")
    return Result(0, {"files": [str(path)]})


def create_company(folder: Path, size: str, seed: int) -> Path:
    """A company on disk with a ready profile; returns the profile's path."""
    from recon.sandbox import world

    return world.create(folder, _size(size), seed)


@dataclass(frozen=True, slots=True)
class Plain:
    """What was asked of a company without dirt; counts that are not named follow from the size."""

    size: str
    seed: int
    counts: Mapping[str, int]
    linked: bool


def create_plain(folder: Path, asked: Plain) -> Path:
    """A company without dirt on disk; returns the profile's path."""
    from recon.sandbox import company, company_plain, world

    size = _size(asked.size)
    usual = company_plain.Counts.of(company.DEMO if size == "demo" else size)
    states = company_plain.LINKED if asked.linked else company_plain.MIXED
    return world.create_plain(folder, replace(usual, **asked.counts), states, asked.seed)


def _size(text: str) -> Any:
    """`demo`, or how many customers each side has."""
    if text == "demo" or (text.isascii() and text.isdigit() and int(text) > 0):
        return text if text == "demo" else int(text)
    raise Usage(f"A size cannot be {text[:40]!r}", where="--size", todo="Give 'demo' or a number")


@app.command()
def age(
    ctx: typer.Context,
    days: Annotated[int, typer.Option(min=1, help="By how many days.")],
    dir: Dir = DEMO,
) -> Result:
    """Move all of a company's stamps back in time, as if nothing had happened since."""
    from recon.sandbox import world
    from recon.sandbox.age import age as older

    session: Session = ctx.obj
    with world.open_world(chosen(session, dir)) as opened:
        session.load(opened.profile.path)
        count = older(opened, days)
    session.screen.say(f"{count} rows and records are {days} days older")
    return Result()


@app.command("create-global")
def create_global(
    ctx: typer.Context,
    url: Annotated[str, typer.Argument(help="A SQLAlchemy URL, or env:NAME, file:PATH of one.")],
    schema: Annotated[str, typer.Option(help="The schema that the tables live in.")],
    size: Size = "demo",
    seed: Seed = 1,
) -> Result:
    """Lay the same company's Visma Global into any database, unless its tables hold other data."""
    from recon import settings
    from recon.sandbox import world

    session: Session = ctx.obj
    session.sandbox = True
    reached = settings.secret(url) if settings.SECRET.match(url) else url
    world.create_global(reached, schema, _size(size), seed)
    session.screen.say(f"The sandbox company's tables stand in the schema {schema}")
    return Result()


@app.command()
def serve(
    ctx: typer.Context,
    dir: Dir = DEMO,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free one.")] = 0,
    quota: Annotated[int | None, typer.Option(min=1, help="Calls per second.")] = None,
    latency_ms: Annotated[str, typer.Option(metavar="A-B", help="Random, from and to.")] = "",
) -> Result:
    """Serve its Severa until ended; the first line says where everything is, as JSON."""
    from recon.sandbox import severa_server

    session: Session = ctx.obj
    profile = session.load(profile_in(dir))
    pace = latency(latency_ms) if latency_ms else None
    ready = partial(_tell, session, profile)
    severa_server.serve(profile.folder, port, quota, pace, lambda at: ready(at.base_url))
    return Result()


def _tell(session: Session, profile: Profile, address: str) -> None:
    """The one line by which another program finds everything; secrets by reference only."""
    from recon import settings

    where = {
        "address": address,
        "client_id": profile.severa.client_id,
        "client_secret": profile.severa.client_secret,
        "database": settings.local_url(profile.global_.url, profile.folder),
        "schema": profile.global_.schema_name,
        "profile": str(profile.path),
        "sandbox": True,
    }
    session.answer({"server": where} if session.json else where)


def latency(text: str) -> tuple[float, float]:
    """From and to, in milliseconds, of `50-900` or `100`."""
    low, _, high = text.partition("-")
    try:
        pair = float(low), float(high or low)
    except ValueError:
        pair = (1.0, 0.0)
    if not 0 <= pair[0] <= pair[1]:
        raise Usage(
            f"A latency cannot be {text[:40]!r}", where="--latency-ms", todo="Give it as 50-900"
        )
    return pair
