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
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from suyuan.cli.bench.load import Load, put_load

type Progress = Callable[[int, int], None]
type Figure = dict[str, str | int | float]

_WORKERS: Final = 2
_PER_CASE: Final = 50
_GTIN: Final = "09521234000013"
_SECONDS_TO_START: Final = 60
_STEPS: Final = 4


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
        `rate` (pages/s), `p50_ms`, `p95_ms`, `p99_ms`, `errors`, the same of the baseline with
        the prefix `baseline_`, `ratio` of the rates, and what was counted.

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
        with _server("suyuan.config.wsgi:application", environment) as port:
            put_load(port=port, paths=paths[:50], connections=2, seconds=1)
            report(2, _STEPS)
            page = put_load(port=port, paths=paths[50:], connections=connections, seconds=seconds)
        report(3, _STEPS)
        with _server("suyuan.cli.bench.bare:application", environment) as port:
            bare = put_load(port=port, paths=["/"], connections=connections, seconds=seconds)
        report(_STEPS, _STEPS)
    return _figure(page, bare, items=len(paths) - 50)


def _figure(page: Load, bare: Load, *, items: int) -> Figure:
    return {
        "figure": "page",
        "unit": "pages/s",
        "rate": page.rate,
        "p50_ms": page.p50,
        "p95_ms": page.p95,
        "p99_ms": page.p99,
        "errors": page.errors,
        "count": page.requests,
        "repeats": max(0, page.requests - items),
        "client": page.client,
        "workers": _WORKERS,
        "baseline": "a bare Django view that answers two letters, same server and client",
        "baseline_rate": bare.rate,
        "baseline_p95_ms": bare.p95,
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
    command = [sys.executable, "-m", "suyuan.cli.bench.page", str(items), str(folder / "paths")]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return (folder / "paths").read_text(encoding="ascii").split()


@contextmanager
def _server(application: str, environment: dict[str, str]) -> Iterator[int]:
    """Serve `application` on a spare port of the loopback; yield the port."""
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        port: int = spare.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-access-log"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(_WORKERS)]
    command += ["--log-level", "error", application]
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        _wait_for(port, process)
        yield port
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


def prepare(items: int) -> list[str]:
    """Store goods on their way in the database of this process; return the items' paths.

    Made in one lot, packed in cases of fifty, shipped twice and received twice.
    """
    # Only in the process of its own: Django reads its settings when first imported.
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from suyuan.core.epcis import build  # noqa: PLC0415
    from suyuan.core.identifiers import Sscc  # noqa: PLC0415
    from suyuan.issuing import selectors as issuing  # noqa: PLC0415
    from suyuan.issuing.services import commission, open_lot, order_codes  # noqa: PLC0415
    from suyuan.masterdata.services import create_location, create_product  # noqa: PLC0415
    from suyuan.tenancy.actor import system_actor  # noqa: PLC0415
    from suyuan.tenancy.models import Organisation  # noqa: PLC0415

    brand = Organisation.objects.create(slug="bench", name_zh="基准茶业", company_number=1)
    actor = system_actor(brand)
    create_product(actor=actor, gtin=_GTIN, name_zh="明前龙井", granularity="item")
    places = [
        create_location(actor=actor, code=code, name_zh=code, kind=kind, region=region).identifier
        for code, kind, region in (
            ("FAC", "factory", "330100"),
            ("WH", "warehouse", "310000"),
            ("WH2", "warehouse", "110000"),
        )
    ]
    made = datetime.now(UTC) - timedelta(days=20)
    open_lot(actor=actor, gtin=_GTIN, code="L1", produced_on=made.date(), location_code="FAC")
    order = order_codes(actor=actor, gtin=_GTIN, count=items, lot_code="L1")
    commission(
        actor=actor, order_number=order.number, lot_code="L1", time=made, location_code="FAC"
    )
    links = issuing.links(order, count=items)
    cases = {
        f"https://id.gs1.org/00/{Sscc.build('9521234', 3, number).value}": links[start : start + _PER_CASE]
        for number, start in enumerate(range(0, items, _PER_CASE))
    }
    packed = [
        build.aggregation_event(
            time=made + timedelta(hours=1),
            action="ADD",
            parent=case,
            children=inside,
            step="packing",
            read_point=places[0],
        )
        for case, inside in cases.items()
    ]
    _capture(actor, packed)
    way = (("shipping", 0), ("receiving", 1), ("shipping", 1), ("receiving", 2))
    for hours, (step, place) in enumerate(way, start=2):
        event = build.object_event(
            time=made + timedelta(hours=hours),
            action="OBSERVE",
            epcs=list(cases),
            step=step,
            disposition="in_transit" if step == "shipping" else "in_progress",
            read_point=places[place],
        )
        _capture(actor, [event])
    return [link.removeprefix("https://id.gs1.org") for link in links]


def _capture(actor: object, events: Sequence[dict[str, object]]) -> None:
    from suyuan.capture.services import capture_events  # noqa: PLC0415

    capture_events(actor=actor, events=events, source="bench")  # type: ignore[arg-type]


if __name__ == "__main__":
    Path(sys.argv[2]).write_text("\n".join(prepare(int(sys.argv[1]))), encoding="ascii")
