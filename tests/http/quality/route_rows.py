"""What the walk of routes needs for files, pictures and sisters (`tests/http/routes.py`)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from suyuan.capture.services import capture_events
from suyuan.core.epcis import build
from suyuan.masterdata.services import create_product
from suyuan.quality.services import add_report, file_complaint
from tests.recall_world import PDF, picture

_ITEMS = tuple(f"https://id.gs1.org/01/09521234000013/21/SISTER{n}" for n in (1, 2))


def _file(world: Any) -> dict[str, object]:
    report = add_report(
        actor=world.actor,
        title="Residues",
        target_kind="product",
        gtin=create_product(actor=world.actor, name_zh="茶").gtin,
        issued_by="Laboratory",
        issued_on=date(2026, 3, 2),
        result="pass",
        data=PDF,
        more=[picture()],
    )
    return {"number": report.number, "position": 2}


def _picture(world: Any) -> dict[str, object]:
    complaint = file_complaint(actor=world.actor, text="It smells.", uploads=[picture()])
    return {"number": complaint.number, "position": 1}


def _sisters(world: Any) -> dict[str, object]:
    born = build.object_event(
        time=datetime(2026, 3, 1, 2, 30, tzinfo=UTC),
        action="ADD",
        epcs=list(_ITEMS),
        ilmd={"cbvmda:lotNumber": "SISTERS"},
    )
    capture_events(actor=world.actor, events=[born], source="tests")
    complaint = file_complaint(actor=world.actor, text="It smells.", target=_ITEMS[0])
    return {"number": complaint.number, "word": "lot"}


ARGUMENTS = {
    "quality:report_more_file": _file,
    "quality:complaint_picture": _picture,
    "quality:sisters": _sisters,
}
