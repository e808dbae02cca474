"""Notices go to those who have the goods: once, after approval, whatever dies in between."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from suyuan.kernel import clock
from suyuan.kernel.posting.destinations import Destination
from suyuan.kernel.posting.sending import Outcome
from suyuan.kernel.posting.signing import HEADER, is_signed
from suyuan.recalls.models import CaseStatus, Notice, NoticeState
from suyuan.recalls.notices.announcing import set_announcement
from suyuan.recalls.notices.doors import set_door
from suyuan.recalls.notices.errors import NotApproved, NothingToSend, NoticeMoved
from suyuan.recalls.notices.posting import WAITS, post_due
from suyuan.recalls.notices.preparing import import_contacts, prepare_notices
from suyuan.recalls.notices.queueing import (
    mark_bounced,
    mark_told,
    remind,
    send_again,
    send_notices,
    stop_sending,
)
from suyuan.recalls.notices.rounds import drain, sweep
from suyuan.tenancy.actor import Actor
from tests.mail_server import MailServer
from tests.notice_world import Noticed, make_case

LIST = "订单号,邮箱,收货人\nORDER-1,li@buyer.example,李雷\n=ORDER-2,han@buyer.example,韩梅梅\n"
PHONES = "order,phone\nORDER-1,138 0000 0001\n=ORDER-2,13800000002\n"
LI = "li@buyer.example"


def notice(recipient: str) -> Notice:
    return Notice.objects.get(recipient=recipient)


def states() -> dict[str, str]:
    return dict(Notice.objects.values_list("recipient", "state"))


def reach(actor: Actor, noticed: Noticed, body: str = LIST) -> None:
    import_contacts(actor=actor, number=noticed.number, body=body.encode())


@pytest.fixture
def buyers(noticed: Noticed, actor: Actor, mail: MailServer) -> Noticed:
    """Return the recall with both buyers' addresses."""
    reach(actor, noticed)
    return noticed


def test_recipients_are_those_who_hold_bought_or_complained(noticed: Noticed) -> None:
    rows = {row.recipient: (row.kind, row.item_count, row.channel) for row in Notice.objects.all()}
    complaint = next(name for name in rows if name.startswith("complaint:"))
    assert rows == {
        "party:D-1": ("partner", 3, "email"),
        "party:W-9": ("partner", 2, "sms"),
        "order:=ORDER-2": ("buyer", 2, "marketplace"),
        "order:ORDER-1": ("buyer", 1, "marketplace"),
        complaint: ("consumer", 1, "email"),
    }


def test_letters_name_the_goods_and_each_its_own_link(
    buyers: Noticed, actor: Actor, mail: MailServer
) -> None:
    assert send_notices(actor=actor, number=buyers.number) == 4
    drain()
    (letter,) = mail.to(LI)
    text = letter.get_content()
    assert "李雷您好" in text
    assert "ORDER-1" in text
    assert "L-A" in text
    assert "联系我们" not in text  # nobody has said how
    assert "明前龙井" in letter["Subject"]
    (dealer,) = mail.to("chen@dealer.example")
    assert "\r\n4\r\n5\r\n6\r\n" in dealer.get_content()
    links = {word for _, one in mail.letters for word in one.get_content().split() if "/a/" in word}
    assert len(links) == 4
    assert mail.connections == 1


def test_nothing_is_sent_before_approval(actor: Actor, mail: MailServer) -> None:
    noticed = make_case(actor, approved=False)
    reach(actor, noticed)
    for act in (
        lambda: send_notices(actor=actor, number=noticed.number),
        lambda: send_again(actor=actor, number=noticed.number, notice=1),
        lambda: remind(actor=actor, number=noticed.number, after_days=0),
        lambda: mark_told(actor=actor, number=noticed.number, channel="sms"),
    ):
        with pytest.raises(NotApproved):
            act()
    assert drain() == 0
    assert mail.letters == []


def test_what_is_queued_when_a_case_is_called_off_does_not_leave(
    buyers: Noticed, actor: Actor, mail: MailServer
) -> None:
    send_notices(actor=actor, number=buyers.number)
    buyers.case.status = CaseStatus.WITHDRAWN.value
    buyers.case.save(update_fields=["status"])
    drain()
    assert mail.letters == []
    assert set(states().values()) == {"ready"}


