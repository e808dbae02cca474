"""Open the hidden code of an item: five wrong tries, and the first right one kept for ever.

Owns: `Reveal` rows, and the statements that keep count.
Does not own: how a code follows from a serial (core.codespace), its key (masterdata.numbering).
Invariant: however many try at once, a code is refused after five wrong entries until somebody of
the organisation unlocks it; and of all right entries exactly one is the first.

Each entry is compared first, in constant time, and then written in one conditional statement: a
wrong one counts up while fewer than five are counted, a right one is taken while fewer than five
are counted. The row's lock orders them, so what comes after the fifth finds the row locked, the
right code as well. The same wrong entry sent again, by a page loaded anew, counts once.

Every entry costs a token of its network's own bucket before anything is compared, so that a
refusal says nothing about the code; a wrong one costs a miss as well, after it was counted.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import connection, transaction

from suyuan.core.codespace import ALPHABET, INNER_LENGTH, inner_code, normalise
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid, NotFound
from suyuan.kernel.ids import new_id
from suyuan.kernel.lists import time_of
from suyuan.masterdata import numbering
from suyuan.masterdata.rules import Text
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right
from suyuan.verification import device, limits
from suyuan.verification.facts import ProductFacts
from suyuan.verification.models import Reveal
from suyuan.verification.tally import VISIT
from suyuan.verification.values import SeenBy, Verdict, Verification

MOST_TRIES: Final = 5
ASKED: Final = frozenset({Verdict.GENUINE_FIRST, Verdict.GENUINE_SEEN})
"""Verdicts on the outer code that leave the question to the hidden one."""

_ENTRIES: Final = limits.Limiter(limits.Allowance(burst=60, rate=1))
_CHARACTERS: Final = frozenset(ALPHABET.decode())
_LONGEST_TYPED: Final = 40
_BETWEEN: Final = re.compile(r"[\s\u2010-\u2015\u2212._·]")
_REASON: Final = Text(300, required=True)
_MASK: Final = (1 << 63) - 1

_WRONG: Final = """
    INSERT INTO verification_reveal AS reveal
        (organisation_id, id, tries, last_wrong, last_at, opened_at, opened_region,
         opened_device, opening)
    VALUES (%s, %s, 1, %s, %s, NULL, '', 0, 0)
    ON CONFLICT (organisation_id, id) DO UPDATE SET
        tries = reveal.tries + CASE
            WHEN reveal.last_wrong = excluded.last_wrong THEN 0 ELSE 1 END,
        last_wrong = excluded.last_wrong,
        last_at = excluded.last_at
    WHERE reveal.tries < %s
    RETURNING tries
"""
_RIGHT: Final = """
    INSERT INTO verification_reveal AS reveal
        (organisation_id, id, tries, last_wrong, last_at, opened_at, opened_region,
         opened_device, opening)
    VALUES (%s, %s, 0, 0, %s, %s, %s, %s, %s)
    ON CONFLICT (organisation_id, id) DO UPDATE SET
        opened_region = CASE WHEN reveal.opened_at IS NULL
            THEN excluded.opened_region ELSE reveal.opened_region END,
        opened_device = CASE WHEN reveal.opened_at IS NULL
            THEN excluded.opened_device ELSE reveal.opened_device END,
        opening = CASE WHEN reveal.opened_at IS NULL
            THEN excluded.opening ELSE reveal.opening END,
        opened_at = COALESCE(reveal.opened_at, excluded.opened_at),
        last_at = excluded.last_at
    WHERE reveal.tries < %s
    RETURNING opened_at, opened_region, opened_device, opening
"""


class Opening(StrEnum):
    """What became of an entry; the words are stable."""

    FIRST = "inner_first"  # right, and nobody entered it before
    AGAIN = "inner_again"  # right, but opened before
    WRONG = "inner_wrong"
    MALFORMED = "inner_malformed"  # it cannot be a code; not counted as a try
    LOCKED = "inner_locked"


@dataclass(frozen=True, slots=True)
class Opened:
    """The answer to one entry."""

    opening: Opening
    at: datetime | None = None  # of the first right entry
    region: str = ""
    left: int = 0  # tries


@dataclass(frozen=True, slots=True)
class RevealState:
    """What is known of an item's hidden code."""

    tries: int
    last_at: datetime | None = None
    opened_at: datetime | None = None
    opened_region: str = ""
    own: bool = False  # the device that asks opened it itself, minutes ago

    @property
    def locked(self) -> bool:
        """Whether no entry is taken any more."""
        return self.tries >= MOST_TRIES

    @property
    def left(self) -> int:
        """How many wrong entries it still takes."""
        return max(0, MOST_TRIES - self.tries)


def asks_for_code(facts: ProductFacts, found: Verification) -> bool:
    """Tell whether the hidden code decides: the outer one is ours, and the product has both."""
    return facts.product.has_inner_codes and found.key is not None and found.verdict in ASKED


