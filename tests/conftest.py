"""What all tests share: no network but loopback, no skips in CI, a profile, the command line."""

from __future__ import annotations

import ipaddress
import json
import os
import socket
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

LOOPBACK_NAMES = {"", "localhost", "ip6-localhost"}
# A real SQL Server is somewhere else by its nature; CI has none.
MAY_SKIP = ("needs RECON_TEST_GLOBAL_URL", "needs RECON_TEST_STORE_URL")


class NetworkUsed(RuntimeError):
    """A test tried to leave this machine."""


def _is_loopback(host: str) -> bool:
    if host.lower() in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


def _host(address: Any) -> str | None:
    """The host of a socket address; None for one that never leaves the machine."""
    if not isinstance(address, tuple):
        return None
    return address[0].decode() if isinstance(address[0], bytes) else str(address[0])


def _refuse(host: str) -> None:
    raise NetworkUsed(f"A test tried to reach {host}; only loopback is allowed")


@pytest.fixture(scope="session", autouse=True)
def _network_off() -> Iterator[None]:
    """Sockets reach loopback alone; names that end in .invalid stay unknown, as they are."""
    patch = pytest.MonkeyPatch()
    connect, connect_ex, lookup = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def guarded(real: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
        def call(self: socket.socket, address: Any) -> Any:
            host = _host(address)
            if host is not None and not _is_loopback(host):
                _refuse(host)
            return real(self, address)

        return call

    def guarded_lookup(host: Any, *args: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host or "")
        if name.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if not _is_loopback(name) and name != "0.0.0.0":
            _refuse(name)
        return lookup(host, *args, **options)

    patch.setattr(socket.socket, "connect", guarded(connect))
    patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
    patch.setattr(socket, "getaddrinfo", guarded_lookup)
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def _own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What runs share on a machine is the tests' own, in the processes that they start too."""
    patch = pytest.MonkeyPatch()
    patch.setenv("RECON_STATE", str(tmp_path_factory.mktemp("state")))
    yield
    patch.undo()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skipped test is a failed one, for a skip would hide a missing install step."""
    report = yield
    if not report.skipped or hasattr(report, "wasxfail") or not os.environ.get("CI"):
        return report
    reason = str(report.longrepr)
    if not any(allowed in reason for allowed in MAY_SKIP):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {reason}"
    return report


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own settings do not reach the tests."""
    monkeypatch.delenv("RECON_COMPANY", raising=False)
    monkeypatch.setenv("RECON_USER", "tester")


PROFILE = """\
[company]
name = "Fjord Test AS"
sandbox = true

[global]
url = "sqlite:///global.db"
schema = "fjord"

[severa]
base_url = "http://127.0.0.1:9"
client_id = "env:RECON_TEST_CLIENT_ID"
client_secret = "env:RECON_TEST_CLIENT_SECRET"
"""


@pytest.fixture
def profile_file(tmp_path: Path) -> Path:
    """A valid profile whose systems cannot be reached."""
    path = tmp_path / "profile.toml"
    path.write_text(PROFILE, encoding="utf-8")
    return path


@dataclass(frozen=True)
class Ran:
    """What one call of the command line left: exit code, stdout and stderr."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on stdout; fails where there is not exactly one."""
        loaded = json.loads(self.out)
        assert isinstance(loaded, dict)
        return loaded


@pytest.fixture
def recon(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Call the `recon` command in this process."""

    def call(*arguments: str) -> Ran:
        from recon.cli import run

        code = run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return call
