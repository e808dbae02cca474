"""Count who has a factor, among goods complained of and among all that was made.

Owns: what was made in a period (`Made`), the goods complained of (`Case`), the tallies.
Does not own: what a tally says (factors).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import urlencode

from suyuan.capture.identities import find_keys, identities_of
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_identity
from suyuan.core.instants import moment
from suyuan.core.keyset import KeySet
from suyuan.lineage.history import identifier_text
from suyuan.masterdata import selectors as masterdata
from suyuan.masterdata.models import Lot, MaterialLot
from suyuan.quality.models import Complaint
from suyuan.quality.origins import Birth, births_of, items_by_lot, sources_of
from suyuan.quality.passages import Passage, counts_by_place, passages_of, sample_of
from suyuan.quality.sisters import HOUR


class FactorKind(StrEnum):
    """In what respect goods may be alike."""

    PRODUCT = "product"
    LOT = "lot"
    MATERIAL_LOT = "material_lot"
    SUPPLIER = "supplier"
    LINE = "line"
    TEAM = "team"
    HOUR = "hour"
    PLACE = "place"


@dataclass(slots=True)
class Case:
    """Goods complained of: an item, or a lot where the complaint names no item."""

    lot: int
    item: int | None
    numbers: list[str]


@dataclass(slots=True)
class Tally:
    """Who has a factor, on both sides."""

    cases: set[int] = field(default_factory=set)  # positions of cases
    whole: int = 0
    starts: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """What was made in the period: lots with their records, births, items and sources."""

    since: date
    until: date
    records: Mapping[int, Lot]
    births: Sequence[Birth]
    items: Mapping[int, KeySet]
    sources: Mapping[int, frozenset[int]]
    names: Mapping[int, Identity]

    @property
    def count(self) -> int:
        """How many items."""
        return sum(map(len, self.items.values()))


def made_of(organisation_id: int, lots: Sequence[Lot], since: date, until: date) -> Made:
    """Read what is known of lots and their items."""
    keys = find_keys(organisation_id, [lot.identity for lot in lots])
    records = {keys[lot.identity]: lot for lot in lots if lot.identity in keys}
    births = births_of(organisation_id, records)
    sources = sources_of(organisation_id, records)
    names = identities_of(
        organisation_id, {*records, *(k for some in sources.values() for k in some)}
    )
    return Made(since, until, records, births, items_by_lot(births), sources, names)


def cases_of(
    organisation_id: int, complaints: Sequence[Complaint], made: Made
) -> tuple[list[Case], int, int]:
    """Return the goods that can be compared, and how many complaints name none, or others."""
    goods = {one.number: _goods(one) for one in complaints}
    keys = find_keys(organisation_id, [one for one in goods.values() if one is not None])
    lot_of: dict[Identity, int] = {made.names[key]: key for key in made.records}
    cases: dict[int, Case] = {}
    unreadable = outside = 0
    for position, complaint in enumerate(complaints):
        identity = goods[complaint.number]
        if identity is None:
            unreadable += 1
            continue
        item = keys.get(identity) if identity.scheme is Scheme.SGTIN else None
        lot = _lot_of(complaint, item, made, lot_of)
        if lot is None:
            outside += 1
        elif item is not None:
            cases.setdefault(item, Case(lot, item, [])).numbers.append(complaint.number)
        else:
            cases[-1 - position] = Case(lot, None, [complaint.number])
    return list(cases.values()), unreadable, outside


def _goods(complaint: Complaint) -> Identity | None:
    """Return the item or the lot that a complaint names."""
    try:
        identity = parse_identity(complaint.identity)
    except IdentifierError:
        identity = None
    if identity is not None and identity.scheme is Scheme.SGTIN:
        return identity
    return Identity(Scheme.LGTIN, complaint.gtin, complaint.lot) if complaint.lot else None


def _lot_of(
    complaint: Complaint, item: int | None, made: Made, lot_of: Mapping[Identity, int]
) -> int | None:
    lot = (
        lot_of.get(Identity(Scheme.LGTIN, complaint.gtin, complaint.lot)) if complaint.lot else None
    )
    if item is None:
        return lot
    if lot is not None and item in made.items.get(lot, ()):
        return lot
    # The lot may have become known after the complaint was written down.
    return next((key for key, items in made.items.items() if item in items), None)


type Key = tuple[FactorKind, str]


def by_lot(
    organisation_id: int, cases: Sequence[Case], made: Made, *, one_product: bool
) -> dict[Key, Tally]:
    """Tally what a whole lot has in common; only what some goods complained of have."""
    materials = _material_lots(organisation_id, made)
    attributes: dict[int, dict[Key, list[str]]] = {}
    for key, lot in made.records.items():
        found = attributes[key] = _attributes(made, key, lot, materials)
        if one_product:
            found.pop((FactorKind.PRODUCT, lot.product.gtin))
    tallies: dict[Key, Tally] = {
        factor: Tally() for case in cases for factor in attributes[case.lot]
    }
    for position, case in enumerate(cases):
        for factor in attributes[case.lot]:
            tallies[factor].cases.add(position)
    for key, factors in attributes.items():
        size = len(made.items.get(key, ()))
        for factor, starts in factors.items():
            if factor in tallies:
                tallies[factor].whole += size
                tallies[factor].starts |= dict.fromkeys(starts)
    return tallies


def _attributes(
    made: Made, key: int, lot: Lot, materials: Mapping[Identity, MaterialLot]
) -> dict[Key, list[str]]:
    """Return a lot's factors, each with what a recall of it would begin with."""
    text = made.names[key].digital_link()
    days = {"since": made.since, "until": made.until}
    product = start_text("made", product=lot.product.gtin, **days)
    found: dict[Key, list[str]] = {
        (FactorKind.PRODUCT, lot.product.gtin): [product],
        (FactorKind.LOT, text): [text],
    }
    if lot.line:
        found[FactorKind.LINE, lot.line] = [start_text("made", line=lot.line, **days)]
    if lot.team:
        found[FactorKind.TEAM, lot.team] = [start_text("made", team=lot.team, **days)]
    for source in made.sources.get(key, ()):
        identity = made.names.get(source)
        if identity is None or identity.scheme is not Scheme.LGTIN:
            continue
        link = identity.digital_link()
        found[FactorKind.MATERIAL_LOT, link] = [link]
        material = materials.get(identity)
        supplier = None if material is None else material.supplier or material.material.supplier
        if supplier is not None:
            found.setdefault((FactorKind.SUPPLIER, supplier.code), []).append(link)
    return found


