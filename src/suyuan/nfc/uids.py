"""Read UIDs that people, readers and encoders write.

Owns: the one form in which a UID is stored: 14 hex digits, upper case.
"""

from __future__ import annotations

import re
from typing import Final

from suyuan.kernel.errors import Invalid

# NTAG 424 DNA has UIDs of seven bytes.
_UID: Final = re.compile(r"[0-9A-F]{14}")
_BETWEEN: Final = re.compile(r"[\s:\-]")


def read_uid(text: str) -> str | None:
    """Return a UID as it is stored; None for what is none."""
    uid = _BETWEEN.sub("", text).upper() if text.isascii() else ""
    return uid if _UID.fullmatch(uid) else None


def read_uids(text: str, *, most: int) -> list[str]:
    """Return the UIDs of a list with one a line, each once, in their order.

    Raises:
        Invalid: `nfc_no_rows`, `too_many_rows`, or `nfc_uid_line` with the first faulty line.
    """
    found: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        uid = read_uid(line)
        if uid is None:
            raise Invalid("nfc_uid_line", place="uids", line=number, given=line.strip()[:40])
        found[uid] = None
        if len(found) > most:
            raise Invalid("too_many_rows", place="uids", most=most)
    if not found:
        raise Invalid("nfc_no_rows", place="uids")
    return list(found)
