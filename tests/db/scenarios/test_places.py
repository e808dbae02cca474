"""Scenarios of places: docks without scans, a warm fridge, a shift at a line."""

from __future__ import annotations

import pytest

from suyuan.core.epcis.build import transformation_event
from suyuan.core.epcis.vocabulary import STEP_NUMBERS
from suyuan.core.instants import microseconds
from suyuan.lineage.starts import Handling, Told
from tests.scenario_world import (
    DEPOT,
    FRIDGE,
    HOUSE,
    PLANT,
    POSSIBLE,
    PROVEN,
    SHOP,
    TRANSIT,
    Ground,
    at,
    case,
    during,
    item,
    items,
    lot,
)

pytestmark = pytest.mark.django_db


def _docks(ground: Ground) -> None:
    """Three cases go from the plant to the depot and on to the shop.

    Case 1 is scanned in and out. Case 2 is not scanned at the depot's door, only at its shelf in
    hour 10. Case 3 is scanned in, and next at the shop: nobody saw it leave. Item 7 stays.
    """
    ground.made("L-A", range(1, 8), hours=-3)
    for number, serials in ((1, (1, 2)), (2, (3, 4)), (3, (5, 6))):
        ground.pack(f"pack {number}", number, items(*serials), 0, location=PLANT)
        ground.seen(f"ship {number}", [case(number)], "shipping", 1, read_point=PLANT)
    ground.seen("in 1", [case(1)], "receiving", 4, location=DEPOT)
    ground.seen("out 1", [case(1)], "shipping", 6, read_point=DEPOT)
    ground.seen("shelf 2", [case(2)], "storing", 10, location=DEPOT)
    ground.seen("in 3", [case(3)], "receiving", 4, location=DEPOT)
    ground.seen("at shop", [case(3)], "receiving", 12, location=SHOP)


def test_a_dock_without_scans_leaves_open_what_was_there(ground: Ground) -> None:
    _docks(ground)
    depot = ground.key(DEPOT)
    found = ground.scope(during([depot], 5, 5.5))
    assert ground.grades(found) == {PROVEN: {1, 2}, POSSIBLE: {3, 4, 5, 6}}
    assert ground.findings(found) == [
        ("missing_receiving", ["ship 2", "shelf 2"], {3, 4}),
        ("missing_departure", ["in 3", "at shop"], {5, 6}),
    ]
    came, left = found.findings
    assert (came.step, came.place, came.since, came.until) == ("receiving", DEPOT, at(1), at(10))
    assert (left.step, left.place, left.since, left.until) == ("shipping", DEPOT, at(4), at(12))
    assert ground.places(found) == {
        (TRANSIT, "", PROVEN): {1, 2},
        (HOUSE, "depot", POSSIBLE): {3, 4},
        (HOUSE, "shop", POSSIBLE): {5, 6},
    }
    assert ground.why(found, item(1)) == [("present", "1", "in 1", PROVEN)]
    assert ground.why(found, item(3)) == [("present", "3", "shelf 2", POSSIBLE)]


@pytest.mark.parametrize(
    ("since", "until", "proven", "possible"),
    [
        (0, 0.9, set(), set()),  # everything was at the plant
        (4, 4, {1, 2, 5, 6}, {3, 4}),  # the moment of the scan
        (6, 6, {1, 2}, {3, 4, 5, 6}),  # the moment of leaving
        (6.1, 9.9, set(), {3, 4, 5, 6}),
        (10, 10, {3, 4}, {5, 6}),
        (11, 11.9, {3, 4}, {5, 6}),
        (12, 99, {3, 4}, set()),
    ],
)
def test_a_stay_lasts_from_its_first_scan_to_the_departure(
    ground: Ground, since: float, until: float, proven: set[int], possible: set[int]
) -> None:
    _docks(ground)
    found = ground.scope(during([ground.key(DEPOT)], since, until))
    told = {PROVEN: proven, POSSIBLE: possible}
    assert ground.grades(found) == {grade: some for grade, some in told.items() if some}


def test_a_fridge_that_was_warm_affects_what_was_in_it_and_what_came_of_it(ground: Ground) -> None:
    ground.made("L-A", range(1, 7), hours=-3)
    ground.seen("into", items(1, 2, 3), "storing", 0, location=FRIDGE)
    ground.seen("out", items(1), "storing", 5, location=DEPOT)  # carried out of the fridge
    ground.seen("late", items(4), "storing", 20, location=FRIDGE)
    ground.pack("pallet", 9, items(5, 6), 2)
    reading = ground.seen("reading", [case(9)], "sensor_reporting", 9, read_point=FRIDGE)
    ground.unpack("open", 9, items(5), 8)
    warm = ground.scope(during([ground.key(FRIDGE)], 4, 8))
    assert ground.grades(warm) == {PROVEN: {2, 3}, POSSIBLE: {1, 4}}
    assert [one.code.value for one in warm.findings] == ["missing_receiving", "missing_departure"]
    # A reading of the pallet's own logger: what was on it then, wherever that was.
    logged = ground.scope(Told((reading,)))
    assert ground.grades(logged) == {PROVEN: {6}}
    assert ground.why(logged, item(6)) == [("told", "6", "reading", PROVEN)]
    both = ground.scope(during([ground.key(FRIDGE)], 4, 8), Told((reading,)))
    assert ground.grades(both) == {PROVEN: {2, 3, 6}, POSSIBLE: {1, 4}}


def test_a_shift_at_a_line_affects_what_it_worked_on(ground: Ground) -> None:
    ground.made("L-A", range(1, 7), hours=-3)
    ground.pack("pack", 1, items(1, 2), 1, read_point=PLANT)
    ground.seen("inspect", [case(1), *items(3)], "inspecting", 2, read_point=PLANT)
    ground.unpack("open", 1, items(1), 3, read_point=PLANT)
    ground.seen("elsewhere", items(4), "inspecting", 2, read_point=SHOP)
    ground.seen("later", items(5), "inspecting", 9, read_point=PLANT)
    plant = ground.key(PLANT)
    hours = microseconds(at(1.5)), microseconds(at(3))
    shift = Handling((plant,), *hours)
    found = ground.scope(shift)
    assert ground.grades(found) == {PROVEN: {1, 2, 3}}
    assert ground.why(found, item(2)) == [("handled", "2", "inspect", PROVEN)]
    opened = Handling((plant,), *hours, steps=(STEP_NUMBERS["unpacking"],))
    assert ground.grades(ground.scope(opened)) == {PROVEN: {1, 2}}  # 2 was in the case it opened
    whole = Handling((plant,), microseconds(at(-3)), microseconds(at(-2)))
    assert ground.lots(ground.scope(whole)) == {"L-A": (0, PROVEN)}
    assert ground.grades(ground.scope(whole)) == {PROVEN: {1, 2, 3, 4, 5, 6}}
    assert ground.places(ground.scope(lot("L-A")))[HOUSE, "plant", PROVEN] >= {2, 3}


def test_what_was_reworked_into_itself_at_a_place_came_to_be_there(ground: Ground) -> None:
    ground.born("born", "L-A", [1], hours=1, place=PLANT)
    event = transformation_event(
        time=at(8), inputs=items(1), outputs=items(1), step="repairing", location=DEPOT
    )
    ground.put("rework", event)
    assert not ground.scope(during([ground.key(DEPOT)], 4, 6)).items
    assert ground.grades(ground.scope(during([ground.key(DEPOT)], 8, 9))) == {PROVEN: {1}}
