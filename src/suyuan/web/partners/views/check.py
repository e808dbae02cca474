"""Check a document, and send it: to the sandbox or for real."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from suyuan.capture.rehearsal import rehearse
from suyuan.capture.services import CaptureOutcome, capture_document
from suyuan.core.epcis import DocumentError
from suyuan.core.epcis.places import kind_of
from suyuan.kernel.errors import Invalid, SuyuanError
from suyuan.partners.deliveries import in_sandbox
from suyuan.partners.delivery import check_delivery
from suyuan.partners.rehearsing import rehearsal_limits
from suyuan.partners.services import open_sandbox
from suyuan.tenancy.actor import Actor
from suyuan.web.gate import back_office
from suyuan.web.messages import sentence
from suyuan.web.partners import samples
from suyuan.web.partners.desk import SENDERS, Desk
from suyuan.web.partners.forms import DocumentForm
from suyuan.web.partners.told import told

MOST_CARRIED = 600_000  # bytes of a document that come back in the page's field


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(*SENDERS)
def check(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Say what a document would do; `sample` and `form` of the address fill in an example."""
    desk = Desk(actor)
    name, syntax = request.GET.get("sample", ""), request.GET.get("form", "json")
    if request.method == "POST":
        return _checked(request, desk, DocumentForm(request.POST, request.FILES))
    if name in samples.SAMPLES and syntax in samples.FORMS:
        text = samples.sample(name, syntax, desk.ground)
        shown = {"sample": name, "sample_form": syntax}
        return _checked(request, desk, DocumentForm({"document": text}), shown)
    return _page(request, desk, DocumentForm(), {})


def _checked(
    request: HttpRequest,
    desk: Desk,
    form: DocumentForm,
    sample: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Tell what the document of a form would do."""
    if not form.is_valid():
        return _page(request, desk, form, {})
    body = form.body()
    limits = rehearsal_limits(desk.actor)
    found = rehearse(
        actor=desk.actor,
        body=body,
        check=limits.check,
        tellable=limits.tellable,
        tellable_goods=limits.tellable_goods,
    )
    text = body.decode("utf-8-sig", "replace") if found.kind in {"json", "xml", "text"} else ""
    carried = len(body) <= MOST_CARRIED
    context = {
        "told": told(desk.actor, found),
        **(sample or {}),
        "is_sample": samples.MARK.encode() in body,
        "carried": carried,
        "size": len(body),
        "file_name": getattr(form.cleaned_data["file"], "name", ""),
    }
    return _page(
        request, desk, DocumentForm(initial={"document": text if carried else ""}), context
    )


def _page(
    request: HttpRequest, desk: Desk, form: DocumentForm, more: dict[str, object]
) -> HttpResponse:
    context = {
        "organisation": desk.actor.organisation,
        "brand": desk.actor.organisation.name(desk.language),
        "desk": desk,
        "form": form,
        "samples": samples.SAMPLES.items(),
        "forms": [("json", "JSON-LD"), ("xml", "XML 2.0"), ("xml1", "XML 1.2")],
        **more,
    }
    return render(request, "partners/check.html", context, status=422 if form.errors else 200)


@require_POST
@back_office(*SENDERS)
def send(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Store a document: in the sandbox unless "real" is said."""
    desk = Desk(actor)
    form = DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, desk, form, {})
    body = form.body()
    real = desk.partner is None or request.POST.get("where") == "real"
    try:
        if not body.strip():
            raise Invalid("document_missing", place="document")
        if real and samples.MARK.encode() in body:
            raise Invalid("sample_is_not_real", place="document")
        outcome = _stored(desk, body, real=real, proceed=request.POST.get("proceed") == "yes")
    except DocumentError:
        return _checked(request, desk, form)  # which tells the faults
    except SuyuanError as error:
        messages.error(request, sentence(error))
        return _checked(request, desk, form)
    messages.success(request, _told_outcome(outcome, real=real))
    return _leads_to(desk, outcome, real=real)


def _stored(desk: Desk, body: bytes, *, real: bool, proceed: bool) -> CaptureOutcome:
    actor = desk.actor
    if not real and desk.partner is not None:
        actor = in_sandbox(actor, open_sandbox(actor=actor, code=desk.partner.code))
    return capture_document(
        actor=actor,
        body=body,
        source="web",
        proceed=proceed,
        media="xml" if kind_of(body) == "xml" else "json",
        check=check_delivery,
    )


def _told_outcome(outcome: CaptureOutcome, *, real: bool) -> str:
    stored = outcome.stored + len(outcome.claimed)
    text = ngettext("%(count)s event stored.", "%(count)s events stored.", stored)
    where = _("For real.") if real else _("In the sandbox: try as much as you like.")
    return f"{text % {'count': f'{stored:,}'}} {where}"


def _leads_to(desk: Desk, outcome: CaptureOutcome, *, real: bool) -> HttpResponse:
    """Lead to what was delivered."""
    org = desk.actor.organisation.slug
    if desk.partner is None:
        return redirect("trace:job", org=org, job_id=outcome.job_id)
    answer = redirect("partners:delivery", org=org, job_id=outcome.job_id)
    if not real:
        answer["Location"] += "?in=sandbox"
    return answer
