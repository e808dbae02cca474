"""Scenarios of packing: what containers held, and what records leave out."""

from __future__ import annotations

import pytest

from suyuan.core.epcis.build import quantity
from tests.scenario_world import (
    DEPOT,
    HOUSE,
    PLANT,
    POSSIBLE,
    PROVEN,
    SOLD,
    TRANSIT,
    Ground,
    at,
    case,
    item,
    items,
    lot,
)

pytestmark = pytest.mark.django_db


def test_a_case_that_was_repacked_held_its_items_until_then(ground: Ground) -> None:
    ground.made("L-A", range(1, 7), hours=0)
    ground.pack("pack 1", 1, items(1, 2, 3, 4), 2, location=PLANT)
    ground.pack("pack 2", 2, items(3, 4), 5, location=DEPOT)  # nobody scanned them out of 1
    ground.pack("more", 1, items(5), 6, location=DEPOT)
    found = ground.scope(case(1))
    assert ground.grades(found) == {PROVEN: {1, 2, 3, 4, 5}}
    assert ground.findings(found) == [("missing_unpacking", ["pack 2"], {3, 4})]
    gap = found.findings[0]
    assert (gap.step, gap.place, gap.since, gap.until) == ("unpacking", DEPOT, at(2), at(5))
    assert gap.times == 2
    assert ground.why(found, item(4)) == [
        ("start", "1", "", PROVEN),
        ("held", "4", "pack 1", PROVEN),
    ]
    second = ground.scope(case(2))
    assert ground.grades(second) == {PROVEN: {3, 4}}
    assert second.lots == []


def test_a_case_unpacked_by_name_or_put_along_leaves_no_gap(ground: Ground) -> None:
    ground.made("L-A", range(1, 7), hours=0)
    ground.pack("pack 1", 1, items(1, 2), 2)
    ground.unpack("open", 1, items(1), 3)
    ground.pack("pack 2", 2, items(1), 4)
    ground.pack("pallet", 9, [case(1), item(2)], 5)  # a flat listing names the case too
    ground.pack("pack 3", 3, items(3, 4), 6)
    ground.unpack("empty", 3, [], 7)
    ground.pack("pack 4", 4, items(3, 4), 8)
    found = ground.scope(lot("L-A"))
    assert ground.findings(found) == []


def test_an_item_in_two_cases_at_once_is_told_with_both_events(ground: Ground) -> None:
    ground.made("L-A", [1, 2], hours=0)
    ground.pack("one", 1, items(1, 2), 2, location=PLANT)
    ground.pack("two", 2, items(2), 2, location=PLANT)
    found = ground.scope(lot("L-A"))
    assert ground.findings(found) == [("in_two_containers", ["two"], {2})]


def test_a_pallet_that_was_split_affects_what_was_on_it_while_it_was(ground: Ground) -> None:
    ground.made("L-A", range(1, 9), hours=0)
    ground.pack("pack 1", 1, items(1, 2), 2)
    ground.pack("pack 2", 2, items(3, 4, 6), 2)
    ground.unpack("take 6", 2, items(6), 2.5)
    ground.pack("load", 9, [case(1), case(2)], 3, location=PLANT)
    ground.seen("ship", [case(9)], "shipping", 4, read_point=PLANT)
    ground.seen("receive", [case(9)], "receiving", 8, location=DEPOT)
    ground.unpack("split", 9, [case(2)], 9, location=DEPOT)
    ground.pack("reload", 8, [case(2)], 10, location=DEPOT)
    ground.seen("send on", [case(8)], "shipping", 11, read_point=DEPOT, disposition="in_transit")
    ground.pack("top up", 2, items(7), 12)  # after it had left the first pallet
    ground.pack("fill", 1, items(8), 12)  # while it is still on it
    first = ground.scope(case(9))
    assert ground.grades(first) == {PROVEN: {1, 2, 3, 4, 8}}
    assert ground.places(first) == {
        (HOUSE, "depot", PROVEN): {1, 2},
        (TRANSIT, "", PROVEN): {3, 4},
        (HOUSE, "plant", PROVEN): {8},
    }
    assert [(one.unit, len(one.items)) for one in first.shipments] == [(first.shipments[0].unit, 2)]
    second = ground.scope(case(8))
    assert ground.grades(second) == {PROVEN: {3, 4, 7}}
    assert ground.why(second, item(7))[-1] == ("held", "7", "reload", PROVEN)
    assert [*first.findings, *second.findings] == []


