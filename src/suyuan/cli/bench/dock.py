"""How long a dock read takes from the reader's JSON to the event on disk.

A truck's load of 1,200 tagged items drives through a gate: 10,000 raw reads in one report. Beside
it stands the design of an event a read, as many middleware programs hand on what they hear.
"""

from __future__ import annotations

import json
import random
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from suyuan.cli.bench.ground import Progress, make_brand

if TYPE_CHECKING:
    from suyuan.tenancy.actor import Actor

READS: Final = 10_000
TAGS: Final = 1_200
_RUNS: Final = 5
_START: Final = datetime(2026, 1, 2, 8, 0, tzinfo=UTC)


def run(*, progress: Progress | None = None) -> list[dict[str, str | int | float]]:
    """Measure `docks.services.take_reads`.

    Returns:
        Seconds for a first report of 10,000 reads, and for a later one of the same tags.
    """
    from suyuan.docks.services import take_reads  # noqa: PLC0415

    brand = make_brand()
    hexes = _tags(brand.actor, brand.gtin)
    fresh: list[float] = []
    again: list[float] = []
    for number in range(_RUNS):
        code = _reader(brand.actor, number)
        for times, second in ((fresh, 0), (again, 3)):
            report = _report(hexes, _START + timedelta(minutes=number, seconds=second), second)
            begin = time.perf_counter()
            batch = take_reads(actor=brand.actor, reader_code=code, report=report)
            times.append(time.perf_counter() - begin)
            if batch.tags != TAGS or len(batch.events) != (0 if second else 1):
                message = f"a report became {batch.tags} tags and {len(batch.events)} events"
                raise RuntimeError(message)
        if progress:
            progress(number + 1, _RUNS)
    baseline = _event_a_read(brand.actor, brand.items(0, TAGS))
    common = {"unit": "ms", "baseline": "an event for each read (1,000 of them, times ten)"}
    return [
        {
            "figure": f"dock: {READS:,} reads of {TAGS:,} tags to one event",
            "rate": sorted(fresh)[_RUNS // 2] * 1e3,
            "baseline_rate": baseline * 1e3,
            "ratio": baseline / sorted(fresh)[_RUNS // 2],
            **common,
        },
        {
            "figure": "dock: the same tags read on",
            "rate": sorted(again)[_RUNS // 2] * 1e3,
            "baseline_rate": baseline * 1e3,
            "ratio": baseline / sorted(again)[_RUNS // 2],
            **common,
        },
    ]


def _tags(actor: Actor, gtin: str) -> list[str]:
    """Order codes, activate them, give them tags; return the tags' EPC memory."""
    from suyuan.issuing.services import commission, order_codes  # noqa: PLC0415
    from suyuan.masterdata.services import create_location, create_lot  # noqa: PLC0415
    from suyuan.rfid.selectors import tag_hexes  # noqa: PLC0415
    from suyuan.rfid.services import assign_tags  # noqa: PLC0415

    create_location(actor=actor, code="LINE", name_zh="线", kind="line")
    create_lot(actor=actor, gtin=gtin, code="L1", produced_on=_START.date())
    order = order_codes(actor=actor, gtin=gtin, count=TAGS, lot_code="L1")
    commission(
        actor=actor, order_number=order.number, lot_code="L1", time=_START, location_code="LINE"
    )
    made = assign_tags(actor=actor, order_number=order.number)
    return tag_hexes(made, first=0, count=TAGS)


def _reader(actor: Actor, number: int) -> str:
    from suyuan.docks.services import add_reader  # noqa: PLC0415

    reader = add_reader(
        actor=actor,
        code=f"GATE-{number}",
        name=f"Gate {number}",
        location_code="LINE",
        purpose="receiving",
    )
    return reader.code


def _report(hexes: list[str], start: datetime, seed: int) -> bytes:
    """Return a report in which every tag is read, most of them many times."""
    chance = random.Random(seed)  # noqa: S311 - a load, not a secret
    epcs = hexes + chance.choices(hexes, k=READS - len(hexes))
    chance.shuffle(epcs)
    reads = [
        {
            "epc": epc,
            "antenna": chance.randint(1, 4),
            "rssi": -chance.randint(3000, 7000) / 100,
            "time": (start + timedelta(milliseconds=at / 5)).isoformat(),
        }
        for at, epc in enumerate(epcs)
    ]
    return json.dumps({"reads": reads}).encode()


def _event_a_read(actor: Actor, items: list[str]) -> float:
    """Return the seconds that 10,000 events of one item each take."""
    from suyuan.capture.services import capture_events  # noqa: PLC0415
    from suyuan.core.epcis import build  # noqa: PLC0415

    events = [
        build.object_event(
            time=_START + timedelta(milliseconds=at),
            action="OBSERVE",
            epcs=[items[at % len(items)]],
            step="receiving",
        )
        for at in range(READS // 10)
    ]
    begin = time.perf_counter()
    capture_events(actor=actor, events=events, source="bench")
    return (time.perf_counter() - begin) * 10
