"""What the walk of routes needs for notices of recalls (`tests/http/routes.py`)."""

from __future__ import annotations

from typing import Any

from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.recalls.models import Notice
from suyuan.recalls.services import open_recall
from tests.notice_world import approve, make_case
from tests.recall_world import MADE


def _case(world: Any) -> dict[str, object]:
    bulk = "https://id.gs1.org/01/09521234000013/10/BULK"
    event = build.object_event(time=MADE, action="ADD", quantities=[build.quantity(bulk, 4, "KGM")])
    capture_events(actor=world.actor, events=[event], source="tests")
    case = open_recall(actor=world.actor, title="Bad", reason="Residues", starts=[bulk])
    return {"number": approve(case).number}


def _notice(world: Any) -> dict[str, object]:
    noticed = make_case(world.actor)
    notice = Notice.objects.get(organisation_id=world.organisation.pk, recipient="order:ORDER-1")
    return {"number": noticed.number, "notice": notice.number}


def _template(_world: Any) -> dict[str, object]:
    return {"name": "buyer", "language": "en"}


ARGUMENTS = {
    **dict.fromkeys(
        (
            "notices:index",
            "notices:prepare",
            "notices:send",
            "notices:stop",
            "notices:remind",
            "notices:told",
            "notices:contacts",
            "notices:forget",
            "notices:announcement",
            "notices:csv",
            "notices:upload",
            "notices:returns",
        ),
        _case,
    ),
    **dict.fromkeys(
        (
            "notices:one",
            "notices:send_one",
            "notices:bounced",
            "notices:answer_one",
            "notices:contact",
        ),
        _notice,
    ),
    "notices:template": _template,
}
SHARED = frozenset({"notices:template"})
PUBLIC = {
    "notices:public": "a recall is told to everyone",
    "notices:answer": "its token names the recipient; whoever has the link may answer",
}
PUBLIC_ARGUMENTS: dict[str, dict[str, object]] = {
    "notices:public": {"public_id": "bcdfghjkmnpq"},
    "notices:answer": {"token": "A" * 43},
}
