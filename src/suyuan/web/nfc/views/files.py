"""Files for encoders: settings, tables of items, archives of keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from suyuan.kernel.errors import Invalid, SuyuanError
from suyuan.nfc import personalisation, selectors, services
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.gate import back_office
from suyuan.web.issuing.pages import public_url
from suyuan.web.nfc.forms import ArchiveForm, PlainForm, RangeForm
from suyuan.web.nfc.tabs import tabs
from suyuan.web.tenancy.forms import refuse


@require_safe
@back_office(Right.CARRIERS_VIEW)
def manifest(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Send how the chips of a profile are written; nothing in it is secret."""
    profile = selectors.get_profile(actor.organisation_id, public_id)
    version = selectors.get_version(actor.organisation_id, public_id, profile.version)
    body = personalisation.manifest(version, base=public_url())
    return HttpResponse(body, content_type="application/json", headers=_named(f"{public_id}.json"))


@require_safe
@back_office(Right.CODES_DOWNLOAD)
def table(
    request: HttpRequest, actor: Actor, public_id: str
) -> StreamingHttpResponse | HttpResponse:
    """Send what the chips of an order's items are written with."""
    selectors.get_profile(actor.organisation_id, public_id)
    wanted = _wanted(RangeForm(actor.organisation_id, request.GET))
    name = f"{wanted['order_number']}.nfc.csv"
    if request.method == "HEAD":
        return HttpResponse(content_type="text/csv; charset=utf-8", headers=_named(name))
    stream = services.encoder_table(actor=actor, public_id=public_id, base=public_url(), **wanted)
    return _csv(stream, name)


@require_safe
@back_office(Right.CODES_DOWNLOAD)
def plain(request: HttpRequest, actor: Actor) -> StreamingHttpResponse | HttpResponse:
    """Ask for, and send, the NDEF bytes of items for chips without keys."""
    form = PlainForm(actor.organisation_id, request.GET if "order" in request.GET else None)
    if form.is_valid() and request.method == "GET":
        try:
            wanted = _wanted(form)
            chip = form.cleaned_data["chip"]
            stream = services.plain_table(actor=actor, chip=chip, base=public_url(), **wanted)
            return _csv(stream, f"{wanted['order_number']}.{chip}.csv")
        except SuyuanError as error:
            refuse(form, error)
    context = {"form": form, "tabs": tabs(actor), "organisation": actor.organisation}
    return render(request, "nfc/plain.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.CARRIERS_KEYS)
def archive(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Send the keys of chips, encrypted under a passphrase."""
    profile = selectors.get_profile(actor.organisation_id, public_id)
    form = ArchiveForm(request.POST or None)
    if form.is_valid():
        try:
            body = services.key_archive(actor=actor, public_id=public_id, **form.cleaned_data)
        except SuyuanError as error:
            refuse(form, error)
        else:
            headers = _named(f"{public_id}.keys.zip")
            return HttpResponse(body, content_type="application/zip", headers=headers)
    newest = selectors.get_version(actor.organisation_id, public_id, profile.version)
    context = {
        "form": form,
        "profile": profile,
        "diversified": bool(newest.system),
        "organisation": actor.organisation,
    }
    status = 422 if form.errors else 200
    return render(request, "nfc/archive.html", context, status=status)


class _Range(TypedDict):
    order_number: str
    first: int
    count: int


def _wanted(form: RangeForm) -> _Range:
    """Return order and range as services count them.

    Raises:
        Invalid: `nfc_range`.
    """
    if not form.is_valid():
        raise Invalid("nfc_range", place=next(iter(form.errors), ""))
    given = form.cleaned_data
    return _Range(order_number=given["order"], first=given["first"] - 1, count=given["count"])


def _named(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }


def _csv(stream: Iterator[bytes], name: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        stream, content_type="text/csv; charset=utf-8", headers=_named(name)
    )
