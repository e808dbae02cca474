"""Encrypt small values at rest under keys derived from the installation's secret.

Owns: `seal` and `unseal`.
Does not own: what is sealed, and when it is erased (the domain that keeps it).

Each purpose has its own key, so that what one domain sealed never opens in another. The newest
secret seals; every one of `SECRET_KEY_FALLBACKS` still unseals, so that secrets can be rotated.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from suyuan.kernel.errors import SuyuanError

_KEY_BYTES = 32


class SealBroken(SuyuanError):
    """The value was sealed under a secret that this installation no longer has."""

    code = "seal_broken"
    status = 500


@lru_cache(maxsize=16)
def _cipher(purpose: str, secrets: tuple[str, ...]) -> MultiFernet:
    """Return the cipher of a purpose; its first key seals, each of them unseals."""
    derived = (
        HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose.encode()).derive(
            secret.encode()
        )
        for secret in secrets
    )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


def _now(purpose: str) -> MultiFernet:
    return _cipher(purpose, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def seal(purpose: str, value: bytes) -> bytes:
    """Return `value` encrypted and authenticated (Fernet: AES-128-CBC, HMAC-SHA256)."""
    return _now(purpose).encrypt(value)


def unseal(purpose: str, token: bytes) -> bytes:
    """Return what `seal` was given.

    Raises:
        SealBroken: another secret or purpose, or a changed token.
    """
    try:
        return _now(purpose).decrypt(token)
    except InvalidToken as error:
        raise SealBroken(purpose=purpose) from error
