"""How much disk the events take, before goods are sold one by one.

Owns: the figure. Everything that capture stores is counted: events whole, index, facets, columns.

The baseline keeps of the same events only what traces them: a row for each event and one for each
EPC in it, with the indexes that its questions need.
"""

from __future__ import annotations

from suyuan.cli.bench.ground import LOT, Progress, histories, make_brand


def run(
    *, items: int = 100_000, lot: int = LOT, progress: Progress | None = None
) -> list[dict[str, str | int | float]]:
    """Measure what `items` items take that were made, packed, shipped and received."""
    from django.db import connection  # noqa: PLC0415

    from suyuan.capture.columns import build_segments  # noqa: PLC0415
    from suyuan.capture.services import capture_events  # noqa: PLC0415
    from suyuan.cli.bench import rows_per_epc  # noqa: PLC0415

    brand = make_brand()
    before = _size()
    events = list(histories(brand, items, lot, parcels=False))
    for at in range(0, len(events), 2_000):
        capture_events(actor=brand.actor, events=events[at : at + 2_000], source="bench")
        if progress:
            progress(at, len(events))
    build_segments(brand.organisation_id)
    between = _size()
    rows_per_epc.load_rows(events)
    own, rows = max(1, between - before), max(1, _size() - between)
    return [
        {
            "figure": f"disk for {items:,} items before the parcel stage",
            "unit": "bytes an item",
            "database": connection.vendor,
            "rate": round(own / items, 1),
            "events": len(events),
            "baseline": "a row for each EPC",
            "baseline_rate": round(rows / items, 1),
            "ratio": round(rows / own, 1),
        }
    ]


def _size() -> int:
    """Return how many bytes the database takes."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
        told = {}
        for name in ("page_count", "freelist_count", "page_size"):
            cursor.execute(f"PRAGMA {name}")
            told[name] = int(cursor.fetchone()[0])
        return (told["page_count"] - told["freelist_count"]) * told["page_size"]
