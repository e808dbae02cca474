"""The returns' counter: what comes back, scanned against a case, one by one.

Owns: verdicts on scans, `ReturnScan` rows.
Does not own: what a return is (process.services), where goods are (lineage).
Invariant: an affected item that comes back is captured once, by an event like any other return.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from suyuan.capture.identities import identities_of
from suyuan.core.identifiers import Identity
from suyuan.core.keyset import KeySet
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.lineage import selectors as lineage
from suyuan.lineage.values import State, Whereabouts
from suyuan.masterdata.selectors import get_location
from suyuan.process import services as process
from suyuan.quality.targets import resolve_spoken
from suyuan.recalls.models import RecallCase, ReturnScan
from suyuan.recalls.notices.announcing import require_notifiable
from suyuan.recalls.selectors import get_case
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

MOST_SCANS: Final = 1_000
MAY_SCAN: Final = (Right.EVENTS_CAPTURE, Right.RECALL_ACT)
_LEVELS: Final = 8
_MOST_CONTAINERS: Final = 1_000  # of one level that are looked into
_BACK: Final = (Whereabouts.RETURNED, Whereabouts.DESTROYED)


class Verdict(StrEnum):
    """What a scan is to a case."""

    AFFECTED = "affected"  # taken back
    ALREADY_BACK = "already_back"
    NOT_AFFECTED = "not_affected"
    UNKNOWN = "unknown"  # no code of goods that this organisation has seen


@dataclass(frozen=True, slots=True)
class Scan:
    """The verdict on one scan."""

    text: str  # as scanned, cut
    verdict: Verdict
    identity: Identity | None = None
    items: int = 0  # affected items that came back by it
    lots: Sequence[Identity] = ()


@dataclass(slots=True)
class _Found:
    """A code that names goods."""

    text: str
    key: int
    items: KeySet  # affected ones: itself, or what is in it
    state: State = field(default_factory=State)
    lots: Sequence[Identity] = ()


def take_back(*, actor: Actor, number: str, texts: Sequence[str], location: str) -> list[Scan]:
    """Judge what came back and capture it as returned, all or nothing.

    Args:
        actor: With the right `events.capture` or `recall.act`.
        number: The case.
        texts: Codes in any form: items, or cases and parcels with all that is in them.
        location: Where the counter is, by code.

    Returns:
        A verdict for each text, in their order; one that was scanned twice is back already.

    Raises:
        NotFound: no such case or location.
        NotApproved: the case is not approved, or has ended.
        Invalid: `scan_missing`, `too_many_scans`.
    """
    actor.require(*MAY_SCAN)
    given = [" ".join(text.split())[:500] for text in texts if text.strip()]
    if not given:
        raise Invalid("scan_missing", place="code")
    if len(given) > MOST_SCANS:
        raise Invalid("too_many_scans", place="code", limit=MOST_SCANS)
    get_location(actor.organisation_id, location)
    with transaction.atomic():
        # The lock makes two counters that scan the same item at once tell it apart.
        case = get_case(actor.organisation_id, number, lock=True)
        require_notifiable(case)
        return _Counter(actor, case, location).judge(given)


class _Counter:
    """Judges the scans of one request."""

    def __init__(self, actor: Actor, case: RecallCase, location: str) -> None:
        self._actor, self._case, self._location = actor, case, location
        self._affected = case.item_keys
        self._taken: list[_Found] = []
        self._back = KeySet(
            ReturnScan.objects.filter(
                organisation_id=case.organisation_id, case_id=case.id
            ).values_list("key", flat=True)
        )

    def judge(self, texts: Sequence[str]) -> list[Scan]:
        """Return the verdicts, having captured what they say."""
        found = [self._find(text) for text in texts]
        known = identities_of(self._case.organisation_id, {one.key for one in found if one})
        scans = []
        for text, one in zip(texts, found, strict=True):
            identity = known.get(one.key) if one else None
            scans.append(self._verdict(text, one, identity))
        self._capture(known)
        return scans

    def _find(self, text: str) -> _Found | None:
        organisation_id = self._case.organisation_id
        key = resolve_spoken(organisation_id=organisation_id, text=text)
        if key is None:
            return None
        if key in self._affected:
            history = lineage.history(organisation_id=organisation_id, key=key)
            return _Found(text, key, KeySet([key]), history.state, history.lots)
        return _Found(text, key, _inside(organisation_id, key, self._affected))

    def _verdict(self, text: str, one: _Found | None, identity: Identity | None) -> Scan:
        if one is None:
            return Scan(text[:80], Verdict.UNKNOWN)
        if not one.items:
            return Scan(text[:80], Verdict.NOT_AFFECTED, identity)
        fresh = one.items - self._back
        if not fresh or self._came_back(one.state):
            return Scan(text[:80], Verdict.ALREADY_BACK, identity, lots=one.lots)
        one.items = fresh
        self._back |= fresh
        self._taken.append(one)
        return Scan(text[:80], Verdict.AFFECTED, identity, len(fresh), one.lots)

    def _came_back(self, state: State) -> bool:
        """Tell whether events by another way say that it is back, or is no more."""
        since = state.since
        return state.whereabouts in _BACK and since is not None and since >= self._case.opened_at

    def _capture(self, known: dict[int, Identity]) -> None:
        """Capture one return for all that came out of the same parcel."""
        if not self._taken:
            return
        now = clock.now()
        # Whoever may carry out a recall may take its goods back, though not capture anything else.
        holder = replace(self._actor, rights=self._actor.rights | {Right.EVENTS_CAPTURE})
        for parcel, units in self._by_parcel(known).items():
            process.take_return(
                actor=holder, units=units, location=self._location, time=now, parcel=parcel
            )
        ReturnScan.objects.bulk_create(
            [
                ReturnScan(
                    organisation_id=self._case.organisation_id,
                    case_id=self._case.id,
                    key=key,
                    at=now,
                    by=self._actor.name,
                    location=self._location,
                )
                for one in self._taken
                for key in one.items
            ],
            batch_size=500,
        )
        count = sum(len(one.items) for one in self._taken)
        self._actor.audit(
            "recall.return",
            kind="recall",
            object_id=self._case.number,
            changes={"items": [None, count], "location": [None, self._location]},
        )

    def _by_parcel(self, known: dict[int, Identity]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in self._taken:
            inside = one.state.containers
            parcel = inside[0].digital_link() if inside else ""
            found.setdefault(parcel, []).append(known[one.key].digital_link())
        return found


def _inside(organisation_id: int, container: int, affected: KeySet) -> KeySet:
    """Return the affected items in a container, level by level."""
    found, level = KeySet(), [container]
    for _ in range(_LEVELS):
        inside = KeySet.union(
            lineage.contents(organisation_id=organisation_id, key=key) for key in level
        )
        found |= inside & affected
        level = list(inside - affected)[:_MOST_CONTAINERS]
        if not level:
            break
    return found


def scans_of(case: RecallCase) -> QuerySet[ReturnScan]:
    """Return the items that came back to the counter, the latest first."""
    rows = ReturnScan.objects.filter(organisation_id=case.organisation_id, case_id=case.id)
    return rows.order_by("-at", "-id")


def returned_keys(case: RecallCase) -> KeySet:
    """Return the items that came back to the counter."""
    rows: Iterable[int] = scans_of(case).order_by().values_list("key", flat=True)
    return KeySet(rows)
