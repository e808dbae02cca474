"""From raw reads to one sighting for each tag.

Owns: the sums over a report. Pure: no database.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suyuan.core.tag_reads import TagReads

type Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sightings:
    """Each tag once; arrays have shape (n,), in the order of `epcs`, which ascend.

    Attributes:
        weak: how many reads were left out as too weak.
    """

    epcs: list[str]
    first_at: Numbers
    last_at: Numbers
    count: Numbers
    first_antenna: Numbers
    last_antenna: Numbers
    best_antenna: Numbers
    best_rssi: NDArray[np.float64]
    weak: int

    def __len__(self) -> int:
        """Return how many tags there are."""
        return len(self.epcs)


def sightings(reads: TagReads, *, now: int, least_rssi: float | None) -> Sightings:
    """Sum a report up.

    Args:
        reads: The report.
        now: Microseconds since 1970, for reads without a time.
        least_rssi: Weaker reads are left out; reads without a strength are kept.
    """
    strong = np.ones(len(reads), dtype=np.bool_)
    if least_rssi is not None:
        strong = (reads.rssi >= least_rssi) | np.isneginf(reads.rssi)
    kept = np.flatnonzero(strong)
    texts = np.array(reads.epcs)[kept] if kept.size else np.array([], dtype="U1")
    times = np.where(reads.times[kept] < 0, now, reads.times[kept])
    rssi, antennas = reads.rssi[kept], reads.antennas[kept]
    epcs, which = np.unique(texts, return_inverse=True)
    # In the order of tag, then time: each tag's first and last read stand at its group's ends.
    order = np.lexsort((times, which))
    starts = np.searchsorted(which[order], np.arange(len(epcs)))
    ends = np.append(starts[1:], len(order)) - 1
    strongest = np.lexsort((rssi, which))[ends] if kept.size else starts
    return Sightings(
        epcs=epcs.tolist(),
        first_at=times[order[starts]],
        last_at=times[order[ends]],
        count=np.diff(np.append(starts, len(order))),
        first_antenna=antennas[order[starts]],
        last_antenna=antennas[order[ends]],
        best_antenna=antennas[strongest],
        best_rssi=rssi[strongest],
        weak=len(reads) - int(kept.size),
    )
