"""Read the binary form of an RFID tag's EPC: SGTIN-96 and SSCC-96 (TDS §14)."""

import re
from typing import Final

from suyuan.core.identifiers.errors import IdentifierError
from suyuan.core.identifiers.identity import Identity
from suyuan.core.identifiers.keys import check_digit
from suyuan.core.identifiers.schemes import Scheme

_HEX_96 = re.compile(r"[0-9A-Fa-f]{24}")
# Partition value to bits and digits of the company prefix.
_COMPANY: Final = ((40, 12), (37, 11), (34, 10), (30, 9), (27, 8), (24, 7), (20, 6))
_SCHEMES: Final = {0x30: Scheme.SGTIN, 0x31: Scheme.SSCC}
# Bits of prefix and reference together, digits of both, bits that follow.
_LAYOUT: Final = {Scheme.SGTIN: (44, 13, 38), Scheme.SSCC: (58, 17, 24)}


def parse_epc_hex(text: str) -> Identity:
    """Read 24 hexadecimal digits as the EPC of a tag; the filter value is left out.

    Raises:
        IdentifierError: ``hex_malformed`` (not 24 digits, or fields out of range) or
            ``hex_unknown_header``.
    """
    if _HEX_96.fullmatch(text) is None:
        raise IdentifierError("hex_malformed", {"given": text})
    bits = int(text, 16)
    scheme = _SCHEMES.get(bits >> 88)
    if scheme is None:
        raise IdentifierError("hex_unknown_header", {"given": text[:2]})
    body_bits, body_digits, tail_bits = _LAYOUT[scheme]
    partition = bits >> 82 & 7
    tail = bits & ((1 << tail_bits) - 1)
    if partition >= len(_COMPANY) or (scheme is Scheme.SSCC and tail):
        raise IdentifierError("hex_malformed", {"given": text})
    company_bits, company_digits = _COMPANY[partition]
    reference_digits = body_digits - company_digits
    both = bits >> tail_bits & ((1 << body_bits) - 1)
    company, reference = divmod(both, 1 << (body_bits - company_bits))
    if company >= 10**company_digits or reference >= 10**reference_digits:
        raise IdentifierError("hex_malformed", {"given": text})
    indicator, rest = divmod(reference, 10 ** (reference_digits - 1))
    padding = reference_digits - 1
    tail_of_body = f"{rest:0{padding}}" if padding else ""
    body = f"{indicator}{company:0{company_digits}}{tail_of_body}"
    primary = body + check_digit(body)
    return Identity(scheme, primary, str(tail) if scheme is Scheme.SGTIN else "")