def _material_lots(organisation_id: int, made: Made) -> dict[Identity, MaterialLot]:
    wanted = {
        name for some in made.sources.values() for key in some if (name := made.names.get(key))
    }
    rows = (
        masterdata.list_material_lots(organisation_id)
        .select_related("material__supplier")
        .filter(material__gtin__in={one.primary for one in wanted})
    )
    return {row.identity: row for row in rows if row.identity in wanted}


def by_hour(organisation_id: int, cases: Sequence[Case], made: Made) -> dict[Key, Tally]:
    """Tally the hours in which goods complained of were made."""
    whole: dict[int, int] = defaultdict(int)
    hours: dict[int, set[int]] = defaultdict(set)
    places: dict[int, set[int]] = defaultdict(set)
    lots: dict[int, list[int]] = defaultdict(list)
    for position, case in enumerate(cases):
        if case.item is not None:
            lots[case.lot].append(position)
    for birth in made.births:
        hour = birth.time // HOUR
        whole[hour] += len(birth.items)
        for position in lots.get(birth.lot, ()):
            if cases[position].item in birth.items:
                hours[hour].add(position)
                if birth.place is not None:
                    places[hour].add(birth.place)
    names = identities_of(organisation_id, set().union(*places.values()))
    return {
        (FactorKind.HOUR, moment(hour * HOUR).isoformat()): Tally(
            some,
            whole[hour],
            {
                start_text(
                    "handled",
                    place=identifier_text(names[place]),
                    since=moment(hour * HOUR),
                    until=moment(hour * HOUR + HOUR - 1),
                ): None
                for place in places[hour]
            },
        )
        for hour, some in hours.items()
    }


def by_place(
    organisation_id: int, cases: Sequence[Case], made: Made
) -> tuple[dict[Key, Tally], int]:
    """Tally the places where goods have been; return how many items made were looked at too."""
    mine = {case.item: n for n, case in enumerate(cases) if case.item is not None}
    passages = passages_of(organisation_id, KeySet(mine).to_array())
    if not passages:
        return {}, 0
    others = sample_of(KeySet.union(made.items.values()))
    whole = counts_by_place(organisation_id, others)
    names = identities_of(organisation_id, {one.place for one in passages})
    found: dict[int, list[Passage]] = defaultdict(list)
    for one in passages:
        found[one.place].append(one)
    tallies: dict[Key, Tally] = {}
    for place, some in found.items():
        text = identifier_text(names[place])
        since, until = min(one.since for one in some), max(one.until for one in some)
        start = start_text("stayed", place=text, since=moment(since), until=moment(until))
        cases_there = {mine[one.item] for one in some}
        tallies[FactorKind.PLACE, text] = Tally(cases_there, whole.get(place, 0), {start: None})
    return tallies, int(others.size)


def start_text(kind: str, **fields: str | date | datetime) -> str:
    """Return what a recall begins with, as an address carries it: a kind and its fields."""
    given = {
        name: value.isoformat().replace("+00:00", "Z") if isinstance(value, date) else value
        for name, value in fields.items()
    }
    return f"{kind}?{urlencode(given, safe=':/')}"
