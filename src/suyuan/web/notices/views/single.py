"""One recipient: what is said, how it went, what was answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from suyuan.kernel.errors import SuyuanError
from suyuan.recalls.models import Notice, NoticeState, RecipientKind
from suyuan.recalls.notices import preparing, queueing
from suyuan.recalls.notices.answering import answer_for
from suyuan.recalls.notices.contacts import Contact
from suyuan.recalls.notices.doors import open_channels
from suyuan.recalls.notices.facts import contact_of
from suyuan.recalls.notices.lists import get_notice
from suyuan.recalls.notices.posting import preview
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.messages import message, sentence
from suyuan.web.notices.forms import AnswerForm, ContactForm
from suyuan.web.notices.lines import frame, line_of
from suyuan.web.recalls.picture import Names
from suyuan.web.tenancy.forms import refuse

_SENDABLE = {
    *(NoticeState.READY, NoticeState.SENT, NoticeState.FAILED),
    *(NoticeState.BOUNCED, NoticeState.UNSURE),
}


def _page(
    request: HttpRequest,
    actor: Actor,
    notice: Notice,
    *,
    answer: AnswerForm | None = None,
    contact: ContactForm | None = None,
) -> HttpResponse:
    case = notice.case
    may_act = actor.may(Right.RECALL_ACT)
    reminding = notice.state == NoticeState.SENT or notice.reminding
    known = contact_of(notice) if may_act else Contact()
    initial = {
        "name": known.name,
        "email": known.email,
        "phone": known.phone,
        "language": notice.language,
    }
    context: dict[str, Any] = {
        **frame(request, actor, case),
        "notice": notice,
        "line": line_of(actor, case, notice),
        "destination": Names(actor.organisation_id).place(notice.destination)
        if notice.destination
        else "",
        "words": preview(notice, reminder=reminding) if may_act else None,
        "reminding": reminding,
        "contact": known,
        "contact_form": contact or ContactForm(initial=initial),
        "answer_form": answer or _answer_form(notice, _counts(notice)),
        "fault": message(notice.error, {}) if notice.error else "",
        "sendable": notice.state in _SENDABLE
        and notice.channel in open_channels(actor.organisation_id),
    }
    status = 422 if (answer and answer.errors) or (contact and contact.errors) else 200
    return render(request, "notices/one.html", context, status=status)


def _counts(notice: Notice) -> dict[str, str] | None:
    return {kind: str(count) for kind, count in notice.answer.items()} or None


def _answer_form(notice: Notice, data: Any) -> AnswerForm:
    partner = notice.kind == RecipientKind.PARTNER
    return AnswerForm(data, partner=partner, items=notice.item_count)


@require_safe
@back_office(Right.RECALL_VIEW)
def one(request: HttpRequest, actor: Actor, number: str, notice: int) -> HttpResponse:
    """Show one recipient."""
    return _page(request, actor, get_notice(actor.organisation_id, number, notice))


def _done(
    request: HttpRequest, actor: Actor, number: str, notice: int, act: Callable[[], str]
) -> HttpResponse:
    try:
        messages.success(request, act())
    except SuyuanError as error:
        if error.status == 404:
            raise
        messages.error(request, sentence(error))
    return redirect("notices:one", org=actor.organisation.slug, number=number, notice=notice)


@require_POST
@back_office(Right.RECALL_ACT)
def send(request: HttpRequest, actor: Actor, number: str, notice: int) -> HttpResponse:
    """Send one notice, or send it again."""

    def act() -> str:
        queueing.send_again(actor=actor, number=number, notice=notice)
        return _("It is in the queue.")

    return _done(request, actor, number, notice, act)


@require_POST
@back_office(Right.RECALL_ACT)
def bounced(request: HttpRequest, actor: Actor, number: str, notice: int) -> HttpResponse:
    """Note that it came back."""

    def act() -> str:
        queueing.mark_bounced(actor=actor, number=number, notice=notice)
        return _("Noted: it did not arrive.")

    return _done(request, actor, number, notice, act)


@require_POST
@back_office(Right.RECALL_ACT)
def answer(request: HttpRequest, actor: Actor, number: str, notice: int) -> HttpResponse:
    """Write down what the recipient has told a person."""
    row = get_notice(actor.organisation_id, number, notice)
    form = _answer_form(row, request.POST)
    if not form.is_valid():
        return _page(request, actor, row, answer=form)
    try:
        answer_for(actor=actor, number=number, notice=notice, counts=form.counts())
    except SuyuanError as error:
        refuse(form, error)
        return _page(request, actor, row, answer=form)
    messages.success(request, _("The answer is written down."))
    return redirect("notices:one", org=actor.organisation.slug, number=number, notice=notice)


@require_POST
@back_office(Right.RECALL_ACT)
def contact(request: HttpRequest, actor: Actor, number: str, notice: int) -> HttpResponse:
    """Change how the recipient can be reached."""
    row = get_notice(actor.organisation_id, number, notice)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, row, contact=form)
    given = form.cleaned_data
    try:
        preparing.set_contact(
            actor=actor,
            number=number,
            notice=notice,
            contact=Contact(given["name"], given["email"], given["phone"]),
            language=given["language"],
        )
    except SuyuanError as error:
        refuse(form, error)
        return _page(request, actor, row, contact=form)
    messages.success(request, _("Saved."))
    return redirect("notices:one", org=actor.organisation.slug, number=number, notice=notice)
