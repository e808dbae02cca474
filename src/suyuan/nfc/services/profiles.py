"""Make profiles, give them new keys, revoke old ones.

Invariant: keys go in, and never come out again but diversified, on request (`archives`).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db import IntegrityError, transaction

from suyuan.core.codespace import ALPHABET
from suyuan.core.nfc.diversify import LONGEST_SYSTEM
from suyuan.core.nfc.layout import Layout
from suyuan.core.nfc.template import Slots
from suyuan.kernel import clock
from suyuan.kernel.errors import Invalid
from suyuan.masterdata.rules import Text
from suyuan.nfc import keys as keyring
from suyuan.nfc import selectors
from suyuan.nfc.errors import ChangedMeanwhile, ProfileNameTaken, as_input
from suyuan.nfc.models import (
    PUBLIC_ID_LENGTH,
    KeyProfile,
    KeySource,
    LinkTo,
    ProfileVersion,
    TapDoor,
)
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.rights import Right

_NAME: Final = Text(60, required=True)
_LETTERS: Final = ALPHABET.decode()


@dataclass(frozen=True, slots=True)
class Settings:
    """What a version of a profile is made of.

    Attributes:
        layout: How its chips write.
        slots: Which of a chip's keys does what.
        diversified: Whether each chip has a file key of its own.
        system: The system identifier, hex of 1 to 24 bytes; "" takes the profile's own.
        keys: Hex by `key_meta`, `key_file`, `key_app`; empty makes new random ones.
    """

    layout: Layout = field(default_factory=Layout)
    slots: Slots = field(default_factory=Slots)
    diversified: bool = True
    system: str = ""
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)


def create_profile(
    *,
    actor: Actor,
    name: str,
    settings: Settings,
    link_to: str = LinkTo.ITEM,
    test: bool = False,
) -> KeyProfile:
    """Make a profile with its first keys and its public tap address.

    Args:
        actor: Who acts.
        name: For colleagues, up to 60 characters.
        settings: Layout and keys.
        link_to: A `LinkTo`.
        test: Whether published keys are taken, with which nothing is proven.

    Raises:
        Forbidden: without `carriers.keys`.
        Invalid: `required`, `too_long`, `nfc_link_to`, `nfc_key_hex`, `nfc_key_published`,
            `nfc_system`, `nfc_too_many_versions`, or what is wrong with layout and slots.
        ProfileNameTaken: another profile has the name.
    """
    actor.require(Right.CARRIERS_KEYS)
    called = _NAME.check(name, "name")
    if link_to not in LinkTo.values:
        raise Invalid("nfc_link_to", place="link_to", given=link_to[:20])
    profile = KeyProfile(
        organisation=actor.organisation,
        public_id=_public_id(),
        name=called,
        link_to=link_to,
        test=test,
        created_at=clock.now(),
        created_by=actor.name,
    )
    version = _version(actor, profile, settings)
    try:
        with transaction.atomic():
            profile.save(force_insert=True)
            version.save(force_insert=True)
            TapDoor.objects.create(
                public_id=profile.public_id,
                organisation=actor.organisation,
                profile_id=profile.id,
            )
            _audit(actor, "nfc.create_profile", profile, version)
    except IntegrityError as error:
        raise ProfileNameTaken(place="name", name=called) from error
    return profile


def new_version(*, actor: Actor, public_id: str, settings: Settings) -> ProfileVersion:
    """Give a profile new keys, and perhaps another layout, for chips that are written from now on.

    Chips with keys of older versions stay genuine until those are revoked.

    Raises:
        Forbidden: without `carriers.keys`.
        NotFound: no such profile in the organisation.
        Invalid: as `create_profile`.
        ChangedMeanwhile: somebody else did so at the same time.
    """
    actor.require(Right.CARRIERS_KEYS)
    with transaction.atomic():
        profile = selectors.get_profile(actor.organisation_id, public_id)
        before = profile.version
        profile.version += 1
        version = _version(actor, profile, settings)
        moved = KeyProfile.objects.filter(
            organisation_id=actor.organisation_id, id=profile.id, version=before
        ).update(version=profile.version)
        if not moved:
            raise ChangedMeanwhile
        version.save(force_insert=True)
        _audit(actor, "nfc.new_version", profile, version)
    return version


def rename_profile(*, actor: Actor, public_id: str, name: str) -> KeyProfile:
    """Call a profile otherwise.

    Raises:
        Forbidden, NotFound, Invalid, ProfileNameTaken: as above.
    """
    actor.require(Right.CARRIERS_KEYS)
    called = _NAME.check(name, "name")
    try:
        with transaction.atomic():
            profile = selectors.get_profile(actor.organisation_id, public_id)
            before, profile.name = profile.name, called
            profile.save(update_fields=["name"])
            if before != called:
                actor.audit(
                    "nfc.rename_profile",
                    kind="nfc_profile",
                    object_id=public_id,
                    changes={"name": [before, called]},
                )
    except IntegrityError as error:
        raise ProfileNameTaken(place="name", name=called) from error
    return profile


def revoke_version(*, actor: Actor, public_id: str, version: int) -> ProfileVersion:
    """Let nothing under a version's keys be genuine any more, for good; the same again is nothing.

    Raises:
        Forbidden: without `carriers.keys`.
        NotFound: no such profile or version in the organisation.
    """
    actor.require(Right.CARRIERS_KEYS)
    with transaction.atomic():
        row = selectors.get_version(actor.organisation_id, public_id, version)
        now = clock.now()
        ended = ProfileVersion.objects.filter(
            organisation_id=actor.organisation_id, id=row.id, revoked_at=None
        ).update(revoked_at=now, revoked_by=actor.name)
        if ended:
            actor.audit(
                "nfc.revoke_version",
                kind="nfc_profile",
                object_id=public_id,
                changes={"revoked": [None, version]},
            )
    row.refresh_from_db()
    return row


def _version(actor: Actor, profile: KeyProfile, settings: Settings) -> ProfileVersion:
    """Return a version that is in order, not yet stored."""
    with as_input():
        settings.layout.check()
        settings.slots.check()
    if selectors.live_versions(actor.organisation_id) >= keyring.MOST_VERSIONS:
        raise Invalid("nfc_too_many_versions", most=keyring.MOST_VERSIONS)
    imported = any(text.strip() for text in settings.keys.values())
    keys = keyring.read_keys(settings.keys, settings.layout) if imported else keyring.fresh_keys()
    if keys.published and not profile.test:
        raise Invalid("nfc_key_published", place="key_file")
    return ProfileVersion(
        organisation=actor.organisation,
        profile_id=profile.id,
        version=profile.version,
        layout=keyring.stored_layout(settings.layout),
        slots={
            "app": settings.slots.app,
            "meta": settings.slots.meta,
            "file": settings.slots.file,
        },
        system=_system(settings, profile.public_id),
        keys=keyring.sealed(keys),
        checks=keys.checks,
        source=KeySource.IMPORTED if imported else KeySource.GENERATED,
        created_at=clock.now(),
        created_by=actor.name,
    )


def _system(settings: Settings, public_id: str) -> str:
    """Return the system identifier in hex; the profile's public id unless another is given."""
    if not settings.diversified:
        return ""
    text = "".join(settings.system.split())
    if not text:
        return public_id.encode().hex().upper()
    try:
        system = bytes.fromhex(text) if text.isascii() else b""
    except ValueError:
        system = b""
    if not 1 <= len(system) <= LONGEST_SYSTEM:
        raise Invalid("nfc_system", place="system", most=LONGEST_SYSTEM)
    return system.hex().upper()


def _public_id() -> str:
    """Return an address that nobody can guess: 50 random bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(PUBLIC_ID_LENGTH)).lower()


def _audit(actor: Actor, action: str, profile: KeyProfile, version: ProfileVersion) -> None:
    actor.audit(
        action,
        kind="nfc_profile",
        object_id=profile.public_id,
        changes={
            "name": [None, profile.name],
            "version": [None, version.version],
            "source": [None, version.source],
            "mode": [None, version.layout["mode"]],
            "diversified": [None, bool(version.system)],
            "test": [None, profile.test],
        },
    )
