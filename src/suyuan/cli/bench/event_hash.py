"""How fast events are hashed (CBV 2.0 §8.9), beside the digest alone of the same strings."""

from __future__ import annotations

import hashlib
import time
from typing import Any, Final

from suyuan.cli.bench.ground import Progress
from suyuan.core.epcis.event_hash import event_hash, prehash

EVENTS: Final = 20_000


def run(*, progress: Progress | None = None) -> dict[str, str | int | float]:
    """Measure `event_hash` on events of ten items, and SHA-256 on their pre-hash strings."""
    events = [_event(number) for number in range(EVENTS)]
    begin = time.perf_counter()
    for event in events:
        event_hash(event, {})
    taken = time.perf_counter() - begin
    if progress:
        progress(EVENTS, EVENTS)
    strings = [prehash(event, {}).encode() for event in events]
    begin = time.perf_counter()
    for string in strings:
        hashlib.sha256(string).hexdigest()
    alone = time.perf_counter() - begin
    return {
        "figure": "event hash, 10 EPCs an event",
        "unit": "events/s",
        "rate": EVENTS / taken,
        "baseline_rate": EVENTS / alone,
        "ratio": alone / taken,
        "baseline": "SHA-256 of the same strings, alone",
    }


def _event(number: int) -> dict[str, Any]:
    return {
        "type": "ObjectEvent",
        "eventTime": f"2026-01-01T08:{number // 60 % 60:02}:{number % 60:02}.000+08:00",
        "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE",
        "bizStep": "shipping",
        "disposition": "in_transit",
        "epcList": [f"urn:epc:id:sgtin:9521234.000001.{number * 10 + i}" for i in range(10)],
        "readPoint": {"id": "urn:epc:id:sgln:9521234.00001.0"},
        "bizTransactionList": [{"type": "desadv", "bizTransaction": f"urn:suyuan:desadv:{number}"}],
    }
