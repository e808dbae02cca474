"""How long the scope of a material lot takes, with the present place of every item.

The baseline answers the same question in a row-per-EPC design: one table (EPC, event) loaded with
the same goods, containment followed by a recursive query, the last event of each item by a window
function. It is timed in the same database in the same run.
"""

from __future__ import annotations

import time

from suyuan.cli.bench.ground import Progress, load, make_brand, material_link


def run(
    *, items: int = 100_000, progress: Progress | None = None
) -> list[dict[str, str | int | float]]:
    """Measure `lineage.scope` of one material lot that reaches 100,000 items among `items`."""
    from django.db import connection  # noqa: PLC0415

    from suyuan.capture.identities import find_key  # noqa: PLC0415
    from suyuan.cli.bench import rows_per_epc  # noqa: PLC0415
    from suyuan.core.identifiers import parse_epc  # noqa: PLC0415
    from suyuan.lineage.selectors import scope  # noqa: PLC0415
    from suyuan.lineage.starts import Goods  # noqa: PLC0415

    brand = make_brand()
    events = load(brand, items, progress)
    start = find_key(brand.organisation_id, parse_epc(material_link(0))) or 0
    scope(organisation_id=brand.organisation_id, starts=[Goods(start)])  # warm
    begin = time.perf_counter()
    found = scope(organisation_id=brand.organisation_id, starts=[Goods(start)])
    seconds = time.perf_counter() - begin
    baseline, counted = rows_per_epc.scope_seconds(brand, min(items, 100_000))
    if counted != {place.whereabouts.value: 0 for place in found.places} | _counts(found):
        message = f"the two answers differ: {counted} and {_counts(found)}"
        raise AssertionError(message)
    return [
        {
            "figure": f"scope of {len(found.items):,} items among {items:,}",
            "unit": "s",
            "database": connection.vendor,
            "rate": round(seconds, 3),
            "events": events,
            "shipments": len(found.shipments),
            "baseline": "a row for each EPC, recursive SQL",
            "baseline_rate": round(baseline, 3),
            "ratio": round(baseline / seconds, 1),
        }
    ]


def _counts(found: object) -> dict[str, int]:
    """Return items by whereabouts."""
    counts: dict[str, int] = {}
    for place in found.places:  # type: ignore[attr-defined]
        name = place.whereabouts.value
        counts[name] = counts.get(name, 0) + len(place.items)
    return counts
