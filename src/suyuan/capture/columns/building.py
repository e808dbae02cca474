"""Making segments, and making them again to compare.

Owns: when a segment is full, what its rows hold.
Does not own: reading them (reading).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from django.db import IntegrityError, transaction

from suyuan.capture.columns.packing import pack
from suyuan.capture.columns.slices import Slice, page_of, read_slice
from suyuan.capture.models import Segment, SegmentPage
from suyuan.core.keyset import Keys
from suyuan.tenancy.models import Organisation

SEGMENT: Final = 1 << 14  # events
PAGE: Final = 1 << 13  # runs
MOST_RUNS: Final = 1 << 21  # of one segment: memory is bounded, whatever events hold

type Progress = Callable[[int], None]


def build_segments(organisation_id: int, progress: Progress | None = None) -> int:
    """Make the segments that are full and not there yet; return how many those are.

    Two that build at the same time do not disturb each other: the second finds it done. A sandbox
    gets none: its events may be forgotten, and they are few.

    Args:
        organisation_id: whose events.
        progress: is told the last number after each segment.
    """
    if Organisation.objects.filter(pk=organisation_id, sandbox_of__isnull=False).exists():
        return 0
    made = 0
    while last := _build_next(organisation_id):
        made += 1
        if progress:
            progress(last)
    return made


def rebuild_segments(organisation_id: int, progress: Progress | None = None) -> int:
    """Forget an organisation's segments and make them anew; return how many those are."""
    with transaction.atomic():
        SegmentPage.objects.filter(organisation_id=organisation_id).delete()
        Segment.objects.filter(organisation_id=organisation_id).delete()
    return build_segments(organisation_id, progress)


def _build_next(organisation_id: int) -> int:
    """Make the next segment; return its last number, 0 if none is full."""
    known = Segment.objects.filter(organisation_id=organisation_id).order_by("-first")
    last = known.values_list("last", flat=True).first() or 0
    piece = read_slice(organisation_id, last + 1, SEGMENT)
    if piece.seqs.size < SEGMENT and piece.firsts.size < MOST_RUNS:
        return 0
    if piece.firsts.size > MOST_RUNS and piece.seqs.size > 1:
        through = np.searchsorted(np.sort(piece.events), piece.seqs, side="right")
        fitting = max(1, int(np.count_nonzero(through <= MOST_RUNS)))
        piece = read_slice(organisation_id, last + 1, fitting)
    segment, pages = _rows(organisation_id, piece)
    try:
        with transaction.atomic():
            segment.save(force_insert=True)
            SegmentPage.objects.bulk_create(pages)
    except IntegrityError:
        return 0
    return int(segment.last)


def _rows(organisation_id: int, piece: Slice) -> tuple[Segment, list[SegmentPage]]:
    """Return a segment and its pages: facts on page 0, runs on the others."""
    first = int(piece.seqs[0])
    contents = [pack([piece.seqs, *piece.facts])]
    least, greatest = [], []
    lasts = piece.firsts + piece.lengths - 1
    for at in range(0, piece.firsts.size, PAGE):
        part = slice(at, at + PAGE)
        runs = (piece.firsts, piece.lengths, piece.events, piece.roles)
        contents.append(pack([column[part] for column in runs]))
        least.append(piece.firsts[at])
        greatest.append(lasts[part].max())
    segment = Segment(
        organisation_id=organisation_id,
        first=first,
        last=int(piece.seqs[-1]),
        events=piece.seqs.size,
        least=_array(least).tobytes(),
        greatest=_array(greatest).tobytes(),
    )
    pages = [
        SegmentPage(organisation_id=organisation_id, number=page_of(first, number), packed=packed)
        for number, packed in enumerate(contents)
    ]
    return segment, pages


def _array(numbers: list[Any]) -> Keys:
    return np.array(numbers, dtype=np.int64)


def differing_segments(organisation_id: int, most: int) -> tuple[int, list[int]]:
    """Make at most `most` segments anew from their rows and compare.

    Returns:
        How many were compared, and the first numbers of those that differ.
    """
    segments = list(Segment.objects.filter(organisation_id=organisation_id).order_by("first"))
    step = max(1, len(segments) // max(1, most))
    sample = segments[::step][:most]
    differing = []
    for segment in sample:
        piece = read_slice(organisation_id, segment.first, segment.events)
        kept = SegmentPage.objects.filter(
            organisation_id=organisation_id,
            number__gte=page_of(segment.first, 0),
            number__lt=page_of(segment.first + 1, 0),
        )
        told = {number: bytes(data) for number, data in kept.values_list("number", "packed")}
        again, pages = _rows(organisation_id, piece) if piece.seqs.size else (None, [])
        same = (
            again is not None
            and (again.last, bytes(again.least), bytes(again.greatest))
            == (segment.last, bytes(segment.least), bytes(segment.greatest))
            and {one.number: bytes(one.packed) for one in pages} == told
        )
        if not same:
            differing.append(segment.first)
    return len(sample), differing