def read_code(text: str) -> str:
    """Return a typed code as it is printed: O as 0, I and L as 1, without case, blanks, hyphens.

    Full-width letters and digits, as Chinese keyboards give them, are the plain ones. "" for what
    cannot be a code.
    """
    plain = unicodedata.normalize("NFKC", text[:_LONGEST_TYPED])
    code = normalise(_BETWEEN.sub("", plain))
    return code if len(code) == INNER_LENGTH and _CHARACTERS.issuperset(code) else ""


def open_code(*, found: Verification, text: str, seen_by: SeenBy) -> Opened:
    """Take an entry of the hidden code of an item, and write it down.

    Args:
        found: The verdict on the outer code, for which `asks_for_code` is true.
        text: What was typed or brought along by a link.
        seen_by: Who asks.

    Raises:
        TooManyAsked: the network has entered too many codes, or too many wrong ones.
    """
    network = limits.network_of(seen_by.address)
    _ENTRIES.spend(network)
    code = read_code(text)
    if not code:
        known = state(found.organisation_id, found.key or 0)
        return Opened(Opening.LOCKED if known.locked else Opening.MALFORMED, left=known.left)
    at = clock.now()
    if hmac.compare_digest(code, _expected(found)):
        return _right(found, seen_by, at)
    opened = _wrong(found, code, at)
    limits.misses.spend(network)  # after it was counted: a refusal must not save a try
    return opened


def state(organisation_id: int, key: int, seen_by: SeenBy | None = None) -> RevealState:
    """Return what is known of an item's hidden code: one query."""
    row = Reveal.objects.filter(organisation_id=organisation_id, id=key).first()
    if row is None:
        return RevealState(tries=0)
    own = (
        seen_by is not None
        and row.opened_at is not None
        and _same(row.opened_at, row.opened_device, seen_by, clock.now())
    )
    return RevealState(row.tries, row.last_at, row.opened_at, row.opened_region, own)


def unlock_code(*, actor: Actor, key: int, unit: str, reason: str) -> RevealState:
    """Give an item whose hidden code is locked five tries again; the first opening stays.

    Unlocking what is not locked changes nothing.

    Args:
        actor: Who acts.
        key: The item's.
        unit: Its canonical text, for the audit trail.
        reason: Why the one who asked is believed; up to 300 characters.

    Raises:
        Forbidden: without `quality.edit`, the right of those who answer consumers.
        NotFound: nobody ever entered a code of this item here.
        Invalid: `required`, `too_long`, `text_control_character`.
    """
    actor.require(Right.QUALITY_EDIT)
    why = _REASON.check(reason, "reason")
    if not why:
        raise Invalid("required", place="reason")
    rows = Reveal.objects.filter(organisation_id=actor.organisation_id, id=key)
    with transaction.atomic():
        if not rows.exists():
            raise NotFound(kind="reveal")
        if rows.filter(tries__gte=MOST_TRIES).update(tries=0, last_wrong=0):
            actor.audit(
                "inner_code.unlock",
                kind="item",
                object_id=unit,
                changes={"tries": [MOST_TRIES, 0], "reason": [None, why]},
            )
    return state(actor.organisation_id, key)


def _expected(found: Verification) -> str:
    """Return the hidden code that goes with a serial."""
    organisation_id, gtin, serial = found.organisation_id, found.gtin, found.serial
    # The oldest key that reads it, as its capture key has it.
    spaces = reversed(numbering.code_spaces(organisation_id, gtin))
    version = next(space.version for space in spaces if space.index(serial) is not None)
    key = numbering.inner_key(organisation_id, gtin, version)
    return inner_code(key=key, gtin=gtin, serial=serial)


def _wrong(found: Verification, code: str, at: datetime) -> Opened:
    mistake = int.from_bytes(hashlib.blake2b(code.encode(), digest_size=8).digest()) & _MASK
    when = connection.ops.adapt_datetimefield_value(at)
    row = _written(_WRONG, (found.organisation_id, found.key, mistake, when, MOST_TRIES))
    left = MOST_TRIES - row[0] if row is not None else 0
    return Opened(Opening.WRONG if left else Opening.LOCKED, left=left)


def _right(found: Verification, seen_by: SeenBy, at: datetime) -> Opened:
    own, opening = device.digest(seen_by, at) or 0, new_id()
    when = connection.ops.adapt_datetimefield_value(at)
    values = (found.organisation_id, found.key, when, when, seen_by.region, own, opening)
    row = _written(_RIGHT, (*values, MOST_TRIES))
    if row is None:
        return Opened(Opening.LOCKED)
    first_at, region, first_device, first = row
    first_at = time_of(first_at)
    own_first = first == opening or _same(first_at, first_device, seen_by, at)
    kind = Opening.FIRST if own_first else Opening.AGAIN
    return Opened(kind, at=first_at, region=region)


def _same(opened_at: datetime, opened_device: int, seen_by: SeenBy, at: datetime) -> bool:
    """Tell whether it was this telephone, minutes ago: a page loaded again frightens nobody."""
    recent = at - opened_at < VISIT
    return recent and device.digest(seen_by, opened_at, make=False) == opened_device


def _written(statement: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """Return what a statement gives back; None where its condition did not hold."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
