"""Opening and closing recalls."""

from __future__ import annotations

from dataclasses import replace

import pytest

from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.lineage import selectors as lineage
from suyuan.recalls import selectors
from suyuan.recalls.errors import CaseClosed, RequestKeyReused, ScopeChanged
from suyuan.recalls.models import RecallCase, ScopeGroup
from suyuan.recalls.rows import affected_keys, affected_rows
from suyuan.recalls.services import close_recall, open_recall, preview_scope
from suyuan.recalls.summary import Summary
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from suyuan.tenancy.rights import DEFAULT_GRANTS, Right, Role
from tests.recall_world import GTIN, MADE, World, item, lot, material_lot, open_approved


def _open(actor: Actor, *starts: str, **more: object) -> RecallCase:
    given = {"title": "Bad leaves", "reason": "Pesticide", **more}
    return open_recall(actor=actor, starts=starts, **given)  # type: ignore[arg-type]


def test_material_lot_affects_every_item_made_of_it_and_no_other(
    actor: Actor, world: World
) -> None:
    scope = preview_scope(actor=actor, starts=[material_lot("M-1")])

    assert len(scope.items) == 25
    untouched = lineage.resolve(organisation_id=actor.organisation_id, text=item(201))
    assert untouched not in scope.items


def test_preview_changes_nothing(actor: Actor, world: World) -> None:
    before = AuditEntry.objects.count()

    preview_scope(actor=actor, starts=[material_lot("M-1")])

    assert not RecallCase.objects.exists()
    assert AuditEntry.objects.count() == before


def test_starts_are_read_in_any_form(actor: Actor, world: World) -> None:
    element_string = f"(01){GTIN}(10)L-A"

    assert len(preview_scope(actor=actor, starts=[element_string]).items) == 20


def test_lot_code_alone_names_the_lot(actor: Actor, world: World) -> None:
    assert len(preview_scope(actor=actor, starts=["L-B"]).items) == 5


