"""The shapes of the five event types: what `msgspec` checks, at C speed.

Owns: names, types and requiredness of the standard's fields.
Does not own: what types cannot say (read).

Extension fields (`prefix:name`) stay in the document and are not named here.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

_NAMES: Final = {
    "event_id": "eventID",
    "parent_id": "parentID",
    "child_epcs": "childEPCs",
    "input_epc_list": "inputEPCList",
    "output_epc_list": "outputEPCList",
    "transformation_id": "transformationID",
    "corrective_event_ids": "correctiveEventIDs",
    "device_id": "deviceID",
}


def _spelled(name: str) -> str:
    """Return the standard's spelling of a field."""
    if name in _NAMES:
        return _NAMES[name]
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


type ActionWord = Literal["ADD", "OBSERVE", "DELETE"]
type Offset = Annotated[
    str, Meta(pattern=r"^[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)$", max_length=6)
]
type Amount = int | float


class Quantity(Struct, rename=_spelled, forbid_unknown_fields=True):
    """An amount of a class of objects."""

    epc_class: str
    quantity: Amount | UnsetType = UNSET
    uom: Annotated[str, Meta(pattern="^[A-Z0-9]{2,3}$")] | UnsetType = UNSET


class Place(Struct):
    """A read point or business location; may carry extensions."""

    id: str


class Transaction(Struct, rename=_spelled, forbid_unknown_fields=True):
    """A business transaction."""

    biz_transaction: str
    type: str = ""


class Source(Struct, forbid_unknown_fields=True):
    """Where from."""

    type: str
    source: str


class Destination(Struct, forbid_unknown_fields=True):
    """Where to."""

    type: str
    destination: str


class ErrorDeclaration(Struct, rename=_spelled):
    """Says that the event of this ID did not happen as told."""

    declaration_time: str
    reason: str = ""
    corrective_event_ids: list[str] = []


class PersistentDisposition(Struct, forbid_unknown_fields=True):
    """Dispositions that last beyond the event."""

    set: Annotated[list[str], Meta(min_length=1)] | UnsetType = UNSET
    unset: Annotated[list[str], Meta(min_length=1)] | UnsetType = UNSET


class SensorMetadata(Struct, rename=_spelled):
    """Which device said so, when, and how."""

    time: str = ""
    start_time: str = ""
    end_time: str = ""
    device_id: str = ""
    device_metadata: str = ""
    raw_data: str = ""
    data_processing_method: str = ""
    biz_rules: str = ""


class SensorReport(Struct, rename=_spelled):
    """One reading."""

    type: str = ""
    exception: str = ""
    component: str = ""
    time: str = ""
    device_id: str = ""
    value: Amount | UnsetType = UNSET
    min_value: Amount | UnsetType = UNSET
    max_value: Amount | UnsetType = UNSET
    mean_value: Amount | UnsetType = UNSET
    s_dev: Amount | UnsetType = UNSET
    perc_rank: Amount | UnsetType = UNSET
    perc_value: Amount | UnsetType = UNSET
    string_value: str | UnsetType = UNSET
    boolean_value: bool | UnsetType = UNSET
    hex_binary_value: str | UnsetType = UNSET
    uom: str | UnsetType = UNSET


class SensorElement(Struct, rename=_spelled):
    """Readings with what they were read by."""

    sensor_report: Annotated[list[SensorReport], Meta(min_length=1)]
    sensor_metadata: SensorMetadata | UnsetType = UNSET


class _Common(Struct, rename=_spelled, tag_field="type", kw_only=True):
    """What every event has."""

    event_time: str
    event_time_zone_offset: Offset
    record_time: str = ""
    event_id: str = ""
    certification_info: str | list[str] | UnsetType = UNSET
    error_declaration: ErrorDeclaration | UnsetType = UNSET
    biz_step: str = ""
    disposition: str = ""
    persistent_disposition: PersistentDisposition | UnsetType = UNSET
    read_point: Place | UnsetType = UNSET
    biz_location: Place | UnsetType = UNSET
    biz_transaction_list: list[Transaction] = []
    source_list: list[Source] = []
    destination_list: list[Destination] = []
    sensor_element_list: list[SensorElement] = []


class ObjectEvent(_Common, tag="ObjectEvent"):
    """Something happened to objects."""

    action: ActionWord
    epc_list: list[str] | UnsetType = UNSET
    quantity_list: list[Quantity] = []
    ilmd: dict[str, object] | UnsetType = UNSET


class AggregationEvent(_Common, tag="AggregationEvent"):
    """Objects were put into, or taken out of, a container."""

    action: ActionWord
    parent_id: str = ""
    child_epcs: list[str] = []
    child_quantity_list: list[Quantity] = []


class TransactionEvent(_Common, tag="TransactionEvent"):
    """Objects became, or ceased to be, part of business transactions."""

    action: ActionWord
    parent_id: str = ""
    epc_list: list[str] | UnsetType = UNSET
    quantity_list: list[Quantity] = []


class TransformationEvent(_Common, tag="TransformationEvent"):
    """Inputs were used up, outputs came to be."""

    transformation_id: str = ""
    input_epc_list: list[str] = []
    input_quantity_list: list[Quantity] = []
    output_epc_list: list[str] = []
    output_quantity_list: list[Quantity] = []
    ilmd: dict[str, object] | UnsetType = UNSET


class AssociationEvent(_Common, tag="AssociationEvent"):
    """Objects were fixed to, or taken off, another object."""

    action: ActionWord
    parent_id: str
    child_epcs: list[str] = []
    child_quantity_list: list[Quantity] = []


type AnyEvent = (
    ObjectEvent | AggregationEvent | TransactionEvent | TransformationEvent | AssociationEvent
)

_CLASSES: Final = (
    ObjectEvent,
    AggregationEvent,
    TransactionEvent,
    TransformationEvent,
    AssociationEvent,
)
# One class converts six times as fast as the union of them, which is made anew for each event.
CLASSES: Final[dict[str, object]] = {cls.__name__: cls for cls in _CLASSES}
# Only two types may carry a persistent disposition or not; every type may carry a context.
FIELDS: Final[dict[str, frozenset[str]]] = {
    cls.__name__: frozenset(f.encode_name for f in msgspec.structs.fields(cls))
    | {"type", "@context"}
    for cls in _CLASSES
}
