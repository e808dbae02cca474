"""A scope that is looked at, kept for a while so that its lists need not find it again.

Owns: `Preview`, `look`.
Invariant: what is kept is given again only while no event was captured since, and only to the
organisation that it is of. It is memory alone: any other process finds the same.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from suyuan.kernel.lists import select
from suyuan.lineage import selectors as lineage
from suyuan.lineage.values import Link, Scope
from suyuan.recalls.starts import Start, lineage_starts, read_starts
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_MOST_KEPT: Final = 4
_KEPT_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True)
class Preview:
    """What a recall would affect, and how long finding it took."""

    starts: tuple[Start, ...]
    scope: Scope
    took_ms: int


_kept: OrderedDict[object, tuple[float, Preview]] = OrderedDict()
_lock = threading.Lock()


def look(*, actor: Actor, starts: Sequence[str]) -> Preview:
    """Return what a recall that began with `starts` would affect; changes nothing.

    Raises:
        Invalid: see `recalls.starts.read_starts`.
    """
    actor.require(Right.RECALL_VIEW)
    began = time.perf_counter()
    known = tuple(read_starts(organisation_id=actor.organisation_id, texts=starts))
    texts = tuple((start.text, start.meant) for start in known)
    mark = (actor.organisation_id, texts, _last_event(actor.organisation_id))
    if (kept := _known(mark)) is not None:
        return kept
    scope = lineage.scope(organisation_id=actor.organisation_id, starts=lineage_starts(known))
    found = Preview(known, scope, round((time.perf_counter() - began) * 1000))
    with _lock:
        _kept[mark] = (time.monotonic(), found)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return found


def forget() -> None:
    """Keep nothing any longer."""
    with _lock:
        _kept.clear()


def _known(mark: object) -> Preview | None:
    with _lock:
        kept = _kept.get(mark)
        if kept is None or time.monotonic() - kept[0] > _KEPT_SECONDS:
            return None
        _kept.move_to_end(mark)
        return kept[1]


def _last_event(organisation_id: int) -> tuple[object, ...]:
    """Return the number and the job of the last event: another history has another job."""
    rows = select(
        "SELECT seq, job FROM capture_storedevent WHERE organisation_id = %s "
        "ORDER BY seq DESC LIMIT 1",
        [organisation_id],
    )
    return rows[0] if rows else ()


def chain(*, actor: Actor, seen: Preview, key: int) -> list[Link]:
    """Return the events that lead from a start to a unit, the best chain; none if none does."""
    actor.require(Right.RECALL_VIEW)
    return lineage.why(organisation_id=actor.organisation_id, found=seen.scope, key=key)
