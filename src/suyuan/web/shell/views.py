"""The start page, today's home, and a page for each of the five steps."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from suyuan.kernel import clock
from suyuan.kernel.errors import NotFound
from suyuan.tenancy.actor import Actor
from suyuan.web.gate import back_office, public
from suyuan.web.shell import navigation, tiles
from suyuan.web.shell.beginning import next_step


@public
def start(request: HttpRequest) -> HttpResponse:
    """Say what this installation is and where to sign in."""
    return render(request, "shell/start.html", {"steps": navigation.STEPS})


@back_office(None)
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what is true today, each number with the way to what is behind it."""
    now = clock.now()
    shown = tiles.collect(actor, now=now)
    context = {
        "now": now,
        "urgent": [tile for tile in shown if tile.urgent],
        "begin": next_step(actor),
        "groups": tiles.grouped(tile for tile in shown if not tile.urgent),
    }
    return render(request, "shell/home.html", context)


@back_office(None)
def step(request: HttpRequest, actor: Actor, *, name: str) -> HttpResponse:
    """Show what one of the five steps holds."""
    found = navigation.step_named(name)
    if found is None:
        raise NotFound(place="step")
    entries = [
        {"entry": entry, "href": href} for entry, href in navigation.shown(found.entries, actor)
    ]
    return render(request, "shell/step.html", {"step": found, "entries": entries})
