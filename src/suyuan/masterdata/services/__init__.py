"""Verbs that write masterdata; each is one transaction with its audit rows.

Each kind has its verbs for one row and for many. Many are all or none, and one is the case of one.

Rights: `masterdata.edit`; a lot may also be opened by who may capture events and see masterdata,
because opening a lot is a production line's or a receiving dock's work.
"""

from suyuan.masterdata.services.lots import (
    create_lot,
    create_lots,
    create_material_lot,
    create_material_lots,
    update_lot,
    update_lots,
    update_material_lot,
    update_material_lots,
)
from suyuan.masterdata.services.materials import (
    create_material,
    create_materials,
    update_material,
    update_materials,
)
from suyuan.masterdata.services.pictures import (
    add_picture,
    move_picture,
    remove_picture,
)
from suyuan.masterdata.services.places import (
    create_location,
    create_locations,
    create_parties,
    create_party,
    update_location,
    update_locations,
    update_parties,
    update_party,
)
from suyuan.masterdata.services.products import (
    create_product,
    create_products,
    mark_codes_issued,
    update_product,
    update_products,
)

__all__ = [
    "add_picture",
    "create_location",
    "create_locations",
    "create_lot",
    "create_lots",
    "create_material",
    "create_material_lot",
    "create_material_lots",
    "create_materials",
    "create_parties",
    "create_party",
    "create_product",
    "create_products",
    "mark_codes_issued",
    "move_picture",
    "remove_picture",
    "update_location",
    "update_locations",
    "update_lot",
    "update_lots",
    "update_material",
    "update_material_lot",
    "update_material_lots",
    "update_materials",
    "update_parties",
    "update_party",
    "update_product",
    "update_products",
]
