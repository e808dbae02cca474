"""Capture jobs as the standard tells them, in JSON and XML."""

from __future__ import annotations

from typing import Any

from suyuan.api.epcis.problems import OWN
from suyuan.capture.documents import timestamp
from suyuan.capture.models import CaptureJob
from suyuan.core.epcis.contexts import own_parts
from suyuan.core.epcis.vocabulary import CONTEXT
from suyuan.core.epcis.xml.names import NAMESPACE_2
from suyuan.core.epcis.xml.values import quoted, text


def job_document(job: CaptureJob) -> dict[str, Any]:
    """Return a capture job as the standard tells it."""
    return {
        "captureID": str(job.id),
        "createdAt": timestamp(job.created_at),
        "finishedAt": timestamp(job.created_at),
        "running": False,
        "success": not job.faults,
        "captureErrorBehaviour": job.error_behaviour,
        "errors": [
            {
                "type": "epcisException:ValidationException",
                "title": fault["code"],
                "status": 400,
                "detail": fault["place"],
            }
            for fault in job.faults
        ],
        "suyuan:stored": job.told_stored,
        "suyuan:duplicates": job.told_duplicates,
    }


def header_document(job: CaptureJob, header: dict[str, Any]) -> dict[str, Any]:
    """Return what a job's document said in its header, as a document without events."""
    return {
        "@context": [CONTEXT, *own_parts(job.context)],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": timestamp(job.created_at),
        "epcisHeader": header,
        "epcisBody": {"eventList": []},
    }


def job_xml(job: CaptureJob) -> str:
    """Return a capture job as the standard's `EPCISCaptureJob`."""
    told = job_document(job)
    flags = "".join(
        f" {name}={quoted(str(told[name]).lower() if name != 'captureID' else told[name])}"
        for name in ("running", "success", "captureID")
    )
    times = "".join(
        f"<{name}>{text(told[name])}</{name}>"
        for name in ("captureErrorBehaviour", "createdAt", "finishedAt")
    )
    errors = "".join(map(_error, told["errors"]))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<epcis:EPCISCaptureJob xmlns:epcis="{NAMESPACE_2}" xmlns:s="{OWN}"{flags}>{times}'
        f"{f'<errors>{errors}</errors>' if errors else ''}"
        f"<s:stored>{told['suyuan:stored']}</s:stored>"
        f"<s:duplicates>{told['suyuan:duplicates']}</s:duplicates></epcis:EPCISCaptureJob>"
    )


def _error(error: dict[str, Any]) -> str:
    parts = ("type", "title", "status", "detail")
    return f"<error>{''.join(f'<{name}>{text(error[name])}</{name}>' for name in parts)}</error>"
