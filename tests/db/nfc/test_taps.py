"""Each verdict on a tap, and that a message is genuine once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from suyuan.carriers.services import bind, release
from suyuan.core.nfc.layout import Layout, MacInput, Mirror, Mode, SealAt
from suyuan.core.nfc.seal import Seal
from suyuan.core.nfc.sun import HIGHEST_COUNTER
from suyuan.kernel import clock
from suyuan.kernel.errors import SuyuanError
from suyuan.masterdata.services import create_product
from suyuan.nfc.models import Chip
from suyuan.nfc.services import Settings, new_version, revoke_version
from suyuan.nfc.taps import is_tap
from suyuan.tenancy.actor import Actor
from suyuan.verification.facts import product_facts
from suyuan.verification.models import Scan
from suyuan.verification.selectors import times_seen
from suyuan.verification.taps import verify_door_tap
from suyuan.verification.values import Verdict
from tests.nfc_world import Chips, profile_of, vector_profile
from tests.scan_world import ANN, BEN, CASE, LOT, Goods
from tests.unit.nfc import vectors

pytestmark = pytest.mark.django_db
_START = datetime.fromisoformat("2026-03-02T04:30:00+00:00")


def test_a_tapped_link_is_genuine_once_and_a_replay_the_second_time(chips: Chips) -> None:
    message = chips.on_item().tap()
    first = chips.ask(message)
    assert first.verdict is Verdict.TAP_GENUINE
    assert first.history is not None
    assert first.lot == LOT
    assert chips.ask(message, seen_by=BEN).verdict is Verdict.TAP_REPLAYED


def test_published_vectors_give_the_verdicts_in_a_test_organisation(
    goods: Goods, actor: Actor
) -> None:
    layout = Layout(file_bytes=16, mac_input=MacInput.FILE)
    profile = vector_profile(actor, vectors.FILE, layout)
    bind(actor=actor, kind="nfc", value=vectors.FILE["uid"], unit=goods.link())
    chips = Chips(goods, actor, profile)
    message = {
        "picc_data": vectors.FILE["picc_data"],
        "enc": vectors.FILE["enc"],
        "cmac": vectors.FILE["mac"],
    }
    assert chips.ask(message | {"cmac": vectors.WRONG_MAC}).verdict is Verdict.TAP_INVALID
    assert chips.ask(message).verdict is Verdict.TAP_GENUINE
    assert chips.ask(message, seen_by=BEN).verdict is Verdict.TAP_REPLAYED
    assert Chip.objects.get().counter == vectors.FILE["counter"]


def test_the_vector_of_lrp_mode_gives_the_verdicts_too(goods: Goods, actor: Actor) -> None:
    profile = vector_profile(actor, vectors.LRP, Layout(mode=Mode.LRP))
    bind(actor=actor, kind="nfc", value=vectors.LRP["uid"], unit=goods.link())
    message = {"picc_data": vectors.LRP["picc_data"], "cmac": vectors.LRP["mac"]}
    chips = Chips(goods, actor, profile)
    assert chips.at_door(message).found.verdict is Verdict.TAP_GENUINE
    assert chips.at_door(message, seen_by=BEN).found.verdict is Verdict.TAP_REPLAYED


@pytest.mark.parametrize(
    "layout",
    [
        Layout(mirror=Mirror.PLAIN, mac_input=MacInput.PICC),
        Layout(file_bytes=16, mac_input=MacInput.PICC, bulk=True, picc_name="e"),
        Layout(mac_input=MacInput.PICC, seal=SealAt.PLAIN),
    ],
)
def test_every_layout_gives_the_verdicts(goods: Goods, actor: Actor, layout: Layout) -> None:
    profile = profile_of(actor, **{name: getattr(layout, name) for name in layout.__slots__})
    chips = Chips(goods, actor, profile)
    message = chips.on_item().tap()
    assert chips.ask(message).verdict is Verdict.TAP_GENUINE
    assert chips.ask(message, seen_by=BEN).verdict is Verdict.TAP_REPLAYED


@pytest.mark.parametrize("used", [3, 4, 0])
def test_a_counter_that_does_not_rise_is_a_replay(chips: Chips, used: int) -> None:
    chip = chips.on_item()
    assert chips.ask(chip.tap(4)).verdict is Verdict.TAP_GENUINE
    assert chips.ask(chip.tap(used), seen_by=BEN).verdict is Verdict.TAP_REPLAYED
    assert Chip.objects.get().counter == 4
    assert chips.ask(chip.tap(5)).verdict is Verdict.TAP_GENUINE


def test_a_counter_does_not_wrap_round(chips: Chips) -> None:
    chip = chips.on_item()
    assert chips.ask(chip.tap(HIGHEST_COUNTER)).verdict is Verdict.TAP_GENUINE
    for counter in (0, 1):
        assert chips.ask(chip.tap(counter), seen_by=BEN).verdict is Verdict.TAP_REPLAYED


def test_the_first_reading_of_a_chip_may_have_the_counter_nought(chips: Chips) -> None:
    assert chips.ask(chips.on_item().tap(0)).verdict is Verdict.TAP_GENUINE


def test_messages_that_were_skipped_are_worth_nothing_afterwards(chips: Chips) -> None:
    chip = chips.on_item()
    early, late = chip.tap(), chip.tap()
    assert chips.ask(late).verdict is Verdict.TAP_GENUINE
    assert chips.ask(early).verdict is Verdict.TAP_REPLAYED


def test_the_same_device_is_told_kindly_but_not_genuine_when_it_loads_again(chips: Chips) -> None:
    message = chips.on_item().tap()
    with clock.held_at(_START):
        chips.ask(message)
    with clock.held_at(_START + timedelta(minutes=3)):
        again = chips.ask(message)
        other = chips.ask(message, seen_by=BEN)
    with clock.held_at(_START + timedelta(minutes=30)):
        late = chips.ask(message)
    assert again.verdict is other.verdict is late.verdict is Verdict.TAP_REPLAYED
    assert again.tap is not None
    assert again.tap.checked_at == _START
    assert other.tap is not None
    assert other.tap.checked_at is None
    assert late.tap is not None
    assert late.tap.checked_at is None


def test_midnight_does_not_make_a_reload_a_copied_link(chips: Chips) -> None:
    message = chips.on_item().tap()
    with clock.held_at(datetime.fromisoformat("2026-03-02T23:58:00+00:00")):
        chips.ask(message)
    with clock.held_at(datetime.fromisoformat("2026-03-03T00:02:00+00:00")):
        again = chips.ask(message)
    assert again.tap is not None
    assert again.tap.checked_at is not None


@pytest.mark.parametrize(
    "change",
    [
        {"cmac": "0123456789ABCDEF"},
        {"cmac": ""},
        {"picc_data": "00" * 16},
        {"picc_data": "AB" * 10},
        {"picc_data": "xyz"},
        {"picc_data": "A" * 5000},
    ],
)
def test_a_changed_message_is_invalid_and_uses_no_counter(
    chips: Chips, change: Mapping[str, str]
) -> None:
    message = chips.on_item().tap()
    found = chips.ask({**message, **change})
    assert found.verdict is Verdict.TAP_INVALID
    assert found.history is None
    assert chips.ask(message).verdict is Verdict.TAP_GENUINE


def test_a_chip_that_is_on_no_goods_is_unknown_and_its_message_used_up(chips: Chips) -> None:
    chip = chips.make()
    message = chip.tap()
    assert chips.ask(message).verdict is Verdict.TAP_UNKNOWN
    chips.bind(chip)
    assert chips.ask(message, seen_by=BEN).verdict is Verdict.TAP_REPLAYED
    assert chips.ask(chip.tap()).verdict is Verdict.TAP_GENUINE


def test_a_chip_whose_binding_ended_is_unknown(chips: Chips) -> None:
    chip = chips.on_item()
    release(actor=chips.actor, kind="nfc", value=chip.name, reason="damaged")
    assert chips.ask(chip.tap()).verdict is Verdict.TAP_UNKNOWN


def test_the_chip_of_another_item_does_not_match(chips: Chips) -> None:
    chip = chips.on_item(0)
    found = chips.ask(chip.tap(), 1)
    assert found.verdict is Verdict.TAP_MISMATCH
    assert found.history is None
    assert found.lot == ""


def test_at_the_door_the_chip_says_which_item_it_is_on(chips: Chips) -> None:
    message = chips.on_item(2).tap()
    tapped = chips.at_door(message)
    assert tapped.facts is not None
    assert tapped.found.verdict is Verdict.TAP_GENUINE
    assert tapped.found.serial == chips.goods.serials[2]
    assert chips.at_door(message, seen_by=BEN).found.verdict is Verdict.TAP_REPLAYED


def test_at_the_door_a_chip_without_goods_says_no_more_than_what_it_is_worth(chips: Chips) -> None:
    tapped = chips.at_door(chips.make().tap())
    assert tapped.facts is None
    assert tapped.found.verdict is Verdict.TAP_UNKNOWN
    assert chips.at_door({"cmac": "00"}).found.verdict is Verdict.TAP_INVALID


def test_at_the_door_a_chip_on_a_case_tells_nothing_of_what_is_inside(chips: Chips) -> None:
    chip = chips.make()
    bind(actor=chips.actor, kind="nfc", value=chip.name, unit=CASE)
    tapped = chips.at_door(chip.tap())
    assert (tapped.facts, tapped.found.history) == (None, None)
    assert tapped.found.verdict is Verdict.TAP_GENUINE
    assert Scan.objects.get().code == CASE.rpartition("/")[2]


def test_an_unknown_door_is_none(goods: Goods) -> None:
    for public_id in ("", "nothere000", "x" * 500, "\0" * 10):
        assert verify_door_tap(public_id=public_id, parameters={}, seen_by=ANN) is None


def test_a_recalled_item_is_recalled_first_and_its_chip_told_beside(chips: Chips) -> None:
    chip = chips.on_item()
    chips.goods.mark("recalled", chips.goods.link())
    message = chip.tap()
    found = chips.ask(message)
    assert found.verdict is Verdict.RECALLED
    assert found.tap is not None
    assert found.tap.verdict is Verdict.TAP_GENUINE
    invalid = chips.ask(message | {"cmac": "00" * 8})
    assert invalid.verdict is Verdict.RECALLED
    assert invalid.tap is not None
    assert invalid.tap.verdict is Verdict.TAP_INVALID


def test_goods_that_were_not_activated_are_that_unless_the_chip_is_wrong(chips: Chips) -> None:
    facts = product_facts(chips.goods.gtin)
    assert facts is not None
    unused = replace(chips.goods, serials=chips.goods.unused)
    waiting = Chips(unused, chips.actor, chips.profile)
    message = waiting.on_item().tap()
    assert waiting.ask(message | {"cmac": "00" * 8}).verdict is Verdict.TAP_INVALID
    assert waiting.ask(message).verdict is Verdict.NOT_ACTIVATED


def test_a_serial_that_was_never_issued_is_that_whatever_the_chip(chips: Chips) -> None:
    invented = replace(chips.goods, serials=["ABCDEFGHJKMNPQ"])
    found = Chips(invented, chips.actor, chips.profile).ask(chips.on_item().tap())
    assert found.verdict is Verdict.NEVER_ISSUED
    assert found.tap is not None
    assert found.tap.verdict is Verdict.TAP_MISMATCH


def test_the_seal_is_told_and_an_opening_is_remembered(goods: Goods, actor: Actor) -> None:
    profile = profile_of(actor, mac_input=MacInput.FILE, file_bytes=16, seal=SealAt.FILE)
    chips = Chips(goods, actor, profile)
    chip = chips.on_item()
    intact = chips.ask(chip.tap()).tap
    assert intact is not None
    assert (intact.seal, intact.opened_at, intact.broken) == (Seal.INTACT, None, False)
    chip.status = "OO"
    with clock.held_at(_START):
        opened = chips.ask(chip.tap()).tap
    assert opened is not None
    assert (opened.seal, opened.opened_at, opened.broken) == (Seal.OPEN, _START, True)
    chip.status = "OC"
    mended = chips.ask(chip.tap()).tap
    assert mended is not None
    assert (mended.seal, mended.opened_at) == (Seal.OPENED, _START)
    stored = Chip.objects.get()
    assert (stored.seal, stored.opened_at) == ("opened", _START)


def test_an_opening_stays_known_even_if_a_later_message_says_intact(
    goods: Goods, actor: Actor
) -> None:
    profile = profile_of(actor, mac_input=MacInput.PICC, seal=SealAt.PLAIN)
    chips = Chips(goods, actor, profile)
    chip = chips.on_item()
    chip.status = "OO"
    chips.ask(chip.tap())
    chip.status = "CC"
    tap = chips.ask(chip.tap()).tap
    assert tap is not None
    assert tap.broken


def test_an_old_message_does_not_say_that_the_seal_is_intact(goods: Goods, actor: Actor) -> None:
    profile = profile_of(actor, mac_input=MacInput.PICC, seal=SealAt.PLAIN)
    chips = Chips(goods, actor, profile)
    message = chips.on_item().tap()
    chips.ask(message)
    replayed = chips.ask(message, seen_by=BEN).tap
    assert replayed is not None
    assert replayed.seal is None


def test_a_loop_that_was_not_measured_is_not_remembered(goods: Goods, actor: Actor) -> None:
    profile = profile_of(actor, mac_input=MacInput.PICC, seal=SealAt.PLAIN)
    chips = Chips(goods, actor, profile)
    chip = chips.on_item()
    chip.status = "II"
    tap = chips.ask(chip.tap()).tap
    assert tap is not None
    assert tap.seal is Seal.UNKNOWN
    assert Chip.objects.get().seal == ""


def test_a_look_that_does_not_count_uses_nothing_and_is_never_genuine(chips: Chips) -> None:
    message = chips.on_item().tap()
    ahead = replace(ANN, counts=False)
    assert chips.ask(message, seen_by=ahead).verdict is Verdict.TAP_REPLAYED
    assert chips.at_door(message, seen_by=ahead).found.verdict is Verdict.TAP_REPLAYED
    assert not Chip.objects.exists()
    assert not Scan.objects.exists()
    assert chips.ask(message).verdict is Verdict.TAP_GENUINE


def test_taps_are_written_down_and_genuine_ones_counted(chips: Chips) -> None:
    chip = chips.on_item()
    first = chips.ask(chip.tap())
    chips.ask(chip.tap())
    chips.ask(chip.made[0], seen_by=BEN)
    chips.ask(chip.made[0] | {"cmac": "00" * 8}, seen_by=BEN)
    told = list(Scan.objects.order_by("id").values_list("verdict", flat=True))
    assert told == ["tap_genuine", "tap_genuine", "tap_replayed", "tap_invalid"]
    assert first.key is not None
    assert times_seen(chips.actor.organisation_id, first.key) == 1, "one visit of one device"
    assert Chip.objects.get().taps == 2


def test_other_organisations_keys_verify_nothing_here(
    chips: Chips, other_actor: Actor, goods: Goods
) -> None:
    theirs = Chips(goods, other_actor, profile_of(other_actor, "theirs"))
    chip = theirs.make()
    chips.bind(chip)
    assert chips.ask(chip.tap()).verdict is Verdict.TAP_INVALID
    assert not is_tap(other_actor.organisation_id, {"lang": "en"})
    door = theirs.at_door(chips.on_item(1).tap())
    assert door.found.verdict is Verdict.TAP_INVALID


def test_a_chip_of_another_profile_with_the_same_keys_is_not_of_this_one(
    goods: Goods, actor: Actor
) -> None:
    one = Chips(goods, actor, vector_profile(actor, vectors.PICC, Layout()))
    message = {"picc_data": vectors.PICC["picc_data"], "cmac": vectors.PICC["mac"]}
    assert one.at_door(message).found.verdict is Verdict.TAP_UNKNOWN
    one.profile.name = "moved"
    one.profile.save(update_fields=["name"])
    two = Chips(goods, actor, vector_profile(actor, vectors.PICC, Layout()))
    assert two.at_door(message, seen_by=BEN).found.verdict is Verdict.TAP_INVALID
    assert one.at_door(message, seen_by=BEN).found.verdict is Verdict.TAP_UNKNOWN


def test_new_keys_leave_old_chips_genuine_until_the_old_keys_are_revoked(chips: Chips) -> None:
    old = chips.on_item(0)
    public_id = chips.profile.public_id
    new_version(actor=chips.actor, public_id=public_id, settings=Settings())
    new = chips.make(version=2)
    chips.bind(new, 1)
    assert chips.ask(old.tap()).verdict is Verdict.TAP_GENUINE
    assert chips.ask(new.tap(), 1).verdict is Verdict.TAP_GENUINE
    revoke_version(actor=chips.actor, public_id=public_id, version=1)
    assert chips.ask(old.tap()).verdict is Verdict.TAP_INVALID
    assert chips.ask(new.tap(), 1).verdict is Verdict.TAP_GENUINE


def test_a_link_under_keys_that_are_all_revoked_stays_a_tap(chips: Chips) -> None:
    message = chips.on_item().tap()
    revoke_version(actor=chips.actor, public_id=chips.profile.public_id, version=1)
    assert is_tap(chips.actor.organisation_id, message)
    assert chips.ask(message).verdict is Verdict.TAP_INVALID
    assert chips.at_door(message).found.verdict is Verdict.TAP_INVALID


def test_a_chip_that_was_encoded_anew_counts_anew_and_its_old_keys_are_past(chips: Chips) -> None:
    chip = chips.on_item()
    assert chips.ask(chip.tap(500)).verdict is Verdict.TAP_GENUINE
    new_version(actor=chips.actor, public_id=chips.profile.public_id, settings=Settings())
    anew = chips.make(version=2, uid=chip.uid)
    assert chips.ask(anew.tap(1)).verdict is Verdict.TAP_GENUINE
    assert chips.ask(chip.tap(501)).verdict is Verdict.TAP_INVALID
    assert Chip.objects.get().key_version == 2


def test_guessing_macs_runs_into_the_limit_and_real_taps_do_not(
    chips: Chips, held_clock: datetime
) -> None:
    chip = chips.on_item()
    wrong = chip.tap() | {"cmac": "00" * 8}
    for _ in range(60):
        chips.ask(wrong)
    with pytest.raises(SuyuanError) as caught:
        chips.ask(wrong)
    assert caught.value.code == "too_many_asked"
    assert chips.ask(chip.tap()).verdict is Verdict.TAP_GENUINE


def test_a_product_that_another_organisation_answers_for_is_not_shown_at_the_door(
    chips: Chips, other_actor: Actor
) -> None:
    create_product(actor=other_actor, gtin="09521234000020", name_zh="海盐", granularity="item")
    tapped = chips.at_door(chips.on_item().tap())
    assert tapped.organisation == chips.actor.organisation
