"""From an order to its serials, and from a serial back to its order.

Owns: the texts of codes, downloads, the look-up by range.
Invariant: a download holds one block of lines in memory, however large the order.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from suyuan.core.codespace import SERIAL_LENGTH, CodeSpace
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.positions import within
from suyuan.issuing.values import ORDER_LIMIT
from suyuan.kernel.errors import NotFound
from suyuan.kernel.lists import select
from suyuan.kernel.tabular import escape
from suyuan.masterdata import numbering

type Form = Literal["csv", "txt", "links"]

EPC_BASE: Final = "https://id.gs1.org"
_BLOCK: Final = 65_536
_BOM: Final = "\ufeff"  # without it spreadsheet programs read Chinese headings as Latin text


def space_of(order: CodeOrder) -> CodeSpace:
    """Return the code space that numbered the order.

    Raises:
        NotFound: the numbering key is not there.
    """
    for space in numbering.code_spaces(order.organisation_id, order.product.gtin):
        if space.version == order.key_version:
            return space
    raise NotFound(kind="serial_key")


def serials(order: CodeOrder, *, first: int = 0, count: int = 1) -> list[str]:
    """Return `count` serials from the order's `first`; a range beyond the order is cut."""
    count = max(0, min(count, order.count - first))
    block = space_of(order).serial_range(order.start + first, count)
    return [text.decode() for text in block.tolist()]


def links(order: CodeOrder, *, first: int = 0, count: int = 1, base: str = EPC_BASE) -> list[str]:
    """Return `count` Digital Links from the order's `first`, as events name the items."""
    stem = f"{base.rstrip('/')}/01/{order.product.gtin}/21/"
    return [stem + serial for serial in serials(order, first=first, count=count)]


def links_but(
    order: CodeOrder, *, first: int, count: int, gone: BitMap, base: str = EPC_BASE
) -> list[str]:
    """Return the links of a range, as `links` does, without those of positions in `gone`."""
    texts = links(order, first=first, count=count, base=base)
    if not gone or not within(gone, first, first + count):
        return texts
    return [text for at, text in enumerate(texts, start=first) if at not in gone]


def positions_of(order: CodeOrder, serials: Sequence[str]) -> NDArray[np.int64]:
    """Return the positions of n serials within an order, -1 for codes that are not its own.

    Args:
        order: With its product.
        serials: As `core.codespace.normalise` gives them.
    """
    indexes = space_of(order).indexes(serials) - order.start
    return np.where((indexes >= 0) & (indexes < order.count), indexes, -1)


def issued_order(*, organisation_id: int, gtin: str, serial: str) -> CodeOrder | None:
    """Return the order that a serial belongs to, with its product and lot, or None.

    A serial decrypts under every key, but a wrong key gives an index below 2**40 only once in
    2**30 serials: so there is one query, on one index, nearly always.

    Args:
        organisation_id: Whose product.
        gtin: 14 digits.
        serial: As `core.codespace.normalise` gives it.
    """
    for space in numbering.code_spaces(organisation_id, gtin):
        index = space.index(serial)
        if index is None:
            continue
        order = (
            CodeOrder.objects.filter(
                organisation_id=organisation_id,
                product__gtin=gtin,
                key_version=space.version,
                start__lte=index,
                start__gt=index - ORDER_LIMIT,
            )
            .select_related("product", "lot")
            .order_by("-start")
            .first()
        )
        if order is not None and index < order.end:
            return order
    return None


def was_issued(*, organisation_id: int, product_id: int, key_version: int, index: int) -> bool:
    """Tell whether an index of a product was issued: one query, no objects.

    The quick path of `issued_order` for those who have decrypted already.
    """
    ends = select(
        "SELECT start + count FROM issuing_codeorder WHERE organisation_id = %s "
        "AND product_id = %s AND key_version = %s AND start <= %s AND start > %s "
        "ORDER BY start DESC LIMIT 1",
        (organisation_id, product_id, key_version, index, index - ORDER_LIMIT),
    )
    return any(index < end for (end,) in ends)


def issued_mask(*, organisation_id: int, gtin: str, serials: Sequence[str]) -> NDArray[np.bool_]:
    """Tell for each of n serials of one product whether it was issued: shape (n,).

    Two queries for each numbering key that reads one of them.
    """
    found = np.zeros(len(serials), dtype=np.bool_)
    for space in numbering.code_spaces(organisation_id, gtin):
        indexes = space.indexes(serials)
        valid = indexes >= 0
        if not valid.any():
            continue
        low, high = int(indexes[valid].min()), int(indexes[valid].max())
        ranges = np.array(
            CodeOrder.objects.filter(
                organisation_id=organisation_id,
                product__gtin=gtin,
                key_version=space.version,
                start__lte=high,
                start__gt=low - ORDER_LIMIT,
            )
            .order_by("start")
            .values_list("start", "count"),
            dtype=np.int64,
        ).reshape(-1, 2)
        if len(ranges):
            at = np.searchsorted(ranges[:, 0], indexes, side="right") - 1
            within = indexes - ranges[at, 0] < ranges[at, 1]
            found |= valid & (at >= 0) & within
    return found


def stream_codes(order: CodeOrder, *, form: Form, base_url: str) -> Iterator[bytes]:
    """Yield an order's codes as lines, a block of 65,536 at a time.

    Args:
        order: With its product and lot.
        form: `txt` gives serials, `links` Digital Links, `csv` a table of GTIN, serial, link,
            lot and order with a heading and a byte order mark.
        base_url: Scheme and host of the links.
    """
    space, gtin = space_of(order), order.product.gtin
    stem = f"{base_url.rstrip('/')}/01/{gtin}/21/"
    if form == "csv":
        yield (_BOM + table_row("gtin", "serial", "link", "lot", "order")).encode()
        prefix, middle = f"{gtin},".encode(), f",{stem}".encode()
        lot = order.lot.code if order.lot else ""
        suffix = middle + bytes(SERIAL_LENGTH) + f",{table_row(lot, order.number)}".encode()
        copy_at = len(prefix) + SERIAL_LENGTH + len(middle)
    else:
        prefix, suffix, copy_at = (stem.encode() if form == "links" else b""), b"\r\n", 0
    for at in range(order.start, order.end, _BLOCK):
        count = min(_BLOCK, order.end - at)
        block = space.text_block(at, count, prefix=prefix, suffix=suffix)
        yield _repeated(block, count, len(prefix), copy_at) if copy_at else block


def _repeated(block: bytes, count: int, serial_at: int, copy_at: int) -> bytes:
    """Write each line's serial a second time into the room left for it."""
    lines = np.frombuffer(bytearray(block), dtype=np.uint8).reshape(count, -1)
    lines[:, copy_at : copy_at + SERIAL_LENGTH] = lines[:, serial_at : serial_at + SERIAL_LENGTH]
    return lines.tobytes()


def table_row(*cells: str) -> str:
    """Return a line of a table, quoted where needed; nothing in it is a formula."""
    out = io.StringIO()
    csv.writer(out).writerow(escape(cell) for cell in cells)
    return out.getvalue()
