"""Scenarios of births: swapped labels, corrected events, organisations apart."""

from __future__ import annotations

import pytest

from suyuan.core.epcis.build import quantity
from suyuan.lineage import births
from suyuan.tenancy.actor import Actor
from tests.scenario_world import (
    PLANT,
    POSSIBLE,
    PROVEN,
    UNKNOWN,
    Ground,
    case,
    item,
    items,
    leaf,
    lot,
)

pytestmark = pytest.mark.django_db


def test_items_whose_labels_were_swapped_may_be_of_either_lot(ground: Ground) -> None:
    ground.born("run A", "L-A", range(1, 7), hours=1)
    ground.born("run B", "L-B", range(5, 10), hours=2)  # 5 and 6 were labelled twice
    found = ground.scope(lot("L-A"))
    assert ground.grades(found) == {PROVEN: {1, 2, 3, 4}, POSSIBLE: {5, 6}}
    assert ground.findings(found) == [("two_lots", ["run A", "run B"], {5, 6})]
    assert ground.balances(found) == {("L-A", ""): ("6", 6, 6, 0, "0", "", "", "", True)}
    assert ground.why(found, item(5)) == [
        ("start", "L-A", "", PROVEN),
        ("birth", "5", "run A", POSSIBLE),
    ]
    other = ground.scope(lot("L-B"))
    assert ground.grades(other) == {PROVEN: {7, 8, 9}, POSSIBLE: {5, 6}}
    both = ground.scope(lot("L-A"), lot("L-B"))
    assert ground.grades(both) == {PROVEN: {1, 2, 3, 4, 7, 8, 9}, POSSIBLE: {5, 6}}


def test_a_corrected_birth_moves_items_to_the_lot_that_they_are_of(ground: Ground) -> None:
    ground.born("wrong", "L-A", [1, 2, 3], hours=1)
    ground.born("fine", "L-A", [4], hours=1)
    ground.withdraw("wrong")
    ground.born("right", "L-B", [1, 2], hours=1)  # of 3 nobody said where it belongs
    found = ground.scope(lot("L-A"))
    assert ground.grades(found) == {PROVEN: {4}, UNKNOWN: {3}}
    assert ground.findings(found) == [("birth_withdrawn", ["wrong", "wrong!"], {3})]
    assert ground.balances(found) == {("L-A", ""): ("1", 1, 1, 0, "0", "", "", "", True)}
    assert ground.why(found, item(3)) == [
        ("start", "L-A", "", PROVEN),
        ("birth", "3", "wrong", UNKNOWN),
    ]
    assert ground.grades(ground.scope(lot("L-B"))) == {PROVEN: {1, 2}}


def test_a_corrected_packing_counts_for_nothing(ground: Ground) -> None:
    ground.born("run", "L-A", [1, 2], hours=1)
    ground.pack("wrong", 1, items(1, 2), 2)
    ground.withdraw("wrong")
    ground.pack("right", 1, items(2), 2)
    assert ground.grades(ground.scope(case(1))) == {PROVEN: {2}}
    assert ground.findings(ground.scope(lot("L-A"))) == []


def test_two_organisations_that_used_one_suppliers_lot_see_their_own_goods_only(
    actor: Actor, other_actor: Actor
) -> None:
    ours, theirs = Ground(actor), Ground(other_actor)
    ours.received("M-1", 5, hours=0)
    theirs.received("M-1", 7, hours=0)
    ours.made("L-A", [1, 2], hours=1, materials=[quantity(leaf("M-1"), 5, "KGM")])
    theirs.made("L-A", [2, 3, 4], hours=1, materials=[quantity(leaf("M-1"), 6, "KGM")])
    mine, other = ours.scope(leaf("M-1")), theirs.scope(leaf("M-1"))
    assert ours.grades(mine) == {PROVEN: {1, 2}}
    assert theirs.grades(other) == {PROVEN: {2, 3, 4}}
    assert ours.balances(mine)["M-1", "KGM"] == ("5", 0, 0, 0, "", "5", "", "0", True)
    assert theirs.balances(other)["M-1", "KGM"] == ("7", 0, 0, 0, "", "6", "", "1", True)
    assert ours.why(mine, item(2))[-1] == ("birth", "2", "born L-A", PROVEN)
    assert mine.places[0].location == other.places[0].location == PLANT


def test_births_one_by_one_are_the_same_as_births_together(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    for serial in range(1, 6):
        ground.born(f"born {serial}", "L-A", [serial], hours=serial)
    ground.born("both", "L-B", [5, 6], hours=9)
    ground.withdraw("born 2")
    few = ground.scope(lot("L-A"))
    monkeypatch.setattr(births, "_MANY", 1)  # as where thousands are born for themselves
    many = ground.scope(lot("L-A"))
    assert ground.grades(many) == ground.grades(few)
    assert ground.grades(many) == {PROVEN: {1, 3, 4}, POSSIBLE: {5}, UNKNOWN: {2}}
    assert many.findings == few.findings
    assert many.balances == few.balances


def test_a_withdrawn_birth_is_told_with_its_own_events_alone(ground: Ground) -> None:
    ground.born("one", "L-A", [1], hours=1)
    ground.born("two", "L-A", [2], hours=1)
    ground.born("two again", "L-B", [2], hours=2)
    ground.withdraw("one")
    ground.withdraw("two")
    found = ground.scope(lot("L-A"))
    assert ground.findings(found) == [("birth_withdrawn", ["one", "one!"], {1})]
