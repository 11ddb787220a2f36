"""A company's profile (TOML) and its secrets by reference; the only reader of the environment."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    Field,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)

from recon.errors import Usage
from recon.settings_documents import Books, Costs, Orders, Report, Table
from recon.settings_matching import Matching
from recon.settings_text import dump as dump

System = Literal["global", "severa"]
Direction = Literal["both", "to_global", "to_severa", "off"]
ArticleKind = Literal["product", "travel_expense_type", "work_type"]
SECRET = re.compile(r"^(env|file|keyring):(.+)$", re.DOTALL)
IN_CLEAR = re.compile(r"://[^/@?#]*:[^@]*@|(?:\b|%3B)(?:pwd|password)\s*(?:=|%3D)", re.IGNORECASE)


def _no_password(url: str) -> str:
    """An address as it stands; a whole one that holds a password must be a reference."""
    if IN_CLEAR.search(url) and not SECRET.match(url):
        raise ValueError(
            "the address holds a password in clear: keep the whole address elsewhere and write "
            "env:NAME, file:PATH or keyring:SERVICE/USER here"
        )
    return url


Address = Annotated[str, AfterValidator(_no_password)]


class Company(Table):
    name: str
    timezone: str = "Europe/Oslo"
    currency: str = "NOK"
    country: str = "NO"
    sandbox: bool = False

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(
                f"unknown time zone {name!r}, write for example Europe/Oslo"
            ) from error
        return name

    def today(self) -> date:
        """The present day where the company is."""
        return datetime.now(ZoneInfo(self.timezone)).date()


class Numbers(Table):
    """Who numbers new rows of one Global table, inside which range (both ends included)."""

    policy: Literal["severa", "range", "series"] = "severa"
    severa: tuple[int, int] | None = None
    range: tuple[int, int] | None = None


class Global(Table):
    """Where Visma Global is: a SQLAlchemy `url`, or server, database, driver and login."""

    url: Address = ""
    server: str = ""
    database: str = ""
    driver: str = "ODBC Driver 18 for SQL Server"
    login: str = ""
    password: str = ""
    options: dict[str, str] = Field(default_factory=dict)
    schema_name: str = Field(default="dbo", alias="schema")
    user_no: int = 1
    lock_timeout_s: int = 10
    books: Books = Books()
    numbers: dict[str, Numbers] = Field(default_factory=dict)

    @field_validator("options")
    @classmethod
    def _no_secrets(cls, options: dict[str, str]) -> dict[str, str]:
        if {"pwd", "password"} & {name.strip().casefold() for name in options}:
            raise ValueError("a password stands here in clear: write password = 'env:NAME'")
        return options


class Severa(Table):
    base_url: Address = "https://api.severa.visma.com/rest-api"
    company: str = ""
    organisation: str = ""
    client_id: str = ""
    client_secret: str = ""
    quota: int = Field(default=10, ge=1)
    timeout_s: float = 30.0
    page: int = Field(default=1000, ge=1, le=1000)
    patch_values: Literal["json", "text"] = "json"
    settle_delay_s: float = 120.0
    defaults: dict[str, str] = Field(default_factory=dict)


class Master(Table):
    default: System = "global"
    entity: dict[str, System] = Field(default_factory=dict)
    field: dict[str, System] = Field(default_factory=dict)
    hold_conflicts: bool = False
    initial: Literal["report", "master"] = "report"

    def of(self, entity: str, field: str) -> System:
        """The system whose updates of this field transfer."""
        named = self.field.get(f"{entity}.{field}")
        return named or self.entity.get(entity, self.default)


class Transfer(Table):
    entities: dict[str, Direction] = Field(default_factory=dict)
    employee_categories: list[int] = Field(default_factory=list)
    customer_types: list[int] = Field(default_factory=list)
    article_types: list[int] = Field(default_factory=list)
    article_kinds: dict[int, ArticleKind] = Field(default_factory=dict)
    stock_articles: bool = False
    posting_templates: dict[Decimal, int] = Field(default_factory=dict)
    project_types: list[int] = Field(default_factory=list)
    sub_projects: Literal["flat", "off"] = "flat"
    internal_category: int = 0
    won_statuses: list[str] = Field(default_factory=list)
    new_customers: dict[str, int | str] = Field(default_factory=dict)
    new_employees: dict[str, int | str] = Field(default_factory=dict)
    new_articles: dict[str, int | str] = Field(default_factory=dict)
    new_projects: dict[str, int | str] = Field(default_factory=dict)
    leavers: bool = False
    invoices_from: date | None = None
    costs_from: date | None = None
    orders: Orders = Orders()
    costs: Costs = Costs()

    def direction(self, entity: str) -> Direction:
        """Which way new records of this entity transfer."""
        return self.entities.get(entity, "both")


class Limit(Table):
    """At most `share` of an entity's records, but never less than `floor`."""

    share: float = Field(default=0.2, ge=0, le=1)
    floor: int = Field(default=25, ge=0)


class MoneyLimit(Table):
    """At most `share` of what the linked documents come to, but never less than `floor`, both in
    the company's currency."""

    share: Decimal = Field(default=Decimal("0.2"), ge=0, le=1)
    floor: Decimal = Field(default=Decimal(10_000_000), ge=0)


class Safety(Table):
    creates: Limit = Limit()
    updates: Limit = Limit(share=0.3, floor=50)
    documents: Limit = Limit(floor=100)
    money: MoneyLimit = MoneyLimit()
    short_list: float = Field(default=0.8, ge=0, le=1)
    park_after: int = Field(default=5, ge=1)
    licences: int = Field(default=0, ge=0)


