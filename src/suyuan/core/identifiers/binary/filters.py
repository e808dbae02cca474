"""What filter values mean, by what they stand on (TDS 2.3, §10)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from suyuan.core.identifiers.schemes import Scheme


class FilterMeaning(StrEnum):
    """What a filter value says of the object."""

    ALL_OTHERS = "all_others"
    ITEM = "item"  # a trade item as it is sold at a till
    CASE = "case"  # a full case for transport
    INNER_PACK = "inner_pack"
    UNIT_LOAD = "unit_load"  # a pallet or another load carrier
    COMPONENT = "component"  # inside an item, not sold on its own
    RAIL_VEHICLE = "rail_vehicle"
    TRAVEL_DOCUMENT = "travel_document"
    RESERVED = "reserved"


_OF: Final[Mapping[Scheme, Mapping[int, FilterMeaning]]] = MappingProxyType(
    {
        Scheme.SGTIN: {
            1: FilterMeaning.ITEM,
            2: FilterMeaning.CASE,
            4: FilterMeaning.INNER_PACK,
            6: FilterMeaning.UNIT_LOAD,
            7: FilterMeaning.COMPONENT,
        },
        Scheme.SSCC: {2: FilterMeaning.CASE, 6: FilterMeaning.UNIT_LOAD},
        Scheme.GIAI: {1: FilterMeaning.RAIL_VEHICLE},
        Scheme.GDTI: {1: FilterMeaning.TRAVEL_DOCUMENT},
    }
)


def filter_meaning(scheme: Scheme, value: int) -> FilterMeaning:
    """Return what a filter value means on an EPC that identifies `scheme`."""
    if value == 0:
        return FilterMeaning.ALL_OTHERS
    return _OF.get(scheme, {}).get(value, FilterMeaning.RESERVED)


def filters_of(scheme: Scheme) -> tuple[int, ...]:
    """Return the filter values that may be written on such an EPC: all but the reserved ones."""
    return tuple(
        value for value in range(8) if filter_meaning(scheme, value) is not FilterMeaning.RESERVED
    )
