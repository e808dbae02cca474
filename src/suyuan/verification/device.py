"""Tell whether two scans come from one device, without keeping who it is.

Owns: device digests and the salts of the days.

A digest is HMAC-SHA-256 of address and User-Agent under a random salt of the day, cut to 63 bits.
Salts older than yesterday are deleted when a new day's is made: after that nobody, the operator
included, can find out which address a digest came from. Yesterday's is kept so that a page loaded
again around midnight is still known.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from datetime import date, datetime, timedelta
from typing import Final

from suyuan.verification.memory import forgets
from suyuan.verification.models import DeviceSalt
from suyuan.verification.values import SeenBy

_MASK: Final = (1 << 63) - 1
_salts: dict[date, bytes] = {}
_lock = threading.Lock()


def digest(seen_by: SeenBy, at: datetime, *, make: bool = True) -> int | None:
    """Return the digest of a device on the day of `at`.

    None when the day has no salt (any more) and `make` does not ask for one.
    """
    salt = _salt(at.date(), make=make)
    if salt is None:
        return None
    # The address is the whole of what is in front of the first line break: no agent can forge it.
    text = f"{seen_by.address}\n{seen_by.agent[:400]}".encode(errors="replace")
    return int.from_bytes(hmac.digest(salt, text, hashlib.sha256)[:8]) & _MASK


def _salt(day: date, *, make: bool) -> bytes | None:
    salt = _salts.get(day)
    if salt is not None:
        return salt
    salt = _stored(day)
    if salt is None and make:
        # Two processes may try: the day is the primary key, and both then read what is stored.
        DeviceSalt.objects.bulk_create(
            [DeviceSalt(day=day, salt=secrets.token_bytes(32))], ignore_conflicts=True
        )
        DeviceSalt.objects.filter(day__lt=day - timedelta(days=1)).delete()
        salt = _stored(day)
    if salt is not None:
        with _lock:
            _salts[day] = salt
            for old in [kept for kept in _salts if kept < day - timedelta(days=1)]:
                del _salts[old]
    return salt


def _stored(day: date) -> bytes | None:
    salt = DeviceSalt.objects.filter(day=day).values_list("salt", flat=True).first()
    return None if salt is None else bytes(salt)


def forget() -> None:
    """Drop the salts that this process has read; the stored ones stay."""
    with _lock:
        _salts.clear()


forgets(forget)
