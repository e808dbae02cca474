"""What is written on tags: of ranges, of orders, of single items and units.

Owns: EPC memory as hexadecimal text, and the table for encoders.
Invariant: a table holds one block of lines in memory, however large the range.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from suyuan.core.identifiers import IdentifierError, Identity, Scheme
from suyuan.core.identifiers.binary import (
    TagEpc,
    TagScheme,
    encode,
    hex_lines,
    sgtin96_range,
    write_own,
)
from suyuan.issuing import selectors as issuing
from suyuan.issuing.models import CodeOrder
from suyuan.kernel.tabular import csv_lines
from suyuan.rfid.models import TagRange
from suyuan.rfid.prefixes import prefix_length, required_prefix_length
from suyuan.rfid.selectors.ranges import ranges_of_order
from suyuan.rfid.values import ITEM_SCHEMES, UNIT_SCHEMES, Tag

_BLOCK: Final = 16_384
_DIGITS: Final = 24  # hexadecimal digits of 96 bits
_HEADINGS: Final = ("no", "gtin", "serial", "tag_serial", "epc_hex", "epc_uri", "bits")


def tag_hexes(made: TagRange, first: int = 0, count: int | None = None) -> list[str]:
    """Return the EPC memory of `count` tags from the range's `first`, counted within the range.

    Whole 16-bit words in upper-case hexadecimal, as printer-encoders write them. A range beyond
    the tag range is cut.
    """
    size = _size(made, first, count)
    if made.serial_start is None:
        start = made.order.start + made.first + first
        return write_own(
            issuing.space_of(made.order).serial_range(start, size),
            gtin=made.order.product.gtin,
            scheme=made.tag_scheme,
            filter_value=made.filter,
            prefix=made.prefix_length,
        )
    tags = sgtin96_range(
        made.order.product.gtin,
        made.serial_start + first,
        size,
        filter_value=made.filter,
        prefix=made.prefix_length or 0,
    )
    text = hex_lines(tags, ending=b"").decode()
    return [text[at : at + _DIGITS] for at in range(0, len(text), _DIGITS)]


def order_tag_hexes(order: CodeOrder, first: int = 0, count: int | None = None) -> list[str]:
    """Return the EPC memory of the tags of an order's items, "" for items without a tag.

    Args:
        order: With its product.
        first: Position within the order, from 0.
        count: How many; None takes all that follow. A range beyond the order is cut.
    """
    size = max(0, order.count - first if count is None else min(count, order.count - first))
    found = [""] * size
    for made in ranges_of_order(order):
        start, end = max(first, made.first), min(first + size, made.end)
        if start < end:
            found[start - first : end - first] = tag_hexes(made, start - made.first, end - start)
    return found


def tags(made: TagRange, first: int = 0, count: int = 1) -> list[Tag]:
    """Return `count` tags from the range's `first`, with what they stand for and say."""
    size = _size(made, first, count)
    gtin, scheme = made.order.product.gtin, made.tag_scheme
    found = []
    hexes = tag_hexes(made, first, size)
    for at, (serial, text) in enumerate(zip(_serials(made, first, size), hexes, strict=True)):
        item = Identity(Scheme.SGTIN, gtin, serial)
        said = item
        if made.serial_start is not None:
            said = Identity(Scheme.SGTIN, gtin, str(made.serial_start + first + at))
        epc = TagEpc(said, scheme, made.filter, made.prefix_length)
        found.append(Tag(made.first + first + at, item, epc, text))
    return found


def tags_of_items(order: CodeOrder, positions: Sequence[int]) -> dict[int, Tag]:
    """Return the tags of items at positions of an order; items without a tag are left out."""
    return {
        position: tags(made, position - made.first)[0]
        for made in ranges_of_order(order)
        for position in positions
        if made.first <= position < made.end
    }


def tag_of_item(organisation_id: int, item: Identity) -> Tag | None:
    """Return the tag that a range gave an item, None if none did."""
    if item.scheme is not Scheme.SGTIN:
        return None
    order = issuing.issued_order(
        organisation_id=organisation_id, gtin=item.primary, serial=item.secondary
    )
    if order is None:
        return None
    position = int(issuing.positions_of(order, [item.secondary])[0])
    return tags_of_items(order, [position]).get(position)


def _size(made: TagRange, first: int, count: int | None) -> int:
    left = made.count - first
    return max(0, left if count is None else min(count, left))


def _serials(made: TagRange, first: int, count: int) -> list[str]:
    return issuing.serials(made.order, first=made.first + first, count=count)


def stream_tags(made: TagRange) -> Iterator[bytes]:
    """Yield a range's tags as a CSV table for encoders, without codes that were withdrawn.

    Columns: number within the order from 1, GTIN, the item's serial, the tag's own, EPC memory
    in hexadecimal, EPC URI, bits.
    """
    return csv_lines(_rows(made))


def _rows(made: TagRange) -> Iterator[Sequence[object]]:
    yield _HEADINGS
    gone = issuing.withdrawn(made.order)
    for first in range(0, made.count, _BLOCK):
        for tag in tags(made, first, _BLOCK):
            if tag.position in gone:
                continue
            own = tag.epc.identity.secondary if made.serial_start is not None else ""
            yield (
                tag.position + 1,
                tag.item.primary,
                tag.item.secondary,
                own,
                tag.hex,
                uri_of(tag.epc),
                len(tag.hex) * 4,
            )


def uri_of(epc: TagEpc) -> str:
    """Return the EPC as text: its tag URN, or the link where the standard has no URN."""
    return epc.identity.digital_link() if epc.scheme.is_plus else epc.tag_urn()


@dataclass(frozen=True, slots=True)
class Written:
    """An identity in one scheme: written, or why it cannot be."""

    scheme: TagScheme
    hex: str = ""
    bits: int = 0
    uri: str = ""
    fault: tuple[str, dict[str, str]] | None = None


def hexes_of(
    organisation_id: int,
    identity: Identity,
    *,
    filter: int = 0,  # noqa: A002 - the standard's word
    given_length: int | None = None,
) -> list[Written]:
    """Return an item or a logistic unit in each scheme that is for it."""
    known = prefix_length(organisation_id, identity)
    length = known.digits if known else given_length
    schemes = UNIT_SCHEMES if identity.scheme is Scheme.SSCC else ITEM_SCHEMES
    found = []
    for scheme in schemes:
        try:
            epc = encode(identity, scheme=scheme, filter=filter, prefix_length=length)
        except IdentifierError as error:
            found.append(Written(scheme, fault=(error.code, error.data)))
            continue
        said = TagEpc(identity, scheme, filter, None if scheme.is_plus else length)
        found.append(Written(scheme, epc.memory, epc.bits, uri_of(said)))
    return found


def unit_tag(
    organisation_id: int,
    identity: Identity,
    *,
    scheme: TagScheme = TagScheme.SSCC_96,
    filter: int = 0,  # noqa: A002 - the standard's word
    given_length: int | None = None,
) -> str:
    """Return the EPC memory of a logistic unit's tag, as `tag_hexes` does of items.

    Raises:
        TagPrefixUnknown: the company prefix is not ours, and no length is given.
        IdentifierError: the scheme cannot hold it.
    """
    length = None
    if not scheme.is_plus:
        length = required_prefix_length(organisation_id, identity, given_length).digits
    return encode(identity, scheme=scheme, filter=filter, prefix_length=length).memory
