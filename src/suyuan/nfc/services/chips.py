"""Take in what an encoder reports: which chip went onto which item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Final

from django.db import transaction
from django.db.models import F

from suyuan.carriers.errors import BindingsRefused, RowFault
from suyuan.carriers.judging import Wanted
from suyuan.carriers.models import CarrierKind
from suyuan.carriers.services import MOST_ROWS, bind_all
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid, SuyuanError
from suyuan.nfc import selectors
from suyuan.nfc.errors import VersionRevoked
from suyuan.nfc.models import Chip, KeyProfile
from suyuan.nfc.uids import read_uid
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class ChipRow:
    """A line of an encoder's report. `unit` is an item in any form, "" to bind it later."""

    row: int
    uid: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What a report changed."""

    registered: int  # chips that were not known, or have newer keys now
    bound: int
    unchanged: int  # rows that said nothing new


def import_chips(*, actor: Actor, public_id: str, rows: Sequence[ChipRow]) -> Encoded:
    """Register the chips of a report under the profile's newest keys, and bind them to items.

    All of it, or nothing; the same report again changes nothing.

    Raises:
        Forbidden: without `carriers.bind`.
        NotFound: no such profile in the organisation.
        VersionRevoked: its newest keys are revoked.
        Invalid: `nfc_no_rows` or `too_many_rows`.
        BindingsRefused: with every row's fault: `chip_malformed`, `nfc_chip_twice`,
            `nfc_chip_other_profile`, or what `carriers` refuses.
    """
    actor.require(Right.CARRIERS_BIND)
    if not rows:
        raise Invalid("nfc_no_rows")
    if len(rows) > MOST_ROWS:
        raise Invalid("too_many_rows", most=MOST_ROWS)
    with transaction.atomic():
        profile = selectors.get_profile(actor.organisation_id, public_id)
        newest = selectors.get_version(actor.organisation_id, public_id, profile.version)
        if newest.revoked_at is not None:
            raise VersionRevoked(version=newest.version)
        uids = _read(rows)
        registered = _register(actor, profile, uids)
        wanted = [
            Wanted(CarrierKind.NFC, uid, row.unit, row=row.row)
            for row, uid in uids
            if row.unit.strip()
        ]
        outcome = bind_all(actor=actor, rows=wanted)
        actor.audit(
            "nfc.import_chips",
            kind="nfc_profile",
            object_id=public_id,
            changes={"chips": [None, len(rows)], "bound": [None, len(outcome.bound)]},
        )
    touched = registered | {carrier.value for carrier in outcome.bound}
    return Encoded(len(registered), len(outcome.bound), len(rows) - len(touched))


def _read(rows: Sequence[ChipRow]) -> list[tuple[ChipRow, str]]:
    """Return rows with their UIDs as they are stored."""
    read: list[tuple[ChipRow, str]] = []
    faults: list[RowFault] = []
    met: dict[str, int] = {}
    for row in rows:
        uid = read_uid(row.uid)
        error: SuyuanError | None = None
        if uid is None:
            error = Invalid("chip_malformed", place="uid", given=row.uid.strip()[:40])
        elif (first := met.setdefault(uid, row.row)) != row.row:
            error = Invalid("nfc_chip_twice", place="uid", uid=uid, first=first)
        if error is not None:
            faults.append(RowFault(row.row, error))
        elif uid is not None:
            read.append((row, uid))
    if faults:
        raise BindingsRefused(faults)
    return read


def _register(actor: Actor, profile: KeyProfile, rows: Sequence[tuple[ChipRow, str]]) -> set[str]:
    """Store the chips that are new or were encoded anew; return their UIDs."""
    now = clock.now()
    known: dict[str, Chip] = {}
    for part in batched((uid for _, uid in rows), _BATCH):
        for chip in Chip.objects.filter(organisation_id=actor.organisation_id, uid__in=part):
            known[chip.uid] = chip
    faults = [
        RowFault(row.row, Invalid("nfc_chip_other_profile", place="uid", uid=uid))
        for row, uid in rows
        if uid in known and known[uid].profile_id != profile.id
    ]
    if faults:
        raise BindingsRefused(faults)
    mark = {"registered_at": now, "registered_by": actor.name}
    fresh = [
        Chip(
            organisation=actor.organisation,
            uid=uid,
            profile_id=profile.id,
            key_version=profile.version,
            **mark,
        )
        for _, uid in rows
        if uid not in known
    ]
    Chip.objects.bulk_create(fresh, batch_size=_BATCH)
    older = [chip.uid for chip in known.values() if chip.key_version < profile.version]
    unnamed = [chip.uid for chip in known.values() if chip.registered_at is None]
    for part in batched(older, _BATCH):
        # Encoding gives a chip a new counter; the conditions are those of a tap's own statement.
        Chip.objects.filter(
            organisation_id=actor.organisation_id, uid__in=part, key_version__lt=profile.version
        ).update(key_version=profile.version, counter=-1, **mark)
    for part in batched(unnamed, _BATCH):
        Chip.objects.filter(
            organisation_id=actor.organisation_id, uid__in=part, registered_at=None
        ).update(key_version=F("key_version"), **mark)
    return {chip.uid for chip in fresh} | set(older) | set(unnamed)
