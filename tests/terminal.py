"""A real terminal with a person at it, who answers the command's questions by their titles."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

PROMPT = re.compile(r"(?:^|\n)([^\n]*?)(?: \[[^\n]*\])?: $")
PATIENCE_S = 60.0
MOST = 4
Answers = Mapping[str, str | Sequence[str]]


@dataclass
class Terminal:
    """What stands on the screen so far, and how the command ended."""

    process: subprocess.Popen[bytes]
    master: int
    screen: str = ""
    asked: list[str] = field(default_factory=list)

    def question(self) -> str | None:
        """The title of the next question; None when the command has ended."""
        end, seen = time.monotonic() + PATIENCE_S, len(self.screen)
        while time.monotonic() < end:
            match = PROMPT.search(self.screen[seen:])
            if match and not self._more(0.05):
                self.asked.append(match[1].strip())
                return self.asked[-1]
            if not self._more(0.2) and self.process.poll() is not None:
                return None
        raise TimeoutError(f"Nothing more came after:\n{self.screen[-2000:]}")

    def type(self, text: str) -> None:
        """Type a line."""
        os.write(self.master, text.encode() + b"\n")

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.write(self.master, b"\x03")

    def answered(self, answers: Answers) -> int:
        """Answer all questions, Enter where a title has no answer; the exit code."""
        left = {title: [v] if isinstance(v, str) else list(v) for title, v in answers.items()}
        while (title := self.question()) is not None:
            if self.asked.count(title) > MOST:
                raise AssertionError(f"Asked again and again:\n{self.screen[-1500:]}")
            known = next((v for word, v in left.items() if title.startswith(word) and v), None)
            self.type(known.pop(0) if known else "")
        assert [title for title, v in left.items() if v] == [], self.screen
        return self.process.wait(PATIENCE_S)

    def _more(self, wait_s: float) -> bool:
        """Read what has come; whether there was anything."""
        ready, _, _ = select.select([self.master], [], [], wait_s)
        try:
            found = os.read(self.master, 65536) if ready else b""
        except OSError:  # the other end is closed
            found = b""
        self.screen += found.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(found)


@contextmanager
def terminal(*arguments: str, **environment: str) -> Iterator[Terminal]:
    """`recon …` in a terminal of its own, ended with the block."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "recon", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "TERM": "dumb", "COLUMNS": "200", **environment},
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        process.kill()
        process.wait()
        os.close(master)
