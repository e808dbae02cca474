"""Keep a secret at rest: encrypted under a key that comes from SECRET_KEY.

Owns: `seal` and `unseal`.
Invariant: each purpose has a key of its own; after SECRET_KEY has been replaced, what was sealed
before is still readable while the old one stands in SECRET_KEY_FALLBACKS.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@lru_cache(maxsize=32)
def _cipher(purpose: str, secrets: tuple[str, ...]) -> MultiFernet:
    """Derive a key for `purpose` from each secret (HKDF, RFC 5869), newest first."""
    keys = (
        HKDF(algorithm=SHA256(), length=32, salt=None, info=f"suyuan {purpose}".encode()).derive(
            secret.encode()
        )
        for secret in secrets
    )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def _current(purpose: str) -> MultiFernet:
    return _cipher(purpose, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def seal(text: str, *, purpose: str) -> str:
    """Encrypt `text`; it can be read with the same purpose only."""
    return _current(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Decrypt what `seal` made.

    Raises:
        cryptography.fernet.InvalidToken: another purpose, another secret, or not sealed at all.
    """
    return _current(purpose).decrypt(sealed.encode()).decode()
