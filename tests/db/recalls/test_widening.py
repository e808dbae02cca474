"""Looking again at a scope, and taking the change up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.lineage import selectors as lineage
from suyuan.recalls import selectors
from suyuan.recalls.errors import CaseClosed, ScopeChanged, ScopeUnchanged, VersionPending
from suyuan.recalls.models import RecallCase, ScopeVersion
from suyuan.recalls.services import (
    approve_recall,
    close_recall,
    look_again,
    open_recall,
    reject_recall,
    take_up,
    withdraw_recall,
)
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from tests.recall_world import (
    MADE,
    World,
    approver,
    item,
    lot,
    material_lot,
    open_approved,
)


@pytest.fixture
def ann(organisation: Organisation) -> Actor:
    """Return a person who may act on recalls."""
    return approver(organisation)


def _made_late(actor: Actor, *serials: int, event_id: str = "") -> None:
    """Let a factory tell late of more items of lot L-A."""
    event = build.object_event(
        time=MADE + timedelta(hours=1),
        action="ADD",
        epcs=[item(n) for n in serials],
        step="commissioning",
        disposition="active",
        ilmd={"cbvmda:lotNumber": "L-A"},
        event_id=event_id,
    )
    capture_events(actor=actor, events=[event], source="tests")


def _recalled(actor: Actor, text: str) -> bool:
    key = lineage.resolve(organisation_id=actor.organisation_id, text=text)
    assert key is not None
    return lineage.state(organisation_id=actor.organisation_id, key=key).recalled


def test_nothing_has_changed_after_the_hold(actor: Actor, world: World) -> None:
    case = open_approved(actor, material_lot("M-1"))

    assert look_again(actor=actor, number=case.number).is_empty


def test_late_items_are_told_and_nothing_is_changed(actor: Actor, world: World) -> None:
    case = open_approved(actor, lot("L-A"))
    _made_late(actor, 21, 22)

    found = look_again(actor=actor, number=case.number)

    assert (len(found.added), len(found.removed)) == (2, 0)
    assert RecallCase.objects.get().item_count == 20
    assert ScopeVersion.objects.count() == 1


def test_a_new_version_is_in_force_once_a_second_person_approved_it(
    actor: Actor, ann: Actor, organisation: Organisation, world: World
) -> None:
    number = open_approved(actor, lot("L-A")).number
    _made_late(actor, 21, 22)

    version = take_up(actor=ann, number=number, why="The factory told late", expected_items=22)

    case = RecallCase.objects.get()
    assert (version.version, version.added, case.version, case.item_count) == (2, 2, 1, 20)
    assert _recalled(actor, item(21))  # held at once, as it is at hand
    approved = approve_recall(actor=approver(organisation), number=number, version=2)
    assert (approved.version, approved.item_count, approved.held_count) == (2, 22, 22)
    assert sum(row.item_count for row in selectors.places_of(approved)) == 22
    assert ScopeVersion.objects.get(version=1).item_count == 20  # the evidence stays


def test_what_fell_out_is_released_on_approval(
    actor: Actor, ann: Actor, organisation: Organisation, world: World
) -> None:
    _made_late(actor, 21, 22, event_id="urn:uuid:5b1ef1d2-6f5c-4f6c-8f43-000000000001")
    number = open_approved(actor, lot("L-A")).number
    error = build.object_event(
        time=MADE + timedelta(hours=1),
        action="ADD",
        epcs=[item(21), item(22)],
        step="commissioning",
        disposition="active",
        ilmd={"cbvmda:lotNumber": "L-A"},
        event_id="urn:uuid:5b1ef1d2-6f5c-4f6c-8f43-000000000001",
    )
    error["errorDeclaration"] = {
        "declarationTime": "2026-03-02T00:00:00.000Z",
        "reason": "did_not_occur",
    }
    other = build.object_event(
        time=MADE + timedelta(hours=1),
        action="ADD",
        epcs=[item(21), item(22)],
        step="commissioning",
        disposition="active",
        ilmd={"cbvmda:lotNumber": "L-C"},
    )
    capture_events(actor=actor, events=[error, other], source="tests")

    found = look_again(actor=actor, number=number)
    take_up(actor=ann, number=number)
    approve_recall(actor=approver(organisation), number=number)

    gone = len(found.removed) + len(found.less_sure)
    assert gone == 2
    case = RecallCase.objects.get()
    assert case.held_keys == case.item_keys
    assert _recalled(actor, item(21)) is (len(found.removed) == 0)


def test_a_rejected_version_leaves_the_one_in_force(
    actor: Actor, ann: Actor, organisation: Organisation, world: World
) -> None:
    number = open_approved(actor, lot("L-A")).number
    _made_late(actor, 21)
    take_up(actor=ann, number=number)

    case = reject_recall(actor=approver(organisation), number=number, note="A test run")

    assert (case.status, case.version, case.item_count) == ("approved", 1, 20)
    assert not _recalled(actor, item(21))
    assert _recalled(actor, item(1))


def test_a_version_of_a_proposal_is_shown_at_once_and_replaces_the_first(
    actor: Actor, ann: Actor, organisation: Organisation, world: World
) -> None:
    number = open_recall(actor=actor, title="Bad", reason="Residues", starts=[lot("L-A")]).number
    _made_late(actor, 21)

    take_up(actor=ann, number=number)

    case = RecallCase.objects.get()
    assert (case.version, case.item_count, case.status) == (2, 21, "proposed")
    assert ScopeVersion.objects.get(version=1).status == "replaced"
    assert approve_recall(actor=approver(organisation), number=number).held_count == 21


def test_nothing_is_taken_up_where_nothing_has_changed(
    actor: Actor, ann: Actor, world: World
) -> None:
    number = open_approved(actor, lot("L-A")).number

    with pytest.raises(ScopeUnchanged):
        take_up(actor=ann, number=number)


def test_another_number_than_the_one_seen_is_not_taken_up(
    actor: Actor, ann: Actor, world: World
) -> None:
    number = open_approved(actor, lot("L-A")).number
    _made_late(actor, 21)

    with pytest.raises(ScopeChanged):
        take_up(actor=ann, number=number, expected_items=25)

    assert ScopeVersion.objects.count() == 1


def test_a_case_that_has_ended_takes_nothing_up(actor: Actor, ann: Actor, world: World) -> None:
    number = open_approved(actor, lot("L-A")).number
    withdraw_recall(actor=ann, number=number, note="Off")
    _made_late(actor, 21)

    with pytest.raises(CaseClosed):
        take_up(actor=ann, number=number)


def test_a_case_is_not_closed_while_a_version_waits(actor: Actor, ann: Actor, world: World) -> None:
    number = open_approved(actor, lot("L-A")).number
    _made_late(actor, 21)
    take_up(actor=ann, number=number)

    with pytest.raises(VersionPending):
        close_recall(actor=ann, number=number, note="Done")
