"""Scenarios of making: blends, rework, what a transformation does not say of its inputs."""

from __future__ import annotations

import pytest

from suyuan.core.epcis.build import object_event, quantity, transformation_event
from tests.scenario_world import (
    BOX,
    DEPOT,
    HOUSE,
    LEAF,
    PLANT,
    POSSIBLE,
    PROVEN,
    SHOP,
    UNKNOWN,
    Ground,
    at,
    case,
    item,
    items,
    leaf,
    lot,
)

pytestmark = pytest.mark.django_db


def _blend(ground: Ground) -> None:
    """Blend M-1 and M-2 to B-1, of which L-A and L-B are made; L-C is of M-2 alone."""
    ground.received("M-1", 10, hours=0)
    ground.received("M-2", 50, hours=0.5)
    ground.put(
        "blend",
        transformation_event(
            time=at(1),
            input_quantities=[quantity(leaf("M-1"), 10, "KGM"), quantity(leaf("M-2"), 30, "KGM")],
            output_quantities=[quantity(leaf("B-1"), 40, "KGM")],
            location=PLANT,
        ),
    )
    ground.made("L-A", range(1, 5), hours=2, count=5, materials=[_kilos("B-1", 20)])
    ground.made("L-B", range(11, 14), hours=4, materials=[_kilos("B-1", 15)])
    ground.made("L-C", range(21, 23), hours=6, materials=[_kilos("M-2", 8)])


def _kilos(code: str, amount: float) -> dict[str, object]:
    return quantity(leaf(code), amount, "KGM")


def test_a_blended_lot_affects_what_was_made_of_the_blend_and_nothing_else(ground: Ground) -> None:
    _blend(ground)
    found = ground.scope(leaf("M-1"))
    assert ground.grades(found) == {PROVEN: {1, 2, 3, 4, 11, 12, 13}}
    assert ground.lots(found) == {
        "M-1": (0, PROVEN),
        "B-1": (1, PROVEN),
        "L-A": (2, PROVEN),
        "L-B": (2, PROVEN),
    }
    assert ground.places(found) == {(HOUSE, "plant", PROVEN): {1, 2, 3, 4, 11, 12, 13}}
    assert list(found.shipments) == []
    assert ground.findings(found) == []
    assert ground.balances(found) == {
        ("M-1", "KGM"): ("10", 0, 0, 0, "", "10", "", "0", True),
        ("B-1", "KGM"): ("40", 0, 0, 0, "", "35", "", "5", True),
        ("L-A", ""): ("5", 4, 4, 0, "1", "", "", "", True),
        ("L-B", ""): ("3", 3, 3, 0, "0", "", "", "", True),
    }
    assert ground.why(found, item(12)) == [
        ("start", "M-1", "", PROVEN),
        ("transformation", "B-1", "blend", PROVEN),
        ("transformation", "L-B", "make L-B", PROVEN),
        ("birth", "12", "born L-B", PROVEN),
    ]


def test_a_blend_that_used_more_than_there_was_does_not_balance(ground: Ground) -> None:
    ground.received("M-1", 10, hours=0)
    ground.made("L-A", [1, 2, 3], hours=1, count=2, materials=[_kilos("M-1", 12.5)])
    found = ground.scope(leaf("M-1"))
    assert ground.balances(found) == {
        ("M-1", "KGM"): ("10", 0, 0, 0, "", "12.5", "", "-2.5", False),
        ("L-A", ""): ("2", 3, 3, 0, "", "", "", "", False),
    }
    assert ground.findings(found) == [
        ("more_used_than_came", ["receive M-1", "make L-A"], set()),
        ("more_out_than_made", ["make L-A"], {1, 2, 3}),
    ]
    assert [one.amount for one in found.findings] == ["2.5 KGM", "1"]


def test_reworked_items_hand_on_what_they_were_made_of(ground: Ground) -> None:
    ground.made("L-A", range(1, 6), hours=0)
    ground.made("L-B", [9], hours=0)
    ground.put(
        "rework",
        transformation_event(
            time=at(5),
            inputs=items(3, 9),
            outputs=items(30, 31),
            step="repairing",
            location=DEPOT,
            ilmd={"cbvmda:lotNumber": "R-1"},
        ),
    )
    ground.put(
        "again",
        transformation_event(time=at(6), inputs=items(4), outputs=items(4), location=DEPOT),
    )
    found = ground.scope(lot("L-A"))
    assert ground.grades(found) == {PROVEN: {1, 2, 3, 4, 5, 30, 31}}
    assert ground.lots(found) == {"L-A": (0, PROVEN), "R-1": (1, PROVEN)}
    assert ground.findings(found) == [("cycle", ["again"], set())]
    assert ground.balances(found) == {
        ("L-A", ""): ("5", 5, 5, 0, "0", "", "", "", True),
        ("R-1", ""): ("2", 2, 2, 0, "0", "", "", "", True),
    }
    assert ground.why(found, item(31)) == [
        ("start", "L-A", "", PROVEN),
        ("birth", "3", "born L-A", PROVEN),
        ("transformation", "31", "rework", PROVEN),
    ]


