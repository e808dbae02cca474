"""Decisions that come at once, and one person in two guises."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from suyuan.capture import services as capture
from suyuan.capture.models import StoredEvent
from suyuan.core.keyset import KeySet
from suyuan.lineage import selectors as lineage
from suyuan.recalls import hold
from suyuan.recalls.errors import CaseClosed, NothingToDecide, PersonNeeded, SecondPersonNeeded
from suyuan.recalls.models import CaseStatus, RecallCase, ScopeGroup, ScopeVersion
from suyuan.recalls.services import (
    approve_recall,
    close_recall,
    open_recall,
    reject_recall,
    withdraw_recall,
)
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import Organisation
from suyuan.tenancy.rights import Right
from suyuan.tenancy.services.tokens import authenticate_token, issue_token
from tests.recall_world import World, approver, item, lot, make_world, open_approved

pytestmark = pytest.mark.django_db


def propose(actor: Actor, *starts: str) -> str:
    return open_recall(actor=actor, title="Bad", reason="x", starts=starts).number


def is_recalled(actor: Actor, text: str) -> bool:
    key = lineage.resolve(organisation_id=actor.organisation_id, text=text)
    assert key is not None
    return lineage.state(organisation_id=actor.organisation_id, key=key).recalled


def at_once(*acts: Callable[[], object]) -> list[Exception]:
    """Act in a thread each, all beginning together; return what was refused."""
    ready, refused = threading.Barrier(len(acts)), list[Exception]()

    def run(act: Callable[[], object]) -> None:
        try:
            ready.wait()
            act()
        except Exception as error:  # noqa: BLE001 - the test says which it may be
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_nobody_approves_what_their_own_token_proposed(
    organisation: Organisation, world: World
) -> None:
    ann, bob = approver(organisation), approver(organisation)
    maker = Actor(organisation, ann.name, frozenset(Right), user_id=ann.user_id)
    scopes = [Right.RECALL_ACT, Right.RECALL_VIEW]
    _, secret = issue_token(actor=maker, name="mine", scopes=scopes, expires_at=None)
    token = authenticate_token(secret)
    assert token is not None
    number = propose(token, lot("L-A"))

    with pytest.raises(PersonNeeded):
        approve_recall(actor=token, number=number)
    with pytest.raises(SecondPersonNeeded):
        approve_recall(actor=ann, number=number)
    assert approve_recall(actor=bob, number=number).is_approved


@pytest.mark.django_db(transaction=True)
def test_two_who_approve_at_once_mark_the_goods_once(
    actor: Actor, organisation: Organisation
) -> None:
    make_world(actor)
    people = [approver(organisation), approver(organisation)]
    number = propose(actor, lot("L-A"))
    before = StoredEvent.objects.count()

    refused = at_once(*(lambda p=p: approve_recall(actor=p, number=number) for p in people))

    assert [type(error) for error in refused] == [NothingToDecide]
    assert StoredEvent.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_closing_and_withdrawing_at_once_end_a_case_once(
    actor: Actor, organisation: Organisation
) -> None:
    make_world(actor)
    number = open_approved(actor, lot("L-A")).number

    refused = at_once(
        lambda: close_recall(actor=actor, number=number, note="done"),
        lambda: withdraw_recall(actor=actor, number=number, note="false alarm"),
    )

    case = RecallCase.objects.get()
    assert len(refused) == 1
    assert is_recalled(actor, item(5)) == (case.status == CaseStatus.CLOSED)


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a release and a hold read of each other, and the hold capture first, if they can."""
    met, is_held = threading.Barrier(2), threading.Event()
    real = hold._capture

    def together(
        actor: Actor, case: RecallCase, step: str, disposition: str, items: KeySet, lots: list[str]
    ) -> None:
        if items:
            with suppress(threading.BrokenBarrierError):  # the other one waits: as it should
                met.wait(timeout=1)
            if disposition == "conformant":
                is_held.wait(timeout=1)
        real(actor, case, step, disposition, items, lots)
        if disposition == "recalled":
            is_held.set()

    monkeypatch.setattr(hold, "_capture", together)


@pytest.mark.django_db(transaction=True)
def test_release_does_not_clear_what_another_case_takes_hold_of_in_the_same_instant(
    actor: Actor, organisation: Organisation, request: pytest.FixtureRequest
) -> None:
    make_world(actor)
    first = open_approved(actor, lot("L-A")).number
    second = propose(actor, lot("L-A"))
    person = approver(organisation)
    request.getfixturevalue("meeting")

    refused = at_once(
        lambda: withdraw_recall(actor=actor, number=first, note="false alarm"),
        lambda: approve_recall(actor=person, number=second),
    )

    assert refused == []
    assert is_recalled(actor, item(5))
    assert is_recalled(actor, lot("L-A"))


def test_holding_waits_for_others_who_capture(
    actor: Actor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[int] = []
    real = capture.take_turn

    def noted(organisation_id: int) -> None:
        turns.append(organisation_id)
        real(organisation_id)

    monkeypatch.setattr(capture, "take_turn", noted)
    number = open_approved(actor, lot("L-A")).number
    withdraw_recall(actor=actor, number=number, note="x")
    assert len(turns) >= 2


def test_rejected_case_is_not_decided_on_again(actor: Actor, world: World) -> None:
    number = propose(actor, lot("L-A"))
    person = approver(actor.organisation)
    reject_recall(actor=person, number=number, note="no")
    for act in (approve_recall, withdraw_recall):
        with pytest.raises(CaseClosed):
            act(actor=person, number=number, note="again")


@pytest.mark.parametrize(("status", "after"), [("open", "approved"), ("closed", "closed")])
def test_case_of_the_time_before_approval_is_taken_over_as_approved(
    actor: Actor, world: World, status: str, after: str
) -> None:
    case = open_approved(actor, lot("L-A"))
    ScopeVersion.objects.all().delete()
    RecallCase.objects.update(
        status=status, approved_at=None, approved_by="", held=b"", held_count=0, held_lots=[]
    )
    import_module("suyuan.recalls.migrations.0002_case").take_over(apps, None)

    row = RecallCase.objects.get()
    version = ScopeVersion.objects.get()
    assert (row.status, row.approved_at) == (after, case.frozen_at)
    assert (row.held_keys, row.held_lots) == (case.item_keys, [lot("L-A")])
    assert (version.status, version.version, version.item_keys) == (
        "approved",
        1,
        case.item_keys,
    )
    assert ScopeGroup.objects.filter(version=version.version).exists()
    if status == "open":
        withdraw_recall(actor=actor, number=row.number, note="x")
        assert not is_recalled(actor, item(5))
