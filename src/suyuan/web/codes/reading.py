"""Read codes back: a file in, its codes with their standing out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from suyuan.kernel.errors import Forbidden, Invalid
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.verification.pictures import ReadBack, read_back
from suyuan.web.codes.forms import ReadForm
from suyuan.web.codes.rows import pages_of, rows_of
from suyuan.web.codes.words import FAULTS
from suyuan.web.gate import back_office
from suyuan.web.issuing.pages import public_url
from suyuan.web.messages import sentence

_PREVIEW = 1_200  # pixels on the longer side


@require_http_methods(["GET", "HEAD", "POST"])
@back_office(Right.TRACE_VIEW)
def read(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask for a picture; show what is on it. Nothing of it is kept."""
    form = ReadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    context: dict[str, object] = {"form": form, "organisation": actor.organisation}
    if form.is_bound and form.is_valid():
        try:
            found = read_back(
                actor=actor,
                body=form.cleaned_data["upload"].read(),
                base_url=public_url(),
                first_page=form.cleaned_data["first_page"] or 1,
                preview=_PREVIEW,
            )
        except Forbidden:
            raise
        except Invalid as refusal:
            form.add_error("first_page" if refusal.code == "reading_page" else "picture",
                           sentence(refusal))  # fmt: skip
        else:
            context |= _result(actor, found)
    return render(request, "codes/read.html", context, status=422 if form.errors else 200)


def _result(actor: Actor, found: ReadBack) -> dict[str, object]:
    rows = rows_of(actor, found)
    return {
        "found": found,
        "rows": rows,
        "pages": pages_of(found, rows),
        "several": found.reading.page_count > 1,
        "faults": [FAULTS[one.code] % {"page": one.page} for one in found.reading.faults],
    }
