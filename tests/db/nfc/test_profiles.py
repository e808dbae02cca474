"""Profiles: keys go in, are told from others, and do not come out."""

from __future__ import annotations

import io
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import pyzipper
from django.db import connection

from suyuan.core.nfc.diversify import diversify
from suyuan.core.nfc.layout import Layout, MacInput, Mirror
from suyuan.core.nfc.template import Slots
from suyuan.kernel.errors import Forbidden, Invalid, NotFound, SuyuanError
from suyuan.nfc import selectors
from suyuan.nfc.errors import ProfileNameTaken, VersionRevoked
from suyuan.nfc.keys import MOST_VERSIONS, forget, open_versions, unsealed
from suyuan.nfc.models import KeyProfile, ProfileVersion, TapDoor
from suyuan.nfc.services import (
    Settings,
    create_profile,
    key_archive,
    new_version,
    rename_profile,
    revoke_version,
    try_link,
)
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from suyuan.tenancy.rights import Right
from tests.nfc_world import ZERO_KEY, Chips, profile_of, vector_profile
from tests.unit.nfc import vectors

pytestmark = pytest.mark.django_db

_KEYS = {
    "key_meta": "0F1E2D3C4B5A69788796A5B4C3D2E1F0",
    "key_file": "F0E1D2C3B4A5968778695A4B3C2D1E0F",
    "key_app": "A1B2C3D4E5F60718293A4B5C6D7E8F90",
}
_UIDS = "04A1B2C3D4E5F6\n04:11:22:33:44:55:66\n"


def test_a_profile_has_an_address_that_leads_to_its_organisation(actor: Actor) -> None:
    profile = profile_of(actor)
    found = selectors.door(profile.public_id)
    assert found is not None
    assert (found[0], found[1]) == (actor.organisation, profile.id)
    assert len(profile.public_id) == 10
    assert TapDoor.objects.get().public_id == profile.public_id


def test_made_keys_are_random_sealed_and_told_apart(actor: Actor) -> None:
    one, two = profile_of(actor, "one"), profile_of(actor, "two")
    rows = [selectors.get_version(actor.organisation_id, p.public_id, 1) for p in (one, two)]
    keys = [unsealed(row.keys) for row in rows]
    every = {key for own in keys for key in (own.meta, own.file, own.app)}
    assert len(every) == 6
    for row, own in zip(rows, keys, strict=True):
        assert own.file not in bytes(row.keys)
        assert set(row.checks) == {"app", "meta", "file"}
    assert rows[0].checks != rows[1].checks


def test_imported_keys_are_taken_as_they_are(actor: Actor) -> None:
    profile = create_profile(actor=actor, name="x", settings=Settings(keys=_KEYS))
    row = selectors.get_version(actor.organisation_id, profile.public_id, 1)
    assert unsealed(row.keys).file.hex().upper() == _KEYS["key_file"]
    assert row.source == "imported"
    (opened,) = open_versions(actor.organisation_id)
    assert opened.keys.meta.hex().upper() == _KEYS["key_meta"]


def test_a_master_key_may_stay_with_its_owner(actor: Actor) -> None:
    keys = {**_KEYS, "key_app": ""}
    profile = create_profile(actor=actor, name="x", settings=Settings(keys=keys))
    row = selectors.get_version(actor.organisation_id, profile.public_id, 1)
    assert unsealed(row.keys).app == b""
    assert set(row.checks) == {"meta", "file"}


def test_a_plain_mirror_needs_no_meta_key(actor: Actor) -> None:
    layout = Layout(mirror=Mirror.PLAIN, mac_input=MacInput.PICC)
    keys = {"key_file": _KEYS["key_file"]}
    profile = create_profile(actor=actor, name="x", settings=Settings(layout=layout, keys=keys))
    assert profile.version == 1