def test_what_went_round_in_a_circle_is_walked_once(ground: Ground) -> None:
    for name, source, target in (("one", "A", "B"), ("two", "B", "C"), ("three", "C", "A")):
        ground.put(
            name,
            transformation_event(
                time=at(1),
                input_quantities=[_kilos(source, 1)],
                output_quantities=[_kilos(target, 1)],
            ),
        )
    found = ground.scope(leaf("A"))
    assert ground.lots(found) == {"A": (0, PROVEN), "B": (1, PROVEN), "C": (2, PROVEN)}
    assert ground.findings(found) == [("cycle", ["one", "two", "three"], set())]


def test_a_transformation_told_in_two_events_that_takes_its_own_output_is_a_circle(
    ground: Ground,
) -> None:
    # Sour dough: a part of each batch is kept for the next.
    fed = transformation_event(
        time=at(1),
        transformation_id="urn:x:dough",
        input_quantities=[_kilos("M-1", 3), _kilos("D-1", 1)],
    )
    taken = transformation_event(
        time=at(1), transformation_id="urn:x:dough", output_quantities=[_kilos("D-1", 4)]
    )
    ground.put("feed", fed)
    ground.put("take", taken)
    found = ground.scope(leaf("M-1"))
    assert ground.lots(found) == {"M-1": (0, PROVEN), "D-1": (1, PROVEN)}
    assert ground.findings(found) == [("cycle", ["feed"], set())]


def test_a_chain_of_mixed_granularity_is_as_sure_as_its_worst_link(ground: Ground) -> None:
    # Material by lot, a middle product by class alone, items at the end.
    ground.received("M-1", 10, hours=0)
    ground.received("M-2", 10, hours=0, place=DEPOT)
    bare = f"https://id.gs1.org/01/{LEAF}"
    mixed = f"https://id.gs1.org/01/{BOX}"
    for name, hours, place, code, serials in (
        ("here", 5, PLANT, "L-A", [1, 2]),
        ("elsewhere", 6, SHOP, "L-B", [11]),
        ("before", -1, PLANT, "L-C", [21]),
    ):
        ground.put(
            name,
            transformation_event(
                time=at(hours),
                input_quantities=[quantity(bare, 4, "KGM")],
                output_quantities=[quantity(lot(code), len(serials))],
                location=place,
            ),
        )
        ground.born(f"born {code}", code, serials, hours=hours + 1, place=place)
    ground.put(
        "bare",
        transformation_event(
            time=at(8),
            inputs=items(2),
            output_quantities=[quantity(mixed, 1)],
            location=PLANT,
        ),
    )
    ground.put(
        "boxed",
        transformation_event(
            time=at(9),
            input_quantities=[quantity(mixed, 1)],
            outputs=[item(70, BOX)],
            location=PLANT,
        ),
    )
    found = ground.scope(leaf("M-1"))
    assert ground.grades(found) == {POSSIBLE: {1, 2, 70}, UNKNOWN: {11}}
    assert ground.lots(found) == {
        "M-1": (0, PROVEN),
        "L-A": (1, POSSIBLE),
        "": (2, POSSIBLE),
        "L-B": (1, UNKNOWN),
    }
    assert sorted(ground.findings(found)) == [
        ("lot_not_recorded", ["elsewhere"], {11}),
        ("lot_not_recorded", ["here"], {1, 2}),
        ("output_without_lot", ["bare"], set()),
    ]
    assert ground.why(found, item(70, BOX)) == [
        ("start", "M-1", "", PROVEN),
        ("same_class", "L-A", "here", POSSIBLE),
        ("birth", "2", "born L-A", PROVEN),
        ("transformation", "2", "bare", PROVEN),
        ("transformation", "70", "boxed", PROVEN),
    ]
    other = ground.scope(leaf("M-2"))  # came to the depot only
    assert ground.grades(other) == {UNKNOWN: {1, 2, 11, 70}}


def test_goods_without_serials_are_told_as_movements(ground: Ground) -> None:
    ground.put(
        "make",
        transformation_event(
            time=at(0),
            input_quantities=[_kilos("M-1", 10)],
            output_quantities=[quantity(lot("L-A"), 240)],
            location=PLANT,
        ),
    )
    ground.put(
        "ship",
        object_event(
            time=at(2),
            action="OBSERVE",
            quantities=[quantity(lot("L-A"), 100)],
            step="shipping",
            disposition="in_transit",
            read_point=PLANT,
            destinations=[("location", DEPOT)],
            transactions=[("bol", "urn:x:bol:1")],
        ),
    )
    ground.pack("load", 7, [], 3, child_quantities=[quantity(lot("L-A"), 60)], location=PLANT)
    ground.seen("arrive", [case(7)], "receiving", 9, location=SHOP)
    found = ground.scope(leaf("M-1"))
    assert not found.items
    assert [
        (one.amount, one.whereabouts.value, one.location, one.certainty) for one in found.movements
    ] == [("100", "in_transit", DEPOT, PROVEN), ("60", "in_house", SHOP, PROVEN)]
    assert [one.id for one in found.movements[0].transactions] == ["urn:x:bol:1"]
    assert ground.balances(found)["L-A", ""] == ("240", 0, 0, 0, "", "", "", "240", True)
