"""What the codec takes and gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from suyuan.core.identifiers.binary.layouts import WORD_BITS, TagScheme
from suyuan.core.identifiers.errors import IdentifierError
from suyuan.core.identifiers.identity import Identity

# Date type indicators of DSGTIN+ by AI (TDS §14.5.3).
DATE_KINDS: Final[Mapping[str, int]] = MappingProxyType(
    {ai: number for number, ai in enumerate(("11", "13", "15", "16", "17", "7006", "7007"))}
)
_PURE = re.compile(r"urn:epc:id:[a-z]+:")


class Epc(Struct, frozen=True):
    """An EPC as bits.

    Attributes:
        hex: Upper-case hexadecimal digits, as few as hold the bits; zeros fill the last digit.
        bits: How many bits there are.
    """

    hex: str
    bits: int

    @property
    def memory(self) -> str:
        """The digits as a tag stores, a printer writes and a reader reports them: whole words."""
        return self.hex.ljust(self.words * WORD_BITS // 4, "0")

    @property
    def words(self) -> int:
        """How many 16-bit words it takes on a tag."""
        return -(-self.bits // WORD_BITS)


class TagDate(Struct, frozen=True):
    """The date that a DSGTIN+ carries.

    Attributes:
        ai: What it is: 11 production, 13 packaging, 15 best before, 16 sell by, 17 expiry, 7006
            first freezing, 7007 harvest.
        value: YYMMDD; day 00 means no day of the month.
    """

    ai: str
    value: str


class TagEpc(Struct, frozen=True):
    """What a tag says.

    Attributes:
        identity: What it identifies.
        scheme: How it was written.
        filter: 0 to 7, what kind of object readers may look for; no part of the identity.
        prefix_length: Digits of the company prefix, 6 to 12; None where the scheme does not tell.
        date: Of a DSGTIN+, else None.
        aidc: Whether other data are announced after a ``+`` EPC.
        rest: Those data as hexadecimal digits, as they were read; "" for none.
    """

    identity: Identity
    scheme: TagScheme
    filter: int = 0
    prefix_length: int | None = None
    date: TagDate | None = None
    aidc: bool = False
    rest: str = ""

    def urn(self) -> str:
        """Return the pure-identity EPC URN.

        Raises:
            IdentifierError: ``tag_prefix_missing``: a ``+`` scheme does not tell the length.
        """
        if self.scheme is TagScheme.GID_96:
            return self.identity.urn(0)
        if self.prefix_length is None:
            raise IdentifierError("tag_prefix_missing", {"scheme": self.scheme})
        return self.identity.urn(self.prefix_length)

    def tag_urn(self) -> str:
        """Return the EPC tag URN, ``urn:epc:tag:sgtin-96:3.0614141.812345.6789``.

        Raises:
            IdentifierError: ``no_tag_urn``: the standard has none for ``+`` schemes.
        """
        if self.scheme.is_plus:
            raise IdentifierError("no_tag_urn", {"scheme": self.scheme})
        body = _PURE.sub("", self.urn(), count=1)
        head = "" if self.scheme is TagScheme.GID_96 else f"{self.filter}."
        return f"urn:epc:tag:{self.scheme}:{head}{body}"
