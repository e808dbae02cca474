"""What the walk of routes needs for the trace screens (`tests/http/routes.py`)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from suyuan.capture.services import CaptureOutcome, capture_events
from suyuan.core.epcis import build

_BASE = "https://id.gs1.org"
_MADE = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
_ITEM = f"{_BASE}/01/09521234000013/21/TRACED"
_UNIT = f"{_BASE}/00/395212340000000014"


def _capture(world: Any) -> CaptureOutcome:
    born = build.object_event(
        time=_MADE, action="ADD", epcs=[_ITEM], ilmd={"cbvmda:lotNumber": "TRACED"}
    )
    packed = build.aggregation_event(time=_MADE, action="ADD", parent=_UNIT, children=[_ITEM])
    return capture_events(actor=world.actor, events=[born, packed], source="tests")


def _item(world: Any) -> dict[str, object]:
    _capture(world)
    return {"gtin": "09521234000013", "serial": "TRACED"}


def _unit(world: Any) -> dict[str, object]:
    _capture(world)
    return {"sscc": "395212340000000014"}


def _parcel(world: Any) -> dict[str, object]:
    parcel = f"urn:suyuan:{world.actor.organisation.slug}:parcel:SF-7"
    packed = build.aggregation_event(time=_MADE, action="ADD", parent=parcel, children=[_ITEM])
    capture_events(actor=world.actor, events=[packed], source="tests")
    return {"waybill": "SF-7"}


def _lot(world: Any) -> dict[str, object]:
    _capture(world)
    return {"gtin": "09521234000013", "lot": "TRACED"}


def _event(world: Any) -> dict[str, object]:
    return {"seq": _capture(world).first_seq}


def _job(world: Any) -> dict[str, object]:
    return {"job_id": _capture(world).job_id}


def _identifier(world: Any) -> dict[str, object]:
    _capture(world)
    return {"identifier": _ITEM}


def _code(world: Any) -> dict[str, object]:
    _capture(world)
    return {"code": _ITEM}


ARGUMENTS = {
    "trace:item": _item,
    "trace:unit": _unit,
    "trace:parcel": _parcel,
    "trace:lot": _lot,
    "trace:event": _event,
    "trace:event_document": _event,
    "trace:job": _job,
    "trace:job_faults": _job,
    "trace:resolve": _identifier,
    "api:lot_genealogy": _lot,
}

DATA = {"api:trace_history": _code}
