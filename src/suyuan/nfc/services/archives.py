"""Hand diversified keys to an encoder that cannot diversify by itself.

Owns: the one way by which keys leave, encrypted under a passphrase, asked for by right, audited.
A chip's own keys go out, never the master key they are diversified from; where a profile's keys are
not diversified, a chip's own keys are the profile's, and the archive says so.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from typing import Final

import pyzipper
from django.db import transaction

from suyuan.core.nfc.diversify import chip_input, diversify
from suyuan.kernel.errors import Invalid
from suyuan.kernel.tabular import csv_lines
from suyuan.nfc import selectors
from suyuan.nfc.errors import VersionRevoked
from suyuan.nfc.keys import slots_of, unsealed
from suyuan.nfc.models import ProfileVersion
from suyuan.nfc.uids import read_uids
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

MOST_UIDS: Final = 10_000
SHORTEST_PASSPHRASE: Final = 12
_LONGEST_PASSPHRASE: Final = 200


def key_archive(
    *, actor: Actor, public_id: str, uids: str, passphrase: str, version: int | None = None
) -> bytes:
    """Return a ZIP (AES-256) with the keys of chips by UID and slot.

    Args:
        actor: Who acts.
        public_id: Of the profile.
        uids: One UID a line, hex.
        passphrase: At least 12 characters; it is not stored.
        version: The version of keys; the newest if None.

    Raises:
        Forbidden: without `carriers.keys`.
        NotFound: no such profile or version in the organisation.
        VersionRevoked: its keys are revoked.
        Invalid: `nfc_passphrase_short`, `too_long`, `nfc_no_rows`, `too_many_rows` or
            `nfc_uid_line`.
    """
    actor.require(Right.CARRIERS_KEYS)
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Invalid("nfc_passphrase_short", place="passphrase", least=SHORTEST_PASSPHRASE)
    if len(passphrase) > _LONGEST_PASSPHRASE:
        raise Invalid("too_long", place="passphrase", longest=_LONGEST_PASSPHRASE)
    wanted = read_uids(uids, most=MOST_UIDS)
    with transaction.atomic():
        profile = selectors.get_profile(actor.organisation_id, public_id)
        row = selectors.get_version(actor.organisation_id, public_id, version or profile.version)
        if row.revoked_at is not None:
            raise VersionRevoked(version=row.version)
        actor.audit(
            "nfc.key_archive",
            kind="nfc_profile",
            object_id=public_id,
            changes={
                "version": [None, row.version],
                "chips": [None, len(wanted)],
                # Which chips they were can be proven later from the list.
                "list_sha256": [None, hashlib.sha256("\n".join(wanted).encode()).hexdigest()],
            },
        )
    return _zipped(row, wanted, passphrase)


def _zipped(row: ProfileVersion, uids: Sequence[str], passphrase: str) -> bytes:
    keys, slots, system = unsealed(row.keys), slots_of(row.slots), bytes.fromhex(row.system)

    def lines() -> list[tuple[str, ...]]:
        # NTAG 424 DNA stores one byte of version beside each key.
        version = f"{row.version % 256:02X}"
        found: list[tuple[str, ...]] = [("uid", "key_number", "use", "key_version", "key")]
        for uid in uids:
            for number, use, key in _of_chip(keys.app, keys.meta, keys.file, slots):
                own = key
                if system and use != "meta":
                    own = diversify(key, chip_input(bytes.fromhex(uid), system))
                found.append((uid, str(number), use, version, own.hex().upper()))
        return found

    out = io.BytesIO()
    with pyzipper.AESZipFile(
        out, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(passphrase.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        archive.writestr("keys.csv", b"".join(csv_lines(lines())))
    return out.getvalue()


def _of_chip(app: bytes, meta: bytes, file: bytes, slots: object) -> list[tuple[int, str, bytes]]:
    named = (("app", app), ("meta", meta), ("file", file))
    return [(int(getattr(slots, use)), use, key) for use, key in named if key]
