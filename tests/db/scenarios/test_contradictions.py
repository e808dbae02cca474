"""Scenarios of records that contradict themselves: each is told with its events."""

from __future__ import annotations

import pytest

from suyuan.capture.models import StoredEvent
from suyuan.core.epcis.build import quantity, transformation_event
from suyuan.kernel import clock
from suyuan.lineage.scope import contradictions, happened, walk
from tests.scenario_world import (
    DEPOT,
    PLANT,
    PROVEN,
    SHOP,
    Ground,
    at,
    case,
    during,
    items,
    leaf,
    lot,
)

pytestmark = pytest.mark.django_db


def test_what_was_seen_before_its_birth_or_after_its_end_is_told(ground: Ground) -> None:
    ground.born("born", "L-A", range(1, 5), hours=5)
    ground.seen("early", items(1), "storing", 4, location=DEPOT)
    ground.seen("burn", items(2, 3), "destroying", 6, disposition="destroyed")
    ground.seen("again", items(2), "receiving", 7, location=SHOP)
    ground.seen("mark", items(3), "", 8, disposition="recalled")  # says nothing of a place
    found = ground.scope(lot("L-A"))
    assert ground.findings(found) == [
        ("before_birth", ["early"], {1}),
        ("after_end", ["again"], {2}),
    ]
    early, late = found.findings
    assert (early.since, early.until) == (at(4), at(5))
    assert (late.since, late.until) == (at(6), at(7))


def test_an_event_from_the_future_is_told(ground: Ground) -> None:
    ground.born("born", "L-A", [1], hours=1)
    with clock.held_at(at(100)):
        ground.seen("now", items(1), "storing", 100 + 0.2, location=DEPOT)
    assert ground.findings(ground.scope(lot("L-A"))) == []
    # Capture refuses such events; a store that was filled otherwise may hold them.
    rows = StoredEvent.objects.filter(organisation_id=ground.organisation_id)
    last = rows.order_by("-seq")[0]
    rows.filter(seq=last.seq).update(record_time=last.time - 16 * 60 * 1_000_000)
    assert ground.findings(ground.scope(lot("L-A"))) == [("from_the_future", ["now"], {1})]


def test_containers_that_hold_themselves_are_told_and_end(ground: Ground) -> None:
    ground.born("born", "L-A", [1, 2], hours=1)
    ground.pack("one", 1, items(1), 2)
    ground.pack("two", 2, [case(1)], 3)
    ground.pack("three", 1, [case(2)], 4)
    found = ground.scope(lot("L-A"))
    assert ground.grades(found) == {PROVEN: {1, 2}}
    assert ground.findings(found) == [("holds_itself", ["two", "three"], {1})]
    assert ground.grades(ground.scope(case(2))) == {PROVEN: {1}}


def test_nearly_everything_ever_made_is_called_so(ground: Ground) -> None:
    ground.born("most", "L-A", range(1, 201), hours=1)
    ground.born("some", "L-B", range(201, 211), hours=1)
    found = ground.scope(lot("L-A"))
    assert [(one.code.value, one.times) for one in found.findings] == [("whole_brand", 200)]
    ground.born("more", "L-C", range(211, 241), hours=1)
    assert ground.findings(ground.scope(lot("L-A"))) == []


def test_a_huge_container_is_told(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contradictions, "MOST_CHILDREN", 299)
    ground.born("run", "L-A", range(1, 301), hours=1)
    ground.born("rest", "L-B", range(301, 401), hours=1)
    ground.pack("fill", 1, items(*range(1, 401)), 2)
    ground.born("other", "L-C", range(401, 681), hours=1)
    ground.pack("less", 2, items(*range(401, 681)), 2)
    found = ground.scope(lot("L-A"))
    assert [one.code.value for one in found.findings] == ["large_container"]
    assert ground.serials(found.findings[0].units) == set(range(1, 301))
    assert not ground.scope(lot("L-B")).findings
    assert not ground.scope(lot("L-C")).findings


def test_bounds_are_told_when_they_are_met(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        ground.put(
            f"step {n}",
            transformation_event(
                time=at(n),
                input_quantities=[quantity(leaf(f"S{n}"), 1)],
                output_quantities=[quantity(leaf(f"S{n + 1}"), 1)],
                location=PLANT,
            ),
        )
    with monkeypatch.context() as patch:
        patch.setattr(walk, "MOST_ROUNDS", 3)
        found = ground.scope(leaf("S0"))
        assert set(ground.lots(found)) == {"S0", "S1", "S2"}
        assert [one.code.value for one in found.findings] == ["cut_short"]
    with monkeypatch.context() as patch:
        patch.setattr(walk, "MOST_TRANSFORMATIONS", 1)
        assert [one.code.value for one in ground.scope(leaf("S0")).findings] == ["cut_short"]
    ground.born("born", "L-A", [1], hours=1)
    ground.seen("shelf", items(1), "storing", 2, location=DEPOT)
    ground.seen("count", items(1), "stock_taking", 3, location=DEPOT)
    with monkeypatch.context() as patch:
        patch.setattr(happened, "MOST_EVENTS", 1)
        told = ground.scope(during([ground.key(DEPOT)], 2, 3))
        assert "cut_short" in [one.code.value for one in told.findings]


def test_an_empty_scope_is_an_answer(ground: Ground) -> None:
    nothing = ground.scope()
    assert (len(nothing.items), list(nothing.lots), list(nothing.places)) == (0, [], [])
    ground.born("born", "L-A", [1], hours=1)
    assert not ground.scope(during([ground.key(PLANT)], -9, 0)).items
    assert ground.why(ground.scope(lot("L-A")), items(1)[0])[-1][0] == "birth"
    outside = ground.scope(during([ground.key(PLANT)], -9, 0))
    assert ground.why(outside, items(1)[0]) == []


def test_a_lot_that_went_into_itself_by_a_withdrawn_birth_is_told(ground: Ground) -> None:
    ground.born("born", "L-A", [1], hours=1)
    ground.withdraw("born")
    made = [quantity(lot("L-A"), 1)]
    event = transformation_event(time=at(2), inputs=items(1), output_quantities=made)
    ground.put("rework", event)
    found = ground.scope(lot("L-A"))
    assert ground.findings(found) == [
        ("birth_withdrawn", ["born", "born!"], {1}),
        ("cycle", ["rework"], set()),
    ]


def test_two_lots_are_told_of_items_and_not_of_containers(ground: Ground) -> None:
    ground.born("first", "L-A", [1], hours=1)
    for name, code, hours in (("second", "L-B", 2), ("third", "L-C", 3)):
        event = transformation_event(
            time=at(hours),
            inputs=items(9),
            outputs=[case(1), *(items(1) if code == "L-B" else [])],
            ilmd={"cbvmda:lotNumber": code},
        )
        ground.put(name, event)
    found = ground.scope(items(9)[0])
    assert ("two_lots", ["first", "second"], {1}) in ground.findings(found)
