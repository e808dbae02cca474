"""The hidden (inner) codes of an order: derived, nowhere stored.

Owns: their texts by position, and the download that has them.
Does not own: the key (masterdata.numbering), how a code follows from a serial (core.codespace),
who has opened one (verification.reveals).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from suyuan.core.codespace import INNER_LENGTH, SERIAL_LENGTH
from suyuan.core.codespace import inner_codes as derive
from suyuan.issuing.errors import NoInnerCodes
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.selectors.codes import Form, space_of, table_row
from suyuan.kernel.tabular import csv_lines
from suyuan.masterdata import numbering

type Download = Form | Literal["inner"]
"""What a download of an order holds: `inner` is a table that has the hidden codes too."""

_BLOCK: Final = 65_536


def inner_codes(order: CodeOrder, first: int = 0, count: int = 1) -> list[str]:
    """Return `count` hidden codes from the order's `first`; a range beyond the order is cut.

    Two queries, whatever `count`; half a million a second.

    Args:
        order: With its product.
        first: Position within the order, from 0.
        count: How many.

    Raises:
        NoInnerCodes: the product's labels have none.
    """
    count = max(0, min(count, order.count - first))
    _serials, codes = _block(order, inner_key(order), first, count)
    found: list[str] = codes.astype("U").tolist()
    return found


def inner_key(order: CodeOrder) -> bytes:
    """Return the key that an order's hidden codes follow from.

    Raises:
        NoInnerCodes: the product's labels have none.
    """
    product = order.product
    if not product.has_inner_codes:
        raise NoInnerCodes(gtin=product.gtin)
    return numbering.inner_key(order.organisation_id, product.gtin, order.key_version)


def stream_inner_codes(order: CodeOrder, *, base_url: str) -> Iterator[bytes]:
    """Yield an order's codes with the hidden ones as CSV, a block of 65,536 lines at a time.

    Raises:
        NoInnerCodes: the product's labels have none; before the first block.
    """
    return _lines(order, inner_key(order), base_url)


def _lines(order: CodeOrder, key: bytes, base_url: str) -> Iterator[bytes]:
    """Yield a heading, then lines of one width, whose varying parts are written over."""
    gtin, lot = order.product.gtin, order.lot.code if order.lot else ""
    yield b"".join(csv_lines([("gtin", "serial", "link", "inner", "lot", "order")]))
    stem = f"{base_url.rstrip('/')}/01/{gtin}/21/"
    parts = [f"{gtin},", f",{stem}", ",", f",{table_row(lot, order.number)}"]
    widths = [SERIAL_LENGTH, SERIAL_LENGTH, INNER_LENGTH, 0]
    line = b"".join(part.encode() + bytes(width) for part, width in zip(parts, widths, strict=True))
    ends = list(accumulate(len(part.encode()) for part in parts))
    places = [end + sum(widths[:at]) for at, end in enumerate(ends[:3])]
    for at in range(0, order.count, _BLOCK):
        serials, codes = _block(order, key, at, min(_BLOCK, order.count - at))
        block = np.frombuffer(bytearray(line) * len(serials), dtype=np.uint8)
        rows = block.reshape(len(serials), len(line))
        for place, texts in zip(places, (serials, serials, codes), strict=True):
            width = texts.dtype.itemsize
            rows[:, place : place + width] = texts.view(np.uint8).reshape(-1, width)
        yield block.tobytes()


def _block(
    order: CodeOrder, key: bytes, first: int, count: int
) -> tuple[NDArray[np.bytes_], NDArray[np.bytes_]]:
    """Return serials and hidden codes of a range, as bytes."""
    serials = space_of(order).serial_range(order.start + first, count)
    return serials, derive(key=key, gtin=order.product.gtin, serials=serials.tolist())
