"""Build events with the standard's own field names.

Owns: the document form of an event that a service wants to capture.
Does not own: whether it is right: capture reads it like any other input.

Times are aware; their offset becomes `eventTimeZoneOffset`. Empty arguments are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

type Pairs = Sequence[tuple[str, str]]


class Common(TypedDict, total=False):
    """What every event may have.

    Attributes:
        step: `bizStep`, a bare CBV word.
        disposition: a bare CBV word.
        read_point: identifier of where it was read.
        location: identifier of where the objects are from then on (`bizLocation`).
        transactions: (type, identifier) of business transactions.
        sources: (type, identifier) of where from.
        destinations: (type, identifier) of where to.
        event_id: a URI; without it the server gives one.
        extensions: fields with a prefix.
    """

    step: str
    disposition: str
    read_point: str
    location: str
    transactions: Pairs
    sources: Pairs
    destinations: Pairs
    event_id: str
    extensions: Mapping[str, Any]


def quantity(epc_class: str, amount: float | None = None, uom: str = "") -> dict[str, Any]:
    """Return a quantity element; `uom` is a UN/CEFACT Rec. 20 code, "" for a count."""
    element: dict[str, Any] = {"epcClass": epc_class}
    if amount is not None:
        element["quantity"] = amount
    if uom:
        element["uom"] = uom
    return element


def object_event(
    *,
    time: datetime,
    action: str,
    epcs: Sequence[str] = (),
    quantities: Sequence[Mapping[str, Any]] = (),
    ilmd: Mapping[str, Any] | None = None,
    **common: Unpack[Common],
) -> dict[str, Any]:
    """Return an ObjectEvent."""
    own = {"action": action, "epcList": list(epcs), "quantityList": list(quantities)}
    return _event("ObjectEvent", time, own, common, ilmd)


def aggregation_event(
    *,
    time: datetime,
    action: str,
    parent: str,
    children: Sequence[str] = (),
    child_quantities: Sequence[Mapping[str, Any]] = (),
    **common: Unpack[Common],
) -> dict[str, Any]:
    """Return an AggregationEvent."""
    own = _family(action, parent, children, child_quantities)
    return _event("AggregationEvent", time, own, common)


def association_event(
    *,
    time: datetime,
    action: str,
    parent: str,
    children: Sequence[str] = (),
    child_quantities: Sequence[Mapping[str, Any]] = (),
    **common: Unpack[Common],
) -> dict[str, Any]:
    """Return an AssociationEvent."""
    own = _family(action, parent, children, child_quantities)
    return _event("AssociationEvent", time, own, common)


def transaction_event(
    *,
    time: datetime,
    action: str,
    epcs: Sequence[str] = (),
    quantities: Sequence[Mapping[str, Any]] = (),
    parent: str = "",
    **common: Unpack[Common],
) -> dict[str, Any]:
    """Return a TransactionEvent; `transactions` is required by the standard."""
    own = {
        "action": action,
        "parentID": parent,
        "epcList": list(epcs),
        "quantityList": list(quantities),
    }
    return _event("TransactionEvent", time, own, common)


def transformation_event(
    *,
    time: datetime,
    inputs: Sequence[str] = (),
    input_quantities: Sequence[Mapping[str, Any]] = (),
    outputs: Sequence[str] = (),
    output_quantities: Sequence[Mapping[str, Any]] = (),
    transformation_id: str = "",
    ilmd: Mapping[str, Any] | None = None,
    **common: Unpack[Common],
) -> dict[str, Any]:
    """Return a TransformationEvent."""
    own = {
        "inputEPCList": list(inputs),
        "inputQuantityList": list(input_quantities),
        "outputEPCList": list(outputs),
        "outputQuantityList": list(output_quantities),
        "transformationID": transformation_id,
    }
    return _event("TransformationEvent", time, own, common, ilmd)


def _family(
    action: str,
    parent: str,
    children: Sequence[str],
    child_quantities: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    return {
        "action": action,
        "parentID": parent,
        "childEPCs": list(children),
        "childQuantityList": list(child_quantities),
    }


def _event(
    kind: str,
    time: datetime,
    own: Mapping[str, Any],
    common: Common,
    ilmd: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    moment = time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    event: dict[str, Any] = {
        "type": kind,
        "eventTime": moment,
        "eventTimeZoneOffset": "+00:00" if moment.endswith("Z") else moment[-6:],
        "eventID": common.get("event_id", ""),
        **own,
        "bizStep": common.get("step", ""),
        "disposition": common.get("disposition", ""),
        "readPoint": _place(common.get("read_point", "")),
        "bizLocation": _place(common.get("location", "")),
        "bizTransactionList": [
            {"type": t, "bizTransaction": v} for t, v in common.get("transactions", ())
        ],
        "sourceList": [{"type": t, "source": v} for t, v in common.get("sources", ())],
        "destinationList": [
            {"type": t, "destination": v} for t, v in common.get("destinations", ())
        ],
        "ilmd": ilmd,
        **common.get("extensions", {}),
    }
    return {name: value for name, value in event.items() if value or value == 0}


def _place(identifier: str) -> dict[str, str] | None:
    return {"id": identifier} if identifier else None
