"""Decide on what was proposed: approve it, reject it, or call the recall off."""

from __future__ import annotations

from django.db import transaction

from suyuan.core.keyset import KeySet
from suyuan.kernel import clock
from suyuan.masterdata.rules import Text
from suyuan.recalls.approvers import is_own, require_approver
from suyuan.recalls.digest import is_intact
from suyuan.recalls.errors import CaseClosed, EvidenceBroken, NothingToDecide, VersionChanged
from suyuan.recalls.freeze import put_in_force
from suyuan.recalls.hold import hold_all, release
from suyuan.recalls.models import CaseStatus, RecallCase, ScopeVersion, VersionStatus
from suyuan.recalls.notices.announcing import announcement_of
from suyuan.recalls.rules import Rule
from suyuan.recalls.selectors import get_case, lot_texts, version_to_decide
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_NOTE = Text(2000, lines=True)
_WHY = Text(2000, required=True, lines=True)


def approve_recall(
    *, actor: Actor, number: str, version: int | None = None, note: str = ""
) -> RecallCase:
    """Approve the version of the scope that waits for it; hold all its goods.

    The first approval begins the recall. A later one puts a newer scope in force: what came in is
    held, what fell out is cleared unless another case holds it.

    Args:
        actor: A person with the right `recall.act` who did not freeze the version; or the only
            person with that right, which the case then says.
        number: The case.
        version: The version that the person looked at.
        note: What the person adds.

    Raises:
        NotFound: no such case.
        CaseClosed: it has ended.
        NothingToDecide: no version waits.
        VersionChanged: another version waits than `version`.
        PersonNeeded, SecondPersonNeeded: see `approvers`.
        EvidenceBroken: the version is not as it was frozen.
    """
    actor.require(Right.RECALL_ACT)
    said = _NOTE.check(note, "note")
    with transaction.atomic():
        case, waiting = _waiting(actor, number, version)
        require_approver(actor, waiting)
        if not is_intact(case, waiting):
            raise EvidenceBroken(number=number, version=waiting.version)
        _decide(actor, waiting, VersionStatus.APPROVED, said)
        before, held = case.status, case.held_count
        if case.status == CaseStatus.PROPOSED:
            case.status = CaseStatus.APPROVED
            case.approved_at = waiting.decided_at
            case.approved_by = actor.name
            case.self_approved = is_own(actor, waiting)
            case.end_by = Rule.from_json(case.rule).end_by(clock.now())
        put_in_force(case, waiting)
        if case.hold:
            _release_dropped(actor, case)
            hold_all(actor=actor, case=case)
        case.save()
        announcement_of(case)  # its public page
        actor.audit(
            "recall.approve",
            kind="recall",
            object_id=case.number,
            changes={
                "status": [before, case.status],
                "version": [None, waiting.version],
                "items": [None, case.item_count],
                "held": [held, case.held_count],
                "only_person": [None, is_own(actor, waiting)],
                "note": [None, said],
            },
        )
    return case


def reject_recall(
    *, actor: Actor, number: str, version: int | None = None, note: str
) -> RecallCase:
    """Refuse the version that waits; what was held for it alone is cleared.

    Before the first approval the whole case ends; afterwards the scope in force stays.

    Raises:
        NotFound, CaseClosed, NothingToDecide, VersionChanged: as `approve_recall`.
    """
    actor.require(Right.RECALL_ACT)
    said = _WHY.check(note, "note")
    with transaction.atomic():
        case, waiting = _waiting(actor, number, version)
        _decide(actor, waiting, VersionStatus.REJECTED, said)
        if case.status == CaseStatus.PROPOSED:
            _end(actor, case, CaseStatus.REJECTED, said)
        else:
            _release_dropped(actor, case)
        case.save()
        actor.audit(
            "recall.reject",
            kind="recall",
            object_id=case.number,
            changes={
                "version": [None, waiting.version],
                "status": [None, case.status],
                "held": [None, case.held_count],
                "note": [None, said],
            },
        )
    return case


def withdraw_recall(*, actor: Actor, number: str, note: str) -> RecallCase:
    """Call a recall off; the goods that no other case holds are cleared.

    Raises:
        NotFound: no such case.
        CaseClosed: it has ended.
    """
    actor.require(Right.RECALL_ACT)
    said = _WHY.check(note, "note")
    with transaction.atomic():
        case = _open_case(actor, number)
        before = case.status
        waiting = version_to_decide(case)
        if waiting is not None:
            _decide(actor, waiting, VersionStatus.REJECTED, said)
        _end(actor, case, CaseStatus.WITHDRAWN, said)
        case.save()
        actor.audit(
            "recall.withdraw",
            kind="recall",
            object_id=case.number,
            changes={"status": [before, case.status], "note": [None, said]},
        )
    return case


def _open_case(actor: Actor, number: str) -> RecallCase:
    case = get_case(actor.organisation_id, number, lock=True)
    if not case.is_open:
        raise CaseClosed(number=number)
    return case


def _waiting(actor: Actor, number: str, version: int | None) -> tuple[RecallCase, ScopeVersion]:
    case = _open_case(actor, number)
    waiting = version_to_decide(case)
    if waiting is None:
        raise NothingToDecide(number=number)
    if version is not None and version != waiting.version:
        raise VersionChanged(version=waiting.version)
    return case, waiting


def _decide(actor: Actor, version: ScopeVersion, status: VersionStatus, note: str) -> None:
    version.status = status
    version.decided_at, version.decided_by, version.note = clock.now(), actor.name, note
    version.save(update_fields=["status", "decided_at", "decided_by", "note"])


def _end(actor: Actor, case: RecallCase, status: CaseStatus, note: str) -> None:
    release(actor=actor, case=case, items=case.held_keys, lots=case.held_lots)
    case.status = status
    case.closed_at, case.closed_by, case.closing_note = clock.now(), actor.name, note


def _release_dropped(actor: Actor, case: RecallCase) -> KeySet:
    """Clear what is held, but not affected by the version in force."""
    affected = set(lot_texts(case))
    return release(
        actor=actor,
        case=case,
        items=case.held_keys - case.item_keys,
        lots=[lot for lot in case.held_lots if lot not in affected],
    )
