"""Facts about records that cannot be true: they are refused, or told, and never walked for ever."""

from __future__ import annotations

import time
import tracemalloc
from datetime import timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from suyuan.capture.models import StoredEvent
from suyuan.capture.services import capture_events
from suyuan.core.epcis.build import (
    aggregation_event,
    object_event,
    quantity,
    transformation_event,
)
from suyuan.core.epcis.errors import DocumentError
from suyuan.kernel import clock
from suyuan.lineage.alike import alike
from suyuan.lineage.fetch import Entries
from suyuan.lineage.scope import scope
from suyuan.lineage.scope.presence import _marks as marks
from suyuan.lineage.starts import Goods, Presence
from suyuan.lineage.values import Finding, FindingCode, Scope
from suyuan.tenancy.actor import Actor
from tests.db.reference.goods import BASE, BOUGHT, PLACES, Ledger, at
from tests.reference.events import microseconds

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(actor: Actor) -> Ledger:
    return Ledger(actor)


def born(ledger: Ledger, items: list[str], lot: str = "L1", hour: float = 1) -> None:
    ledger.capture(
        object_event(
            time=at(hour),
            action="ADD",
            epcs=items,
            step="commissioning",
            location=PLACES[0],
            ilmd={"cbvmda:lotNumber": lot},
        )
    )


def packed(ledger: Ledger, parent: str, children: list[str], hour: float) -> int:
    event = aggregation_event(time=at(hour), action="ADD", parent=parent, children=children)
    return ledger.capture(event).number


def scope_of(ledger: Ledger, text: str) -> Scope:
    starts = [Goods(ledger.keys([text])[text])]
    return scope(organisation_id=ledger.organisation_id, starts=starts)


def found(ledger: Ledger, answer: Scope, code: FindingCode) -> tuple[set[int], set[str]]:
    """Return the events and the units of the findings of one kind."""
    some: list[Finding] = [one for one in answer.findings if one.code is code]
    assert some, answer.findings
    units = {text for one in some for text in ledger.texts(one.units).values()}
    return {seq for one in some for seq in one.seqs}, units


def refusal(ledger: Ledger, document: dict[str, Any]) -> str:
    with pytest.raises(DocumentError) as caught:
        ledger.capture(document)
    return caught.value.faults[0].code


def test_a_container_that_names_itself_as_child_is_refused(ledger: Ledger) -> None:
    case = ledger.goods.cases[0]
    event = aggregation_event(time=at(1), action="ADD", parent=case, children=[case])
    assert refusal(ledger, event) == "parent_is_child"


@pytest.mark.parametrize("amount", [-1, 0, -0.5, 1e16])
def test_a_quantity_that_cannot_be_is_refused(ledger: Ledger, amount: float) -> None:
    material = ledger.goods.materials[0]
    event = object_event(
        time=at(1), action="ADD", quantities=[{"epcClass": material, "quantity": amount}]
    )
    assert refusal(ledger, event) == "quantity_range"


def test_an_event_of_tomorrow_is_refused(ledger: Ledger) -> None:
    event = object_event(
        time=clock.now() + timedelta(days=1), action="OBSERVE", epcs=ledger.goods.own[:1]
    )
    assert refusal(ledger, event) == "time_in_future"


def test_an_event_later_than_its_record_is_told(ledger: Ledger) -> None:
    born(ledger, ledger.goods.own)
    # As a server whose clock was wrong has stored it.
    StoredEvent.objects.filter(organisation_id=ledger.organisation_id, seq=1).update(record_time=1)
    answer = scope_of(ledger, ledger.goods.own_lots[0])
    told = found(ledger, answer, FindingCode.FROM_THE_FUTURE)
    assert told == ({1}, set(ledger.goods.own))


def test_containers_that_hold_each_other_are_told_and_left(ledger: Ledger) -> None:
    goods = ledger.goods
    born(ledger, goods.own)
    packed(ledger, goods.cases[0], goods.own[:3], 2)
    ring = [*goods.cases, goods.cases[0]]
    for hour, (inner, outer) in enumerate(pairwise(ring), 3):
        packed(ledger, outer, [inner], hour)
    for text in (goods.own_lots[0], goods.own[0], goods.cases[2]):
        answer = scope_of(ledger, text)
        _, units = found(ledger, answer, FindingCode.HOLDS_ITSELF)
        assert units <= set(goods.own[:3])
    assert set(ledger.texts(scope_of(ledger, goods.cases[2]).items).values()) == set(goods.own[:3])