@pytest.mark.parametrize("text", ["nonsense", "(01)09521234000013(10)L-Z", "\x00", "x" * 3000])
def test_unknown_start_is_refused_with_its_place(actor: Actor, world: World, text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        preview_scope(actor=actor, starts=[lot("L-A"), text])

    assert (refusal.value.code, refusal.value.place) == ("identity_unknown", "/starts/1")


def test_other_organisations_lot_is_unknown(other_actor: Actor, world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        preview_scope(actor=other_actor, starts=[lot("L-A")])

    assert refusal.value.code == "identity_unknown"


@pytest.mark.parametrize(("starts", "code"), [([], "starts_required"), ([" "], "starts_required")])
def test_no_start_is_refused(actor: Actor, starts: list[str], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        preview_scope(actor=actor, starts=starts)

    assert refusal.value.code == code


def test_too_many_starts_are_refused(actor: Actor) -> None:
    with pytest.raises(Invalid) as refusal:
        preview_scope(actor=actor, starts=["a"] * 1001)

    assert refusal.value.code == "too_many_starts"


def test_case_freezes_counts_lots_places_and_parcels(actor: Actor, world: World) -> None:
    case = _open(actor, material_lot("M-1"))

    summary = Summary.from_json(RecallCase.objects.get().summary)
    assert case.number.startswith("RC-")
    assert case.number.endswith("-0001")
    assert summary.items == case.item_count == len(case.item_keys) == 25
    assert summary.whereabouts == {"in_house": 22, "in_transit": 2, "sold": 1}
    assert (summary.lots, summary.parcels) == (3, 2)
    assert next(row.unit for row in selectors.lots_of(case)) == material_lot("M-1")
    assert {row.waybill for row in selectors.shipments_of(case)} == {"SF-1", "SF-2"}
    assert sum(row.item_count for row in selectors.places_of(case)) == 25


def test_held_goods_are_recalled_and_stay_where_they_are(actor: Actor, world: World) -> None:
    open_approved(actor, lot("L-A"))

    organisation_id = actor.organisation_id
    for serial, recalled in ((1, True), (20, True), (101, False)):
        key = lineage.resolve(organisation_id=organisation_id, text=item(serial))
        assert key is not None
        assert lineage.state(organisation_id=organisation_id, key=key).recalled is recalled
    kept = lineage.resolve(organisation_id=organisation_id, text=item(20))
    assert kept is not None
    assert (
        lineage.state(organisation_id=organisation_id, key=kept).location
        == world.warehouse.identifier
    )
    of_lot = lineage.resolve(organisation_id=organisation_id, text=lot("L-A"))
    assert of_lot is not None
    assert lineage.state(organisation_id=organisation_id, key=of_lot).recalled


def test_scope_after_the_hold_is_the_scope_before(actor: Actor, world: World) -> None:
    case = open_approved(actor, material_lot("M-1"))

    again = preview_scope(actor=actor, starts=[material_lot("M-1")])

    assert again.items == case.item_keys
    assert {p.whereabouts.value: len(p.items) for p in again.places} == {
        "in_house": 22,
        "in_transit": 2,
        "sold": 1,
    }


def test_empty_container_is_affected_itself(actor: Actor, world: World) -> None:
    empty = "https://id.gs1.org/00/395212340000000038"
    event = build.object_event(time=MADE, action="OBSERVE", epcs=[empty], step="encoding")
    capture_events(actor=actor, events=[event], source="tests")

    case = _open(actor, empty)

    assert case.item_count == 1


def test_case_without_hold_marks_nothing(actor: Actor, world: World) -> None:
    open_approved(actor, lot("L-A"), hold=False, precaution=True)

    key = lineage.resolve(organisation_id=actor.organisation_id, text=item(1))
    assert key is not None
    assert not lineage.state(organisation_id=actor.organisation_id, key=key).recalled


def test_lot_without_items_is_held_as_a_lot(actor: Actor, world: World) -> None:
    capture_events(
        actor=actor,
        events=[
            build.object_event(
                time=MADE, action="ADD", quantities=[build.quantity(lot("BULK"), 4, "KGM")]
            )
        ],
        source="tests",
    )

    case = open_approved(actor, lot("BULK"))

    key = lineage.resolve(organisation_id=actor.organisation_id, text=lot("BULK"))
    assert key is not None
    assert case.item_count == 0
    assert lineage.state(organisation_id=actor.organisation_id, key=key).recalled


def test_same_request_key_gives_the_same_case(actor: Actor, world: World) -> None:
    first = _open(actor, lot("L-A"), request_key="once")
    second = _open(actor, lot("L-A"), request_key="once")

    assert first.number == second.number
    assert RecallCase.objects.count() == 1
    assert AuditEntry.objects.filter(action="recall.open").count() == 1


def test_request_key_of_another_case_is_refused(actor: Actor, world: World) -> None:
    _open(actor, lot("L-A"), request_key="once")

    with pytest.raises(RequestKeyReused):
        _open(actor, lot("L-A"), request_key="once", title="Something else")


def test_other_number_of_items_than_confirmed_opens_nothing(actor: Actor, world: World) -> None:
    with pytest.raises(ScopeChanged) as refusal:
        _open(actor, lot("L-A"), expected_items=19)

    assert refusal.value.data == {"expected": 19, "found": 20}
    assert not RecallCase.objects.exists()


def test_item_affects_itself_alone(actor: Actor, world: World) -> None:
    assert _open(actor, item(205)).item_count == 1


def test_rows_say_lot_place_parcel_and_order(actor: Actor, world: World) -> None:
    case = _open(actor, material_lot("M-1"))

    rows = {row.item: row for row in affected_rows(case)}

    assert len(rows) == 25
    assert rows[item(101)].lot == lot("L-B")
    assert rows[item(20)].place == world.warehouse.identifier
    sold, moving = rows[item(1)], rows[item(3)]
    assert (sold.whereabouts, sold.waybill, sold.order_number) == ("sold", "SF-1", "ORDER-1")
    assert (moving.whereabouts, moving.waybill) == ("in_transit", "SF-2")
    assert moving.container.endswith("/00/395212340000000021")


def test_single_item_row_names_its_lot(actor: Actor, world: World) -> None:
    case = _open(actor, item(4), item(104))

    assert {row.item: row.lot for row in affected_rows(case)} == {
        item(4): lot("L-A"),
        item(104): lot("L-B"),
    }


def test_keys_can_be_narrowed_to_a_place(actor: Actor, world: World) -> None:
    case = _open(actor, material_lot("M-1"))

    assert len(affected_keys(case)) == 25
    assert len(affected_keys(case, whereabouts="sold")) == 1
    assert len(affected_keys(case, place=world.warehouse.identifier)) == 22
    assert not affected_keys(case, place="nowhere")


def test_closed_case_stays_closed_and_keeps_its_note(actor: Actor, world: World) -> None:
    number = open_approved(actor, lot("L-A")).number

    case = close_recall(actor=actor, number=number, note="All 20 destroyed.")

    assert not case.is_open
    assert case.closing_note == "All 20 destroyed."
    with pytest.raises(CaseClosed):
        close_recall(actor=actor, number=number, note="Again")
    assert selectors.count_open(actor.organisation_id) == 0


def test_other_organisations_case_does_not_exist(
    actor: Actor, other_actor: Actor, world: World
) -> None:
    number = _open(actor, lot("L-A")).number

    with pytest.raises(NotFound):
        selectors.get_case(other_actor.organisation_id, number)
    with pytest.raises(NotFound):
        close_recall(actor=other_actor, number=number, note="Not mine")


def test_numbers_follow_one_another_in_each_organisation(actor: Actor, world: World) -> None:
    numbers = [_open(actor, lot(code)).number for code in ("L-A", "L-B")]

    assert [number[-4:] for number in numbers] == ["0001", "0002"]


def test_quality_role_may_recall_without_the_right_to_capture(actor: Actor, world: World) -> None:
    quality = replace(actor, rights=DEFAULT_GRANTS[Role.QUALITY])
    assert not quality.may(Right.EVENTS_CAPTURE)

    assert _open(quality, lot("L-A")).item_count == 20


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.WAREHOUSE, Role.MARKETING])
def test_roles_without_the_right_open_nothing(actor: Actor, world: World, role: Role) -> None:
    with pytest.raises(Forbidden):
        _open(replace(actor, rights=DEFAULT_GRANTS[role]), lot("L-A"))


def test_cases_that_affect_an_item_are_found(actor: Actor, world: World) -> None:
    case = _open(actor, lot("L-A"))
    key = lineage.resolve(organisation_id=actor.organisation_id, text=item(7))
    other = lineage.resolve(organisation_id=actor.organisation_id, text=item(201))
    assert key is not None
    assert other is not None

    assert selectors.cases_affecting(actor.organisation_id, key) == [case]
    assert selectors.cases_affecting(actor.organisation_id, other) == []


def test_refused_hold_opens_no_case(
    actor: Actor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise OSError

    monkeypatch.setattr("suyuan.recalls.services.opening.hold_at_hand", broken)

    with pytest.raises(OSError):  # noqa: PT011
        _open(actor, lot("L-A"), precaution=True)

    assert not RecallCase.objects.exists()
    assert not ScopeGroup.objects.exists()
