"""Files: the list of notices, and messages to be uploaded to another service."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from suyuan.kernel.errors import Invalid
from suyuan.recalls.models import Notice, NoticeChannel, NoticeState, RecallCase
from suyuan.recalls.notices.announcing import announcement_of, require_notifiable
from suyuan.recalls.notices.facts import Facts, contact_of
from suyuan.recalls.notices.lists import notice_rows
from suyuan.recalls.selectors import get_case
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.csv_export import csv_response
from suyuan.web.gate import back_office
from suyuan.web.notices import words
from suyuan.web.recalls.picture import Names
from suyuan.web.vocabulary import Word


@require_safe
@back_office(Right.RECALL_VIEW)
def as_csv(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Send the list of notices, without anybody's contact."""
    case = get_case(actor.organisation_id, number)
    header = [
        _("No."),
        _("Recipients"),
        pgettext("notice file", "Partner"),
        _("Order number"),
        _("Waybill"),
        _("Destination"),
        _("Affected items"),
        _("Lots"),
        _("Serial numbers"),
        pgettext("notice", "Way"),
        pgettext("notice", "State"),
        pgettext("notice file", "Sent at"),
        pgettext("notice file", "Reminded at"),
        pgettext("notice file", "Link opened at"),
        pgettext("notice file", "Answered at"),
        *(str(word.label) for word in words.ANSWERS.values()),
    ]
    filters = {name: request.GET.get(name, "") for name in ("kind", "state")}
    return csv_response(f"{case.number}-notices.csv", header, _table(actor, case, filters))


def _table(actor: Actor, case: RecallCase, filters: dict[str, str]) -> Iterator[list[object]]:
    names = Names(actor.organisation_id)
    places: dict[str, str] = {"": ""}
    labels = {code: str(word.label) for code, word in (*_codes(),)}
    zone = timezone.get_current_timezone()
    for row in notice_rows(case, **filters):
        if row.destination not in places:
            places[row.destination] = names.place(row.destination)
        times = (row.sent_at, row.reminded_at, row.opened_at, row.answered_at)
        yield [
            row.number,
            labels[row.kind],
            row.name,
            row.order_number,
            row.waybill,
            places[row.destination],
            row.item_count,
            row.lots,
            row.codes,
            labels[row.channel],
            labels[row.state],
            *(at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else "" for at in times),
            *(row.answer.get(code, "") for code in words.ANSWERS),
        ]


def _codes() -> Iterator[tuple[str, Word]]:
    yield from words.KINDS.items()
    yield from words.CHANNELS.items()
    yield from words.STATES.items()


@require_safe
@back_office(Right.RECALL_ACT)
def for_upload(request: HttpRequest, actor: Actor, number: str) -> HttpResponseBase:
    """Send the ready messages of a channel as a file that a service takes."""
    case = get_case(actor.organisation_id, number)
    require_notifiable(case)
    channel = request.GET.get("channel", "")
    if channel not in NoticeChannel.values or channel == NoticeChannel.NONE:
        raise Invalid("channel_unknown", place="channel", given=channel[:20])
    header = [
        _("Order number"),
        _("Waybill"),
        pgettext("contact", "Name"),
        pgettext("contact", "Telephone"),
        pgettext("contact", "E-mail"),
        pgettext("template", "Subject"),
        pgettext("template", "Text"),
    ]
    actor.audit(
        "recall.notices_file",
        kind="recall",
        object_id=case.number,
        changes={"channel": [None, channel]},
    )
    return csv_response(f"{case.number}-{channel}.csv", header, _messages(case, channel))


def _messages(case: RecallCase, channel: str) -> Iterator[list[str]]:
    facts = Facts(case, announcement_of(case))
    rows = Notice.objects.filter(
        organisation_id=case.organisation_id,
        case_id=case.id,
        channel=channel,
        state=NoticeState.READY,
    )
    for notice in rows.order_by("number").iterator(chunk_size=500):
        told, contact = facts.message(notice, reminder=False)[0], contact_of(notice)
        yield [
            notice.order_number,
            notice.waybill,
            contact.name,
            contact.phone,
            contact.email,
            told.subject,
            told.body,
        ]
