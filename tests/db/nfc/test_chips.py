"""What encoders are given and what they report back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

import pytest

from suyuan.carriers.errors import BindingsRefused
from suyuan.carriers.models import Carrier
from suyuan.core.nfc import ndef
from suyuan.core.nfc.layout import Layout, MacInput, Mode, SealAt
from suyuan.issuing.models import CodeOrder
from suyuan.issuing.selectors import get_order
from suyuan.kernel.errors import Forbidden, Invalid, NotFound, SuyuanError
from suyuan.nfc import personalisation, selectors
from suyuan.nfc.errors import VersionRevoked
from suyuan.nfc.models import Chip, LinkTo
from suyuan.nfc.services import (
    ChipRow,
    Settings,
    create_profile,
    import_chips,
    new_version,
    revoke_version,
)
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.models import AuditEntry
from suyuan.tenancy.rights import Right
from suyuan.verification.values import Verdict
from tests.nfc_world import Chips, profile_of

pytestmark = pytest.mark.django_db
_BASE = "https://t.example.com"


def _rows(chips: Chips, *uids: str) -> list[ChipRow]:
    return [
        ChipRow(number, uid, chips.goods.serials[number - 2])
        for number, uid in enumerate(uids, start=2)
    ]


def _read(stream: Iterable[bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(stream).decode("utf-8-sig"))))


def _order(chips: Chips) -> CodeOrder:
    number = CodeOrder.objects.order_by("id").values_list("number", flat=True)[0]
    return get_order(chips.actor.organisation_id, number)


def test_a_report_registers_chips_and_binds_them_to_their_items(chips: Chips) -> None:
    rows = _rows(chips, "04:a1:b2:c3:d4:e5:f6", "04 11 22 33 44 55 66")
    done = import_chips(actor=chips.actor, public_id=chips.profile.public_id, rows=rows)
    assert (done.registered, done.bound, done.unchanged) == (2, 2, 0)
    again = import_chips(actor=chips.actor, public_id=chips.profile.public_id, rows=rows)
    assert (again.registered, again.bound, again.unchanged) == (0, 0, 2)
    chip = selectors.get_chip(chips.actor.organisation_id, "04-A1-B2-C3-D4-E5-F6")
    assert (chip.uid, chip.counter, chip.key_version) == ("04A1B2C3D4E5F6", -1, 1)
    found = selectors.unit_of_uid(chips.actor.organisation_id, chip.uid)
    assert found is not None
    assert found[1].secondary == chips.goods.serials[0]
    assert AuditEntry.objects.filter(action="nfc.import_chips").count() == 2


def test_an_item_may_be_named_by_its_link_or_left_for_later(chips: Chips) -> None:
    rows = [
        ChipRow(2, "04A1B2C3D4E5F6", f"https://any.example{chips.goods.path(1)}?picc_data=00"),
        ChipRow(3, "04112233445566"),
    ]
    done = import_chips(actor=chips.actor, public_id=chips.profile.public_id, rows=rows)
    assert (done.registered, done.bound) == (2, 1)


def test_a_registered_chip_is_tapped_as_any_other(chips: Chips) -> None:
    chip = chips.make()
    rows = [ChipRow(2, chip.name, chips.goods.serials[0])]
    import_chips(actor=chips.actor, public_id=chips.profile.public_id, rows=rows)
    assert chips.ask(chip.tap()).verdict is Verdict.TAP_GENUINE
    stored = Chip.objects.get()
    assert (stored.taps, stored.counter) == (1, 1)
    assert stored.registered_at is not None


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([ChipRow(2, "04A1", "x")], {2: "chip_malformed"}),
        ([ChipRow(2, "０4A1B2C3D4E5F6", "x")], {2: "chip_malformed"}),
        ([ChipRow(2, "04A1B2C3D4E5F6"), ChipRow(3, "04a1b2c3d4e5f6")], {3: "nfc_chip_twice"}),
        ([ChipRow(2, "04A1B2C3D4E5F6", "NOSUCHSERIAL")], {2: "unit_unknown"}),
    ],
)
def test_one_faulty_row_refuses_the_whole_report(
    chips: Chips, rows: list[ChipRow], codes: dict[int, str]
) -> None:
    good = ChipRow(9, "04998877665544", chips.goods.serials[3])
    with pytest.raises(BindingsRefused) as caught:
        import_chips(actor=chips.actor, public_id=chips.profile.public_id, rows=[*rows, good])
    assert {fault.row: fault.error.code for fault in caught.value.rows} == codes
    assert not Chip.objects.exists()
    assert not Carrier.objects.exists()


def test_a_chip_of_another_profile_is_refused(chips: Chips) -> None:
    other = profile_of(chips.actor, "other")
    rows = _rows(chips, "04A1B2C3D4E5F6")
    import_chips(actor=chips.actor, public_id=other.public_id, rows=rows)
    with pytest.raises(BindingsRefused) as caught:
        import_chips(actor=chips.actor, public_id=chips.profile.public_id, rows=rows)
    assert caught.value.rows[0].error.code == "nfc_chip_other_profile"


def test_a_chip_cannot_be_reported_on_two_items(chips: Chips) -> None:
    public_id = chips.profile.public_id
    import_chips(actor=chips.actor, public_id=public_id, rows=_rows(chips, "04A1B2C3D4E5F6"))
    moved = [ChipRow(2, "04A1B2C3D4E5F6", chips.goods.serials[1])]
    with pytest.raises(BindingsRefused) as caught:
        import_chips(actor=chips.actor, public_id=public_id, rows=moved)
    assert caught.value.rows[0].error.code == "carrier_taken"


@pytest.mark.parametrize(("count", "code"), [(0, "nfc_no_rows"), (10_001, "too_many_rows")])
def test_a_report_has_rows_but_not_too_many(chips: Chips, count: int, code: str) -> None:
    rows = [ChipRow(number, f"{number:014X}") for number in range(count)]
    with pytest.raises(Invalid) as caught:
        import_chips(actor=chips.actor, public_id=chips.profile.public_id, rows=rows)
    assert caught.value.code == code


def test_reporting_needs_the_right_the_profile_and_living_keys(
    chips: Chips, other_actor: Actor
) -> None:
    rows = _rows(chips, "04A1B2C3D4E5F6")
    weak = Actor(chips.actor.organisation, "user:x", frozenset({Right.CARRIERS_VIEW}))
    public_id = chips.profile.public_id
    with pytest.raises(Forbidden):
        import_chips(actor=weak, public_id=public_id, rows=rows)
    with pytest.raises(NotFound):
        import_chips(actor=other_actor, public_id=public_id, rows=rows)
    revoke_version(actor=chips.actor, public_id=public_id, version=1)
    with pytest.raises(VersionRevoked):
        import_chips(actor=chips.actor, public_id=public_id, rows=rows)


def test_a_report_under_new_keys_begins_a_new_count(chips: Chips) -> None:
    chip = chips.on_item()
    chips.ask(chip.tap(700))
    public_id = chips.profile.public_id
    new_version(actor=chips.actor, public_id=public_id, settings=Settings())
    rows = [ChipRow(2, chip.name, chips.goods.serials[0])]
    done = import_chips(actor=chips.actor, public_id=public_id, rows=rows)
    assert (done.registered, done.bound) == (1, 0)
    stored = Chip.objects.get()
    assert (stored.key_version, stored.counter) == (2, -1)
    anew = chips.make(version=2, uid=chip.uid)
    assert chips.ask(anew.tap(1)).verdict is Verdict.TAP_GENUINE


def test_a_chip_first_met_by_its_tap_is_registered_without_losing_its_count(chips: Chips) -> None:
    chip = chips.make()
    chips.ask(chip.tap(5))
    assert Chip.objects.get().registered_at is None
    rows = [ChipRow(2, chip.name, chips.goods.serials[0])]
    done = import_chips(actor=chips.actor, public_id=chips.profile.public_id, rows=rows)
    assert (done.registered, done.bound, done.unchanged) == (1, 1, 0)
    stored = Chip.objects.get()
    assert (stored.counter, stored.registered_by) == (5, "system")


def test_chips_are_found_by_uid_item_profile_and_state(chips: Chips) -> None:
    public_id, organisation_id = chips.profile.public_id, chips.actor.organisation_id
    import_chips(actor=chips.actor, public_id=public_id, rows=_rows(chips, "04A1B2C3D4E5F6"))
    tapped = chips.on_item(1)
    chips.ask(tapped.tap(), 1)

    def found(**wanted: str) -> set[str]:
        return {chip.uid for chip in selectors.list_chips(organisation_id, **wanted)}

    both = {"04A1B2C3D4E5F6", tapped.name}
    assert found() == found(public_id=public_id) == both
    assert found(public_id="nothere") == set()
    assert found(text="d4e5f6") == {"04A1B2C3D4E5F6"}
    assert found(text="04:a1:b2:c3:d4:e5:f6") == {"04A1B2C3D4E5F6"}
    assert found(text=chips.goods.serials[1]) == {tapped.name}
    assert found(state="tapped") == found(state="unregistered") == {tapped.name}
    assert found(state="untapped") == {"04A1B2C3D4E5F6"}
    assert found(state="opened") == set()
    counts = selectors.chip_counts(organisation_id)
    assert counts == {"chips": 2, "tapped": 1, "opened": 0}
    units = selectors.units_of_chips(organisation_id, sorted(both))
    assert {unit.secondary for unit in units.values()} == set(chips.goods.serials[:2])


def test_another_organisations_chip_is_not_there(chips: Chips, other_actor: Actor) -> None:
    chip = chips.on_item()
    chips.ask(chip.tap())
    for uid in (chip.name, "04", "\0", ""):
        with pytest.raises(NotFound):
            selectors.get_chip(other_actor.organisation_id, uid)


def test_the_table_of_an_order_has_a_template_for_each_item(chips: Chips) -> None:
    order = _order(chips)
    version = selectors.get_version(chips.actor.organisation_id, chips.profile.public_id, 1)
    rows = _read(personalisation.table(version, order, first=1, count=2, base=_BASE))
    assert [row["position"] for row in rows] == ["2", "3"]
    assert [row["serial"] for row in rows] == chips.goods.serials[1:3]
    for row in rows:
        (url,) = ndef.records_in(ndef.from_file(bytes.fromhex(row["ndef_file"])))
        assert url == row["url"]
        assert row["url"].startswith(f"{_BASE}/01/{chips.goods.gtin}/21/{row['serial']}?picc_data=")
        at = int(row["picc_data_offset"])
        assert bytes.fromhex(row["ndef_file"])[at : at + 32] == b"0" * 32
        assert (row["enc_offset"], row["tamper_offset"]) == ("", "")


def test_a_profile_with_one_link_for_all_writes_the_serial_into_the_file_data(
    chips: Chips,
) -> None:
    layout = Layout(file_bytes=16, mac_input=MacInput.FILE, seal=SealAt.FILE)
    profile = create_profile(
        actor=chips.actor, name="door", settings=Settings(layout=layout), link_to=LinkTo.DOOR
    )
    version = selectors.get_version(chips.actor.organisation_id, profile.public_id, 1)
    (row,) = _read(personalisation.table(version, _order(chips), first=0, count=1, base=_BASE))
    assert row["url"].startswith(f"{_BASE}/n/{profile.public_id}?")
    at = int(row["enc_offset"])
    file = bytes.fromhex(row["ndef_file"])
    assert file[at + 2 : at + 16].decode() == chips.goods.serials[0]


def test_the_manifest_says_how_and_tells_no_key(chips: Chips) -> None:
    organisation_id, public_id = chips.actor.organisation_id, chips.profile.public_id
    version = selectors.get_version(organisation_id, public_id, 1)
    text = personalisation.manifest(version, base=_BASE)
    document = json.loads(text)
    assert document["tap_address"] == f"{_BASE}/n/{public_id}"
    assert document["diversification"]["method"] == "NXP AN10922, AES-128"
    command = bytes.fromhex(document["example"]["change_file_settings"])
    assert command[:4].hex().upper() == "905F0000"
    assert command[4] == len(command) - 6
    assert command[5] == 2
    steps = [step["step"] for step in document["steps"]]
    assert steps[0] == "read_uid"
    assert steps.index("file_settings") < steps.index("change_keys")
    from suyuan.nfc.keys import unsealed  # noqa: PLC0415

    keys = unsealed(version.keys)
    for key in (keys.meta, keys.file, keys.app):
        assert key.hex() not in text.decode().lower()


def test_a_manifest_in_lrp_mode_switches_the_chip_first(chips: Chips) -> None:
    layout = Layout(mode=Mode.LRP)
    profile = create_profile(
        actor=chips.actor, name="lrp", settings=Settings(layout=layout, diversified=False)
    )
    version = selectors.get_version(chips.actor.organisation_id, profile.public_id, 1)
    document = json.loads(personalisation.manifest(version, base=_BASE))
    assert "switch_to_lrp" in [step["step"] for step in document["steps"]]
    assert document["diversification"] == {"method": "none"}


@pytest.mark.parametrize(
    ("first", "count", "code"),
    [(0, 5, "nfc_range"), (4, 1, "nfc_range"), (-1, 1, "nfc_range"), (0, 0, "nfc_range"),
     (0, 100_001, "too_many_rows")],
)  # fmt: skip
def test_a_range_beyond_the_order_is_refused(
    chips: Chips, first: int, count: int, code: str
) -> None:
    version = selectors.get_version(chips.actor.organisation_id, chips.profile.public_id, 1)
    order = _order(chips)
    with pytest.raises(SuyuanError) as caught:
        personalisation.table(version, order, first=first, count=count, base=_BASE)
    assert caught.value.code == code
    with pytest.raises(SuyuanError):
        personalisation.plain_table(order, "ntag213", first=first, count=count, base=_BASE)


def test_nothing_is_written_with_revoked_keys_or_too_long_links(chips: Chips) -> None:
    organisation_id, public_id = chips.actor.organisation_id, chips.profile.public_id
    version = selectors.get_version(organisation_id, public_id, 1)
    long = f"https://{'x' * 200}.example.com"
    with pytest.raises(Invalid) as caught:
        personalisation.table(version, _order(chips), first=0, count=1, base=long)
    assert caught.value.code == "link_too_long"
    revoked = revoke_version(actor=chips.actor, public_id=public_id, version=1)
    with pytest.raises(VersionRevoked):
        personalisation.manifest(revoked, base=_BASE)
    with pytest.raises(VersionRevoked):
        personalisation.table(revoked, _order(chips), first=0, count=1, base=_BASE)


@pytest.mark.parametrize("chip", personalisation.PLAIN_CHIPS)
def test_a_plain_chip_gets_the_link_as_it_is(chips: Chips, chip: str) -> None:
    rows = _read(personalisation.plain_table(_order(chips), chip, first=0, count=2, base=_BASE))
    for row, serial in zip(rows, chips.goods.serials, strict=False):
        memory = bytes.fromhex(row["memory"])
        (url,) = ndef.records_in(ndef.from_memory(memory))
        assert url == f"{_BASE}/01/{chips.goods.gtin}/21/{serial}"
        assert len(memory) <= ndef.CAPACITY[chip]


def test_a_plain_chip_that_is_too_small_or_unknown_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        personalisation.plain_memory(f"{_BASE}/{'x' * 140}", "ntag213")
    assert caught.value.code == "link_too_long"
    assert personalisation.plain_memory(f"{_BASE}/{'x' * 140}", "ntag215")
    with pytest.raises(Invalid) as caught:
        personalisation.plain_memory(_BASE, "mifare")
    assert caught.value.code == "nfc_plain_chip"