def test_an_item_in_two_cases_at_once_is_told_with_both_events(ledger: Ledger) -> None:
    goods = ledger.goods
    born(ledger, goods.own)
    events = {packed(ledger, case, goods.own[:2], 5) for case in goods.cases[:2]}
    answer = scope_of(ledger, goods.own_lots[0])
    seqs, units = found(ledger, answer, FindingCode.IN_TWO_CONTAINERS)
    assert units == set(goods.own[:2])
    assert seqs <= events
    assert seqs


def test_lots_that_went_into_themselves_are_told_and_walked_once(ledger: Ledger) -> None:
    lots = ledger.goods.materials
    events = {
        ledger.capture(
            transformation_event(
                time=at(hour),
                input_quantities=[quantity(source, 1, "KGM")],
                output_quantities=[quantity(target, 1, "KGM")],
            )
        ).number
        for hour, (source, target) in enumerate(pairwise([*lots, lots[0]]), 1)
    }
    answer = scope_of(ledger, lots[0])
    assert len(answer.lots) == len(lots)
    assert found(ledger, answer, FindingCode.CYCLE)[0] == events


def test_a_scope_of_nearly_everything_ever_made_says_so(ledger: Ledger) -> None:
    items = [f"{BASE}/01/{BOUGHT}/21/{number}" for number in range(1, 201)]
    born(ledger, items, "K1")
    answer = scope_of(ledger, f"{BASE}/01/{BOUGHT}/10/K1")
    assert len(found(ledger, answer, FindingCode.WHOLE_BRAND)[1]) in {0, 200}
    born(ledger, [f"{BASE}/01/{BOUGHT}/21/{number}" for number in range(201, 301)], "K2")
    codes = {one.code for one in scope_of(ledger, f"{BASE}/01/{BOUGHT}/10/K1").findings}
    assert FindingCode.WHOLE_BRAND not in codes


def test_marks_of_nothing_are_columns_of_whole_numbers(ledger: Ledger) -> None:
    none = np.empty(0, dtype=np.int64)
    same = alike(Entries(none, none, none))
    for places in (none, np.array([1, 2], dtype=np.int64)):
        found = marks(ledger.organisation_id, same, places)
        columns = (found.items, found.times, found.seqs, found.codes, found.spots)
        assert [(one.size, one.dtype.kind) for one in columns] == [(0, "i")] * 5
        assert found.came.dtype.kind + found.leaves.dtype.kind == "bb"
        assert none[found.items].size == 0  # fit for positions


@pytest.mark.parametrize("goods", ["items", "case", "quantity"])
def test_a_place_where_nothing_says_where_it_is_has_had_nothing(ledger: Ledger, goods: str) -> None:
    named: dict[str, dict[str, Any]] = {
        "items": {"epcs": ledger.goods.own},
        "case": {"epcs": ledger.goods.cases},
        "quantity": {"quantities": [quantity(ledger.goods.materials[0], 2, "KGM")]},
    }
    event = object_event(time=at(1), action="OBSERVE", read_point=PLACES[0], **named[goods])
    ledger.capture(event)
    place = ledger.keys(PLACES[:1])[PLACES[0]]
    for places in ((place,), (place, -5), (-5,), ()):
        start = Presence(places, microseconds(at(0)), microseconds(at(2)))
        answer = scope(organisation_id=ledger.organisation_id, starts=[start])
        assert not answer.items
        assert not answer.findings


@pytest.mark.slow
def test_a_case_of_a_million_is_told_of_within_seconds_and_bounds(ledger: Ledger) -> None:
    items = [f"{BASE}/01/{BOUGHT}/21/{number}" for number in range(1, 1_000_001)]
    case = ledger.goods.cases[0]
    event = aggregation_event(time=at(2), action="ADD", parent=case, children=items)
    stored = capture_events(actor=ledger.actor, events=[event], source="test")
    starts = [Goods(ledger.keys([case])[case])]
    tracemalloc.start()
    started = time.process_time()
    answer = scope(organisation_id=ledger.organisation_id, starts=starts)
    taken, peak = time.process_time() - started, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert taken < _SECONDS
    assert peak < _BYTES
    assert len(answer.items) == len(items)
    large = [one for one in answer.findings if one.code is FindingCode.LARGE_CONTAINER]
    assert [(one.seqs, len(one.units)) for one in large] == [((stored.first_seq,), len(items))]


_SECONDS = 10
_BYTES = 500 * 1_000_000
