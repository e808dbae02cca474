"""What the standard's text demands of each type of event, beyond shapes.

Owns: the rules, each a function that returns (code, place) of its fault, or None.
Source: EPCIS 2.0 §7.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from suyuan.core.epcis.event import Event
from suyuan.core.epcis.vocabulary import Action, EventType
from suyuan.core.identifiers import Identity, Scheme, parse_stem

# More than any trade knows; a number without end is none.
MOST_QUANTITY: Final = 1e15


def _needs_objects(event: Event, raw: Mapping[str, Any]) -> tuple[str, str] | None:
    sensors = raw.get("sensorElementList") and raw.get("readPoint")
    if "epcList" in raw or raw.get("quantityList") or sensors:
        return None
    if event.type is EventType.TransactionEvent and event.action is Action.DELETE:
        return None
    return "objects_missing", "/epcList"


def _ilmd_only_at_birth(event: Event, raw: Mapping[str, Any]) -> tuple[str, str] | None:
    born = event.action is Action.ADD or event.type is EventType.TransformationEvent
    return ("ilmd_without_add", "/ilmd") if "ilmd" in raw and not born else None


def _needs_parent(event: Event, raw: Mapping[str, Any]) -> tuple[str, str] | None:
    if raw.get("parentID") or event.action is Action.OBSERVE:
        return None
    return "parent_missing", "/parentID"


def _needs_children(event: Event, raw: Mapping[str, Any]) -> tuple[str, str] | None:
    if raw.get("childEPCs") or raw.get("childQuantityList") or event.action is Action.DELETE:
        return None
    return "children_missing", "/childEPCs"


def _parent_is_not_child(event: Event, _raw: Mapping[str, Any]) -> tuple[str, str] | None:
    """Nothing contains itself, in whatever form its identifier is written."""
    parent = event.parent
    if parent is None:
        return None
    for some in event.lists:
        if parent in some.others.values():
            return "parent_is_child", "/parentID"
        for stem, tails in some.stems.items():
            form = parse_stem(stem)
            if form.scheme is parent.scheme and parent in map(form.identity, tails):
                return "parent_is_child", "/parentID"
    return None


def _parent_is_instance(event: Event, _raw: Mapping[str, Any]) -> tuple[str, str] | None:
    if event.parent is not None and names_a_class(event.parent):
        return "instance_expected", "/parentID"
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


_CLASSES: Final = frozenset({Scheme.GTIN, Scheme.LGTIN, Scheme.GCN})
_SERIALISED: Final = frozenset(
    {Scheme.SGTIN, Scheme.ITIP, Scheme.GRAI, Scheme.GDTI, Scheme.CPI, Scheme.SGCN}
)
_INSTANCES: Final = frozenset({Scheme.SSCC, Scheme.GIAI, Scheme.GSRN, Scheme.GSRNP, Scheme.UPUI})


def names_a_class(identity: Identity) -> bool:
    """Tell whether a key names a class of things, where one of them is asked for."""
    if identity.scheme in _CLASSES:
        return True
    return not identity.secondary and identity.scheme in _SERIALISED


def names_an_instance(identity: Identity) -> bool:
    """Tell whether a key names one thing, where a class is asked for."""
    if identity.scheme in _INSTANCES:
        return True
    return bool(identity.secondary) and identity.scheme in _SERIALISED


def amount_fault(element: Mapping[str, Any]) -> str:
    """Return the code of what is wrong with a quantity, "" if nothing is (EPCIS 2.0 §7.3.3.3)."""
    number = element.get("quantity")
    if number is None:
        return "quantity_missing" if "uom" in element else ""
    if not 0 < number < MOST_QUANTITY:
        return "quantity_range"
    # Without a unit it counts things.
    return "" if "uom" in element or number == int(number) else "quantity_not_whole"


RULES: Final = {
    EventType.ObjectEvent: (_needs_objects, _ilmd_only_at_birth),
    EventType.AggregationEvent: (
        _needs_parent,
        _needs_children,
        _parent_is_not_child,
        _parent_is_instance,
    ),
    EventType.TransactionEvent: (_needs_transactions, _needs_objects, _parent_is_instance),
    EventType.TransformationEvent: (_needs_both_sides,),
    EventType.AssociationEvent: (_needs_children, _parent_is_not_child, _parent_is_instance),
}
