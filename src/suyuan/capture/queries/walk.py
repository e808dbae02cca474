"""Walk an index in a query's order, in batches, and stop in time.

Owns: the bound of work for one page.
Invariant: a page reads at most `MOST_READ` events that its index could not rule out, and passes
over `MOST_PASSED` entries of an index, whatever is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from suyuan.capture.encode import server_event_id
from suyuan.capture.models import CaptureJob
from suyuan.capture.queries.plan import Plan
from suyuan.capture.queries.rows import Row
from suyuan.capture.queries.sources import Spot, source_of
from suyuan.capture.queries.visible import Sight
from suyuan.core.epcis.query import Criterion, Subject, holds

MOST_READ: Final = 2_000
_LARGEST_BATCH: Final = 1_000


@dataclass(slots=True)
class Found:
    """Rows that fit, in order, and where the walk stopped: None at the end."""

    rows: list[Row]
    stopped: Spot | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a walk ends at the latest.

    Attributes:
        rows: that are found.
        epcs: of the rows that are found, but for a first row that has more; None for any number.
        read: rows that columns alone did not rule out.
    """

    rows: int
    epcs: int | None = None
    read: int = MOST_READ


def walk(
    organisation_id: int,
    plan: Plan,
    sight: Sight,
    bounds: Bounds,
    *,
    reach: tuple[int, int],
    after: Spot | None,
) -> Found:
    """Return the first rows that fit after a spot, of the numbers in `reach`."""
    if plan.impossible or sight.blind or bounds.rows < 1:
        return Found([], None)
    found = _Collected(bounds, plan)
    read = 0
    size = bounds.rows + 1
    source = source_of(organisation_id, plan, sight.conditions, reach, after)
    while True:
        batch = source.next(min(size, _LARGEST_BATCH))
        if not found.take(_fitting(organisation_id, plan, sight, batch.rows)):
            return found.stopped_here()
        read += len(batch.rows)
        if batch.end is None:
            return Found(found.rows, None)
        if read >= bounds.read or source.spent:
            return Found(found.rows, batch.end)
        size *= 4


class _Collected:
    """Rows that were found, as long as there is room."""

    def __init__(self, bounds: Bounds, plan: Plan) -> None:
        self.rows: list[Row] = []
        self._bounds = bounds
        self._by_time = plan.by_time
        self._epcs = 0

    def take(self, rows: Iterable[Row]) -> bool:
        """Keep rows; tell whether there was room for all."""
        for row in rows:
            if len(self.rows) == self._bounds.rows:
                return False
            if self._bounds.epcs is not None:
                self._epcs += len(row.epcs) + len(row.outputs)
                if self.rows and self._epcs > self._bounds.epcs:
                    return False
            self.rows.append(row)
        return True

    def stopped_here(self) -> Found:
        """Return what was found, to go on behind the last row."""
        last = self.rows[-1]
        return Found(self.rows, (last.time if self._by_time else 0, last.seq))


def _fitting(organisation_id: int, plan: Plan, sight: Sight, rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows that pass the tests that columns do not answer, and may be seen."""
    some = [row for row in rows if all(test.fits(row) for test in plan.keys)]
    if plan.rest:
        contexts = contexts_of(organisation_id, some) if plan.needs_contexts else {}
        some = [row for row in some if _passes(plan.rest, row, contexts.get(row.job))]
    return iter(sight.visible(some))


def _passes(tests: Sequence[Criterion], row: Row, context: Any) -> bool:
    return all(
        _event_id(row) in test.values
        if test.subject is Subject.EVENT_ID
        else holds(test, row.body, context)
        for test in tests
    )


def _event_id(row: Row) -> str:
    given: str | None = row.body.get("eventID")
    return given or server_event_id(bytes(row.digest))


def contexts_of(organisation_id: int, rows: Sequence[Row]) -> dict[int, Any]:
    """Return the contexts of the documents that rows came with, by job."""
    jobs = {row.job for row in rows}
    if not jobs:
        return {}
    found = CaptureJob.objects.filter(organisation_id=organisation_id, id__in=jobs)
    return dict(found.values_list("id", "context"))
