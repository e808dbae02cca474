"""What recipients answer: by their link, or to a person who writes it down.

Owns: `Answer`, which answers are possible, that the latest counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction

from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.recalls.models import AnswerKind, CaseStatus, Notice, NoticeState
from suyuan.recalls.notices.announcing import announcement_of
from suyuan.recalls.notices.errors import AnswersOver
from suyuan.recalls.notices.links import notice_of
from suyuan.recalls.notices.lists import get_notice
from suyuan.tenancy.actor import Actor, system_actor
from suyuan.tenancy.rights import Right

_ANSWERABLE: Final = (CaseStatus.APPROVED, CaseStatus.CLOSED)
_MOST: Final = 10**9


def open_answer(token: str) -> Notice:
    """Return the notice behind a link, and remember that it was looked at.

    Raises:
        LinkUnknown: not a link of ours.
        AnswersOver: the case was called off, or its contacts are forgotten.
    """
    notice = notice_of(token)
    _require_answerable(notice)
    if notice.opened_at is None:
        notice.opened_at = clock.now()
        Notice.objects.filter(
            organisation_id=notice.organisation_id, id=notice.id, opened_at__isnull=True
        ).update(opened_at=notice.opened_at)
    return notice


def answer_by_link(*, token: str, counts: Mapping[str, int]) -> Notice:
    """Take an answer from the link's page; a later one takes the place of an earlier.

    Raises:
        LinkUnknown, AnswersOver: see `open_answer`.
        Invalid: see `check_counts`.
    """
    notice = notice_of(token)
    _require_answerable(notice)
    return _write(system_actor(notice.organisation), notice, counts, by="")


def answer_for(*, actor: Actor, number: str, notice: int, counts: Mapping[str, int]) -> Notice:
    """Write down what a recipient has told a person.

    Raises:
        NotFound: no such case or notice.
        AnswersOver: the case was called off, or its contacts are forgotten.
        Invalid: see `check_counts`.
    """
    actor.require(Right.RECALL_ACT)
    row = get_notice(actor.organisation_id, number, notice)
    _require_answerable(row)
    return _write(actor, row, counts, by=actor.name)


def _require_answerable(notice: Notice) -> None:
    case = notice.case
    if case.status not in _ANSWERABLE or announcement_of(case).forgotten_at is not None:
        raise AnswersOver(number=case.number)


def check_counts(counts: Mapping[str, int], *, items: int) -> dict[str, int]:
    """Return the counts that say something.

    Raises:
        Invalid: `answer_unknown`, `answer_negative`, `answer_missing`, `answer_too_many` when
            more items are told of than the recipient has (goods without codes are not counted).
    """
    unknown = set(counts) - set(AnswerKind.values)
    if unknown:
        raise Invalid("answer_unknown", place="answer", given=min(unknown)[:20])
    if any(not 0 <= count <= _MOST for count in counts.values()):
        raise Invalid("answer_negative", place="answer")
    told = {kind.value: counts[kind] for kind in AnswerKind if counts.get(kind)}
    if not told:
        raise Invalid("answer_missing", place="answer")
    if items and sum(told.values()) > items:
        raise Invalid("answer_too_many", place="answer", limit=items, given=sum(told.values()))
    return told


def _write(actor: Actor, notice: Notice, counts: Mapping[str, int], *, by: str) -> Notice:
    told = check_counts(counts, items=notice.item_count)
    with transaction.atomic():
        rows = Notice.objects.filter(organisation_id=notice.organisation_id, id=notice.id)
        row = rows.select_for_update().select_related("case", "organisation").get()
        before = row.answer
        row.answer, row.answered_at, row.answered_by = told, clock.now(), by
        fields = ["answer", "answered_at", "answered_by"]
        if row.state == NoticeState.UNSURE:  # who answers was reached
            row.state = NoticeState.SENT.value
            fields.append("state")
        row.save(update_fields=fields)
        if by or before != told:
            actor.audit(
                "recall.answer",
                kind="recall",
                object_id=f"{row.case.number}/{row.number}",
                changes={"answer": [before, told], "by": [None, by or "link"]},
            )
    return row
