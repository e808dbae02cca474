"""Answer a tap: a link that an NFC chip has written its message into.

Owns: the verdicts on taps, and how they are weighed against those on the goods.

The rules, in this order:

1. A message that is genuine under none of the organisation's keys is `tap_invalid`.
2. The counter of a genuine message is used, whatever follows; then nobody can use it again.
3. A chip that leads to no goods is `tap_unknown`; one that leads to others than the address names
   is `tap_mismatch`.
4. A counter that was used before is `tap_replayed`. The device that used it minutes ago is told so
   in kinder words: it has loaded the page again. Genuine it is told only once.
5. Otherwise it is `tap_genuine`.

What is wrong with the goods comes first: a recalled item is recalled, and a code that was never
issued or was withdrawn is that, whatever chip is on it. Then what is wrong with the chip, then
goods that were not activated, then replays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from suyuan.carriers.models import CarrierKind
from suyuan.carriers.selectors import key_of
from suyuan.core.identifiers import Identity, Scheme
from suyuan.kernel import clock
from suyuan.nfc.errors import TapRefused
from suyuan.nfc.selectors import door, unit_of_uid
from suyuan.nfc.taps import GenuineMessage, Use, is_tap, read_tap, use_tap, used_before
from suyuan.tenancy.models import Organisation
from suyuan.verification import device, tally
from suyuan.verification.facts import ProductFacts, product_facts
from suyuan.verification.services import JudgedItem, judge_item, miss, seen_item
from suyuan.verification.values import (
    SeenBy,
    Tap,
    Untold,
    Verdict,
    Verification,
    all_told,
)

_GOODS_FIRST: Final = frozenset({Verdict.RECALLED, Verdict.NEVER_ISSUED, Verdict.WITHDRAWN})
_WRONG_CHIP: Final = frozenset({Verdict.TAP_INVALID, Verdict.TAP_UNKNOWN, Verdict.TAP_MISMATCH})
_MISSED: Final = frozenset({Verdict.NEVER_ISSUED, Verdict.TAP_INVALID})


@dataclass(frozen=True, slots=True)
class DoorTap:
    """The answer to a tap at a profile's own address.

    `facts` is None where the chip leads to no item of a published product; then `found` says no
    more than what the chip is worth.
    """

    organisation: Organisation
    found: Verification
    facts: ProductFacts | None = None


def is_item_tap(facts: ProductFacts, parameters: Mapping[str, str]) -> bool:
    """Tell whether an item's address bears a chip's message."""
    return is_tap(facts.organisation.pk, parameters)


def verify_item_tap(
    *,
    facts: ProductFacts,
    serial: str,
    parameters: Mapping[str, str],
    seen_by: SeenBy,
    lot: str = "",
    untold: Untold = all_told,
) -> Verification:
    """Answer for a tap at an item's address, and write it down.

    A look that does not count (`seen_by.counts`) uses no counter, and is never told `tap_genuine`.

    Args:
        facts: The product, by `facts.product_facts`.
        serial: As `core.codespace.normalise` would have it for our own serials.
        parameters: The address' query.
        seen_by: Who asks.
        lot: The lot that the address names beside the serial, if it does.
        untold: Which marks of a recall the asker is not told of.

    Raises:
        TooManyAsked: the asker's network has asked for too much that does not exist.
    """
    at = clock.now()
    organisation_id = facts.organisation.pk
    judged = judge_item(facts=facts, serial=serial, untold=untold)
    message = _message(organisation_id, parameters)
    tap = Tap(Verdict.TAP_INVALID)
    if message is not None:
        bound = key_of(organisation_id, CarrierKind.NFC, message.uid)
        wrong = _misplaced(bound, judged.key)
        tap = _tap(organisation_id, message, wrong=wrong, seen_by=seen_by, at=at)
    return _answer(judged, tap, lot=lot, seen_by=seen_by, at=at)


def verify_door_tap(
    *,
    public_id: str,
    parameters: Mapping[str, str],
    seen_by: SeenBy,
    untold: Untold = all_told,
) -> DoorTap | None:
    """Answer for a tap at a profile's own address, and write it down; None: no such address.

    Raises:
        TooManyAsked: the asker's network has asked for too much that does not exist.
    """
    at = clock.now()
    found = door(public_id)
    if found is None:
        miss(seen_by)
        return None
    organisation, profile_id = found
    message = _message(organisation.pk, parameters, profile_id)
    if message is None:
        tap = Tap(Verdict.TAP_INVALID)
        return _bare(organisation, public_id, tap, None, seen_by=seen_by, at=at)
    unit = unit_of_uid(organisation.pk, message.uid)
    wrong = Verdict.TAP_UNKNOWN if unit is None else None
    tap = _tap(organisation.pk, message, wrong=wrong, seen_by=seen_by, at=at)
    facts = _facts_of(organisation, unit[1] if unit else None)
    if unit is None or facts is None:
        return _bare(organisation, public_id, tap, unit, seen_by=seen_by, at=at)
    judged = judge_item(facts=facts, serial=unit[1].secondary, untold=untold)
    answer = _answer(judged, tap, lot="", seen_by=seen_by, at=at)
    return DoorTap(organisation, answer, facts)


def _message(
    organisation_id: int, parameters: Mapping[str, str], profile_id: int | None = None
) -> GenuineMessage | None:
    try:
        return read_tap(organisation_id, parameters, profile_id=profile_id)
    except TapRefused:
        return None


def _misplaced(bound: int | None, asked: int | None) -> Verdict | None:
    """Return what is wrong with where a chip is."""
    if bound is None:
        return Verdict.TAP_UNKNOWN
    return None if bound == asked else Verdict.TAP_MISMATCH


def _tap(
    organisation_id: int,
    message: GenuineMessage,
    *,
    wrong: Verdict | None,
    seen_by: SeenBy,
    at: datetime,
) -> Tap:
    """Use a message's counter, and say what the message is worth."""
    if seen_by.counts:
        digest = device.digest(seen_by, at) or 0
        use = use_tap(organisation_id, message, at=at, device=digest)
    else:
        use = used_before(organisation_id, message)
    own = _by_this_device(use, seen_by, at)
    seal = message.reading.seal
    if seal is not None and not (use.fresh or own or seal.broken):
        seal = None  # of an old message: the seal may have been opened since
    return Tap(
        verdict=wrong or (Verdict.TAP_GENUINE if use.fresh else Verdict.TAP_REPLAYED),
        seal=seal,
        opened_at=use.opened_at,
        checked_at=use.last_at if own else None,
    )


