"""A sandbox company on disk: both databases, its secrets, a ready profile and a short README."""

from __future__ import annotations

import json
import secrets
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, MetaData, Table, make_url

from recon import settings
from recon.errors import Stop, Usage
from recon.sandbox import company, global_database, severa_server
from recon.sandbox.company_guids import Guids
from recon.sandbox.company_plain import Counts, make_plain
from recon.sandbox.company_plain_states import States
from recon.sandbox.company_profile import DATABASE, SECRETS
from recon.sandbox.growing import all_stay
from recon.sandbox.severa_user import SeveraUser
from recon.settings import Profile
from recon.systems.table_forms import SCHEMA

Side = Literal["global", "severa"]
MARK = "sandbox.json"
PROFILE = "profile.toml"
HERE = ("sandbox:", "http://127.0.0.1:")
OLD = (DATABASE, "severa.db", "profile.store.db")
README = """\
This folder is a sandbox company of recon, made on this machine. Nothing in it is real.

  profile.toml   the company's settings: name it with --company
  {database:<15}Visma Global, as a SQLite database
  severa.db      Severa's records; a server on this machine answers for them when it is needed
  secrets        the key of that server, which opens nothing else
  sandbox.json   says that this is a sandbox ({size} customers on each side, seed {seed})

'recon sandbox create' may empty this folder and fill it again.
"""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a user did: where, to what, and in words."""

    side: Side
    what: str
    key: str
    text: str


@dataclass(slots=True)
class World:
    """An open sandbox: both of its systems, for users' acts and for tests; close it at the end."""

    profile: Profile
    size: int
    seed: int
    _user: SeveraUser | None = None
    _tables: dict[str, Table] = field(default_factory=dict)

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Give up the connection to Severa; its server lives on."""
        if self._user:
            self._user.close()
            self._user = None

    @property
    def folder(self) -> Path:
        return self.profile.folder

    @property
    def guids(self) -> Guids:
        """The guids that the seeded company was made with."""
        return Guids(self.seed)

    @contextmanager
    def in_global(self) -> Iterator[Connection]:
        """One transaction in Global; `Usage` where the sandbox's marker is not there."""
        given, schema = self.profile.global_, self.profile.global_.schema_name
        url = settings.local_url(given.url, self.folder)
        if given.password:
            secret = self.profile.secret(given.password)
            url = make_url(url).set(password=secret).render_as_string(hide_password=False)
        engine = global_database.open_engine(url, schema)
        try:
            if not global_database.marked(engine, schema):
                raise Usage(
                    "This database is not the sandbox's; nothing was changed",
                    where=f"schema {schema}",
                    todo="Lay a sandbox with 'recon sandbox create' and act there",
                )
            mapped = engine.execution_options(schema_translate_map={SCHEMA: schema})
            with mapped.begin() as connection:
                yield connection
        finally:
            engine.dispose()

    def table(self, connection: Connection, name: str) -> Table:
        """A table as Global's database has it, with the columns that the product does not know."""
        if name not in self._tables:
            schema = self.profile.global_.schema_name
            found = Table(name, MetaData(), schema=schema, autoload_with=connection)
            self._tables[name] = found
        return self._tables[name]

    @property
    def severa(self) -> SeveraUser:
        """A user of the sandbox's Severa; its server is started, or found, on the way."""
        if self._user is None:
            self._user = SeveraUser(severa_server.attach(self.folder).control_url)
        return self._user


@all_stay()
def create(directory: Path, size: int | Literal["demo"] = "demo", seed: int = 1) -> Path:
    """Lay a whole sandbox company into a folder; returns its profile.

    An earlier sandbox there is replaced. `Usage` where the folder holds anything else.
    """
    return lay(directory, company.make(_size(size), seed))


@all_stay()
def create_plain(directory: Path, counts: Counts, states: States, seed: int = 1) -> Path:
    """Lay a company of these counts and without dirt, as `create` does."""
    if min(counts.customers, counts.users) < 1 or min(counts.projects, counts.products) < 0:
        raise Usage(
            "A company needs a customer and a user at least",
            todo="Give counts that are not negative, and one customer and one user or more",
        )
    _size(max(counts.customers, counts.projects, counts.users, counts.products))
    return lay(directory, make_plain(counts, states, seed))


