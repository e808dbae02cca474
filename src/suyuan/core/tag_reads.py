"""Read what RFID readers report: raw reads, by the thousand, in the JSON of several makers.

Owns: the accepted shapes, their limits, and the faults of a report.
Does not own: what a tag leads to (rfid), windows and events (docks).

Three shapes are told apart by their names, as one document, a list of them, or one a line (NDJSON):

- our own: ``{"reads": [{"epc": "3034…", "antenna": 1, "rssi": -52.5, "time": "2026-…Z"}]}``, or the
  bare list;
- Impinj IoT device interface: ``tagInventoryEvent`` with ``epcHex`` or base64 ``epc``,
  ``antennaPort``, ``peakRssiCdbm``;
- Zebra IoT Connector: ``data`` with ``idHex``, ``antenna``, ``peakRssi``.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from suyuan.core import instants

MOST_READS: Final = 200_000
LONGEST_EPC: Final = 128  # hexadecimal digits: 512 bits, what the longest tags hold
_UNSET: Final = datetime(2020, 1, 1, tzinfo=UTC)  # clocks that were never set begin before
_NO_RSSI: Final = -math.inf
_HEX: Final = frozenset("0123456789ABCDEF")
# What other programs put around the reads.
_KEEPALIVES: Final = frozenset({"inventoryStatusEvent", "antennaConnectedEvent", "heartBeat"})


class ReportFault(ValueError):
    """A report that cannot be taken.

    Attributes:
        code: stable.
        place: which read, as a JSON pointer.
        data: what a sentence needs.
    """

    def __init__(self, code: str, place: str = "", **data: str) -> None:
        """Keep the parts."""
        super().__init__(code, place, data)
        self.code, self.place, self.data = code, place, data


class _Read(Struct):
    """One read of our own shape."""

    epc: str
    antenna: int = 0
    rssi: float | None = None
    time: datetime | None = None


class _ImpinjTag(Struct):
    epcHex: str = ""  # noqa: N815 - the maker's name
    epc: str = ""
    antennaPort: int = 0  # noqa: N815
    peakRssiCdbm: float | None = None  # noqa: N815


class _Impinj(Struct):
    tagInventoryEvent: _ImpinjTag  # noqa: N815
    timestamp: datetime | None = None


class _ZebraTag(Struct):
    idHex: str  # noqa: N815
    antenna: int = 0
    peakRssi: float | None = None  # noqa: N815


class _Zebra(Struct):
    data: _ZebraTag
    timestamp: datetime | None = None


@dataclass(frozen=True, slots=True)
class TagReads:
    """Raw reads; arrays have shape (n,), in the order of the report.

    Attributes:
        epcs: upper-case hexadecimal.
        times: microseconds since 1970; -1 where the reader said none.
        antennas: ports; 0 where the reader said none.
        rssi: dBm; minus infinity where the reader said none.
    """

    epcs: list[str]
    times: NDArray[np.int64]
    antennas: NDArray[np.int64]
    rssi: NDArray[np.float64]

    def __len__(self) -> int:
        """Return how many reads there are."""
        return len(self.epcs)


def read_report(body: bytes) -> TagReads:
    """Read a report.

    Returns:
        The reads; none where the reader only says that it is there (an empty list, a heartbeat).

    Raises:
        ReportFault: `report_malformed`, `report_shape`, `report_empty`, `reads_too_many`,
            `read_epc`, `read_time_zone`, `read_time_unset`.
    """
    if not body.strip():
        raise ReportFault("report_empty")
    reads = list(islice(_reads(_decoded(body)), MOST_READS + 1))
    _limited(reads)
    if not reads:
        return TagReads([], *(np.array([], dtype=kind) for kind in (np.int64, np.int64, float)))
    epcs, times, antennas, rssi = zip(*reads, strict=True)
    return TagReads(
        list(epcs),
        np.array(times, dtype=np.int64),
        np.array(antennas, dtype=np.int64),
        np.array(rssi, dtype=np.float64),
    )


def _decoded(body: bytes) -> Any:
    """Decode JSON, or one document a line."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as whole:
        try:
            return msgspec.json.Decoder().decode_lines(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise ReportFault("report_malformed", detail=str(whole)[:120]) from None


def _limited(listed: Sequence[object]) -> None:
    if len(listed) > MOST_READS:
        raise ReportFault("reads_too_many", most=str(MOST_READS))


type Row = tuple[str, int, int, float]


def _reads(value: Any) -> Iterator[Row]:
    if isinstance(value, dict) and isinstance(value.get("reads"), list):
        yield from _own(value["reads"], "/reads")
        return
    listed = value if isinstance(value, list) else [value]
    first = listed[0] if listed else None
    if isinstance(first, dict) and "epc" in first:
        yield from _own(listed, "")
        return
    for at, one in enumerate(listed):
        place = f"/{at}"
        if not isinstance(one, dict):
            raise ReportFault("report_shape", place)
        if "tagInventoryEvent" in one:
            yield _impinj(one, place)
        elif isinstance(one.get("data"), dict) and "idHex" in one["data"]:
            yield _zebra(one, place)
        elif isinstance(one.get("reads"), list):
            yield from _own(one["reads"], f"{place}/reads")
        elif not _KEEPALIVES & one.keys():
            raise ReportFault("report_shape", place)


def _own(listed: list[Any], place: str) -> Iterator[Row]:
    _limited(listed)
    try:
        reads = msgspec.convert(listed, list[_Read])
    except msgspec.ValidationError as error:
        raise ReportFault("report_shape", place, detail=str(error)[:120]) from None
    for at, one in enumerate(reads):
        yield _row(one.epc, one.time, one.antenna, one.rssi, f"{place}/{at}")


def _impinj(one: dict[str, Any], place: str) -> Row:
    try:
        event = msgspec.convert(one, _Impinj)
        tag = event.tagInventoryEvent
        epc = tag.epcHex or base64.b64decode(tag.epc, altchars=b"-_", validate=True).hex()
    except (msgspec.ValidationError, ValueError) as error:
        raise ReportFault("report_shape", place, detail=str(error)[:120]) from None
    rssi = None if tag.peakRssiCdbm is None else tag.peakRssiCdbm / 100
    return _row(epc, event.timestamp, tag.antennaPort, rssi, place)


def _zebra(one: dict[str, Any], place: str) -> Row:
    try:
        event = msgspec.convert(one, _Zebra)
    except msgspec.ValidationError as error:
        raise ReportFault("report_shape", place, detail=str(error)[:120]) from None
    return _row(event.data.idHex, event.timestamp, event.data.antenna, event.data.peakRssi, place)


def _row(epc: str, time: datetime | None, antenna: int, rssi: float | None, place: str) -> Row:
    text = epc.strip().upper()
    if not 0 < len(text) <= LONGEST_EPC or not _HEX.issuperset(text):
        raise ReportFault("read_epc", f"{place}/epc", given=epc[:40])
    at = -1
    if time is not None:
        if time.tzinfo is None:
            raise ReportFault("read_time_zone", f"{place}/time")
        if time < _UNSET:
            raise ReportFault("read_time_unset", f"{place}/time", given=time.isoformat()[:40])
        at = instants.microseconds(time)
    return text, at, min(max(antenna, 0), 0xFFFF), _NO_RSSI if rssi is None else float(rssi)
