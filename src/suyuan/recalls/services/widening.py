"""Look again: what is affected now, against what was frozen; and take it up."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.db import transaction

from suyuan.core.keyset import KeySet
from suyuan.lineage.values import Certainty, Scope
from suyuan.masterdata.rules import Text
from suyuan.recalls.errors import CaseClosed, ScopeUnchanged
from suyuan.recalls.freeze import freeze, put_in_force
from suyuan.recalls.hold import hold_at_hand
from suyuan.recalls.models import (
    CaseStatus,
    RecallCase,
    ScopeVersion,
    VersionStatus,
)
from suyuan.recalls.selectors import (
    certainty_of,
    get_case,
    latest_version,
    lot_texts,
    version_to_decide,
)
from suyuan.recalls.services.opening import check_scope, scope_of, taken
from suyuan.recalls.starts import read_starts
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_WHY = Text(2000, lines=True)


@dataclass(frozen=True, slots=True)
class Difference:
    """The scope now, against the version in force.

    Attributes:
        scope: as it is now.
        added: items that are affected now and were not.
        removed: items that were affected and are not now.
        surer: items of both that are graded better now.
        less_sure: items of both that are graded worse now.
        lots_added: canonical texts.
        lots_removed: canonical texts.
        took_ms: from the question to the answer.
    """

    scope: Scope
    added: KeySet
    removed: KeySet
    surer: KeySet
    less_sure: KeySet
    lots_added: tuple[str, ...]
    lots_removed: tuple[str, ...]
    took_ms: int

    @property
    def is_empty(self) -> bool:
        """Whether the frozen scope still tells who is affected, and how surely."""
        sets = (self.added, self.removed, self.surer, self.less_sure)
        return not any((*sets, self.lots_added, self.lots_removed))


def look_again(*, actor: Actor, number: str) -> Difference:
    """Return how the scope has changed since it was frozen; changes nothing.

    Raises:
        NotFound: no such case.
        Invalid: a start that names nothing any more.
    """
    actor.require(Right.RECALL_VIEW)
    return _difference(actor, get_case(actor.organisation_id, number))


def _difference(actor: Actor, case: RecallCase) -> Difference:
    began = time.perf_counter()
    starts = read_starts(organisation_id=actor.organisation_id, texts=case.starts)
    scope = scope_of(actor, starts)
    took_ms = round((time.perf_counter() - began) * 1000)
    frozen = case.item_keys
    grades = certainty_of(case)
    surer, less_sure = _moved(grades, scope)
    lots = [node.identity.digital_link() for node in scope.lots]
    known = lot_texts(case)
    return Difference(
        scope=scope,
        added=scope.items - frozen,
        removed=frozen - scope.items,
        surer=surer,
        less_sure=less_sure,
        lots_added=tuple(lot for lot in lots if lot not in set(known)),
        lots_removed=tuple(lot for lot in known if lot not in set(lots)),
        took_ms=took_ms,
    )


def _moved(frozen: dict[Certainty, KeySet], scope: Scope) -> tuple[KeySet, KeySet]:
    """Return the items whose grade has become better, and worse."""
    order = (Certainty.PROVEN, Certainty.POSSIBLE, Certainty.UNKNOWN)
    surer, less_sure = KeySet(), KeySet()
    for before, grade in enumerate(order):
        items = frozen.get(grade, KeySet())
        for now, other in enumerate(order):
            both = items & scope.certainty.get(other, KeySet())
            if now < before:
                surer = surer | both
            elif now > before:
                less_sure = less_sure | both
    return surer, less_sure


def take_up(
    *, actor: Actor, number: str, why: str = "", expected_items: int | None = None
) -> ScopeVersion:
    """Freeze the scope as it is now as another version, which has to be approved.

    A version that still waits is replaced. Until the new one is approved, the one in force stays;
    of a case that nobody has approved yet, the new one is shown at once. What came in is held as a
    precaution if the case holds goods already.

    Args:
        actor: With the right `recall.act`.
        number: The case.
        why: Why the scope is looked at anew.
        expected_items: How many items the person saw.

    Raises:
        NotFound: no such case.
        CaseClosed: it has ended.
        ScopeChanged: another number of items is affected than was confirmed.
        ScopeUnchanged: nothing is different.
    """
    actor.require(Right.RECALL_ACT)
    said = _WHY.check(why, "why")
    with transaction.atomic():
        case = get_case(actor.organisation_id, number, lock=True)
        if not case.is_open:
            raise CaseClosed(number=number)
        began = time.perf_counter()
        found = _difference(actor, case)
        check_scope(found.scope, expected_items)
        if found.is_empty:
            raise ScopeUnchanged(number=number)
        waiting = version_to_decide(case)
        if waiting is not None:
            waiting.status = VersionStatus.REPLACED
            waiting.save(update_fields=["status"])
        version = freeze(
            actor=actor,
            case=case,
            taken=taken(found.scope, began),
            number=latest_version(case) + 1,
            why=said,
        )
        if case.status == CaseStatus.PROPOSED:
            put_in_force(case, version)
        if case.precaution or (case.hold and case.is_approved):
            hold_at_hand(actor=actor, case=case, version=version.version)
        case.save()
        actor.audit(
            "recall.take_up",
            kind="recall",
            object_id=case.number,
            changes={
                "version": [None, version.version],
                "items": [case.item_count, version.item_count],
                "added": [None, version.added],
                "removed": [None, version.removed],
                "digest": [None, version.digest],
            },
        )
    return version
