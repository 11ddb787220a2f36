"""A proxy on this machine that lets nothing out and remembers what was asked of it."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LOOPBACK = "127.0.0.1,localhost"
# What Chromium asks its makers by itself, whatever page it shows.
CHROMIUMS = re.compile(
    r"(accounts|clients\d*|www|android\.clients)\.google\.com[:/]|"
    r"(update|content-autofill|optimizationguide-pa|safebrowsing)\.googleapis\.com[:/]"
)


@dataclass(frozen=True)
class Gate:
    """Where the proxy listens, and the first line of each request that came to it."""

    port: int
    asked: list[str] = field(default_factory=list)

    @property
    def browser(self) -> tuple[str, ...]:
        """Arguments that send all of Chromium's traffic here, but for this machine's own."""
        return (f"--proxy-server=http://127.0.0.1:{self.port}", "--disable-component-update")

    @property
    def environment(self) -> dict[str, str]:
        """Variables that send a program's traffic here, but for this machine's own."""
        proxies = dict.fromkeys(
            ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"),
            f"http://127.0.0.1:{self.port}",
        )
        return {**proxies, "NO_PROXY": LOOPBACK, "no_proxy": LOOPBACK}


@contextmanager
def gate() -> Iterator[Gate]:
    """Listen until the block ends."""
    asked: list[str] = []

    class Refusing(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            line = self.rfile.readline().decode("latin-1").strip()
            if not CHROMIUMS.search(line):
                asked.append(line)
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Gate(server.server_address[1], asked)
        server.shutdown()
