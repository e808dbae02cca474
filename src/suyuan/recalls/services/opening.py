"""Compute what is affected, and freeze it as a case that a second person has to approve."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.lineage import selectors as lineage
from suyuan.lineage.values import Scope
from suyuan.masterdata.rules import Text
from suyuan.recalls.errors import NothingAffected, RequestKeyReused, ScopeChanged
from suyuan.recalls.freeze import Taken, freeze, put_in_force
from suyuan.recalls.hold import hold_at_hand
from suyuan.recalls.models import RecallCase
from suyuan.recalls.rules import Rule, read_rule
from suyuan.recalls.starts import Start, lineage_starts, read_starts
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
    return scope_of(actor, read_starts(organisation_id=actor.organisation_id, texts=starts))


def scope_of(actor: Actor, starts: Sequence[Start]) -> Scope:
    """Return what follows from starts."""
    return lineage.scope(organisation_id=actor.organisation_id, starts=lineage_starts(starts))


@dataclass(frozen=True, slots=True)
class _Proposal:
    """The checked fields of a proposal."""

    title: str
    reason: str
    request_key: str
    hold: bool
    precaution: bool
    known_at: datetime
    rule: Rule
    expected_items: int | None


def open_recall(
    *,
    actor: Actor,
    title: str,
    reason: str,
    starts: Sequence[str],
    hold: bool = True,
    precaution: bool = False,
    known_at: datetime | None = None,
    regime: str = "",
    begin_hours: int | None = None,
    end_days: int | None = None,
    request_key: str = "",
    expected_items: int | None = None,
) -> RecallCase:
    """Propose a recall: freeze its scope as evidence, in one transaction.

    A second person approves it (`approve_recall`); only then are all goods held, and may partners,
    buyers and the public be told.

    Args:
        actor: With the right `recall.act`.
        title: What colleagues will call it.
        reason: Why.
        starts: Lots, items or logistic units, in any text form.
        hold: Approval captures the event that marks the goods as recalled.
        precaution: Mark at once what is in house or on its way; not what is sold.
        known_at: When the danger was known; now by default.
        regime: The rule that sets deadlines: a code of `rules.REGIMES`, `own`, or "".
        begin_hours: Hours from `known_at` to approval, instead of the regime's.
        end_days: Working days from approval to closing, instead of the regime's.
        request_key: The same key again returns the same case, and does nothing.
        expected_items: How many items the person confirmed.

    Raises:
        Invalid: a malformed field, or see `preview_scope` and `rules.read_rule`.
        RequestKeyReused: the key opened a case with another title or other starts.
        ScopeChanged: another number of items is affected than was confirmed.
        NothingAffected: neither an item nor a lot follows from the starts.
    """
    actor.require(Right.RECALL_ACT)
    key = _REQUEST_KEY.check(request_key, "request_key")
    if known := _opened_before(actor, key, title):
        return known
    proposal = _Proposal(
        title=_TITLE.check(title, "title"),
        reason=_REASON.check(reason, "reason"),
        request_key=key,
        hold=hold,
        precaution=precaution and hold,
        known_at=_known(known_at),
        rule=read_rule(regime=regime, begin_hours=begin_hours, end_days=end_days),
        expected_items=expected_items,
    )
    began = time.perf_counter()
    bad = read_starts(organisation_id=actor.organisation_id, texts=starts)
    try:
        with transaction.atomic():
            return _open(actor, bad, proposal, began)
    except IntegrityError:
        # The same request in the same instant: the other one has opened the case.
        if known := _opened_before(actor, key, title):
            return known
        raise


def _known(at: datetime | None) -> datetime:
    now = clock.now()
    if at is None:
        return now
    if at.tzinfo is None:
        raise Invalid("time_zone_required", place="known_at")
    if at > now:
        raise Invalid("recall_known_later", place="known_at")
    return at


def _opened_before(actor: Actor, key: str, title: str) -> RecallCase | None:
    if not key:
        return None
    case = RecallCase.objects.filter(organisation_id=actor.organisation_id, request_key=key).first()
    if case is not None and case.title != title.strip():
        raise RequestKeyReused(number=case.number)
    return case


def taken(scope: Scope, began: float) -> Taken:
    """Return a scope with the time that it took since `began`."""
    return Taken(scope, clock.now(), round((time.perf_counter() - began) * 1000))


def check_scope(scope: Scope, expected_items: int | None) -> None:
    """Refuse a scope that is empty, or not the one that a person confirmed."""
    if expected_items is not None and expected_items != len(scope.items):
        raise ScopeChanged(expected=expected_items, found=len(scope.items))
    if not scope.items and not scope.lots:
        raise NothingAffected


def _open(actor: Actor, starts: Sequence[Start], proposal: _Proposal, began: float) -> RecallCase:
    found = taken(scope_of(actor, starts), began)
    check_scope(found.scope, proposal.expected_items)
    case = RecallCase(
        organisation=actor.organisation,
        number=yearly_number(organisation_id=actor.organisation_id, prefix=PREFIX),
        title=proposal.title,
        reason=proposal.reason,
        request_key=proposal.request_key,
        hold=proposal.hold,
        precaution=proposal.precaution,
        known_at=proposal.known_at,
        rule=proposal.rule.to_json(),
        begin_by=proposal.rule.begin_by(proposal.known_at),
        starts=[start.text for start in starts],
        opened_at=found.at,
        opened_by=actor.name,
        frozen_at=found.at,
        at_seq=found.scope.at_seq,
        items=b"",
        item_count=0,
    )
    case.save(force_insert=True)
    put_in_force(case, freeze(actor=actor, case=case, taken=found, number=1, why=""))
    if case.precaution:
        hold_at_hand(actor=actor, case=case, version=1)
    case.save()
    actor.audit(
        "recall.open",
        kind="recall",
        object_id=case.number,
        changes={
            "title": [None, case.title],
            "starts": [None, case.starts],
            "items": [None, case.item_count],
            "hold": [None, case.hold],
            "held": [None, case.held_count],
            "rule": [None, case.rule],
            "digest": [None, case.digest],
        },
    )
    return case
