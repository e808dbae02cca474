"""Forget how recipients could be reached, once a case no longer needs it.

Owns: when that is: so many days after the case's end, or at a person's word.
Numbers stay: how many were told, what they answered. Orders and waybills stay, as in events.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from suyuan.kernel import clock
from suyuan.recalls.models import Announcement, Notice, NoticeState, RecallCase
from suyuan.recalls.notices.announcing import announcement_of, slim_case
from suyuan.recalls.selectors import get_case
from suyuan.tenancy.actor import Actor, system_actor
from suyuan.tenancy.rights import Right


def forget_contacts(*, actor: Actor, number: str) -> int:
    """Erase the contacts of a case for good; return how many. Its links answer no more.

    Raises:
        NotFound: no such case.
    """
    actor.require(Right.RECALL_ACT)
    with transaction.atomic():
        return _forget(actor, get_case(actor.organisation_id, number, lock=True))


def forget_due(now: datetime) -> int:
    """Erase the contacts of all cases that ended long enough ago; return of how many cases."""
    rows = Announcement.objects.filter(
        forgotten_at__isnull=True, case__closed_at__isnull=False
    ).select_related("organisation")
    count = 0
    for row in rows:
        case = slim_case(row)
        if case.closed_at and case.closed_at + timedelta(days=row.forget_after_days) <= now:
            with transaction.atomic():
                # A contact list that is being taken in holds the same lock.
                locked = get_case(row.organisation_id, case.number, lock=True)
                _forget(system_actor(row.organisation), locked)
            count += 1
    return count


def _forget(actor: Actor, case: RecallCase) -> int:
    now = clock.now()
    rows = Notice.objects.filter(organisation_id=case.organisation_id, case_id=case.id)
    count = rows.filter(contact__isnull=False).update(contact=None)
    rows.exclude(detail="").update(detail="")  # a mail server's words repeat the address
    rows.filter(forgotten_at__isnull=True).update(forgotten_at=now)
    rows.filter(state=NoticeState.QUEUED).update(state=NoticeState.READY, next_attempt_at=None)
    told = announcement_of(case)
    if told.forgotten_at is None:
        told.forgotten_at = now
        told.save(update_fields=["forgotten_at"])
        actor.audit(
            "recall.contacts_forget",
            kind="recall",
            object_id=case.number,
            changes={"contacts": [count, 0]},
        )
    return count
