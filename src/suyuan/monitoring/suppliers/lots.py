"""What came of suppliers' material lots: products, complaints, failed reports, recalls, scans.

Owns: `SupplierLot`, and what counts for one: a material lot is followed forward through every
transformation; complaints about the product lots that have it in them count for it.
Does not own: rates (scorecards).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import numpy as np
from django.db.models import Q
from django.utils import timezone
from numpy.typing import NDArray

from suyuan.capture.identities import find_keys, identities_of
from suyuan.core.epcis.event import Role
from suyuan.core.epcis.vocabulary import STEP_NUMBERS
from suyuan.core.identifiers import Identity, Scheme
from suyuan.lineage.fetch import entries_of, facts_of
from suyuan.masterdata.models import MaterialLot, Party
from suyuan.partners.models import Partner
from suyuan.quality.models import Complaint, InspectionReport, Result, TargetKind
from suyuan.quality.origins import births_of, items_by_lot, products_of
from suyuan.recalls.models import CaseStatus, GroupKind, RecallCase, ScopeGroup

MOST_LOTS: Final = 5_000
_CHUNK: Final = 500
_NEVER: Final = (1 << 63) - 1
_USED: Final = (Role.INPUT, Role.INPUT_QUANTITY)
_NO_RECALL: Final = (CaseStatus.REJECTED, CaseStatus.WITHDRAWN)


def _numbers(*steps: str) -> tuple[int, ...]:
    return tuple(STEP_NUMBERS[step] for step in steps)


_RECEIVED: Final = _numbers("receiving", "arriving", "accepting", "storing", "stocking")
_SENT: Final = _numbers("shipping", "departing", "transporting")


@dataclass(frozen=True, slots=True)
class SupplierLot:
    """A material lot, and what came of it.

    Attributes:
        supplier: the party's code.
        material: the material's code.
        identity: the lot.
        came_on: when it was received; else when it was made, else when it was written down.
        products: product lots that have it in them.
        items: how many items those have.
        complaints: numbers of the complaints about them.
        inspected: reports on the lot that were not withdrawn.
        failed: those of them that found it bad.
        recalls: numbers of the recalls that name it.
        used: it went into something.
        expected: scans that should be there: ``receiving`` of a lot that was used, ``shipping``
            too where the supplier is connected and delivers events.
        unseen: those that are not there, or only after the use.
    """

    supplier: str
    material: str
    identity: Identity
    came_on: date
    products: tuple[Identity, ...]
    items: int
    complaints: frozenset[str]
    inspected: int
    failed: int
    recalls: frozenset[str]
    used: bool
    expected: tuple[str, ...]
    unseen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lots:
    """Material lots that came in a period, with what is counted once over several of them.

    Attributes:
        rows: the lots, the latest first.
        items_of: how many items each product lot has.
        cut: there were more than can be looked at; the earliest are left out.
    """

    rows: Sequence[SupplierLot]
    items_of: Mapping[Identity, int]
    cut: bool


def supplier_of(row: MaterialLot) -> Party | None:
    """Return who supplied a lot: its own supplier, or else its material's."""
    supplier: Party | None = row.supplier or row.material.supplier
    return supplier


def came_on(row: MaterialLot) -> date:
    """Return when a lot came; see `SupplierLot.came_on`."""
    return row.received_on or row.produced_on or timezone.localdate(row.created_at)


def lots_of(*, organisation_id: int, since: date, until: date, supplier: str = "") -> Lots:
    """Return the material lots that came from `since` to `until`, both included.

    Args:
        organisation_id: whose.
        since: first day.
        until: last day.
        supplier: a party's code; "" for all suppliers.
    """
    records = _records(organisation_id, since, until, supplier)
    cut = len(records) > MOST_LOTS
    records = records[:MOST_LOTS]
    told = _Told(organisation_id, [row for row, _ in records])
    rows = [told.lot(row, supplier) for row, supplier in records]
    return Lots(rows, told.items_of, cut)


def _records(
    organisation_id: int, since: date, until: date, supplier: str
) -> list[tuple[MaterialLot, Party]]:
    days = (since, until)
    written = tuple(timezone.make_aware(datetime.combine(day, datetime.min.time())) for day in days)
    rows = (
        MaterialLot.objects.filter(organisation_id=organisation_id)
        .filter(
            Q(received_on__range=days)
            | Q(received_on=None, produced_on__range=days)
            | Q(received_on=None, produced_on=None, created_at__gte=written[0])
        )
        .select_related("material", "supplier", "material__supplier")
    )
    if supplier:
        rows = rows.filter(
            Q(supplier__code=supplier) | Q(supplier_id=None, material__supplier__code=supplier)
        )
    found = [
        (row, party)
        for row in rows
        if (party := supplier_of(row)) is not None and since <= came_on(row) <= until
    ]
    return sorted(found, key=lambda pair: (came_on(pair[0]), pair[0].code), reverse=True)


