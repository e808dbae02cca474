"""What stands on a carrier, in the one form that is stored and looked for.

Owns: the form of a value by kind, and the forms that a scanned text may be stored in.

RFID values are the hex of an EPC or a TID, NFC values the hex of a UID: upper case, without the
spaces, colons and hyphens that readers and people put between bytes. What stands on any other
carrier is text as it is, another system's address too; only runs of blanks become one space, and
so does GS (0x1D), which scanners drop, map or keep as they are set.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from suyuan.carriers.models import VALUE_LENGTH, CarrierKind
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.rules import clean

_BETWEEN_BYTES: Final = re.compile(r"[\s:\-]")
_RAW_TAG: Final = re.compile(r"urn:epc:raw:[0-9]{1,3}\.x(?P<hex>[0-9A-Fa-f]+)", re.IGNORECASE)
# EPC memory counts words of 16 bits, but readers cut SGTIN-198 to 50 digits; a TID has 8 or more.
_TAG: Final = re.compile(r"(?:[0-9A-F]{2}){4,64}")
_SURE_TAG: Final = 24
# ISO 14443-3: UIDs of one, two or three sizes.
_CHIP: Final = re.compile(r"[0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20}")
# ISO/IEC 15424: what a scanner may put in front to say which symbology it read.
_SYMBOLOGY: Final = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_HEX_KINDS: Final[Mapping[CarrierKind, tuple[re.Pattern[str], str]]] = {
    CarrierKind.RFID: (_TAG, "tag_malformed"),
    CarrierKind.NFC: (_CHIP, "chip_malformed"),
}


_PLAIN_KINDS: Final = [kind for kind in CarrierKind if kind not in _HEX_KINDS]
# What spreadsheets and readers call them.
_ALIASES: Final[Mapping[str, CarrierKind]] = {
    "qr code": CarrierKind.QR,
    "qrcode": CarrierKind.QR,
    "二维码": CarrierKind.QR,
    "data matrix": CarrierKind.DATAMATRIX,
    "dm": CarrierKind.DATAMATRIX,
    "epc": CarrierKind.RFID,
    "tid": CarrierKind.RFID,
    "uid": CarrierKind.NFC,
    "其他": CarrierKind.OTHER,
}


def kind_of(text: str) -> CarrierKind:
    """Return the kind that a word names.

    Raises:
        Invalid: `carrier_kind`.
    """
    word = text.strip().lower()
    try:
        return _ALIASES.get(word) or CarrierKind(word)
    except ValueError as error:
        raise Invalid("carrier_kind", place="kind", given=text[:40]) from error


def normal(kind: CarrierKind, value: str) -> str:
    """Return `value` as carriers of `kind` are stored.

    Raises:
        Invalid: `required`, `too_long`, `tag_malformed`, `chip_malformed`,
            `text_control_character`.
    """
    if not value.strip():
        raise Invalid("required", place="value")
    if len(value) > 2 * VALUE_LENGTH:
        raise Invalid("too_long", place="value", longest=VALUE_LENGTH, length=len(value))
    if kind not in _HEX_KINDS:
        return _plain(value)
    pattern, fault = _HEX_KINDS[kind]
    digits = _digits(value)
    if pattern.fullmatch(digits) is None:
        raise Invalid(fault, place="value", given=value.strip()[:40])
    return digits


def likely_kind(text: str) -> CarrierKind:
    """Return what a scanned value is most likely to stand on, where nobody says."""
    digits = _digits(text)
    if _CHIP.fullmatch(digits):
        return CarrierKind.NFC
    # Shorter runs of hex are what any shop prints as a code.
    if len(digits) >= _SURE_TAG and _TAG.fullmatch(digits):
        return CarrierKind.RFID
    return CarrierKind.QR


def forms(text: str) -> dict[CarrierKind, str]:
    """Return the value that a scanned or typed text would be under each kind that can hold it."""
    if len(text) > 2 * VALUE_LENGTH:
        return {}
    digits = _digits(text)
    found = {kind: digits for kind, (pattern, _) in _HEX_KINDS.items() if pattern.fullmatch(digits)}
    try:
        plain = _plain(text)
    except Invalid:
        return found
    return found | dict.fromkeys(_PLAIN_KINDS, plain)


def _digits(value: str) -> str:
    """Return hex digits in upper case; anything else is left for the pattern to refuse."""
    raw = _RAW_TAG.fullmatch(value.strip())
    text = raw["hex"] if raw else _BETWEEN_BYTES.sub("", value)
    # Not `upper` of any letter: Unicode has letters that become two.
    return text.removeprefix("0x").upper() if text.isascii() else text


def _plain(value: str) -> str:
    text = unicodedata.normalize("NFC", _SYMBOLOGY.sub("", value.strip(), count=1))
    text = clean(" ".join(text.split()), "value")
    if not text:
        raise Invalid("required", place="value")
    if len(text) > VALUE_LENGTH:
        raise Invalid("too_long", place="value", longest=VALUE_LENGTH, length=len(text))
    return text
