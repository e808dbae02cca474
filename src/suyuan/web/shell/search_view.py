"""The page behind the search box: leads on at once when it can, else lists what was found."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from suyuan.tenancy.actor import Actor
from suyuan.web.gate import back_office
from suyuan.web.shell import search as searching
from suyuan.web.shell.resolvers import RESOLVERS

_LONGEST = 500  # a Digital Link with attributes is longer than any name


@back_office(None)
def search(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take `q` for anything it can be."""
    query = " ".join(request.GET.get("q", "").replace("\0", "").split())[:_LONGEST]
    groups = searching.find(actor, query, RESOLVERS) if query else []
    hit = searching.the_one(groups)
    if hit is not None:
        return HttpResponseRedirect(hit.href)
    return render(request, "shell/search.html", {"query": query, "groups": groups})
