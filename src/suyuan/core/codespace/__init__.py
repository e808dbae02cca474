"""Serials that cannot be guessed and need no row each.

Owns: the map between an index and its serial, the alphabet serials are written in, inner codes.
Does not own: which indexes were issued, where keys are kept, GTIN check digits, Digital Link text.
Invariant: for one key, GTIN and version, index to serial is one to one and never changes.
"""

from suyuan.core.codespace.alphabet import ALPHABET, SERIAL_LENGTH, normalise
from suyuan.core.codespace.inner import (
    INNER_LENGTH,
    INNER_QUERY,
    inner_code,
    inner_codes,
    inner_link,
)
from suyuan.core.codespace.space import INDEX_LIMIT, CodeSpace, IndexOutOfSpace

__all__ = [
    "ALPHABET",
    "INDEX_LIMIT",
    "INNER_LENGTH",
    "INNER_QUERY",
    "SERIAL_LENGTH",
    "CodeSpace",
    "IndexOutOfSpace",
    "inner_code",
    "inner_codes",
    "inner_link",
    "normalise",
]
