"""Verbs that issue; each is one transaction with its audit row."""

from suyuan.issuing.services.allotting import allot, release_allotment
from suyuan.issuing.services.commissioning import commission
from suyuan.issuing.services.lots import open_lot
from suyuan.issuing.services.orders import download_codes, order_codes, rotate_key
from suyuan.issuing.services.packing import pack_order
from suyuan.issuing.services.pictures import (
    Drawn,
    Wanted,
    download_picture,
    draw_code,
    picture_file,
    usual_symbology,
)
from suyuan.issuing.services.set_activation import activate_set, activate_sets, begin_activation
from suyuan.issuing.services.sets import cancel_sets, download_set_labels, plan_sets
from suyuan.issuing.services.units import next_sscc
from suyuan.issuing.services.withdrawing import withdraw_codes

__all__ = [
    "Drawn",
    "Wanted",
    "activate_set",
    "activate_sets",
    "allot",
    "begin_activation",
    "cancel_sets",
    "commission",
    "download_codes",
    "download_picture",
    "download_set_labels",
    "draw_code",
    "next_sscc",
    "open_lot",
    "order_codes",
    "pack_order",
    "picture_file",
    "plan_sets",
    "release_allotment",
    "rotate_key",
    "usual_symbology",
    "withdraw_codes",
]
