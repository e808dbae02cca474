"""Set readers up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import IntegrityError, transaction

from suyuan.docks.errors import ReaderCodeTaken
from suyuan.docks.models import Purpose, Reader
from suyuan.docks.selectors import get_reader
from suyuan.docks.services.field import Field
from suyuan.docks.services.reading import locked
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.rules import Text
from suyuan.masterdata.selectors import get_location
from suyuan.tenancy.actor import Actor, system_actor
from suyuan.tenancy.rights import Right

_CODE: Final = Text(40)
_NAME: Final = Text(80)
_LONGEST_WINDOW: Final = 86_400
_MEANING: Final = frozenset({"purpose", "location_id", "inner_antennas"})
_RSSI: Final = (-120.0, 0.0)
_MOST_ANTENNAS: Final = 64


def add_reader(
    *,
    actor: Actor,
    code: str,
    name: str,
    location_code: str,
    purpose: str,
    window_seconds: int = 10,
    least_reads: int = 1,
    least_rssi: float | None = None,
    inner_antennas: Sequence[int] = (),
) -> Reader:
    """Register a reader.

    Args:
        actor: Who acts.
        code: What the reader calls itself in its address; unique in the organisation.
        name: What people call it.
        location_code: Where it stands.
        purpose: One of `models.Purpose`.
        window_seconds: So long unseen, a tag has left; 1 to 86,400.
        least_reads: Seen less often than this, a tag was not really there; 1 to 1,000.
        least_rssi: Weaker reads are left out, in dBm from -120 to 0; None takes all.
        inner_antennas: For a passage: ports on the inner side.

    Raises:
        Forbidden: without `readers.edit`.
        NotFound: no such location in the organisation.
        Invalid: `reader_code`, `reader_purpose`, `reader_window`, `reader_reads`, `reader_rssi`,
            `reader_antennas`, `too_long`, `text_control_character`.
        ReaderCodeTaken: the code is another's.
    """
    actor.require(Right.READERS_EDIT)
    fields = _checked(
        name=name,
        purpose=purpose,
        window_seconds=window_seconds,
        least_reads=least_reads,
        least_rssi=least_rssi,
        inner_antennas=inner_antennas,
    )
    reader = Reader(
        organisation=actor.organisation,
        code=_code(code),
        location=get_location(actor.organisation_id, location_code),
        created_at=clock.now(),
        created_by=actor.name,
        **fields,
    )
    try:
        with transaction.atomic():
            reader.save(force_insert=True)
            actor.audit(
                "readers.add",
                kind="reader",
                object_id=reader.code,
                changes={"location": [None, reader.location.code], "purpose": [None, purpose]},
            )
    except IntegrityError:
        raise ReaderCodeTaken(place="code", code=reader.code) from None
    return reader


def change_reader(
    *,
    actor: Actor,
    code: str,
    name: str,
    location_code: str,
    purpose: str,
    window_seconds: int,
    least_reads: int,
    least_rssi: float | None,
    inner_antennas: Sequence[int],
    active: bool,
) -> Reader:
    """Change a reader; what it has read stays as it was taken.

    Raises:
        NotFound: no such reader or location in the organisation; otherwise as `add_reader`.
    """
    actor.require(Right.READERS_EDIT)
    fields = _checked(
        name=name,
        purpose=purpose,
        window_seconds=window_seconds,
        least_reads=least_reads,
        least_rssi=least_rssi,
        inner_antennas=inner_antennas,
    )
    with transaction.atomic():
        reader = get_reader(actor.organisation_id, code)
        location = get_location(actor.organisation_id, location_code)
        wanted = {**fields, "location_id": location.id, "active": active}
        before = {field: getattr(reader, field) for field in wanted}
        changed = {field: value for field, value in wanted.items() if before[field] != value}
        if changed:
            if _MEANING & changed.keys():
                # What is in the field now came under the old meaning, and ends under it.
                Field(system_actor(actor.organisation), locked(reader)).close()
            for field, value in changed.items():
                setattr(reader, field, value)
            reader.save(update_fields=list(changed))
            actor.audit(
                "readers.change",
                kind="reader",
                object_id=reader.code,
                changes={field: [before[field], value] for field, value in changed.items()},
            )
    return get_reader(actor.organisation_id, code)


def _code(given: str) -> str:
    code = _CODE.check(given, "code")
    if not code or not all(sign.isascii() and (sign.isalnum() or sign in "-_.") for sign in code):
        raise Invalid("reader_code", place="code", given=code)
    return code


def _checked(
    *,
    name: str,
    purpose: str,
    window_seconds: int,
    least_reads: int,
    least_rssi: float | None,
    inner_antennas: Sequence[int],
) -> dict[str, Any]:
    """Return the fields of a reader that can be changed, checked."""
    if purpose not in Purpose.values:
        raise Invalid("reader_purpose", place="purpose", given=purpose[:20])
    if not 1 <= window_seconds <= _LONGEST_WINDOW:
        raise Invalid("reader_window", place="window_seconds", limit=_LONGEST_WINDOW)
    if not 1 <= least_reads <= 1_000:
        raise Invalid("reader_reads", place="least_reads", limit=1_000)
    if least_rssi is not None and not _RSSI[0] <= least_rssi <= _RSSI[1]:
        raise Invalid("reader_rssi", place="least_rssi")
    ports = sorted(set(inner_antennas))
    if len(ports) > _MOST_ANTENNAS or any(not 0 < port <= 0xFFFF for port in ports):
        raise Invalid("reader_antennas", place="inner_antennas")
    if (purpose == Purpose.PASSAGE) != bool(ports):
        # Without sides there is no direction, and with one purpose there is no need of any.
        raise Invalid("reader_antennas", place="inner_antennas")
    title = _NAME.check(name, "name")
    if not title:
        raise Invalid("required", place="name")
    return {
        "name": title,
        "purpose": purpose,
        "window_seconds": window_seconds,
        "least_reads": least_reads,
        "least_rssi": least_rssi,
        "inner_antennas": ports,
    }
