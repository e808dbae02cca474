"""Example programs, to read and to save."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from suyuan.kernel.errors import NotFound
from suyuan.tenancy.actor import Actor
from suyuan.web.gate import back_office
from suyuan.web.partners import code
from suyuan.web.partners.desk import EVERYBODY, Desk


@require_safe
@back_office(*EVERYBODY)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show one program, and the addresses it uses."""
    shown = code.program(request.GET.get("program", ""))
    desk = Desk(actor)
    context = {
        "organisation": actor.organisation,
        "desk": desk,
        "programs": code.PROGRAMS,
        "program": shown,
        "source": code.source(shown, desk.address),
    }
    return render(request, "partners/programs.html", context)


@require_safe
@back_office(*EVERYBODY)
def download(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """Give a program as a file."""
    del request
    found = code.program(name)
    if found.name != name:
        raise NotFound(kind="program")
    text = code.source(found, Desk(actor).address)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.file}"'
    return response
