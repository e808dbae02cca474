"""The tables: which header means which scheme, and how many bits each field has.

Source: EPC Tag Data Standard (TDS) 2.3, table 14-1 for headers, §14.6 for coding tables.
Left out: the deprecated GDTI-113, the aerospace and defence schemes, which have no GS1 key, and
the ``++`` schemes of release 2.3, which carry a host name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from suyuan.core.identifiers.schemes import RULE_OF, Scheme, Shape

HEADER_BITS: Final = 8
FILTER_BITS: Final = 3
PARTITION_BITS: Final = 3
PIECE_BITS: Final = 7
WORD_BITS: Final = 16
# Bits of a company prefix by its digits; partition values count down from 12 digits (0) to 6 (6).
PREFIX_BITS: Final[Mapping[int, int]] = MappingProxyType(
    {12: 40, 11: 37, 10: 34, 9: 30, 8: 27, 7: 24, 6: 20}
)
LONGEST_PREFIX: Final = 12
LONGEST_REFERENCE: Final = 30  # of prefix and reference together, where they have no fixed length


class TagScheme(StrEnum):
    """How an EPC is written on a tag."""

    __hash__ = str.__hash__

    SGTIN_96 = "sgtin-96"
    SGTIN_198 = "sgtin-198"
    SGTIN_PLUS = "sgtin+"
    DSGTIN_PLUS = "dsgtin+"
    SSCC_96 = "sscc-96"
    SSCC_PLUS = "sscc+"
    SGLN_96 = "sgln-96"
    SGLN_195 = "sgln-195"
    SGLN_PLUS = "sgln+"
    GRAI_96 = "grai-96"
    GRAI_170 = "grai-170"
    GRAI_PLUS = "grai+"
    GIAI_96 = "giai-96"
    GIAI_202 = "giai-202"
    GIAI_PLUS = "giai+"
    GSRN_96 = "gsrn-96"
    GSRN_PLUS = "gsrn+"
    GSRNP_96 = "gsrnp-96"
    GSRNP_PLUS = "gsrnp+"
    GDTI_96 = "gdti-96"
    GDTI_174 = "gdti-174"
    GDTI_PLUS = "gdti+"
    CPI_96 = "cpi-96"
    CPI_VAR = "cpi-var"
    CPI_PLUS = "cpi+"
    SGCN_96 = "sgcn-96"
    SGCN_PLUS = "sgcn+"
    ITIP_110 = "itip-110"
    ITIP_212 = "itip-212"
    ITIP_PLUS = "itip+"
    GID_96 = "gid-96"

    @property
    def is_plus(self) -> bool:
        """Whether it is one of TDS 2.0: without partition, with the check digit."""
        return self.endswith("+")

    @property
    def label(self) -> str:
        """The name as the standard writes it."""
        return self.upper().replace("VAR", "var")


class Reference(StrEnum):
    """How the reference after the company prefix is written."""

    PADDED = "padded"  # digits of a known count, as a number
    NUMBER = "number"  # a number without leading zeros
    TEXT = "text"  # 7 bits a character, zeros after the last
    SIX_BITS = "six-bits"  # 6 bits a character, a zero after the last


class Tail(StrEnum):
    """How the serial is written."""

    ZEROS = "zeros"  # there is none; the bits are reserved
    NUMBER = "number"  # without leading zeros
    TEXT = "text"  # 7 bits a character, zeros after the last
    DIGITS = "digits"  # a number with a one before it, which keeps leading zeros


@dataclass(frozen=True, slots=True)
class Layout:
    """A scheme of TDS 1.x with a company prefix.

    Attributes:
        tag: Which one.
        header: The first eight bits.
        scheme: What it identifies.
        key_bits: Bits of company prefix and reference together; 0 where they vary.
        reference: How the reference is written.
        tail: How the serial is written.
        tail_bits: In how many bits.
    """

    tag: TagScheme
    header: int
    scheme: Scheme
    key_bits: int
    reference: Reference
    tail: Tail
    tail_bits: int

    @property
    def bits(self) -> int:
        """Bits in all; 0 where they vary."""
        if not self.key_bits:
            return 0
        pieces = 2 * PIECE_BITS if self.scheme is Scheme.ITIP else 0
        fixed = HEADER_BITS + FILTER_BITS + PARTITION_BITS
        return fixed + self.key_bits + pieces + self.tail_bits


_S, _T = Scheme, TagScheme
LAYOUTS: Final = (
    Layout(_T.SGTIN_96, 0x30, _S.SGTIN, 44, Reference.PADDED, Tail.NUMBER, 38),
    Layout(_T.SGTIN_198, 0x36, _S.SGTIN, 44, Reference.PADDED, Tail.TEXT, 140),
    Layout(_T.SSCC_96, 0x31, _S.SSCC, 58, Reference.PADDED, Tail.ZEROS, 24),
    Layout(_T.SGLN_96, 0x32, _S.SGLN, 41, Reference.PADDED, Tail.NUMBER, 41),
    Layout(_T.SGLN_195, 0x39, _S.SGLN, 41, Reference.PADDED, Tail.TEXT, 140),
    Layout(_T.GRAI_96, 0x33, _S.GRAI, 44, Reference.PADDED, Tail.NUMBER, 38),
    Layout(_T.GRAI_170, 0x37, _S.GRAI, 44, Reference.PADDED, Tail.TEXT, 112),
    Layout(_T.GIAI_96, 0x34, _S.GIAI, 82, Reference.NUMBER, Tail.ZEROS, 0),
    Layout(_T.GIAI_202, 0x38, _S.GIAI, 188, Reference.TEXT, Tail.ZEROS, 0),
    Layout(_T.GSRN_96, 0x2D, _S.GSRN, 58, Reference.PADDED, Tail.ZEROS, 24),
    Layout(_T.GSRNP_96, 0x2E, _S.GSRNP, 58, Reference.PADDED, Tail.ZEROS, 24),
    Layout(_T.GDTI_96, 0x2C, _S.GDTI, 41, Reference.PADDED, Tail.NUMBER, 41),
    Layout(_T.GDTI_174, 0x3E, _S.GDTI, 41, Reference.PADDED, Tail.TEXT, 119),
    Layout(_T.CPI_96, 0x3C, _S.CPI, 51, Reference.NUMBER, Tail.NUMBER, 31),
    Layout(_T.CPI_VAR, 0x3D, _S.CPI, 0, Reference.SIX_BITS, Tail.NUMBER, 40),
    Layout(_T.SGCN_96, 0x3F, _S.SGCN, 41, Reference.PADDED, Tail.DIGITS, 41),
    Layout(_T.ITIP_110, 0x40, _S.ITIP, 44, Reference.PADDED, Tail.NUMBER, 38),
    Layout(_T.ITIP_212, 0x41, _S.ITIP, 44, Reference.PADDED, Tail.TEXT, 140),
)
GID_HEADER: Final = 0x35
GID_FIELDS: Final = (28, 24, 36)

# The schemes of TDS 2.0; the rules of their keys say the rest.
PLUS_HEADERS: Final[Mapping[TagScheme, tuple[int, Scheme]]] = MappingProxyType(
    {
        _T.CPI_PLUS: (0xF0, _S.CPI),
        _T.GRAI_PLUS: (0xF1, _S.GRAI),
        _T.SGLN_PLUS: (0xF2, _S.SGLN),
        _T.ITIP_PLUS: (0xF3, _S.ITIP),
        _T.GSRN_PLUS: (0xF4, _S.GSRN),
        _T.GSRNP_PLUS: (0xF5, _S.GSRNP),
        _T.GDTI_PLUS: (0xF6, _S.GDTI),
        _T.SGTIN_PLUS: (0xF7, _S.SGTIN),
        _T.SGCN_PLUS: (0xF8, _S.SGCN),
        _T.SSCC_PLUS: (0xF9, _S.SSCC),
        _T.GIAI_PLUS: (0xFA, _S.GIAI),
        _T.DSGTIN_PLUS: (0xFB, _S.SGTIN),
    }
)

LAYOUT_OF: Final[Mapping[TagScheme, Layout]] = MappingProxyType({row.tag: row for row in LAYOUTS})
TAG_OF_HEADER: Final[Mapping[int, TagScheme]] = MappingProxyType(
    {row.header: row.tag for row in LAYOUTS}
    | {GID_HEADER: TagScheme.GID_96}
    | {header: tag for tag, (header, _) in PLUS_HEADERS.items()}
)


def identified_by(tag: TagScheme) -> Scheme:
    """Return what a tag scheme identifies."""
    if tag is TagScheme.GID_96:
        return Scheme.GID
    return PLUS_HEADERS[tag][1] if tag in PLUS_HEADERS else LAYOUT_OF[tag].scheme


TAGS_OF: Final[Mapping[Scheme, tuple[TagScheme, ...]]] = MappingProxyType(
    {
        scheme: tuple(tag for tag in TagScheme if identified_by(tag) is scheme)
        for scheme in dict.fromkeys(map(identified_by, TagScheme))
    }
)


def plus_digits(scheme: Scheme) -> int:
    """Return the digits of a key in a ``+`` scheme; 0 where it may have letters."""
    rule = RULE_OF[scheme]
    if rule.shape is Shape.WHOLE:
        return 0
    piece = 4 if rule.shape is Shape.PIECE else 0
    return len(rule.filler) + rule.body + 1 + piece
