"""Turn a scope into the rows that a case keeps: a version, and its groups.

Owns: `ScopeVersion` and `ScopeGroup` rows.
Invariant: the items of all PLACE groups together are the version's items.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final

from suyuan.capture import identities
from suyuan.core.identifiers import Identity, Scheme
from suyuan.core.keyset import KeySet
from suyuan.lineage import selectors as lineage
from suyuan.lineage.genealogy import Lots
from suyuan.lineage.values import Place, Scope, Shipment
from suyuan.recalls.details import details_of
from suyuan.recalls.digest import version_digest
from suyuan.recalls.models import GroupKind, RecallCase, ScopeGroup, ScopeVersion
from suyuan.recalls.summary import is_graded, summarise
from suyuan.recalls.transactions import order_number, waybill_number
from suyuan.tenancy.actor import Actor

VERSION_FIELDS: Final = (
    *("version", "frozen_at", "at_seq", "items", "item_count", "summary", "digest", "took_ms"),
)
"""What a case shows of the version that is in force."""

_BATCH = 500
_LONGEST_NUMBER = 120
_LONGEST_TEXT = 300
_MOST_ORIGINS = 1_000  # lots of single items; beyond, their rows say no lot


@dataclass(frozen=True, slots=True)
class Taken:
    """A scope, who asked for it, and how long the answer took."""

    scope: Scope
    at: datetime
    took_ms: int


def freeze(*, actor: Actor, case: RecallCase, taken: Taken, number: int, why: str) -> ScopeVersion:
    """Store a scope as version `number` of a case that is stored, in the caller's transaction."""
    scope = taken.scope
    before, items = case.item_keys if number > 1 else KeySet(), scope.items
    version = ScopeVersion(
        organisation_id=case.organisation_id,
        case_id=case.id,
        version=number,
        frozen_at=taken.at,
        frozen_by=actor.name,
        frozen_by_user=actor.behind,
        at_seq=scope.at_seq,
        items=items.to_bytes(),
        item_count=len(items),
        added=len(items - before),
        removed=len(before - items),
        summary=summarise(scope).to_json(),
        details=details_of(case.organisation_id, scope).to_json(),
        took_ms=taken.took_ms,
        why=why,
    )
    groups = list(_groups(case, number, scope))
    ScopeGroup.objects.bulk_create(groups, batch_size=_BATCH)
    version.digest = version_digest(case, version, groups)
    version.save(force_insert=True)
    return version


def put_in_force(case: RecallCase, version: ScopeVersion) -> None:
    """Let a case show a version; the caller saves the case."""
    for name in VERSION_FIELDS:
        setattr(case, name, getattr(version, name))


def _groups(case: RecallCase, number: int, scope: Scope) -> Iterator[ScopeGroup]:
    """Yield the groups in order of kind and position."""
    graded = is_graded(scope)
    rows: Iterable[ScopeGroup] = chain(
        _lots(case, scope),
        (_place(case, n, place, graded=graded) for n, place in enumerate(scope.places)),
        (_shipment(case, n, one, graded=graded) for n, one in enumerate(scope.shipments)),
    )
    for row in rows:
        row.version = number
        yield row


def _row(case: RecallCase, kind: GroupKind, position: int, items: KeySet) -> ScopeGroup:
    return ScopeGroup(
        organisation_id=case.organisation_id,
        case_id=case.id,
        kind=kind.value,
        position=position,
        item_count=len(items),
        items=items.to_bytes(),
    )


def _lots(case: RecallCase, scope: Scope) -> Iterator[ScopeGroup]:
    rest = scope.items
    born = Lots(case.organisation_id).births([node.key for node in scope.lots])
    for position, node in enumerate(scope.lots):
        items = scope.items & born.get(node.key, KeySet())
        row = _row(case, GroupKind.LOT, position, items)
        row.unit, row.depth = _text(node.identity), node.depth
        rest -= items
        yield row
    yield from _origins(case, rest)


def _origins(case: RecallCase, rest: KeySet) -> Iterator[ScopeGroup]:
    """Group items that are affected for themselves by the lots that they belong to."""
    for position in range(_MOST_ORIGINS):
        if not rest:
            return
        first = next(iter(rest))
        lot = _lot_of(case.organisation_id, first)
        items, name = KeySet([first]), ""
        if lot is not None:
            name = _text(lot)
            key = identities.find_key(case.organisation_id, lot)
            if key is not None:
                members = lineage.lot_items(organisation_id=case.organisation_id, key=key)
                items = (rest & members) | items
        row = _row(case, GroupKind.ORIGIN, position, items)
        row.unit = name
        rest -= items
        yield row


def _lot_of(organisation_id: int, key: int) -> Identity | None:
    lots = lineage.history(organisation_id=organisation_id, key=key).lots
    return next((lot for lot in lots if lot.scheme is Scheme.LGTIN), None)


def _place(case: RecallCase, position: int, place: Place, *, graded: bool) -> ScopeGroup:
    row = _row(case, GroupKind.PLACE, position, place.items)
    row.whereabouts, row.place = place.whereabouts.value, place.location[:_LONGEST_TEXT]
    row.certainty = place.certainty.value if graded else ""
    return row


def _shipment(case: RecallCase, position: int, one: Shipment, *, graded: bool) -> ScopeGroup:
    row = _row(case, GroupKind.SHIPMENT, position, one.items)
    row.whereabouts, row.place = one.whereabouts.value, one.destination[:_LONGEST_TEXT]
    row.unit = "" if one.unit is None else _text(one.unit)
    row.waybill = waybill_number(one.transactions)[:_LONGEST_NUMBER]
    row.order_number = order_number(one.transactions)[:_LONGEST_NUMBER]
    row.certainty = one.certainty.value if graded else ""
    row.time = one.time
    return row


def _text(identity: Identity) -> str:
    return identity.digital_link()[:_LONGEST_TEXT]
