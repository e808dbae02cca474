"""How long the present stock by place and product takes, and keeping it up to date.

The baseline is what most systems keep: a table with a row of present state for each EPC, counted by
SQL, in the same database in the same run. The table is filled for nothing here; keeping it would
cost a write for each item of each container that moves.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING, Final

from suyuan.cli.bench.ground import LOT, prepared

if TYPE_CHECKING:
    from suyuan.cli.bench.ground import Brand, Progress

type Figure = dict[str, str | int | float]

_TIMES: Final = 7
_TABLE: Final = (
    "CREATE TABLE bench_state (epc bigint PRIMARY KEY, gtin varchar(14), state smallint, "
    "place bigint)"
)
_COUNT: Final = "SELECT gtin, state, place, COUNT(*) FROM bench_state GROUP BY gtin, state, place"


def run(*, items: int = 100_000, lot: int = LOT, progress: Progress | None = None) -> list[Figure]:
    """Measure building, reading and refreshing the stock of `items` items."""
    from django.db import connection, transaction  # noqa: PLC0415

    from suyuan.lineage.models import StockMark, StockSet  # noqa: PLC0415
    from suyuan.lineage.standing import read_stock, refresh_stock  # noqa: PLC0415

    brand, events = prepared(items=items, lot=lot, progress=progress)
    organisation_id = brand.organisation_id
    StockSet.objects.filter(organisation_id=organisation_id).delete()
    StockMark.objects.filter(organisation_id=organisation_id).delete()
    began = time.perf_counter()
    folded = refresh_stock(organisation_id)
    building = time.perf_counter() - began
    reading, stock = _timed(lambda: read_stock(organisation_id))
    # A kept ground stays as it was: what is tried is rolled back.
    with transaction.atomic():
        counting, rows = _counted(organisation_id)
        refreshing = _refreshing(brand)
        transaction.set_rollback(True)
    ours = sorted(line.items for line in stock.lines)
    if ours != sorted(rows) or sum(ours) != folded:
        message = f"the two answers differ: {ours} and {sorted(rows)}"
        raise AssertionError(message)
    shared: Figure = {"unit": "ms", "database": connection.vendor, "events": events}
    counted: Figure = {
        "baseline": "a row of state for each EPC, counted by SQL",
        "baseline_rate": round(counting * 1000, 1),
    }
    return [
        {
            "figure": f"present stock by place and product, {folded:,} items",
            "rate": round(reading * 1000, 2),
            **counted,
            "ratio": round(counting / reading, 1),
            "built_seconds": round(building, 2),
            **shared,
        },
        {
            "figure": f"the stock follows a parcel's event, among {folded:,} items",
            "rate": round(refreshing * 1000, 2),
            "baseline": "folded anew whole",
            "baseline_rate": round(building * 1000),
            "ratio": round(building / refreshing, 1),
            **shared,
        },
    ]


def _timed[Told](work: Callable[[], Told]) -> tuple[float, Told]:
    """Return the median of several runs, in seconds, and the last answer."""
    took: list[float] = []
    told = work()
    for _ in range(_TIMES):
        began = time.perf_counter()
        told = work()
        took.append(time.perf_counter() - began)
    return median(took), told


def _counted(organisation_id: int) -> tuple[float, list[int]]:
    """Fill the baseline's table from the stock and count; return seconds and the counts."""
    from django.db import connection  # noqa: PLC0415

    from suyuan.core.keyset import KeySet  # noqa: PLC0415
    from suyuan.kernel.bulk import insert_rows  # noqa: PLC0415
    from suyuan.lineage.models import StockSet  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        sets = StockSet.objects.filter(organisation_id=organisation_id).order_by("shelf")
        for state, place, items in sets.values_list("whereabouts", "location", "items").iterator():
            rows = ((key, "gtin", state, place) for key in KeySet.from_bytes(bytes(items)))
            insert_rows("bench_state", ("epc", "gtin", "state", "place"), rows)

        def count() -> list[int]:
            cursor.execute(_COUNT)
            return [row[3] for row in cursor.fetchall()]

        return _timed(count)


def _refreshing(brand: Brand) -> float:
    """Return the seconds that the stock takes to follow one event about a parcel, at the median."""
    from datetime import timedelta  # noqa: PLC0415

    from suyuan.capture.services import capture_events  # noqa: PLC0415
    from suyuan.cli.bench.ground import START, place  # noqa: PLC0415
    from suyuan.core.epcis import build  # noqa: PLC0415
    from suyuan.lineage.standing import refresh_stock  # noqa: PLC0415

    took = []
    for number in range(_TIMES * 3):
        event = build.object_event(
            time=START + timedelta(days=30, seconds=number),
            action="OBSERVE",
            epcs=brand.items(number * 3, 3),
            step="storing",
            location=place(2),
        )
        capture_events(actor=brand.actor, events=[event], source="bench")
        began = time.perf_counter()
        refresh_stock(brand.organisation_id)
        took.append(time.perf_counter() - began)
    return median(took)
