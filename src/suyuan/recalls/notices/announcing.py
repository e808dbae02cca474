"""What a case tells the outside: its public page, its hotline, when it reminds and forgets.

Owns: `Announcement` rows, and which cases the public may read of.
"""

from __future__ import annotations

import secrets
from typing import Final

from django.db import IntegrityError, transaction

from suyuan.kernel.errors import Invalid, NotFound
from suyuan.masterdata.rules import Text
from suyuan.recalls.models import Announcement, CaseStatus, RecallCase
from suyuan.recalls.notices.errors import NotApproved
from suyuan.recalls.selectors import get_case
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

# No vowels and no signs that look alike: an address that may stand on paper.
_SIGNS: Final = "23456789bcdfghjkmnpqrstvwxz"
_LENGTH: Final = 12  # 57 bits
_ADVICE: Final = Text(1000, lines=True)
_HOTLINE: Final = Text(120)
MOST_REMIND_DAYS: Final = 90
MOST_FORGET_DAYS: Final = 730
_PUBLIC: Final = (CaseStatus.APPROVED, CaseStatus.CLOSED)


def may_notify(case: RecallCase) -> bool:
    """Tell whether anything may be sent in a case's name."""
    return case.is_approved


def require_notifiable(case: RecallCase) -> None:
    """Refuse to send before approval, and after the case's end.

    Raises:
        NotApproved: not now.
    """
    if not may_notify(case):
        raise NotApproved(number=case.number, status=case.status)


def announcement_of(case: RecallCase) -> Announcement:
    """Return a case's announcement, made when it is first asked for."""
    rows = Announcement.objects.filter(organisation_id=case.organisation_id, case_id=case.id)
    found = rows.first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Announcement.objects.create(
                organisation_id=case.organisation_id, case_id=case.id, public_id=_public_id()
            )
    except IntegrityError:
        return rows.get()  # another one was quicker


def slim_case(told: Announcement) -> RecallCase:
    """Return an announcement's case without its bitmaps."""
    rows = RecallCase.objects.filter(organisation_id=told.organisation_id, id=told.case_id)
    return rows.defer("items", "held").get()


def _public_id() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def public_case(public_id: str) -> Announcement:
    """Return what the public may read under an address.

    Raises:
        NotFound: no such address, or a case that was not approved, or was called off.
    """
    if len(public_id) != _LENGTH or any(sign not in _SIGNS for sign in public_id):
        raise NotFound(kind="recall")
    rows = Announcement.objects.filter(public_id=public_id).select_related("case", "organisation")
    found = rows.first()
    if found is None or found.case.status not in _PUBLIC:
        raise NotFound(kind="recall")
    return found


def public_id_of(case: RecallCase) -> str:
    """Return the public address' part of an approved case; "" where there is no public page."""
    return announcement_of(case).public_id if case.status in _PUBLIC else ""


def public_id_if_any(case: RecallCase) -> str:
    """Return the public address' part of a case without making one: one query, no write."""
    rows = Announcement.objects.filter(organisation_id=case.organisation_id, case_id=case.id)
    return rows.values_list("public_id", flat=True).first() or ""


def set_announcement(
    *,
    actor: Actor,
    number: str,
    advice_zh: str = "",
    advice_en: str = "",
    hotline: str = "",
    remind_after_days: int | None = None,
    forget_after_days: int = 90,
) -> Announcement:
    """Say what the public page and the notices add, and how long contacts are kept.

    Raises:
        NotFound: no such case.
        Invalid: a text too long; `remind_days`, `forget_days` out of range.
    """
    actor.require(Right.RECALL_ACT)
    if remind_after_days is not None and not 1 <= remind_after_days <= MOST_REMIND_DAYS:
        raise Invalid("remind_days", place="remind_after_days", limit=MOST_REMIND_DAYS)
    if not 1 <= forget_after_days <= MOST_FORGET_DAYS:
        raise Invalid("forget_days", place="forget_after_days", limit=MOST_FORGET_DAYS)
    values = {
        "advice_zh": _ADVICE.check(advice_zh, "advice_zh"),
        "advice_en": _ADVICE.check(advice_en, "advice_en"),
        "hotline": _HOTLINE.check(hotline, "hotline"),
        "remind_after_days": remind_after_days,
        "forget_after_days": forget_after_days,
    }
    case = get_case(actor.organisation_id, number)
    with transaction.atomic():
        told = announcement_of(case)
        changes: dict[str, object] = {}
        for name, value in values.items():
            if getattr(told, name) != value:
                changes[name] = [getattr(told, name), value]
                setattr(told, name, value)
        if changes:
            told.save(update_fields=list(changes))
            actor.audit("recall.announce", kind="recall", object_id=number, changes=changes)
    return told