def test_sending_twice_sends_once(buyers: Noticed, actor: Actor, mail: MailServer) -> None:
    send_notices(actor=actor, number=buyers.number)
    drain()
    with pytest.raises(NothingToSend):
        send_notices(actor=actor, number=buyers.number)
    drain()
    assert len(mail.letters) == 4


def test_refused_address_bounces_and_a_refusal_for_now_is_tried_again(
    buyers: Noticed, actor: Actor, mail: MailServer
) -> None:
    mail.refuse = {LI: "550 no such user", "han@buyer.example": "451 come back later"}
    send_notices(actor=actor, number=buyers.number, kind="buyer")
    drain()
    gone, later = notice("order:ORDER-1"), notice("order:=ORDER-2")
    assert (gone.state, gone.error, gone.detail) == (
        NoticeState.BOUNCED,
        "mail_refused",
        "550 no such user",
    )
    assert later.state == NoticeState.QUEUED
    mail.refuse = {}
    with clock.held_at(clock.now() + timedelta(seconds=WAITS[0] + 1)):
        drain()
    assert notice("order:=ORDER-2").state == NoticeState.SENT
    assert len(mail.letters) == 1


def test_letters_wait_for_a_server_that_is_away(
    buyers: Noticed, actor: Actor, mail: MailServer, settings: Settings
) -> None:
    settings.MAILERS = MailServer(port=9).options  # the port of "discard": nobody listens
    send_notices(actor=actor, number=buyers.number, kind="buyer")
    now = clock.now()
    for _ in range(20):
        now += timedelta(hours=1)
        with clock.held_at(now):
            drain()
    row = notice("order:ORDER-1")
    assert (row.state, row.error, row.attempts) == ("queued", "mail_server_away", 0)
    settings.MAILERS = mail.options
    with clock.held_at(now + timedelta(hours=1)):
        drain()
    assert len(mail.letters) == 2


def test_letter_whose_line_broke_is_never_sent_again_by_itself(
    buyers: Noticed, actor: Actor, mail: MailServer
) -> None:
    mail.break_off = {LI}
    send_notices(actor=actor, number=buyers.number, kind="buyer")
    with clock.held_at(clock.now() + timedelta(days=1)):
        drain()
    assert states()["order:ORDER-1"] == "unsure"
    assert states()["order:=ORDER-2"] == "sent"  # the next letter dials anew
    assert len(mail.to(LI)) == 1
    mail.break_off = set()
    row = send_again(actor=actor, number=buyers.number, notice=notice("order:ORDER-1").number)
    assert row.state == NoticeState.QUEUED
    drain()
    first, second = mail.to(LI)
    assert first["Message-ID"] == second["Message-ID"]


def test_worker_that_died_in_the_middle_leaves_the_question_to_a_person(
    buyers: Noticed, actor: Actor, mail: MailServer
) -> None:
    send_notices(actor=actor, number=buyers.number, kind="buyer")
    Notice.objects.filter(recipient="order:ORDER-1").update(
        state="sending", attempts=1, next_attempt_at=clock.now() + timedelta(minutes=10)
    )
    drain()
    assert states()["order:ORDER-1"] == "sending"
    with clock.held_at(clock.now() + timedelta(minutes=11)):
        drain()
    assert states()["order:ORDER-1"] == "unsure"
    assert mail.to(LI) == []


def test_what_waits_can_be_stopped(buyers: Noticed, actor: Actor, mail: MailServer) -> None:
    send_notices(actor=actor, number=buyers.number)
    assert stop_sending(actor=actor, number=buyers.number) == 4
    drain()
    assert mail.letters == []


