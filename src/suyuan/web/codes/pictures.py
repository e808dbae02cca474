"""A picture of one code: choose, see, take along."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from suyuan.core.carriers import formats
from suyuan.core.carriers.formats import FORMATS
from suyuan.core.carriers.sizing import Grade
from suyuan.issuing.services.pictures import Drawn, Wanted, download_picture, draw_code
from suyuan.kernel.errors import Invalid
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.codes.forms import PictureForm
from suyuan.web.codes.words import GRADES, TONES, symbology_name
from suyuan.web.gate import back_office
from suyuan.web.issuing.pages import public_url
from suyuan.web.messages import sentence
from suyuan.web.trace.addresses import address_of

_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_PLACES = {"code", "symbology", "size_mm", "dpi", "level", "bar_mm"}


@require_safe
@back_office(Right.CODES_DOWNLOAD)
def picture(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show a code as it will be printed, how well it will be read, and the files of it."""
    form = PictureForm(_filled(request) if request.GET.get("code") else None)
    context: dict[str, object] = {"form": form, "organisation": actor.organisation}
    if form.is_bound and form.is_valid():
        try:
            context |= _drawing(actor, form.wanted())
        except Invalid as refusal:
            place = refusal.place if refusal.place in _PLACES else None
            form.add_error(place, sentence(refusal))
    # What a script asked for while the reader types is the picture alone.
    part = request.headers.get("HX-Request") == "true"
    template = "codes/_picture.html" if part else "codes/picture.html"
    status = 422 if form.errors and not part else 200
    return render(request, template, context, status=status)


@require_safe
@back_office(Right.CODES_DOWNLOAD)
def picture_file(request: HttpRequest, actor: Actor, form: str) -> HttpResponse:
    """Send a code's picture; who took it is in the audit trail."""
    asked = PictureForm(_filled(request))
    if not asked.is_valid():
        raise Invalid("symbol_options", place=next(iter(asked.errors)), smallest=3, largest=300)
    wanted = asked.wanted()
    if request.method == "HEAD":
        return HttpResponse(content_type=_content_type(form))
    drawn, body, content_type = download_picture(
        actor=actor, wanted=wanted, form=form, base_url=public_url()
    )
    name = f"{file_name(drawn)}.{form}"
    return HttpResponse(
        body,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def file_name(drawn: Drawn) -> str:
    """Return a file's name without ending: what it names, as what, how wide."""
    identity = drawn.identity
    parts = [identity.primary, identity.secondary, drawn.symbol.symbology]
    text = "-".join(part for part in parts if part)
    return f"{_NAME.sub('-', text)[:100]}-{drawn.size.printed_mm:.1f}mm"


def _content_type(form: str) -> str:
    known = next((name for name in FORMATS if name == form), None)
    if known is None:
        raise Invalid("symbol_options", place="form", smallest=3, largest=300)
    return FORMATS[known].content_type


def _filled(request: HttpRequest) -> Any:
    """Return the query with what a first visit leaves open."""
    query = request.GET.copy()
    for name, value in (("dpi", "300"), ("level", "M")):
        if not query.get(name):
            query[name] = value
    return query


def _drawing(actor: Actor, wanted: Wanted) -> dict[str, object]:
    drawn = draw_code(wanted, base_url=public_url())
    tone, icon = TONES[drawn.hint.grade]
    said = GRADES[drawn.hint.grade, drawn.hint.reader]
    return {
        "drawn": drawn,
        "preview": _preview(drawn),
        "kind": symbology_name(drawn.symbol.symbology, is_gs1=False),
        "printed_mm": f"{drawn.size.printed_mm:.2f}",
        "height_mm": f"{_height(drawn):.2f}",
        "module_mm": f"{drawn.hint.module_mm:.3f}",
        "advised_mm": "" if drawn.hint.grade is Grade.GOOD else f"{drawn.hint.advised_mm:.1f}",
        "hint": {"tone": tone, "icon": icon, "said": said},
        "page": address_of(actor.organisation.slug, drawn.identity),
        "query": urlencode(asdict(wanted)),
        "forms": tuple(FORMATS),
    }


def _height(drawn: Drawn) -> float:
    if drawn.symbol.kind.bars:
        return drawn.bar_mm
    return drawn.symbol.height * drawn.size.module_mm


def _preview(drawn: Drawn) -> SafeString:
    text = formats.svg(
        drawn.symbol,
        module_mm=drawn.size.module_mm,
        bar_mm=drawn.bar_mm,
        title=drawn.symbol.text,
    )
    return mark_safe(text)  # noqa: S308 - digits, and a title that is escaped
