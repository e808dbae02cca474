"""Who has affected goods, or was sent some: derived from a case's frozen scope.

Owns: `Recipient`, `recipients_of`, and what a recipient is known by: `party:<code>`,
`order:<number>`, `waybill:<number>`, `unit:<text>` or `complaint:<number>`.

A parcel or consignment that goes to a party is the party's; one that goes to a place of our own is
nobody's: the hold reaches it. Any other was bought by somebody: its order, or waybill, stands for
the buyer. Partners that have goods without serials are told too, of no items.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from suyuan.capture.identities import find_keys
from suyuan.core.identifiers import IdentifierError, Identity, parse_identity
from suyuan.core.keyset import KeySet
from suyuan.lineage.values import Whereabouts
from suyuan.masterdata import selectors as masterdata
from suyuan.masterdata.models import Location, Party
from suyuan.quality.models import Complaint
from suyuan.recalls.details import Details
from suyuan.recalls.models import RecallCase, RecipientKind, ScopeGroup, ScopeVersion
from suyuan.recalls.selectors import lots_of, places_of, shipments_of

# Where a party still has goods, or had them last.
_WITH_PARTIES: Final = (Whereabouts.IN_HOUSE, Whereabouts.SOLD)
# What nobody has to be told of.
_BACK: Final = (Whereabouts.RETURNED, Whereabouts.DESTROYED)


@dataclass(slots=True)
class Recipient:
    """Somebody who is to be told, and of which items."""

    recipient: str  # `Notice.recipient`
    kind: RecipientKind
    items: KeySet
    name: str = ""
    waybill: str = ""
    order_number: str = ""
    destination: str = ""


def recipients_of(case: RecallCase) -> list[Recipient]:
    """Return the recipients of the version in force: partners first, the fullest first."""
    places = _Places(case.organisation_id)
    found: dict[str, Recipient] = {}
    for one in (
        *_at_places(case, places),
        *_in_parcels(case, places),
        *_of_quantities(case, places),
        *_who_complained(case),
    ):
        known = found.setdefault(one.recipient, one)
        if known is not one:
            known.items |= one.items
            known.waybill = known.waybill or one.waybill
    order = list(RecipientKind)
    return sorted(
        found.values(), key=lambda one: (order.index(one.kind), -len(one.items), one.recipient)
    )


class _Places:
    """Whose a place or a destination is, by the text in events."""

    def __init__(self, organisation_id: int) -> None:
        self.locations: dict[str, Location] = masterdata.locations_by_identifier(organisation_id)
        self.parties: dict[str, Party] = masterdata.parties_by_identifier(organisation_id)
        self._by_id = {party.id: party for party in self.parties.values()}

    def party(self, identifier: str) -> Party | None:
        """Return the party that a text names, or whose place it names."""
        if identifier in self.parties:
            return self.parties[identifier]
        location = self.locations.get(identifier)
        return self._by_id.get(location.party_id) if location and location.party_id else None

    def is_own(self, identifier: str) -> bool:
        """Tell whether a text names a place that is nobody else's."""
        return identifier in self.locations and self.party(identifier) is None


def _partner(party: Party, items: KeySet) -> Recipient:
    return Recipient(
        f"party:{party.code}", RecipientKind.PARTNER, items, name=party.name_zh or party.name_en
    )


def _at_places(case: RecallCase, places: _Places) -> Iterator[Recipient]:
    for group in places_of(case):
        party = places.party(group.place) if group.whereabouts in _WITH_PARTIES else None
        if party is not None:
            yield _partner(party, group.item_keys)


def _in_parcels(case: RecallCase, places: _Places) -> Iterator[Recipient]:
    # The selector puts the bitmaps off; here each of them is wanted.
    rows: Iterable[ScopeGroup] = shipments_of(case).defer(None).exclude(whereabouts__in=_BACK)
    for row in rows:
        party = places.party(row.place) if row.place else None
        if party is not None:
            yield _partner(party, row.item_keys)
        elif not places.is_own(row.place):
            yield _buyer(row)


def _of_quantities(case: RecallCase, places: _Places) -> Iterator[Recipient]:
    """Yield the partners that have goods of affected lots which bear no serials."""
    frozen = ScopeVersion.objects.filter(
        organisation_id=case.organisation_id, case_id=case.id, version=case.version
    )
    details = frozen.values_list("details", flat=True).first()
    for one in Details.from_json(details or {}).movements:
        party = None if one.whereabouts in _BACK else places.party(one.place)
        if party is not None:
            yield _partner(party, KeySet())


def _buyer(row: ScopeGroup) -> Recipient:
    named = (("order", row.order_number), ("waybill", row.waybill), ("unit", row.unit))
    word, text = next(((word, text) for word, text in named if text), ("parcel", str(row.position)))
    return Recipient(
        f"{word}:{text}",
        RecipientKind.BUYER,
        row.item_keys,
        waybill=row.waybill,
        order_number=row.order_number,
        destination=row.place,
    )


def _who_complained(case: RecallCase) -> Iterator[Recipient]:
    lots = {row.unit for row in lots_of(case)}
    gtins = {lot.primary for text in lots if (lot := _read(text))}
    rows = list(
        Complaint.objects.filter(
            organisation_id=case.organisation_id, reporter__isnull=False, gtin__in=gtins
        )
    )
    named = {row.id: known for row in rows if (known := _read(row.identity))}
    keys = find_keys(case.organisation_id, set(named.values()))
    affected = case.item_keys
    for row in rows:
        key = keys.get(named[row.id]) if row.id in named else None
        is_item = key is not None and key in affected
        if is_item or row.identity in lots:
            yield Recipient(
                f"complaint:{row.number}",
                RecipientKind.CONSUMER,
                KeySet([key]) if is_item and key is not None else KeySet(),
                order_number=row.order_number,
            )


def _read(text: str) -> Identity | None:
    try:
        return parse_identity(text) if text else None
    except IdentifierError:
        return None