def test_who_has_not_answered_is_reminded_three_times_at_most(
    buyers: Noticed, actor: Actor, mail: MailServer
) -> None:
    set_announcement(actor=actor, number=buyers.number, remind_after_days=2)
    send_notices(actor=actor, number=buyers.number, kind="buyer")
    drain()
    Notice.objects.filter(recipient="order:=ORDER-2").update(answered_at=clock.now())
    with pytest.raises(NothingToSend):
        remind(actor=actor, number=buyers.number, after_days=2)
    now = clock.now()
    for _ in range(5):
        now += timedelta(days=2, minutes=1)
        with clock.held_at(now):
            sweep()
            drain()
    assert len(mail.to(LI)) == 4
    assert "再次提醒" in mail.to(LI)[1]["Subject"]
    assert len(mail.to("han@buyer.example")) == 1
    assert notice("order:ORDER-1").reminders == 3


class Service:
    """A webhook's other side."""

    def __init__(self, *answers: Outcome) -> None:
        """Answer so, in this order; then take everything."""
        self.answers = list(answers)
        self.posts: list[dict[str, Any]] = []
        self.headers: list[tuple[dict[str, str], bytes]] = []

    def __call__(self, _where: Destination, body: bytes, headers: dict[str, str]) -> Outcome:
        """Take a post."""
        self.posts.append(json.loads(body))
        self.headers.append((headers, body))
        return self.answers.pop(0) if self.answers else Outcome(200)


def test_short_messages_leave_signed_and_together(noticed: Noticed, actor: Actor) -> None:
    _, secret = set_door(actor=actor, channel="sms", url="https://sms.example/send")
    reach(actor, noticed, PHONES)
    service = Service(Outcome(503, "refused"))
    assert send_notices(actor=actor, number=noticed.number) == 5  # two of them letters
    post_due(post=service)
    assert states()["order:ORDER-1"] == "queued"
    with clock.held_at(clock.now() + timedelta(minutes=2)):
        post_due(post=service)
        headers, body = service.headers[1]
        at = int(clock.now().timestamp())
        assert is_signed(secret.encode(), body, headers[HEADER], now=at)
    first, second = service.posts
    assert first == second
    assert {one["to"] for one in first["messages"]} == {
        "13800000001",
        "13800000002",
        "13800000009",
    }
    assert states()["order:ORDER-1"] == "sent"


def test_address_within_the_network_is_refused_as_a_door(actor: Actor) -> None:
    from suyuan.kernel.posting.destinations import DestinationRefused  # noqa: PLC0415

    for url in ("http://sms.example/", "https://127.0.0.1/", "https://169.254.169.254/"):
        with pytest.raises(DestinationRefused):
            set_door(actor=actor, channel="sms", url=url)


def test_without_a_service_a_person_carries_the_messages(noticed: Noticed, actor: Actor) -> None:
    with pytest.raises(NothingToSend):
        send_notices(actor=actor, number=noticed.number, kind="buyer")
    assert mark_told(actor=actor, number=noticed.number, channel="marketplace") == 2
    assert notice("order:ORDER-1").sent_at is not None


def test_what_came_back_is_noted_and_what_never_left_cannot(
    buyers: Noticed, actor: Actor, mail: MailServer
) -> None:
    number = notice("order:ORDER-1").number
    with pytest.raises(NoticeMoved):
        mark_bounced(actor=actor, number=buyers.number, notice=number)
    send_notices(actor=actor, number=buyers.number)
    drain()
    mark_bounced(actor=actor, number=buyers.number, notice=number)
    assert states()["order:ORDER-1"] == "bounced"


def test_preparing_again_changes_nothing(buyers: Noticed, actor: Actor) -> None:
    done = prepare_notices(actor=actor, number=buyers.number)
    assert (done.added, done.changed, done.total) == (0, 0, 5)


def test_who_has_more_goods_in_a_wider_scope_is_told_again(
    buyers: Noticed, actor: Actor, mail: MailServer
) -> None:
    send_notices(actor=actor, number=buyers.number)
    drain()
    row = notice("order:=ORDER-2")
    row.items, row.item_count = b"", 0  # as if the first version had none of them
    row.save(update_fields=["items", "item_count"])
    assert prepare_notices(actor=actor, number=buyers.number).changed == 1
    assert notice("order:=ORDER-2").state == "ready"
    assert notice("order:=ORDER-2").item_count == 2
