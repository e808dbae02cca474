"""Verbs that write masterdata; each is one transaction with its audit row.

Rights: `masterdata.edit`; a lot may also be opened by who may capture events and see masterdata,
because opening a lot is a production line's or a receiving dock's work.
"""

from suyuan.masterdata.services.lots import (
    create_lot,
    create_material_lot,
    update_lot,
    update_material_lot,
)
from suyuan.masterdata.services.materials import create_material, update_material
from suyuan.masterdata.services.pictures import add_picture, move_picture, remove_picture
from suyuan.masterdata.services.places import (
    create_location,
    create_party,
    update_location,
    update_party,
)
from suyuan.masterdata.services.products import create_product, mark_codes_issued, update_product

__all__ = [
    "add_picture",
    "create_location",
    "create_lot",
    "create_material",
    "create_material_lot",
    "create_party",
    "create_product",
    "mark_codes_issued",
    "move_picture",
    "remove_picture",
    "update_location",
    "update_lot",
    "update_material",
    "update_material_lot",
    "update_party",
    "update_product",
]
