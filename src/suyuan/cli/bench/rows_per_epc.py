"""The baseline of `scope`: a row for each EPC, and recursive SQL.

Owns: tables `bench_event` and `bench_epc`, their loading from the same generator, the query.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import batched
from typing import Any, Final

from suyuan.cli.bench.ground import Brand, histories, material_link

_BATCH: Final = 20_000
_TABLES: Final = (
    "CREATE TABLE bench_event (seq bigint PRIMARY KEY, time bigint, type varchar(30), "
    "action varchar(10), step varchar(40), disposition varchar(40), location varchar(100), "
    "parent varchar(100), childless int, lot varchar(40), input varchar(100), "
    "output varchar(100))",
    "CREATE TABLE bench_epc (epc varchar(100), seq bigint, role varchar(10), "
    "PRIMARY KEY (epc, seq, role))",
    "CREATE INDEX bench_epc_seq ON bench_epc (seq)",
    "CREATE INDEX bench_event_lot ON bench_event (lot)",
    "CREATE INDEX bench_event_input ON bench_event (input)",
    "CREATE INDEX bench_event_parent ON bench_event (parent)",
)

# Items of the lot; where each was contained, from when to when, level by level; the last event of
# the item or of what held it that says where it is.
_QUERY: Final = """
WITH RECURSIVE affected AS (
  SELECT e.epc FROM bench_event made
  JOIN bench_event born ON born.lot = made.output
  JOIN bench_epc e ON e.seq = born.seq AND e.role = 'epc'
  WHERE made.input = %s
),
windows (item, unit, start, finish) AS (
  SELECT epc, epc, CAST(-1 AS bigint), CAST(4000000000000000000 AS bigint) FROM affected
  UNION ALL
  SELECT w.item, v.parent, v.time, COALESCE((
      SELECT MIN(v2.time) FROM bench_epc c2 JOIN bench_event v2 ON v2.seq = c2.seq
      WHERE c2.epc = w.unit AND c2.role = 'child' AND v2.time > v.time
    ), (
      SELECT MIN(v3.time) FROM bench_event v3
      WHERE v3.parent = v.parent AND v3.action = 'DELETE' AND v3.childless = 1
        AND v3.time >= v.time
    ), w.finish)
  FROM windows w
  JOIN bench_epc c ON c.epc = w.unit AND c.role = 'child'
  JOIN bench_event v ON v.seq = c.seq AND v.action = 'ADD'
  WHERE v.time < w.finish
),
told AS (
  SELECT w.item, v.time, v.seq,
    CASE WHEN v.disposition = 'in_transit' THEN 'in_transit'
         WHEN v.disposition = 'retail_sold' THEN 'sold'
         WHEN v.location IS NOT NULL THEN 'in_house' END AS place
  FROM windows w
  JOIN bench_epc c ON c.epc = w.unit
  JOIN bench_event v ON v.seq = c.seq
  WHERE v.time >= w.start AND v.time < w.finish
),
ranked AS (
  SELECT item, place, ROW_NUMBER() OVER (PARTITION BY item ORDER BY time DESC, seq DESC) AS n
  FROM told WHERE place IS NOT NULL
)
SELECT place, COUNT(*) FROM ranked WHERE n = 1 GROUP BY place
"""


def load_rows(events: Iterable[dict[str, Any]]) -> None:
    """Make the tables anew and load events into them."""
    from django.db import connection, transaction  # noqa: PLC0415

    from suyuan.kernel.bulk import insert_rows  # noqa: PLC0415

    columns = (
        "seq time type action step disposition location parent childless lot input output"
    ).split()
    with transaction.atomic():
        with connection.cursor() as cursor:
            for table in ("bench_event", "bench_epc"):
                cursor.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in _TABLES:
                cursor.execute(statement)
        for some in batched(enumerate(events, 1), _BATCH):
            insert_rows("bench_event", columns, [_row(seq, event) for seq, event in some])
            insert_rows("bench_epc", ("epc", "seq", "role"), _epcs(some))


def _epcs(events: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[tuple[str, int, str]]:
    for seq, event in events:
        yield from ((epc, seq, "epc") for epc in event.get("epcList", ()))
        yield from ((epc, seq, "child") for epc in event.get("childEPCs", ()))


def scope_seconds(brand: Brand, items: int, lot: int) -> tuple[float, dict[str, int]]:
    """Load the same goods, ask the same question; return seconds and items by whereabouts."""
    from django.db import connection  # noqa: PLC0415

    load_rows(histories(brand, items, lot))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        begin = time.perf_counter()
        cursor.execute(_QUERY, (material_link(0),))
        rows = cursor.fetchall()
        seconds = time.perf_counter() - begin
    return seconds, dict(rows)


def _row(seq: int, event: dict[str, Any]) -> tuple[Any, ...]:
    inputs = event.get("inputQuantityList") or [{}]
    outputs = event.get("outputQuantityList") or [{}]
    output = outputs[0].get("epcClass")
    return (
        seq,
        int(datetime.fromisoformat(event["eventTime"]).timestamp() * 1e6),
        event["type"],
        event.get("action"),
        event.get("bizStep"),
        event.get("disposition"),
        event.get("bizLocation", {}).get("id"),
        event.get("parentID"),
        int("childEPCs" not in event),
        event.get("ilmd", {}).get("cbvmda:lotNumber"),
        inputs[0].get("epcClass"),
        None if output is None else output.rpartition("/")[2],
    )
