"""How long the history of an item takes, at growing numbers of items.

Items are asked for at random among all that have a full history: made, packed, shipped, received,
half of them sold. The physical limit beside it is one look-up by primary key in the same database;
beside the answers over HTTP, a page of the same server that reads next to nothing.
"""

from __future__ import annotations

import http.client
import os
import random
import time
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from suyuan.cli.bench.ground import LOT, Brand, Progress, prepared
from suyuan.cli.bench.server import serving

type Figure = dict[str, str | int | float]

ASKED: Final = 2_000
_WARM: Final = 50  # requests before the clock runs: each worker reads its settings once


def run(*, items: int = 100_000, lot: int = LOT, progress: Progress | None = None) -> list[Figure]:
    """Measure `lineage.history` in the process, and over HTTP.

    Returns:
        Median and 95th percentile in milliseconds; the baseline is one row by primary key.
    """
    from django.db import connection  # noqa: PLC0415

    from suyuan.capture.identities import find_key  # noqa: PLC0415
    from suyuan.core.identifiers import parse_epc  # noqa: PLC0415
    from suyuan.lineage.selectors import history  # noqa: PLC0415

    brand, events = prepared(items=items, lot=lot, progress=progress)
    chance = random.Random(7)  # noqa: S311 - a sample, not a secret
    asked = [brand.items(chance.randrange(items), 1)[0] for _ in range(ASKED)]
    keys = [find_key(brand.organisation_id, parse_epc(text)) for text in asked]
    history(organisation_id=brand.organisation_id, key=keys[0] or 0)  # warm
    times = []
    steps = 0
    for key in keys:
        begin = time.perf_counter()
        found = history(organisation_id=brand.organisation_id, key=key or 0)
        times.append(time.perf_counter() - begin)
        steps += len(found.steps)
    single = []
    with connection.cursor() as cursor:
        for _ in range(ASKED):
            begin = time.perf_counter()
            cursor.execute(
                "SELECT body FROM capture_storedevent WHERE organisation_id = %s AND seq = %s",
                (brand.organisation_id, chance.randrange(1, events)),
            )
            cursor.fetchall()
            single.append(time.perf_counter() - begin)
    times.sort()
    single.sort()
    median = times[ASKED // 2] * 1e3
    limit = single[ASKED // 2] * 1e3
    return [
        {
            "figure": f"history of an item among {items:,}",
            "unit": "ms",
            "database": connection.vendor,
            "rate": round(median, 3),
            "p95": round(times[ASKED * 95 // 100] * 1e3, 3),
            "steps_each": round(steps / ASKED, 1),
            "events": events,
            "baseline": "one row by primary key",
            "baseline_rate": round(limit, 3),
            "ratio": round(median / limit, 1),
        },
        _over_http(brand, asked, items),
    ]


def _over_http(brand: Brand, asked: Sequence[str], items: int) -> Figure:
    """Ask a real server for the same histories over one connection, one after the other."""
    from django.db import connection  # noqa: PLC0415

    from suyuan.tenancy.rights import Right  # noqa: PLC0415
    from suyuan.tenancy.services import issue_token  # noqa: PLC0415

    _, secret = issue_token(
        actor=brand.actor, name="bench", scopes=(Right.TRACE_VIEW,), expires_at=None
    )
    headers = {"Authorization": f"Bearer {secret}"}
    times, bare = [], []
    with serving(os.environ) as server:
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        for text in (*asked[:_WARM], *asked):
            times.append(_answered(client, f"/api/v1/trace?{urlencode({'code': text})}", headers))
            bare.append(_answered(client, "/health", {}))
        client.close()
    times, bare = sorted(times[_WARM:]), sorted(bare[_WARM:])
    slow, limit = times[len(times) * 95 // 100] * 1e3, bare[len(bare) * 95 // 100] * 1e3
    return {
        "figure": f"history of an item among {items:,}, over HTTP, 95 % of requests",
        "unit": "ms",
        "database": connection.vendor,
        "rate": round(slow, 3),
        "median": round(times[len(times) // 2] * 1e3, 3),
        "baseline": "the health page of the same server, 95 %",
        "baseline_rate": round(limit, 3),
        "ratio": round(slow / limit, 1),
    }


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
