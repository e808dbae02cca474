"""A real server for measurements, on a spare port: what `suyuan serve` starts, or a baseline.

Owns: starting and stopping it, and how much processor time its workers took.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from suyuan.cli.bench.load import Load, put_load
from suyuan.cli.serving import APPLICATION, BACKPRESSURE

WORKERS: Final = 2
_SERVED: Final = ("--interface", "rsgi", "--backpressure", str(BACKPRESSURE), APPLICATION)
_SECONDS_TO_START: Final = 60


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: its port, and the process group that its workers are in."""

    port: int
    group: int

    def measure(self, paths: Sequence[str], connections: int, seconds: int) -> tuple[Load, float]:
        """Return what the client saw, and the server's milliseconds of processor a request."""
        before = self.cpu_seconds()
        load = put_load(port=self.port, paths=paths, connections=connections, seconds=seconds)
        return load, (self.cpu_seconds() - before) * 1e3 / max(1, load.requests)

    def cpu_seconds(self) -> float:
        """Return the processor time that the server has taken so far."""
        return _cpu_seconds(self.group)


def _cpu_seconds(group: int) -> float:
    """Return the processor time of a process group so far, by Linux's /proc (proc_pid_stat(5))."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # After the name, which may hold anything: state, parent, group, …
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(environment: Mapping[str, str], *, baseline: str = "") -> Iterator[Server]:
    """Serve Suyuan on a spare port of the loopback, or a baseline's WSGI application."""
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        port: int = spare.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--no-access-log", "--log-level", "error"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(WORKERS)]
    # A page is computed, not waited for: a second thread would only take turns with the first.
    command += ["--interface", "wsgi", "--blocking-threads", "1", baseline] if baseline else _SERVED
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        _wait_for(port, process)
        yield Server(port, process.pid)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    message = "the server did not start"
    raise RuntimeError(message)
