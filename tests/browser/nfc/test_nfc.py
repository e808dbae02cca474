"""Chips in a browser: from keys to a tap, and pages for everybody."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page

from suyuan.core.nfc import ndef
from suyuan.core.nfc.layout import MacInput, SealAt
from suyuan.nfc.models import Chip, KeyProfile
from suyuan.tenancy.rights import Role
from tests.browser.conftest import OpenPage, Violations
from tests.nfc_world import Chips, profile_of
from tests.scan_world import Goods

APP = "/app/mingqian/nfc"

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def _verdict(page: Page) -> str:
    return page.locator("#verdict-title").inner_text()


def test_a_brand_writes_chips_and_a_consumer_taps_one(
    open_page: OpenPage, goods: Goods, tmp_path: Path
) -> None:
    page = open_page(f"{APP}/", role=Role.OWNER)
    page.get_by_role("link", name="新建密钥配置").first.click()
    page.get_by_label("名称", exact=True).fill("茶罐封签")
    page.get_by_label("封口状态", exact=True).select_option("file")
    page.get_by_role("button", name="建立配置").click()
    assert page.locator("h1").inner_text() == "茶罐封签"

    with page.expect_download() as download:
        page.get_by_label("数量", exact=True).fill("4")
        page.get_by_label("码单", exact=True).select_option(index=1)
        page.get_by_role("button", name="下载表格（CSV）").click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    assert [row["serial"] for row in rows] == goods.serials
    (url,) = ndef.records_in(ndef.from_file(bytes.fromhex(rows[0]["ndef_file"])))
    assert str(url).partition("?")[0].endswith(goods.path())

    chips = Chips(goods, goods.actor, KeyProfile.objects.get())
    chip = chips.make()
    report = tmp_path / "report.csv"
    report.write_text(f"uid,link\n{chip.name},{url}\n", encoding="utf-8")
    page.get_by_role("link", name="上传写码回报").click()
    page.get_by_label("写码设备的文件").set_input_files(report)
    page.get_by_role("button", name="登记全部").click()
    assert page.get_by_role("link", name=chip.name).is_visible()

    tapped = chips.path(chip.tap())
    consumer = open_page(tapped, phone=True, agent="Ann's phone")
    assert _verdict(consumer) == "正品：芯片验证通过"
    assert consumer.locator("#chip").get_by_text("从未打开").is_visible()
    consumer.reload()
    assert _verdict(consumer) == "这次碰一碰您已验证过"
    consumer.get_by_role("link", name="English").click()
    assert _verdict(consumer) == "You have checked this tap already"
    stranger = open_page(tapped, phone=True, agent="Ben's phone", language="en")
    assert _verdict(stranger) == "Used link: tap again"

    page.get_by_role("link", name=chip.name).click()
    assert page.get_by_text("芯片正品").is_visible()
    assert page.get_by_text("重复使用的碰读").first.is_visible()


def test_a_link_is_tried_and_keys_are_revoked(open_page: OpenPage, chips: Chips) -> None:
    chip = chips.on_item()
    page = open_page(f"{APP}/test/", role=Role.OWNER)
    page.get_by_label("碰一碰得到的链接").fill(f"https://t.example{chips.path(chip.tap())}")
    page.get_by_role("button", name="测试").click()
    assert page.get_by_text("验证通过，未用过").is_visible()
    assert page.get_by_text(chip.name).first.is_visible()
    page.get_by_role("link", name=chips.profile.name).first.click()
    page.get_by_role("button", name="吊销第 1 版").click()
    page.locator("#revoke-dialog").get_by_role("button", name="吊销").click()
    page.get_by_text("第 1 版密钥已吊销。").wait_for()
    assert _verdict(open_page(chips.path(chip.made[0]), phone=True)) == "芯片未通过验证"
    assert not Chip.objects.filter(taps__gt=0).exists()


@pytest.mark.parametrize("phone", [False, True])
def test_pages_are_accessible(
    open_page: OpenPage, violations: Violations, chips: Chips, *, phone: bool
) -> None:
    chip = chips.on_item()
    chips.ask(chip.tap())
    profile = f"profiles/{chips.profile.public_id}"
    found: dict[str, list[str]] = {}
    for path in (
        "",
        f"chips/{chip.name}/",
        "profiles/",
        "profiles/new/",
        f"{profile}/",
        f"{profile}/keys/",
        f"{profile}/report/",
        f"{profile}/archive/",
        "plain/",
        "test/",
    ):
        page = open_page(f"{APP}/{path}", role=Role.OWNER, phone=phone)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if faults := violations(page):
            found[path] = faults
    assert found == {}


def test_what_a_consumer_sees_of_a_tap_is_accessible(
    open_page: OpenPage, violations: Violations, goods: Goods
) -> None:
    profile = profile_of(goods.actor, file_bytes=16, mac_input=MacInput.FILE, seal=SealAt.FILE)
    chips = Chips(goods, goods.actor, profile)
    chip = chips.on_item()
    intact = chips.path(chip.tap())
    chip.status = "OO"
    paths = [
        intact,
        intact,
        chips.path(chip.tap()),
        chips.path(chip.tap() | {"cmac": "0" * 16}),
        chips.path(chip.tap(), 1),
        chips.door(chips.make().tap()),
    ]
    for path in paths:
        page = open_page(path, phone=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert violations(page) == [], _verdict(page)
