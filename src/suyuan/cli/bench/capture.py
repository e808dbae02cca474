"""How fast events are captured, beside a row for each EPC.

Both read the same documents with the same reader, in one process and one run, and commit each
document. The baseline then writes an event row, which is found by ID and by time, and a row for
each EPC with an index on (EPC, event), by the driver's own `executemany`: the least that a store of
text rows does.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any, Final

import msgspec

from suyuan.cli.bench.ground import START, Brand, Progress, make_brand, place
from suyuan.core.epcis.vocabulary import CONTEXT

EVENTS: Final = 500
_SIGHT: Final = ("OBSERVE", "receiving", "in_progress")
_BIRTH: Final = ("ADD", "commissioning", "active")
_BASELINE: Final = (
    "CREATE TABLE bench_event (organisation_id bigint NOT NULL, seq bigint NOT NULL, "
    "time bigint NOT NULL, type smallint NOT NULL, action smallint NOT NULL, step varchar(80), "
    "disposition varchar(80), read_point varchar(200), location varchar(200), "
    "event_id varchar(200), body text NOT NULL, PRIMARY KEY (organisation_id, seq))",
    "CREATE INDEX bench_event_id ON bench_event (organisation_id, event_id)",
    "CREATE INDEX bench_event_time ON bench_event (organisation_id, time)",
    "CREATE TABLE bench_epc (organisation_id bigint NOT NULL, epc varchar(200) NOT NULL, "
    "seq bigint NOT NULL, role smallint NOT NULL, PRIMARY KEY (organisation_id, epc, seq, role))",
)


def documents(
    brand: Brand, count: int, epcs: int, start: int = 0, *, births: bool = False
) -> list[bytes]:
    """Return documents of 500 observations, or `births`, of `epcs` items each."""
    from suyuan.core.epcis import build as b  # noqa: PLC0415

    action, step, disposition = _BIRTH if births else _SIGHT
    made = []
    for number in range(count):
        first = start + number * EVENTS * epcs
        links = brand.items(first, EVENTS * epcs)
        at = START + timedelta(seconds=number * EVENTS)
        events = [
            b.object_event(
                time=at + timedelta(seconds=i),
                action=action,
                epcs=links[i * epcs : (i + 1) * epcs],
                step=step,
                disposition=disposition,
                read_point=place(1),
                location=place(1),
                transactions=[("desadv", f"urn:suyuan:bench:asn:{number}")],
            )
            for i in range(EVENTS)
        ]
        made.append(
            msgspec.json.encode(
                {
                    "@context": [CONTEXT],
                    "type": "EPCISDocument",
                    "schemaVersion": "2.0",
                    "creationDate": "2026-01-01T00:00:00Z",
                    "epcisBody": {"eventList": events},
                }
            )
        )
    return made


def _baseline(organisation_id: int, bodies: list[bytes]) -> float:
    """Capture with a row for each EPC; return seconds."""
    from django.db import connection, transaction  # noqa: PLC0415

    from suyuan.core.epcis import read_document  # noqa: PLC0415
    from suyuan.kernel.bulk import insert_rows  # noqa: PLC0415

    with connection.cursor() as cursor:
        for statement in _BASELINE:
            cursor.execute(statement)
    event_columns = (
        "organisation_id seq time type action step disposition read_point location event_id body"
    ).split()
    seq = 0
    begin = time.perf_counter()
    for body in bodies:
        document = read_document(body, now=1 << 60)
        events: list[tuple[Any, ...]] = []
        epcs: list[tuple[Any, ...]] = []
        for _, event in document.events:
            seq += 1
            raw = event.document
            events.append(
                (
                    organisation_id,
                    seq,
                    event.time,
                    int(event.type),
                    int(event.action),
                    event.step,
                    event.disposition,
                    raw["readPoint"]["id"],
                    raw["bizLocation"]["id"],
                    event.event_id,
                    msgspec.json.encode(raw).decode(),
                )
            )
            epcs += ((organisation_id, epc, seq, 1) for epc in raw["epcList"])
        with transaction.atomic():
            insert_rows("bench_event", event_columns, events)
            insert_rows("bench_epc", ("organisation_id", "epc", "seq", "role"), epcs)
    return time.perf_counter() - begin


def run(
    *, documents_each: int = 40, progress: Progress | None = None
) -> list[dict[str, str | int | float]]:
    """Measure capture through the service for 1, 10 and 100 EPCs an event.

    Returns:
        One row for each size: events/s of ours and of the baseline, and their ratio.
    """
    from django.db import connection  # noqa: PLC0415

    from suyuan.capture.services import capture_document  # noqa: PLC0415

    brand = make_brand()
    rows: list[dict[str, str | int | float]] = []
    start = 0
    for step, epcs in enumerate((10, 1, 100)):
        count = max(2, documents_each // (10 if epcs == 100 else 1))
        bodies = documents(brand, count, epcs, start)
        start += count * EVENTS * epcs
        capture_document(actor=brand.actor, body=bodies[0], source="bench")  # warm
        begin = time.perf_counter()
        for body in bodies[1:]:
            capture_document(actor=brand.actor, body=body, source="bench")
        ours = (count - 1) * EVENTS / (time.perf_counter() - begin)
        baseline = count * EVENTS / _baseline(brand.organisation_id, bodies)
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE bench_event")
            cursor.execute("DROP TABLE bench_epc")
        rows.append(
            {
                "figure": f"capture, {epcs} EPCs an event",
                "unit": "events/s",
                "database": connection.vendor,
                "rate": round(ours),
                "baseline": "a row for each EPC",
                "baseline_rate": round(baseline),
                "ratio": round(ours / baseline, 2),
            }
        )
        if progress:
            progress(step + 1, 3)
    return rows
