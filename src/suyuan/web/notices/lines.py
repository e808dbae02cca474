"""Notices as lines of a table, and what surrounds them on every page of a case.

Owns: names of recipients, the counts' cards, the frame's context.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from suyuan.kernel import clock
from suyuan.recalls.models import Notice, NoticeState, RecallCase
from suyuan.recalls.notices.announcing import announcement_of, may_notify, public_id_of
from suyuan.recalls.notices.counts import KindCounts, counts_of
from suyuan.recalls.notices.doors import open_channels
from suyuan.recalls.notices.queueing import to_remind
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.notices import words
from suyuan.web.recalls import case_page
from suyuan.web.vocabulary import Word

REMIND_DAYS = 3


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice, ready to be shown."""

    notice: Notice
    name: str
    kind: Word
    state: Word
    channel: Word
    href: str
    answers: list[tuple[Word, int]]


@dataclass(frozen=True, slots=True)
class KindLine:
    """The numbers of one kind of recipients."""

    counts: KindCounts
    word: Word
    href: str
    answers: list[tuple[Word, int]]


def name_of(notice: Notice) -> str:
    """Return what a recipient is called; a buyer is called by the order, never by name."""
    return (
        notice.name or notice.order_number or notice.waybill or notice.recipient.partition(":")[2]
    )


def line_of(actor: Actor, case: RecallCase, notice: Notice) -> NoticeLine:
    """Return a notice as a line."""
    return NoticeLine(
        notice=notice,
        name=name_of(notice),
        kind=words.KINDS[notice.kind],
        state=words.STATES[notice.state],
        channel=words.CHANNELS[notice.channel],
        href=reverse(
            "notices:one",
            kwargs={
                "org": actor.organisation.slug,
                "number": case.number,
                "notice": notice.number,
            },
        ),
        answers=answers_of(notice.answer),
    )


def answers_of(answer: dict[str, int]) -> list[tuple[Word, int]]:
    """Return what was answered, in words."""
    return [(word, answer[code]) for code, word in words.ANSWERS.items() if answer.get(code)]


def kind_lines(case: RecallCase, href: str) -> list[KindLine]:
    """Return the numbers by kind, all of them last."""
    return [
        KindLine(
            counts,
            words.KINDS[counts.kind],
            f"{href}?kind={counts.kind}" if counts.kind else href,
            answers_of(counts.answers),
        )
        for counts in counts_of(case)
    ]


def frame(request: HttpRequest, actor: Actor, case: RecallCase) -> dict[str, Any]:
    """Return what every page about a case's notices needs; only tabs that the actor may open."""
    public = public_id_of(case)
    shown = case_page.frame(request, actor, case)
    may_view = actor.may(Right.RECALL_VIEW)
    if not may_view:
        shown["tabs"] = []
    return {
        **shown,
        "may_view": may_view,
        "may_notify": may_notify(case),
        "public_href": reverse("notices:public", kwargs={"public_id": public}) if public else "",
    }


def waiting(case: RecallCase) -> dict[str, Any]:
    """Return what a person can do next: how many are ready, by which ways, who can be reminded."""
    told = announcement_of(case)
    rows = Notice.objects.filter(
        organisation_id=case.organisation_id, case_id=case.id, state=NoticeState.READY
    )
    channels = open_channels(case.organisation_id)
    ready = list(rows.values_list("channel", flat=True))
    by_hand = {
        channel: ready.count(channel)
        for channel in words.CHANNELS
        if channel not in channels and channel in ready
    }
    return {
        "announcement": told,
        "outdated": told.prepared_version not in {0, case.version},
        "sendable": sum(channel in channels for channel in ready),
        "by_hand": [(code, words.CHANNELS[code], number) for code, number in by_hand.items()],
        "remindable": to_remind(case, REMIND_DAYS, clock.now()).count(),
        "remind_days": REMIND_DAYS,
    }
