"""Rows of the route walk for the top-level resources of EPCIS."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from django.test import RequestFactory

from suyuan.api.epcis.paging import page_headers
from suyuan.capture.queries import Position
from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from tests.recall_world import MADE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.http.routes import World

_ITEM = "https://id.gs1.org/01/09521234000013/21/WALKED"
_WORD = "https://ns.example/walking"
_PLACE = "https://id.gs1.org/414/9521234000013"


def _captured(world: World) -> None:
    event = build.object_event(
        time=MADE,
        action="ADD",
        epcs=[_ITEM],
        step=_WORD,
        disposition=_WORD,
        read_point=_PLACE,
        location=_PLACE,
    )
    capture_events(actor=world.actor, events=[event], source="tests")


def _named(part: str, name: str) -> Callable[[World], dict[str, object]]:
    def arguments(world: World) -> dict[str, object]:
        _captured(world)
        return {part: name}

    return arguments


def _token(world: World) -> dict[str, object]:
    request = RequestFactory().get("/epcis/v2/events")
    link = page_headers(request, world.actor, Position(0, 1, 2))["Link"]
    address = link.partition(">")[0].removeprefix("<")
    return {"token": parse_qs(urlsplit(address).query)["nextPageToken"][0]}


_MEMBERS = {
    "eventType": _named("event_type", "ObjectEvent"),
    "epc": _named("epc", _ITEM),
    "bizStep": _named("biz_step", _WORD),
    "bizLocation": _named("biz_location", _PLACE),
    "readPoint": _named("read_point", _PLACE),
    "disposition": _named("disposition", _WORD),
}
ARGUMENTS = {
    **{f"epcis:{one}": arguments for one, arguments in _MEMBERS.items()},
    **{f"epcis:{one}_events": arguments for one, arguments in _MEMBERS.items()},
    "epcis:next_page_token": _token,
}
SHARED = frozenset({"epcis:eventType", "epcis:eventType_events"})
