"""Which of an event's business transactions is the order, and which the waybill.

Owns: the table of types, and the short form of a transaction's identifier.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from suyuan.core.identifiers import IdentifierError, percent_decode
from suyuan.lineage.values import Transaction

# The likeliest first: a parcel's waybill says more than the despatch advice of its pallet.
ORDER_TYPES: Final = ("po", "order")
WAYBILL_TYPES: Final = ("bol", "waybill", "desadv")


def order_number(transactions: Sequence[Transaction]) -> str:
    """Return the shop's order number, "" if none is named."""
    return _first(transactions, ORDER_TYPES)


def waybill_number(transactions: Sequence[Transaction]) -> str:
    """Return the waybill's number, "" if none is named."""
    return _first(transactions, WAYBILL_TYPES)


def _first(transactions: Sequence[Transaction], types: Sequence[str]) -> str:
    return next((short(t.id) for type_ in types for t in transactions if t.type == type_), "")


def short(identifier: str) -> str:
    """Return what a person calls a transaction: a URN's last part, anything else as it is.

    `urn:epcglobal:cbv:bt:<GLN>:<number>` (CBV 2.0 §8.5) and an organisation's own
    `urn:…:order:<number>` both end with the number.
    """
    if not identifier.startswith("urn:"):
        return identifier
    last = identifier.rsplit(":", 1)[-1]
    try:
        return percent_decode(last)
    except IdentifierError:
        return last
