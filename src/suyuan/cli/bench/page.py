"""Measure the consumer's page: first scans of items on their way, over a real server.

Owns: the figure `page`.
Does not own: the load client (load), the baseline server (bare).
Invariant: page and baseline are measured one after the other, with the same server program, the
same number of workers and the same client, which shares the machine's cores with them. Every
request is the first scan of another item, which is written down; a round that runs out of items
says so in `repeats`.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from suyuan.cli.bench.load import Load, put_load

type Progress = Callable[[int, int], None]
type Figure = dict[str, str | int | float]

_WORKERS: Final = 2
# One thread a worker: pages are computed, not waited for, and two threads of one interpreter
# would hold the write lock of SQLite while they wait for each other.
_THREADS: Final = "1"
_SECONDS_TO_START: Final = 60
_STEPS: Final = 4
_WARM: Final = 100


def run(
    *,
    items: int = 20_000,
    seconds: int = 10,
    connections: int = 16,
    progress: Progress | None = None,
) -> Figure:
    """Measure pages a second and how long they take, and a bare Django view beside them.

    Args:
        items: How many items are made, packed and shipped before the measurement, at least 100.
        seconds: How long each round takes.
        connections: Requests under way at a time.
        progress: Called with steps done and steps in all.

    Returns:
        `rate` (pages/s), `p50_ms`, `p95_ms`, `p99_ms`, `cpu_ms` (the server's processor time for
        a page, which a busy machine changes least; 0 where there is no /proc), `errors`, some of
        these for the baseline with the prefix `baseline_`, `ratio` of the rates, and what was
        counted.

    Raises:
        ValueError: `items` is below 100.
        RuntimeError: the server did not start.
    """
    if items < 100:
        message = f"{items} items are scanned in an instant"
        raise ValueError(message)
    report = progress or (lambda _done, _all: None)
    with tempfile.TemporaryDirectory(prefix="suyuan-bench-") as folder:
        environment = _environment(Path(folder))
        report(0, _STEPS)
        paths = _prepared(items, environment, Path(folder))
        report(1, _STEPS)
        with _server("suyuan.config.wsgi:application", environment) as server:
            put_load(port=server.port, paths=paths[:_WARM], connections=2, seconds=2)
            report(2, _STEPS)
            page = server.measure(paths[_WARM:], connections, seconds)
        report(3, _STEPS)
        with _server("suyuan.cli.bench.bare:application", environment) as server:
            bare = server.measure(["/"], connections, seconds)
        report(_STEPS, _STEPS)
    return _figure(*page, *bare, items=len(paths) - _WARM)


def _figure(page: Load, page_cpu: float, bare: Load, bare_cpu: float, *, items: int) -> Figure:
    return {
        "figure": "page",
        "unit": "pages/s",
        "rate": page.rate,
        "p50_ms": page.p50,
        "p95_ms": page.p95,
        "p99_ms": page.p99,
        "cpu_ms": page_cpu,
        "errors": page.errors,
        "count": page.requests,
        "repeats": max(0, page.requests - items),
        "client": page.client,
        "workers": _WORKERS,
        "baseline": "a bare Django view that answers two letters, same server and client",
        "baseline_rate": bare.rate,
        "baseline_p95_ms": bare.p95,
        "baseline_cpu_ms": bare_cpu,
        "baseline_errors": bare.errors,
        "ratio": page.rate / bare.rate if bare.rate else 0.0,
    }


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SUYUAN_")}
    return kept | {
        "SUYUAN_DATA_DIR": str(folder),
        # The clients' addresses come in a header, so that the limits see many networks.
        "SUYUAN_TRUSTED_PROXY": "1",
        "DJANGO_SETTINGS_MODULE": "suyuan.config.settings",
    }


def _prepared(items: int, environment: dict[str, str], folder: Path) -> list[str]:
    """Make the goods in a process of their own, whose settings are the bench's."""
    command = [
        sys.executable,
        "-m",
        "suyuan.cli.bench.page_goods",
        str(items),
        str(folder / "paths"),
    ]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return (folder / "paths").read_text(encoding="ascii").split()


@dataclass(frozen=True, slots=True)
class _Server:
    """A server that runs: its port, and the process group that its workers are in."""

    port: int
    group: int

    def measure(self, paths: Sequence[str], connections: int, seconds: int) -> tuple[Load, float]:
        """Return what the client saw, and the server's milliseconds of processor a request."""
        before = _cpu_seconds(self.group)
        load = put_load(port=self.port, paths=paths, connections=connections, seconds=seconds)
        return load, (_cpu_seconds(self.group) - before) * 1e3 / max(1, load.requests)


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
def _server(application: str, environment: dict[str, str]) -> Iterator[_Server]:
    """Serve `application` on a spare port of the loopback."""
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        port: int = spare.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-access-log"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(_WORKERS)]
    command += ["--blocking-threads", _THREADS, "--log-level", "error", application]
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        _wait_for(port, process)
        yield _Server(port, process.pid)
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
