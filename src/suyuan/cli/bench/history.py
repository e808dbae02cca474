"""How long the history of an item takes, at growing numbers of items.

Items are asked for at random among all that have a full history: made, packed, shipped, received,
half of them sold. The physical limit beside it is one look-up by primary key in the same database.
"""

from __future__ import annotations

import random
import time
from typing import Final

from suyuan.cli.bench.ground import LOT, Brand, Progress, prepared

type Figure = dict[str, str | int | float]

ASKED: Final = 2_000


def sample(brand: Brand, items: int, chance: random.Random) -> list[str]:
    """Return the links of some items, any of all."""
    return [brand.items(chance.randrange(items), 1)[0] for _ in range(ASKED)]


def run(*, items: int = 100_000, lot: int = LOT, progress: Progress | None = None) -> list[Figure]:
    """Measure `lineage.history` in the process.

    Returns:
        Median and 95th percentile in milliseconds; the baseline is one row by primary key.
    """
    from django.db import connection  # noqa: PLC0415

    from suyuan.capture.identities import find_key  # noqa: PLC0415
    from suyuan.core.identifiers import parse_epc  # noqa: PLC0415
    from suyuan.lineage.selectors import history  # noqa: PLC0415

    brand, events = prepared(items=items, lot=lot, progress=progress)
    chance = random.Random(7)  # noqa: S311 - a sample, not a secret
    asked = sample(brand, items, chance)
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
    ]
