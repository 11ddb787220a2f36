"""Runs commands and measures them from outside: time, CPU, memory. Linux only: it reads /proc."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
IMPORTS = "import recon.cli.app, recon.flow, recon.sandbox.severa_process"
OFTEN = 0.05
MB = 1024 * 1024
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Ran:
    """One command: seconds of wall and CPU, peak memory of its processes in MB, what it said."""

    wall: float
    cpu: float
    peak_mb: float
    exit_code: int
    document: dict[str, Any]

    @property
    def calls(self) -> int:
        """Calls to Severa; the answers 429 are counted among them already."""
        named = self.document.get("calls", {})
        return sum(n for kind, n in named.items() if kind not in ("least", "429"))


def recon(profile: Path, *arguments: str) -> Ran:
    """Run `recon --json` on a company; RuntimeError where it could not run."""
    command = [sys.executable, "-m", "recon", "--company", str(profile), "--json", *arguments]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as told:
        ran = _watched(command, out, told)
        out.seek(0)
        document = json.loads(out.read() or b"{}")
    if ran.exit_code > 1:
        raise RuntimeError(f"{' '.join(arguments)} ended with {ran.exit_code}: {document}")
    return Ran(ran.wall, ran.cpu, ran.peak_mb, ran.exit_code, document)


def run(*arguments: str) -> Ran:
    """Run `recon` without a company; RuntimeError where it did not end well."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as told:
        ran = _watched([sys.executable, "-m", "recon", *arguments], out, told)
        told.seek(0)
        if ran.exit_code:
            raise RuntimeError(told.read().decode("utf-8", "replace"))
    return ran


def start_up() -> float:
    """Seconds that an empty process takes which imports what every command imports."""
    walls = []
    for _ in range(3):
        began = time.monotonic()
        subprocess.run([sys.executable, "-c", IMPORTS], check=True, env=_environment())
        walls.append(time.monotonic() - began)
    return min(walls)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _watched(command: list[str], out: Any, told: Any) -> Ran:
    peaks = [0]
    ended = threading.Event()
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=out, stderr=told, env=_environment())
    watcher = threading.Thread(target=_watch, args=(process.pid, ended, peaks), daemon=True)
    watcher.start()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    ended.set()
    watcher.join()
    peak = max(used.ru_maxrss * 1024, peaks[0]) / MB
    return Ran(wall, used.ru_utime + used.ru_stime, peak, process.returncode, {})


def _watch(pid: int, ended: threading.Event, peaks: list[int]) -> None:
    """Note the largest sum of what the process and its children held at one time."""
    while not ended.wait(OFTEN):
        peaks[0] = max(peaks[0], sum(resident(each) for each in family(pid)))


def family(pid: int) -> list[int]:
    """A process and all below it; a sandbox's server, which outlives them, is not among them."""
    found = [pid]
    for one in found:
        try:
            below = Path(f"/proc/{one}/task/{one}/children").read_text().split()
        except OSError:
            continue
        found += [int(child) for child in below if not _serves(int(child))]
    return found


def _serves(pid: int) -> bool:
    try:
        return b"severa_server" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def resident(pid: int) -> int:
    """Bytes that a process holds in memory; 0 where it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def peak(pid: int) -> float:
    """The most that a living process ever held, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def cpu(pid: int) -> float:
    """Seconds of CPU that a living process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
