"""How long it takes to say where time goes, over every stay of every item.

Two baselines in the same run: histories folded item by item in Python (a sample, scaled to all
items), and a row-per-EPC table asked by SQL window functions. The table holds a row for each item
and each event that says where it is; what containers told has been spread to their items for
nothing.
"""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from suyuan.cli.bench.ground import LOT, prepared

if TYPE_CHECKING:
    from suyuan.cli.bench.ground import Progress

_SAMPLE: Final = 200
_MOST_ROWS: Final = 1_000_000  # items in the SQL baseline's table
_TABLE: Final = (
    "CREATE TABLE bench_mark (epc bigint, time bigint, seq bigint, step int, "
    "PRIMARY KEY (epc, time, seq))"
)
_QUERY: Final = """
WITH stay AS (
  SELECT step, LEAD(step) OVER w AS then_step, LEAD(time) OVER w - time AS length
  FROM bench_mark WINDOW w AS (PARTITION BY epc ORDER BY time, seq)
),
ranked AS (
  SELECT step, then_step, length,
    ROW_NUMBER() OVER (PARTITION BY step, then_step ORDER BY length) AS n,
    COUNT(*) OVER (PARTITION BY step, then_step) AS total
  FROM stay WHERE then_step IS NOT NULL
)
SELECT step, then_step, MAX(total),
  MIN(CASE WHEN n * 100 >= total * 10 THEN length END),
  MIN(CASE WHEN n * 100 >= total * 50 THEN length END),
  MIN(CASE WHEN n * 100 >= total * 90 THEN length END),
  MIN(CASE WHEN n * 100 >= total * 99 THEN length END)
FROM ranked GROUP BY step, then_step
"""

type Figure = dict[str, str | int | float]
type _Answer = set[tuple[int, int, int, int, int]]


def run(*, items: int = 100_000, lot: int = LOT, progress: Progress | None = None) -> list[Figure]:
    """Measure the report by step over all stays of `items` items."""
    from django.db import connection, transaction  # noqa: PLC0415

    from suyuan.lineage.standing import refresh_stock, stock_items  # noqa: PLC0415
    from suyuan.monitoring.dwell import Question, report  # noqa: PLC0415

    brand, events = prepared(items=items, lot=lot, progress=progress)
    organisation_id = brand.organisation_id
    refresh_stock(organisation_id)
    report(organisation_id, Question(sample=1_000))  # warm
    began = time.perf_counter()
    found = report(organisation_id, Question())
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    sampled = report(organisation_id, Question(sample=20_000))
    screen = time.perf_counter() - began
    keys = stock_items(organisation_id).to_array()
    folding = _folded(organisation_id, keys[:: max(1, keys.size // _SAMPLE)].tolist())
    with transaction.atomic():
        asked, answer = _asked(organisation_id, keys[:_MOST_ROWS])
        transaction.set_rollback(True)
    ours = {(one.items, one.p10, one.p50, one.p90, one.p99) for one in found.groups}
    if keys.size <= _MOST_ROWS and answer != ours:
        message = f"the two answers differ: {sorted(answer)} and {sorted(ours)}"
        raise AssertionError(message)
    shared: Figure = {
        "figure": f"dwell times of {found.items:,} items, {found.stays:,} stays",
        "unit": "s",
        "database": connection.vendor,
        "rate": round(seconds, 2),
        "events": events,
    }
    by_item = folding * keys.size
    by_sql = asked * keys.size / min(keys.size, _MOST_ROWS)
    return [
        {
            **shared,
            "baseline": f"item by item in Python ({_SAMPLE} items, scaled)",
            "baseline_rate": round(by_item, 1),
            "ratio": round(by_item / seconds, 1),
        },
        {
            **shared,
            "baseline": "a row for each EPC and event, SQL window functions"
            + (" (a million items, scaled)" if keys.size > _MOST_ROWS else ""),
            "baseline_rate": round(by_sql, 2),
            "ratio": round(by_sql / seconds, 1),
        },
        {
            **shared,
            "figure": f"the screen: a sample of {sampled.measured:,} items of {sampled.items:,}",
            "rate": round(screen, 2),
            "baseline": "all items",
            "baseline_rate": round(seconds, 2),
            "ratio": round(seconds / screen, 1),
        },
    ]


def _folded(organisation_id: int, keys: list[int]) -> float:
    """Return the seconds that an item takes, history by history."""
    from suyuan.lineage.history import history  # noqa: PLC0415

    began = time.perf_counter()
    for key in keys:
        steps = history(organisation_id=organisation_id, key=key).steps
        for one, then in pairwise(steps):
            _ = then.happening.time - one.happening.time
    return (time.perf_counter() - began) / len(keys)


def _asked(organisation_id: int, keys: Any) -> tuple[float, _Answer]:
    """Spread the marks to a row for each item and event, and ask SQL; return seconds and answer."""
    import numpy as np  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from suyuan.core.keyset import unpack_runs  # noqa: PLC0415
    from suyuan.kernel.bulk import insert_rows  # noqa: PLC0415
    from suyuan.lineage.alike import alike  # noqa: PLC0415
    from suyuan.lineage.fetch import entries_of  # noqa: PLC0415
    from suyuan.lineage.stays import stays_of  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        for at in range(0, keys.size, 1 << 16):
            groups = alike(entries_of(organisation_id, keys[at : at + (1 << 16)]))
            stays = stays_of(organisation_id, groups)
            low = np.searchsorted(stays.groups, groups.group)
            counts = np.searchsorted(stays.groups, groups.group, side="right") - low
            row = unpack_runs(low, counts)
            epcs = np.repeat(groups.items, counts)
            begun = zip(
                *(epcs.tolist(), stays.since[row].tolist(), stays.begins[row].tolist()),
                stays.steps[row].tolist(),
                strict=True,
            )
            insert_rows("bench_mark", ("epc", "time", "seq", "step"), begun)
            # What ended in a sale has a mark more, from which no stay begins.
            last = np.append(np.diff(epcs) != 0, True) & (stays.ends[row] >= 0)
            ended = zip(
                *(epcs[last].tolist(), stays.until[row[last]].tolist()),
                *(stays.ends[row[last]].tolist(), stays.next_steps[row[last]].tolist()),
                strict=True,
            )
            insert_rows("bench_mark", ("epc", "time", "seq", "step"), ended)
        began = time.perf_counter()
        cursor.execute(_QUERY)
        rows = cursor.fetchall()
        return time.perf_counter() - began, {tuple(row[2:]) for row in rows}
