"""Measure the notices of a large recall: making the list of recipients, and its file.

Owns: the figures `notices export` and `notices list`, parcels a second; the two baselines.
Invariant: figure and baseline read the same rows of one database in one process. The baselines go
row by row through the ORM: the lot and the identities of each parcel, and the row of each
recipient, are asked for and written alone. They are run on a part of the parcels.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import batched
from time import perf_counter
from typing import TYPE_CHECKING, Final

from suyuan.cli.bench.ground import START, Brand, lot_link, make_brand, place, unit

if TYPE_CHECKING:
    from suyuan.recalls.models import RecallCase

type Progress = Callable[[int, int], None]
type Figure = dict[str, str | int | float]

_A_PARCEL: Final = 2  # items
_BATCH: Final = 2_000
_PART: Final = 1_000  # parcels that the baselines are run on
_STEPS: Final = 5


def run(*, parcels: int = 20_000, progress: Progress | None = None) -> list[Figure]:
    """Measure the list of recipients and its file for a recall of `parcels` parcels.

    Args:
        parcels: At least 1,000.
        progress: Called with steps done and steps in all.

    Raises:
        ValueError: too few parcels.
    """
    if parcels < _PART:
        message = f"{parcels} parcels are written in an instant"
        raise ValueError(message)
    report = progress or (lambda _done, _all: None)
    brand = make_brand()
    _load(brand, parcels)
    report(1, _STEPS)
    case = _case(brand)
    report(2, _STEPS)
    listing = _seconds(lambda: _prepare(brand, case))
    report(3, _STEPS)
    export = min(_seconds(lambda: _export(case)) for _ in range(3))
    report(4, _STEPS)
    slow_export = _seconds(lambda: _export_singly(case))
    slow_listing = _seconds(lambda: _prepare_singly(case))
    report(5, _STEPS)
    return [
        _figure("notices export", parcels, export, slow_export),
        _figure("notices list", parcels, listing, slow_listing),
    ]


def _figure(name: str, parcels: int, seconds: float, slow: float) -> Figure:
    rate, baseline = parcels / seconds, _PART / slow
    return {
        "figure": name,
        "unit": "parcels/s",
        "count": parcels,
        "seconds": seconds,
        "rate": rate,
        "baseline": f"each of {_PART:,} parcels alone through the ORM",
        "baseline_rate": baseline,
        "ratio": rate / baseline,
    }


def _seconds(act: Callable[[], object]) -> float:
    started = perf_counter()
    act()
    return perf_counter() - started


def _load(brand: Brand, parcels: int) -> None:
    """Make a lot whose items are all sold, two in each parcel."""
    from suyuan.capture.services import capture_events  # noqa: PLC0415
    from suyuan.core.epcis import build  # noqa: PLC0415
    from suyuan.issuing.services import order_codes  # noqa: PLC0415

    count = parcels * _A_PARCEL
    order_codes(actor=brand.actor, gtin=brand.gtin, count=count)
    items = brand.items(0, count)
    lot = lot_link(brand, 1).rsplit("/", 1)[-1]
    born = build.object_event(
        time=START,
        action="ADD",
        epcs=items,
        step="commissioning",
        disposition="active",
        location=place(1),
        ilmd={"cbvmda:lotNumber": lot},
    )
    capture_events(actor=brand.actor, events=[born], source="bench")
    numbered = enumerate(batched(items, _A_PARCEL))
    for some in batched(numbered, _BATCH):
        events = [event for number, inside in some for event in _sold(number, list(inside))]
        capture_events(actor=brand.actor, events=events, source="bench")


def _sold(number: int, items: list[str]) -> list[dict[str, object]]:
    from suyuan.core.epcis import build  # noqa: PLC0415

    at = START + timedelta(days=1, seconds=number)
    papers = [
        (kind, f"urn:epcglobal:cbv:bt:9521234000006:{kind}{number}") for kind in ("po", "bol")
    ]
    packed = build.aggregation_event(
        time=at, action="ADD", parent=unit(number), children=items, step="packing"
    )
    shipped = build.object_event(
        time=at + timedelta(hours=1),
        action="OBSERVE",
        epcs=[unit(number)],
        step="shipping",
        disposition="in_transit",
        read_point=place(1),
        transactions=papers,
    )
    return [packed, shipped]


def _case(brand: Brand) -> RecallCase:
    from suyuan.recalls.services import open_recall  # noqa: PLC0415

    start = lot_link(brand, 1)
    return open_recall(actor=brand.actor, title="Bench", reason="Bench", starts=[start], hold=False)


def _prepare(brand: Brand, case: RecallCase) -> None:
    from suyuan.recalls.notices.preparing import prepare_notices  # noqa: PLC0415

    prepare_notices(actor=brand.actor, number=case.number)


def _export(case: RecallCase) -> int:
    """Write the file as the page sends it, but to nowhere."""
    from suyuan.kernel.tabular import csv_lines  # noqa: PLC0415
    from suyuan.recalls.notices.lists import notice_rows  # noqa: PLC0415

    return sum(len(piece) for piece in csv_lines(notice_rows(case)))


def _export_singly(case: RecallCase) -> int:
    from suyuan.capture.identities import identity_of  # noqa: PLC0415
    from suyuan.kernel.tabular import csv_lines  # noqa: PLC0415
    from suyuan.recalls.models import GroupKind, Notice, ScopeGroup  # noqa: PLC0415

    rows = []
    mine = {"organisation_id": case.organisation_id, "case_id": case.id}
    for notice in Notice.objects.filter(**mine).order_by("number")[:_PART]:
        keys = list(notice.item_keys)
        lots = {
            row.unit
            for row in ScopeGroup.objects.filter(**mine, kind=GroupKind.LOT)
            if any(key in row.item_keys for key in keys)
        }
        codes = [identity_of(case.organisation_id, key).secondary for key in keys]
        rows.append([notice.order_number, notice.waybill, " ".join(lots), " ".join(codes)])
    return sum(len(piece) for piece in csv_lines(rows))


def _prepare_singly(case: RecallCase) -> None:
    from suyuan.recalls.models import Notice, RecipientKind  # noqa: PLC0415
    from suyuan.recalls.selectors import shipments_of  # noqa: PLC0415

    mine = {"organisation_id": case.organisation_id, "case_id": case.id}
    last = Notice.objects.filter(**mine).count()
    rows = shipments_of(case).defer(None)[:_PART]
    for number, row in enumerate(rows.iterator(), start=last + 1):
        Notice.objects.get_or_create(
            **mine,
            recipient=f"again:{row.order_number}",
            defaults={
                "number": number,
                "kind": RecipientKind.BUYER,
                "state": "ready",
                "version": case.version,
                "order_number": row.order_number,
                "waybill": row.waybill,
                "item_count": row.item_count,
                "items": row.items,
            },
        )
