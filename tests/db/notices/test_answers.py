"""Recipients answer by a link that cannot be guessed; what comes back is scanned once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django import Settings

from suyuan.kernel import clock
from suyuan.kernel.errors import Forbidden, Invalid, NotFound
from suyuan.lineage import selectors as lineage
from suyuan.lineage.values import Whereabouts
from suyuan.process.services import take_return
from suyuan.recalls.models import CaseStatus, Notice, RecallCase, ReturnScan
from suyuan.recalls.notices.answering import answer_by_link, answer_for, open_answer
from suyuan.recalls.notices.counts import counts_of
from suyuan.recalls.notices.errors import AnswersOver, LinkUnknown, NotApproved
from suyuan.recalls.notices.links import token_of
from suyuan.recalls.returns import Verdict, take_back
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from tests.notice_world import Noticed, make_case
from tests.recall_world import MOVING_PARCEL, item


def token(recipient: str = "order:ORDER-1") -> str:
    row = Notice.objects.get(recipient=recipient)
    return token_of(row.organisation_id, row.id)


def test_the_latest_answer_counts(noticed: Noticed) -> None:
    answer_by_link(token=token(), counts={"have": 1})
    answer_by_link(token=token(), counts={"have": 0, "sent_back": 1})
    assert Notice.objects.get(recipient="order:ORDER-1").answer == {"sent_back": 1}


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"),
        lambda _text: "A" * 43,
        lambda text: text + "A",
        lambda text: text[:-1],
        lambda _text: "é" * 43,
        lambda _text: "",
        lambda text: text[:11] + ("B" if text[11] != "B" else "C") + text[12:],
    ],
)
def test_a_link_that_was_changed_opens_nothing(noticed: Noticed, change: object) -> None:
    with pytest.raises(LinkUnknown):
        open_answer(change(token()))  # type: ignore[operator]


def test_links_survive_the_secrets_rotation_and_not_its_loss(
    noticed: Noticed, settings: Settings
) -> None:
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another secret of more than 32 signs"
    given = token()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = old, []
    with pytest.raises(LinkUnknown):
        open_answer(given)
    settings.SECRET_KEY_FALLBACKS = ["another secret of more than 32 signs"]
    assert open_answer(given).recipient == "order:ORDER-1"


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ({}, "answer_missing"),
        ({"have": 0}, "answer_missing"),
        ({"have": -1}, "answer_negative"),
        ({"have": 10**12}, "answer_negative"),
        ({"eaten": 1}, "answer_unknown"),
        ({"have": 1, "used": 1}, "answer_too_many"),
    ],
)
def test_impossible_answers_are_refused(
    noticed: Noticed, counts: dict[str, int], code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        answer_by_link(token=token(), counts=counts)
    assert caught.value.code == code
    assert not Notice.objects.filter(answered_at__isnull=False).exists()


def test_links_of_a_case_that_was_called_off_take_no_answer(noticed: Noticed) -> None:
    RecallCase.objects.update(status=CaseStatus.WITHDRAWN)
    with pytest.raises(AnswersOver):
        answer_by_link(token=token(), counts={"have": 1})


def test_a_person_writes_down_what_was_said_on_the_telephone(
    noticed: Noticed, actor: Actor, other_actor: Actor
) -> None:
    number = Notice.objects.get(recipient="party:D-1").number
    answer_for(actor=actor, number=noticed.number, notice=number, counts={"have": 2, "used": 1})
    row = Notice.objects.get(recipient="party:D-1")
    assert (row.answer, row.answered_by) == ({"have": 2, "used": 1}, "system")
    with pytest.raises(NotFound):
        answer_for(actor=other_actor, number=noticed.number, notice=number, counts={"have": 1})
    with pytest.raises(NotFound):
        answer_for(actor=actor, number=noticed.number, notice=999, counts={"have": 1})


def scan(actor: Actor, noticed: Noticed, *texts: str) -> list[Verdict]:
    found = take_back(actor=actor, number=noticed.number, texts=texts, location="WH-1")
    return [one.verdict for one in found]


def where(actor: Actor, serial: int) -> Whereabouts:
    key = lineage.resolve(organisation_id=actor.organisation_id, text=item(serial))
    assert key is not None
    return lineage.state(organisation_id=actor.organisation_id, key=key).whereabouts


def test_each_scan_is_told_apart_and_captured_once(noticed: Noticed, actor: Actor) -> None:
    assert scan(actor, noticed, item(1), item(1), item(201), "nonsense") == [
        Verdict.AFFECTED,
        Verdict.ALREADY_BACK,
        Verdict.NOT_AFFECTED,
        Verdict.UNKNOWN,
    ]
    assert where(actor, 1) is Whereabouts.RETURNED
    assert scan(actor, noticed, "(01)09521234000013(21)1") == [Verdict.ALREADY_BACK]
    assert ReturnScan.objects.count() == 1
    assert counts_of(noticed.case)[-1].recovered == 1


def test_a_parcel_brings_back_all_that_is_in_it(noticed: Noticed, actor: Actor) -> None:
    (found,) = take_back(actor=actor, number=noticed.number, texts=[MOVING_PARCEL], location="WH-1")
    assert (found.verdict, found.items) == (Verdict.AFFECTED, 2)
    assert scan(actor, noticed, item(2)) == [Verdict.ALREADY_BACK]
    buyer = next(one for one in counts_of(noticed.case) if one.kind == "buyer")
    assert (buyer.recovered, buyer.items) == (2, 3)


def test_what_came_back_by_another_way_is_not_captured_again(
    noticed: Noticed, actor: Actor
) -> None:
    take_return(actor=actor, units=[item(4)], location="WH-1", time=clock.now())
    assert scan(actor, noticed, item(4)) == [Verdict.ALREADY_BACK]
    assert not ReturnScan.objects.exists()


def test_a_return_before_the_recall_does_not_count(actor: Actor) -> None:
    noticed = make_case(actor)
    take_return(
        actor=actor,
        units=[item(5)],
        location="WH-1",
        time=noticed.case.opened_at - timedelta(days=1),
    )
    assert scan(actor, noticed, item(5)) == [Verdict.AFFECTED]


def test_counter_is_closed_before_approval_and_to_others(actor: Actor, other_actor: Actor) -> None:
    noticed = make_case(actor, approved=False)
    with pytest.raises(NotApproved):
        scan(actor, noticed, item(1))
    with pytest.raises(NotFound):
        scan(other_actor, noticed, item(1))
    with pytest.raises(Forbidden):
        scan(replace(actor, rights=frozenset({Right.RECALL_VIEW})), noticed, item(1))
    with pytest.raises(NotFound):
        take_back(actor=actor, number=noticed.number, texts=[item(1)], location="NOWHERE")


@pytest.mark.parametrize("texts", [[], ["", "  "], ["1"] * 1001])
def test_empty_and_endless_scans_are_refused(
    noticed: Noticed, actor: Actor, texts: list[str]
) -> None:
    with pytest.raises(Invalid):
        take_back(actor=actor, number=noticed.number, texts=texts, location="WH-1")


def test_a_huge_scan_is_merely_unknown(noticed: Noticed, actor: Actor) -> None:
    assert scan(actor, noticed, "9" * 100_000, "\x00\x1d", "=1+1") == [Verdict.UNKNOWN] * 3
