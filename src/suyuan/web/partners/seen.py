"""Events as a partner sees them, newest first.

Owns: pages of what a view lets through.
Does not own: what it lets through (capture.queries.visible).
Invariant: a page examines at most `MOST_EXAMINED` events; where it found less and did not reach
the end, it says where to go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from suyuan.capture.browse import event_rows
from suyuan.capture.models import EventSequence
from suyuan.capture.queries.visible import visible, voided_as_seen
from suyuan.capture.view import EventView
from suyuan.tenancy.actor import Actor
from suyuan.web.trace.lines import Line, lines_of
from suyuan.web.trace.names import Names

MOST_EXAMINED: Final = 5_000
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """Some events, and the number before which the next page begins: 0 at the end."""

    lines: list[Line]
    following: int = 0


def seen(actor: Actor, view: EventView, *, before: int = 0, limit: int = 50) -> Seen:
    """Return the newest events that a view lets through."""
    here = actor.organisation_id
    top = EventSequence.objects.filter(organisation_id=here).values_list("next", flat=True).first()
    at = min(before, top or 1) if before else (top or 1)
    floor = max(1, at - MOST_EXAMINED)
    found: list[int] = []
    while at > floor and len(found) <= limit:
        low = max(floor, at - _BATCH)
        some = set(visible(here, view, list(range(low, at))))
        found += [seq for seq in range(at - 1, low - 1, -1) if seq in some]
        at = low
    following = found[limit - 1] if len(found) > limit else at if at > 1 else 0
    return Seen(seen_lines(actor, view, found[:limit]), following)


def seen_lines(actor: Actor, view: EventView, seqs: Sequence[int]) -> list[Line]:
    """Return events that a view lets through, as lines; voided ones as far as the view tells it."""
    here = actor.organisation_id
    voided = voided_as_seen(here, view, seqs)
    rows = [replace(row, voided=row.seq in voided) for row in event_rows(here, seqs)]
    return lines_of(actor, rows, Names(actor))
