"""The schemes of TDS 2.0, ``SGTIN+`` and its kin: the GS1 key as it is, digit by digit.

They have no partition and keep the check digit, so that no company prefix need be known; the
serial has a variable length. Data of other AIs may follow: they are announced by one bit, and kept
unread.

Source: TDS 2.3, §14.5 and the coding tables of §14.6.
"""

from __future__ import annotations

import calendar
from typing import Final

from suyuan.core.identifiers.binary.bits import BitReader, BitWriter
from suyuan.core.identifiers.binary.layouts import (
    FILTER_BITS,
    HEADER_BITS,
    LONGEST_REFERENCE,
    PLUS_HEADERS,
    TagScheme,
    plus_digits,
)
from suyuan.core.identifiers.binary.texts import (
    NUMERIC_LENGTH_BITS,
    put_delimited,
    put_digits,
    put_number,
    put_text,
    take_delimited,
    take_digits,
    take_number,
    take_text,
)
from suyuan.core.identifiers.binary.values import DATE_KINDS, TagDate, TagEpc
from suyuan.core.identifiers.charset import is_digits
from suyuan.core.identifiers.errors import IdentifierError
from suyuan.core.identifiers.identity import Identity
from suyuan.core.identifiers.schemes import RULE_OF, Rule, Scheme
from suyuan.core.identifiers.values import identity as identity_of
from suyuan.core.identifiers.values import key

_KIND_BITS: Final = 4
_DATE_BITS: Final = (7, 4, 5)
_AI_OF_KIND: Final = {number: ai for ai, number in DATE_KINDS.items()}
_LEAP_YEAR: Final = 2024  # the century is not written: the 29th of February is always allowed


def encode_plus(
    tag: TagScheme, identity: Identity, filter_: int, date: TagDate | None, aidc: bool
) -> BitWriter:
    """Write an identity of the tag's scheme, whose key and filter value are checked.

    Raises:
        IdentifierError: ``tag_date`` or ``tag_serial_missing``.
    """
    header, scheme = PLUS_HEADERS[tag]
    rule = RULE_OF[scheme]
    writer = BitWriter()
    writer.put(header, HEADER_BITS)
    writer.put(int(aidc), 1)
    writer.put(filter_, FILTER_BITS)
    if (tag is TagScheme.DSGTIN_PLUS) != (date is not None):
        raise IdentifierError("tag_date", {"given": date.value if date else ""})
    if date is not None:
        _put_date(writer, date)
    if plus_digits(scheme):
        put_digits(writer, rule.filler + identity.primary)
    else:
        put_delimited(writer, identity.primary)
    _put_serial(writer, rule, identity.secondary)
    return writer


def _put_serial(writer: BitWriter, rule: Rule, serial: str) -> None:
    if not rule.secondary:
        return
    if not serial:
        if rule.scheme is not Scheme.SGLN:
            raise IdentifierError("tag_serial_missing", {"scheme": rule.scheme})
        serial = "0"  # TDS §7.2.2: no extension is written as extension 0
    if rule.numeric:
        put_number(writer, serial, NUMERIC_LENGTH_BITS)
    else:
        put_text(writer, serial)


def decode_plus(tag: TagScheme, reader: BitReader) -> TagEpc:
    """Read what follows the header, up to the end of the EPC.

    Raises:
        IdentifierError: ``tag_encoding``, ``tag_text``, ``tag_date``, ``tag_truncated``, a wrong
            check digit, or what else is wrong with a part.
    """
    _, scheme = PLUS_HEADERS[tag]
    rule = RULE_OF[scheme]
    aidc = bool(reader.take(1))
    filter_ = reader.take(FILTER_BITS)
    date = _take_date(reader) if tag is TagScheme.DSGTIN_PLUS else None
    digits = plus_digits(scheme)
    if digits:
        text = take_digits(reader, digits)
        if not text.startswith(rule.filler):
            raise IdentifierError(f"{rule.family}_filler", {"given": text})
        primary = key(rule, text[len(rule.filler) :])
    else:
        primary = key(rule, take_delimited(reader, LONGEST_REFERENCE))
    found = identity_of(rule, primary, _take_serial(reader, rule))
    return TagEpc(found, tag, filter_, date=date, aidc=aidc)


def _take_serial(reader: BitReader, rule: Rule) -> str:
    if not rule.secondary:
        return ""
    if rule.numeric:
        return take_number(reader, NUMERIC_LENGTH_BITS, rule.secondary)
    return take_text(reader, rule.secondary)


def _put_date(writer: BitWriter, date: TagDate) -> None:
    kind = DATE_KINDS.get(date.ai)
    if kind is None or len(date.value) != 6 or not is_digits(date.value):
        raise IdentifierError("tag_date", {"given": f"({date.ai}){date.value}"})
    parts = [int(date.value[at : at + 2]) for at in (0, 2, 4)]
    _check_date(parts)
    writer.put(kind, _KIND_BITS)
    for part, bits in zip(parts, _DATE_BITS, strict=True):
        writer.put(part, bits)


def _take_date(reader: BitReader) -> TagDate:
    ai = _AI_OF_KIND.get(reader.take(_KIND_BITS), "")
    parts = [reader.take(bits) for bits in _DATE_BITS]
    if not ai:
        raise IdentifierError("tag_date", {"given": "-".join(map(str, parts))})
    _check_date(parts)
    return TagDate(ai, "".join(f"{part:02}" for part in parts))


def _check_date(parts: list[int]) -> None:
    year, month, day = parts
    if year > 99 or not 1 <= month <= 12 or day > calendar.monthrange(_LEAP_YEAR, month)[1]:
        raise IdentifierError("tag_date", {"given": "-".join(map(str, parts))})
