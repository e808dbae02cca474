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
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from suyuan.cli.bench.load import Load, put_load
from suyuan.cli.bench.server import WORKERS, serving

type Progress = Callable[[int, int], None]
type Figure = dict[str, str | int | float]

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
        with serving(environment) as server:
            put_load(port=server.port, paths=paths[:_WARM], connections=2, seconds=2)
            report(2, _STEPS)
            page = server.measure(paths[_WARM:], connections, seconds)
        report(3, _STEPS)
        with serving(environment, baseline="suyuan.cli.bench.bare:application") as server:
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
        "workers": WORKERS,
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
