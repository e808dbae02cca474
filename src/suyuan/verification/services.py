"""Answer a consumer's scan.

Owns: the verdicts' rules, and that each answer is written down.

The rules for an item, in this order:

1. A serial that this installation did not issue is `never_issued`. For a product that carries
   foreign serials, or none of ours, a captured commissioning event stands in for issuing.
2. Issued, but no commissioning event: `not_activated`. The print house has the code; the goods do
   not exist. If the code was withdrawn, so that they never will: `withdrawn`.
3. Its state says `recalled`, or its lot's does: `recalled`. Marks that the caller keeps from the
   public (`values.Untold`) are left out, here and in the journey.
4. Otherwise it is genuine; the tally says whether this device is the first to look.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from msgspec.structs import replace as with_fields

from suyuan.kernel import clock
from suyuan.lineage.fold import RECALL_CLEARED, RECALL_MARK
from suyuan.lineage.marks import is_recalled
from suyuan.lineage.selectors import history as lineage_history
from suyuan.lineage.values import History
from suyuan.verification import limits, tally
from suyuan.verification.facts import ProductFacts, lot_facts
from suyuan.verification.lookup import FoundItem, find_item, lot_key
from suyuan.verification.values import (
    Seen,
    SeenBy,
    Tap,
    Untold,
    Verdict,
    Verification,
    all_told,
)


def admit(seen_by: SeenBy) -> None:
    """Take a request into account before anything is read.

    Raises:
        TooManyAsked: the asker's network has asked for too much.
    """
    limits.every_request.spend(limits.network_of(seen_by.address))


def miss(seen_by: SeenBy) -> None:
    """Take a question after something that does not exist into account.

    Raises:
        TooManyAsked: the asker's network has asked for too many of these.
    """
    limits.misses.spend(limits.network_of(seen_by.address))


def verify_item(
    *,
    facts: ProductFacts,
    serial: str,
    seen_by: SeenBy,
    lot: str = "",
    untold: Untold = all_told,
) -> Verification:
    """Answer for one item, and write the scan down.

    Args:
        facts: The product, by `facts.product_facts`.
        serial: As `core.codespace.normalise` would have it for our own serials.
        seen_by: Who asks.
        lot: The lot that the code names beside the serial, if it does.
        untold: Which marks of a recall the asker is not told of.

    Raises:
        TooManyAsked: the asker's network has asked for too many codes that do not exist.
    """
    at = clock.now()
    judged = judge_item(facts=facts, serial=serial, untold=untold)
    if judged.verdict is Verdict.NEVER_ISSUED:
        miss(seen_by)
    seen = seen_item(judged, judged.verdict, seen_by=seen_by, at=at)
    return judged.answer(judged.verdict or tally.verdict_of(seen), lot=lot, seen=seen)


@dataclass(frozen=True, slots=True)
class JudgedItem:
    """What the rules say of an item, before anything is written; no verdict: it is genuine."""

    organisation_id: int
    gtin: str
    serial: str
    key: int | None
    verdict: Verdict | None
    history: History | None
    known_lot: str = ""

    def answer(
        self, verdict: Verdict, *, lot: str = "", seen: Seen | None = None, tap: Tap | None = None
    ) -> Verification:
        """Return the answer with a verdict; `lot` is what the code names beside the serial."""
        return Verification(
            verdict=verdict,
            organisation_id=self.organisation_id,
            gtin=self.gtin,
            serial=self.serial,
            lot=self.known_lot or lot,
            lot_differs=bool(lot and self.known_lot and lot != self.known_lot),
            key=self.key,
            seen=seen,
            history=self.history,
            tap=tap,
        )


def judge_item(*, facts: ProductFacts, serial: str, untold: Untold = all_told) -> JudgedItem:
    """Return what rules 1 to 3 say of an item. Nothing is written."""
    organisation_id, gtin = facts.organisation.pk, facts.product.gtin
    item = find_item(facts, serial)
    history = _history(organisation_id, item.key) if item.issued else None
    if history is not None:
        history = _as_told(organisation_id, history, untold)
    verdict = _item_verdict(facts, item, history)
    known_lot = history.lots[0].secondary if history is not None and history.lots else ""
    if verdict is None and known_lot and _lot_recalled(organisation_id, gtin, known_lot):
        verdict = Verdict.RECALLED
    return JudgedItem(organisation_id, gtin, serial, item.key, verdict, history, known_lot)


def seen_item(
    judged: JudgedItem, verdict: Verdict | None, *, seen_by: SeenBy, at: datetime
) -> Seen | None:
    """Write down that an item was looked at, with the verdict that was given."""
    return _seen(
        judged.organisation_id,
        key=judged.key,
        gtin=judged.gtin,
        code=judged.serial,
        verdict=verdict,
        seen_by=seen_by,
        at=at,
    )


def _item_verdict(facts: ProductFacts, item: FoundItem, history: History | None) -> Verdict | None:
    """Return the verdict by rules 1 to 3; None leaves it to the tally."""
    if not item.issued:
        return Verdict.NEVER_ISSUED
    if history is None or not history.state.commissioned:
        if not facts.by_item:
            return Verdict.NEVER_ISSUED
        return Verdict.WITHDRAWN if item.withdrawn() else Verdict.NOT_ACTIVATED
    return Verdict.RECALLED if history.state.recalled else None


def verify_lot(*, facts: ProductFacts, lot: str, seen_by: SeenBy) -> Verification:
    """Answer for a lot, and write the scan down.

    Raises:
        TooManyAsked: the asker's network has asked for too many codes that do not exist.
    """
    organisation_id, gtin, at = facts.organisation.pk, facts.product.gtin, clock.now()
    key = lot_key(organisation_id, gtin, lot)
    history = _history(organisation_id, key)
    if lot_facts(organisation_id, gtin, lot) is None and (history is None or not history.steps):
        verdict = Verdict.LOT_UNKNOWN
        miss(seen_by)
    elif history is not None and history.state.recalled:
        verdict = Verdict.LOT_RECALLED
    else:
        verdict = Verdict.LOT_GENUINE
    _seen(organisation_id, key=key, gtin=gtin, code=lot, verdict=verdict, seen_by=seen_by, at=at)
    return Verification(
        verdict=verdict,
        organisation_id=organisation_id,
        gtin=gtin,
        lot=lot,
        key=key,
        history=history,
    )


def _history(organisation_id: int, key: int | None) -> History | None:
    return None if key is None else lineage_history(organisation_id=organisation_id, key=key)


def _as_told(organisation_id: int, history: History, untold: Untold) -> History:
    """Return a history without the marks that the asker is not told of; asked only if marked."""
    marks = [
        step.happening
        for step in history.steps
        if step.happening.disposition == RECALL_MARK or step.happening.disposition in RECALL_CLEARED
    ]
    if all(mark.disposition != RECALL_MARK for mark in marks):
        return history
    kept_back = untold(organisation_id, history.key, {mark.seq for mark in marks})
    if not kept_back:
        return history
    told = [mark for mark in marks if mark.seq not in kept_back and not mark.voided]
    return replace(
        history,
        steps=[step for step in history.steps if step.happening.seq not in kept_back],
        state=with_fields(
            history.state, recalled=bool(told) and told[-1].disposition == RECALL_MARK
        ),
    )


def _lot_recalled(organisation_id: int, gtin: str, lot: str) -> bool:
    """Tell whether the whole lot is recalled: the item may have been reported after the recall."""
    key = lot_key(organisation_id, gtin, lot)
    return key is not None and is_recalled(organisation_id=organisation_id, key=key)


def _seen(
    organisation_id: int,
    *,
    key: int | None,
    gtin: str,
    code: str,
    verdict: Verdict | None,
    seen_by: SeenBy,
    at: datetime,
) -> Seen | None:
    if seen_by.counts:
        return tally.write(
            organisation_id=organisation_id,
            key=key,
            gtin=gtin,
            code=code,
            verdict=verdict,
            seen_by=seen_by,
            at=at,
        )
    if key is None or verdict not in {None, Verdict.RECALLED}:
        return None
    return tally.read(organisation_id=organisation_id, key=key, seen_by=seen_by, at=at)
