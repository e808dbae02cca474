"""Close a case: the goods are back, destroyed, or beyond reach, and the note says which."""

from __future__ import annotations

from django.db import transaction

from suyuan.kernel import clock
from suyuan.masterdata.rules import Text
from suyuan.recalls.errors import CaseClosed
from suyuan.recalls.models import CaseStatus, RecallCase
from suyuan.recalls.selectors import get_case
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_NOTE = Text(2000, required=True, lines=True)


def close_recall(*, actor: Actor, number: str, note: str) -> RecallCase:
    """Close a case. The goods stay marked as recalled: what was bad does not become good.

    Raises:
        NotFound: no such case.
        CaseClosed: it was closed before.
    """
    actor.require(Right.RECALL_ACT)
    said = _NOTE.check(note, "note")
    with transaction.atomic():
        case = get_case(actor.organisation_id, number, lock=True)
        if not case.is_open:
            raise CaseClosed(number=number)
        case.status = CaseStatus.CLOSED
        case.closed_at = clock.now()
        case.closed_by = actor.name
        case.closing_note = said
        case.save(update_fields=["status", "closed_at", "closed_by", "closing_note"])
        actor.audit(
            "recall.close",
            kind="recall",
            object_id=case.number,
            changes={"status": [CaseStatus.OPEN.value, CaseStatus.CLOSED.value]},
        )
    return case
