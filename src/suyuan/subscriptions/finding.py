"""What a query finds among events that are new.

Owns: the walk from one number to another in the order of arrival.
Does not own: the plan of a query, and what a partner may see (capture.queries).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from suyuan.capture.queries import matching_seqs
from suyuan.capture.view import EventView
from suyuan.core.epcis.query import EventQuery
from suyuan.core.epcis.query.values import BY_RECORD_TIME


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, in the order of arrival.

    Attributes:
        seqs: numbers of events.
        upto: the last number that was looked at.
        complete: everything that was asked for was looked at.
    """

    seqs: list[int] = field(default_factory=list)
    upto: int = 0
    complete: bool = True


def find(
    organisation_id: int,
    query: EventQuery,
    view: EventView | None,
    *,
    after: int,
    upto: int,
    limit: int,
) -> Found:
    """Find at most `limit` events with numbers above `after`, up to `upto`.

    A query's own order and counts are for those who ask once: who is told what is new gets it as
    it arrives. One call looks at a bounded number of events; `complete` is False when it stopped
    before the end.
    """
    if after >= upto:
        return Found([], after)
    page = matching_seqs(
        organisation_id,
        msgspec.structs.replace(
            query,
            order_by=BY_RECORD_TIME,
            order_field=None,
            descending=False,
            first=None,
            most=None,
        ),
        view=view,
        limit=limit,
        captured_from=after + 1,
        captured_before=upto + 1,
    )
    if page.next is None:
        return Found(page.seqs, upto)
    return Found(page.seqs, page.next.seq, complete=False)
