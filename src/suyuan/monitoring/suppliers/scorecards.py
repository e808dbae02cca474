"""Scorecards: a supplier's rates, each with its interval, beside those of all together.

Owns: the measures, and how each is computed.
Does not own: the counts (lots, data), the intervals (core.intervals).

| measure | cases | among | interval |
| --- | --- | --- | --- |
| complaints per thousand items | complaints | items made of its lots | Poisson, exact |
| complaints per lot | complaints | its lots | Poisson, exact |
| failed inspections | lots with a failed report | lots with a report | Wilson |
| recalls per lot | recalls | its lots | Poisson, exact |
| missing scans | scans that are not there | scans that should be | Wilson |
| late events | recorded later than the limit | events that it delivered | Wilson |
| refused events | not taken | events that it sent | Wilson |
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from suyuan.core.identifiers import Identity
from suyuan.core.intervals import Rate, per, share
from suyuan.masterdata.models import Party, PartyKind
from suyuan.monitoring.suppliers.data import DataCounts, data_by_party
from suyuan.monitoring.suppliers.lots import Lots, SupplierLot, lots_of

LATE_AFTER: Final = timedelta(hours=24)
_NO_DATA: Final = DataCounts(0, 0, 0, 0, 0)


class Measure(StrEnum):
    """What a supplier is measured by."""

    COMPLAINTS = "complaints"  # per thousand items
    COMPLAINTS_PER_LOT = "complaints_per_lot"
    FAILED = "failed"
    RECALLS = "recalls"
    MISSING = "missing"
    LATE = "late"
    REFUSED = "refused"


class Standing(StrEnum):
    """How a supplier's interval lies to the rate of all together."""

    WORSE = "worse"  # wholly above
    BETTER = "better"  # wholly below
    LIKE = "like"  # the difference may be chance
    UNKNOWN = "unknown"  # nothing to compute it from


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A supplier's rates.

    Attributes:
        party: the supplier.
        lots: its material lots that came in the period.
        items: items made of them; each once.
        rates: by measure; not `known` where there is nothing to compute it from.
        standings: by measure.
        data: what it delivered as a partner.
    """

    party: Party
    lots: int
    items: int
    rates: Mapping[Measure, Rate]
    standings: Mapping[Measure, Standing]
    data: DataCounts


@dataclass(frozen=True, slots=True)
class Scorecards:
    """All suppliers of a period, by code.

    Attributes:
        rows: suppliers with a lot or a delivery in the period.
        together: the rates of all suppliers together; what several share counts once.
        cut: there were too many lots; the earliest are left out.
    """

    rows: Sequence[Scorecard]
    together: Mapping[Measure, Rate]
    cut: bool


def scorecards(
    *, organisation_id: int, since: date, until: date, late_after: timedelta = LATE_AFTER
) -> Scorecards:
    """Return the scorecards of the suppliers whose lots came, or who delivered, in a period.

    Args:
        organisation_id: whose suppliers.
        since: first day.
        until: last day, included.
        late_after: how long after it happened an event may be recorded.
    """
    lots = lots_of(organisation_id=organisation_id, since=since, until=until)
    data = data_by_party(
        organisation_id=organisation_id, since=since, until=until, late_after=late_after
    )
    by_supplier: dict[str, list[SupplierLot]] = defaultdict(list)
    for lot in lots.rows:
        by_supplier[lot.supplier].append(lot)
    parties = [
        party
        for party in Party.objects.filter(organisation_id=organisation_id).order_by("code")
        if party.code in by_supplier or (party.kind == PartyKind.SUPPLIER and party.code in data)
    ]
    known = [data.get(party.code, _NO_DATA) for party in parties]
    together = _rates(lots.rows, lots, _sum(known))
    rows = [
        _scorecard(party, by_supplier[party.code], lots, counts, together)
        for party, counts in zip(parties, known, strict=True)
    ]
    return Scorecards(rows, together, lots.cut)


def _scorecard(
    party: Party,
    own: Sequence[SupplierLot],
    lots: Lots,
    data: DataCounts,
    together: Mapping[Measure, Rate],
) -> Scorecard:
    rates = _rates(own, lots, data)
    standings = {name: standing(rate, together[name]) for name, rate in rates.items()}
    return Scorecard(party, len(own), _items(own, lots), rates, standings, data)


def _items(own: Iterable[SupplierLot], lots: Lots) -> int:
    """Return how many items are made of lots; those with several of them in count once."""
    products: set[Identity] = {product for lot in own for product in lot.products}
    return sum(lots.items_of[product] for product in products)


def _rates(own: Sequence[SupplierLot], lots: Lots, data: DataCounts) -> dict[Measure, Rate]:
    complaints = len({number for lot in own for number in lot.complaints})
    recalls = len({number for lot in own for number in lot.recalls})
    inspected = [lot for lot in own if lot.inspected]
    expected = sum(len(lot.expected) for lot in own)
    unseen = sum(len(lot.unseen) for lot in own)
    return {
        Measure.COMPLAINTS: per(complaints, _items(own, lots)).times(1_000),
        Measure.COMPLAINTS_PER_LOT: per(complaints, len(own)),
        Measure.FAILED: share(sum(lot.failed > 0 for lot in inspected), len(inspected)),
        Measure.RECALLS: per(recalls, len(own)),
        Measure.MISSING: share(unseen, expected),
        Measure.LATE: share(data.late, data.stored),
        Measure.REFUSED: share(data.refused, data.sent),
    }


def _sum(counts: Iterable[DataCounts]) -> DataCounts:
    every = list(counts)
    return DataCounts(
        documents=sum(one.documents for one in every),
        sent=sum(one.sent for one in every),
        refused=sum(one.refused for one in every),
        stored=sum(one.stored for one in every),
        late=sum(one.late for one in every),
    )


def standing(rate: Rate, together: Rate) -> Standing:
    """Return how a rate lies to that of all together: different only if its interval says so."""
    if not rate.known or not together.known:
        return Standing.UNKNOWN
    if rate.low > together.value:
        return Standing.WORSE
    return Standing.BETTER if rate.high < together.value else Standing.LIKE
