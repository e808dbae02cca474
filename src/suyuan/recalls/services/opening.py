"""Compute what is affected, and freeze it as a case that holds the goods."""

from __future__ import annotations

import time
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from suyuan.kernel import clock
from suyuan.lineage import selectors as lineage
from suyuan.lineage.starts import Goods
from suyuan.lineage.values import Scope
from suyuan.masterdata.rules import Text
from suyuan.recalls.errors import NothingAffected, RequestKeyReused, ScopeChanged
from suyuan.recalls.freeze import freeze
from suyuan.recalls.hold import hold_goods
from suyuan.recalls.models import RecallCase
from suyuan.recalls.starts import Start, read_starts
from suyuan.recalls.summary import summarise
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.numbers import yearly_number
from suyuan.tenancy.rights import Right

PREFIX = "RC"
_TITLE = Text(160, required=True)
_REASON = Text(2000, required=True, lines=True)
_REQUEST_KEY = Text(80)


def preview_scope(*, actor: Actor, starts: Sequence[str]) -> Scope:
    """Return what a recall that began with `starts` would affect; changes nothing.

    Args:
        actor: With the right `recall.view`.
        starts: Lots, items or logistic units, in any text form.

    Raises:
        Invalid: ``starts_required``, ``too_many_starts``, ``identity_unknown`` with its place.
    """
    actor.require(Right.RECALL_VIEW)
    known = read_starts(organisation_id=actor.organisation_id, texts=starts)
    return _scope(actor, known)


def _scope(actor: Actor, starts: Sequence[Start]) -> Scope:
    return lineage.scope(
        organisation_id=actor.organisation_id, starts=[Goods(start.key) for start in starts]
    )


def open_recall(
    *,
    actor: Actor,
    title: str,
    reason: str,
    starts: Sequence[str],
    hold: bool = True,
    request_key: str = "",
    expected_items: int | None = None,
) -> RecallCase:
    """Freeze the scope as a case and hold the goods, in one transaction.

    Args:
        actor: With the right `recall.act`.
        title: What colleagues will call it.
        reason: Why.
        starts: Lots, items or logistic units, in any text form.
        hold: Capture the event that marks the goods as recalled.
        request_key: The same key again returns the same case, and does nothing.
        expected_items: How many items the person confirmed.

    Raises:
        Invalid: a malformed field, or see `preview_scope`.
        RequestKeyReused: the key opened a case with another title or other starts.
        ScopeChanged: another number of items is affected than was confirmed.
        NothingAffected: neither an item nor a lot follows from the starts.
    """
    actor.require(Right.RECALL_ACT)
    key = _REQUEST_KEY.check(request_key, "request_key")
    if known := _opened_before(actor, key, title):
        return known
    fields = {
        "title": _TITLE.check(title, "title"),
        "reason": _REASON.check(reason, "reason"),
        "request_key": key,
        "hold": hold,
    }
    began = time.perf_counter()
    bad = read_starts(organisation_id=actor.organisation_id, texts=starts)
    try:
        with transaction.atomic():
            return _open(actor, bad, fields, expected_items, began)
    except IntegrityError:
        # The same request in the same instant: the other one has opened the case.
        if known := _opened_before(actor, key, title):
            return known
        raise


def _opened_before(actor: Actor, key: str, title: str) -> RecallCase | None:
    if not key:
        return None
    case = RecallCase.objects.filter(organisation_id=actor.organisation_id, request_key=key).first()
    if case is not None and case.title != title.strip():
        raise RequestKeyReused(number=case.number)
    return case


def _open(
    actor: Actor,
    starts: Sequence[Start],
    fields: dict[str, object],
    expected_items: int | None,
    began: float,
) -> RecallCase:
    scope = _scope(actor, starts)
    if expected_items is not None and expected_items != len(scope.items):
        raise ScopeChanged(expected=expected_items, found=len(scope.items))
    if not scope.items and not scope.lots:
        raise NothingAffected
    case = RecallCase(
        organisation=actor.organisation,
        number=yearly_number(organisation_id=actor.organisation_id, prefix=PREFIX),
        starts=[start.text for start in starts],
        frozen_at=clock.now(),
        at_seq=scope.at_seq,
        items=scope.items.to_bytes(),
        item_count=len(scope.items),
        summary=summarise(scope).to_json(),
        opened_by=actor.name,
        **fields,
    )
    case.save(force_insert=True)
    freeze(case, scope)
    if case.hold:
        hold_goods(actor=actor, scope=scope)
    case.took_ms = round((time.perf_counter() - began) * 1000)
    case.save(update_fields=["took_ms"])
    actor.audit(
        "recall.open",
        kind="recall",
        object_id=case.number,
        changes={
            "title": [None, case.title],
            "starts": [None, case.starts],
            "items": [None, case.item_count],
            "hold": [None, case.hold],
        },
    )
    return case
