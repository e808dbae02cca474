"""How fast events are captured over HTTP, beside the service in this process.

Documents of 500 events with 1, 10 and 100 EPCs each, in every syntax, are sent by two connections
to a real server of two workers, each acknowledged with 202 before the next is sent; the client
shares the cores. What the server's processes compute is told apart from what the clock says: on a
machine that others use, only the first can be compared.
"""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from suyuan.cli.bench.capture import EVENTS, documents
from suyuan.cli.bench.ground import Brand, Progress, make_brand
from suyuan.cli.bench.server import Server, serving
from suyuan.cli.bench.syntaxes import SYNTAXES, written

type Figure = dict[str, str | int | float]

SIZES: Final = (10, 1, 100)
_CONNECTIONS: Final = 2


def run(
    *,
    media: str = "",
    sizes: Sequence[int] = SIZES,
    documents_each: int = 32,
    progress: Progress | None = None,
) -> list[Figure]:
    """Measure `POST /epcis/v2/capture` in events/s.

    Args:
        media: one of `SYNTAXES`; all of them without it.
        sizes: EPCs an event.
        documents_each: documents for each figure; a quarter where an event has 100 EPCs.
        progress: called with figures done and figures in all.

    Returns:
        A figure for each syntax and size. `cpu_us` is what an event takes of the server's
        processors, in microseconds; a database server's own are not in it.

    Raises:
        ValueError: there is no such syntax.
    """
    from suyuan.tenancy.rights import Right  # noqa: PLC0415
    from suyuan.tenancy.services import issue_token  # noqa: PLC0415

    if media and media not in SYNTAXES:
        message = f"there is no syntax {media}; there are: {', '.join(SYNTAXES)}"
        raise ValueError(message)
    brand = make_brand()
    _, secret = issue_token(
        actor=brand.actor, name="bench", scopes=(Right.EVENTS_CAPTURE,), expires_at=None
    )
    cases = [(one, size) for one in ([media] if media else SYNTAXES) for size in sizes]
    ground = _Ground(brand, secret, documents_each)
    figures = []
    with serving(os.environ) as server:
        for done, (syntax, size) in enumerate(cases, start=1):
            figures.append(ground.figure(server, syntax, size))
            if progress:
                progress(done, len(cases))
    return figures


class _Ground:
    """A brand whose serials are used up from one figure to the next."""

    def __init__(self, brand: Brand, secret: str, documents_each: int) -> None:
        self._brand = brand
        self._secret = secret
        self._documents_each = documents_each
        self._used = 0

    def figure(self, server: Server, syntax: str, size: int) -> Figure:
        from django.db import connection  # noqa: PLC0415

        count = max(_CONNECTIONS, self._documents_each // (4 if size > 10 else 1))
        inside = self._inside(self._bodies(syntax, size, max(2, count // 2)), syntax)
        bodies = self._bodies(syntax, size, count + _CONNECTIONS)
        _send_all(server, self._secret, bodies[:_CONNECTIONS], syntax)  # warm
        before, begin = server.cpu_seconds(), time.perf_counter()
        _send_all(server, self._secret, bodies[_CONNECTIONS:], syntax)
        seconds, cpu = time.perf_counter() - begin, server.cpu_seconds() - before
        outside = count * EVENTS / seconds
        return {
            "figure": f"capture over HTTP, {syntax}, {size} EPCs an event",
            "unit": "events/s",
            "database": connection.vendor,
            "rate": round(outside),
            "cpu_us": round(cpu * 1e6 / count / EVENTS, 1),
            "baseline": "the service in one process",
            "baseline_rate": round(inside),
            "ratio": round(outside / inside, 2),
        }

    def _bodies(self, syntax: str, size: int, count: int) -> list[bytes]:
        made = documents(self._brand, count, size, self._used)
        self._used += count * EVENTS * size
        return written(made, syntax)

    def _inside(self, bodies: Sequence[bytes], syntax: str) -> float:
        """Return the rate of the service in this process; the first document warms up."""
        from suyuan.capture.services import capture_document  # noqa: PLC0415

        media, _ = SYNTAXES[syntax]
        begin = 0.0
        for number, body in enumerate(bodies):
            if number == 1:
                begin = time.perf_counter()
            capture_document(actor=self._brand.actor, body=body, source="bench", media=media)
        return (len(bodies) - 1) * EVENTS / (time.perf_counter() - begin)


def _send_all(server: Server, secret: str, bodies: Sequence[bytes], syntax: str) -> None:
    """Send documents by two connections."""
    shares = [bodies[i::_CONNECTIONS] for i in range(_CONNECTIONS)]
    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        list(pool.map(lambda share: _send(server.port, secret, share, syntax), shares))


def _send(port: int, secret: str, bodies: Sequence[bytes], syntax: str) -> None:
    """Capture documents one after the other.

    Raises:
        RuntimeError: one was not acknowledged.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": SYNTAXES[syntax][1]}
    for body in bodies:
        connection.request("POST", "/epcis/v2/capture", body, headers)
        answer = connection.getresponse()
        told = answer.read()
        if answer.status != 202:
            message = f"a document was answered with {answer.status}: {told[:200]!r}"
            raise RuntimeError(message)
    connection.close()
