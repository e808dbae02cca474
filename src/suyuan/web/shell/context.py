"""What every page of the shell shows around its content: the context processor `shell`.

The gate leaves `request.actor`; pages without one (signing in, errors) get the frame alone.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import User
from suyuan.tenancy.selectors import organisations_of
from suyuan.web.shell import navigation


def shell(request: HttpRequest) -> dict[str, object]:
    """Add `shell`; nothing is computed unless a template asks for it."""
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request: HttpRequest) -> dict[str, object]:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"home": reverse("shell:start"), "account": _links(navigation.ACCOUNT, None)}
    slug = actor.organisation.slug
    home = reverse("shell:home", kwargs={"org": slug})
    return {
        "organisation": actor.organisation,
        "organisation_name": actor.organisation.name(get_language() or ""),
        "organisations": SimpleLazyObject(lambda: _organisations(request, slug)),
        "home": home,
        "at_home": request.path == home,
        "search": reverse("shell:search", kwargs={"org": slug}),
        "query": request.GET.get("q", "")[:500] if _is_search(request) else "",
        "steps": _steps(request, actor),
        "partner": actor.holder is not None,
        "settings": _links(navigation.SETTINGS, actor),
        "account": _links(navigation.ACCOUNT, actor),
    }


def _is_search(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name == "shell:search"


def _organisations(request: HttpRequest, slug: str) -> list[dict[str, object]]:
    if not isinstance(request.user, User):
        return []
    return [
        {
            "name": organisation.name(get_language() or ""),
            "href": reverse("shell:home", kwargs={"org": organisation.slug}),
            "current": organisation.slug == slug,
        }
        for organisation in organisations_of(request.user)
    ]


def _steps(request: HttpRequest, actor: Actor) -> list[dict[str, object]]:
    steps: list[dict[str, object]] = []
    around = navigation.steps_for(actor)
    shown = {step.name: list(navigation.shown(step.entries, actor)) for step in around}
    # An entry may lie below another's address: the longest one is where the page belongs.
    above = [href for entries in shown.values() for _entry, href in entries]
    nearest = max((href for href in above if request.path.startswith(href)), key=len, default="")
    for step in around:
        href = reverse("shell:step", kwargs={"org": actor.organisation.slug, "name": step.name})
        entries = [
            {
                "label": entry.label,
                "href": address,
                "icon": entry.icon,
                "current": _current(request.path, address) if address == nearest else "",
            }
            for entry, address in shown[step.name]
        ]
        here = request.path == href
        steps.append(
            {
                "order": step.order,
                "label": step.label,
                "icon": step.icon,
                "question": step.question,
                "href": href,
                "current": here,
                "open": here or any(entry["current"] for entry in entries),
                "entries": entries,
            }
        )
    return steps


def _current(path: str, address: str) -> str:
    return "page" if path == address else "true"


def _links(entries: tuple[navigation.Entry, ...], actor: Actor | None) -> list[dict[str, object]]:
    return [
        {"label": entry.label, "href": address, "icon": entry.icon}
        for entry, address in navigation.shown(entries, actor)
    ]