@pytest.mark.parametrize(
    ("keys", "code", "place"),
    [
        ({"key_meta": _KEYS["key_meta"]}, "required", "key_file"),
        ({"key_file": _KEYS["key_file"]}, "required", "key_meta"),
        ({**_KEYS, "key_file": "F0E1"}, "nfc_key_hex", "key_file"),
        ({**_KEYS, "key_app": "zz" * 16}, "nfc_key_hex", "key_app"),
        ({**_KEYS, "key_meta": "１" * 32}, "nfc_key_hex", "key_meta"),
        ({"key_meta": ZERO_KEY, "key_file": ZERO_KEY}, "nfc_key_published", "key_file"),
        ({**_KEYS, "key_file": vectors.BULK["k_file"]}, "nfc_key_published", "key_file"),
    ],
)
def test_faulty_keys_are_refused_without_being_told(
    actor: Actor, keys: dict[str, str], code: str, place: str
) -> None:
    with pytest.raises(Invalid) as caught:
        create_profile(actor=actor, name="x", settings=Settings(keys=keys))
    assert (caught.value.code, caught.value.place) == (code, place)
    told = repr(caught.value) + repr(caught.value.data)
    assert not any(key and key in told for key in keys.values())
    assert not KeyProfile.objects.exists()


def test_published_keys_are_taken_by_a_profile_for_tests_alone(actor: Actor) -> None:
    profile = vector_profile(actor, vectors.PICC, Layout())
    assert profile.test


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (Settings(layout=Layout(file_bytes=16)), "layout_file_uncovered"),
        (Settings(layout=Layout(mac_name="x y")), "layout_name"),
        (Settings(slots=Slots(app=2)), "slots_alike"),
        (Settings(slots=Slots(file=9)), "slot_number"),
        (Settings(system="zz"), "nfc_system"),
        (Settings(system="AB" * 25), "nfc_system"),
    ],
)
def test_settings_that_no_chip_takes_are_refused(
    actor: Actor, settings: Settings, code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        create_profile(actor=actor, name="x", settings=settings)
    assert caught.value.code == code
    assert caught.value.place


def test_two_profiles_cannot_have_one_name(actor: Actor, other_actor: Actor) -> None:
    profile_of(actor, "x")
    with pytest.raises(ProfileNameTaken):
        profile_of(actor, "x")
    other = profile_of(actor, "y")
    with pytest.raises(ProfileNameTaken):
        rename_profile(actor=actor, public_id=other.public_id, name="x")
    assert rename_profile(actor=actor, public_id=other.public_id, name="z").name == "z"
    assert profile_of(other_actor, "x").name == "x"


def test_another_organisations_profile_is_not_there(actor: Actor, other_actor: Actor) -> None:
    public_id = profile_of(actor).public_id
    for act in (
        lambda: selectors.get_profile(other_actor.organisation_id, public_id),
        lambda: new_version(actor=other_actor, public_id=public_id, settings=Settings()),
        lambda: revoke_version(actor=other_actor, public_id=public_id, version=1),
        lambda: rename_profile(actor=other_actor, public_id=public_id, name="mine"),
        lambda: key_archive(
            actor=other_actor, public_id=public_id, uids=_UIDS, passphrase="kettle and leaves"
        ),
    ):
        with pytest.raises(NotFound):
            act()


def test_keys_are_a_right_of_their_own(actor: Actor) -> None:
    public_id = profile_of(actor).public_id
    rights = frozenset(Right) - {Right.CARRIERS_KEYS}
    weak = Actor(organisation=actor.organisation, name="user:x", rights=rights)
    for act in (
        lambda: create_profile(actor=weak, name="y", settings=Settings()),
        lambda: new_version(actor=weak, public_id=public_id, settings=Settings()),
        lambda: revoke_version(actor=weak, public_id=public_id, version=1),
        lambda: rename_profile(actor=weak, public_id=public_id, name="y"),
        lambda: key_archive(actor=weak, public_id=public_id, uids=_UIDS, passphrase="x" * 12),
        lambda: try_link(actor=weak, link="?a=b"),
    ):
        with pytest.raises(Forbidden):
            act()


def test_no_key_is_written_into_the_audit_trail_or_the_log(
    actor: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    settings = Settings(keys=_KEYS)
    profile = create_profile(actor=actor, name="x", settings=settings)
    new_version(actor=actor, public_id=profile.public_id, settings=settings)
    key_archive(
        actor=actor, public_id=profile.public_id, uids=_UIDS, passphrase="kettle and leaves"
    )
    told = json.dumps([list(AuditEntry.objects.values_list("changes", flat=True))], default=str)
    told += repr(settings)
    # What SQL carries is sealed; the log of statements holds no key either.
    told += " ".join(record.getMessage() for record in caplog.records)
    for key in _KEYS.values():
        assert key not in told.upper()
    assert "kettle" not in told
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"nfc.create_profile", "nfc.new_version", "nfc.key_archive"} <= actions


def test_revoking_is_done_once(actor: Actor) -> None:
    public_id = profile_of(actor).public_id
    first = revoke_version(actor=actor, public_id=public_id, version=1)
    again = revoke_version(actor=actor, public_id=public_id, version=1)
    assert first.revoked_at == again.revoked_at
    assert AuditEntry.objects.filter(action="nfc.revoke_version").count() == 1
    with pytest.raises(NotFound):
        revoke_version(actor=actor, public_id=public_id, version=2)
    assert open_versions(actor.organisation_id) == []


def test_opened_keys_are_remembered_but_a_revocation_shows_at_once(
    actor: Actor, django_assert_num_queries: object
) -> None:
    public_id = profile_of(actor).public_id
    forget()
    open_versions(actor.organisation_id)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(open_versions(actor.organisation_id)) == 1
    revoke_version(actor=actor, public_id=public_id, version=1)
    assert open_versions(actor.organisation_id) == []


def test_a_tap_never_has_to_try_more_keys_than_the_limit(actor: Actor) -> None:
    public_id = profile_of(actor).public_id
    for _ in range(MOST_VERSIONS - 1):
        new_version(actor=actor, public_id=public_id, settings=Settings())
    with pytest.raises(Invalid) as caught:
        new_version(actor=actor, public_id=public_id, settings=Settings())
    assert caught.value.code == "nfc_too_many_versions"
    revoke_version(actor=actor, public_id=public_id, version=1)
    assert new_version(actor=actor, public_id=public_id, settings=Settings()).version == 51


def test_an_archive_holds_each_chips_own_keys_under_the_passphrase(actor: Actor) -> None:
    profile = create_profile(actor=actor, name="x", settings=Settings(keys=_KEYS))
    data = key_archive(
        actor=actor, public_id=profile.public_id, uids=_UIDS, passphrase="kettle and leaves"
    )
    with pyzipper.AESZipFile(io.BytesIO(data)) as archive:
        with pytest.raises(RuntimeError):
            archive.read("keys.csv", pwd=b"wrong wrong wrong")
        text = archive.read("keys.csv", pwd=b"kettle and leaves").decode("utf-8-sig")
    lines = [line.split(",") for line in text.split()]
    assert lines[0] == ["uid", "key_number", "use", "key_version", "key"]
    assert len(lines) == 1 + 2 * 3
    rows = {(line[0], line[2]): line[4] for line in lines[1:]}
    uid = "04A1B2C3D4E5F6"
    own = bytes.fromhex(uid) + profile.public_id.encode()
    assert rows[uid, "file"] == diversify(bytes.fromhex(_KEYS["key_file"]), own).hex().upper()
    assert rows[uid, "app"] == diversify(bytes.fromhex(_KEYS["key_app"]), own).hex().upper()
    # One meta key for all: the UID is what it hides.
    assert rows[uid, "meta"] == _KEYS["key_meta"]
    assert _KEYS["key_file"] not in text
    assert _KEYS["key_app"] not in text


@pytest.mark.parametrize(
    ("uids", "passphrase", "code"),
    [
        (_UIDS, "too short", "nfc_passphrase_short"),
        (_UIDS, "x" * 201, "too_long"),
        (" \n", "kettle and leaves", "nfc_no_rows"),
        ("04A1B2C3D4E5F6\n04A1", "kettle and leaves", "nfc_uid_line"),
        ("\n".join(f"{n:014X}" for n in range(10_001)), "kettle and leaves", "too_many_rows"),
    ],
)
def test_a_faulty_wish_for_keys_is_refused(
    actor: Actor, uids: str, passphrase: str, code: str
) -> None:
    public_id = profile_of(actor).public_id
    with pytest.raises(SuyuanError) as caught:
        key_archive(actor=actor, public_id=public_id, uids=uids, passphrase=passphrase)
    assert caught.value.code == code
    assert not AuditEntry.objects.filter(action="nfc.key_archive").exists()


def test_revoked_keys_are_not_handed_out(actor: Actor) -> None:
    public_id = profile_of(actor).public_id
    revoke_version(actor=actor, public_id=public_id, version=1)
    with pytest.raises(VersionRevoked):
        key_archive(actor=actor, public_id=public_id, uids=_UIDS, passphrase="kettle and leaves")


def test_a_link_is_tried_step_by_step_without_being_used(chips: Chips) -> None:
    chip = chips.on_item()
    message = chip.tap()
    link = f"https://example.com{chips.path(message)}"
    try_link(actor=chips.actor, link=link)
    attempt = try_link(actor=chips.actor, link=link)[0]
    assert (attempt.code, attempt.uid, attempt.used) == ("", chip.name, False)
    assert attempt.reading is not None
    assert attempt.reading.counter == 1
    chips.ask(message)
    assert try_link(actor=chips.actor, link=link)[0].used


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("https://example.com/n/x?picc_data=00&cmac=00", "tap_length"),
        ("https://example.com/n/x?other=1", "tap_parameter_missing"),
        (f"?picc_data={'0' * 32}&cmac={'0' * 16}", "picc_tag"),
    ],
)
def test_a_link_that_fails_is_told_by_its_step(chips: Chips, link: str, code: str) -> None:
    attempt = try_link(actor=chips.actor, link=link)[0]
    assert attempt.code == code
    assert attempt.uid == ""


