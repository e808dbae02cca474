"""Claims of codes for labels, and withdrawing codes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pyroaring import BitMap

from suyuan.capture.models import StoredEvent
from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.issuing import positions, selectors
from suyuan.issuing.errors import (
    AlreadyActive,
    AlreadyAllotted,
    AlreadyWithdrawn,
    NothingToCommission,
)
from suyuan.issuing.models import Activation, Allotment, CodeOrder, Withdrawal
from suyuan.issuing.services import (
    allot,
    commission,
    pack_order,
    release_allotment,
    withdraw_codes,
)
from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.lineage import selectors as lineage
from suyuan.masterdata.models import Location
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from tests.issuing_world import MADE


def _allot(actor: Actor, order: CodeOrder, first: int, count: int, **more: Any) -> Allotment:
    values = {"kind": "print", "reference": "PJ-1", **more}
    return allot(actor=actor, order_number=order.number, first=first, count=count, **values)


def _withdraw(actor: Actor, order: CodeOrder, *places: int, reference: str = "PJ-1") -> Withdrawal:
    return withdraw_codes(
        actor=actor,
        order_number=order.number,
        positions=places,
        reason="smeared",
        reference=reference,
    )


def _commission(
    actor: Actor, order: CodeOrder, line: Location, first: int = 0, count: int = 100
) -> Activation:
    return commission(
        actor=actor,
        order_number=order.number,
        lot_code="",
        time=MADE,
        location_code=line.code,
        first=first,
        count=count,
    )


# ---------------------------------------------------------------- claims


def test_codes_claimed_for_labels_are_not_claimed_again(actor: Actor, order: CodeOrder) -> None:
    first = _allot(actor, order, 10, 20)
    assert (first.copy, first.end) == (1, 30)
    with pytest.raises(AlreadyAllotted) as refusal:
        _allot(actor, order, 29, 5, reference="PJ-2")
    assert refusal.value.data == {"first": 10, "count": 20, "reference": "PJ-1"}
    assert selectors.unallotted_ranges(order) == [(0, 10), (30, 100)]
    assert [row.reference for row in selectors.allotments_at(order, 15)] == ["PJ-1"]
    assert selectors.allotments_at(order, 30) == []


def test_the_same_claim_again_returns_the_first(actor: Actor, order: CodeOrder) -> None:
    assert _allot(actor, order, 0, 5).id == _allot(actor, order, 0, 5).id
    assert len(selectors.allotments(order)) == 1


def test_a_reprint_says_why_and_counts_its_copies(actor: Actor, order: CodeOrder) -> None:
    _allot(actor, order, 0, 10)
    second = _allot(actor, order, 3, 2, reference="PJ-2", again="torn")
    third = _allot(actor, order, 4, 1, reference="PJ-3", again="torn again")
    assert (second.copy, third.copy) == (2, 3)
    assert [row.reference for row in selectors.allotments_at(order, 4)] == ["PJ-1", "PJ-2", "PJ-3"]
    assert AuditEntry.objects.filter(action="codes.allot").count() == 3


@pytest.mark.parametrize(("first", "count"), [(-1, 5), (0, 0), (99, 2), (100, 1)])
def test_a_claim_outside_the_order_is_refused(
    actor: Actor, order: CodeOrder, first: int, count: int
) -> None:
    with pytest.raises(Invalid) as refusal:
        _allot(actor, order, first, count)
    assert refusal.value.code == "allotment_range"


def test_a_claim_of_another_organisations_order_looks_unknown(
    other_actor: Actor, order: CodeOrder
) -> None:
    with pytest.raises(NotFound):
        _allot(other_actor, order, 0, 1)


def test_each_kind_of_claim_needs_its_right(actor: Actor, order: CodeOrder) -> None:
    nobody = Actor(actor.organisation, "nobody", frozenset())
    for kind in ("print", "package", "set"):
        with pytest.raises(Forbidden):
            _allot(nobody, order, 0, 1, kind=kind)


def test_a_job_that_stopped_gives_back_what_it_did_not_print(
    actor: Actor, order: CodeOrder
) -> None:
    _allot(actor, order, 0, 10)
    _allot(actor, order, 20, 10)
    release_allotment(actor=actor, reference="PJ-1", why="out of ribbon", kept=12)
    assert selectors.unallotted_ranges(order) == [(10, 20), (22, 100)]
    release_allotment(actor=actor, reference="PJ-1", why="never mind")
    assert selectors.unallotted_ranges(order) == [(0, 100)]
    with pytest.raises(NotFound):
        release_allotment(actor=actor, reference="PJ-1", why="")


# ---------------------------------------------------------------- withdrawing


def test_withdrawn_codes_are_named_and_counted(actor: Actor, order: CodeOrder) -> None:
    row = _withdraw(actor, order, 7, 3, 5, 3)
    order.refresh_from_db()
    assert (row.count, row.first, row.last, order.withdrawn_count) == (3, 3, 7, 3)
    assert selectors.withdrawn(order) == BitMap([3, 5, 7])
    assert selectors.waiting_ranges(order) == [(0, 3), (4, 5), (6, 7), (8, 100)]
    assert selectors.unallotted_ranges(order) == [(0, 3), (4, 5), (6, 7), (8, 100)]
    assert selectors.counts(order).waiting == 97
    found = selectors.withdrawal_at(order, 5)
    assert found is not None
    assert found.reason == "smeared"
    assert selectors.withdrawal_at(order, 4) is None


def test_withdrawing_twice_returns_the_first_outcome_and_takes_only_what_is_new(
    actor: Actor, order: CodeOrder
) -> None:
    first = _withdraw(actor, order, 1, 2)
    assert _withdraw(actor, order, 2, 1).id == first.id
    assert _withdraw(actor, order, 2, 3).count == 1
    with pytest.raises(AlreadyWithdrawn):
        _withdraw(actor, order, 2, reference="PJ-9")
    order.refresh_from_db()
    assert order.withdrawn_count == 3


def test_active_codes_are_refused_by_name_and_nothing_is_withdrawn(
    actor: Actor, order: CodeOrder, line: Location
) -> None:
    _commission(actor, order, line, first=0, count=10)
    with pytest.raises(AlreadyActive) as refusal:
        _withdraw(actor, order, 9, 10)
    assert refusal.value.data["serials"] == selectors.serials(order, first=9)[0]
    order.refresh_from_db()
    assert order.withdrawn_count == 0


def test_a_code_that_an_event_names_counts_as_active(actor: Actor, order: CodeOrder) -> None:
    item = selectors.links(order, first=4)
    event = build.object_event(
        time=MADE, action="ADD", epcs=item, step="commissioning", disposition="active"
    )
    capture_events(actor=actor, events=[event], source="tests")
    with pytest.raises(AlreadyActive):
        _withdraw(actor, order, 4)
    _withdraw(actor, order, 5)


@pytest.mark.parametrize("places", [(-1,), (100,), (2**40,), ()])
def test_positions_outside_the_order_are_refused(
    actor: Actor, order: CodeOrder, places: tuple[int, ...]
) -> None:
    with pytest.raises(Invalid):
        _withdraw(actor, order, *places)


def test_commissioning_skips_withdrawn_codes(
    actor: Actor, order: CodeOrder, line: Location
) -> None:
    _withdraw(actor, order, 0, 50, 99)
    _commission(actor, order, line)
    order.refresh_from_db()
    assert (order.commissioned_count, order.withdrawn_count) == (97, 3)
    assert order.status == "commissioned"
    assert len(selectors.commissioned_items(order)) == 97
    gone, here = (selectors.links(order, first=at)[0] for at in (50, 51))
    here_key = lineage.resolve(organisation_id=actor.organisation_id, text=here)
    assert here_key is not None
    assert lineage.state(organisation_id=actor.organisation_id, key=here_key).commissioned
    assert lineage.resolve(organisation_id=actor.organisation_id, text=gone) is None
    with pytest.raises(AlreadyActive):
        _withdraw(actor, order, 51)


def test_an_order_is_done_when_its_last_waiting_codes_are_withdrawn(
    actor: Actor, order: CodeOrder, line: Location
) -> None:
    _commission(actor, order, line, count=98)
    _withdraw(actor, order, 98, 99)
    order.refresh_from_db()
    assert order.status == "commissioned"
    assert selectors.waiting_ranges(order) == []


def test_an_order_without_any_code_left_is_withdrawn(
    actor: Actor, order: CodeOrder, line: Location
) -> None:
    _withdraw(actor, order, *range(100))
    order.refresh_from_db()
    assert order.status == "withdrawn"
    with pytest.raises(NothingToCommission):
        _commission(actor, order, line)
    assert not StoredEvent.objects.exists()


def test_packing_fills_cases_past_withdrawn_codes(
    actor: Actor, order: CodeOrder, line: Location
) -> None:
    _withdraw(actor, order, 1, 30)
    _commission(actor, order, line)
    half = pack_order(
        actor=actor,
        order_number=order.number,
        per_case=10,
        location_code=line.code,
        time=MADE,
        count=40,
    )
    assert (half.items, len(half.cases)) == (40, 4)
    rest = pack_order(
        actor=actor, order_number=order.number, per_case=10, location_code=line.code, time=MADE
    )
    assert (rest.items, len(rest.cases)) == (58, 6)
    order.refresh_from_db()
    assert order.packed_count == 98
    case = lineage.resolve(organisation_id=actor.organisation_id, text=half.cases[0])
    assert case is not None
    assert len(lineage.contents(organisation_id=actor.organisation_id, key=case)) == 10


def test_a_claim_may_cover_withdrawn_codes(actor: Actor, order: CodeOrder) -> None:
    _withdraw(actor, order, 5)
    assert _allot(actor, order, 0, 100).count == 100
    assert selectors.unallotted_ranges(order) == []


# ---------------------------------------------------------------- positions


def test_runs_come_back_from_a_bitmap_across_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(positions, "_WINDOW", 8)
    spans = [(0, 3), (7, 20), (25, 26), (40, 64)]
    assert list(positions.runs(positions.of_ranges(spans))) == spans
    assert list(positions.runs(BitMap())) == []
    assert positions.read(positions.write(positions.of_ranges(spans))) == positions.of_ranges(spans)
    assert positions.read(b"") == BitMap()


def test_what_is_taken_goes_from_ranges_even_where_it_overlaps() -> None:
    taken = [(0, 3), (2, 12), (5, 6), (15, 40), (60, 61)]
    assert positions.without([(1, 10), (10, 20), (30, 62)], taken) == [(12, 15), (40, 60), (61, 62)]
    assert positions.without([(0, 5)], []) == [(0, 5)]


def test_positions_of_an_order_come_back_from_serials(actor: Actor, order: CodeOrder) -> None:
    other = [*selectors.serials(order, first=0, count=100), "00000000000000", "short"]
    found = selectors.positions_of(order, other)
    assert found.tolist() == [*range(100), -1, -1]
    assert np.all(found[-2:] == -1)
