"""An HTTP server on this machine that keeps Severa's contract: its process and how to reach it.

    create(directory, documents, credentials)    lays the organisation
    serve(directory, port=…)                     serves it in this process until ended
    attach(directory)                            serves it in a process of its own that outlives us

`python -m recon.sandbox.severa_server --dir DIR` is that process.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import socket
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from recon.errors import Busy, ReconError, Stop
from recon.sandbox.severa_process import Address, attach, living, release, write_port
from recon.sandbox.severa_seed import DATABASE, create

__all__ = ["Address", "attach", "create", "living", "main", "release", "serve"]

LOCK = "severa.serve.lock"


def serve(
    directory: Path,
    port: int = 0,
    quota: int | None = None,
    latency_ms: tuple[float, float] | None = None,
    ready: Callable[[Address], None] = lambda address: None,
) -> None:
    """Serve the organisation in `directory` in this process until it is ended.

    `ready` is called with the address as soon as calls are accepted; `port` 0 takes a free one.
    Quota and latency that are not given stay as they were. `Busy` where another process serves it.
    """
    wanted = {"quota": quota, "latency_ms": latency_ms}
    changes = {name: value for name, value in wanted.items() if value is not None}
    _run(directory, port, changes, ready, None)


def _run(
    directory: Path,
    port: int,
    changes: dict[str, Any],
    ready: Callable[[Address], None],
    idle_s: float | None,
) -> None:
    if not (directory / DATABASE).exists():
        raise Stop(
            "There is no Severa sandbox here",
            where=str(directory),
            todo="Make one with 'recon sandbox create'",
        )
    with _alone(directory), contextlib.closing(_listen(port)) as listening:
        asyncio.run(_main(directory, listening, changes, ready, idle_s))


async def _main(
    directory: Path,
    listening: socket.socket,
    changes: dict[str, Any],
    ready: Callable[[Address], None],
    idle_s: float | None,
) -> None:
    import uvicorn

    from recon.sandbox import growing
    from recon.sandbox.severa_app import Service
    from recon.sandbox.severa_contract import contract
    from recon.sandbox.severa_control import application
    from recon.sandbox.severa_organisation import Organisation

    organisation = Organisation(directory / DATABASE, contract())
    organisation.set_switches(changes)
    growing.keep()
    service = Service(organisation)
    server = uvicorn.Server(uvicorn.Config(app=_empty, log_level="critical"))
    app = application(service, str(directory.resolve()), lambda: _stop(server))
    server.config = _config(app, service)
    port = int(listening.getsockname()[1])
    write_port(directory, port)
    tasks = [asyncio.create_task(_announce(server, Address.at(port), ready))]
    if idle_s is not None:
        tasks.append(asyncio.create_task(_until_idle(server, service, idle_s)))
    try:
        await server.serve(sockets=[listening])
    finally:
        for task in tasks:
            task.cancel()
        organisation.documents.close()


def _config(app: Any, service: Any) -> Any:
    import uvicorn

    return uvicorn.Config(
        app,
        http=_tapped(service.connections),
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_level="critical",
        access_log=False,
        date_header=False,
        server_header=False,
        proxy_headers=False,
        # Longer than any client keeps an idle connection, so that we never close one in its face.
        timeout_keep_alive=300,
        timeout_graceful_shutdown=2,
    )


async def _empty(_scope: Any, _receive: Any, _send: Any) -> None:
    return None


def _stop(server: Any) -> None:
    server.should_exit = True


async def _announce(server: Any, address: Address, ready: Callable[[Address], None]) -> None:
    while not server.started:
        await asyncio.sleep(0.005)
    ready(address)


async def _until_idle(server: Any, service: Any, idle_s: float) -> None:
    """End the server when it was not used for so long."""
    while time.monotonic() - service.used < idle_s:
        await asyncio.sleep(min(1.0, idle_s / 4))
    _stop(server)


def _tapped(connections: dict[Any, Any]) -> Any:
    """uvicorn's HTTP protocol, with its open connections by peer, so that faults can break one."""
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Tapped(H11Protocol):
        def connection_made(self, transport: Any) -> None:
            connections[transport.get_extra_info("peername")] = transport
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            connections.pop(self.transport.get_extra_info("peername"), None)
            super().connection_lost(exc)

    return Tapped


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name != "nt":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        listening.close()
        raise Stop(
            f"The port {port} cannot be used: {error.strerror}", todo="Choose another with --port"
        ) from None
    return listening


@contextlib.contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Hold the organisation's lock: SQLite's own, so that a killed holder frees it at once."""
    lock = sqlite3.connect(directory / LOCK, timeout=0.2, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        lock.close()
        raise Busy(
            "Another process serves this sandbox", where=str(directory), todo="Use its address"
        ) from None
    try:
        yield
    finally:
        lock.close()


def main(arguments: list[str] | None = None) -> int:
    """The server's own process; 3 where it cannot serve, with one sentence on stderr."""
    parser = argparse.ArgumentParser(prog="recon.sandbox.severa_server", description=main.__doc__)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--idle-minutes", type=float, default=10.0)
    asked = parser.parse_args(arguments)
    try:
        _run(asked.dir, asked.port, {}, lambda address: None, asked.idle_minutes * 60)
    except ReconError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
