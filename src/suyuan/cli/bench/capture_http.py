"""How fast events are captured over HTTP, beside the service in this process.

Documents of 500 events with 10 EPCs each are sent by two connections to a real server of two
workers, each acknowledged with 202 before the next is sent; the client shares the cores.
"""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from suyuan.cli.bench.capture import EVENTS, documents
from suyuan.cli.bench.ground import Progress, make_brand
from suyuan.cli.bench.server import serving

_EPCS: Final = 10
_CONNECTIONS: Final = 2


def _send(port: int, secret: str, bodies: Sequence[bytes]) -> None:
    """Capture documents one after the other.

    Raises:
        RuntimeError: one was not acknowledged.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    for body in bodies:
        connection.request("POST", "/epcis/v2/capture", body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 202:
            message = f"a document was answered with {answer.status}"
            raise RuntimeError(message)
    connection.close()


def run(
    *, documents_each: int = 40, progress: Progress | None = None
) -> list[dict[str, str | int | float]]:
    """Measure `POST /epcis/v2/capture` in events/s."""
    from django.db import connection  # noqa: PLC0415

    from suyuan.capture.services import capture_document  # noqa: PLC0415
    from suyuan.tenancy.rights import Right  # noqa: PLC0415
    from suyuan.tenancy.services import issue_token  # noqa: PLC0415

    brand = make_brand()
    _, secret = issue_token(
        actor=brand.actor, name="bench", scopes=(Right.EVENTS_CAPTURE,), expires_at=None
    )
    bodies = documents(brand, documents_each * 2 + _CONNECTIONS, _EPCS)
    ours, theirs = bodies[:documents_each], bodies[documents_each:]
    begin = time.perf_counter()
    for body in ours:
        capture_document(actor=brand.actor, body=body, source="bench")
    inside = documents_each * EVENTS / (time.perf_counter() - begin)
    if progress:
        progress(1, 2)
    warm, rest = theirs[:_CONNECTIONS], theirs[_CONNECTIONS:]
    shares = [rest[i::_CONNECTIONS] for i in range(_CONNECTIONS)]
    with (
        serving("suyuan.config.wsgi:application", os.environ) as server,
        ThreadPoolExecutor(_CONNECTIONS) as pool,
    ):
        list(pool.map(lambda body: _send(server.port, secret, [body]), warm))
        begin = time.perf_counter()
        list(pool.map(lambda share: _send(server.port, secret, share), shares))
        seconds = time.perf_counter() - begin
    outside = len(rest) * EVENTS / seconds
    if progress:
        progress(2, 2)
    return [
        {
            "figure": f"capture over HTTP, {_EPCS} EPCs an event",
            "unit": "events/s",
            "database": connection.vendor,
            "rate": round(outside),
            "baseline": "the service in one process",
            "baseline_rate": round(inside),
            "ratio": round(outside / inside, 2),
        }
    ]
