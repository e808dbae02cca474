"""Count what a recall has achieved, and write off what will not come back."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from suyuan.core.keyset import KeySet
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.rules import Text
from suyuan.quality.targets import resolve_spoken
from suyuan.recalls.digest import count_digest
from suyuan.recalls.effect import Effect, effect_of
from suyuan.recalls.errors import CaseClosed, NotAffected, NotApproved
from suyuan.recalls.hold import mark_beyond_reach
from suyuan.recalls.models import EffectCount, OutcomeGroup, RecallCase
from suyuan.recalls.selectors import counts_of, get_case
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_MOST_CODES = 1_000
_WHY = Text(300, required=True)


def count_effect(*, actor: Actor, number: str) -> EffectCount:
    """Count the outcomes of a case now, and keep the count.

    Raises:
        NotFound: no such case.
        NotApproved: nothing has been called back yet.
        CaseClosed: it has ended; its last count stands.
    """
    actor.require(Right.RECALL_ACT)
    with transaction.atomic():
        case = get_case(actor.organisation_id, number, lock=True)
        require_under_way(case)
        count = keep_count(actor=actor, case=case, effect=effect_of(case), final=False)
        actor.audit(
            "recall.count",
            kind="recall",
            object_id=case.number,
            changes={"count": [None, count.position], "digest": [None, count.digest]},
        )
    return count


def require_under_way(case: RecallCase) -> None:
    """Refuse a case that is not being carried out."""
    if not case.is_open:
        raise CaseClosed(number=case.number)
    if not case.is_approved:
        raise NotApproved(number=case.number)


def keep_count(*, actor: Actor, case: RecallCase, effect: Effect, final: bool) -> EffectCount:
    """Store a count with a bitmap for each outcome, in the caller's transaction."""
    last = counts_of(case).aggregate(last=Max("position"))["last"] or 0
    count = EffectCount(
        organisation_id=case.organisation_id,
        case_id=case.id,
        position=last + 1,
        version=case.version,
        counted_at=clock.now(),
        counted_by=actor.name,
        at_seq=effect.at_seq,
        is_final=final,
    )
    groups = [
        OutcomeGroup(
            organisation_id=case.organisation_id,
            count_id=count.id,
            outcome=outcome.value,
            item_count=len(items),
            items=items.to_bytes(),
        )
        for outcome, items in effect.outcomes.items()
    ]
    count.digest = count_digest(case, count, groups)
    count.save(force_insert=True)
    OutcomeGroup.objects.bulk_create(groups)
    return count


def give_up(*, actor: Actor, number: str, codes: Sequence[str], why: str) -> int:
    """Say of affected items that they will not come back; return how many they are.

    One event with the disposition `unknown` tells it. What turns up later counts as recovered.

    Args:
        actor: With the right `recall.act`.
        number: The case.
        codes: Items in any form.
        why: What is known: eaten, thrown away, not traceable.

    Raises:
        NotFound: no such case.
        Invalid: ``codes_missing``, ``too_many_goods``, ``identity_unknown`` with its place.
        NotAffected: a code that is not among the affected items, with its place.
        NotApproved, CaseClosed: the case is not being carried out.
    """
    actor.require(Right.RECALL_ACT)
    said = _WHY.check(why, "why")
    given = [text.strip() for text in codes if text.strip()]
    if not given:
        raise Invalid("codes_missing", place="/codes")
    if len(given) > _MOST_CODES:
        raise Invalid("too_many_goods", place="/codes", limit=_MOST_CODES)
    with transaction.atomic():
        case = get_case(actor.organisation_id, number, lock=True)
        affected, keys = case.item_keys, []
        for position, text in enumerate(given):
            key = resolve_spoken(organisation_id=actor.organisation_id, text=text)
            if key is None:
                raise Invalid("identity_unknown", place=f"/codes/{position}", given=text[:80])
            if key not in affected:
                raise NotAffected(place=f"/codes/{position}", given=text[:80])
            keys.append(key)
        return give_up_items(actor=actor, case=case, items=KeySet(keys), why=said)


def give_up_items(*, actor: Actor, case: RecallCase, items: KeySet, why: str) -> int:
    """Do what `give_up` does for items known by key; call it in a transaction."""
    actor.require(Right.RECALL_ACT)
    require_under_way(case)
    meant = items & case.item_keys
    if meant:
        mark_beyond_reach(actor=actor, case=case, items=meant, why=why)
        actor.audit(
            "recall.give_up",
            kind="recall",
            object_id=case.number,
            changes={"items": [None, len(meant)], "why": [None, why]},
        )
    return len(meant)