def lay(directory: Path, made: company.Company) -> Path:
    """Lay a company that was made into a folder, as `create` does."""
    _make_room(directory)
    mark = {"size": made.size, "seed": made.seed}
    _write(directory / MARK, json.dumps(mark))
    credentials = _credentials(directory)
    url = settings.local_url(made.profile["global"]["url"], directory)
    global_database.create(url, made.profile["global"]["schema"], made.global_rows)
    severa_server.create(directory, made.severa, credentials)
    _write(directory / "README.txt", README.format(database=DATABASE, **mark))
    _write(directory / PROFILE, settings.dump(made.profile))
    return directory / PROFILE


def documents_on(profile: Path, day: date) -> None:
    """Let invoices from this day on transfer: a sandbox has no cut-off date of its own."""
    _cut_off(profile, "invoices_from", day)


def costs_on(profile: Path, day: date) -> None:
    """Let suppliers' invoices from this day on transfer."""
    _cut_off(profile, "costs_from", day)


def _cut_off(profile: Path, name: str, day: date) -> None:
    open_world(profile).close()
    path = profile / PROFILE if profile.is_dir() else profile
    made = tomllib.loads(path.read_text(encoding="utf-8"))
    made["transfer"] |= {name: day}
    _write(path, settings.dump(made))


def create_global(
    url: str, schema: str, size: int | Literal["demo"] = "demo", seed: int = 1
) -> None:
    """Lay the same company's Global into any database that SQLAlchemy reaches.

    `Usage` where its tables hold rows and the sandbox's marker is not there.
    """
    global_database.create(url, schema, company.make(_size(size), seed).global_rows)


def open_world(profile: Path) -> World:
    """The sandbox that a profile (or its folder) belongs to; `Usage` where it is none."""
    found = settings.load(profile / PROFILE if profile.is_dir() else profile)
    if not found.company.sandbox or not found.severa.base_url.startswith(HERE):
        raise Usage(
            "This company is not a sandbox; nothing was changed",
            where=str(found.path),
            todo="Name a profile that 'recon sandbox create' made",
        )
    mark = _mark(found.folder)
    return World(found, mark["size"], mark["seed"])


def _size(size: int | str) -> int:
    if size == "demo":
        return company.DEMO
    if not str(size).isdigit() or not 1 <= int(size) <= 1_000_000:
        raise Usage(
            f"A sandbox of {size} customers cannot be made",
            where="--size",
            todo="Write demo, or a number from 1 to 1000000",
        )
    return int(size)


def _make_room(directory: Path) -> None:
    """An empty folder, or one that a sandbox left, whose databases go."""
    if directory.is_file() or (directory.is_dir() and _foreign(directory)):
        raise Usage(
            "The folder holds files that are not a sandbox's; nothing was changed",
            where=str(directory),
            todo="Name a new or empty folder",
        )
    if directory.is_dir() and (directory / MARK).exists():
        severa_server.release(directory)
        for name in OLD:
            for file in directory.glob(f"{name}*"):
                _remove(file)
    directory.mkdir(parents=True, exist_ok=True)


def _remove(file: Path) -> None:
    try:
        file.unlink()
    except PermissionError:
        raise Stop(
            "The old sandbox is still in use",
            where=str(file),
            todo="Close the programs that use it, then try again",
        ) from None


def _foreign(directory: Path) -> bool:
    return any(directory.iterdir()) and not (directory / MARK).is_file()


def _credentials(directory: Path) -> dict[str, str]:
    """Make a key for this company and keep it in files of its own."""
    folder = directory / SECRETS
    folder.mkdir(exist_ok=True)
    made = {"client_id": f"recon-{secrets.token_hex(4)}", "client_secret": secrets.token_hex(20)}
    for name, value in made.items():
        _write(folder / f"severa_{name}", value)
        (folder / f"severa_{name}").chmod(0o600)
    return made


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def _mark(folder: Path) -> dict[str, int]:
    try:
        found = json.loads((folder / MARK).read_text(encoding="utf-8"))
        return {"size": int(found["size"]), "seed": int(found["seed"])}
    except (OSError, ValueError, KeyError):
        raise Usage(
            "The folder lacks the sandbox's mark, or it is broken",
            where=str(folder / MARK),
            todo="Make the sandbox anew with 'recon sandbox create'",
        ) from None