def _by_this_device(use: Use, seen_by: SeenBy, at: datetime) -> bool:
    if use.fresh or use.last_at is None or use.last_at <= at - tally.VISIT:
        return False
    # By the salt of that day, so that midnight makes no difference.
    return device.digest(seen_by, use.last_at, make=False) == use.last_device


def _answer(
    judged: JudgedItem, tap: Tap, *, lot: str, seen_by: SeenBy, at: datetime
) -> Verification:
    verdict = _weighed(judged.verdict, tap.verdict)
    if verdict in _MISSED:
        miss(seen_by)
    seen = seen_item(judged, verdict, seen_by=seen_by, at=at)
    if verdict in _WRONG_CHIP:
        # What is on the package is a claim now: the claimed item's story is not told.
        judged = replace(judged, history=None, known_lot="")
    return judged.answer(verdict, lot=lot, seen=seen, tap=tap)


def _weighed(goods: Verdict | None, chip: Verdict) -> Verdict:
    """Return the verdict that is said first."""
    if goods is None or (goods not in _GOODS_FIRST and chip in _WRONG_CHIP):
        return chip
    return goods


def _facts_of(organisation: Organisation, identity: Identity | None) -> ProductFacts | None:
    if identity is None or identity.scheme is not Scheme.SGTIN:
        return None
    facts = product_facts(identity.primary)
    # Another organisation may answer for the number in public.
    return facts if facts is not None and facts.organisation.pk == organisation.pk else None


def _bare(
    organisation: Organisation,
    public_id: str,
    tap: Tap,
    unit: tuple[int, Identity] | None,
    *,
    seen_by: SeenBy,
    at: datetime,
) -> DoorTap:
    """Answer for a chip that leads to no page of goods: a case, a foreign product, nothing."""
    if tap.verdict is Verdict.TAP_INVALID:
        miss(seen_by)
    key, identity = unit or (None, None)
    gtin = identity.primary if identity and identity.scheme is Scheme.SGTIN else ""
    code = (identity.secondary or identity.primary) if identity else public_id
    if seen_by.counts:
        tally.write(
            organisation_id=organisation.pk,
            key=key,
            gtin=gtin,
            code=code,
            verdict=tap.verdict,
            seen_by=seen_by,
            at=at,
        )
    found = Verification(
        verdict=tap.verdict, organisation_id=organisation.pk, gtin=gtin, key=key, tap=tap
    )
    return DoorTap(organisation, found)
