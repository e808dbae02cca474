"""From raw reads to visits: for each tag, its runs of reads without a long gap.

Owns: the sums over a report. Pure: no database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suyuan.core.tag_reads import TagReads

type Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Visit:
    """Reads of one tag without a gap longer than the window.

    Attributes:
        first_at: microseconds since 1970.
        best_rssi: dBm; None where the reader told no strength.
    """

    epc: str
    first_at: int
    last_at: int
    count: int
    first_antenna: int
    last_antenna: int
    best_antenna: int
    best_rssi: float | None


@dataclass(frozen=True, slots=True)
class Sightings:
    """What a report saw.

    Attributes:
        visits: tag by tag, and those of one tag in the order of time.
        tags: how many tags there are.
        latest: the latest read in microseconds since 1970; 0 without reads.
        weak: how many reads were left out as too weak.
    """

    visits: list[Visit]
    tags: int
    latest: int
    weak: int


def sightings(reads: TagReads, *, now: int, window: int, least_rssi: float | None) -> Sightings:
    """Sum a report up.

    Args:
        reads: The report, in any order.
        now: Microseconds since 1970, for reads without a time.
        window: Microseconds; a longer gap parts two visits.
        least_rssi: Weaker reads are left out; reads without a strength are kept.
    """
    strong = np.ones(len(reads), dtype=np.bool_)
    if least_rssi is not None:
        strong = (reads.rssi >= least_rssi) | np.isneginf(reads.rssi)
    kept = np.flatnonzero(strong)
    if not kept.size:
        return Sightings([], 0, 0, len(reads))
    # A dictionary numbers the tags: an array of texts would be as wide as the longest of them.
    numbers: dict[str, int] = {}
    which = np.array(
        [numbers.setdefault(reads.epcs[i], len(numbers)) for i in kept.tolist()], dtype=np.int64
    )
    times = np.where(reads.times[kept] < 0, now, reads.times[kept])
    order = np.lexsort((times, which))
    which, times, kept = which[order], times[order], kept[order]
    begins = np.flatnonzero(
        np.diff(which, prepend=-1).astype(np.bool_) | (np.diff(times, prepend=times[0]) > window)
    )
    return Sightings(
        visits=_visits(list(numbers), which, times, reads, kept, begins),
        tags=len(numbers),
        latest=int(times.max()),
        weak=len(reads) - int(kept.size),
    )


def _visits(
    epcs: list[str],
    which: Numbers,
    times: Numbers,
    reads: TagReads,
    kept: Numbers,
    begins: Numbers,
) -> list[Visit]:
    """Cut reads, ordered by tag and time, at `begins`; shapes (n,) but for `begins`."""
    ends = np.append(begins[1:], len(which)) - 1
    visit = np.repeat(np.arange(len(begins)), ends - begins + 1)
    rssi, antennas = reads.rssi[kept], reads.antennas[kept]
    best = np.lexsort((rssi, visit))[ends]
    columns: Iterator[tuple[Any, ...]] = zip(
        which[begins].tolist(),
        times[begins].tolist(),
        times[ends].tolist(),
        (ends - begins + 1).tolist(),
        antennas[begins].tolist(),
        antennas[ends].tolist(),
        antennas[best].tolist(),
        rssi[best].tolist(),
        strict=True,
    )
    return [
        Visit(*(epcs[tag], *numbers, None if strength == -np.inf else strength))
        for tag, *numbers, strength in columns
    ]
