"""Close a case: the goods are back, destroyed, or beyond reach, and count and note say which."""

from __future__ import annotations

from django.db import transaction

from suyuan.kernel import clock
from suyuan.masterdata.rules import Text
from suyuan.recalls.effect import effect_of
from suyuan.recalls.errors import VersionPending
from suyuan.recalls.models import CaseStatus, RecallCase
from suyuan.recalls.selectors import get_case, version_to_decide
from suyuan.recalls.services.counting import keep_count, require_under_way
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_NOTE = Text(2000, required=True, lines=True)


def close_recall(*, actor: Actor, number: str, note: str) -> RecallCase:
    """Close a case with a last count of its effect, which is frozen with it.

    The goods stay marked as recalled: what was bad does not become good.

    Raises:
        NotFound: no such case.
        CaseClosed: it has ended before.
        NotApproved: it is only proposed; withdraw it.
        VersionPending: a version of the scope waits for a decision.
    """
    actor.require(Right.RECALL_ACT)
    said = _NOTE.check(note, "note")
    with transaction.atomic():
        case = get_case(actor.organisation_id, number, lock=True)
        require_under_way(case)
        waiting = version_to_decide(case)
        if waiting is not None:
            raise VersionPending(version=waiting.version)
        effect = effect_of(case)
        count = keep_count(actor=actor, case=case, effect=effect, final=True)
        before, case.status = case.status, CaseStatus.CLOSED
        case.closed_at, case.closed_by, case.closing_note = clock.now(), actor.name, said
        case.save(update_fields=["status", "closed_at", "closed_by", "closing_note"])
        actor.audit(
            "recall.close",
            kind="recall",
            object_id=case.number,
            changes={
                "status": [before, case.status],
                "outcomes": [None, effect.counts],
                "count": [None, count.position],
                "digest": [None, count.digest],
            },
        )
    return case
