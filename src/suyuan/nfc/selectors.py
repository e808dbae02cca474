"""Reads of profiles and chips.

Invariant: every query begins with the organisation, but `door`, which reads the one global table.
Unknown and foreign raise the same error.
"""

from __future__ import annotations

from django.db.models import Count, F, Q, QuerySet

from suyuan.carriers import selectors as carriers
from suyuan.carriers.models import Carrier, CarrierKind
from suyuan.carriers.units import units_of
from suyuan.core.identifiers import Identity
from suyuan.kernel.errors import NotFound
from suyuan.nfc.models import PUBLIC_ID_LENGTH, Chip, KeyProfile, ProfileVersion, TapDoor
from suyuan.nfc.uids import read_uid
from suyuan.tenancy.models import Organisation


def door(public_id: str) -> tuple[Organisation, int] | None:
    """Return whose a public tap address is, and the profile's id; None for an unknown one."""
    if not _may_be_public_id(public_id):
        return None
    row = TapDoor.objects.filter(public_id=public_id).select_related("organisation").first()
    return None if row is None else (row.organisation, row.profile_id)


def _may_be_public_id(text: str) -> bool:
    # PostgreSQL refuses a question after what cannot stand in its text.
    return len(text) == PUBLIC_ID_LENGTH and text.isascii() and text.isalnum()


def get_profile(organisation_id: int, public_id: str) -> KeyProfile:
    """Return a profile by its public id; raises `NotFound`."""
    rows = KeyProfile.objects.filter(organisation_id=organisation_id, public_id=public_id)
    row = rows.first() if _may_be_public_id(public_id) else None
    if row is None:
        raise NotFound(kind="nfc_profile")
    return row


def list_profiles(organisation_id: int) -> list[KeyProfile]:
    """Return profiles by name."""
    return list(KeyProfile.objects.filter(organisation_id=organisation_id).order_by("name"))


def get_version(organisation_id: int, public_id: str, version: int) -> ProfileVersion:
    """Return a version of a profile's keys, with its profile; raises `NotFound`."""
    row = versions(organisation_id).filter(profile__public_id=public_id, version=version).first()
    if row is None:
        raise NotFound(kind="nfc_version")
    return row


def versions(organisation_id: int) -> QuerySet[ProfileVersion]:
    """Return every version with its profile, the newest first."""
    rows = ProfileVersion.objects.filter(organisation_id=organisation_id)
    return rows.select_related("profile").order_by("-id")


def versions_of(profile: KeyProfile) -> list[ProfileVersion]:
    """Return a profile's versions, the newest first."""
    rows = versions(profile.organisation_id).filter(profile_id=profile.id)
    return list(rows.order_by("-version"))


def newest_versions(organisation_id: int) -> list[ProfileVersion]:
    """Return each profile's newest version, with the profile, by name."""
    rows = versions(organisation_id).filter(version=F("profile__version"))
    return list(rows.order_by("profile__name"))


def chips_by_profile(organisation_id: int) -> dict[int, int]:
    """Return how many chips each profile has, by the profile's id."""
    rows = Chip.objects.filter(organisation_id=organisation_id).values_list("profile_id")
    return dict(rows.annotate(number=Count("id")).order_by())


def live_versions(organisation_id: int) -> int:
    """Return how many versions are not revoked."""
    return versions(organisation_id).filter(revoked_at=None).count()


def chips_by_version(profile: KeyProfile) -> dict[int, int]:
    """Return how many chips have keys of each version."""
    rows = Chip.objects.filter(organisation_id=profile.organisation_id, profile_id=profile.id)
    return dict(rows.values_list("key_version").annotate(number=Count("id")).order_by())


def chip_counts(organisation_id: int) -> dict[str, int]:
    """Return how many chips there are, how many were tapped, and how many told of an open seal."""
    rows = Chip.objects.filter(organisation_id=organisation_id)
    return rows.aggregate(
        chips=Count("id"),
        tapped=Count("id", filter=Q(taps__gt=0)),
        opened=Count("id", filter=Q(opened_at__isnull=False)),
    )


def get_chip(organisation_id: int, uid: str) -> Chip:
    """Return a chip by its UID, in any form that people write; raises `NotFound`."""
    rows = Chip.objects.filter(organisation_id=organisation_id, uid=read_uid(uid) or "")
    row = rows.select_related("profile").first()
    if row is None:
        raise NotFound(kind="nfc_chip")
    return row


def list_chips(
    organisation_id: int, *, text: str = "", public_id: str = "", state: str = ""
) -> QuerySet[Chip]:
    """Return chips with their profiles, the latest tapped first.

    Args:
        organisation_id: Whose.
        text: A part of the UID, or of the unit that it leads to.
        public_id: Only of this profile.
        state: `tapped`, `untapped`, `opened` or `unregistered`; "" for all.
    """
    rows = Chip.objects.filter(organisation_id=organisation_id).select_related("profile")
    if public_id:
        rows = rows.filter(profile__public_id=public_id)
    states = {
        "tapped": Q(taps__gt=0),
        "untapped": Q(taps=0),
        "opened": Q(opened_at__isnull=False),
        "unregistered": Q(registered_at=None),
    }
    if state in states:
        rows = rows.filter(states[state])
    wanted = text.replace("\0", "").strip()
    if wanted:
        bound = Carrier.objects.filter(
            organisation_id=organisation_id,
            kind=CarrierKind.NFC,
            ended_at=None,
            unit__icontains=wanted,
        ).values("value")
        digits = read_uid(wanted) or wanted.upper()
        rows = rows.filter(Q(uid__icontains=digits) | Q(uid__in=bound))
    return rows.order_by(F("last_at").desc(nulls_last=True), "-id")


def unit_of_uid(organisation_id: int, uid: str) -> tuple[int, Identity] | None:
    """Return the key and the identity of the unit that a chip leads to; `uid` upper-case hex."""
    key = carriers.key_of(organisation_id, CarrierKind.NFC, uid)
    if key is None:
        return None
    unit = units_of(organisation_id, (key,)).get(key)
    return None if unit is None else (key, unit.identity)


def units_of_chips(organisation_id: int, uids: list[str]) -> dict[str, Identity]:
    """Return the units that chips lead to, by UID; chips that lead to none are left out."""
    keys = carriers.keys_of(organisation_id, CarrierKind.NFC, uids)
    units = units_of(organisation_id, set(keys.values()))
    return {uid: units[key].identity for uid, key in keys.items() if key in units}
