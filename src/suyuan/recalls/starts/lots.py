"""Starts that name lots by who delivered them, or by where, by whom and when they were made.

Owns: which lots a supplier's period has, and which a line's, a team's, a place's.

A lot that no event names has touched nothing: it is left out. Receipts that only events tell of
count too, where they name the supplier as a source.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db.models import Q

from suyuan.capture import identities
from suyuan.core.epcis.query import EventQuery, read_query
from suyuan.core.identifiers import IdentifierError, Identity, Scheme, parse_epc
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.lineage import starts as lineage
from suyuan.lineage.history import read_rows
from suyuan.masterdata import selectors as masterdata
from suyuan.masterdata.models import Lot, Material, MaterialLot, Party
from suyuan.recalls.starts.events import after, at, live, seqs_of
from suyuan.recalls.starts.texts import Said

MOST_LOTS: Final = 5_000
_MOST_RECEIPTS: Final = 5_000
_RECEIVING: Final = ("receiving", "accepting", "arriving")
_SOURCES: Final = ("possessing_party", "owning_party")


def supplied(organisation_id: int, said: Said, place: str) -> tuple[lineage.Start, ...]:
    """Return what a supplier delivered in a period.

    A lot's supplier is its own, or else its material's. A lot without a day of receipt counts by
    the day on which it was entered: better one too many than one too few.

    Raises:
        Invalid: `supplier_unknown`, `material_unknown`, `start_too_wide`.
    """
    supplier = _supplier(organisation_id, said.one("supplier"), place)
    material = _material(organisation_id, said.one("material"), place)
    rows = MaterialLot.objects.filter(
        Q(supplier_id=supplier.id) | Q(supplier_id=None, material__supplier_id=supplier.id),
        organisation_id=organisation_id,
    ).select_related("material")
    if material is not None:
        rows = rows.filter(material_id=material.id)
    rows = rows.filter(
        Q(received_on__gte=said.one("since"), received_on__lte=said.one("until"))
        | Q(received_on=None, created_at__gte=said.since, created_at__lte=said.until)
    )
    keys = _keys(organisation_id, (row.identity for row in _few(rows, place)))
    received, seqs = _received(organisation_id, supplier, material, said, place)
    goods = tuple(lineage.Goods(key) for key in dict.fromkeys((*keys, *received)))
    return (*goods, lineage.Told(seqs)) if seqs else goods


def made(organisation_id: int, said: Said, place: str) -> tuple[lineage.Start, ...]:
    """Return the product lots that were made on days, on a line, by a team, at a place.

    Raises:
        Invalid: `start_too_wide`.
    """
    rows = Lot.objects.filter(
        organisation_id=organisation_id,
        produced_on__gte=said.one("since"),
        produced_on__lte=said.one("until"),
    ).select_related("product")
    for field in ("line", "team"):
        if said.one(field):
            rows = rows.filter(**{f"{field}__iexact": said.one(field)})
    if said.one("product"):
        rows = rows.filter(product__gtin=masterdata.number_of(said.one("product"), "product"))
    if said.one("location"):
        rows = rows.filter(location__code=said.one("location"))
    keys = _keys(organisation_id, (row.identity for row in _few(rows, place)))
    return tuple(lineage.Goods(key) for key in keys)


def _few[Row: (Lot, MaterialLot)](rows: Iterable[Row], place: str) -> list[Row]:
    found = list(rows[: MOST_LOTS + 1])  # type: ignore[index]  # a query set
    if len(found) > MOST_LOTS:
        raise Invalid("start_too_wide", place=place, limit=MOST_LOTS)
    return found


def _keys(organisation_id: int, lots: Iterable[Identity]) -> list[int]:
    wanted = list(lots)
    found = identities.find_keys(organisation_id, wanted)
    return [found[lot] for lot in wanted if lot in found]


def _supplier(organisation_id: int, code: str, place: str) -> Party:
    try:
        return masterdata.get_party(organisation_id, code)
    except NotFound as error:
        raise Invalid("supplier_unknown", place=f"{place}/supplier", given=code[:80]) from error


def _material(organisation_id: int, code: str, place: str) -> Material | None:
    try:
        return masterdata.get_material(organisation_id, code) if code else None
    except NotFound as error:
        raise Invalid("material_unknown", place=f"{place}/material", given=code[:80]) from error


def _received(
    organisation_id: int, supplier: Party, material: Material | None, said: Said, place: str
) -> tuple[list[int], tuple[int, ...]]:
    """Return the lots that events say came from a supplier, and the events that name items."""
    seqs: set[int] = set()
    for source in _SOURCES:
        seqs |= set(seqs_of(organisation_id, _receipts(source, supplier, said), _MOST_RECEIPTS))
    lots: set[Identity] = set()
    items: list[int] = []
    for seq, row in read_rows(organisation_id, live(organisation_id, seqs)).items():
        classes = [_class(one["epcClass"]) for one in row.body.get("quantityList", ())]
        lots |= {one for one in classes if one is not None and _is_of(one, material)}
        if row.epcs and material is None:
            items.append(seq)
    if len(lots) > MOST_LOTS:
        raise Invalid("start_too_wide", place=place, limit=MOST_LOTS)
    ordered = sorted(lots, key=lambda lot: (lot.primary, lot.secondary))
    return _keys(organisation_id, ordered), tuple(sorted(items))


def _receipts(source: str, supplier: Party, said: Said) -> EventQuery:
    return read_query(
        [
            (f"EQ_source_{source}", [supplier.identifier]),
            ("EQ_bizStep", list(_RECEIVING)),
            ("GE_eventTime", at(said.since)),
            ("LT_eventTime", after(said.until)),
        ]
    )


def _class(text: str) -> Identity | None:
    try:
        return parse_epc(text)
    except IdentifierError:
        return None


def _is_of(lot: Identity, material: Material | None) -> bool:
    if lot.scheme is not Scheme.LGTIN:
        return False
    return material is None or lot.primary == material.gtin
