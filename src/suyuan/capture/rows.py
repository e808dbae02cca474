"""Rows of the event store in words, for lists.

Owns: which columns a list reads, and what they become.
Does not own: which rows (browse), the document form (selectors).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from suyuan.capture.encode import server_event_id
from suyuan.capture.identities import identities_of
from suyuan.capture.selectors import voided_by
from suyuan.core.epcis.body import unpack_body
from suyuan.core.epcis.vocabulary import DISPOSITIONS, STEPS, Action, EventType
from suyuan.core.identifiers import Identity
from suyuan.core.instants import moment
from suyuan.core.keyset import KeySet

COLUMNS: Final = (
    "seq, time, zone, record_time, type, action, step, disposition, read_point, location, parent, "
    "declares_error, job, epcs, outputs, body, content_digest"
)
_QUANTITIES: Final = (
    "quantityList",
    "childQuantityList",
    "inputQuantityList",
    "outputQuantityList",
)


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as a list shows it.

    Attributes:
        units: how many serialised units its lists name, apart from the parent.
        sample: one of them, or of the classes in its quantities.
        classes: EPC classes of its quantities, as captured.
        voided: an error declaration says that it did not happen so.
        declares_error: it is itself such a declaration.
    """

    seq: int
    event_id: str
    type: str
    action: str
    time: datetime
    offset_minutes: int
    record_time: datetime
    step: str
    disposition: str
    read_point: Identity | None
    location: Identity | None
    parent: Identity | None
    units: int
    sample: Identity | None
    classes: tuple[str, ...]
    declares_error: bool
    job: int
    voided: bool = False


@dataclass(slots=True)
class _Raw:
    """A row with what its columns hold unpacked."""

    columns: tuple[Any, ...]
    units: int = 0
    sample: int | None = None
    classes: tuple[str, ...] = field(default=())
    event_id: str = ""


def told(organisation_id: int, rows: Sequence[tuple[Any, ...]]) -> list[EventRow]:
    """Return rows in words, with one look-up of identities for all."""
    raws = [_unpacked(row) for row in rows]
    wanted: set[int] = set()
    for raw in raws:
        columns = raw.columns
        wanted |= {key for key in (*columns[8:11], raw.sample) if key is not None}
        wanted |= {word for word in columns[6:8] if word > len(STEPS)}
    names = identities_of(organisation_id, wanted)
    voided = voided_by(organisation_id, [row[0] for row in rows])
    return [replace(_row(raw, names), voided=raw.columns[0] in voided) for raw in raws]


def _unpacked(columns: tuple[Any, ...]) -> _Raw:
    body = unpack_body(bytes(columns[15]))
    lists = [KeySet.from_bytes(bytes(data)) for data in columns[13:15] if len(data)]
    sample = next((key for some in lists for key in some), None)
    classes = tuple(one["epcClass"] for name in _QUANTITIES for one in body.get(name, ()))
    event_id = body.get("eventID") or server_event_id(bytes(columns[16]))
    return _Raw(columns, sum(map(len, lists)), sample, classes, event_id)


def _row(raw: _Raw, names: dict[int, Identity]) -> EventRow:
    columns = raw.columns

    def word(number: int, words: Sequence[str]) -> str:
        if not number:
            return ""
        return words[number - 1] if number <= len(words) else names[number].primary

    def name(key: int | None) -> Identity | None:
        return None if key is None else names.get(key)

    return EventRow(
        seq=columns[0],
        event_id=raw.event_id,
        type=EventType(columns[4]).name,
        action=Action(columns[5]).name if columns[5] else "",
        time=moment(columns[1]),
        offset_minutes=columns[2],
        record_time=moment(columns[3]),
        step=word(columns[6], STEPS),
        disposition=word(columns[7], DISPOSITIONS),
        read_point=name(columns[8]),
        location=name(columns[9]),
        parent=name(columns[10]),
        units=raw.units,
        sample=name(raw.sample),
        classes=raw.classes,
        declares_error=bool(columns[11]),
        job=columns[12],
    )
