"""Who decides on a recall, and what a decision does to goods."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from suyuan.capture.models import StoredEvent
from suyuan.kernel import clock
from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.lineage import selectors as lineage
from suyuan.recalls import selectors
from suyuan.recalls.digest import is_intact
from suyuan.recalls.errors import (
    CaseClosed,
    EvidenceBroken,
    NothingToDecide,
    PersonNeeded,
    SecondPersonNeeded,
    VersionChanged,
)
from suyuan.recalls.models import CaseStatus, RecallCase, ScopeGroup, ScopeVersion
from suyuan.recalls.services import (
    approve_recall,
    open_recall,
    reject_recall,
    withdraw_recall,
)
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry, Membership, Organisation
from suyuan.tenancy.rights import DEFAULT_GRANTS, Role
from tests.recall_world import World, approver, item, lot, material_lot, open_approved


def _propose(actor: Actor, *starts: str, **more: object) -> RecallCase:
    given = {"title": "Bad leaves", "reason": "Pesticide", **more}
    return open_recall(actor=actor, starts=starts, **given)  # type: ignore[arg-type]


def _recalled(actor: Actor, text: str) -> bool:
    key = lineage.resolve(organisation_id=actor.organisation_id, text=text)
    assert key is not None
    return lineage.state(organisation_id=actor.organisation_id, key=key).recalled


@pytest.fixture
def ann(organisation: Organisation) -> Actor:
    """Return a person who may act on recalls."""
    return approver(organisation)


@pytest.fixture
def bob(ann: Actor, organisation: Organisation) -> Actor:
    """Return another one."""
    return approver(organisation)


def test_a_proposal_marks_nothing_and_is_evidence(ann: Actor, world: World) -> None:
    case = _propose(ann, material_lot("M-1"))

    assert case.status == CaseStatus.PROPOSED
    assert not _recalled(ann, item(20))
    version = ScopeVersion.objects.get()
    assert (version.item_count, version.added, len(version.digest)) == (25, 25, 64)
    assert is_intact(case, version)


def test_changed_evidence_is_found_out(ann: Actor, world: World) -> None:
    case = _propose(ann, material_lot("M-1"))
    ScopeGroup.objects.filter(kind="shipment").update(waybill="SF-9")

    assert not is_intact(case, ScopeVersion.objects.get())


def test_changed_evidence_is_not_approved(ann: Actor, bob: Actor, world: World) -> None:
    case = _propose(ann, material_lot("M-1"))
    ScopeGroup.objects.filter(case_id=case.id).update(place="somewhere else")

    with pytest.raises(EvidenceBroken):
        approve_recall(actor=bob, number=case.number)
    case.refresh_from_db()
    assert case.status == CaseStatus.PROPOSED
    assert not _recalled(ann, item(20))


def test_a_second_person_approves_and_all_goods_are_held(
    ann: Actor, bob: Actor, world: World
) -> None:
    number = _propose(ann, material_lot("M-1")).number

    case = approve_recall(actor=bob, number=number, note="Agreed")

    assert (case.status, case.approved_by, case.self_approved) == ("approved", bob.name, False)
    assert case.held_count == 25
    assert _recalled(ann, item(1))  # sold
    assert _recalled(ann, item(20))  # in house
    assert _recalled(ann, lot("L-A"))
    assert not _recalled(ann, item(201))
    assert ScopeVersion.objects.get().decided_by == bob.name


def test_whoever_proposed_does_not_approve(ann: Actor, bob: Actor, world: World) -> None:
    number = _propose(ann, lot("L-A")).number

    with pytest.raises(SecondPersonNeeded):
        approve_recall(actor=ann, number=number)

    assert RecallCase.objects.get().status == CaseStatus.PROPOSED
    assert not _recalled(ann, item(20))


def test_a_changed_address_makes_no_second_person(ann: Actor, bob: Actor, world: World) -> None:
    number = _propose(ann, lot("L-A")).number

    with pytest.raises(SecondPersonNeeded):
        approve_recall(actor=replace(ann, name="user:other@example.com"), number=number)


def test_the_only_person_approves_alone_and_the_record_says_so(
    ann: Actor, organisation: Organisation, world: World
) -> None:
    assert ann.user_id is not None
    Membership.objects.filter(organisation=organisation).exclude(user_id=ann.user_id).delete()
    number = _propose(ann, lot("L-A")).number

    case = approve_recall(actor=ann, number=number)

    assert case.self_approved
    entry = AuditEntry.objects.get(action="recall.approve")
    assert entry.changes["only_person"] == [None, True]


def test_a_token_proposes_and_never_approves(actor: Actor, world: World) -> None:
    number = _propose(actor, lot("L-A")).number

    with pytest.raises(PersonNeeded):
        approve_recall(actor=actor, number=number)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.WAREHOUSE, Role.PLANNER])
def test_roles_without_the_right_decide_nothing(
    ann: Actor, bob: Actor, world: World, role: Role
) -> None:
    number = _propose(ann, lot("L-A")).number
    other = replace(bob, rights=DEFAULT_GRANTS[role])

    for verb in (approve_recall, reject_recall, withdraw_recall):
        with pytest.raises(Forbidden):
            verb(actor=other, number=number, note="No")


def test_precaution_holds_what_is_at_hand_and_not_what_is_sold(ann: Actor, world: World) -> None:
    case = _propose(ann, material_lot("M-1"), precaution=True)

    assert case.held_count == 24
    assert _recalled(ann, item(20))  # in house
    assert _recalled(ann, item(3))  # on its way
    assert not _recalled(ann, item(1))  # sold
    assert _recalled(ann, material_lot("M-1"))
    assert not _recalled(ann, lot("L-A"))  # the page of item 1 would tell of it


def test_approval_after_precaution_marks_only_the_rest(
    ann: Actor, bob: Actor, world: World
) -> None:
    number = _propose(ann, material_lot("M-1"), precaution=True).number

    case = approve_recall(actor=bob, number=number)

    last = StoredEvent.objects.order_by("-seq").first()
    assert last is not None
    assert case.held_count == 25
    assert len(case.item_keys) == 25
    assert _recalled(ann, item(1))


def test_rejection_releases_what_was_held(ann: Actor, bob: Actor, world: World) -> None:
    number = _propose(ann, material_lot("M-1"), precaution=True).number

    case = reject_recall(actor=bob, number=number, note="The sample was mixed up")

    assert (case.status, case.held_count, case.held_lots) == ("rejected", 0, [])
    assert case.closing_note == "The sample was mixed up"
    assert not _recalled(ann, item(20))
    assert not _recalled(ann, material_lot("M-1"))
    with pytest.raises(CaseClosed):
        approve_recall(actor=bob, number=number)


def test_a_rejection_needs_its_reason(ann: Actor, bob: Actor, world: World) -> None:
    number = _propose(ann, lot("L-A")).number

    with pytest.raises(Invalid) as refusal:
        reject_recall(actor=bob, number=number, note="  ")

    assert refusal.value.place == "note"


def test_withdrawal_leaves_what_another_case_holds(ann: Actor, bob: Actor, world: World) -> None:
    wide = open_approved(ann, material_lot("M-1"))
    open_approved(ann, lot("L-A"))

    case = withdraw_recall(actor=bob, number=wide.number, note="A wrong lot")

    assert case.status == CaseStatus.WITHDRAWN
    assert _recalled(ann, item(20))  # the second case holds lot L-A
    assert _recalled(ann, lot("L-A"))
    assert not _recalled(ann, item(101))  # of L-B, which nothing else holds
    assert not _recalled(ann, lot("L-B"))


def test_released_goods_stay_where_they_are(ann: Actor, bob: Actor, world: World) -> None:
    number = open_approved(ann, lot("L-A")).number
    withdraw_recall(actor=bob, number=number, note="A wrong lot")

    key = lineage.resolve(organisation_id=ann.organisation_id, text=item(20))
    assert key is not None
    state = lineage.state(organisation_id=ann.organisation_id, key=key)
    assert (state.whereabouts, state.location) == ("in_house", world.warehouse.identifier)


def test_nothing_is_approved_twice(ann: Actor, bob: Actor, world: World) -> None:
    number = open_approved(ann, lot("L-A")).number

    with pytest.raises(NothingToDecide):
        approve_recall(actor=bob, number=number)


def test_another_version_than_the_one_seen_is_not_approved(
    ann: Actor, bob: Actor, world: World
) -> None:
    number = _propose(ann, lot("L-A")).number

    with pytest.raises(VersionChanged):
        approve_recall(actor=bob, number=number, version=2)


def test_other_organisations_case_is_not_decided_on(
    ann: Actor, other_organisation: Organisation, world: World
) -> None:
    number = _propose(ann, lot("L-A")).number
    stranger = approver(other_organisation)

    for verb in (approve_recall, reject_recall, withdraw_recall):
        with pytest.raises(NotFound):
            verb(actor=stranger, number=number, note="No")


def test_rule_sets_deadlines_from_knowledge_and_approval(
    ann: Actor, bob: Actor, world: World
) -> None:
    known = clock.now() - timedelta(hours=3)
    case = _propose(ann, lot("L-A"), regime="food-1", known_at=known)
    assert case.begin_by == known + timedelta(hours=24)
    assert case.end_by is None

    approved = approve_recall(actor=bob, number=case.number)

    assert approved.end_by is not None
    assert timedelta(days=10) < approved.end_by - clock.now() <= timedelta(days=17)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"regime": "moon"}, "recall_regime"),
        ({"regime": "own"}, "recall_own_limits"),
        ({"regime": "own", "begin_hours": 0}, "recall_hours"),
        ({"regime": "food-1", "begin_hours": 10**9}, "recall_hours"),
        ({"regime": "food-1", "end_days": -1}, "recall_days"),
        ({"known_at": clock.now() + timedelta(days=1)}, "recall_known_later"),
        ({"known_at": clock.now().replace(tzinfo=None)}, "time_zone_required"),
    ],
)
def test_bad_rules_propose_nothing(
    ann: Actor, world: World, fields: dict[str, object], code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        _propose(ann, lot("L-A"), **fields)

    assert refusal.value.code == code
    assert not RecallCase.objects.exists()


def test_count_of_open_cases_has_proposed_and_approved_ones(
    ann: Actor, bob: Actor, world: World
) -> None:
    _propose(ann, lot("L-A"))
    open_approved(ann, lot("L-B"))
    withdrawn = _propose(ann, lot("L-C")).number
    withdraw_recall(actor=bob, number=withdrawn, note="No")

    assert selectors.count_open(ann.organisation_id) == 2
    assert selectors.list_cases(ann.organisation_id, status="current").count() == 2
    assert selectors.list_cases(ann.organisation_id, status="withdrawn").count() == 1
