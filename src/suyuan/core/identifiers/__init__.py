"""Identifiers: GS1 keys, EPC URNs, GS1 Digital Links, element strings, tag binaries.

Owns: reading each text form into one value (``Identity``) and writing it back; check digits;
character sets; what is refused and with which code.
Does not own: which identities exist or whose they are (masterdata, issuing), how they are numbered
inside (keyset), how serials are made (codespace), what a barcode looks like (carriers).
Invariant: two texts with the same GS1 key and serial give equal identities. Leading zeros
of serials are significant. Text that claims a known scheme and breaks its rules is refused, never
kept as opaque.
"""

from suyuan.core.identifiers.binary import parse_epc_hex
from suyuan.core.identifiers.charset import (
    SERIAL_CHARSET,
    SERIAL_MAX,
    link_encode,
    percent_decode,
    urn_decode,
    urn_encode,
    valid_serial,
)
from suyuan.core.identifiers.element_string import (
    elements_of,
    parse_elements,
    write_elements,
)
from suyuan.core.identifiers.errors import IdentifierError
from suyuan.core.identifiers.identity import Identity
from suyuan.core.identifiers.keys import Gln, Gtin, Sscc, check_digit
from suyuan.core.identifiers.parse import (
    StemForm,
    is_uri,
    parse_epc,
    parse_identity,
    parse_stem,
    split_alike,
    split_epc,
)
from suyuan.core.identifiers.schemes import Scheme
from suyuan.core.identifiers.urn import company_prefix_length

__all__ = [
    "SERIAL_CHARSET",
    "SERIAL_MAX",
    "Gln",
    "Gtin",
    "IdentifierError",
    "Identity",
    "Scheme",
    "Sscc",
    "StemForm",
    "check_digit",
    "company_prefix_length",
    "elements_of",
    "is_uri",
    "link_encode",
    "parse_elements",
    "parse_epc",
    "parse_epc_hex",
    "parse_identity",
    "parse_stem",
    "percent_decode",
    "split_alike",
    "split_epc",
    "urn_decode",
    "urn_encode",
    "valid_serial",
    "write_elements",
]
