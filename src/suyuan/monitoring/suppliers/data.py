"""How good the data is that suppliers deliver as partners: late events, refused events.

Owns: the counts; what is late is the asker's limit.
Does not own: missing scans, which are counted lot by lot (lots).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from suyuan.kernel.lists import select
from suyuan.partners.models import Partner


@dataclass(frozen=True, slots=True)
class DataCounts:
    """What a partner delivered in a period.

    Attributes:
        documents: how many.
        sent: events in them.
        refused: those that were not taken.
        stored: those that were new.
        late: those of the new ones that were recorded later than the limit after they happened.
    """

    documents: int
    sent: int
    refused: int
    stored: int
    late: int


def bounds(since: date, until: date) -> tuple[datetime, datetime]:
    """Return the first instant of a day, and the first after another, in the display's zone."""
    first, after = (datetime.combine(day, time()) for day in (since, until + timedelta(days=1)))
    return timezone.make_aware(first), timezone.make_aware(after)


def data_by_party(
    *, organisation_id: int, since: date, until: date, late_after: timedelta
) -> dict[str, DataCounts]:
    """Return what each partner delivered from `since` to `until`, by its party's code."""
    low, high = bounds(since, until)
    # An event's job is known by the range of numbers that the job was given.
    rows = select(
        "SELECT j.holder, COUNT(*), SUM(j.total), SUM(j.total - j.stored - j.duplicates), "
        "SUM(j.stored), SUM((SELECT COUNT(*) FROM capture_storedevent e "
        "WHERE e.organisation_id = j.organisation_id AND j.stored > 0 "
        "AND e.seq BETWEEN j.first_seq AND j.last_seq AND e.record_time - e.time > %s)) "
        "FROM capture_capturejob j WHERE j.organisation_id = %s AND j.holder IS NOT NULL "
        "AND j.created_at >= %s AND j.created_at < %s GROUP BY j.holder",
        (late_after // timedelta(microseconds=1), organisation_id, low, high),
    )
    codes = dict(
        Partner.objects.filter(organisation_id=organisation_id).values_list("id", "party__code")
    )
    return {
        codes[holder]: DataCounts(*(int(count or 0) for count in counts))
        for holder, *counts in rows
        if holder in codes
    }
