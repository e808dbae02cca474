"""Read the message of a tap, and use its counter once.

Owns: which keys a message is tried under, and the one statement that tells a first use from a
replay.

The statement is the same on SQLite and PostgreSQL: insert the chip, or move its counter on if the
one that comes is higher, and return the row. No row means that the counter was used before: the
row's lock orders those who come at once, and the condition is asked again after the wait. Keys of a
newer version begin a new count, as re-encoding a chip does; those of an older one are past.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from suyuan.core.nfc.errors import NfcError
from suyuan.core.nfc.seal import Seal
from suyuan.core.nfc.sun import Reading, read_message, verify
from suyuan.kernel.ids import new_id
from suyuan.kernel.lists import select, time_of
from suyuan.nfc.errors import TapRefused
from suyuan.nfc.keys import OpenVersion, open_versions, signature_names

# In the order of how much of the message was understood: the furthest says most.
_DEPTH: Final = ("tap_parameter_missing", "tap_length", "tap_not_hex", "tap_status", "picc_tag")
_SEEN: Final = """
    SELECT profile_id, key_version, counter, last_at, last_device, opened_at
    FROM nfc_chip WHERE organisation_id = %s AND uid = %s
"""
_USE: Final = """
    INSERT INTO nfc_chip AS chip
        (organisation_id, id, uid, profile_id, key_version, counter, taps, last_at, last_device,
         seal, opened_at, registered_at, registered_by)
    VALUES (%s, %s, %s, %s, %s, %s, 1, %s, %s, %s, %s, NULL, '')
    ON CONFLICT (organisation_id, uid) DO UPDATE SET
        key_version = excluded.key_version,
        counter = excluded.counter,
        taps = chip.taps + 1,
        last_at = excluded.last_at,
        last_device = excluded.last_device,
        seal = CASE WHEN excluded.seal = '' THEN chip.seal ELSE excluded.seal END,
        opened_at = COALESCE(chip.opened_at, excluded.opened_at)
    WHERE chip.profile_id = excluded.profile_id AND (
        chip.key_version < excluded.key_version OR (
            chip.key_version = excluded.key_version AND chip.counter < excluded.counter))
    RETURNING opened_at
"""


@dataclass(frozen=True, slots=True)
class GenuineMessage:
    """A message whose MAC is right under keys of ours; its counter is not used yet."""

    version: OpenVersion
    reading: Reading

    @property
    def uid(self) -> str:
        """The chip's UID, in upper-case hex."""
        return self.reading.uid.hex().upper()


@dataclass(frozen=True, slots=True)
class SeenChip:
    """What was known of a chip."""

    profile_id: int
    key_version: int
    counter: int
    last_at: datetime | None
    last_device: int
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class Use:
    """What came of using a message's counter.

    `fresh`: nobody used it before. `opened_at`: when a tap first told of an open seal, this one
    included. `last_at`, `last_device`: of the use of this very counter, where it is not fresh.
    """

    fresh: bool
    opened_at: datetime | None = None
    last_at: datetime | None = None
    last_device: int = 0


def is_tap(organisation_id: int, parameters: Iterable[str]) -> bool:
    """Tell whether an address' parameters are those of a chip of the organisation.

    The value that holds the MAC is enough: who leaves others out has not made it an ordinary scan.
    """
    given = set(parameters)
    return bool(given) and not given.isdisjoint(signature_names(organisation_id))


def read_tap(
    organisation_id: int, parameters: Mapping[str, str], *, profile_id: int | None = None
) -> GenuineMessage:
    """Return the message of a link, found genuine under one of the organisation's keys.

    Args:
        organisation_id: Whose chips.
        parameters: The link's query.
        profile_id: The profile that the address names, if it names one.

    Raises:
        TapRefused: it is genuine under none.
    """
    refused = NfcError("tap_parameter_missing")
    for version in open_versions(organisation_id, profile_id):
        try:
            message = read_message(version.layout, parameters)
            reading = verify(version.layout, version.keys, message)
        except NfcError as error:
            refused = max(refused, error, key=_depth)
            continue
        found = GenuineMessage(version, reading)
        chip = seen_chip(organisation_id, found.uid)
        if chip is None or chip.profile_id == version.profile_id:
            if chip is not None and chip.key_version > version.version:
                raise TapRefused("tap_keys_past")
            return found
        # Two profiles may have the same keys; the chip belongs to one of them.
        refused = NfcError("tap_other_profile")
    raise TapRefused(refused.code, refused.data)


def _depth(error: NfcError) -> int:
    return _DEPTH.index(error.code) if error.code in _DEPTH else len(_DEPTH)


def seen_chip(organisation_id: int, uid: str) -> SeenChip | None:
    """Return what is known of a chip; `uid` in upper-case hex."""
    rows = select(_SEEN, (organisation_id, uid))
    if not rows:
        return None
    profile_id, key_version, counter, last_at, last_device, opened_at = rows[0]
    return SeenChip(
        profile_id, key_version, counter, time_of(last_at), last_device, time_of(opened_at)
    )


def use_tap(organisation_id: int, message: GenuineMessage, *, at: datetime, device: int) -> Use:
    """Use a message's counter, once for all who may try.

    The transaction waits for the disk: a counter that was used stays used.

    Args:
        organisation_id: Whose chip.
        message: By `read_tap`.
        at: Now.
        device: A number for the device that asks (`verification.device`).
    """
    reading = message.reading
    when = connection.ops.adapt_datetimefield_value(at)
    broken = reading.seal is not None and reading.seal.broken
    told = reading.seal.value if reading.seal and reading.seal is not Seal.UNKNOWN else ""
    row = (
        organisation_id,
        new_id(),
        message.uid,
        message.version.profile_id,
        message.version.version,
        reading.counter,
        when,
        device,
        told,
        when if broken else None,
    )
    with transaction.atomic():
        rows = select(_USE, row)
    if rows:
        return Use(fresh=True, opened_at=time_of(rows[0][0]))
    return used_before(organisation_id, message)


def used_before(organisation_id: int, message: GenuineMessage) -> Use:
    """Return what is known of a message without using its counter: it is never fresh."""
    chip = seen_chip(organisation_id, message.uid)
    if chip is None:
        return Use(fresh=False)
    same = (chip.key_version, chip.counter) == (message.version.version, message.reading.counter)
    return Use(
        fresh=False,
        opened_at=chip.opened_at,
        last_at=chip.last_at if same else None,
        last_device=chip.last_device if same else 0,
    )
