"""Decide what is sent: put notices into the queue, again, as reminders, or by hand.

Owns: which states lead into the queue, and out of it by a person's word.
Invariant: only a person, or the reminder that a person has set, makes a recipient be told again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet

from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.recalls.models import (
    Announcement,
    CaseStatus,
    Notice,
    NoticeChannel,
    NoticeState,
    RecallCase,
)
from suyuan.recalls.notices.announcing import (
    announcement_of,
    require_notifiable,
    slim_case,
)
from suyuan.recalls.notices.doors import open_channels
from suyuan.recalls.notices.errors import NothingToSend, NoticeMoved
from suyuan.recalls.notices.lists import get_notice
from suyuan.recalls.selectors import get_case
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

MOST_REMINDERS: Final = 3
# A person may send these once more; UNSURE is among them because only a person can weigh it.
_AGAIN: Final = (NoticeState.FAILED, NoticeState.BOUNCED, NoticeState.UNSURE, NoticeState.SENT)
_QUEUED: Final = {"state": NoticeState.QUEUED.value, "attempts": 0, "error": "", "detail": ""}


def send_notices(*, actor: Actor, number: str, kind: str = "") -> int:
    """Queue all notices of a case that are ready and whose channel is open; return how many.

    Args:
        actor: With the right `recall.act`.
        number: The case.
        kind: Of recipients; all of them by default.

    Raises:
        NotFound: no such case.
        NotApproved: it is not approved, or has ended.
        NothingToSend: none is ready, or no channel of theirs is open.
    """
    actor.require(Right.RECALL_ACT)
    with transaction.atomic():
        case = _notifiable(actor, number)
        rows = _of(case).filter(state=NoticeState.READY)
        rows = _by_open_channels(rows, case.organisation_id)
        if kind:
            rows = rows.filter(kind=kind)
        count = rows.update(**_QUEUED, next_attempt_at=clock.now(), reminding=False)
        if not count:
            raise NothingToSend(number=number)
        changes: dict[str, object] = {"queued": [None, count], "kind": [None, kind]}
        actor.audit("recall.notices_send", kind="recall", object_id=number, changes=changes)
    return count


def send_again(*, actor: Actor, number: str, notice: int) -> Notice:
    """Queue one notice once more, whatever became of it; or for the first time.

    Raises:
        NotFound: no such case or notice.
        NotApproved: the case is not approved, or has ended.
        NoticeMoved: it is under way, or there is no way to reach the recipient.
    """
    actor.require(Right.RECALL_ACT)
    with transaction.atomic():
        _notifiable(actor, number)
        row = get_notice(actor.organisation_id, number, notice, lock=True)
        if row.state not in {*_AGAIN, NoticeState.READY}:
            raise NoticeMoved(state=row.state)
        if row.channel not in open_channels(actor.organisation_id):
            raise NothingToSend(number=number)
        _of(row.case).filter(id=row.id).update(
            **_QUEUED, next_attempt_at=clock.now(), reminding=row.state == NoticeState.SENT
        )
        _audit_one(actor, "recall.notice_send", number, notice, row.state)
    row.refresh_from_db()
    return row


def stop_sending(*, actor: Actor, number: str) -> int:
    """Take out of the queue what has not left yet; return how many."""
    actor.require(Right.RECALL_ACT)
    with transaction.atomic():
        case = get_case(actor.organisation_id, number, lock=True)
        waiting = _of(case).filter(state=NoticeState.QUEUED)
        fields: dict[str, Any] = {"next_attempt_at": None}
        count = waiting.filter(reminding=True).update(state=NoticeState.SENT, **fields)
        count += waiting.update(state=NoticeState.READY, **fields)
        actor.audit(
            "recall.notices_stop",
            kind="recall",
            object_id=number,
            changes={"stopped": [None, count]},
        )
    return count


def remind(*, actor: Actor, number: str, after_days: int) -> int:
    """Queue a reminder to all who were told so many days ago and have not answered.

    Nobody is reminded more than three times. Returns how many.

    Raises:
        NotFound: no such case.
        NotApproved: it is not approved, or has ended.
        Invalid: `remind_days`.
        NothingToSend: everybody has answered, or was told later.
    """
    actor.require(Right.RECALL_ACT)
    with transaction.atomic():
        case = _notifiable(actor, number)
        if not 0 <= after_days <= 365:
            raise Invalid("remind_days", place="after_days", limit=365)
        count = _remind(case, after_days, clock.now())
        if not count:
            raise NothingToSend(number=number)
        changes: dict[str, object] = {"reminded": [None, count], "days": [None, after_days]}
        actor.audit("recall.notices_remind", kind="recall", object_id=number, changes=changes)
    return count


def to_remind(case: RecallCase, after_days: int, now: datetime) -> QuerySet[Notice]:
    """Return the notices that a reminder would go to."""
    before = now - timedelta(days=after_days)
    rows = _of(case).filter(
        Q(reminded_at__isnull=True) | Q(reminded_at__lte=before),
        state=NoticeState.SENT,
        answered_at__isnull=True,
        sent_at__lte=before,
        reminders__lt=MOST_REMINDERS,
    )
    return _by_open_channels(rows, case.organisation_id)


def _remind(case: RecallCase, after_days: int, now: datetime) -> int:
    return to_remind(case, after_days, now).update(**_QUEUED, next_attempt_at=now, reminding=True)


def remind_due(now: datetime) -> int:
    """Queue the reminders that are due by what each case has set; return how many."""
    rows = Announcement.objects.filter(
        remind_after_days__isnull=False, case__status=CaseStatus.APPROVED
    )
    count = 0
    for row in rows:
        case = slim_case(row)
        if row.remind_after_days is not None:
            count += _remind(case, row.remind_after_days, now)
    return count


def mark_told(*, actor: Actor, number: str, channel: str) -> int:
    """Write down that a person has carried a channel's ready messages; return how many.

    For channels without a webhook: the file for uploading was taken and used.

    Raises:
        NotFound: no such case.
        NotApproved: it is not approved, or has ended.
        Invalid: `channel_unknown`.
        NothingToSend: no notice of the channel is ready.
    """
    actor.require(Right.RECALL_ACT)
    with transaction.atomic():
        case = _notifiable(actor, number)
        if channel not in NoticeChannel.values or channel == NoticeChannel.NONE:
            raise Invalid("channel_unknown", place="channel", given=channel[:20])
        rows = _of(case).filter(state=NoticeState.READY, channel=channel)
        count = rows.update(state=NoticeState.SENT, sent_at=clock.now())
        if not count:
            raise NothingToSend(number=number)
        changes: dict[str, object] = {"channel": [None, channel], "told": [None, count]}
        actor.audit("recall.notices_told", kind="recall", object_id=number, changes=changes)
    return count


def mark_bounced(*, actor: Actor, number: str, notice: int) -> Notice:
    """Write down that a letter came back.

    Raises:
        NotFound: no such case or notice.
        NoticeMoved: it was not sent.
    """
    actor.require(Right.RECALL_ACT)
    with transaction.atomic():
        row = get_notice(actor.organisation_id, number, notice, lock=True)
        if row.state not in {NoticeState.SENT, NoticeState.UNSURE}:
            raise NoticeMoved(state=row.state)
        _audit_one(actor, "recall.notice_bounced", number, notice, row.state)
        row.state, row.error = NoticeState.BOUNCED.value, "came_back"
        row.save(update_fields=["state", "error"])
    return row


def _notifiable(actor: Actor, number: str) -> RecallCase:
    case = get_case(actor.organisation_id, number, lock=True)
    require_notifiable(case)
    announcement_of(case)
    return case


def _of(case: RecallCase) -> QuerySet[Notice]:
    return Notice.objects.filter(organisation_id=case.organisation_id, case_id=case.id)


def _by_open_channels(rows: QuerySet[Notice], organisation_id: int) -> QuerySet[Notice]:
    channels: Collection[str] = open_channels(organisation_id)
    return rows.filter(channel__in=channels)


def _audit_one(actor: Actor, action: str, number: str, notice: int, before: str) -> None:
    changes: dict[str, object] = {"state": [before, None]}
    actor.audit(action, kind="recall", object_id=f"{number}/{notice}", changes=changes)
