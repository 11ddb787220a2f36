"""A proxy before the sandbox's Severa that answers some calls with errors that quote everything."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

PASSED = ("content-type", "nextpagetoken", "retry-after", "date")


@dataclass
class Echo:
    """`rules`: method, pattern of the path, status, how often. `held`: what a server's fault
    quotes beside the call itself. `tokens`: every token that was given."""

    upstream: str
    held: str = ""
    rules: list[list[Any]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    quoted: int = 0
    url: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fail(self, method: str, path: str, status: int, times: int) -> None:
        """Let the next calls that match fail."""
        self.rules.append([method, path, status, times])

    def rule(self, method: str, path: str) -> int:
        """The status that this call is to fail with, 0 for none."""
        with self._lock:
            for rule in self.rules:
                if rule[3] and rule[0] == method and re.search(rule[1], path):
                    rule[3] -= 1
                    self.quoted += 1
                    return int(rule[2])
        return 0

    def complaint(self, status: int, call: str) -> bytes:
        """An error in Severa's form whose message quotes the call, one of 500 what it held too."""
        said = f"{call} {self.held if status >= 500 else ''}"
        details = [{"message": said, "location": {"type": "RequestBody", "name": "name"}}]
        kind = "AuthenticationRequired" if status == 401 else "InvalidParameter"
        error = {"httpStatusCode": status, "type": kind, "details": details, "stack": said}
        return json.dumps({"error": error}).encode()

    def note(self, path: str, body: bytes) -> None:
        """Keep the tokens of an answer."""
        if path.endswith("token"):
            told = json.loads(body)
            self.tokens |= {str(told[n]) for n in ("access_token", "refresh_token") if n in told}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    echo: Echo
    client: httpx.Client

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status = self.echo.rule(self.command, self.path)
        if status:
            call = f"{self.path} {dict(self.headers)} {body.decode()}"
            return self.answer(status, {}, self.echo.complaint(status, call))
        kept = ("authorization", "client_id", "content-type")
        headers = {n: v for n, v in self.headers.items() if n.lower() in kept}
        try:
            passed = self.client.request(self.command, self.path, content=body, headers=headers)
        except httpx.HTTPError:
            self.close_connection = True
            return None
        self.echo.note(self.path, passed.content)
        told = {n: v for n, v in passed.headers.items() if n.lower() in PASSED}
        return self.answer(passed.status_code, told, passed.content)

    do_GET = do_POST = do_PATCH = handle_any

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@contextmanager
def proxied(upstream: str) -> Iterator[Echo]:
    """A running proxy; its address is `url`, with the path that the upstream's has."""
    root, _, path = upstream.rpartition("/")
    echo = Echo(upstream)
    with httpx.Client(base_url=root, timeout=60.0, trust_env=False) as client:
        handler = type("Bound", (Handler,), {"echo": echo, "client": client})
        server = Server(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        echo.url = f"http://127.0.0.1:{server.server_address[1]}/{path}"
        try:
            yield echo
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
