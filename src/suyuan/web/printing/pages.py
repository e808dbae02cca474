"""What a job's page shows.

Owns: which parts and forms a job's page has at which state.
"""

from __future__ import annotations

import secrets

from suyuan.issuing import selectors as issuing
from suyuan.printing import selectors, standing
from suyuan.printing.models import Form, JobState, PrintJob
from suyuan.printing.services.steering import is_being_made
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.web.messages import message
from suyuan.web.printing.forms import ReprintForm, ResumeForm, VoidForm
from suyuan.web.printing.words import REASONS, source_of, state_of, target_of, why_of

_SERIALS_SHOWN = 20
_POLLED = {JobState.WAITING, JobState.RUNNING}


def progress_context(actor: Actor, job: PrintJob) -> dict[str, object]:
    """Return what the part of a job's page shows that is asked for again and again."""
    moving = job.state in _POLLED
    made = is_being_made(job)
    return {
        "job": job,
        "state": state_of(job),
        "moving": moving,
        "made": made,
        "stalled": job.state == JobState.RUNNING and not made,
        "percent": job.done * 100 // job.total,
        "fault": message(job.fault_code, dict(job.fault_data)) if job.fault_code else "",
        "doubt_from": job.done + 1,
        "doubt_to": job.done + job.in_doubt,
        "organisation": actor.organisation,
    }


def job_context(
    actor: Actor,
    job: PrintJob,
    *,
    resuming: ResumeForm | None = None,
    voiding: VoidForm | None = None,
    reprinting: ReprintForm | None = None,
) -> dict[str, object]:
    """Return the values of a job's page; a form that came back stays as it was sent."""
    stands, waiting = standing.standing(job), selectors.awaiting(job)
    key = {"request_key": secrets.token_hex(16)}
    first_output = f"printer:{job.printer.code}" if job.printer else job.form
    if stands and voiding is None:
        voiding = VoidForm(initial=key, auto_id="void_%s")
    if waiting and reprinting is None:
        reprinting = ReprintForm(
            actor.organisation_id, initial=key | {"to": first_output}, auto_id="reprint_%s"
        )
    return progress_context(actor, job) | {
        "source": source_of(job),
        "target": target_of(job),
        "why": why_of(job),
        "pages": selectors.pages_of(job),
        "on_sheets": selectors.on_sheets(job),
        "ranges": [
            {"run": run, "from": run.first + 1, "to": run.end} for run in selectors.ranges(job)
        ],
        "files": selectors.files(job),
        "may_take": job.form != Form.CSV or actor.may(Right.CODES_DOWNLOAD),
        "stands": len(stands),
        "voids": [{"row": row, "reason": REASONS[row.reason]} for row in selectors.voids(job)],
        "reprints": [{"job": one, "state": state_of(one)} for one in selectors.reprints(job)],
        "awaiting": len(waiting),
        "awaiting_serials": [
            issuing.serials(job.order, first=position)[0]
            for position in waiting.items[:_SERIALS_SHOWN]
        ],
        "resuming": resuming or ResumeForm(auto_id="resume_%s"),
        "voiding": voiding,
        "reprinting": reprinting if waiting else None,
        "may_see_order": actor.may(Right.CODES_VIEW),
        "may_design": actor.may(Right.LABELS_DESIGN),
    }
