"""The doors: an identity to the bits of a tag, and the texts of a tag to what it says."""

from __future__ import annotations

import re
from typing import Final

from suyuan.core.identifiers.binary.bits import BitReader
from suyuan.core.identifiers.binary.layouts import (
    HEADER_BITS,
    LAYOUT_OF,
    PREFIX_BITS,
    TAG_OF_HEADER,
    TagScheme,
    identified_by,
)
from suyuan.core.identifiers.binary.partitioned import (
    decode_gid,
    decode_partitioned,
    encode_gid,
    encode_partitioned,
)
from suyuan.core.identifiers.binary.plus import decode_plus, encode_plus
from suyuan.core.identifiers.binary.values import Epc, TagDate, TagEpc
from suyuan.core.identifiers.errors import IdentifierError
from suyuan.core.identifiers.identity import Identity
from suyuan.core.identifiers.schemes import RULE_OF
from suyuan.core.identifiers.urn import company_prefix_length, parse_urn
from suyuan.core.identifiers.values import check_secondary, key

FILTER_LIMIT: Final = 8
LONGEST_HEX: Final = 128  # a tag's length field counts 31 words at most; 496 bits are 124 digits
_HEX = re.compile(rf"[0-9A-Fa-f]{{2,{LONGEST_HEX}}}")
_TAG_URN = re.compile(r"urn:epc:tag:(?:(?:\[[a-z0-9]+=[x0-9A-F]+\])+:)?([a-z]+-[a-z0-9]+):(.+)")
_RAW_URN = re.compile(r"urn:epc:raw:(?:(?:\[[a-z0-9]+=[x0-9A-F]+\])+:)?([0-9]{1,4})\.x([0-9A-F]+)")


def encode(
    identity: Identity,
    *,
    scheme: TagScheme,
    filter: int = 0,  # noqa: A002 - the standard's word
    prefix_length: int | None = None,
    date: TagDate | None = None,
    aidc: bool = False,
) -> Epc:
    """Write an identity as a tag's EPC.

    Args:
        identity: What the tag is for.
        scheme: How to write it.
        filter: 0 to 7 (``filters`` has their meanings); a GID has none.
        prefix_length: Digits of the company prefix, 6 to 12; ``+`` schemes and GID do not need it.
        date: For DSGTIN+, which carries one.
        aidc: Announces other data after a ``+`` EPC; the caller writes them.

    Raises:
        IdentifierError: ``tag_scheme`` (made for something else), ``tag_filter``,
            ``tag_prefix_missing``, ``company_prefix_length``, ``tag_serial_missing``,
            ``tag_not_numeric``, ``tag_leading_zero``, ``tag_too_large``, ``tag_date``; a wrong
            check digit or what else is wrong with the identity.
    """
    if identified_by(scheme) is not identity.scheme:
        raise IdentifierError("tag_scheme", {"scheme": scheme.label, "given": identity.scheme})
    if not 0 <= filter < FILTER_LIMIT or (filter and scheme is TagScheme.GID_96):
        raise IdentifierError("tag_filter", {"given": str(filter), "scheme": scheme.label})
    if scheme is TagScheme.GID_96:
        writer = encode_gid(identity)
    else:
        _check(identity)
        if scheme.is_plus:
            writer = encode_plus(scheme, identity, filter, date, aidc)
        else:
            length = _length(prefix_length, scheme)
            writer = encode_partitioned(LAYOUT_OF[scheme], identity, filter, length)
    digits = -(-writer.length // 4)
    return Epc(f"{writer.value << (digits * 4 - writer.length):0{digits}X}", writer.length)


def _check(identity: Identity) -> None:
    """Refuse an identity that no reader made: a tag drops the check digit, and would hide it."""
    rule = RULE_OF[identity.scheme]
    key(rule, identity.primary)
    if identity.secondary:
        check_secondary(rule, identity.secondary)


def _length(prefix_length: int | None, scheme: TagScheme) -> int:
    if prefix_length is None:
        raise IdentifierError("tag_prefix_missing", {"scheme": scheme.label})
    if prefix_length not in PREFIX_BITS:
        raise IdentifierError("company_prefix_length", {"given": str(prefix_length)})
    return prefix_length


def decode(text: str) -> TagEpc:
    """Read the EPC memory of a tag, as hexadecimal digits from its header on.

    Zeros that fill the last word may follow. After a ``+`` EPC that announces other data, those
    are kept unread.

    Raises:
        IdentifierError: ``hex_malformed``, ``hex_unknown_header``, ``tag_truncated``,
            ``tag_trailing_bits``, ``tag_partition``, ``tag_range``, ``tag_text``,
            ``tag_encoding``, ``tag_date``, or what is wrong with a part.
    """
    if _HEX.fullmatch(text) is None:
        raise IdentifierError("hex_malformed", {"given": text})
    scheme = TAG_OF_HEADER.get(int(text[:2], 16))
    if scheme is None:
        raise IdentifierError("hex_unknown_header", {"given": text[:2].upper()})
    reader = BitReader(int(text, 16), len(text) * 4)
    reader.take(HEADER_BITS)
    if scheme.is_plus:
        found = decode_plus(scheme, reader)
    elif scheme is TagScheme.GID_96:
        found = decode_gid(reader)
    else:
        found = decode_partitioned(LAYOUT_OF[scheme], reader)
    rest = reader.rest()
    if not rest:
        return found
    if not found.aidc:
        raise IdentifierError("tag_trailing_bits", {"scheme": scheme.label})
    digits = -(-reader.left // 4)
    return TagEpc(
        found.identity,
        scheme,
        found.filter,
        date=found.date,
        aidc=True,
        rest=f"{rest << (digits * 4 - reader.left):0{digits}X}",
    )


def parse_tag_urn(text: str) -> TagEpc:
    """Read an EPC tag URN; control fields in brackets are left out.

    Raises:
        IdentifierError: ``tag_urn_malformed``, or why no tag of the scheme can say this.
    """
    found = _TAG_URN.fullmatch(text)
    if found is None or found[1] not in set(TagScheme):
        raise IdentifierError("tag_urn_malformed", {"given": text})
    scheme = TagScheme(found[1])
    filter_, body = "0", found[2]
    if scheme is not TagScheme.GID_96:
        filter_, _, body = body.partition(".")
    if filter_ not in set("01234567"):
        raise IdentifierError("tag_filter", {"given": filter_, "scheme": scheme.label})
    pure = f"urn:epc:id:{identified_by(scheme)}:{body}"
    identity, length = parse_urn(pure), company_prefix_length(pure)
    encode(identity, scheme=scheme, filter=int(filter_), prefix_length=length)
    return TagEpc(identity, scheme, int(filter_), length)


def parse_tag(text: str) -> TagEpc:
    """Read what a reader may report of a tag: hexadecimal digits, a tag URN or a raw URN.

    Raises:
        IdentifierError: as ``decode`` and ``parse_tag_urn``.
    """
    text = text.strip()
    if text.startswith("urn:epc:tag:"):
        return parse_tag_urn(text)
    if text.startswith("urn:epc:raw:"):
        raw = _RAW_URN.fullmatch(text)
        if raw is None or len(raw[2]) * 4 != int(raw[1]):
            raise IdentifierError("tag_urn_malformed", {"given": text})
        return decode(raw[2])
    return decode(text)


def parse_epc_hex(text: str) -> Identity:
    """Read hexadecimal digits as the EPC of a tag; the filter value is left out.

    Raises:
        IdentifierError: as ``decode``.
    """
    return decode(text).identity
