"""Reads of scans.

Invariant: every query begins with the organisation.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, QuerySet, Sum

from suyuan.verification.models import Scan, ScanTally


def list_scans(
    organisation_id: int,
    *,
    verdict: str = "",
    gtin: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    code: str = "",
) -> QuerySet[Scan]:
    """Return scans, the latest first, filtered by what is given; `until` is not included."""
    rows = Scan.objects.filter(organisation_id=organisation_id)
    exact = {"verdict": verdict, "gtin": gtin, "code": code}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    return rows.order_by("-at", "-id")


def scans_of(organisation_id: int, key: int) -> QuerySet[Scan]:
    """Return the scans of one item or lot, the latest first."""
    return Scan.objects.filter(organisation_id=organisation_id, key=key).order_by("-at", "-id")


def times_seen(organisation_id: int, key: int) -> int:
    """Return how often an item has been looked at, in visits."""
    rows = ScanTally.objects.filter(organisation_id=organisation_id, id=key)
    return rows.values_list("scans", flat=True).first() or 0


def verdict_counts(
    organisation_id: int, *, since: datetime, until: datetime, gtin: str = ""
) -> dict[str, int]:
    """Return how many scans had each verdict in a period."""
    rows = list_scans(organisation_id, gtin=gtin, since=since, until=until).order_by()
    return dict(rows.values_list("verdict").annotate(number=Count("id")))


def scans_recorded() -> int:
    """Return how often codes have been looked at, of the whole installation."""
    return ScanTally.objects.aggregate(seen=Sum("scans"))["seen"] or 0
