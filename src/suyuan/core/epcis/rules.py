"""What the standard's text demands of each type of event, beyond shapes.

Owns: the rules, each a function that returns (code, place) of its fault, or None.
Source: EPCIS 2.0 §7.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from suyuan.core.epcis.event import Event
from suyuan.core.epcis.vocabulary import Action, EventType


def _needs_objects(event: Event, raw: Mapping[str, Any]) -> tuple[str, str] | None:
    sensors = raw.get("sensorElementList") and raw.get("readPoint")
    if "epcList" in raw or raw.get("quantityList") or sensors:
        return None
    if event.type is EventType.TransactionEvent and event.action is Action.DELETE:
        return None
    return "objects_missing", "/epcList"


def _ilmd_only_at_birth(event: Event, raw: Mapping[str, Any]) -> tuple[str, str] | None:
    born = event.action is Action.ADD or event.type is EventType.TransformationEvent
    return ("ilmd_without_add", "/ilmd") if raw.get("ilmd") and not born else None


def _needs_parent(event: Event, raw: Mapping[str, Any]) -> tuple[str, str] | None:
    if raw.get("parentID") or event.action is Action.OBSERVE:
        return None
    return "parent_missing", "/parentID"


def _needs_children(event: Event, raw: Mapping[str, Any]) -> tuple[str, str] | None:
    if raw.get("childEPCs") or raw.get("childQuantityList") or event.action is Action.DELETE:
        return None
    return "children_missing", "/childEPCs"


def _parent_is_not_child(_event: Event, raw: Mapping[str, Any]) -> tuple[str, str] | None:
    parent = raw.get("parentID")
    if parent and parent in (raw.get("childEPCs") or ()):
        return "parent_is_child", "/parentID"
    return None


def _needs_transactions(_event: Event, raw: Mapping[str, Any]) -> tuple[str, str] | None:
    return (
        None if raw.get("bizTransactionList") else ("transactions_missing", "/bizTransactionList")
    )


def _needs_both_sides(_event: Event, raw: Mapping[str, Any]) -> tuple[str, str] | None:
    into = raw.get("inputEPCList") or raw.get("inputQuantityList")
    out = raw.get("outputEPCList") or raw.get("outputQuantityList")
    if (into and out) or (raw.get("transformationID") and (into or out)):
        return None
    return (
        ("inputs_missing", "/inputEPCList") if not into else ("outputs_missing", "/outputEPCList")
    )


RULES: Final = {
    EventType.ObjectEvent: (_needs_objects, _ilmd_only_at_birth),
    EventType.AggregationEvent: (_needs_parent, _needs_children, _parent_is_not_child),
    EventType.TransactionEvent: (_needs_transactions, _needs_objects),
    EventType.TransformationEvent: (_needs_both_sides,),
    EventType.AssociationEvent: (_needs_children, _parent_is_not_child),
}
