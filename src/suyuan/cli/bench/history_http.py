"""How long the history of an item takes over HTTP, one request after the other.

Beside the answers, a page of the same server that reads next to nothing. What the server's
processes compute is told apart from what the clock says: the client shares the cores.
"""

from __future__ import annotations

import http.client
import os
import random
import time
from contextlib import closing
from typing import Final
from urllib.parse import urlencode

from suyuan.cli.bench.ground import LOT, Progress, prepared
from suyuan.cli.bench.history import ASKED, Figure, sample
from suyuan.cli.bench.server import serving

_WARM: Final = 50  # requests before the clock runs: each worker reads its settings once


def run(
    *, items: int = 100_000, lot: int = LOT, asked: int = ASKED, progress: Progress | None = None
) -> list[Figure]:
    """Measure `GET /api/v1/trace` over one connection: 95th percentile and median, in ms."""
    from django.db import connection  # noqa: PLC0415

    from suyuan.tenancy.rights import Right  # noqa: PLC0415
    from suyuan.tenancy.services import issue_token  # noqa: PLC0415

    brand, _ = prepared(items=items, lot=lot, progress=progress)
    texts = sample(brand, items, random.Random(7))[:asked]  # noqa: S311 - a sample, not a secret
    _, secret = issue_token(
        actor=brand.actor, name="bench", scopes=(Right.TRACE_VIEW,), expires_at=None
    )
    headers = {"Authorization": f"Bearer {secret}"}
    paths = [f"/api/v1/trace?{urlencode({'code': text})}" for text in texts]
    with (
        serving(os.environ) as server,
        closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as client,
    ):
        for path in paths[:_WARM]:
            _answered(client, path, headers)
        before = server.cpu_seconds()
        times = sorted(_answered(client, path, headers) for path in paths)
        worked = server.cpu_seconds() - before
        bare = sorted(_answered(client, "/health", {}) for _ in paths)
    slow, limit = (some[len(some) * 95 // 100] * 1e3 for some in (times, bare))
    return [
        {
            "figure": f"history of an item among {items:,}, over HTTP, 95 % of requests",
            "unit": "ms",
            "database": connection.vendor,
            "rate": round(slow, 3),
            "median": round(times[len(times) // 2] * 1e3, 3),
            "cpu_ms": round(worked * 1e3 / len(times), 3),
            "baseline": "the health page of the same server, 95 %",
            "baseline_rate": round(limit, 3),
            "ratio": round(slow / limit, 1),
        }
    ]


def _answered(client: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> float:
    """Return the seconds that an answer took; raises `RuntimeError` for any but a good one."""
    begin = time.perf_counter()
    client.request("GET", path, headers=headers)
    answer = client.getresponse()
    answer.read()
    if answer.status != 200:
        message = f"{path} was answered {answer.status}"
        raise RuntimeError(message)
    return time.perf_counter() - begin
