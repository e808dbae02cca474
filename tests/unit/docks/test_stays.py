"""Visits and stays agree with a plain model that looks at one read after the other."""

from __future__ import annotations

from dataclasses import astuple
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from suyuan.core.tag_reads import TagReads
from suyuan.docks.models import Outcome
from suyuan.docks.services.field import together
from suyuan.docks.sightings import Visit, sightings
from suyuan.docks.stays import Stay, Stays

WINDOW = 10

type Read = tuple[str, int, int, float]
"""EPC, time, antenna, dBm."""

reads_ = st.lists(
    st.tuples(
        st.sampled_from(["A1", "B2", "C3"]),
        st.integers(1, 90),
        st.integers(1, 3),
        st.sampled_from([-40.0, -55.0, -70.0, -np.inf]),
    ),
    max_size=40,
)


def report(reads: list[Read]) -> TagReads:
    epcs, times, antennas, rssi = zip(*reads, strict=True) if reads else ((), (), (), ())
    return TagReads(
        list(epcs),
        np.array(times, dtype=np.int64),
        np.array(antennas, dtype=np.int64),
        np.array(rssi, dtype=np.float64),
    )


def plain(reads: list[Read]) -> list[tuple[str, int, int, int]]:
    """Return EPC, first, last and count of each visit, read by read."""
    visits: list[tuple[str, int, int, int]] = []
    for epc in sorted({read[0] for read in reads}):
        for time in sorted(read[1] for read in reads if read[0] == epc):
            known = visits[-1] if visits and visits[-1][0] == epc else None
            if known and time - known[2] <= WINDOW:
                visits[-1] = (epc, known[1], time, known[3] + 1)
            else:
                visits.append((epc, time, time, 1))
    return visits


@given(reads_)
def test_visits_agree_with_the_plain_model(reads: list[Read]) -> None:
    seen = sightings(report(reads), now=50, window=WINDOW, least_rssi=None)
    found = [(one.epc, one.first_at, one.last_at, one.count) for one in seen.visits]
    assert sorted(found) == plain(reads)
    assert seen.tags == len({read[0] for read in reads})
    assert seen.latest == max((read[1] for read in reads), default=0)


@given(reads_)
def test_weak_reads_are_left_out_and_counted(reads: list[Read]) -> None:
    seen = sightings(report(reads), now=50, window=WINDOW, least_rssi=-60.0)
    strong = [read for read in reads if read[3] >= -60 or read[3] == -np.inf]
    assert seen.weak == len(reads) - len(strong)
    assert sorted((v.epc, v.first_at, v.last_at, v.count) for v in seen.visits) == plain(strong)


@given(reads_)
def test_a_visit_tells_its_first_last_and_strongest_antenna(reads: list[Read]) -> None:
    for visit in sightings(report(reads), now=50, window=WINDOW, least_rssi=None).visits:
        mine = [
            read
            for read in reads
            if read[0] == visit.epc and visit.first_at <= read[1] <= visit.last_at
        ]
        assert (visit.epc, visit.first_at, visit.first_antenna) in {row[:3] for row in mine}
        assert (visit.epc, visit.last_at, visit.last_antenna) in {row[:3] for row in mine}
        best = max(read[3] for read in mine)
        assert visit.best_rssi == (None if best == -np.inf else best)
        assert visit.best_antenna in {read[2] for read in mine if read[3] == best}


def told(stays: Stays) -> list[tuple[str, int, int, int]]:
    return sorted((one.epc, one.first_at, one.last_at, one.count) for one in stays.all())


def take(stays: Stays, reads: list[Read], watermark: int) -> int:
    """Take a report as a field does; return the watermark."""
    seen = sightings(report(reads), now=0, window=WINDOW, least_rssi=None)
    stays.meet(seen.visits)
    watermark = max(watermark, seen.latest)
    stays.end(watermark)
    for stay in stays.all():
        stay.ended = stay.ended or stay.ending
    return watermark


@given(reads_, st.lists(st.integers(0, 40), max_size=5))
def test_however_reads_are_cut_into_reports_the_stays_are_the_same(
    reads: list[Read], cuts: list[int]
) -> None:
    ordered = sorted(reads, key=lambda read: read[1])
    places = sorted(min(cut, len(ordered)) for cut in cuts)
    stays, watermark = Stays(WINDOW), 0
    for begin, end in pairwise([0, *places, len(ordered)]):
        watermark = take(stays, ordered[begin:end], watermark)
    assert told(stays) == plain(ordered)
    assert stays.late == 0


@given(st.lists(reads_, max_size=6))
def test_in_whatever_order_reports_come_a_tag_has_one_stay_that_lasts(
    reports: list[list[Read]],
) -> None:
    stays, watermark = Stays(WINDOW), 0
    for reads in reports:
        watermark = take(stays, reads, watermark)
        lasting = [stay.epc for stay in stays.all() if not stay.ended]
        assert len(lasting) == len(set(lasting))
        assert all(stay.last_at >= watermark - WINDOW for stay in stays.all() if not stay.ended)
    assert sum(stay.count for stay in stays.all()) == sum(map(len, reports))


def visit(epc: str, first: int, last: int) -> Visit:
    return Visit(epc, first, last, 1, 1, 1, 1, None)


def stay(key: int, first: int, last: int) -> Stay:
    return Stay(0, "A1", key, "", *astuple(visit("A1", first, last))[1:])


def test_the_window_itself_still_belongs_to_the_stay() -> None:
    stays = Stays(WINDOW)
    stays.meet([visit("A1", 0, 5)])
    stays.end(15)
    assert not any(one.ending for one in stays.all())
    stays.meet([visit("A1", 15, 15)])
    assert told(stays) == [("A1", 0, 15, 2)]
    stays.meet([visit("A1", 26, 26)])
    stays.end(26)
    assert [one.ending for one in stays.all()] == [True, False]


def test_what_comes_late_to_a_stay_that_ended_makes_it_longer_and_begins_none() -> None:
    stays = Stays(WINDOW)
    known = stay(1, 0, 5)
    known.ended = True
    stays.know(known)
    stays.meet([visit("A1", 9, 12), visit("A1", 20, 22)])
    assert (stays.late, told(stays)) == (2, [("A1", 0, 22, 3)])


def test_a_thing_that_moves_again_is_told_in_a_later_event() -> None:
    second = 1_000_000
    inward, outward = Outcome.ARRIVED, Outcome.DEPARTED
    moves = [
        (1 * second, inward, stay(1, 0, 0)),
        (2 * second, inward, stay(2, 0, 0)),
        (9 * second, outward, stay(1, 0, 0)),
        (9 * second, inward, stay(3, 0, 0)),
        (400 * second, inward, stay(4, 0, 0)),
    ]
    found = [(how, at, [one.key for one in stays]) for how, at, stays in together(moves)]
    assert found == [
        (inward, 2 * second, [1, 2]),
        (outward, 9 * second, [1]),
        (inward, 9 * second, [3]),
        (inward, 400 * second, [4]),
    ]
