"""The consumer's page of a tap: what it says, once and again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from suyuan.core.nfc.layout import Layout, MacInput, SealAt
from suyuan.kernel import clock
from suyuan.nfc.models import Chip, LinkTo
from suyuan.nfc.services import Settings, create_profile
from suyuan.quality.models import Complaint
from suyuan.verification.models import Scan
from tests.nfc_world import Chips, profile_of
from tests.scan_world import SECRET_NAMES, Goods

pytestmark = pytest.mark.django_db
_ANN = {"HTTP_USER_AGENT": "Ann's telephone", "HTTP_ACCEPT_LANGUAGE": "en"}
_BEN = {"HTTP_USER_AGENT": "Ben's telephone", "HTTP_ACCEPT_LANGUAGE": "en"}


def _text(client: Client, path: str, who: dict[str, str] = _ANN, status: int = 200) -> str:
    response = client.get(path, **who)  # type: ignore[arg-type]
    assert response.status_code == status
    assert not response.cookies
    return response.content.decode()


def _verdict(page: str) -> str:
    found = re.search(r'<h1 id="verdict-title">(.*?)</h1>', page)
    assert found is not None
    return found[1]


def test_a_tap_is_genuine_with_the_items_journey_and_then_used_up(
    chips: Chips, client: Client
) -> None:
    path = chips.path(chips.on_item().tap())
    first = _text(client, path)
    assert _verdict(first) == "Genuine: the chip proves it"
    assert 'id="journey"' in first
    assert not any(name in first for name in SECRET_NAMES)
    second = _text(client, path, _BEN)
    assert _verdict(second) == "Used link: tap again"
    assert [scan.verdict for scan in Scan.objects.order_by("id")] == ["tap_genuine", "tap_replayed"]


def test_the_same_telephone_is_told_that_it_has_checked_this_tap(
    chips: Chips, client: Client
) -> None:
    path = chips.path(chips.on_item().tap())
    _text(client, path)
    again = _text(client, path)
    assert _verdict(again) == "You have checked this tap already"
    assert "cy-note" in again
    later = clock.now() + timedelta(hours=1)
    with clock.held_at(later):
        assert _verdict(_text(client, path)) == "Used link: tap again"


def test_the_other_language_keeps_the_tap(chips: Chips, client: Client) -> None:
    page = _text(client, chips.path(chips.on_item().tap()))
    found = re.search(r'class="cy-switch" href="([^"]+)"', page)
    assert found is not None
    switch = found[1].replace("&amp;", "&")
    assert switch.endswith("lang=zh")
    chinese = _text(client, chips.goods.path() + switch)
    assert _verdict(chinese) == "这次碰一碰您已验证过"


def test_at_the_door_the_items_page_comes(chips: Chips, client: Client) -> None:
    chip = chips.on_item(1)
    page = _text(client, chips.door(chip.tap()))
    assert _verdict(page) == "Genuine: the chip proves it"
    assert chips.goods.serials[1][:5] in page
    assert f"/01/{chips.goods.gtin}?lang=en" in page
    assert _verdict(_text(client, chips.door(chip.made[0]), _BEN)) == "Used link: tap again"


def test_at_the_door_a_chip_without_goods_has_a_page_without_goods(
    chips: Chips, client: Client
) -> None:
    page = _text(client, chips.door(chips.make().tap()))
    assert _verdict(page) == "Chip not in use"
    assert "Longjing" not in page
    assert "<form" not in page


@pytest.mark.parametrize(
    "change", [{"cmac": "0" * 16}, {"picc_data": "0" * 32}, {"cmac": "x"}, {"picc_data": "é" * 9}]
)
def test_a_wrong_signature_says_so_and_shows_the_product_as_a_claim(
    chips: Chips, client: Client, change: dict[str, str]
) -> None:
    chip = chips.on_item()
    page = _text(client, chips.path(chip.tap() | change))
    assert _verdict(page) == "Chip not genuine"
    assert "This is what the package claims to be." in page
    assert 'id="journey"' not in page
    assert _verdict(_text(client, chips.path(chip.made[0]))) == "Genuine: the chip proves it"


def test_the_chip_of_other_goods_says_so(chips: Chips, client: Client) -> None:
    page = _text(client, chips.path(chips.on_item(0).tap(), 1))
    assert _verdict(page) == "Chip of other goods"
    assert 'id="journey"' not in page


def test_leaving_parameters_out_does_not_make_a_tap_an_ordinary_scan(
    chips: Chips, client: Client
) -> None:
    message = chips.on_item().tap()
    page = _text(client, chips.path({"cmac": message["cmac"]}))
    assert _verdict(page) == "Chip not genuine"


def test_parameters_of_advertisers_are_no_tap(chips: Chips, client: Client) -> None:
    page = _text(client, chips.path({"utm_source": "wechat", "from": "timeline"}))
    assert _verdict(page) == "Genuine, first check"


def test_a_recalled_item_says_recalled_first_and_the_chip_beside(
    chips: Chips, client: Client
) -> None:
    chips.goods.mark("recalled", chips.goods.link())
    chip = chips.on_item()
    page = _text(client, chips.path(chip.tap()))
    assert _verdict(page) == "Recalled: do not use"
    assert "Genuine, a new signature" in page
    wrong = _text(client, chips.path(chip.tap() | {"cmac": "0" * 16}))
    assert _verdict(wrong) == "Recalled: do not use"
    assert "No genuine signature" in wrong


@pytest.mark.parametrize(
    ("status", "verdict", "seal"),
    [
        ("CC", "Genuine: the chip proves it", "Never opened"),
        ("OO", "Genuine chip, opened seal", "Open now"),
        ("OC", "Genuine chip, opened seal", "Opened before, closed again"),
        ("II", "Genuine: the chip proves it", "Not measured"),
    ],
)
def test_the_seal_is_told_in_words(
    goods: Goods, client: Client, status: str, verdict: str, seal: str
) -> None:
    profile = profile_of(goods.actor, file_bytes=16, mac_input=MacInput.FILE, seal=SealAt.FILE)
    chips = Chips(goods, goods.actor, profile)
    chip = chips.on_item()
    chip.status = status
    page = _text(client, chips.path(chip.tap()))
    assert _verdict(page) == verdict
    assert seal in page
    assert ("First found open" in page) is (status in {"OO", "OC"})


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
        {"HTTP_PURPOSE": "preview"},
        {"HTTP_USER_AGENT": "facebookexternalhit/1.1"},
    ],
)
def test_a_preview_does_not_use_the_tap_up(
    chips: Chips, client: Client, headers: dict[str, str]
) -> None:
    message = chips.on_item().tap()
    for path in (chips.path(message), chips.door(message)):
        page = _text(client, path, {**_ANN, **headers}, 503)
        assert "Open this page to check the chip" in page
        head = client.head(path, **_ANN)  # type: ignore[arg-type]
        assert head.status_code == 503
    assert not Chip.objects.exists()
    assert _verdict(_text(client, chips.path(message))) == "Genuine: the chip proves it"


def test_a_complaint_from_a_taps_page_is_about_its_item(chips: Chips, client: Client) -> None:
    message = chips.on_item(1).tap()
    for path in (chips.path(message, 1), chips.door(message)):
        _text(client, path)
        response = client.post(path, {"text": "The seal was open."}, **_ANN)  # type: ignore[arg-type]
        assert response.status_code == 201
        assert "Used link: tap again" in response.content.decode() or (
            "You have checked this tap already" in response.content.decode()
        )
    assert Complaint.objects.count() == 2


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/n/0123456789", 400, "Please tap the chip"),
        ("/n/0123456789?lang=en", 400, "Please tap the chip"),
        ("/n/0123456789?cmac=00", 404, "We do not know this address"),
        ("/n/?cmac=00", 404, "We do not know this address"),
        (f"/n/{'x' * 3000}?cmac=00", 404, "We do not know this address"),
        ("/n/%00%00?cmac=00", 404, "We do not know this address"),
        ("/n/a/b/c?cmac=00", 404, "We do not know this address"),
    ],
)
def test_a_door_that_is_none_says_so(
    goods: Goods, client: Client, path: str, status: int, title: str
) -> None:
    assert title in _text(client, path, _ANN, status)


def test_the_profiles_address_alone_asks_to_tap(chips: Chips, client: Client) -> None:
    page = _text(client, f"/n/{chips.profile.public_id}", _ANN, 400)
    assert "Please tap the chip" in page
    assert client.options(f"/n/{chips.profile.public_id}").status_code == 204
    assert client.put(f"/n/{chips.profile.public_id}").status_code == 405


def test_answers_to_taps_are_never_kept_by_anybody(chips: Chips, client: Client) -> None:
    response = client.get(chips.path(chips.on_item().tap()))
    assert response["Cache-Control"] == "no-store"
    assert "script" not in response["Content-Security-Policy"]
    assert response["Referrer-Policy"] == "same-origin"


def test_a_doors_link_with_everything_in_one_parameter_works(goods: Goods, client: Client) -> None:
    layout = Layout(file_bytes=16, mac_input=MacInput.PICC, bulk=True, picc_name="e")
    profile = create_profile(
        actor=goods.actor, name="b", settings=Settings(layout=layout), link_to=LinkTo.DOOR
    )
    chips = Chips(goods, goods.actor, profile)
    page = _text(client, chips.door(chips.on_item().tap()))
    assert _verdict(page) == "Genuine: the chip proves it"


def test_guesses_are_slowed_down_and_real_taps_still_answered(chips: Chips, client: Client) -> None:
    chip = chips.on_item()
    wrong = chips.path(chip.tap() | {"cmac": "0" * 16})
    with clock.held_at(clock.now()):
        for _ in range(60):
            client.get(wrong)
        refused = client.get(wrong)
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) >= 1
        assert _verdict(_text(client, chips.path(chip.tap()))) == "Genuine: the chip proves it"