class Store(Table):
    url: Address = ""


class Profile(Table):
    """One company: where its two systems are and by which rules they are kept in step."""

    company: Company
    global_: Global = Field(alias="global")
    severa: Severa
    master: Master = Master()
    transfer: Transfer = Transfer()
    safety: Safety = Safety()
    matching: Matching = Matching()
    store: Store = Store()
    report: Report = Report()
    _path: Path = PrivateAttr(default=Path("profile.toml"))

    @model_validator(mode="after")
    def _costs_known(self) -> Self:
        books = self.global_.books
        if self.transfer.costs_from and not (books.suppliers and books.cost_accounts):
            raise ValueError(
                "costs_from under [transfer] needs the voucher types of suppliers' invoices and "
                "the cost accounts: suppliers and cost_accounts under [global.books]"
            )
        return self

    @property
    def path(self) -> Path:
        """The profile's own file; relative paths in it start from its folder."""
        return self._path

    @property
    def folder(self) -> Path:
        return self._path.parent

    def secret(self, reference: str) -> str:
        """The secret behind `env:NAME`, `file:PATH` or `keyring:SERVICE/USER`."""
        return secret(reference, self.folder)

    def store_url(self) -> str:
        """The database of the workbench's memory; a SQLite file beside the profile by default."""
        url = self.store.url or f"sqlite:///{self._path.stem}.store.db"
        return local_url(self.secret(url) if SECRET.match(url) else url, self.folder)

    def reports(self) -> Path:
        return self.folder / self.report.folder


def load(path: Path) -> Profile:
    """The profile in a TOML file, or `Usage` naming the line or the setting at fault."""
    return parsed(text(path), path)


def parsed(toml: str, path: Path) -> Profile:
    """The profile in a TOML text that stands, or will stand, in this file."""
    profile = parse(toml, str(path))
    profile._path = path.resolve()
    return profile


def parse(toml: str, where: str) -> Profile:
    """The profile in a TOML text."""
    try:
        return Profile.model_validate(tomllib.loads(toml))
    except tomllib.TOMLDecodeError as error:
        raise Usage(
            f"The profile is not valid TOML: {error}", where=where, todo="Correct that line"
        ) from None
    except ValidationError as error:
        raise Usage(_faults(error), where=where, todo="Correct the settings named") from None


def text(path: Path) -> str:
    """What a profile's file holds; `Usage` where there is none."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Usage(
            "There is no such profile",
            where=str(path),
            todo="Name an existing file with --company, or make one with 'recon sandbox create'",
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Usage(
            f"The profile cannot be read: {error}", where=str(path), todo="Save it as UTF-8 text"
        ) from None


def _faults(error: ValidationError) -> str:
    """The settings at fault, without their values (a value may be a misplaced secret)."""
    rows = [
        f"[{'.'.join(str(part) for part in fault['loc'])}] {fault['msg']}".removeprefix("[] ")
        for fault in error.errors(include_input=False, include_url=False)
    ]
    return "The profile has wrong settings: " + "; ".join(rows)


def secret(reference: str, folder: Path = Path()) -> str:
    """Resolve one reference; never returns or shows a secret that stands in the profile itself."""
    match = SECRET.match(reference)
    if not match:
        raise Usage(
            "A secret stands in the profile in clear, or is missing",
            todo="Write a reference instead: env:NAME, file:PATH or keyring:SERVICE/USER",
        )
    kind, name = match.groups()
    found = {"env": _from_environment, "file": _from_file, "keyring": _from_keyring}[kind](
        name, folder
    )
    if not found:
        raise Usage(
            f"The secret {kind}:{name} is empty or not there",
            todo="Set it, or correct the reference in the profile",
        )
    return found


def _from_environment(name: str, _folder: Path) -> str:
    return os.environ.get(name, "")


def _from_file(name: str, folder: Path) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _from_keyring(name: str, _folder: Path) -> str:
    import keyring
    from keyring.errors import KeyringError

    service, _, user = name.partition("/")
    try:
        return keyring.get_password(service, user) or ""
    except KeyringError as error:
        raise Usage(
            f"The key ring cannot be opened: {type(error).__name__}",
            where=f"keyring:{name}",
            todo="Use env: or file: on a machine without a key ring",
        ) from None


def local_url(url: str, folder: Path) -> str:
    """A SQLite URL with its file made relative to `folder`; other URLs as they are."""
    prefix = "sqlite:///"
    if not url.startswith(prefix) or url == prefix:
        return url
    return prefix + str((folder / url.removeprefix(prefix)).resolve())


def environment(name: str, others: Mapping[str, str] | None = None) -> str:
    """A variable of the environment, '' where it is not set."""
    return (others if others is not None else os.environ).get(name, "")


def environment_with(**more: str) -> dict[str, str]:
    """The whole environment and these variables, for a program that we start."""
    return {**os.environ, **more}


def state_folder() -> Path:
    """What this user's processes share on this machine lies here: RECON_STATE, or by custom."""
    if chosen := environment("RECON_STATE"):
        return Path(chosen)
    try:
        home = Path.home()
    except RuntimeError:  # a service's user may have none
        home = Path(tempfile.gettempdir())
    if os.name == "nt":
        return Path(environment("LOCALAPPDATA") or home / "AppData" / "Local") / "recon"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "recon"
    return Path(environment("XDG_STATE_HOME") or home / ".local" / "state") / "recon"


def user_name() -> str:
    """Who runs this, for journal and decisions."""
    return environment("RECON_USER") or environment("USER") or environment("USERNAME") or "unknown"
