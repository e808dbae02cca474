"""How long the scope of a material lot takes, with the present place of every item.

The baseline answers the same question in a row-per-EPC design: one table (EPC, event) loaded with
the same goods, containment followed by a recursive query, the last event of each item by a window
function. It is timed in the same database in the same run.
"""

from __future__ import annotations

import resource
import time
from typing import Final

from suyuan.cli.bench.ground import LOT, Progress, material_link, prepared

MOST_ROWS: Final = 1_000_000
"""More items take the baseline hours; its time for each item is compared."""


def run(
    *, items: int = 100_000, lot: int = LOT, progress: Progress | None = None
) -> list[dict[str, str | int | float]]:
    """Measure `lineage.scope` of one material lot that reaches `lot` items among `items`."""
    from django.db import connection  # noqa: PLC0415

    from suyuan.capture.identities import find_key  # noqa: PLC0415
    from suyuan.cli.bench import rows_per_epc  # noqa: PLC0415
    from suyuan.core.identifiers import parse_epc  # noqa: PLC0415
    from suyuan.lineage.selectors import scope  # noqa: PLC0415
    from suyuan.lineage.starts import Goods  # noqa: PLC0415

    brand, events = prepared(items=items, lot=lot, progress=progress)
    start = find_key(brand.organisation_id, parse_epc(material_link(0))) or 0
    reached, same = min(items, lot), min(items, lot, MOST_ROWS)
    scope(organisation_id=brand.organisation_id, starts=[Goods(start)])  # warm
    begin, worked = time.perf_counter(), time.process_time()
    found = scope(organisation_id=brand.organisation_id, starts=[Goods(start)])
    seconds, worked = time.perf_counter() - begin, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    baseline, counted = rows_per_epc.scope_seconds(brand, same, min(lot, same))
    if same == reached and counted != _counts(found):
        message = f"the two answers differ: {counted} and {_counts(found)}"
        raise AssertionError(message)
    return [
        {
            "figure": f"scope of {len(found.items):,} items among {items:,}",
            "unit": "s",
            "database": connection.vendor,
            "rate": round(seconds, 3),
            "processor_seconds": round(worked, 3),
            "most_memory_mb": memory,
            "events": events,
            "shipments": len(found.shipments),
            "baseline": f"a row for each EPC, recursive SQL, {same:,} items",
            "baseline_rate": round(baseline, 3),
            "ratio": round(baseline / same / (seconds / reached), 1),
        }
    ]


def _counts(found: object) -> dict[str, int]:
    """Return items by whereabouts."""
    counts: dict[str, int] = {}
    for place in found.places:  # type: ignore[attr-defined]
        name = place.whereabouts.value
        counts[name] = counts.get(name, 0) + len(place.items)
    return counts
