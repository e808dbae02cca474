"""The schemes of TDS 1.x: a partition says how many digits the company prefix has.

Source: TDS 2.3, §14.3, §14.4 and the coding tables of §14.6.
"""

from __future__ import annotations

from typing import assert_never

from suyuan.core.identifiers.binary.bits import BitReader, BitWriter
from suyuan.core.identifiers.binary.layouts import (
    FILTER_BITS,
    GID_FIELDS,
    GID_HEADER,
    HEADER_BITS,
    LONGEST_PREFIX,
    LONGEST_REFERENCE,
    PARTITION_BITS,
    PIECE_BITS,
    PREFIX_BITS,
    Layout,
    Reference,
    TagScheme,
    Tail,
)
from suyuan.core.identifiers.binary.texts import put_seven, put_six, take_seven, take_six
from suyuan.core.identifiers.binary.values import TagEpc
from suyuan.core.identifiers.charset import is_digits
from suyuan.core.identifiers.errors import IdentifierError
from suyuan.core.identifiers.identity import Identity, split_key
from suyuan.core.identifiers.schemes import RULE_OF, Scheme, Shape
from suyuan.core.identifiers.urn import join_key
from suyuan.core.identifiers.values import identity as identity_of


def encode_partitioned(layout: Layout, identity: Identity, filter_: int, length: int) -> BitWriter:
    """Write an identity of the layout's scheme, whose key and filter value are checked."""
    rule = RULE_OF[layout.scheme]
    company, reference, *pieces = split_key(rule, identity.primary, length)
    writer = BitWriter()
    writer.put(layout.header, HEADER_BITS)
    writer.put(filter_, FILTER_BITS)
    writer.put(LONGEST_PREFIX - length, PARTITION_BITS)
    writer.put(int(company), PREFIX_BITS[length])
    _put_reference(writer, layout, reference, length)
    for piece in pieces:
        writer.put(int(piece), PIECE_BITS)
    _put_tail(writer, layout, _serial(identity))
    return writer


def _serial(identity: Identity) -> str:
    if identity.secondary:
        return identity.secondary
    if identity.scheme is Scheme.SGLN:
        return "0"  # TDS §14.6.3: extension 0 means no extension
    if RULE_OF[identity.scheme].secondary:
        raise IdentifierError("tag_serial_missing", {"scheme": identity.scheme})
    return ""


def _put_reference(writer: BitWriter, layout: Layout, reference: str, length: int) -> None:
    bits = layout.key_bits - PREFIX_BITS[length]
    match layout.reference:
        case Reference.PADDED:
            writer.put(int(reference or "0"), bits)
        case Reference.NUMBER:
            writer.put(_number(reference, bits, "reference", layout.tag), bits)
        case Reference.TEXT:  # a key of at most 30 characters always fits
            put_seven(writer, reference, bits)
        case Reference.SIX_BITS:
            put_six(writer, reference)
        case _:
            assert_never(layout.reference)


def _put_tail(writer: BitWriter, layout: Layout, serial: str) -> None:
    match layout.tail:
        case Tail.ZEROS:
            writer.put(0, layout.tail_bits)
        case Tail.NUMBER:
            number = _number(serial, layout.tail_bits, "serial", layout.tag)
            writer.put(number, layout.tail_bits)
        case Tail.TEXT:  # has room for the longest serial of its scheme
            put_seven(writer, serial, layout.tail_bits)
        case Tail.DIGITS:
            writer.put(int(f"1{serial}"), layout.tail_bits)
        case _:
            assert_never(layout.tail)


def _number(text: str, bits: int, field: str, tag: TagScheme) -> int:
    """Return a text as the number that gives it back, if the field holds it.

    Raises:
        IdentifierError: ``tag_not_numeric``, ``tag_leading_zero`` or ``tag_too_large``.
    """
    data = {"field": field, "given": text, "scheme": tag.label, "most": str(2**bits - 1)}
    if not is_digits(text):
        raise IdentifierError("tag_not_numeric", data)
    if text[0] == "0" and text != "0":
        raise IdentifierError("tag_leading_zero", data)
    number = int(text)
    if number >> bits:
        raise IdentifierError("tag_too_large", data)
    return number


def decode_partitioned(layout: Layout, reader: BitReader) -> TagEpc:
    """Read what follows the header.

    Raises:
        IdentifierError: ``tag_partition``, ``tag_range``, ``tag_text``, ``tag_trailing_bits``,
            ``tag_truncated``, or what is wrong with a part.
    """
    rule = RULE_OF[layout.scheme]
    filter_ = reader.take(FILTER_BITS)
    length = LONGEST_PREFIX - reader.take(PARTITION_BITS)
    if length not in PREFIX_BITS:
        raise IdentifierError("tag_partition", {"given": str(LONGEST_PREFIX - length)})
    company = _padded(reader, PREFIX_BITS[length], length)
    fields = [company, _take_reference(reader, layout, length)]
    if rule.shape is Shape.PIECE:
        fields += [_padded(reader, PIECE_BITS, 2) for _ in range(2)]
    serial = _take_tail(reader, layout)
    found = identity_of(rule, join_key(rule, fields), serial)
    return TagEpc(found, layout.tag, filter_, length)


def _take_reference(reader: BitReader, layout: Layout, length: int) -> str:
    bits = layout.key_bits - PREFIX_BITS[length]
    match layout.reference:
        case Reference.PADDED:
            return _padded(reader, bits, RULE_OF[layout.scheme].body - length)
        case Reference.NUMBER:
            return str(reader.take(bits))
        case Reference.TEXT:
            return take_seven(reader, bits)
        case Reference.SIX_BITS:
            return take_six(reader, LONGEST_REFERENCE - length)
        case _:
            assert_never(layout.reference)


def _take_tail(reader: BitReader, layout: Layout) -> str:
    match layout.tail:
        case Tail.ZEROS:
            if reader.take(layout.tail_bits):
                raise IdentifierError("tag_trailing_bits", {"scheme": layout.tag.label})
            return ""
        case Tail.NUMBER:
            return str(reader.take(layout.tail_bits))
        case Tail.TEXT:
            return _present(take_seven(reader, layout.tail_bits))
        case Tail.DIGITS:
            marked = str(reader.take(layout.tail_bits))
            if marked[0] != "1":
                raise IdentifierError("tag_text", {"method": "numeric string"})
            return _present(marked[1:])
        case _:
            assert_never(layout.tail)


def _present(serial: str) -> str:
    if not serial:
        raise IdentifierError("tag_text", {"method": "serial"})
    return serial


def _padded(reader: BitReader, bits: int, digits: int) -> str:
    number = reader.take(bits)
    if number >= 10**digits:
        raise IdentifierError("tag_range", {"given": str(number), "digits": str(digits)})
    return f"{number:0{digits}}" if digits else ""


def encode_gid(identity: Identity) -> BitWriter:
    """Write a GID, whose three fields are numbers within their bits already."""
    writer = BitWriter()
    writer.put(GID_HEADER, HEADER_BITS)
    fields = (*identity.primary.split("."), identity.secondary)
    for text, bits in zip(fields, GID_FIELDS, strict=True):
        writer.put(_number(text, bits, "serial", TagScheme.GID_96), bits)
    return writer


def decode_gid(reader: BitReader) -> TagEpc:
    """Read what follows the header of a GID."""
    manager, kind, serial = (str(reader.take(bits)) for bits in GID_FIELDS)
    return TagEpc(Identity(Scheme.GID, f"{manager}.{kind}", serial), TagScheme.GID_96)
