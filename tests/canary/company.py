"""A sandbox company full of canaries, whose commands run as processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from recon import settings
from recon.sandbox import severa_server, world
from recon.sandbox.severa_documents import Documents
from tests.canary.echo import Echo, proxied

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
MARK = "Zz-KaNaRi"
# Both systems themselves, and the secrets that the profile refers to.
SYSTEMS = ("secrets", "global.db", "severa.db", "severa.db-wal", "severa.db-shm", "ring.json")
DATE, SALARY = "1911-03-09", "77123.45"
PLANTED = (MARK, DATE, "09.03.1911", "1911, 3, 9", "19110309", SALARY, "77 123", "77,123")
PASSWORD, ADDRESS_PASSWORD = f"{MARK}-db-password", f"{MARK}-in-the-address"
GLOBAL = {
    "Employee": ("Password", "BizWebPassword", "BankAccount", "PostAccount"),
    "Customer": ("Password", "BankAccount", "PostAccount"),
    "Contact": ("Password",),
    "LogonUser": ("Password",),
}


@dataclass
class Company:
    """The company's folder, its environment, and all that its commands have said so far."""

    folder: Path
    echo: Echo
    door: str
    secret: str
    heard: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def profile(self) -> Path:
        return self.folder / "profile.toml"

    @property
    def canaries(self) -> set[str]:
        """All that must not be found anywhere."""
        return {*PLANTED, self.secret, *self.echo.tokens}

    def environment(self, canary: str) -> dict[str, str]:
        """Everything that a program might leave lands in the company's folder."""
        kept = ("PATH", "SYSTEMROOT", "LANG", "VIRTUAL_ENV")
        own = {name: os.environ[name] for name in kept if name in os.environ}
        return own | {
            "PYTHONPATH": os.pathsep.join((str(HERE), str(ROOT))),
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "RECON_STATE": str(self.folder / "state"),
            "RECON_CANARY": canary,
            "RECON_CANARY_TEXT": self.echo.held,
            "RECON_CANARY_RING": str(self.folder / "ring.json"),
            "RECON_TEST_ADDRESS": f"sqlite:///global.db?password={ADDRESS_PASSWORD}",
            "RECON_TEST_SERVER": f"mssql+pyodbc://lin:{ADDRESS_PASSWORD}@127.0.0.1:9/FjordGLOBALData",
            "RECON_TEST_STORE": f"postgresql+psycopg://lin:{PASSWORD}@127.0.0.1:9/x?sslpassword={PASSWORD}",
            "RECON_TEST_PASSWORD": PASSWORD,
            "PYTHON_KEYRING_BACKEND": "tests.canary.ring.Ring",
            "JUPYTER_PLATFORM_DIRS": "1",
        }

    def recon(self, *given: str, canary: str = "", profile: Path | None = None) -> tuple[int, str]:
        """Run one command; its exit code, and what it said on both streams."""
        named = ["-m", "recon", "--company", str(profile or self.profile), *given]
        return self.python(*named, canary=canary)

    def python(self, *given: str, canary: str = "") -> tuple[int, str]:
        """Run Python in the company's environment."""
        ran = subprocess.run(
            [sys.executable, "-W", "error::ResourceWarning", *given],
            cwd=self.folder,
            env=self.environment(canary),
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=300,
        )
        name = f"{len(self.heard)} {' '.join(given[4:])[:60]}"
        self.heard += [(f"stdout of {name}", ran.stdout), (f"stderr of {name}", ran.stderr)]
        return ran.returncode, (ran.stdout + ran.stderr).decode("utf-8", "replace")

    def faults(self, *rules: dict[str, object]) -> None:
        """Arm the sandbox server's own faults."""
        httpx.post(f"{self.door}/faults", json=list(rules), trust_env=False).raise_for_status()

    def other(self, name: str, *changes: tuple[str, str]) -> Path:
        """A profile like the company's with some of its text changed."""
        text = self.profile.read_text("utf-8")
        for given, written in changes:
            assert given in text
            text = text.replace(given, written, 1)
        path = self.folder / f"{name}.toml"
        path.write_text(text, "utf-8")
        return path


@contextmanager
def planted(folder: Path, size: int = 8) -> Iterator[Company]:
    """A company with a canary in every secret and every private field; its server ends with it."""
    profile = settings.load(world.create(folder, size, 3))
    secret = profile.secret(profile.severa.client_secret)
    ring = {"recon/severa": secret}
    (folder / "ring.json").write_text(json.dumps(ring), "utf-8")
    for name in ("home", "tmp", "state"):
        (folder / name).mkdir()
    _plant_severa(folder)
    _plant_global(profile)
    address = severa_server.attach(folder, quota=1000)
    switches = {"token_life_s": 4.0}
    httpx.post(f"{address.control_url}/switches", json=switches, trust_env=False)
    try:
        with proxied(address.base_url) as echo:
            company = Company(folder, echo, address.control_url, secret)
            echo.held = " ".join((*PLANTED, PASSWORD, secret))
            _refer(company)
            yield company
    finally:
        severa_server.release(folder)


def _refer(company: Company) -> None:
    """Every secret of the profile by reference: key ring, environment, file."""
    text = company.profile.read_text("utf-8")
    for given, written in (
        ('base_url = "sandbox:"', f'base_url = "{company.echo.url}"'),
        ('"file:secrets/severa_client_secret"', '"keyring:recon/severa"'),
        (
            'url = "sqlite:///global.db"',
            'url = "env:RECON_TEST_ADDRESS"\npassword = "env:RECON_TEST_PASSWORD"',
        ),
        ("quota = 10", "quota = 1000"),
    ):
        assert given in text
        text = text.replace(given, written, 1)
    company.profile.write_text(text, "utf-8")


def _plant_severa(folder: Path) -> None:
    documents = Documents(folder / "severa.db")
    contract = {"title": "Fast", "startDate": "2020-01-01", "endDate": None, "dailyHours": 7.5}
    pay = {"amount": float(SALARY), "currencyCode": "NOK"}
    for at, user in enumerate(list(documents.all("users"))):
        private = {"socialSecurityNumber": f"{MARK}-ssn-{at}", "birthDate": f"{DATE}T00:00:00"}
        private["bankAccountNumber"] = f"{MARK}-account-{at}"
        documents.put("users", {**user, **private, "workContract": {**contract, "hourCost": pay}})
    for person in list(documents.all("contactpersons")):
        documents.put("contactpersons", {**person, "dateOfBirth": DATE})
    documents.commit()
    documents.close()


def _plant_global(profile: settings.Profile) -> None:
    with world.World(profile, 0, 0).in_global() as connection:
        schema = profile.global_.schema_name
        for table, columns in GLOBAL.items():
            named = ", ".join(f"{name} = '{MARK}'" for name in columns)
            connection.exec_driver_sql(f'UPDATE "{schema}"."{table}" SET {named}')
        born = f'UPDATE "{schema}"."Employee" SET Birthday = \'{DATE} 00:00:00.000000\''
        connection.exec_driver_sql(born)
