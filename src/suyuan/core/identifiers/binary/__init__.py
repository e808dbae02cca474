"""EPCs as the bits of RFID tags, by the EPC Tag Data Standard (TDS) 2.x.

Owns: headers, partitions, filter values, and the codec of each scheme, for one tag (``codec``) and
for many at once (``bulk``, ``own``).
Does not own: what the identities mean, whose tags they are, how a company prefix's length is known.
Invariant: ``decode(encode(x).hex)`` gives ``x`` back; what cannot be written without loss is
refused with a code, never cut or corrected.
"""

from suyuan.core.identifiers.binary.bulk import (
    Sgtin96,
    decode_sgtin96,
    encode_sgtin96,
    hex_lines,
    read_hex,
    sgtin96_range,
)
from suyuan.core.identifiers.binary.codec import (
    decode,
    encode,
    parse_epc_hex,
    parse_tag,
    parse_tag_urn,
)
from suyuan.core.identifiers.binary.filters import FilterMeaning, filter_meaning, filters_of
from suyuan.core.identifiers.binary.layouts import (
    LAYOUT_OF,
    PREFIX_BITS,
    TAGS_OF,
    TagScheme,
    identified_by,
)
from suyuan.core.identifiers.binary.own import OwnTags, read_own, write_own
from suyuan.core.identifiers.binary.values import DATE_KINDS, Epc, TagDate, TagEpc

__all__ = [
    "DATE_KINDS",
    "LAYOUT_OF",
    "PREFIX_BITS",
    "TAGS_OF",
    "Epc",
    "FilterMeaning",
    "OwnTags",
    "Sgtin96",
    "TagDate",
    "TagEpc",
    "TagScheme",
    "decode",
    "decode_sgtin96",
    "encode",
    "encode_sgtin96",
    "filter_meaning",
    "filters_of",
    "hex_lines",
    "identified_by",
    "parse_epc_hex",
    "parse_tag",
    "parse_tag_urn",
    "read_hex",
    "read_own",
    "sgtin96_range",
    "write_own",
]
