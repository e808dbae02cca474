"""Character sets of GS1 values, and their escapes in URNs and links.

Owns: which characters a serial, lot or part number may have, and how %xx is read and written.
Does not own: which value has which set (the table in ``schemes``).
"""

import re
from typing import Final
from urllib.parse import quote

from suyuan.core.identifiers.errors import IdentifierError

# GS1 General Specifications, figure 7.11-1: 82 characters.
SERIAL_CHARSET: Final = frozenset(
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
)
SERIAL_MAX: Final = 20

# The 82 characters without those that a URN must escape (TDS, table A-1): " % & / < > ?
PLAIN: Final = r"A-Za-z0-9!'()*+,\-.:;=_"

_CSET_82 = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+")
_URN_VALUE = re.compile(rf"(?:[{PLAIN}]|%[0-9A-Fa-f]{{2}})*")
_URN_ESCAPED = re.compile(r'["#%&/<>?]')
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")


def is_digits(text: str) -> bool:
    """Tell whether ``text`` is one or more ASCII digits; other scripts' digits are none."""
    return text.isascii() and text.isdigit()


def valid_value(text: str, longest: int) -> bool:
    """Tell whether ``text`` has 1 to ``longest`` of the 82 characters."""
    return len(text) <= longest and _CSET_82.fullmatch(text) is not None


def valid_serial(text: str) -> bool:
    """Tell whether ``text`` can be a serial (AI 21) or a lot (AI 10): 1 to 20 characters."""
    return valid_value(text, SERIAL_MAX)


def percent_decode(text: str) -> str:
    """Return ``text`` with each %xx replaced by the character of that code.

    Each byte stands for itself: no identifier has a character beyond ASCII, so a multi-byte
    sequence comes out as something that the character set refuses.

    Raises:
        IdentifierError: ``percent_escape`` when a ``%`` is not followed by two hex digits.
    """
    return _ESCAPE.sub(_character, text) if "%" in text else text


def _character(escape: re.Match[str]) -> str:
    if escape[1] is None:
        raise IdentifierError("percent_escape", {"given": escape.string})
    return chr(int(escape[1], 16))


def link_encode(text: str) -> str:
    """Escape ``text`` for one path segment of a GS1 Digital Link."""
    return quote(text, safe="")


def urn_encode(text: str) -> str:
    """Escape ``text`` for one field of an EPC URN: only what TDS, table A-1, lists."""
    return _URN_ESCAPED.sub(lambda found: f"%{ord(found[0]):02X}", text)


def urn_decode(text: str) -> str:
    """Return the value behind one field of an EPC URN.

    Raises:
        IdentifierError: ``percent_escape`` for a broken escape, ``urn_charset`` for a character
            that a URN must escape.
    """
    if _URN_VALUE.fullmatch(text) is None:
        percent_decode(text)  # a broken escape has its own code
        raise IdentifierError("urn_charset", {"given": text})
    return percent_decode(text)
