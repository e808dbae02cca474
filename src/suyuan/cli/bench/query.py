"""How long the first page of a query takes, beside a store of text rows.

Asked for at random: the events of an item, of a step within an hour, of a waybill; then one query
of each kind that indexes answer badly or not at all. What is measured goes from parameters to the
written document. The baseline keeps each event's JSON with columns for step and time, and a row
for each EPC and each transaction, all of them indexed; it reads the same events and parses them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from suyuan.cli.bench.ground import START, Brand, Progress, histories, load, make_brand, place

ASKED: Final = 300
PAGE: Final = 30
_TABLES: Final = (
    "CREATE TABLE bench_event (seq bigint PRIMARY KEY, time bigint, step varchar(40), body text)",
    "CREATE TABLE bench_name (name varchar(100), seq bigint, PRIMARY KEY (name, seq))",
    "CREATE INDEX bench_event_step ON bench_event (step, time)",
)
_BY_NAME: Final = (
    "SELECT body FROM bench_event WHERE seq IN (SELECT seq FROM bench_name WHERE name = %s) "
    "ORDER BY seq LIMIT 30"
)
_BY_STEP: Final = (
    "SELECT body FROM bench_event WHERE step = %s AND time >= %s AND time < %s "
    "ORDER BY time LIMIT 30"
)
_STEPS: Final = ("packing", "shipping", "retail_selling", "receiving", "unpacking")

type Pairs = list[tuple[str, object]]
type Row = dict[str, str | int | float]


def _hard(brand: Brand) -> dict[str, Pairs]:
    """Return queries that fit nothing, or of which no index knows much."""
    return {
        "everything": [],
        "by time, latest first": [("orderBy", "eventTime")],
        "deletions in time": [("EQ_action", "DELETE"), ("orderBy", "eventTime")],
        "items of a product": [("MATCH_epc", f"https://id.gs1.org/01/{brand.gtin}")],
        "logistic units of a company": [("MATCH_epc", "urn:epc:idpat:sscc:9521234.*")],
        "a rare step": [("EQ_bizStep", "commissioning")],
        "a step that never was": [("EQ_bizStep", "destroying")],
        "a place and a step": [("EQ_bizLocation", place(2)), ("EQ_bizStep", "unpacking")],
        "a place that never was": [("EQ_readPoint", place(99))],
        "two steps, by time": [("EQ_bizStep", "shipping|receiving"), ("orderBy", "eventTime")],
        "a lot in ILMD": [("EQ_ILMD_cbvmda:lotNumber", "L00003")],
        "a source that never was": [("EQ_source_location", place(98))],
        "an extension that never was": [("EXISTS_ext:nothing", "true")],
        "a sensor that never was": [("GE_value_CEL", "8"), ("GE_eventTime", START.isoformat())],
        "error declarations": [("EXISTS_errorDeclaration", "true")],
        "captured today": [("GE_recordTime", "2026-01-01T00:00:00Z")],
        "much in a unit": [("GE_quantity_KGM", "2000")],
        "one type": [("eventType", "TransformationEvent")],
    }


def _asker(brand: Brand) -> Callable[[Pairs], int]:
    """Return what answers a query in full, and says how many events it wrote."""
    from suyuan.capture.documents import Wanted, written  # noqa: PLC0415
    from suyuan.capture.queries import run_query  # noqa: PLC0415
    from suyuan.core.epcis.forms import EpcFormat  # noqa: PLC0415
    from suyuan.core.epcis.query import read_query  # noqa: PLC0415
    from suyuan.core.epcis.xml import XmlVersion  # noqa: PLC0415

    how = Wanted("json", XmlVersion.V2_0, EpcFormat.LINK, web_uris=False)

    def ask(pairs: Pairs) -> int:
        page = run_query(brand.organisation_id, read_query(pairs), view=None, limit=PAGE)
        written(brand.organisation_id, page.documents, how)
        return len(page.documents)

    return ask


def _names_in(event: dict[str, Any]) -> Iterator[str]:
    for field in ("epcList", "childEPCs"):
        yield from event.get(field, ())
    if "parentID" in event:
        yield event["parentID"]
    yield from (one["bizTransaction"] for one in event.get("bizTransactionList", ()))


def _load_baseline(brand: Brand, items: int) -> None:
    from django.db import connection  # noqa: PLC0415

    from suyuan.core.instants import microseconds  # noqa: PLC0415
    from suyuan.kernel.bulk import insert_rows  # noqa: PLC0415

    with connection.cursor() as cursor:
        for statement in _TABLES:
            cursor.execute(statement)
    events: list[tuple[Any, ...]] = []
    names: list[tuple[str, int]] = []

    def flush() -> None:
        insert_rows("bench_event", ("seq", "time", "step", "body"), events)
        insert_rows("bench_name", ("name", "seq"), names)
        events.clear()
        names.clear()

    for seq, event in enumerate(histories(brand, items), 1):
        at = microseconds(datetime.fromisoformat(event["eventTime"]))
        events.append((seq, at, event.get("bizStep"), msgspec.json.encode(event).decode()))
        names += {(name, seq) for name in _names_in(event)}
        if len(events) >= 20_000:
            flush()
    flush()


def _timed(ask: Callable[[], object], times: int) -> list[float]:
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        ask()
        found.append((time.perf_counter() - begin) * 1e3)
    return sorted(found)


def _p95(times: list[float]) -> float:
    return times[len(times) * 95 // 100]


def _baseline(statement: str, values: list[list[str | int]]) -> list[float]:
    from django.db import connection  # noqa: PLC0415

    rest = iter(values)

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, next(rest))
            for (body,) in cursor.fetchall():
                msgspec.json.decode(body)

    return _timed(ask, len(values))


def run(*, items: int = 100_000, progress: Progress | None = None) -> list[Row]:
    """Measure queries in the process.

    Returns:
        For each kind of query median and 95th percentile in milliseconds, and the baseline's; for
        the hard ones the slowest of them.
    """
    from django.db import connection  # noqa: PLC0415

    brand = make_brand()
    events = load(brand, items, progress)
    _load_baseline(brand, items)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    chance = random.Random(11)  # noqa: S311 - a sample, not a secret
    half = items // 2
    epcs = [brand.items(chance.randrange(items), 1)[0] for _ in range(ASKED)]
    bills = [f"urn:suyuan:bench:bol:{chance.randrange(half // 2)}" for _ in range(ASKED)]
    spans = []
    for _ in range(ASKED):
        lot = chance.randrange(max(1, items // 100_000))
        begin = START + timedelta(hours=lot * 6, days=6, seconds=chance.randrange(20_000))
        spans.append((chance.choice(_STEPS), begin, begin + timedelta(hours=1)))
    ask = _asker(brand)
    ask([])  # warm
    micros = 1_000_000
    kinds: list[tuple[str, list[Pairs], str, list[list[str | int]]]] = [
        ("of an item", [[("MATCH_anyEPC", one)] for one in epcs], _BY_NAME, [[e] for e in epcs]),
        (
            "of a step within an hour",
            [
                [
                    ("EQ_bizStep", step),
                    ("GE_eventTime", begin.isoformat()),
                    ("LT_eventTime", end.isoformat()),
                ]
                for step, begin, end in spans
            ],
            _BY_STEP,
            [
                [step, int(begin.timestamp()) * micros, int(end.timestamp()) * micros]
                for step, begin, end in spans
            ],
        ),
        (
            "of a waybill",
            [[("EQ_bizTransaction_bol", one)] for one in bills],
            _BY_NAME,
            [[one] for one in bills],
        ),
    ]
    rows = []
    for name, queries, statement, values in kinds:
        rest = iter(queries)
        ours = _timed(lambda rest=rest: ask(next(rest)), ASKED)  # type: ignore[misc]
        theirs = _baseline(statement, values)
        rows.append(_row(f"events {name} among {events:,}", ours, "text rows", theirs))
    limit = _p95(_baseline(_BY_NAME, [[one] for one in epcs]))
    for name, pairs in _hard(brand).items():
        ours = _timed(lambda pairs=pairs: ask(pairs), 7)  # type: ignore[misc]
        rows.append(_row(f"first page: {name}", ours, "text rows, an item", [limit]))
    return rows


def _row(figure: str, ours: list[float], against: str, theirs: list[float]) -> Row:
    from django.db import connection  # noqa: PLC0415

    return {
        "figure": figure,
        "unit": "ms, 95 %",
        "database": connection.vendor,
        "rate": round(_p95(ours), 2),
        "median": round(ours[len(ours) // 2], 2),
        "baseline": against,
        "baseline_rate": round(_p95(theirs), 2),
        "ratio": round(_p95(ours) / _p95(theirs), 2),
    }
