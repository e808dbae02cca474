"""Tell everybody that goods are recalled, or no longer: events with `recalled`, or `conformant`.

Owns: the shape of these events, and what a case holds.
The scanner, the consumer's page and the dispatch check read them through lineage like any other
state; no domain is told by a call.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

from suyuan.capture import services as capture
from suyuan.core.epcis import build
from suyuan.core.identifiers import IdentifierError, parse_identity
from suyuan.core.keyset import KeySet
from suyuan.kernel import clock
from suyuan.lineage.recalled import CASE_FIELD
from suyuan.lineage.values import Whereabouts
from suyuan.masterdata import selectors as masterdata
from suyuan.recalls.models import GroupKind, RecallCase, ScopeGroup
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

SOURCE: Final = "recalls"
_MOST_ITEMS: Final = 1_000_000  # of one event
# What a proposal may hold before anybody approved it: a buyer must not be told yet.
_AT_HAND: Final = (
    Whereabouts.IN_HOUSE,
    Whereabouts.IN_TRANSIT,
    Whereabouts.RETURNED,
    Whereabouts.NOT_SEEN,
)


def hold_all(*, actor: Actor, case: RecallCase) -> None:
    """Mark all goods of the version in force that are not marked yet; the caller saves the case."""
    _hold(actor, case, case.item_keys - case.held_keys, _lots(case, case.version))


def hold_at_hand(*, actor: Actor, case: RecallCase, version: int) -> None:
    """Mark what is in house or on its way, and material; the caller saves the case.

    Lots of products are not marked: the page of every item of theirs would tell of a recall.
    """
    items = KeySet()
    for row in _rows(case, version, GroupKind.PLACE).filter(whereabouts__in=_AT_HAND):
        items |= row.item_keys
    lots = _lots(case, version)
    _hold(actor, case, items - case.held_keys, _materials(case.organisation_id, lots))


def release(*, actor: Actor, case: RecallCase, items: KeySet, lots: Sequence[str]) -> KeySet:
    """Clear goods that no other case holds; return them. The caller saves the case.

    A closed case still holds its goods: what was bad does not become good.
    """
    capture.take_turn(case.organisation_id)  # another case may be taking hold in this instant
    others = RecallCase.objects.filter(organisation_id=case.organisation_id).exclude(id=case.id)
    given = [lot for lot in case.held_lots if lot in set(lots)]
    held, free, named = items & case.held_keys, items & case.held_keys, list(given)
    for other in others.only("organisation_id", "id", "held", "held_lots"):
        free -= other.held_keys
        named = [lot for lot in named if lot not in other.held_lots]
    _capture(actor, case, "inspecting", "conformant", free, named)
    _note(case, case.held_keys - held, [lot for lot in case.held_lots if lot not in given])
    return free


def _hold(actor: Actor, case: RecallCase, items: KeySet, lots: Sequence[str]) -> None:
    # Its time is to be later than that of a release by another case in the same instant.
    capture.take_turn(case.organisation_id)
    fresh = [lot for lot in lots if lot not in case.held_lots]
    _capture(actor, case, "holding", "recalled", items, fresh)
    _note(case, case.held_keys | items, [*case.held_lots, *fresh])


def _note(case: RecallCase, items: KeySet, lots: Sequence[str]) -> None:
    case.held, case.held_count, case.held_lots = items.to_bytes(), len(items), list(lots)


def _rows(case: RecallCase, version: int, kind: GroupKind) -> Any:
    return ScopeGroup.objects.filter(
        organisation_id=case.organisation_id, case_id=case.id, version=version, kind=kind
    ).order_by("position")


def _lots(case: RecallCase, version: int) -> list[str]:
    rows = _rows(case, version, GroupKind.LOT).values_list("unit", flat=True)
    return list(dict.fromkeys(rows))


def _materials(organisation_id: int, lots: Sequence[str]) -> list[str]:
    """Return those of some lots that are of a material and of no product."""
    gtins = {lot: gtin for lot in lots if (gtin := _gtin(lot))}
    materials = masterdata.materials_by_gtin(organisation_id, gtins.values())
    products = masterdata.products_by_gtin(organisation_id, gtins.values())
    return [lot for lot, gtin in gtins.items() if gtin in materials and gtin not in products]


def _gtin(lot: str) -> str:
    try:
        return parse_identity(lot).primary
    except IdentifierError:  # a class that is named by a URI
        return ""


def mark_beyond_reach(*, actor: Actor, case: RecallCase, items: KeySet, why: str) -> None:
    """Capture that nobody will get these goods back, though they were not seen to be destroyed."""
    extensions = {CASE_FIELD: case.number, "suyuan:why": why}
    event = build.object_event(
        time=clock.now(),
        action="OBSERVE",
        step="other",
        disposition="unknown",
        event_id=f"urn:uuid:{uuid4()}",
        extensions={name: value for name, value in extensions.items() if value},
    )
    for part in _parts(items):
        capture.capture_keys(actor=_capturer(actor), event=event, items=part, source=SOURCE)
        event = {**event, "eventID": f"urn:uuid:{uuid4()}"}


def _capture(
    actor: Actor, case: RecallCase, step: str, disposition: str, items: KeySet, lots: Sequence[str]
) -> None:
    """Capture a mark of items and lots: one event, unless there are more than a million items."""
    quantities = [build.quantity(lot) for lot in lots]
    if not items:
        if quantities:
            event = _event(case, step, disposition, quantities)
            capture.capture_events(actor=_capturer(actor), events=[event], source=SOURCE)
        return
    for part in _parts(items):
        event = _event(case, step, disposition, quantities)
        capture.capture_keys(actor=_capturer(actor), event=event, items=part, source=SOURCE)
        quantities = []  # a lot is marked once


def _capturer(actor: Actor) -> Actor:
    """Let whoever may act on a recall mark goods by it, though not capture anything else."""
    return replace(actor, rights=actor.rights | {Right.EVENTS_CAPTURE})


def _event(
    case: RecallCase, step: str, disposition: str, quantities: list[dict[str, Any]]
) -> dict[str, Any]:
    return build.object_event(
        time=clock.now(),
        action="OBSERVE",
        quantities=quantities,
        step=step,
        disposition=disposition,
        event_id=f"urn:uuid:{uuid4()}",
        extensions={CASE_FIELD: case.number},
    )


def _parts(items: KeySet) -> Iterator[KeySet]:
    if len(items) <= _MOST_ITEMS:
        if items:
            yield items
        return
    keys = items.to_array()
    for at in range(0, keys.size, _MOST_ITEMS):
        yield KeySet.from_array(keys[at : at + _MOST_ITEMS])