def test_a_link_under_revoked_keys_says_so(chips: Chips) -> None:
    message = chips.on_item().tap()
    revoke_version(actor=chips.actor, public_id=chips.profile.public_id, version=1)
    attempt = try_link(actor=chips.actor, link=chips.path(message))[0]
    assert attempt.code == "nfc_version_revoked"
    wrong = chips.path(message | {"cmac": "00" * 8})
    assert try_link(actor=chips.actor, link=wrong)[0].code == "tap_mac_wrong"


@pytest.mark.parametrize("link", ["", "   ", "https://example.com/", "x" * 2001, "?" + "a=1&" * 40])
def test_what_is_no_link_is_refused(actor: Actor, link: str) -> None:
    with pytest.raises(Invalid) as caught:
        try_link(actor=actor, link=link)
    assert caught.value.place == "link"


@pytest.mark.django_db(transaction=True)
def test_two_rotations_at_once_make_two_versions_or_refuse_one(actor: Actor) -> None:
    public_id = profile_of(actor).public_id
    together = threading.Barrier(3)

    def rotate(_number: int) -> str:
        together.wait(timeout=20)
        try:
            new_version(actor=actor, public_id=public_id, settings=Settings())
        except SuyuanError as error:
            return error.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(3) as pool:
        codes = list(pool.map(rotate, range(3)))
    assert set(codes) <= {"", "nfc_changed_meanwhile"}
    versions = sorted(ProfileVersion.objects.values_list("version", flat=True))
    assert versions == list(range(1, 2 + codes.count("")))
    assert KeyProfile.objects.get().version == versions[-1]
