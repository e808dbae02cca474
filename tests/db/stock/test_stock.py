"""Stock follows events, and rebuilt from events it is the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suyuan.core.epcis import build
from suyuan.core.keyset import KeySet
from suyuan.lineage.models import StockMark, StockSet
from suyuan.lineage.standing import (
    catch_up,
    check_stock,
    organisations_behind,
    read_stock,
    refresh_stock,
    stock_items,
)
from suyuan.lineage.values import Whereabouts
from suyuan.tenancy.actor import Actor
from tests.stock_world import (
    DEPOT,
    FACTORY,
    GTIN,
    OTHER_GTIN,
    at,
    born,
    declared_wrong,
    item,
    key_of,
    packed,
    received,
    shipped,
    sold,
    tell,
    unit,
    unpacked,
)


def stock(actor: Actor) -> dict[tuple[str, str, str], int]:
    lines = read_stock(actor.organisation_id).lines
    return {(one.whereabouts.value, one.location, one.gtin): one.items for one in lines}


def test_stock_counts_items_by_state_place_and_product(actor: Actor) -> None:
    tell(actor, born(0, 1, 2, 3), born(0, 7, 8, gtin=OTHER_GTIN), shipped(1, item(3)))
    assert refresh_stock(actor.organisation_id) == 5
    assert stock(actor) == {
        ("in_house", FACTORY, GTIN): 2,
        ("in_transit", "", GTIN): 1,
        ("in_house", FACTORY, OTHER_GTIN): 2,
    }
    assert refresh_stock(actor.organisation_id) == 0


def test_container_that_moves_takes_what_it_holds_along_level_by_level(actor: Actor) -> None:
    tell(actor, born(0, 1, 2, 3), packed(1, unit(1), item(1), item(2)), packed(2, unit(2), unit(1)))
    refresh_stock(actor.organisation_id)
    tell(actor, shipped(3, unit(2)))
    refresh_stock(actor.organisation_id)
    assert stock(actor) == {("in_house", FACTORY, GTIN): 1, ("in_transit", "", GTIN): 2}
    tell(actor, received(4, unit(1)))
    refresh_stock(actor.organisation_id)
    assert stock(actor) == {("in_house", FACTORY, GTIN): 1, ("in_house", DEPOT, GTIN): 2}


def test_item_that_holds_another_takes_it_along(actor: Actor) -> None:
    tell(actor, born(0, 1, 2), packed(1, item(1), item(2)))
    refresh_stock(actor.organisation_id)
    tell(actor, shipped(2, item(1)))
    refresh_stock(actor.organisation_id)
    assert stock(actor) == {("in_transit", "", GTIN): 2}


def test_late_packing_moves_what_its_container_was_seen_with(actor: Actor) -> None:
    tell(actor, born(0, 1), received(5, unit(1)))
    refresh_stock(actor.organisation_id)
    assert stock(actor) == {("in_house", FACTORY, GTIN): 1}
    tell(actor, packed(1, unit(1), item(1)))
    refresh_stock(actor.organisation_id)
    assert stock(actor) == {("in_house", DEPOT, GTIN): 1}


def test_declared_error_puts_items_back(actor: Actor) -> None:
    wrong = {**shipped(1, unit(1)), "eventID": "urn:uuid:0c6a2f2e-6a8b-4b1e-9f0e-6c1d2a9e4b11"}
    tell(actor, born(0, 1, 2), packed(0.5, unit(1), item(1), item(2)), wrong)
    refresh_stock(actor.organisation_id)
    assert stock(actor) == {("in_transit", "", GTIN): 2}
    tell(actor, declared_wrong(wrong, 2))
    refresh_stock(actor.organisation_id)
    assert stock(actor) == {("in_house", FACTORY, GTIN): 2}


def test_recalled_items_are_counted_apart_until_they_are_cleared(actor: Actor) -> None:
    tell(actor, born(0, 1, 2, 3))
    hold = build.object_event(
        time=at(1), action="OBSERVE", epcs=[item(1), item(2)], disposition="recalled"
    )
    clear = build.object_event(
        time=at(2), action="OBSERVE", epcs=[item(2)], disposition="conformant"
    )
    tell(actor, hold, clear)
    refresh_stock(actor.organisation_id)
    (line,) = read_stock(actor.organisation_id).lines
    assert (line.items, line.recalled) == (3, 1)
    held = stock_items(actor.organisation_id, recalled=True)
    assert held == KeySet([key_of(actor, item(1))])


def test_items_are_found_by_state_place_and_product(actor: Actor) -> None:
    tell(actor, born(0, 1, 2, 3), received(1, item(3)), born(0, 9, gtin=OTHER_GTIN))
    refresh_stock(actor.organisation_id)
    depot = key_of(actor, DEPOT)
    found = stock_items(
        actor.organisation_id, gtin=GTIN, whereabouts=[Whereabouts.IN_HOUSE], location=depot
    )
    assert found == KeySet([key_of(actor, item(3))])
    assert len(stock_items(actor.organisation_id, gtin=GTIN)) == 3
    assert not stock_items(actor.organisation_id, gtin="09521234999999")
    assert not stock_items(actor.organisation_id, whereabouts=[Whereabouts.SOLD])


def test_items_on_both_sides_of_a_shelfs_edge_are_counted_once_each(actor: Actor) -> None:
    tell(actor, born(0, 65_535, 65_536, 131_072))
    refresh_stock(actor.organisation_id)
    assert stock(actor) == {("in_house", FACTORY, GTIN): 3}
    assert StockSet.objects.count() == 3


def test_other_organisations_events_change_nothing_here(actor: Actor, other_actor: Actor) -> None:
    tell(actor, born(0, 1))
    tell(other_actor, born(0, 1, 2), shipped(1, item(1)))
    assert organisations_behind() == sorted([actor.organisation_id, other_actor.organisation_id])
    for one in organisations_behind():
        refresh_stock(one)
    assert organisations_behind() == []
    assert stock(actor) == {("in_house", FACTORY, GTIN): 1}
    assert sum(stock(other_actor).values()) == 2


def test_reader_waits_for_few_events_and_not_for_many(actor: Actor) -> None:
    tell(actor, born(0, 1), born(1, 2), born(2, 3))
    catch_up(actor.organisation_id, most=2)
    behind = read_stock(actor.organisation_id)
    assert (behind.at_seq, behind.last_seq, list(behind.lines)) == (0, 3, [])
    catch_up(actor.organisation_id, most=3)
    assert read_stock(actor.organisation_id).at_seq == 3


def test_check_finds_and_repairs_damage(actor: Actor) -> None:
    tell(actor, born(0, *range(1, 11)), shipped(1, item(1)))
    refresh_stock(actor.organisation_id)
    assert not check_stock(actor.organisation_id).wrong
    stray = key_of(actor, item(1)) + 500
    in_house = StockSet.objects.get(whereabouts=1)
    spoiled = KeySet.from_bytes(bytes(in_house.items)) - KeySet([key_of(actor, item(5))])
    StockSet.objects.filter(whereabouts=1).update(
        items=(spoiled | KeySet([stray])).to_bytes(), count=10
    )
    StockSet.objects.filter(whereabouts=2).delete()
    found = check_stock(actor.organisation_id)
    assert found.wrong == KeySet([key_of(actor, item(1)), key_of(actor, item(5)), stray])
    assert not found.repaired
    assert check_stock(actor.organisation_id, repair=True).repaired
    assert not check_stock(actor.organisation_id).wrong
    assert stock(actor) == {("in_house", FACTORY, GTIN): 9, ("in_transit", "", GTIN): 1}


def test_writer_that_was_overtaken_folds_again(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from suyuan.lineage.standing import refreshing, shelves  # noqa: PLC0415

    tell(actor, born(0, 1))
    folded = shelves.fold_cells
    calls: list[int] = []

    def overtaken(organisation_id: int, entries: Any) -> Any:
        calls.append(1)
        found = folded(organisation_id, entries)
        if len(calls) == 1:  # between folding and writing, another writes what is newer
            tell(actor, shipped(1, item(1)))
            refresh_stock(organisation_id)
        return found

    monkeypatch.setattr(refreshing, "fold_cells", overtaken)
    refresh_stock(actor.organisation_id)
    assert stock(actor) == {("in_transit", "", GTIN): 1}
    assert StockMark.objects.get().at_seq == 2


def test_writer_that_is_always_overtaken_leaves_the_mark(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from suyuan.lineage.standing import refreshing  # noqa: PLC0415

    tell(actor, born(0, 1))
    monkeypatch.setattr(refreshing, "_claim", lambda *_: False)
    assert refresh_stock(actor.organisation_id) == 0
    assert StockMark.objects.get().at_seq == 0


_MOVES = st.lists(
    st.tuples(
        st.sampled_from(["born", "pack", "unpack", "ship", "receive", "sell", "empty", "recall"]),
        st.integers(1, 6),
        st.integers(1, 3),
        st.integers(0, 12),
    ),
    max_size=14,
)


def _move(kind: str, number: int, container: int, hours: int) -> dict[str, Any]:
    box = unit(container)
    return {
        "born": lambda: born(hours, number),
        "pack": lambda: packed(hours, box, item(number), unit(1 + container % 3)),
        "unpack": lambda: unpacked(hours, box, item(number)),
        "empty": lambda: unpacked(hours, box),
        "ship": lambda: shipped(hours, box),
        "receive": lambda: received(hours, box if number % 2 else item(number)),
        "sell": lambda: sold(hours, box),
        "recall": lambda: build.object_event(
            time=at(hours), action="OBSERVE", epcs=[item(number), box], disposition="recalled"
        ),
    }[kind]()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(_MOVES, max_size=4))
def test_stock_refreshed_in_steps_is_what_events_make_anew(actor: Actor, batches: Any) -> None:
    for batch in batches:
        if batch:
            tell(actor, *(_move(*one) for one in batch))
        refresh_stock(actor.organisation_id)
        assert not check_stock(actor.organisation_id).wrong
