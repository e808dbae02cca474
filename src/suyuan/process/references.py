"""The texts by which events name business papers, parcels and regions.

EPCIS asks for absolute URIs. A number that is one already stays as it is; any other becomes
`urn:suyuan:<organisation>:<kind>:<number>`, escaped.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote

from suyuan.core.epcis.vocabulary import TRANSACTION_TYPES
from suyuan.core.identifiers import IdentifierError, parse_epc
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.regions import REGIONS
from suyuan.masterdata.rules import Text

_NUMBER: Final = Text(80, required=True)
_ABSOLUTE: Final = re.compile(r"(urn|https?):", re.IGNORECASE)
_OWN: Final = re.compile(r"urn:suyuan:[a-z0-9-]+:([a-z]+):(.+)")
_REGION: Final = re.compile(r"urn:suyuan:region:([0-9]{6})")

PARCEL: Final = "parcel"


def reference(organisation: str, kind: str, number: str, *, place: str = "") -> str:
    """Return the text for a paper of `kind` (`po`, `bol`, `desadv`, …) or a parcel.

    Args:
        organisation: The organisation's slug.
        kind: A CBV business transaction type, or `parcel`.
        number: As people write it.
        place: Points at the input, for errors.

    Raises:
        Invalid: `transaction_type`, `required`, `too_long`, `text_control_character`, or the
            code of what is wrong with an address.
    """
    if kind not in TRANSACTION_TYPES and kind != PARCEL:
        raise Invalid("transaction_type", place=place, given=kind[:40])
    text = _NUMBER.check(number, place)
    if not _ABSOLUTE.match(text):
        return f"urn:suyuan:{organisation}:{kind}:{quote(text, safe='')}"
    try:
        return parse_epc(text).digital_link()
    except IdentifierError as error:
        raise Invalid(error.code, place=place, **error.data) from error


def number_of(text: str) -> str:
    """Return the number that people know, from a text that `reference` made; else the text."""
    found = _OWN.fullmatch(text)
    return unquote(found[2]) if found else text


def parcel_waybill(organisation: str, text: str) -> str:
    """Return the waybill of a parcel that is known by it alone; else the empty text."""
    found = _OWN.fullmatch(text)
    own = found is not None and text.startswith(f"urn:suyuan:{organisation}:")
    return unquote(found[2]) if found and own and found[1] == PARCEL else ""


def region_text(code: str, *, place: str = "") -> str:
    """Return the text for a region, by its six-digit code.

    Raises:
        Invalid: `region_unknown`.
    """
    if code not in REGIONS:
        raise Invalid("region_unknown", place=place, given=code[:40])
    return f"urn:suyuan:region:{code}"


def region_of(text: str) -> str:
    """Return the region's code in a text that `region_text` made; else the empty text."""
    found = _REGION.fullmatch(text)
    return found[1] if found else ""