def test_a_part_aggregated_case_possibly_holds_the_loose_items_of_its_lot(ground: Ground) -> None:
    ground.made("L-A", range(1, 9), hours=0)
    ground.pack("other", 2, items(7, 8), 2)
    ground.pack(
        "part", 1, items(1, 2), 3, child_quantities=[quantity(lot("L-A"), 3)], location=PLANT
    )
    ground.seen("sell 6", items(6), "retail_selling", 4, disposition="retail_sold")
    ground.born("late", "L-A", [9], hours=5)
    found = ground.scope(case(1))
    assert ground.grades(found) == {PROVEN: {1, 2}, POSSIBLE: {3, 4, 5}}
    assert ground.lots(found) == {}
    assert ground.findings(found) == [("unnumbered_contents", ["part"], {3, 4, 5})]
    assert found.findings[0].amount == "3"
    assert found.findings[0].lots == (ground.key(lot("L-A")),)
    assert ground.places(found) == {
        (HOUSE, "plant", PROVEN): {1, 2},
        (HOUSE, "plant", POSSIBLE): {3, 4, 5},
    }
    assert [(one.amount, one.certainty) for one in found.movements] == [("3", PROVEN)]
    assert ground.why(found, item(4))[-1] == ("held", "4", "part", POSSIBLE)
    pallet = ground.scope(case(2))
    assert ground.grades(pallet) == {PROVEN: {7, 8}}


def test_a_returned_item_that_was_sold_again_stands_in_its_last_parcel(ground: Ground) -> None:
    ground.made("L-A", [1, 2], hours=0)
    for number, hours in ((1, 2), (2, 30)):
        papers = [("po", f"urn:x:po:{number}")]
        ground.pack(f"pack {number}", number, items(1), hours, location=DEPOT, transactions=papers)
        ground.seen(
            f"ship {number}", [case(number)], "shipping", hours + 1, disposition="in_transit"
        )
        ground.seen(
            f"sell {number}", [case(number)], "retail_selling", hours + 9, disposition="retail_sold"
        )
        if number == 1:
            ground.unpack("open", 1, items(1), 20, location=DEPOT)
            ground.seen("back", items(1), "receiving", 20.5, disposition="returned", location=DEPOT)
    found = ground.scope(lot("L-A"))
    assert ground.places(found) == {
        (SOLD, "", PROVEN): {1},
        (HOUSE, "plant", PROVEN): {2},
    }
    parcel = found.shipments[0]
    assert len(found.shipments) == 1
    assert ground.serials(parcel.items) == {1}
    assert [one.id for one in parcel.transactions] == ["urn:x:po:2"]
    assert ground.findings(found) == []
    # Who had the first parcel held it too: the recall of the parcel reaches it.
    assert ground.grades(ground.scope(case(1))) == {PROVEN: {1}}


def test_what_left_a_pallet_keeps_the_destination_that_it_was_sent_to(ground: Ground) -> None:
    first, second = "https://example.com/dealer/1", "https://example.com/dealer/2"
    ground.made("L-A", range(1, 4), hours=0)
    ground.pack("pack", 1, items(1, 2), 2, location=PLANT, transactions=[("po", "urn:x:po:1")])
    ground.seen("ship", [case(1)], "shipping", 3, destinations=[("location", first)])
    ground.unpack("take out", 1, items(1), 4)  # on its way, nobody says where
    ground.seen("back", [case(1)], "receiving", 5, location=PLANT)
    more = {"destinations": [("location", second)], "transactions": [("po", "urn:x:po:2")]}
    ground.seen("ship again", [case(1)], "shipping", 6, **more)
    found = ground.scope(lot("L-A"))
    assert [
        (ground.serials(one.items), one.destination, [paper.id for paper in one.transactions])
        for one in found.shipments
    ] == [({1}, first, ["urn:x:po:1"]), ({2}, second, ["urn:x:po:2"])]
