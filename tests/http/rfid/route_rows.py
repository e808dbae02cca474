"""What the walk of routes needs for RFID (`tests/http/routes.py`)."""

from __future__ import annotations

from typing import Any

from suyuan.issuing.services import order_codes
from suyuan.masterdata.services import create_product
from suyuan.rfid.services import assign_tags


def _range(world: Any) -> dict[str, object]:
    gtin = create_product(actor=world.actor, name_zh="走查", granularity="item").gtin
    order = order_codes(actor=world.actor, gtin=gtin, count=2)
    return {"number": assign_tags(actor=world.actor, order_number=order.number).number}


ARGUMENTS = {
    "rfid:range": _range,
    "rfid:end": _range,
    "rfid:download": _range,
    "api:tag_range": _range,
    "api:end_tag_range": _range,
    "api:tags_of_range": _range,
    "api:download_tags": _range,
}
