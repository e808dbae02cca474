"""Verbs that issue; each is one transaction with its audit row."""

from suyuan.issuing.services.commissioning import commission
from suyuan.issuing.services.lots import open_lot
from suyuan.issuing.services.orders import download_codes, order_codes, rotate_key
from suyuan.issuing.services.packing import pack_order
from suyuan.issuing.services.units import next_sscc

__all__ = [
    "commission",
    "download_codes",
    "next_sscc",
    "open_lot",
    "order_codes",
    "pack_order",
    "rotate_key",
]
