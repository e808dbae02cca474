"""The private link by which a recipient answers.

Owns: the token: which notice it names, and that nobody can make one up.

A token is the organisation, the notice and the first 16 bytes of an HMAC-SHA-256 over both under
a key derived from the installation's secret. It is computed whenever it is needed, so that whoever
reads the database, or a backup of it, can open no answer page. The newest secret signs; earlier
ones of `SECRET_KEY_FALLBACKS` are still believed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable
from typing import Final

from django.conf import settings

from suyuan.recalls.models import Notice
from suyuan.recalls.notices.errors import LinkUnknown

_PURPOSE: Final = b"recall-answer-links\0"
_NUMBER_BYTES: Final = 8
_PROOF_BYTES: Final = 16
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")


def token_of(organisation_id: int, notice_id: int) -> str:
    """Return the token of a notice: 43 characters of URL-safe base64."""
    named = _named(organisation_id, notice_id)
    return base64.urlsafe_b64encode(named + _proof(settings.SECRET_KEY, named)).decode().rstrip("=")


def answer_address(notice: Notice) -> str:
    """Return the address of a notice's answer page."""
    token = token_of(notice.organisation_id, notice.id)
    return f"{settings.PUBLIC_URL}/recall/a/{token}/"


def public_address(public_id: str) -> str:
    """Return the address of a case's public page."""
    return f"{settings.PUBLIC_URL}/recall/{public_id}/"


def notice_of(token: str) -> Notice:
    """Return the notice that a token names, with its case.

    Raises:
        LinkUnknown: it is none, or names what is no more.
    """
    read = _read(token)
    if read is None:
        raise LinkUnknown
    organisation_id, notice_id = read
    rows = Notice.objects.filter(organisation_id=organisation_id, id=notice_id)
    notice = rows.select_related("case", "organisation").first()
    if notice is None:
        raise LinkUnknown
    return notice


def _read(token: str) -> tuple[int, int] | None:
    if not _TOKEN.fullmatch(token):
        return None
    try:
        raw = base64.urlsafe_b64decode(f"{token}=")
    except (binascii.Error, ValueError):
        return None
    named, proof = raw[: 2 * _NUMBER_BYTES], raw[2 * _NUMBER_BYTES :]
    if not _is_proven(named, proof, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)):
        return None
    numbers = (named[:_NUMBER_BYTES], named[_NUMBER_BYTES:])
    organisation_id, notice_id = (int.from_bytes(part) for part in numbers)
    return organisation_id, notice_id


def _is_proven(named: bytes, proof: bytes, secrets: Iterable[str]) -> bool:
    return any(hmac.compare_digest(proof, _proof(secret, named)) for secret in secrets)


def _named(organisation_id: int, notice_id: int) -> bytes:
    return organisation_id.to_bytes(_NUMBER_BYTES) + notice_id.to_bytes(_NUMBER_BYTES)


def _proof(secret: str, named: bytes) -> bytes:
    return hmac.new(secret.encode(), _PURPOSE + named, hashlib.sha256).digest()[:_PROOF_BYTES]
