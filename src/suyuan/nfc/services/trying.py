"""Try a link, step by step, without using its counter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from suyuan.core.nfc.errors import NfcError
from suyuan.core.nfc.layout import Mirror
from suyuan.core.nfc.sun import Reading, examine, read_message
from suyuan.kernel.errors import Invalid
from suyuan.nfc import selectors
from suyuan.nfc.keys import opened
from suyuan.nfc.models import KeyProfile, ProfileVersion
from suyuan.nfc.taps import SeenChip, seen_chip
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_LONGEST: Final = 2000
_MOST_FIELDS: Final = 30


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a link says under one version of a profile's keys.

    `code` is "" where the message is genuine. `reading` is None where it could not be read so far;
    `chip` is what was known of the chip, whose counter tells a replay.
    """

    profile: KeyProfile
    version: ProfileVersion
    code: str
    reading: Reading | None = None
    chip: SeenChip | None = None
    data: dict[str, object] | None = None

    @property
    def uid(self) -> str:
        """The UID that was read, in hex; "" if none was."""
        return self.reading.uid.hex().upper() if self.reading else ""

    @property
    def encrypted(self) -> bool:
        """Whether UID and counter were encrypted."""
        return bool(self.version.layout["mirror"] == Mirror.ENCRYPTED)

    @property
    def used(self) -> bool:
        """Whether the counter was used already: the link would be a replay."""
        chip, reading = self.chip, self.reading
        if chip is None or reading is None or chip.profile_id != self.profile.id:
            return False
        newest = (chip.key_version, chip.counter)
        return newest >= (self.version.version, reading.counter)

    @property
    def rank(self) -> int:
        """How much was understood: the attempt that understood most says what is wrong."""
        if self.reading is not None:
            return 3 if self.reading.genuine else 2
        return 1 if self.code == "picc_tag" else 0


def try_link(*, actor: Actor, link: str) -> list[Attempt]:
    """Return what a link says under each of the organisation's keys, the best first.

    Nothing is written: the counter stays as it is. Revoked versions are tried too, and say so.

    Raises:
        Forbidden: without `carriers.keys`.
        Invalid: `required`, `too_long` or `nfc_link_unread`, at `link`.
    """
    actor.require(Right.CARRIERS_KEYS)
    text = link.strip()
    if not text:
        raise Invalid("required", place="link")
    if len(text) > _LONGEST:
        raise Invalid("too_long", place="link", longest=_LONGEST, length=len(text))
    query = _query(text)
    attempts = [
        _attempt(actor.organisation_id, row, query)
        for row in selectors.versions(actor.organisation_id)
    ]
    return sorted(attempts, key=lambda one: -one.rank)


def _query(text: str) -> dict[str, str]:
    try:
        query = urlsplit(text).query if "?" in text or "://" in text else text
        fields = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise Invalid("nfc_link_unread", place="link") from error
    if not any(value for _, value in fields):
        raise Invalid("nfc_link_unread", place="link")
    return dict(fields)


def _attempt(organisation_id: int, row: ProfileVersion, query: dict[str, str]) -> Attempt:
    version = opened(row)
    try:
        reading = examine(version.layout, version.keys, read_message(version.layout, query))
    except NfcError as error:
        return Attempt(row.profile, row, error.code, data=error.data)
    code = "" if reading.genuine else "tap_mac_wrong"
    if not code and row.revoked_at is not None:
        code = "nfc_version_revoked"
    chip = seen_chip(organisation_id, reading.uid.hex().upper())
    return Attempt(row.profile, row, code, reading, chip)