class _Told:
    """Everything that is read once for many lots."""

    def __init__(self, organisation_id: int, records: Sequence[MaterialLot]) -> None:
        self._organisation_id = organisation_id
        identities = {row.id: row.identity for row in records}
        self._keys = find_keys(organisation_id, set(identities.values()))
        self._made = products_of(organisation_id, self._keys.values())
        downstream = {key for some in self._made.values() for key in some}
        names = identities_of(organisation_id, downstream)
        self._names = {k: one for k, one in names.items() if one.scheme is Scheme.LGTIN}
        sizes = {
            key: len(items)
            for key, items in items_by_lot(births_of(organisation_id, self._names)).items()
        }
        self.items_of = {one: sizes.get(key, 0) for key, one in self._names.items()}
        self._complaints = _complaints(organisation_id, self._names.values())
        self._reports = _reports(organisation_id, identities.values())
        self._recalls = _recalls(organisation_id, [i.digital_link() for i in identities.values()])
        self._connected = set(
            Partner.objects.filter(organisation_id=organisation_id).values_list(
                "party_id", flat=True
            )
        )
        self._scans = _scans(organisation_id, self._keys.values())

    def lot(self, row: MaterialLot, supplier: Party) -> SupplierLot:
        """Return what came of one lot."""
        identity = row.identity
        key = self._keys.get(identity, -1)
        products = sorted(
            (self._names[one] for one in self._made.get(key, ()) if one in self._names),
            key=lambda one: (one.primary, one.secondary),
        )
        complaints: set[str] = set()
        for one in products:
            complaints |= self._complaints.get((one.primary, one.secondary), set())
        results = self._reports.get((identity.primary, identity.secondary), [])
        scans = self._scans.get(key, _NOT_SEEN)
        expected = []
        if scans.used:
            connected = supplier.id in self._connected
            expected = ["receiving", *(["shipping"] if connected else [])]
        seen = {"receiving": scans.received, "shipping": scans.sent}
        return SupplierLot(
            supplier=supplier.code,
            material=row.material.code,
            identity=identity,
            came_on=came_on(row),
            products=tuple(products),
            items=sum(self.items_of[one] for one in products),
            complaints=frozenset(complaints),
            inspected=len(results),
            failed=results.count(Result.FAIL),
            recalls=frozenset(self._recalls.get(identity.digital_link(), ())),
            used=scans.used,
            expected=tuple(expected),
            unseen=tuple(step for step in expected if not seen[step]),
        )


@dataclass(frozen=True, slots=True)
class _Scans:
    """Which scans of a lot there are."""

    used: bool = False
    received: bool = False
    sent: bool = False


_NOT_SEEN: Final = _Scans()


def _scans(organisation_id: int, keys: Collection[int]) -> dict[int, _Scans]:
    """Return which scans of each lot there are, live ones; a receipt after the use is none."""
    wanted = np.array(sorted(set(keys)), dtype=np.int64)
    if not wanted.size:
        return {}
    entries = entries_of(organisation_id, wanted)
    facts = facts_of(organisation_id, np.unique(entries.seqs))
    at = facts.at(entries.seqs)
    live = ~facts.voided[at]
    lots = np.searchsorted(wanted, entries.keys)
    used = live & np.isin(entries.roles, np.array(_USED))
    first_use = np.full(wanted.size, _NEVER, dtype=np.int64)
    np.minimum.at(first_use, lots[used], facts.times[at[used]])
    before = live & (facts.times[at] <= first_use[lots])

    def with_steps(steps: tuple[int, ...]) -> NDArray[np.bool_]:
        seen = np.zeros(wanted.size, dtype=np.bool_)
        seen[lots[before & np.isin(facts.steps[at], np.array(steps))]] = True
        return seen

    columns = (first_use < _NEVER, with_steps(_RECEIVED), with_steps(_SENT))
    return {
        key: _Scans(*row)
        for key, row in zip(
            wanted.tolist(), zip(*(one.tolist() for one in columns), strict=True), strict=True
        )
    }


def _chunks[T](values: Iterable[T]) -> Iterator[list[T]]:
    every = list(values)
    for at in range(0, len(every), _CHUNK):
        yield every[at : at + _CHUNK]


def _complaints(organisation_id: int, lots: Iterable[Identity]) -> dict[tuple[str, str], set[str]]:
    """Return the numbers of the complaints about each lot."""
    wanted = {(one.primary, one.secondary) for one in lots}
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for codes in _chunks({code for _, code in wanted}):
        rows = Complaint.objects.filter(organisation_id=organisation_id, lot__in=codes)
        for gtin, code, number in rows.values_list("gtin", "lot", "number"):
            if (gtin, code) in wanted:
                found[gtin, code].add(number)
    return found


def _reports(organisation_id: int, lots: Iterable[Identity]) -> dict[tuple[str, str], list[str]]:
    """Return the results of the reports on each lot that were not withdrawn."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for codes in _chunks({one.secondary for one in lots}):
        rows = InspectionReport.objects.filter(
            organisation_id=organisation_id,
            target_kind=TargetKind.MATERIAL_LOT,
            lot__in=codes,
            revoked_at=None,
        )
        for gtin, code, result in rows.values_list("gtin", "lot", "result"):
            found[gtin, code].append(result)
    return found


def _recalls(organisation_id: int, lots: Iterable[str]) -> dict[str, set[str]]:
    """Return the numbers of the recalls, carried out or under way, that name each lot."""
    rows = RecallCase.objects.filter(organisation_id=organisation_id).exclude(status__in=_NO_RECALL)
    cases = {
        (case, version): number
        for case, version, number in rows.values_list("id", "version", "number")
    }
    found: dict[str, set[str]] = defaultdict(set)
    if not cases:
        return found
    for texts in _chunks(lots):
        groups = ScopeGroup.objects.filter(
            organisation_id=organisation_id, kind=GroupKind.LOT, unit__in=texts
        )
        for unit, case, version in groups.values_list("unit", "case_id", "version"):
            if (case, version) in cases:  # of the version in force
                found[unit].add(cases[case, version])
    return found
