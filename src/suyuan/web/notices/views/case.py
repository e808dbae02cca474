"""The recipients of a case: numbers, list, and what is done to all of them."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from suyuan.kernel.errors import SuyuanError
from suyuan.kernel.spreadsheets import MOST_BYTES
from suyuan.recalls.models import RecallCase
from suyuan.recalls.notices import forgetting, preparing, queueing
from suyuan.recalls.notices.announcing import announcement_of, set_announcement
from suyuan.recalls.notices.doors import mail_is_set
from suyuan.recalls.notices.lists import list_notices
from suyuan.recalls.selectors import get_case
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.messages import sentence
from suyuan.web.notices.forms import AnnouncementForm, ContactsForm, NoticeFilter, RemindForm
from suyuan.web.notices.lines import frame, kind_lines, line_of, waiting
from suyuan.web.tenancy.forms import refuse

_PAGE = 50


def _page(
    request: HttpRequest, actor: Actor, case: RecallCase, contacts: ContactsForm
) -> HttpResponse:
    filters = NoticeFilter(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    rows = list_notices(
        case,
        kind=wanted.get("kind", ""),
        state=wanted.get("state", ""),
        text=wanted.get("q", ""),
    )
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    here = reverse("notices:index", kwargs={"org": actor.organisation.slug, "number": case.number})
    context = {
        **frame(request, actor, case),
        **waiting(case),
        "kinds": kind_lines(case, here),
        "page": page,
        "lines": [line_of(actor, case, row) for row in page],
        "filters": filters,
        "contacts": contacts,
        "remind": RemindForm(),
        "mail_is_set": mail_is_set(),
    }
    status = 422 if contacts.errors else 200
    return render(request, "notices/index.html", context, status=status)


@require_safe
@back_office(Right.RECALL_VIEW)
def index(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Show who is told, how it goes, and what they answer."""
    return _page(request, actor, get_case(actor.organisation_id, number), ContactsForm())


def _done(request: HttpRequest, actor: Actor, number: str, act: Callable[[], str]) -> HttpResponse:
    """Do something to all notices and go back to the list, whatever came of it."""
    try:
        messages.success(request, act())
    except SuyuanError as error:
        if error.status == 404:
            raise
        messages.error(request, sentence(error))
    return redirect("notices:index", org=actor.organisation.slug, number=number)


@require_POST
@back_office(Right.RECALL_ACT)
def prepare(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Make the list of recipients, or bring it up to the scope in force."""

    def act() -> str:
        done = preparing.prepare_notices(actor=actor, number=number)
        said = _("The list has %(total)s recipients: %(added)s new, %(changed)s changed.")
        return said % {
            "total": f"{done.total:,}",
            "added": f"{done.added:,}",
            "changed": f"{done.changed:,}",
        }

    return _done(request, actor, number, act)


def _counted(said: str, count: int) -> str:
    return said % {"count": f"{count:,}"}


@require_POST
@back_office(Right.RECALL_ACT)
def send(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Queue all that is ready."""

    def act() -> str:
        kind = request.POST.get("kind", "")
        count = queueing.send_notices(actor=actor, number=number, kind=kind)
        return _counted(
            ngettext(
                "%(count)s notice is in the queue.", "%(count)s notices are in the queue.", count
            ),
            count,
        )

    return _done(request, actor, number, act)


@require_POST
@back_office(Right.RECALL_ACT)
def stop(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Take out of the queue what has not left."""

    def act() -> str:
        count = queueing.stop_sending(actor=actor, number=number)
        return _counted(
            ngettext(
                "%(count)s notice was taken out of the queue.",
                "%(count)s notices were taken out of the queue.",
                count,
            ),
            count,
        )

    return _done(request, actor, number, act)


@require_POST
@back_office(Right.RECALL_ACT)
def remind(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Remind those who have not answered."""
    form = RemindForm(request.POST)
    days = form.cleaned_data["after_days"] if form.is_valid() else -1

    def act() -> str:
        count = queueing.remind(actor=actor, number=number, after_days=days)
        return _counted(
            ngettext(
                "%(count)s reminder is in the queue.",
                "%(count)s reminders are in the queue.",
                count,
            ),
            count,
        )

    return _done(request, actor, number, act)


@require_POST
@back_office(Right.RECALL_ACT)
def told(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Note that a file of messages was carried to its service by hand."""

    def act() -> str:
        channel = request.POST.get("channel", "")
        count = queueing.mark_told(actor=actor, number=number, channel=channel)
        return _counted(
            ngettext(
                "%(count)s recipient is noted as told.",
                "%(count)s recipients are noted as told.",
                count,
            ),
            count,
        )

    return _done(request, actor, number, act)


@require_POST
@back_office(Right.RECALL_ACT)
def forget(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Erase how recipients can be reached."""

    def act() -> str:
        count = forgetting.forget_contacts(actor=actor, number=number)
        return _counted(
            ngettext("%(count)s contact is erased.", "%(count)s contacts are erased.", count), count
        )

    return _done(request, actor, number, act)


@require_POST
@back_office(Right.RECALL_ACT)
def contacts(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Take in a contact list: all of it, or nothing."""
    case = get_case(actor.organisation_id, number)
    form = ContactsForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, actor, case, form)
    file = form.cleaned_data["file"]
    if file.size > MOST_BYTES:
        form.add_error("file", _("The file is larger than %(limit)s MB.") % {"limit": 20})
        return _page(request, actor, case, form)
    try:
        done = preparing.import_contacts(actor=actor, number=number, body=file.read())
    except SuyuanError as error:
        said = f"{_place(error)}{sentence(error)}"
        form.add_error("file", said)
        return _page(request, actor, case, form)
    said = _(
        "%(matched)s recipients can be reached by this list. %(unmatched)s of its %(rows)s rows"
        " belong to no affected parcel; nothing of them was stored."
    )
    sizes = {"matched": done.matched, "unmatched": done.unmatched, "rows": done.rows}
    messages.success(request, said % {name: f"{size:,}" for name, size in sizes.items()})
    return redirect("notices:index", org=actor.organisation.slug, number=number)


def _place(error: SuyuanError) -> str:
    row = error.place.removeprefix("row ").partition(",")[0]
    return f"{_('Row %(row)s') % {'row': row}}: " if row.isdigit() else ""


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.RECALL_ACT)
def announcement(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    """Say what notices and the public page add, when to remind, when to forget."""
    case = get_case(actor.organisation_id, number)
    row = announcement_of(case)
    shown = {name: getattr(row, name) for name in AnnouncementForm.base_fields}
    form: Form = AnnouncementForm(request.POST or None, initial=shown)
    if form.is_valid():
        try:
            set_announcement(actor=actor, number=number, **form.cleaned_data)
        except SuyuanError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("notices:index", org=actor.organisation.slug, number=number)
    context = {**frame(request, actor, case), "form": form}
    status = 422 if form.errors else 200
    return render(request, "notices/announcement.html", context, status=status)
