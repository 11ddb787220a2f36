"""A tiny HTTP server on the loopback whose answers a test writes as functions."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    """A request as it arrived; `n` counts the requests of its method and path from 1."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any
    n: int = 0

    def one(self, name: str, otherwise: str = "") -> str:
        return self.query.get(name, [otherwise])[0]


@dataclass
class Reply:
    """An answer; `claim` claims a longer body, `reset` drops the connection after `body`."""

    status: int = 200
    data: Any = None
    raw: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    claim: int = 0
    reset: bool = False

    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return b"" if self.status == 204 else json.dumps(self.data).encode()


def fault(status: int, type_: str = "", name: str = "", message: str = "", **more: Any) -> Reply:
    """An answer in the form of Severa's ExceptionModel."""
    location = {"type": "RequestBody", "name": name} if name else None
    details = [{"message": message, "location": location}]
    error = {"httpStatusCode": status, "type": type_, "details": details}
    return Reply(status, {"error": error}, **more)


def token(scope: str = "customers:read customers:write", life: float = 3600) -> Reply:
    return Reply(
        data={
            "access_token": f"access-{time.perf_counter_ns()}",
            "access_token_expires_in": life,
            "refresh_token": "refresh-1",
            "refresh_token_expires_in": 7200,
            "scope": scope,
        }
    )


Answers = Callable[[Asked], Reply]


class Loopback:
    """The server; `asked` holds all requests, `routes` the answers by method and path."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.routes: dict[str, Answers] = {"POST /v1/token": lambda _: token()}
        self.lock = threading.Lock()
        self.url = ""

    def on(self, route: str, *answers: Reply | Answers) -> None:
        """Answer the first requests of a route one by one; the last answer stays."""

        def answer(asked: Asked) -> Reply:
            chosen = answers[min(asked.n, len(answers)) - 1]
            return chosen if isinstance(chosen, Reply) else chosen(asked)

        self.routes[route] = answer

    def count(self, route: str) -> int:
        with self.lock:
            return sum(f"{a.method} {a.path}" == route for a in self.asked)

    def answer(self, asked: Asked) -> Reply:
        route = f"{asked.method} {asked.path}"
        with self.lock:
            asked.n = 1 + sum(f"{a.method} {a.path}" == route for a in self.asked)
            self.asked.append(asked)
        answer = self.routes.get(route)
        return answer(asked) if answer else fault(404, "InvalidParameter", "guid")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    loopback: Loopback

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def handle_any(self) -> None:
        parts = urlsplit(self.path)
        size = int(self.headers.get("Content-Length") or 0)
        text = self.rfile.read(size)
        headers = {k.lower(): v for k, v in self.headers.items()}
        body = json.loads(text) if text else None
        path = parts.path.removeprefix("/rest-api")
        asked = Asked(self.command, path, parse_qs(parts.query), headers, body)
        self.reply(self.loopback.answer(asked))

    do_GET = do_POST = do_PATCH = handle_any

    def reply(self, reply: Reply) -> None:
        time.sleep(reply.delay)
        body = reply.body()
        if reply.reset and not body:
            return self.drop()
        self.send_response(reply.status)
        for name, value in ({"Content-Type": "application/json"} | reply.headers).items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(reply.claim or len(body)))
        self.end_headers()
        self.wfile.write(body)
        if reply.reset or reply.claim:
            self.drop()
        return None

    def drop(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass

    def shutdown_request(self, request: Any) -> None:
        with suppress(OSError):
            super().shutdown_request(request)


@contextmanager
def serve() -> Iterator[Loopback]:
    """A running server; its address is `url`."""
    loopback = Loopback()
    handler = type("BoundHandler", (Handler,), {"loopback": loopback})
    server = Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    loopback.url = f"http://127.0.0.1:{server.server_address[1]}/rest-api"
    try:
        yield loopback
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
